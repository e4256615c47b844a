"""Shifts: from opening with a float to closing with a count.

Decides what the drawer should hold and how a shift adds up; every figure is a sum of entries that never change.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import ZERO, Amount


class NoShiftError(ExpectedError):
    """No shift is open: open one first."""

    code = "shifts.error.no_shift"


class ShiftOpenError(ExpectedError):
    """A shift is open on this till already."""

    code = "shifts.error.already_open"


class VarianceReasonError(ExpectedError):
    """The count differs from the books: a reason is needed; `variance` is counted − expected."""

    code = "shifts.error.variance_reason"


class CartsOpenError(ExpectedError):
    """The till's own cart must be paid, held or cancelled before the shift closes."""

    code = "shifts.error.cart_open"


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


class ShiftTotals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The sums of a shift, all from entries that never change.

    Always: Σ tenders = sales + returns + rounding; expected_cash = float + cash tenders + cash in − cash out.
    """

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


def expected_cash(
    float_amount: Amount, tenders: tuple[TenderSum, ...], cash_in: Amount, cash_out: Amount
) -> Amount:
    """Return what the drawer should hold."""
    cash = sum(t.amount for t in tenders if t.kind is TenderKind.CASH)
    return Amount(float_amount + cash + cash_in - cash_out)


def variance(counted: Amount, expected: Amount, reason: str | None) -> Amount:
    """Return counted − expected; raise VarianceReasonError when they differ and no reason is given."""
    difference = Amount(counted - expected)
    if difference != ZERO and not (reason or "").strip():
        raise VarianceReasonError(variance=difference)
    return difference
