"""Leaks: where money or goods may have gone without a sale, told from the facts; by person, kind and hour.

Decides what counts as which kind, how much it is worth, how persons compare, and what stands out. It does not judge:
each figure leads to the journal's own entries. What was practised is in no journal and so in no figure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from pos_app.domain.facts.payments import PaymentAnswered
from pos_app.domain.facts.sales import CartCancelled, CartLineRemoved, PriceChanged, ReceiptReprinted
from pos_app.domain.facts.shop import CashMoved, DrawerOpened, ShiftClosed, SignInRefused
from pos_app.domain.shifts import CashDirection
from pos_app.domain.values.ids import SaleId, StaffId
from pos_app.domain.values.money import ZERO, Amount


class LeakKind(StrEnum):
    """What is counted, in the order of the report."""

    VOID = "void"
    RETURN = "return"
    DISCOUNT = "discount"
    OVERRIDE = "override"
    ROUND_OFF = "round_off"
    LINE_REMOVED = "line_removed"
    CART_CANCELLED = "cart_cancelled"
    DRAWER = "drawer"
    CASH_OUT = "cash_out"
    REPRINT = "reprint"
    REFUSED = "refused"
    SHORT = "short"
    HAND_SETTLED = "hand_settled"
    SEEN_PAYMENT = "seen_payment"


class Leak(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of the journal (`epoch`, `seq`) that the report counts.

    `amount` is what may have gone, positive; a price that was put up makes it negative. `at_ms` is milliseconds since
    1970 in UTC. `person` did it (None: the till itself); `approver` said yes.
    """

    kind: LeakKind
    person: StaffId | None
    at_ms: int
    amount: Amount
    epoch: int
    seq: int
    approver: StaffId | None = None
    sale: SaleId | None = None
    number: str | None = None
    reason: str | None = None


class Worth(msgspec.Struct, frozen=True, gc=False):
    """What a fact is in the report."""

    kind: LeakKind
    amount: Amount = ZERO
    approver: StaffId | None = None
    sale: SaleId | None = None
    reason: str | None = None
    person: StaffId | None = None
    """Who did it, where that is not who the fact was journalled by."""


def worth_of(fact: msgspec.Struct) -> Worth | None:
    """Return what a fact counts as; None for one that does not count by itself.

    What is taken off in a sale is told by the sale: a discount in a cart that was never paid cost nothing. Another
    price counts when it was given, as on the Z report.
    """
    tell = _WORTHS.get(type(fact))
    return None if tell is None else tell(fact)


def _override(fact: PriceChanged) -> Worth | None:
    # Facts of 0.3 and before do not say it; what was typed for a discount is never the price in minor units.
    told = fact.override or (fact.line is not None and fact.asked == str(fact.after))
    if not told:
        return None
    return Worth(LeakKind.OVERRIDE, Amount(fact.before - fact.after), fact.approver, reason=fact.reason)


def _removed(fact: CartLineRemoved) -> Worth:
    return Worth(LeakKind.LINE_REMOVED, fact.removed.amount, reason=fact.removed.name)


def _cancelled(fact: CartCancelled) -> Worth:
    return Worth(LeakKind.CART_CANCELLED, fact.total, fact.approver, reason=fact.reason)


def _opened(fact: DrawerOpened) -> Worth:
    return Worth(LeakKind.DRAWER, ZERO, fact.approver, reason=fact.reason)


def _reprinted(fact: ReceiptReprinted) -> Worth | None:
    return None if fact.recovered else Worth(LeakKind.REPRINT, sale=fact.sale)


def _refused(fact: SignInRefused) -> Worth:
    return Worth(LeakKind.REFUSED, person=fact.staff)


def _moved(fact: CashMoved) -> Worth | None:
    if fact.direction is not CashDirection.OUT:
        return None
    return Worth(LeakKind.CASH_OUT, fact.amount, fact.approver, reason=fact.reason)


def _closed(fact: ShiftClosed) -> Worth | None:
    return Worth(LeakKind.SHORT, Amount(-fact.variance), reason=fact.reason) if fact.variance < 0 else None


def _answered(fact: PaymentAnswered) -> Worth | None:
    if not fact.by_hand:
        return None
    return Worth(LeakKind.HAND_SETTLED, fact.amount or ZERO, fact.approver, reason=fact.reason)


_WORTHS: dict[type[msgspec.Struct], Callable[[Any], Worth | None]] = {
    PriceChanged: _override,
    CartLineRemoved: _removed,
    CartCancelled: _cancelled,
    DrawerOpened: _opened,
    ReceiptReprinted: _reprinted,
    SignInRefused: _refused,
    CashMoved: _moved,
    ShiftClosed: _closed,
    PaymentAnswered: _answered,
}


@dataclass(frozen=True, slots=True)
class Sum:
    """How many entries, and what they are worth."""

    count: int = 0
    amount: Amount = ZERO


@dataclass(frozen=True, slots=True)
class LeakReport:
    """What a range of business dates holds: every entry, by time, and how many sales each person made meanwhile."""

    leaks: tuple[Leak, ...] = ()
    sold: Mapping[StaffId, int] = field(default_factory=dict)

    def sales_of(self, person: StaffId | None) -> int:
        """Return how many sales a person made."""
        return 0 if person is None else self.sold.get(person, 0)

    @property
    def sales(self) -> int:
        """How many sales there were."""
        return sum(self.sold.values())


Key = tuple[StaffId | None, str]
"""A cell: the person of its row, and the kind or the hour (two digits) of its column."""


def sums(leaks: Iterable[Leak], columns: Iterable[str], *, by_approver: bool = False) -> dict[Key, Sum]:
    """Return the sums by person and column; `columns` names each entry's column, in the same order."""
    found: dict[Key, tuple[int, int]] = {}
    for leak, column in zip(leaks, columns, strict=True):
        key = (leak.approver if by_approver else leak.person, column)
        count, amount = found.get(key, (0, 0))
        found[key] = (count + 1, amount + leak.amount)
    return {key: Sum(count, Amount(amount)) for key, (count, amount) in found.items()}


LEAST = 3
"""An outlier has happened at least so often: one void in a day of three sales says nothing."""
HIGH, HIGHER = 2, 4
"""From how many times the others' rate a person stands out, and stands out much."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something happened per 100 sales of a person, and how many times the others' rate that is.

    `times` is None where nothing compares: nobody else sold, or it never happened to others. Both are in tenths.
    """

    per_100_tenths: int | None
    times_tenths: int | None
    level: int
    """0 as the others, 1 stands out, 2 stands out much."""


def rate_of(count: int, sales: int, others_count: int, others_sales: int) -> Rate:
    """Compare a person with the others; rounded down to tenths."""
    if sales == 0:
        # Who sold nothing has no rate; what she did stands there all the same.
        return Rate(None, None, 0)
    per_100 = count * 1_000 // sales
    if others_sales == 0:
        return Rate(per_100, None, 0)
    if others_count == 0:
        return Rate(per_100, None, 1 if count >= LEAST else 0)
    times = count * others_sales * 10 // (sales * others_count)
    level = 0 if count < LEAST or times < HIGH * 10 else 1 if times < HIGHER * 10 else 2
    return Rate(per_100, times, level)


LineKey = tuple[int, int]
"""A cart and its line."""


def without_undone(
    removed: Sequence[tuple[int, LineKey, Leak]], restored: Sequence[tuple[int, LineKey]]
) -> list[Leak]:
    """Return the removals that were not taken back afterwards.

    Each is (position in the journal, the cart and line, …). A line that is taken off, put back and taken off again
    counts once.
    """
    undone = [(at, line, None) for at, line in restored]
    marks: list[tuple[int, LineKey, Leak | None]] = sorted([*removed, *undone], key=_at)
    standing: dict[LineKey, list[Leak]] = {}
    for _, line, leak in marks:
        if leak is not None:
            standing.setdefault(line, []).append(leak)
        elif standing.get(line):
            standing[line].pop()
    return [leak for leaks in standing.values() for leak in leaks]


def _at(mark: tuple[int, LineKey, Leak | None]) -> int:
    return mark[0]
