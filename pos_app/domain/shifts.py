"""Shifts: from opening with a float to closing with a count.

Decides what the drawer should hold and how a shift adds up; every figure is a sum of entries that never change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import LIMIT, ZERO, Amount


class NoShiftError(ExpectedError):
    """No shift is open: open one first."""

    code = "shifts.error.no_shift"


class ShiftOpenError(ExpectedError):
    """A shift is open on this till already; `opened_by` (a StaffId) opened it at `since`."""

    code = "shifts.error.already_open"


class ShiftClosedError(ExpectedError):
    """The shift is closed; what it says is never changed."""

    code = "shifts.error.closed"


class VarianceReasonError(ExpectedError):
    """The count differs from the books: a reason is needed; `variance` is counted − expected, of `tender` or cash."""

    code = "shifts.error.variance_reason"


class CartsOpenError(ExpectedError):
    """The till's own cart must be paid, held or cancelled before the shift closes."""

    code = "shifts.error.cart_open"


class CartPayingError(ExpectedError):
    """Money was taken for the till's own cart: finish it, or give the money back, before the till is handed over."""

    code = "shifts.error.cart_paying"


class HandOverToSelfError(ExpectedError):
    """A till is handed over to somebody else; who goes on herself closes the shift and opens the next."""

    code = "shifts.error.hand_over_to_self"


class NothingToHandOverError(ExpectedError):
    """By the books the drawer holds less than nothing: it must be counted before it is handed over."""

    code = "shifts.error.nothing_to_hand_over"


class CashDirection(StrEnum):
    """Cash put into or taken out of the drawer without a sale."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of one till; `closed_at` is None while it is open."""

    shift_id: ShiftId
    opened_at: datetime
    opened_by: StaffId
    business_date: date
    float_amount: Amount
    closed_at: datetime | None = None
    taken_over_from: ShiftId | None = None
    """The shift whose drawer it took over as it was (交班)."""


class TenderSum(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of tender brought in a shift, change and refunds taken off."""

    kind: TenderKind
    count: int
    amount: Amount


class Denomination(msgspec.Struct, frozen=True, kw_only=True):
    """So many notes or coins of one value (minor units)."""

    value: Amount
    count: int


class TenderCount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted of one kind of tender beside cash: slips, vouchers; the books expect `expected`."""

    kind: TenderKind
    expected: Amount
    counted: Amount
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTender:
    """What somebody counted of a tender beside cash: the sum of its slips, less those of refunds."""

    kind: TenderKind
    amount: Amount
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A count at the end of a shift; `cash` None: nobody counted the drawer.

    `denominations` may be left out; with them they add up to `cash`. `recounts` is how often it was counted again
    after the difference was known.
    """

    cash: Amount | None
    reason: str | None = None
    denominations: tuple[Denomination, ...] = ()
    others: tuple[CountedTender, ...] = ()
    recounts: int = 0


class TaxTotal(msgspec.Struct, frozen=True, kw_only=True):
    """The tax of one code and rate (as text) over a shift."""

    code: str
    rate: str
    base: Amount
    tax: Amount


class StaffSum(msgspec.Struct, frozen=True, kw_only=True):
    """What one cashier took in a shift."""

    staff: StaffId
    count: int
    amount: Amount


EDITION = 1
"""Which sums a totals has that is made today: see `ShiftTotals.edition`."""


class _FirstSums(msgspec.Struct, frozen=True, kw_only=True):
    """The sums that totals begin with on the wire; what stands after them has another order there, and defaults."""

    sales_count: int
    sales: Amount
    returns_count: int
    returns: Amount
    subtotal: Amount
    reductions: Amount
    round_off: Amount
    cash_rounding: Amount
    tax: Amount
    tenders: tuple[TenderSum, ...]
    taxes: tuple[TaxTotal, ...]
    staff: tuple[StaffSum, ...]


class ShiftTotals(_FirstSums, frozen=True, kw_only=True, omit_defaults=True):
    """The sums of a shift, all from entries that never change.

    Always: Σ tenders = sales + returns + rounding; expected_cash = float + cash tenders + cash in − cash out;
    Σ salespeople ≤ sales + returns, what is missing was sold by nobody in particular.
    """

    float_amount: Amount
    cash_in: Amount
    cash_out: Amount
    expected_cash: Amount
    voids_count: int = 0
    drawer_openings: int = 0
    reprints: int = 0
    lines_removed: int = 0
    carts_cancelled: int = 0
    first_number: str | None = None
    last_number: str | None = None
    voids: Amount = ZERO
    off_by_hand: Amount = ZERO
    """What people took off lines and bills, negative; round-off apart."""
    prices_overridden: int = 0
    voucher_fees: Amount = ZERO
    deposits_taken: Amount = ZERO
    salespeople: tuple[StaffSum, ...] = ()
    """What each salesperson sold, returns taken off, by her share of each line."""
    edition: int = 0
    """0: made before there were the sums from `voids` on, which are nothing then; 1: it has them."""


class SaleSums(_FirstSums, frozen=True, kw_only=True):
    """The sums of some sales, of a shift or of a day; each as it stands in `ShiftTotals`."""

    voids_count: int
    first_number: str | None
    last_number: str | None
    voids: Amount
    off_by_hand: Amount
    prices_overridden: int
    voucher_fees: Amount
    deposits_taken: Amount
    salespeople: tuple[StaffSum, ...]


@dataclass(frozen=True, slots=True)
class HourSum:
    """What was sold, returns taken off, in one hour of the shop's clock (0 to 23)."""

    hour: int
    count: int
    amount: Amount


def unassigned(sums: ShiftTotals | SaleSums) -> Amount:
    """Return what was sold, returns taken off, by nobody in particular: lines without a salesperson."""
    return Amount(sums.sales + sums.returns - sum(each.amount for each in sums.salespeople))


def first_edition(totals: ShiftTotals) -> ShiftTotals:
    """Return totals as a program made them that had not the sums from `voids` on."""
    return msgspec.structs.replace(
        totals,
        voids=ZERO,
        off_by_hand=ZERO,
        prices_overridden=0,
        voucher_fees=ZERO,
        deposits_taken=ZERO,
        salespeople=(),
        edition=0,
    )


def expected_cash(
    float_amount: Amount, tenders: tuple[TenderSum, ...], cash_in: Amount, cash_out: Amount
) -> Amount:
    """Return what the drawer should hold."""
    cash = sum(t.amount for t in tenders if t.kind is TenderKind.CASH)
    return Amount(float_amount + cash + cash_in - cash_out)


def variance(
    counted: Amount, expected: Amount, reason: str | None, tender: TenderKind = TenderKind.CASH
) -> Amount:
    """Return counted − expected; raise VarianceReasonError when they differ and no reason is given."""
    difference = Amount(counted - expected)
    if difference != ZERO and not (reason or "").strip():
        if tender is TenderKind.CASH:
            raise VarianceReasonError(variance=difference)
        raise VarianceReasonError(variance=difference, tender=tender.value)
    return difference


def checked_pieces(count: Count) -> tuple[Denomination, ...]:
    """Return the notes and coins of a count, largest first, none of which there was nothing.

    Raises InvalidValueError for less than none of a note, one value twice, or notes that are not the cash counted.
    """
    values = [piece.value for piece in count.denominations]
    for piece in count.denominations:
        if piece.value <= 0 or piece.count < 0:
            raise InvalidValueError(field="count", text=str(piece.count))
    total = sum(piece.value * piece.count for piece in count.denominations)
    if len(set(values)) != len(values) or (values and total != count.cash):
        raise InvalidValueError(field="count", text=str(total))
    held = (piece for piece in count.denominations if piece.count)
    return tuple(sorted(held, key=lambda piece: -piece.value))


def tender_counts(counted: Sequence[CountedTender], tenders: Sequence[TenderSum]) -> tuple[TenderCount, ...]:
    """Hold what was counted of tenders beside cash against the books, in the order of their kinds.

    Raises InvalidValueError for cash, a kind twice or a sum beyond what books hold, VarianceReasonError.
    """
    kinds = [each.kind for each in counted]
    sums = {each.kind: each.amount for each in tenders}
    found = []
    for each in sorted(counted, key=lambda each: each.kind):
        if each.kind is TenderKind.CASH or kinds.count(each.kind) > 1 or not -LIMIT < each.amount < LIMIT:
            raise InvalidValueError(field="count", text=f"{each.kind} {each.amount}")
        expected = sums.get(each.kind, ZERO)
        differs = variance(each.amount, expected, each.reason, each.kind) != ZERO
        reason = each.reason if differs else None
        found.append(TenderCount(kind=each.kind, expected=expected, counted=each.amount, reason=reason))
    return tuple(found)
