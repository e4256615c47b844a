"""Payments by wallet: an attempt is in the books before its request leaves, and every answer after it came.

Decides what is recorded and when a cart may go on; what an answer is worth is `domain.payments.attempts`. No call to
a wallet is made here: whoever drives attempts (`ui.payments`) makes them between two of these transactions.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pos_app.domain.errors import NotFoundError
from pos_app.domain.facts.payments import PaymentAnswered, PaymentStarted
from pos_app.domain.payments import PaymentAttempt, PaymentPurpose, PaymentState
from pos_app.domain.payments.attempts import (
    Heard,
    PaymentAmountError,
    PaymentLimitError,
    Standing,
    WalletOffError,
    begun,
    check_free,
    check_tenders,
    given_up,
    may_be_settled,
    reconciled,
    step,
    to_give_back,
    told,
)
from pos_app.domain.payments.codes import order_number
from pos_app.domain.payments.settings import WALLETS
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.pricing import price_cart
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind, TenderRole, settle
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values.ids import AttemptId, CartId, SaleId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.ports.payments import ChargeOrder, RefundOrder
from pos_app.services.ports.store import Tx
from pos_app.services.proof_cut import check_nothing_cut
from pos_app.services.recording import Recorder
from pos_app.services.staff import spend_approval
from pos_app.services.workplace import Workplace


class CannotSettleError(NotFoundError):
    """The attempt is decided, or what somebody wants to note of it cannot be: it is to be looked at again."""

    code = "payments.error.cannot_settle"


@dataclass(frozen=True, slots=True)
class OnCart:
    """A cart with its tenders as the books know them, and its attempts that matter now."""

    cart: Cart
    attempts: tuple[Standing, ...]


class PaymentService:
    """Use cases of payment attempts."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # -- charging ------------------------------------------------------------------------------------------

    def check(self, cart: Cart, wallet: TenderKind, amount: Amount) -> None:
        """Raise what stands against a charge: WalletOffError, PaymentAmountError, PaymentLimitError."""
        settings = self._work.settings.value
        if wallet not in settings.payments.enabled:
            raise WalletOffError(wallet=wallet)
        bill = settle(price_cart(cart, settings.tax_mode).total, cart.tenders, settings.cash_step)
        if not 0 < amount <= bill.open:
            raise PaymentAmountError(amount=amount)
        if amount > settings.payments.limit:
            raise PaymentLimitError(amount=amount, limit=settings.payments.limit)

    def begin(self, who: Actor, cart: Cart, wallet: TenderKind, amount: Amount) -> Standing:
        """Write an attempt to charge part of a cart, or all of it, with the cart as it stands; nothing was sent yet.

        Raises what `check` does, PaymentOpenError while another one is undecided, NoShiftError, JournalCutError.
        """
        who.require(Action.SELL)
        with self._work.store.write() as tx:
            check_nothing_cut(tx)
            shift = tx.shifts.current()
            if shift is None:
                raise NoShiftError()
            attempts = tx.payments.of_cart(cart.cart_id)
            check_free(tuple(x for x in attempts if x.is_open))
            cart = reconciled(cart, attempts)
            self.check(cart, wallet, amount)
            if tx.sales.get(SaleId(cart.cart_id)) is not None:
                raise PaymentAmountError(amount=amount)
            now = self._work.clock.now()
            tx.carts.save_open(cart, now)
            attempt = AttemptId(self._work.ids.new())
            payment = PaymentAttempt(
                attempt=attempt,
                purpose=PaymentPurpose.CHARGE,
                provider=wallet,
                order_number=order_number(attempt),
                cart=cart.cart_id,
                amount=amount,
                currency=self._work.settings.value.currency,
                shift=shift.shift_id,
            )
            return _start(tx, self._work.recorder, payment, (who.staff_id, now))

    def heard(self, attempt: AttemptId, heard: Heard) -> Standing:
        """Write what was heard of an attempt, if it is news; a paid charge becomes a tender of its cart at once."""
        with self._work.store.write() as tx:
            now = _get(tx, attempt)
            fact = step(now, heard)
            return now if fact is None else self._tell(tx, now, fact, None)

    def cancel(self, attempt: AttemptId) -> Standing:
        """Write that a charge is given up and is to be reversed; a decided one stays as it is."""
        with self._work.store.write() as tx:
            now = _get(tx, attempt)
            fact = given_up(now)
            return now if fact is None else self._tell(tx, now, fact, None)

    def give_back(self, who: Actor, cart: Cart, only: AttemptId | None = None) -> OnCart:
        """Write that the money of a cart's paid charges (or of one) goes back; its tenders by wallet go.

        The attempts that are to be reversed now are returned; the cart cannot be let go before they are.
        """
        with self._work.store.write() as tx:
            if tx.sales.get(SaleId(cart.cart_id)) is not None:
                raise CannotSettleError()
            for now in tx.payments.of_cart(cart.cart_id):
                fact = to_give_back(now)
                if fact is not None and only in (None, now.attempt):
                    self._tell(tx, now, fact, who.staff_id)
            attempts = tx.payments.of_cart(cart.cart_id)
            cart = reconciled(cart, attempts)
            if not cart.empty:
                tx.carts.save_open(cart, self._work.clock.now())
        return OnCart(cart, tuple(x for x in attempts if x.is_open))

    def _tell(
        self,
        tx: Tx,
        now: Standing,
        heard: Heard,
        staff: StaffId | None,
        approval: Approval | None = None,
    ) -> Standing:
        """Record what became of an attempt; a charge that is paid now is a tender of its cart from here on.

        What is noted by hand was allowed by whoever approved it, else by the one who notes it.
        """
        at = self._work.clock.now()
        fact = PaymentAnswered(
            attempt=now.attempt,
            state=heard.state,
            provider_number=heard.provider_number,
            amount=heard.amount,
            reason=heard.reason,
            by_hand=heard.by_hand,
            approver=(approval.approver if approval else staff) if heard.by_hand else None,
            approval=approval.approval_id if approval else None,
        )
        self._work.recorder.record(tx, fact, staff, at=at)
        after = told(now, heard, at)
        tx.payments.save(after)
        cart = tx.carts.open_cart()
        if cart is not None and cart.cart_id == after.payment.cart:
            whole = reconciled(cart, tx.payments.of_cart(cart.cart_id))
            if whole != cart:
                tx.carts.save_open(whole, at)
        return after

    # -- looking up ----------------------------------------------------------------------------------------

    def in_care(self) -> tuple[Standing, ...]:
        """Return what still has to be asked, reversed or sent, oldest first."""
        with self._work.store.read() as tx:
            return tx.payments.in_care()

    def owed(self) -> tuple[Standing, ...]:
        """Return the refunds that are still to be made, oldest first."""
        with self._work.store.read() as tx:
            return tuple(x for x in tx.payments.in_care() if x.is_owed)

    def get(self, attempt: AttemptId) -> Standing:
        """Return an attempt as it stands; raise NotFoundError."""
        with self._work.store.read() as tx:
            return _get(tx, attempt)

    def on_cart(self, cart: Cart) -> OnCart:
        """Return a cart with its tenders as the books know them, and its undecided attempts."""
        with self._work.store.read() as tx:
            attempts = tx.payments.of_cart(cart.cart_id)
        return OnCart(reconciled(cart, attempts), tuple(x for x in attempts if x.is_open))

    def of_day(self, day: date) -> tuple[Standing, ...]:
        """Return what was begun on a business date and what of earlier days is not settled yet, newest first."""
        settings = self._work.settings.value
        first = datetime.combine(day, settings.day_starts_at, settings.zone)
        with self._work.store.read() as tx:
            todays = tx.payments.between(first, first + timedelta(days=1))
            older = tuple(reversed([x for x in tx.payments.in_care() if x.started_at < first]))
        return todays + older

    # -- what is asked of a wallet -------------------------------------------------------------------------

    def charge_order(self, standing: Standing) -> ChargeOrder:
        """Return what a wallet is asked for a charge."""
        settings = self._work.settings.value
        return ChargeOrder(
            order_number=standing.payment.order_number,
            amount=standing.payment.amount,
            currency=standing.payment.currency,
            subject=settings.shop_name,
            device=f"{settings.shop_code}{settings.till_code}",
        )

    def refund_order(self, standing: Standing) -> RefundOrder:
        """Return what a wallet is asked for a refund; raise NotFoundError when its charge is not known."""
        payment = standing.payment
        with self._work.store.read() as tx:
            paid = _paid_before(tx, payment)
            sale = tx.sales.get(SaleId(payment.cart))
        if paid is None or payment.refund_of_number is None:
            raise NotFoundError(what=payment.order_number)
        return RefundOrder(
            order_number=payment.refund_of_number,
            refund_number=payment.order_number,
            amount=payment.amount,
            paid=paid,
            currency=payment.currency,
            reason=sale.number if sale is not None else payment.order_number,
        )

    # -- by hand -------------------------------------------------------------------------------------------

    def settle_by_hand(
        self, who: Actor, attempt: AttemptId, state: PaymentState, approval: Approval | None = None
    ) -> Standing:
        """Write what a person found out of an attempt in the wallet's own books.

        Raises NeedsApprovalError, ApprovalNotValidError, CannotSettleError when it cannot have come to that.
        """
        with self._work.store.write() as tx:
            now = _get(tx, attempt)
            payment = now.payment
            if state not in may_be_settled(now):
                raise CannotSettleError()
            who.require(Action.SETTLE_PAYMENT, approval, payment.amount, payment.cart)
            if may(who.role, Action.SETTLE_PAYMENT):
                approval = None
            if approval is not None:
                needed = NeedsApprovalError(
                    action=Action.SETTLE_PAYMENT, amount=payment.amount, cart=payment.cart
                )
                spend_approval(tx, self._work.clock, who, needed, approval)
            heard = Heard(state=state, amount=payment.amount, by_hand=True)
            return self._tell(tx, now, heard, who.staff_id, approval)


def start_refunds(tx: Tx, recorder: Recorder, sale: Sale) -> None:
    """Write an attempt for each refund of a sale that goes back to a charge; it is sent once the sale is in the books.

    The refund's attempt has the id of its tender, and that tender names the charge.
    """
    for tender in sale.tenders:
        if tender.role is TenderRole.REFUND and tender.kind in WALLETS and tender.attempt is not None:
            attempt, charge = AttemptId(tender.tender_id), AttemptId(tender.attempt)
            payment = PaymentAttempt(
                attempt=attempt,
                purpose=PaymentPurpose.REFUND,
                provider=tender.kind,
                order_number=order_number(attempt),
                cart=CartId(sale.sale_id),
                amount=Amount(-tender.amount),
                currency=sale.currency,
                shift=sale.shift,
                refund_of=charge,
                refund_of_number=order_number(charge),
            )
            _start(tx, recorder, payment, (sale.cashier, sale.committed_at))


def _start(tx: Tx, recorder: Recorder, payment: PaymentAttempt, by: tuple[StaffId, datetime]) -> Standing:
    """Write a new attempt with its fact: by whom, and when."""
    recorder.record(tx, PaymentStarted(payment=payment), by[0], at=by[1])
    standing = begun(payment, by[1])
    tx.payments.save(standing)
    return standing


def check_may_go(tx: Tx, cart: CartId) -> None:
    """Raise PaymentOpenError or PaymentTakenError when a cart cannot be let go: money is, or may be, taken on it."""
    check_free(tx.payments.of_cart(cart))


def may_go(tx: Tx, cart: CartId) -> bool:
    """Whether a cart can be let go: no wallet has, or may have, money of it."""
    return not any(x.is_open or x.is_paid for x in tx.payments.of_cart(cart))


def check_paid(tx: Tx, cart: Cart) -> None:
    """Raise unless each tender of a cart by wallet is a paid charge of that cart and amount, and used once.

    Raises PaymentOpenError while a charge is undecided, PaymentMissingError also for a paid charge that is no tender.
    """
    check_tenders(cart.cart_id, cart.tenders, tx.payments.of_cart(cart.cart_id), WALLETS)


def as_booked(tx: Tx, cart: Cart) -> Cart:
    """Return a cart with its tenders by wallet as the books know them."""
    attempts = tx.payments.of_cart(cart.cart_id)
    return reconciled(cart, attempts) if attempts else cart


def _get(tx: Tx, attempt: AttemptId) -> Standing:
    found = tx.payments.get(attempt)
    if found is None:
        raise NotFoundError(what=str(attempt))
    return found


def _paid_before(tx: Tx, refund: PaymentAttempt) -> Amount | None:
    """Return what the charge took that a refund gives back: as it stands here, or in the sale of another shop."""
    if refund.refund_of is None:
        return None
    charge = tx.payments.get(refund.refund_of)
    if charge is not None:
        return charge.payment.amount
    back = tx.sales.get(SaleId(refund.cart))
    causes = {line.cause.sale for line in back.lines if line.cause and line.cause.sale} if back else set()
    for sale_id in causes:
        kept = tx.sales.elsewhere(sale_id)
        for tender in kept.sale.tenders if kept is not None else ():
            if tender.attempt == refund.refund_of:
                return tender.amount
    return None
