"""Faults planted into the real code, each of which some sequence must find; none of them touches what is checked with.

Each is one that tills had (PEERS.md §2) or that a hurried change would make: a sum that leaves something out, a rule
that is not asked, something done and not written down.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

import msgspec

from pos_app.domain import shifts as domain_shifts
from pos_app.domain.facts.shop import CashMoved, DrawerOpened
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.values.money import ZERO, Amount
from pos_app.persistence import shifts as stored_shifts
from pos_app.persistence import shifts_sums
from pos_app.persistence.deposits import SqlDeposits, SqlVouchers
from pos_app.persistence.sales import SqlSales
from pos_app.persistence.shifts import SqlShifts
from pos_app.services import checkout, shifts_closing, tenders
from pos_app.services.printing import Printing
from pos_app.services.recording import Recorder
from pos_app.services.shifts import ShiftService

Plant = Callable[[ExitStack], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: what it is called, and how it is planted."""

    name: str
    plant: Plant


def _put(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    stack.enter_context(patch.object(owner, name, value))


def _narrowed(stack: ExitStack, function: str, condition: Callable[[], Any]) -> None:
    """Let a sum leave out what does not meet a condition."""
    real = getattr(shifts_sums, function)
    _put(stack, shifts_sums, function, lambda connection, scope: real(connection, scope & condition()))


def _told_otherwise(stack: ExitStack, **changes: Callable[[Any], Any]) -> None:
    """Let the sums of a shift say something else."""
    real = SqlShifts.totals

    def totals(self: SqlShifts, shift_id: Any) -> Any:
        told = real(self, shift_id)
        return msgspec.structs.replace(told, **{name: change(told) for name, change in changes.items()})

    _put(stack, SqlShifts, "totals", totals)


# -- sums ----------------------------------------------------------------------------------------------------------


def tenders_of_voids_are_left_out(stack: ExitStack) -> None:
    """The money of a voided sale is still in the drawer, says the X."""
    _narrowed(stack, "_tenders", lambda: shifts_sums._sale.c.kind != "void")


def refunds_are_left_out(stack: ExitStack) -> None:
    """What went back to customers is in no sum of tenders."""
    _narrowed(stack, "_tenders", lambda: shifts_sums._tender.c.role != TenderRole.REFUND.value)


def taxes_of_returns_are_left_out(stack: ExitStack) -> None:
    """The tax of what came back is paid all the same."""
    _narrowed(stack, "_taxes", lambda: shifts_sums._sale.c.kind == "sale")


def cash_taken_out_is_added(stack: ExitStack) -> None:
    """A sign is wrong."""

    def expected(float_amount: int, sums: Any, cash_in: int, cash_out: int) -> Amount:
        cash = sum(each.amount for each in sums if each.kind is TenderKind.CASH)
        return Amount(float_amount + cash + cash_in + cash_out)

    _put(stack, stored_shifts, "expected_cash", expected)


def the_rounding_of_coins_is_forgotten(stack: ExitStack) -> None:
    """The X knows no rounding."""
    _told_otherwise(stack, cash_rounding=lambda _told: ZERO)


def fees_of_coupons_are_forgotten(stack: ExitStack) -> None:
    """What platforms keep is in no sum."""
    _told_otherwise(stack, voucher_fees=lambda _told: ZERO)


def the_first_sums_of_a_shift_are_kept(stack: ExitStack) -> None:
    """Somebody thought that sums could be remembered."""
    real, known = SqlShifts.totals, dict[Any, Any]()

    def totals(self: SqlShifts, shift_id: Any) -> Any:
        found = known.get(shift_id)
        if found is None or found.sales_count < 3:
            found = known[shift_id] = real(self, shift_id)
        return found

    _put(stack, SqlShifts, "totals", totals)


# -- shifts --------------------------------------------------------------------------------------------------------


def a_hand_over_starts_with_nothing(stack: ExitStack) -> None:
    """The taker's float is not what she was given."""
    real = ShiftService._open

    def opens(self: Any, tx: Any, who: Any, amount: Any, shift_id: Any, before: Any = None) -> Any:
        return real(self, tx, who, amount if before is None else ZERO, shift_id, before)

    _put(stack, ShiftService, "_open", opens)


def a_z_number_comes_twice(stack: ExitStack) -> None:
    """The next number is the last one."""
    real = SqlShifts.next_z
    _put(stack, SqlShifts, "next_z", lambda self: max(1, real(self) - 1))


def a_difference_is_told_the_other_way_round(stack: ExitStack) -> None:
    """What is missing reads as too much."""
    real = domain_shifts.variance
    _put(stack, shifts_closing, "variance", lambda *asked, **named: Amount(-real(*asked, **named)))


def a_closed_shift_is_written_anew(stack: ExitStack) -> None:
    """A reprint puts the sums of today into a Z of yesterday."""
    real = Printing.reprint

    def reprint(self: Any, *asked: Any) -> int:
        copy = real(self, *asked)
        with self._store.write() as tx:
            tx.shifts._connection.exec_driver_sql(
                "UPDATE shift SET report = CAST(replace(report, ?, ?) AS BLOB)",
                ('"variance":', '"variance":1'),
            )
        return copy

    _put(stack, Printing, "reprint", reprint)


def a_sale_falls_into_the_first_shift(stack: ExitStack) -> None:
    """Whose sale it is was looked up once."""
    real, first = checkout.Checkout._stamp, list[Any]()

    def stamp(self: Any, tx: Any, who: Any, kind: Any, shift: Any, now: Any) -> Any:
        first.append(shift)
        return real(self, tx, who, kind, first[0], now)

    _put(stack, checkout.Checkout, "_stamp", stamp)


def a_sale_after_midnight_is_of_the_new_day(stack: ExitStack) -> None:
    """The shop's day is taken for the calendar's."""

    def calendar(moment: datetime, zone: Any, _starts: Any) -> date:
        return moment.astimezone(zone).date()

    _put(stack, checkout, "business_date", calendar)


# -- what is written down ------------------------------------------------------------------------------------------


def _unrecorded(stack: ExitStack, kind: type) -> None:
    real = Recorder.record

    def record(self: Any, tx: Any, fact: Any, *asked: Any, **named: Any) -> Any:
        return None if isinstance(fact, kind) else real(self, tx, fact, *asked, **named)

    _put(stack, Recorder, "record", record)


def cash_is_moved_without_a_fact(stack: ExitStack) -> None:
    """The row is written, the journal knows nothing."""
    _unrecorded(stack, CashMoved)


def the_drawer_opens_without_a_fact(stack: ExitStack) -> None:
    """Nobody will know."""
    _unrecorded(stack, DrawerOpened)


def what_came_back_is_forgotten(stack: ExitStack) -> None:
    """The same goods come back again and again."""
    _put(stack, SqlSales, "returned", lambda _self, _sale: {})


def a_deposit_pays_again(stack: ExitStack) -> None:
    """What a deposit paid is not taken off it."""
    real = SqlDeposits.save

    def save(self: Any, deposit: Any) -> None:
        if self.get(deposit.sale) is None:
            real(self, deposit)

    _put(stack, SqlDeposits, "save", save)


def a_coupon_pays_again(stack: ExitStack) -> None:
    """Nobody looks whether it was taken."""
    _put(stack, tenders, "_check_not_taken", lambda *_asked: None)
    _put(stack, SqlVouchers, "take", lambda *_asked: None)


def a_receipt_number_is_left_out(stack: ExitStack) -> None:
    """The counter jumps."""
    real = SqlSales.next_counter

    def next_counter(self: Any, epoch: int, year: int) -> int:
        number = real(self, epoch, year)
        return real(self, epoch, year) if number % 7 == 0 else number

    _put(stack, SqlSales, "next_counter", next_counter)


FAULTS = tuple(
    Fault(plant.__name__, plant)
    for plant in (
        tenders_of_voids_are_left_out,
        refunds_are_left_out,
        taxes_of_returns_are_left_out,
        cash_taken_out_is_added,
        the_rounding_of_coins_is_forgotten,
        fees_of_coupons_are_forgotten,
        the_first_sums_of_a_shift_are_kept,
        a_hand_over_starts_with_nothing,
        a_z_number_comes_twice,
        a_difference_is_told_the_other_way_round,
        a_closed_shift_is_written_anew,
        a_sale_falls_into_the_first_shift,
        a_sale_after_midnight_is_of_the_new_day,
        cash_is_moved_without_a_fact,
        the_drawer_opens_without_a_fact,
        what_came_back_is_forgotten,
        a_deposit_pays_again,
        a_coupon_pays_again,
        a_receipt_number_is_left_out,
    )
)


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Let a fault stand for the length of a block."""
    with ExitStack() as stack:
        fault.plant(stack)
        yield
