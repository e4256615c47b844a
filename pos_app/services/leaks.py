"""The leak report: what the journal and the sales of some business dates say, and one entry of it whole.

Decides the range, who is asked for the figures, and that nothing waits for them: it reads in one transaction of its
own, tells how far it is, and stops when told to. What counts as a leak stands in `domain.leaks`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from uuid import UUID

import msgspec

from pos_app.domain.errors import ExpectedError, NotFoundError
from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import Envelope, decode
from pos_app.domain.facts.sales import CartLineRemoved, CartLineRestored
from pos_app.domain.facts.shop import ApprovalGiven
from pos_app.domain.leaks import Leak, LeakKind, LeakReport, LineKey, without_undone, worth_of
from pos_app.domain.staff import Action
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import SaleId, StaffId
from pos_app.domain.values.moments import to_ms
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.ports.leaks import FactRow, SaleRow
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

TELL_EVERY = 1_000
_TAKEN_BACK = {"void": LeakKind.VOID, "return": LeakKind.RETURN}
_GIVEN = {
    "discount": LeakKind.DISCOUNT,
    "round_off": LeakKind.ROUND_OFF,
    "static_code": LeakKind.SEEN_PAYMENT,
}


class LeaksStoppedError(ExpectedError):
    """The report was stopped before it was made."""

    code = "leaks.error.stopped"


class DateOrderError(ExpectedError):
    """The first date is after the last."""

    code = "leaks.error.date_order"


def _never() -> bool:
    return False


def _nobody(_done: int, _of: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who looks on while a report is made: asked now and then whether to stop, told how many facts are read."""

    stopped: Callable[[], bool] = _never
    tell: Callable[[int, int], None] = _nobody


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry of the journal: its envelope, and the content read; None when this program does not know the kind."""

    envelope: Envelope
    fact: msgspec.Struct | None


class LeakService:
    """Use cases of the leak report; on any thread, each call reads for itself."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def today(self) -> date:
        """Return the business date of now."""
        settings = self._work.settings.value
        return business_date(self._work.clock.now(), settings.zone, settings.day_starts_at)

    def report(self, who: Actor, first: date, last: date, watcher: Watcher | None = None) -> LeakReport:
        """Return what the business dates hold, both included.

        Raises ForbiddenError, DateOrderError, LeaksStoppedError when the watcher stops it.
        """
        who.require(Action.SEE_LEAKS)
        if first > last:
            raise DateOrderError()
        with self._work.store.read() as tx:
            reading = _Reading(tx, watcher or Watcher())
            leaks = reading.facts(self._moment(first), self._moment(last + timedelta(days=1)))
            leaks += reading.sales(first, last)
            sold = {reading.staff(person): sales for person, sales in tx.leaks.sold(first, last)}
        leaks.sort(key=_by_time)
        return LeakReport(tuple(leaks), sold)

    def hours(self, report: LeakReport) -> list[str]:
        """Return the hour of the day, two digits, of each entry of a report, in the shop's time."""
        cache: dict[int, str] = {}
        found = []
        for leak in report.leaks:
            # No time zone that is in use changes but on a quarter of an hour.
            quarter = leak.at_ms // 900_000
            if quarter not in cache:
                cache[quarter] = f"{self._hour(quarter * 900_000):02d}"
            found.append(cache[quarter])
        return found

    def entry(self, who: Actor, epoch: int, seq: int) -> EntryDetail:
        """Return one entry of the journal; raise ForbiddenError, NotFoundError."""
        who.require(Action.SEE_LEAKS)
        with self._work.store.read() as tx:
            found = tx.journal.entry(epoch, seq)
        if found is None:
            raise NotFoundError(what=f"{epoch}/{seq}")
        envelope = decode(found.body)
        try:
            fact = codec.decode_content(envelope.kind, envelope.version, bytes(envelope.content))
        except codec.UnknownFactError:
            return EntryDetail(envelope, None)
        return EntryDetail(envelope, fact)

    def _moment(self, day: date) -> int:
        settings = self._work.settings.value
        return to_ms(datetime.combine(day, settings.day_starts_at, settings.zone).astimezone(UTC))

    def _hour(self, at_ms: int) -> int:
        return datetime.fromtimestamp(at_ms / 1000, self._work.settings.value.zone).hour


_by_time = attrgetter("at_ms", "epoch", "seq")


class _Reading:
    """One report in the making."""

    def __init__(self, tx: Tx, watcher: Watcher) -> None:
        self._tx = tx
        self._watcher = watcher
        self._staff: dict[bytes, StaffId] = {}
        self._yes: dict[tuple[Action, bytes], StaffId] = {}
        self._numbers: dict[SaleId, str | None] = {}

    def staff(self, raw: bytes) -> StaffId:
        """Return a person's id."""
        found = self._staff.get(raw)
        if found is None:
            found = self._staff[raw] = StaffId(UUID(bytes=raw))
        return found

    def facts(self, first_ms: int, until_ms: int) -> list[Leak]:
        """Return what the facts of a time count as."""
        of = self._tx.leaks.count_facts(first_ms, until_ms)
        found: list[Leak] = []
        removed: list[tuple[int, LineKey, Leak]] = []
        restored: list[tuple[int, LineKey]] = []
        for done, row in enumerate(self._tx.leaks.facts(first_ms, until_ms)):
            if done % TELL_EVERY == 0:
                self._look_up(done, of)
            fact = read_content(row.kind, row.version, row.body)
            if isinstance(fact, ApprovalGiven):
                self._note(fact)
            elif isinstance(fact, CartLineRestored):
                restored.append((row.epoch << 40 | row.seq, (fact.cart.int, fact.line.int)))
            elif fact is not None and (leak := self._leak(row, fact)) is not None:
                if isinstance(fact, CartLineRemoved):
                    line = (fact.cart.int, fact.removed.line.int)
                    removed.append((row.epoch << 40 | row.seq, line, leak))
                else:
                    found.append(leak)
        return found + without_undone(removed, restored)

    def _look_up(self, done: int, of: int) -> None:
        if self._watcher.stopped():
            raise LeaksStoppedError()
        self._watcher.tell(done, of)

    def _note(self, fact: ApprovalGiven) -> None:
        """Remember whose yes a return or a void had: the sale's own fact does not say it."""
        if fact.cart is not None and fact.approver is not None:
            self._yes[fact.action, fact.cart.bytes] = fact.approver

    def _leak(self, row: FactRow, fact: msgspec.Struct) -> Leak | None:
        worth = worth_of(fact)
        if worth is None:
            return None
        return Leak(
            kind=worth.kind,
            person=worth.person or (self.staff(row.staff) if row.staff else None),
            at_ms=row.happened_at,
            amount=worth.amount,
            epoch=row.epoch,
            seq=row.seq,
            approver=worth.approver,
            sale=worth.sale,
            number=self._number(worth.sale) if worth.sale else None,
            reason=worth.reason,
        )

    def _number(self, sale: SaleId) -> str | None:
        if sale not in self._numbers:
            self._numbers[sale] = self._tx.leaks.number_of(sale)
        return self._numbers[sale]

    def sales(self, first: date, last: date) -> list[Leak]:
        """Return what the sales of some dates count as."""
        asked = self._tx.leaks
        found = [self._sale(row, _TAKEN_BACK[row.what]) for row in asked.taken_back(first, last)]
        for done, row in enumerate(asked.given_away(first, last)):
            if done % TELL_EVERY == 0 and self._watcher.stopped():
                raise LeaksStoppedError()
            found.append(self._sale(row, _GIVEN[row.what]))
        found += (self._sale(row, _GIVEN[row.what]) for row in asked.seen_payments(first, last))
        return found

    def _sale(self, row: SaleRow, kind: LeakKind) -> Leak:
        approver = self.staff(row.approver) if row.approver else None
        if kind is LeakKind.RETURN:
            approver = self._yes.get((Action.RETURN, row.sale))
        elif kind is LeakKind.VOID and row.bought is not None:
            approver = self._yes.get((Action.VOID, row.bought))
        return Leak(
            kind=kind,
            person=self.staff(row.cashier),
            at_ms=row.committed_at,
            amount=Amount(-row.amount),
            epoch=row.epoch,
            seq=row.seq,
            approver=approver,
            sale=SaleId(UUID(bytes=row.sale)),
            number=row.number,
            reason=row.reason,
        )


_readers: dict[str, msgspec.json.Decoder[msgspec.Struct]] = {}


def read_content(kind: str, version: int, body: bytes) -> msgspec.Struct | None:
    """Return the content of an envelope's bytes in one go; None for a kind or version of a newer program."""
    known = codec.KINDS.get(kind)
    if known is None or version > known[1]:
        return None
    if version != known[1]:
        return codec.decode_content(kind, version, bytes(decode(body).content))
    reader = _readers.get(kind)
    if reader is None:
        holder = msgspec.defstruct("Body", [("content", known[0])])
        reader = _readers[kind] = msgspec.json.Decoder(holder)
    content: msgspec.Struct = reader.decode(body).content  # type: ignore[attr-defined]
    return content
