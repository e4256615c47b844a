"""Proof of shifts: what the journal tells of them adds up, each Z from its entries, one shift from the one before.

`services.proof` walks the journal and hands the facts here. Decides what is a finding; changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import msgspec

from pos_app.domain.facts.envelope import Envelope
from pos_app.domain.facts.shop import CashMoved, ShiftClosed, ShiftOpened
from pos_app.domain.payments.attempts import Standing
from pos_app.domain.shifts import Shift, ShiftTotals, first_edition
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.services.ports.counter import CashMove, ShiftHistory
from pos_app.services.ports.journal import Head
from pos_app.services.ports.store import Tx
from pos_app.services.shifts_closing import Owed, owed_of


@dataclass(slots=True)
class Close:
    """A closing fact, its place, who recorded it, what its shift saw, and what wallets owed just then."""

    place: str
    fact: ShiftClosed
    staff: StaffId | None
    events: Counter[str]
    owed: Owed


@dataclass(slots=True)
class ShiftWalk:
    """What a walk through the journal gathers of shifts."""

    shifts: dict[ShiftId, ShiftHistory] = field(default_factory=dict)
    closes: list[Close] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)

    def tell(self, fact: msgspec.Struct, envelope: Envelope, place: str, in_care: Iterable[Standing]) -> None:
        """Gather a fact; those of other nouns are passed over. `in_care` are the payments not settled up to here."""
        if isinstance(fact, ShiftOpened) and envelope.staff is not None:
            self._opened(fact, envelope, StaffId(envelope.staff))
        elif isinstance(fact, CashMoved) and fact.shift in self.shifts:
            kept = self.shifts[fact.shift]
            move = CashMove(direction=fact.direction, amount=fact.amount, reason=fact.reason)
            self.shifts[fact.shift] = replace(kept, moves=[*kept.moves, move])
        elif isinstance(fact, ShiftClosed):
            self._closed(fact, envelope, place, owed_of(in_care))

    def _opened(self, fact: ShiftOpened, envelope: Envelope, by: StaffId) -> None:
        shift = Shift(
            shift_id=fact.shift,
            opened_at=envelope.at,
            opened_by=by,
            business_date=fact.business_date,
            float_amount=fact.float_amount,
            taken_over_from=fact.taken_over_from,
        )
        opened = Head(envelope.epoch, envelope.seq, b"", envelope.hlc)
        self.shifts[fact.shift] = ShiftHistory(shift=shift, opened=opened, moves=[])
        self.events.clear()

    def _closed(self, fact: ShiftClosed, envelope: Envelope, place: str, owed: Owed) -> None:
        staff = StaffId(envelope.staff) if envelope.staff is not None else None
        self.closes.append(Close(place, fact, staff, Counter(self.events), owed))
        if fact.shift in self.shifts:
            kept = self.shifts[fact.shift]
            closed = replace(kept.shift, closed_at=envelope.at)
            report = bytes(envelope.content)
            self.shifts[fact.shift] = replace(kept, shift=closed, z_number=fact.z_number, report=report)


def findings(walk: ShiftWalk, tx: Tx) -> Iterator[tuple[str, str]]:
    """Yield (code, place) of what is wrong with shifts, cash movements and Z reports."""
    for kept in walk.shifts.values():
        if not tx.shifts.matches(kept):
            yield "proof.shift_rows", f"{kept.opened.epoch}/{kept.opened.seq}"
    if tx.shifts.count() != len(walk.shifts):
        yield "proof.shift_rows", f"{tx.shifts.count()}/{len(walk.shifts)}"
    for number, close in enumerate(walk.closes, start=1):
        if close.fact.z_number != number:
            yield "proof.z_number", close.place
        if close.fact.shift not in walk.shifts or tx.shifts.get(close.fact.shift) is None:
            yield "proof.shift_rows", close.place
        elif not _adds_up(close, _reckoned(tx, close)):
            yield "proof.shift_totals", close.place
    yield from _chain(walk)


def _reckoned(tx: Tx, close: Close) -> ShiftTotals:
    """Return the totals of a closed shift from its entries; what happened after it is not counted."""
    totals = msgspec.structs.replace(
        tx.shifts.totals(close.fact.shift),
        drawer_openings=close.events["drawer.opened"],
        reprints=close.events["receipt.reprinted"],
        lines_removed=close.events["cart.line_removed"],
        carts_cancelled=close.events["cart.cancelled"],
    )
    return totals if close.fact.totals.edition else first_edition(totals)


def _adds_up(close: Close, totals: ShiftTotals) -> bool:
    """Whether a Z says what its shift's entries say, and its counts what was counted."""
    fact = close.fact
    pieces = sum(piece.value * piece.count for piece in fact.denominations)
    sums = {each.kind: each.amount for each in totals.tenders}
    told = Owed(fact.refunds_owed_count, fact.refunds_owed, fact.payments_open)
    return (
        totals == fact.totals
        and fact.variance == fact.counted - totals.expected_cash
        and (not fact.denominations or pieces == fact.counted)
        and not (fact.uncounted and (fact.variance or fact.denominations))
        and all(each.expected == sums.get(each.kind, Amount(0)) for each in fact.counts)
        and fact.closed_by in (None, close.staff)
        and (told == close.owed or fact.totals.edition == 0)
    )


def _chain(walk: ShiftWalk) -> Iterator[tuple[str, str]]:
    """Check hand-overs: who took over began with what the drawer held when it was given."""
    given = {close.fact.next_shift: close for close in walk.closes if close.fact.next_shift is not None}
    for kept in walk.shifts.values():
        shift, before = kept.shift, given.pop(kept.shift.shift_id, None)
        fits = before is not None and (shift.taken_over_from, shift.float_amount, shift.opened_by) == (
            before.fact.shift,
            before.fact.counted,
            before.fact.handed_to,
        )
        if not fits and (before is not None or shift.taken_over_from is not None):
            yield "proof.hand_over", f"{kept.opened.epoch}/{kept.opened.seq}"
    for close in given.values():
        yield "proof.hand_over", close.place
