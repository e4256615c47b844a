"""Search keys of a whole batch: gathered, sorted, and written or removed in their order.

Decides how keys come and go while the shop sells: they are made from the versions that stand in the database, so that
an import that was killed simply does it again. Which keys a thing has is the store's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.members import MemberErased
from pos_app.services.imports.hand import Hand
from pos_app.services.imports.values import CancelledError, Progress, Stage, Watcher
from pos_app.services.ports.imports import ImportBatch, Scratch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Store, Tx

READ_AT_ONCE = 1_000
ERASED = ("member.erased",)


class Walk(StrEnum):
    """Whose keys."""

    BROUGHT = "brought"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWork:
    """What key work needs: the books, a hand, who watches, and the tables of versions of the batch's kind."""

    store: Store
    hand: Hand
    watcher: Watcher
    tables: Callable[[Tx], Sequence[Versions]]

    def put(self, batch: ImportBatch, walk: Walk, stage: Stage) -> None:
        """Write the keys of versions that a batch brought or replaced.

        Raises CancelledError when told to stop, unless it is being taken back.
        """
        with self.store.scratch() as scratch:
            after = self._gather(batch, walk, stage, scratch)

            def put(tx: Tx, name: str, first: int, last: int) -> None:
                nonlocal after
                after = self._leave_erased(tx, batch, scratch, after)
                scratch.put(name, first, last)

            self._in_order(batch, stage, scratch, put)

    def drop(self, batch: ImportBatch, walk: Walk, stage: Stage) -> None:
        """Remove the keys of versions that a batch brought or replaced."""
        with self.store.scratch() as scratch:
            self._gather(batch, walk, stage, scratch)
            self._in_order(
                batch, stage, scratch, lambda _tx, name, first, last: scratch.drop(name, first, last)
            )

    def _in_order(
        self,
        batch: ImportBatch,
        stage: Stage,
        scratch: Scratch[Tx],
        act: Callable[[Tx, str, int, int], None],
    ) -> None:
        """Sort what was gathered, and act on it from its first row to its last in short transactions."""
        total, done = scratch.sort(), 0
        meter = self.hand.meter()
        for name, rows in scratch.sorted_rows:
            first = 1
            while first <= rows:
                if stage is Stage.KEYS and self.watcher.cancelled():
                    raise CancelledError
                last = min(first + self.hand.keys - 1, rows)
                self.hand.write(scratch.write, partial(_acting, act, name, first, last))
                self.hand.keys_fit()
                done += last - first + 1
                first = last + 1
                self.watcher.progress(meter.progress(stage, done, total, batch.counts))

    def _gather(self, batch: ImportBatch, walk: Walk, stage: Stage, scratch: Scratch[Tx]) -> tuple[int, int]:
        """Read the versions and make their keys; return where the journal ended before the first was read."""
        with self.store.read() as tx:
            head = tx.journal.head()
            count = len(self.tables(tx))
        for index in range(count):
            after: int | None = 0
            while after is not None:
                with self.store.read() as tx:
                    versions = self.tables(tx)[index]
                    keys = versions.keys_brought if walk is Walk.BROUGHT else versions.keys_replaced
                    chunk = keys(batch.number, after, READ_AT_ONCE)
                scratch.gather(chunk.keys)
                after = chunk.last
                self.watcher.progress(Progress(stage=stage, done=0, total=None, counts=batch.counts))
        return head.epoch, head.seq

    def _leave_erased(
        self, tx: Tx, batch: ImportBatch, scratch: Scratch[Tx], after: tuple[int, int]
    ) -> tuple[int, int]:
        """Keep the keys of members out who were erased since; return how far the journal was read."""
        head = tx.journal.head()
        if (head.epoch, head.seq) == after:
            return after
        erased = [_erased(entry) for entry in tx.imports.happened(after, ERASED)]
        if erased:
            for versions in self.tables(tx):
                scratch.exclude(versions.numbers_of(batch.number, [fact.member for fact in erased]))
        return head.epoch, head.seq


def _acting(act: Callable[[Tx, str, int, int], None], name: str, first: int, last: int, tx: Tx) -> None:
    act(tx, name, first, last)


def _erased(entry: JournalEntry) -> MemberErased:
    fact = codec.decode_content(entry.kind, entry.version, bytes(decode(entry.body).content))
    assert isinstance(fact, MemberErased)
    return fact
