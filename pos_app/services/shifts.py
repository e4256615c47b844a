"""Shifts: opening with a float, cash in and out, the drawer, X and Z, hand-over, the daily summary.

Decides what is recorded and what needs permission; sums come from the store, rules from `domain.shifts`. Closing
never waits for a printer or a network.
"""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.shop import (
    CashMoved,
    DrawerOpened,
    KeyChanged,
    ShiftClosed,
    ShiftOpened,
    ShopFounded,
    SignedIn,
    SignedOut,
)
from pos_app.domain.shifts import (
    CashDirection,
    Count,
    NoShiftError,
    Shift,
    ShiftOpenError,
    ShiftTotals,
)
from pos_app.domain.shifts_daily import DailySummary
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.staff_limits import MOST_OPENINGS
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import PrintJobId, ShiftId, StaffId
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.services.acting import Actor, CurrentSettings, must_spend
from pos_app.services.ports.clock import Clock, Ids, Signer
from pos_app.services.ports.counter import DayId, PrintJob, PrintKind, day_id
from pos_app.services.ports.journal import Head, SignedHead
from pos_app.services.ports.store import Store, Tx
from pos_app.services.proof_cut import check_nothing_cut
from pos_app.services.recording import Recorder
from pos_app.services.shifts_closing import (
    Closing,
    Owed,
    Taker,
    allow,
    check_cart,
    check_taker,
    closing_fact,
    is_leavers,
    owed,
)
from pos_app.services.shifts_daily import daily
from pos_app.services.staff import spend_approval

_report_decoder = msgspec.json.Decoder(ShiftClosed)


@dataclass(frozen=True, slots=True)
class ZReport:
    """A closed shift: the shift and the content of its closing fact."""

    shift: Shift
    closed: ShiftClosed


@dataclass(frozen=True, slots=True)
class HandOver:
    """A till that was handed over: the Z of who gave it, the shift of who took it."""

    report: ZReport
    opened: Shift


def signed_text(head: Head) -> bytes:
    """Return what a till signs of a head: epoch, seq and hash in words, so that it can be checked by hand."""
    return f"shuke head {head.epoch} {head.seq} {head.hash.hex()}".encode()


class ShiftService:
    """Use cases of shifts."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        signer: Signer,
        settings: CurrentSettings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._signer = signer
        self._settings = settings
        self._clock = clock
        self._ids = ids

    def current(self) -> Shift | None:
        """Return the open shift."""
        with self._store.read() as tx:
            return tx.shifts.current()

    def left_open(self) -> Shift | None:
        """Return the open shift when it was opened on an earlier business date."""
        shift = self.current()
        return shift if shift is not None and shift.business_date < self._today() else None

    def clock_behind(self) -> datetime | None:
        """Return the time of the latest fact when the computer's clock is more than two minutes before it."""
        with self._store.read() as tx:
            latest_ms = tx.journal.head().hlc >> 16
        now = self._clock.now()
        if latest_ms - now.timestamp() * 1000 > 120_000:
            return datetime.fromtimestamp(latest_ms / 1000, now.tzinfo)
        return None

    def _today(self) -> date:
        settings = self._settings.value
        return business_date(self._clock.now(), settings.zone, settings.day_starts_at)

    def open(self, who: Actor, float_amount: Amount) -> Shift:
        """Open a shift with a float; raise ShiftOpenError when one is open, JournalCutError for books that were cut."""
        who.require(Action.OPEN_SHIFT)
        _check_amount(float_amount, least=0)
        with self._store.write() as tx:
            return self._open(tx, who, float_amount, ShiftId(self._ids.new()))

    def _open(
        self,
        tx: Tx,
        who: Actor,
        float_amount: Amount,
        shift_id: ShiftId,
        taken_over_from: ShiftId | None = None,
    ) -> Shift:
        check_nothing_cut(tx)
        standing = tx.shifts.current()
        if standing is not None:
            raise ShiftOpenError(opened_by=standing.opened_by, since=standing.opened_at)
        shift = Shift(
            shift_id=shift_id,
            opened_at=self._clock.now(),
            opened_by=who.staff_id,
            business_date=self._today(),
            float_amount=float_amount,
            taken_over_from=taken_over_from,
        )
        fact = ShiftOpened(
            shift=shift.shift_id,
            business_date=shift.business_date,
            float_amount=float_amount,
            taken_over_from=taken_over_from,
        )
        tx.shifts.add(shift, self._recorder.record(tx, fact, who.staff_id, at=shift.opened_at))
        return shift

    def move_cash(
        self,
        who: Actor,
        direction: CashDirection,
        amount: Amount,
        reason: str,
        approval: Approval | None = None,
    ) -> None:
        """Record cash put in or taken out; raise NoShiftError, NeedsApprovalError, InvalidValueError below 1."""
        _check_amount(amount, least=1)
        with self._store.write() as tx:
            shift = _open_shift(tx)
            needed = NeedsApprovalError(action=Action.CASH_MOVE, amount=amount)
            if not must_spend(who, self._settings.value.limits, needed, approval):
                approval = None
            if approval is not None:
                spend_approval(tx, self._clock, who, needed, approval)
            fact = CashMoved(
                shift=shift.shift_id,
                direction=direction,
                amount=amount,
                reason=reason,
                approver=approval.approver if approval else None,
                approval=approval.approval_id if approval else None,
            )
            self._recorder.record(tx, fact, who.staff_id)
            tx.shifts.move_cash(shift.shift_id, direction, amount, reason)

    def open_drawer(
        self, who: Actor, reason: str, approval: Approval | None = None, *, to_count: bool = False
    ) -> None:
        """Record that the drawer is opened without a sale; the device acts after this has returned.

        `to_count`: so that it can be counted, which whoever may close the shift may do.
        """
        with self._store.write() as tx:
            shift = tx.shifts.current()
            if not self._must_ask_to_open(tx, who, shift, approval, to_count=to_count):
                approval = None
            if approval is not None:
                action = Action.CLOSE_SHIFT if to_count else Action.OPEN_DRAWER
                spend_approval(tx, self._clock, who, NeedsApprovalError(action=action), approval)
            fact = DrawerOpened(
                shift=shift.shift_id if shift else None,
                reason=reason,
                approver=approval.approver if approval else None,
                approval=approval.approval_id if approval else None,
            )
            self._recorder.record(tx, fact, who.staff_id)

    def _must_ask_to_open(
        self, tx: Tx, who: Actor, shift: Shift | None, approval: Approval | None, *, to_count: bool
    ) -> bool:
        """Return whether a yes is to be spent on opening the drawer; raise NeedsApprovalError when none is at hand.

        Without a shift nobody counts the openings: whoever has a limit asks.
        """
        if to_count:
            who.require(Action.CLOSE_SHIFT, approval)
            return not may(who.role, Action.CLOSE_SHIFT)
        before = MOST_OPENINGS if shift is None else tx.leaks.own_openings(shift.shift_id, who.staff_id)
        needed = NeedsApprovalError(action=Action.OPEN_DRAWER)
        return must_spend(who, self._settings.value.limits, needed, approval, before)

    def x_report(self) -> tuple[Shift, ShiftTotals]:
        """Return the open shift with its sums so far; raise NoShiftError."""
        with self._store.read() as tx:
            shift = _open_shift(tx)
            return shift, tx.shifts.totals(shift.shift_id)

    def print_x(self) -> None:
        """Queue the X report for printing; raise NoShiftError."""
        with self._store.write() as tx:
            self._queue(tx, PrintKind.X_REPORT, _open_shift(tx).shift_id)

    def print_z(self, shift_id: ShiftId) -> None:
        """Queue the Z report of a closed shift for printing again."""
        with self._store.write() as tx:
            self._queue(tx, PrintKind.Z_REPORT, shift_id, copy_number=1)

    def close(
        self,
        who: Actor,
        counted: Amount | Count,
        reason: str | None = None,
        approval: Approval | None = None,
    ) -> ZReport:
        """Close the open shift on a count; the Z report is its closing fact, signed, and queued for printing.

        `counted` alone is the cash in the drawer, as one sum. The shift of one who works here no more needs a manager
        or an approval of CLOSE_LEAVERS_SHIFT. Raises NoShiftError, VarianceReasonError when a count differs and no
        reason is given, CartsOpenError when the till's cart still holds goods, InvalidValueError for a count that is
        none, NeedsApprovalError.
        """
        count = counted if isinstance(counted, Count) else Count(cash=counted, reason=reason)
        if count.cash is None:
            raise InvalidValueError(field="amount", text="")
        with self._store.write() as tx:
            return self._close(tx, who, count, approval)

    def hand_over(
        self,
        who: Actor,
        taker: Actor,
        counted: Amount | Count | None,
        reason: str | None = None,
        approval: Approval | None = None,
    ) -> HandOver:
        """Close the open shift and open the next one for who takes the till over, with the cash that is in it.

        `taker` gave her PIN (`StaffService.vouched`). `counted` None: nobody counts, the books are believed. The next
        float is what was counted, or what the books expect. The open cart stays where it is and goes on. Raises what
        `close` and `open` raise, CartPayingError when money was taken for the open cart, HandOverToSelfError.
        """
        count = counted if isinstance(counted, Count) else Count(cash=counted, reason=reason)
        with self._store.write() as tx:
            check_taker(who, taker)
            next_id = ShiftId(self._ids.new())
            report = self._close(tx, who, count, approval, Taker(taker, next_id))
            self._recorder.record(tx, SignedOut(staff=who.staff_id), who.staff_id)
            self._recorder.record(tx, SignedIn(staff=taker.staff_id), taker.staff_id)
            opened = self._open(tx, taker, report.closed.counted, next_id, report.shift.shift_id)
        return HandOver(report, opened)

    def _close(
        self,
        tx: Tx,
        who: Actor,
        count: Count,
        approval: Approval | None,
        taker: Taker | None = None,
    ) -> ZReport:
        now, shift = self._clock.now(), _open_shift(tx)
        spent = allow(tx, self._clock, who, shift, approval)
        check_cart(tx, goes_on=taker is not None)
        totals = tx.shifts.totals(shift.shift_id)
        closing = Closing(who, count, totals, tx.shifts.next_z(), owed(tx), taker, spent)
        signed = self._signed_head(tx, now)
        fact = closing_fact(closing, shift, signed)
        self._recorder.record(tx, fact, who.staff_id, at=now)
        tx.journal.save_signed_head(signed)
        tx.shifts.close(shift.shift_id, now, fact.z_number, msgspec.json.encode(fact))
        self._queue(tx, PrintKind.Z_REPORT, shift.shift_id)
        closed = tx.shifts.get(shift.shift_id)
        assert closed is not None
        return ZReport(closed, fact)

    def _signed_head(self, tx: Tx, now: datetime) -> SignedHead:
        """Sign the journal's head; a key that is not the one known of this till is recorded first."""
        public = self._signer.public_key()
        known = known_key(tx)
        if public.hex() != known:
            self._recorder.record(tx, KeyChanged(previous=known, public_key=public.hex()), None, at=now)
        head = tx.journal.head()
        return SignedHead(
            epoch=head.epoch,
            seq=head.seq,
            hash=head.hash,
            signature=self._signer.sign(signed_text(head)),
            public_key=public,
        )

    def z_reports(self, limit: int = 50) -> tuple[ZReport, ...]:
        """Return the latest Z reports, newest first."""
        with self._store.read() as tx:
            return tuple(
                ZReport(shift, _report_decoder.decode(report)) for shift, _, report in tx.shifts.closed(limit)
            )

    @staticmethod
    def closing(tx: Tx, shift_id: ShiftId) -> ShiftClosed | None:
        """Return the closing fact of a shift, within a transaction; None while it is open."""
        report = tx.shifts.report(shift_id)
        return None if report is None else _report_decoder.decode(report)

    def daily(self, day: date | None = None) -> DailySummary:
        """Return the summary of a business date over all its shifts at this till; today's without one."""
        with self._store.read() as tx:
            return daily(tx, day or self._today(), self._settings.value.zone)

    def print_daily(self, day: date) -> None:
        """Queue the summary of a business date for printing."""
        with self._store.write() as tx:
            self._queue(tx, PrintKind.DAILY, day_id(day))

    def leaver(self) -> StaffId | None:
        """Return who opened the shift that is open when she works here no more."""
        with self._store.read() as tx:
            shift = tx.shifts.current()
            return shift.opened_by if shift is not None and is_leavers(tx, shift.opened_by) else None

    def owed(self) -> Owed:
        """Return what wallets still owe an answer for; it keeps no shift from closing."""
        with self._store.read() as tx:
            return owed(tx)

    def _queue(self, tx: Tx, kind: str, subject: ShiftId | DayId, copy_number: int = 0) -> None:
        job = PrintJob(
            job_id=PrintJobId(self._ids.new()),
            kind=kind,
            subject=subject,
            copy_number=copy_number,
            created_at=self._clock.now(),
        )
        tx.print_jobs.add(job)


def known_key(tx: Tx) -> str:
    """Return the key (hex) that the latest Z was signed with, or the one the shop was founded with."""
    latest = tx.journal.last_signed_head()
    if latest is not None:
        return latest.public_key.hex()
    for entry in tx.journal.entries(limit=1):
        first = decode(entry.body)
        founded = codec.decode_content(first.kind, first.version, bytes(first.content))
        if isinstance(founded, ShopFounded):
            return founded.public_key
    return ""


def _open_shift(tx: Tx) -> Shift:
    shift = tx.shifts.current()
    if shift is None:
        raise NoShiftError()
    return shift


def _check_amount(amount: Amount, *, least: int) -> None:
    """Raise InvalidValueError for an amount of cash below the least, or beyond what books hold."""
    if not least <= amount < LIMIT:
        raise InvalidValueError(field="amount", text=str(amount))
