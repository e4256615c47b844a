"""Deposits (订金): money taken before the goods, as a numbered sale of its own that pays for a later one.

Decides what a deposit is worth now and what stands against spending or giving it back. Its customer gets a receipt
with a number; that sale is the deposit, and a tender names it (`Tender.deposit`). No tax is due when it is taken:
revenue is recognised with the goods. What was paid with a deposit goes back to the deposit, which can pay again; a
deposit that was never spent is given back by a return of its sale.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import CartLine
from pos_app.domain.sales.line import Line, LineKind, PriceBasis, RungBy
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import LineId, MemberId, SaleId
from pos_app.domain.values.money import ZERO, Amount


class DepositUnknownError(ExpectedError):
    """No deposit of this till has such a number; `text` is what was asked for."""

    code = "tenders.error.deposit_unknown"


class DepositSpentError(ExpectedError):
    """A deposit has less left than is asked of it, or nothing; `number` and `amount` (what is left) tell."""

    code = "tenders.error.deposit_spent"


class DepositUsedError(ExpectedError):
    """A deposit that has paid for something is not given back; `number` and `amount` (what it paid) tell."""

    code = "tenders.error.deposit_used"


class DepositElsewhereError(ExpectedError):
    """A deposit that another till took is given back there; `number` is its own."""

    code = "tenders.error.deposit_elsewhere"


class DepositAloneError(ExpectedError):
    """A deposit is a bill of its own: nothing else stands on it."""

    code = "tenders.error.deposit_alone"


class DepositPriceError(ExpectedError):
    """A deposit is above zero and has no discount: another sum is another deposit."""

    code = "tenders.error.deposit_price"


class DepositByDepositError(ExpectedError):
    """A deposit is not paid with a deposit."""

    code = "tenders.error.deposit_by_deposit"


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """A deposit as it stands: `amount` was taken, `used` of it has paid, `returned` was given back.

    Always: used ≥ 0, returned ≥ 0, used + returned ≤ amount. `member` is who gave it, if she was known.
    """

    sale: SaleId
    number: str
    taken_on: date
    member: MemberId | None = None
    amount: Amount
    used: Amount = ZERO
    returned: Amount = ZERO

    @property
    def left(self) -> Amount:
        """What can still pay."""
        return Amount(self.amount - self.used - self.returned)


class DepositMove(msgspec.Struct, frozen=True, kw_only=True):
    """What a sale does to one deposit: what it spends of it (negative: gives back to it), and what is returned."""

    sale: SaleId
    number: str = ""
    used: Amount = ZERO
    returned: Amount = ZERO


def deposit_line(line_id: LineId, amount: Amount, purpose: str | None) -> CartLine:
    """Return the cart line of a deposit; `purpose` is what it is for, and sealed when it is sold.

    Raises DepositPriceError unless the amount is above zero.
    """
    if amount <= 0:
        raise DepositPriceError()
    return CartLine(
        line_id=line_id,
        kind=LineKind.DEPOSIT,
        rung_by=RungBy.AMOUNT,
        basis=PriceBasis.OPEN,
        amount=amount,
        wish=purpose or None,
    )


def check_deposit_bill(lines: tuple[Line, ...]) -> None:
    """Raise what stands against the lines of a bill with a deposit; a bill without one passes.

    Raises DepositAloneError when anything else stands on it, a second deposit too, DepositPriceError for a discount.
    """
    taken = [line for line in lines if line.kind is LineKind.DEPOSIT]
    if taken and len(lines) > 1:
        raise DepositAloneError()
    if any(line.net <= 0 or line.net != line.gross or line.tax for line in taken):
        raise DepositPriceError()


def check_deposit_sale(sale: Sale) -> None:
    """Raise what stands against a sale that takes a deposit; a sale without one passes.

    Raises DepositAloneError, DepositPriceError, DepositByDepositError.
    """
    check_deposit_bill(sale.lines)
    takes = any(line.kind is LineKind.DEPOSIT for line in sale.lines)
    if takes and any(tender.kind is TenderKind.DEPOSIT for tender in sale.tenders):
        raise DepositByDepositError()


def deposit_of(sale: Sale) -> Deposit | None:
    """Return the deposit that a sale takes; None for any other sale."""
    amount = sum(line.net for line in sale.lines if line.kind is LineKind.DEPOSIT)
    if not amount:
        return None
    return Deposit(
        sale=sale.sale_id,
        number=sale.number,
        taken_on=sale.business_date,
        member=sale.member.member if sale.member else None,
        amount=Amount(amount),
    )


def moves_of(sale: Sale) -> tuple[DepositMove, ...]:
    """Return what a sale does to deposits, each once.

    A returned line names the sale that it comes from, which may be no deposit: such a move touches nothing.
    """
    used: dict[SaleId, int] = {}
    numbers: dict[SaleId, str] = {}
    returned: dict[SaleId, int] = {}
    for tender in sale.tenders:
        if tender.kind is TenderKind.DEPOSIT and tender.deposit is not None:
            used[tender.deposit] = used.get(tender.deposit, 0) + tender.amount
            numbers[tender.deposit] = tender.reference or ""
    for line in sale.lines:
        if line.kind is LineKind.RETURN and line.cause is not None and line.cause.sale is not None:
            returned[line.cause.sale] = returned.get(line.cause.sale, 0) - line.net
    return tuple(
        DepositMove(
            sale=sale_id,
            number=numbers.get(sale_id, ""),
            used=Amount(used.get(sale_id, 0)),
            returned=Amount(returned.get(sale_id, 0)),
        )
        for sale_id in dict.fromkeys((*used, *returned))
    )


def moved(deposit: Deposit, move: DepositMove) -> Deposit:
    """Return a deposit after a move.

    Raises DepositUsedError when it would be given back although it has paid for something, DepositSpentError when
    more is asked of it than is left.
    """
    after = msgspec.structs.replace(
        deposit, used=Amount(deposit.used + move.used), returned=Amount(deposit.returned + move.returned)
    )
    if move.returned and after.used > 0:
        raise DepositUsedError(number=deposit.number, amount=after.used)
    if after.left < 0 or after.used < 0 or after.returned < 0:
        raise DepositSpentError(number=deposit.number, amount=deposit.left)
    return after


def after_sale(deposits: Mapping[SaleId, Deposit], sale: Sale) -> dict[SaleId, Deposit]:
    """Return the deposits that a sale changes or takes, as they stand after it; `deposits` are those before.

    Raises as `moved`, and DepositElsewhereError for a tender of a deposit that is not among them.
    """
    changed: dict[SaleId, Deposit] = {}
    for move in moves_of(sale):
        deposit = deposits.get(move.sale)
        if deposit is not None:
            changed[move.sale] = moved(deposit, move)
        elif move.used:
            raise DepositElsewhereError(number=move.number)
    taken = deposit_of(sale)
    if taken is not None:
        changed[taken.sale] = taken
    return changed
