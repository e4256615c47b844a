"""One reading of one file: each row is read, weighed, and told; those that bring something are staged in chunks.

Decides what a chunk is, and how a file that was cut off is read again up to where it had come.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice

import msgspec

from pos_app.domain.imports.drafts import Draft, Rules
from pos_app.domain.imports.faults import Fault, Refused
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.rehearsal import Outcome, Rehearsal, Report
from pos_app.domain.values.ids import ImportId
from pos_app.services.acting import Actor
from pos_app.services.imports.balances import BalanceTaker
from pos_app.services.imports.flow import Flow, with_counts
from pos_app.services.imports.goods import GoodsTaker
from pos_app.services.imports.hand import Hand, Meter
from pos_app.services.imports.people import MemberTaker
from pos_app.services.imports.pieces import PieceTaker
from pos_app.services.imports.reading import Drafts, Opened, place_of, stamp_of
from pos_app.services.imports.taking import Taker
from pos_app.services.imports.values import CancelledError, Ended, FileChangedError, Stage, Verdict, Watcher
from pos_app.services.ports.imports import Counts, ImportBatch, Refusal, State
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

_WRITES = (Outcome.NEW, Outcome.CHANGED)
_faults = msgspec.json.Decoder(tuple[Fault, ...])


def taker_of(kind: Kind, work: Workplace, sha256: str) -> Taker:
    """Return what takes a kind in; `sha256` is the file's."""
    if kind is Kind.BALANCES:
        return BalanceTaker(work, sha256)
    takers: dict[Kind, type[MemberTaker | GoodsTaker | PieceTaker]] = {
        Kind.MEMBERS: MemberTaker,
        Kind.CATALOGUE: GoodsTaker,
        Kind.PIECES: PieceTaker,
    }
    return takers[kind](work)


def _source_of(opened: Opened, file: str) -> str:
    """Return what rows are numbered in: the file, or a sheet behind its first, whose rows have the same numbers."""
    if opened.sheet == 0:
        return file
    return sha256(f"{file}/{opened.sheets[opened.sheet]}".encode()).hexdigest()


class Run:
    """One reading of one file by one person."""

    def __init__(
        self, work: Workplace, hand: Hand, watcher: Watcher, who: Actor, file: tuple[Opened, str]
    ) -> None:
        self.work, self.hand, self.watcher, self.who = work, hand, watcher, who
        self.opened, self.sha256 = file
        self.taker = taker_of(self.opened.kind, work, _source_of(self.opened, self.sha256))
        self.gathered = Rehearsal(self.opened.kind)
        settings = work.settings.value
        rules = Rules(
            today=work.clock.now().astimezone(settings.zone).date(),
            region=settings.region,
            currency=settings.money,
            tax_classes=settings.tax_classes,
        )
        self.drafts = Drafts(self.opened, rules, self.gathered)

    def rehearse(self) -> Report:
        """Weigh every row and write nothing; raise CancelledError when told to stop."""
        meter, counts = self.hand.meter(), Counts()
        self.hand.rows = 500
        for read in self._chunks():
            _, verdicts = self._weighed(read)
            counts = _added(counts, verdicts, len(read) - len(verdicts))
            self._tell(meter, Stage.READING, counts.rows, counts)
        return self.gathered.report()

    def bring_in(self, batch: ImportBatch | None) -> Ended:
        """Stage every row and show them all at once; `batch` is one that was cut off.

        Told to stop, or when the file changes meanwhile, what was staged is taken back.
        """
        resumed = batch is not None
        flow = Flow(work=self.work, hand=self.hand, watcher=self.watcher, taker=self.taker)
        staging = (
            self._begun()
            if batch is None
            else msgspec.structs.replace(batch, path=place_of(self.opened.path))
        )
        try:
            staging = self._staged(staging, flow, resumed)
            told = self._report(staging)
            if staging.counts.staged:
                ended = flow.fold(flow.publish(staging, self.who.staff_id))
            else:
                ended = self._forgotten(staging)
        except (CancelledError, FileChangedError) as stop:
            gone = flow.withdraw(self._kept(staging), self.who.staff_id)
            if isinstance(stop, FileChangedError):
                raise
            return Ended(told=self._report(gone), batch=gone, cancelled=True, resumed=resumed)
        return Ended(told=told, batch=ended, resumed=resumed, nothing_new=not ended.counts.staged)

    def _report(self, batch: ImportBatch) -> Report:
        """Return what was gathered; how many rows were new is what was staged, also before the file was cut off."""
        counts = batch.counts
        return replace(self.gathered.report(), new=counts.new, changed=counts.changed, same=counts.same)

    def _kept(self, batch: ImportBatch) -> ImportBatch:
        """Return a batch as it stands in the books."""
        with self.work.store.read() as tx:
            return tx.imports.get(batch.number) or batch

    def _begun(self) -> ImportBatch:
        work, opened = self.work, self.opened

        def begin(tx: Tx) -> ImportBatch:
            head = tx.journal.head()
            return tx.imports.begin(
                ImportBatch(
                    number=0,
                    batch_id=ImportId(work.ids.new()),
                    kind=opened.kind,
                    state=State.STAGING,
                    sha256=self.sha256,
                    file_name=opened.path.name,
                    path=place_of(opened.path),
                    started_at=work.clock.now(),
                    staff_id=self.who.staff_id,
                    plan=opened.plan,
                    journal_from=(head.epoch, head.seq),
                )
            )

        return self.hand.write(work.store.write, begin)

    def _forgotten(self, batch: ImportBatch) -> ImportBatch:
        """End a batch that brought nothing."""
        gone = msgspec.structs.replace(batch, state=State.GONE)
        self.hand.write(self.work.store.write, lambda tx: tx.imports.save(gone))
        return gone

    def _chunks(self) -> Iterator[list[Draft | Refused]]:
        """Yield the rows as many at a time as fit into a transaction; raise CancelledError, FileChangedError."""
        stamp = stamp_of(self.opened.path)
        rows = self.drafts.read()
        while chunk := list(islice(rows, self.hand.rows)):
            if self.watcher.cancelled():
                raise CancelledError
            yield chunk
        if stamp_of(self.opened.path) != stamp:
            raise FileChangedError(file=self.opened.path.name)

    def _staged(self, batch: ImportBatch, flow: Flow, resumed: bool) -> ImportBatch:
        """Stage the rows that bring something, with how far the file was read; return the batch."""
        meter = self.hand.meter()
        meter.start_at(batch.counts.rows)
        is_purged = False
        for chunk in self._chunks():
            read = self._read_again(chunk, batch) if resumed else chunk
            if not read:
                self._tell(meter, Stage.STAGING, self.gathered.report().rows, batch.counts)
                continue
            refused, verdicts = self._weighed(read)
            writing = [verdict for verdict in verdicts if verdict.outcome in _WRITES]
            if writing and not is_purged:
                flow.purge(batch)
                is_purged = True
            counts = _added(Counts(), verdicts, len(read) - len(verdicts))
            batch = self._write(with_counts(batch, counts, read[-1].row), writing, refused)
            self._tell(meter, Stage.STAGING, batch.counts.rows, batch.counts)
        return batch

    def _write(
        self, batch: ImportBatch, writing: Sequence[Verdict], refused: Sequence[Refused]
    ) -> ImportBatch:
        prepared = self.taker.prepare(writing) if writing else None
        refusals = [Refusal(row=each.row, body=msgspec.json.encode(each.faults)) for each in refused]

        def write(tx: Tx) -> None:
            if prepared is not None:
                self.taker.stage(tx, self.who, batch, prepared)
            tx.imports.add_refusals(batch.number, refusals)
            tx.imports.save(batch)

        self.hand.write(self.work.store.write, write)
        if writing:
            self.hand.rows_fit(len(writing))
        return batch

    def _weighed(self, read: Sequence[Draft | Refused]) -> tuple[list[Refused], Sequence[Verdict]]:
        """Tell each row to the report; return those refused, and the verdicts on all that were not before."""
        checked = [self.gathered.check(each) for each in read]
        refused = [each for each in checked if isinstance(each, Refused)]
        drafts = [each for each in checked if not isinstance(each, Refused)]
        with self.work.store.read() as tx:
            verdicts = self.taker.weigh(tx, self.who, drafts)
        for verdict in verdicts:
            if verdict.outcome is None:
                refused.append(Refused(verdict.draft.row, verdict.faults))
            else:
                self.gathered.take(verdict.draft, verdict.outcome, verdict.notes)
                self.gathered.unpriced(verdict.unpriced)
        refused.sort(key=lambda each: each.row)
        for each in refused:
            self.gathered.refuse(each)
            self.watcher.refused(each)
        return refused, verdicts

    def _read_again(self, chunk: Sequence[Draft | Refused], batch: ImportBatch) -> Sequence[Draft | Refused]:
        """Return the rows of a chunk that were not staged yet; those before are remembered and added up, no more."""
        fresh = [each for each in chunk if each.row > batch.rows_done]
        known = chunk[: len(chunk) - len(fresh)]
        if known:
            with self.work.store.read() as tx:
                page = tx.imports.refusals(batch.number, known[0].row - 1, len(known))
            refused = {each.row: Refused(each.row, _faults.decode(each.body)) for each in page}
            for each in known:
                checked = self.gathered.check(each)
                if each.row in refused:
                    self.gathered.refuse(refused[each.row])
                elif not isinstance(checked, Refused):
                    self.gathered.take(checked, Outcome.SAME)
        return fresh

    def _tell(self, meter: Meter, stage: Stage, done: int, counts: Counts) -> None:
        read = self.drafts.thousandths()
        total = max(done, counts.rows) * 1000 // read if read else None
        self.watcher.progress(meter.progress(stage, done, total, counts))


def _added(counts: Counts, verdicts: Sequence[Verdict], refused: int) -> Counts:
    """Return counts with the rows of a chunk: those that were weighed, and those refused before."""
    found = Counter(verdict.outcome for verdict in verdicts)
    return Counts(
        new=counts.new + found[Outcome.NEW],
        changed=counts.changed + found[Outcome.CHANGED],
        same=counts.same + found[Outcome.SAME],
        refused=counts.refused + found[None] + refused,
    )
