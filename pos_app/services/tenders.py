"""Tenders that need more than an amount: the printed code seen by the cashier, deposits, coupons of platforms.

Decides what is looked up before such a tender stands on a bill, and what a committed sale does to deposits and
coupons. What they are worth is `domain.deposits` and `domain.vouchers`.
"""

import msgspec

from pos_app.domain.deposits import (
    Deposit,
    DepositSpentError,
    DepositUnknownError,
    after_sale,
    check_deposit_sale,
    deposit_line,
    moves_of,
)
from pos_app.domain.receipt_codes import is_receipt_code
from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderRole, bill_end
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import LineId, MemberId, SaleId, TenderId
from pos_app.domain.values.money import Amount
from pos_app.domain.vouchers import (
    VoucherOnBillError,
    VoucherPlatform,
    VoucherUsedError,
    voucher,
    voucher_code,
)
from pos_app.services.acting import Actor
from pos_app.services.ports.store import Tx
from pos_app.services.receipt_codes import ReceiptCodes
from pos_app.services.workplace import Workplace

_MOST_LISTED = 9
"""A list of choices has a digit for each."""


class Tenders:
    """Use cases of tenders beside cash, cards and wallets. Reads only: what is given becomes durable with its sale."""

    def __init__(self, work: Workplace, codes: ReceiptCodes) -> None:
        self._codes = codes
        self._store = work.store
        self._settings = work.settings
        self._ids = work.ids

    def _tender(self, kind: TenderKind, amount: Amount, reference: str) -> Tender:
        return Tender(tender_id=TenderId(self._ids.new()), kind=kind, amount=amount, reference=reference)

    # -- the printed code ----------------------------------------------------------------------------------

    def seen(self, who: Actor, amount: Amount, text: str) -> Tender:
        """Return what a customer paid to the shop's printed code; who saw it arrive stands on it.

        `text` is the end of the bill's number in the wallet. Raises BillEndError unless it is 4 letters or digits.
        """
        tender = self._tender(TenderKind.STATIC_CODE, amount, bill_end(text))
        return msgspec.structs.replace(tender, seen_by=who.staff_id)

    # -- deposits ------------------------------------------------------------------------------------------

    def deposit_line(self, amount: Amount, purpose: str) -> CartLine:
        """Return the line that takes a deposit; raise DepositPriceError unless the amount is above zero."""
        return deposit_line(LineId(self._ids.new()), amount, purpose.strip())

    def deposits_of(self, member: MemberId | None) -> tuple[Deposit, ...]:
        """Return a member's deposits that can still pay, oldest first; of nobody there are none to be shown."""
        if member is None:
            return ()
        with self._store.read() as tx:
            return tuple(tx.deposits.of_member(member))[:_MOST_LISTED]

    def named_deposit(self, text: str) -> Deposit | None:
        """Return the deposit that a scan names whole, spent or not; None for any other scan.

        Raises the ReceiptCodeError that says why a receipt's signed code is not believed.
        """
        with self._store.read() as tx:
            sale = tx.sales.find_number(self._number(text))
            return tx.deposits.get(sale) if sale is not None else None

    def _number(self, text: str) -> str:
        if is_receipt_code(text):
            return self._codes.check(text).genuine.code.number
        return fold(text).upper()

    def find_deposits(self, text: str) -> tuple[Deposit, ...]:
        """Return the deposits that a receipt's code, its number, or the digits at its end may mean and that can pay.

        Raises DepositUnknownError when there is none, DepositSpentError when the whole number is one that is used up,
        the ReceiptCodeError that says why a signed code is not believed.
        """
        number = self._number(text)
        if not number:
            raise DepositUnknownError(text=text)
        with self._store.read() as tx:
            sale = tx.sales.find_number(number)
            named = tx.deposits.get(sale) if sale is not None else None
            found = (named,) if named is not None else tuple(tx.deposits.open(_MOST_LISTED, number))
        if not found or (sale is not None and named is None):
            raise DepositUnknownError(text=text)
        if named is not None and named.left <= 0:
            raise DepositSpentError(number=named.number, amount=named.left)
        return found

    def left_for(self, cart: Cart, deposit: Deposit) -> Amount:
        """Return what of a deposit can still pay on a bill, beside what stands on it already."""
        here = sum(t.amount for t in cart.tenders if t.deposit == deposit.sale)
        return Amount(deposit.left - here)

    def deposit(self, cart: Cart, deposit: Deposit, amount: Amount) -> Tender:
        """Return the tender that spends a part of a deposit, or all; raise DepositSpentError beyond what is left."""
        left = self.left_for(cart, deposit)
        if amount > left or left <= 0:
            raise DepositSpentError(number=deposit.number, amount=left)
        tender = self._tender(TenderKind.DEPOSIT, amount, deposit.number)
        return msgspec.structs.replace(tender, deposit=deposit.sale)

    # -- coupons -------------------------------------------------------------------------------------------

    @property
    def platforms(self) -> tuple[VoucherPlatform, ...]:
        """The platforms whose coupons the shop takes."""
        return self._settings.value.vouchers.used

    def voucher_code(self, cart: Cart, platform: str, text: str) -> str:
        """Return the code of a coupon that may pay on a bill.

        Raises VoucherCodeError, VoucherIsPaymentError, VoucherUsedError when it was taken here, VoucherOnBillError.
        """
        code = voucher_code(text, self._settings.value.payments.rules)
        given = [t.voucher for t in cart.tenders if t.voucher is not None]
        if any((v.platform, v.code) == (platform, code) for v in given):
            raise VoucherOnBillError()
        with self._store.read() as tx:
            _check_not_taken(tx, platform, code)
        return code

    def voucher(self, platform: str, code: str, amount: Amount) -> Tender:
        """Return the tender of a coupon; the platform's fee is reckoned on what counts."""
        rate = self._settings.value.vouchers.rate_of(platform)
        tender = self._tender(TenderKind.VOUCHER, amount, code)
        return msgspec.structs.replace(tender, voucher=voucher(platform, code, amount, rate))


def record_tenders(tx: Tx, sale: Sale) -> None:
    """Write what a sale does to deposits and coupons, in the transaction that adds it.

    So two carts cannot spend the same yuan or the same coupon. Raises what stands against it: DepositSpentError,
    DepositUsedError, DepositElsewhereError, DepositAloneError, DepositPriceError, DepositByDepositError,
    VoucherUsedError; ValueError (a bug) for a tender that does not say which deposit or coupon it is.
    """
    check_deposit_sale(sale)
    known = (tx.deposits.get(move.sale) for move in moves_of(sale))
    before = {deposit.sale: deposit for deposit in known if deposit is not None}
    for deposit in after_sale(before, sale).values():
        tx.deposits.save(deposit)
    for tender in sale.tenders:
        _record_voucher(tx, sale.sale_id, tender)


def _record_voucher(tx: Tx, sale: SaleId, tender: Tender) -> None:
    if tender.kind is TenderKind.DEPOSIT and tender.deposit is None:
        raise ValueError("a deposit that pays is named")
    if tender.kind is not TenderKind.VOUCHER:
        return
    coupon = tender.voucher
    if coupon is None:
        raise ValueError("a coupon that pays is named")
    if tender.role is TenderRole.GIVEN:
        _check_not_taken(tx, coupon.platform, coupon.code)
        tx.vouchers.take(coupon.platform, coupon.code, sale)


def _check_not_taken(tx: Tx, platform: str, code: str) -> None:
    taken = tx.vouchers.taken(platform, code)
    if taken is not None:
        sale = tx.sales.get(taken)
        raise VoucherUsedError(number=sale.number if sale is not None else "")
