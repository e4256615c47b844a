"""How a batch goes from one state to the next, so that a kill anywhere leaves a state to go on from.

Decides the order of steps and what is looked at again when a batch is shown; docs/decisions/0010 says what counts when.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from pos_app.domain.facts.imports import ImportPublished, ImportWithdrawn
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.ids import StaffId
from pos_app.services.imports.hand import Hand
from pos_app.services.imports.keys import KeyWork, Walk
from pos_app.services.imports.taking import Taker
from pos_app.services.imports.values import Progress, Stage, Watcher
from pos_app.services.ports.imports import Counts, ImportBatch, State, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

FEW = 50
"""So many facts are looked at in one transaction."""
_LOOKS = 20
"""So often is the journal read before a batch is shown; each time there is less that happened since the last."""
_AT_ONCE = 300
"""Rows removed or restored in one transaction at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The way of one batch."""

    work: Workplace
    hand: Hand
    watcher: Watcher
    taker: Taker

    @property
    def _keys(self) -> KeyWork:
        return KeyWork(store=self.work.store, hand=self.hand, watcher=self.watcher, tables=self.taker.tables)

    def finish(self, batch: ImportBatch, who: StaffId | None) -> ImportBatch:
        """Carry a batch on to its end: done, or gone where it is being taken back. Staging is not carried on."""
        if batch.state is State.PUBLISHED:
            batch = self.fold(batch)
        if batch.state is State.WITHDRAWING:
            batch = self._hide(self._bring_back_keys(batch), who)
        if batch.state is State.WITHDRAWN:
            batch = self._remove(batch)
        return batch

    def publish(self, batch: ImportBatch, who: StaffId | None) -> ImportBatch:
        """Write the search keys, then let all that was staged count, by one row; raise CancelledError."""
        self._keys.put(batch, Walk.BROUGHT, Stage.KEYS)
        self._tell(Stage.PUBLISHING, batch)
        batch = self._settled_ahead(batch)

        def show(tx: Tx) -> ImportBatch:
            now = self._settled(tx, batch)
            now = msgspec.structs.replace(now, state=State.PUBLISHED, published_at=self.work.clock.now())
            fact = ImportPublished(
                batch=now.batch_id,
                kind=now.kind.value,
                sha256=now.sha256,
                new=now.counts.new,
                changed=now.counts.changed,
                refused=now.counts.refused,
            )
            self.work.recorder.record(tx, fact, who)
            tx.imports.save(now)
            return now

        return self.hand.write(self.work.store.write, show)

    def _settled_ahead(self, batch: ImportBatch) -> ImportBatch:
        """Look at what happened since the first row was staged, until nothing new was found: little is left then."""
        for _ in range(_LOOKS):
            with self.work.store.read() as tx:
                head = tx.journal.head()
                happened = tx.imports.happened(batch.journal_from, self.taker.touching)
            seen = msgspec.structs.replace(batch, journal_from=(head.epoch, head.seq))
            if not happened:
                return seen
            for start in range(0, len(happened), FEW):
                part = happened[start : start + FEW]
                counts = self.hand.write(
                    self.work.store.write,
                    lambda tx, part=part, batch=batch: self._left_out(tx, batch, part),  # type: ignore[misc]
                )
                batch = msgspec.structs.replace(batch, counts=counts)
            batch = msgspec.structs.replace(seen, counts=batch.counts)
        return batch

    def _settled(self, tx: Tx, batch: ImportBatch) -> ImportBatch:
        """Leave out what clashes with what happened since the last look."""
        happened = tx.imports.happened(batch.journal_from, self.taker.touching)
        return msgspec.structs.replace(batch, counts=self._left_out(tx, batch, happened))

    def _left_out(self, tx: Tx, batch: ImportBatch, happened: Sequence[JournalEntry]) -> Counts:
        """Leave out what clashes with some facts, and say how many it is with those before."""
        more = len(self.taker.settle(tx, batch, happened)) if happened else 0
        counts = msgspec.structs.replace(batch.counts, left_out=batch.counts.left_out + more)
        if more:
            tx.imports.save(msgspec.structs.replace(batch, counts=counts))
        return counts

    def fold(self, batch: ImportBatch) -> ImportBatch:
        """Remove the keys of versions that a published batch replaced; list the labels to print again."""
        if batch.counts.changed:
            if batch.kind is Kind.CATALOGUE:
                batch = self._labels_noted(batch)
            self._keys.drop(batch, Walk.REPLACED, Stage.FOLDING)
        return self._moved(batch, State.DONE)

    def _labels_noted(self, batch: ImportBatch) -> ImportBatch:
        """List the labels to print again, with how far it got, so that a kill lists none twice."""
        at = batch.published_at or batch.started_at
        return self._noted(
            batch, lambda tx, now: tx.staged_goods.note_labels(now.number, at, now.labels_after, _AT_ONCE)
        )

    def _noted(self, batch: ImportBatch, note: Callable[[Tx, ImportBatch], int | None]) -> ImportBatch:
        """Note labels part by part, each with how far it got in one transaction, until there are no more."""

        def part(tx: Tx) -> ImportBatch | None:
            last = note(tx, batch)
            if last is None:
                return None
            noted = msgspec.structs.replace(batch, labels_after=last)
            tx.imports.save(noted)
            return noted

        while (noted := self.hand.write(self.work.store.write, part)) is not None:
            batch = noted
        return batch

    def _moved(self, batch: ImportBatch, state: State) -> ImportBatch:
        moved = msgspec.structs.replace(batch, state=state)
        self.hand.write(self.work.store.write, lambda tx: tx.imports.save(moved))
        return moved

    def withdraw(self, batch: ImportBatch, who: StaffId | None) -> ImportBatch:
        """Take a batch back, from whatever state it is in."""
        if batch.state is State.STAGING:
            batch = self._hide(batch, who)
        elif batch.state in (State.PUBLISHED, State.DONE):
            batch = self._moved(batch, State.WITHDRAWING)
        return self.finish(batch, who)

    def _bring_back_keys(self, batch: ImportBatch) -> ImportBatch:
        """Write the keys of replaced versions again."""
        if batch.counts.changed:
            self._keys.put(batch, Walk.REPLACED, Stage.RESTORING)
        return batch

    def _hide(self, batch: ImportBatch, who: StaffId | None) -> ImportBatch:
        """Let a batch count no more, by one row."""
        published = batch.state is State.WITHDRAWING

        def hide(tx: Tx) -> ImportBatch:
            kept = self._kept(tx, batch) if published else 0
            counts = msgspec.structs.replace(batch.counts, kept=kept)
            hidden = msgspec.structs.replace(batch, state=State.WITHDRAWN, counts=counts, labels_after=0)
            fact = ImportWithdrawn(batch=batch.batch_id, published=published, kept=kept)
            self.work.recorder.record(tx, fact, who)
            tx.imports.save(hidden)
            return hidden

        return self.hand.write(self.work.store.write, hide)

    def _kept(self, tx: Tx, batch: ImportBatch) -> int:
        """Return how many rows stay, since they were used."""
        tables = self.taker.tables(tx)
        if not tables:
            return 0
        return batch.counts.staged - batch.counts.left_out - tables[0].count_brought(batch.number)

    def _remove(self, batch: ImportBatch) -> ImportBatch:
        """Remove what a hidden batch brought, keys first, and let what it replaced count for good."""
        if batch.kind is Kind.CATALOGUE and batch.published_at is not None:
            batch = self._labels_noted_back(batch, batch.published_at)
        self._keys.drop(batch, Walk.BROUGHT, Stage.REMOVING)
        self._each(_brought, batch, Stage.REMOVING, lambda table, numbers: table.remove(numbers))
        self._each(
            _replaced, batch, Stage.REMOVING, lambda table, numbers: table.restore(batch.number, numbers)
        )
        while self.hand.write(self.work.store.write, lambda tx: self.taker.remove_more(tx, batch, _AT_ONCE)):
            self._tell(Stage.REMOVING, batch)
        return self._moved(batch, State.GONE)

    def _labels_noted_back(self, batch: ImportBatch, shown_at: datetime) -> ImportBatch:
        """List the labels that say a price of a batch that is taken back, with how far it got."""
        moments = shown_at, self.work.clock.now()
        return self._noted(
            batch,
            lambda tx, now: tx.staged_goods.note_labels_back(now.number, moments, now.labels_after, _AT_ONCE),
        )

    def purge(self, batch: ImportBatch) -> None:
        """Remove versions that earlier batches replaced: they were kept for taking back, which is over now."""
        self._each(_settled, batch, Stage.STAGING, lambda table, numbers: table.remove(numbers))

    def _each(
        self,
        find: Callable[[Versions, int, int, int], Sequence[int]],
        batch: ImportBatch,
        stage: Stage,
        act: Callable[[Versions, Sequence[int]], None],
    ) -> None:
        """Find versions while nobody waits, and act on them in short transactions."""
        with self.work.store.read() as tx:
            count = len(self.taker.tables(tx))
        for index in range(count):
            after = 0
            while True:
                with self.work.store.read() as tx:
                    numbers = find(self.taker.tables(tx)[index], batch.number, after, _AT_ONCE)
                if not numbers:
                    break

                def write(tx: Tx, index: int = index, numbers: Sequence[int] = numbers) -> None:
                    act(self.taker.tables(tx)[index], numbers)

                self.hand.write(self.work.store.write, write)
                after = numbers[-1]
                self._tell(stage, batch)

    def _tell(self, stage: Stage, batch: ImportBatch) -> None:
        self.watcher.progress(Progress(stage=stage, done=0, total=None, counts=batch.counts))


def _brought(table: Versions, batch: int, after: int, limit: int) -> Sequence[int]:
    return table.brought(batch, after, limit)


def _replaced(table: Versions, batch: int, after: int, limit: int) -> Sequence[int]:
    return table.replaced(batch, after, limit)


def _settled(table: Versions, _batch: int, after: int, limit: int) -> Sequence[int]:
    return table.settled(after, limit)


def with_counts(batch: ImportBatch, more: Counts, rows_done: int) -> ImportBatch:
    """Return a batch with more rows counted, as far as `rows_done`."""
    had = batch.counts
    counts = Counts(
        new=had.new + more.new,
        changed=had.changed + more.changed,
        same=had.same + more.same,
        refused=had.refused + more.refused,
    )
    return msgspec.structs.replace(batch, counts=counts, rows_done=rows_done)
