"""The use cases of imports: look at a file, rehearse it, bring it in, take it back, go on after a kill.

Decides who may, what of a file is staged in one go, and which batch a file goes on with. States stand in `flow`, what a
row does in the taker of its kind.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pos_app.domain.imports import headings
from pos_app.domain.imports.faults import Fault, Refused
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.staff import Action
from pos_app.services.acting import Actor
from pos_app.services.imports.flow import Flow
from pos_app.services.imports.hand import Hand
from pos_app.services.imports.reading import Opened, digest_of, open_file
from pos_app.services.imports.run import Run, taker_of
from pos_app.services.imports.values import (
    Ended,
    FileEditedError,
    NothingToUndoError,
    NotLatestError,
    UnderWayError,
    Watcher,
)
from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.imports import ImportBatch, State
from pos_app.services.workplace import Workplace

READ_AT_ONCE = 500
ACTIONS = {
    Kind.CATALOGUE: Action.IMPORT_CATALOGUE,
    Kind.PIECES: Action.IMPORT_CATALOGUE,
    Kind.MEMBERS: Action.IMPORT_MEMBERS,
    Kind.BALANCES: Action.IMPORT_MEMBERS,
}
_faults = msgspec.json.Decoder(tuple[Fault, ...])


class ImportService:
    """Imports of one shop."""

    def __init__(self, work: Workplace, stopwatch: Stopwatch) -> None:
        self._work = work
        self._stopwatch = stopwatch

    def open(self, path: Path, kind: Kind, sheet: int | None = None) -> Opened:
        """Look at a file: its sheets, headings, and the mapping that is proposed.

        Raises what is wrong with the file as a whole (see `documents.tables.errors`).
        """
        return open_file(self._work.store, path, kind, sheet)

    def remember(self, opened: Opened) -> None:
        """Keep the columns that were chosen, for the next file with the same headings."""
        opened.check()
        with self._work.store.write() as tx:
            tx.imports.remember_mapping(opened.kind, headings.key_of(opened.headings), opened.chosen_headings)

    def rehearse(self, who: Actor, opened: Opened, watcher: Watcher | None = None) -> Ended:
        """Say what a file would do, without writing anything; raise CancelledError when told to stop."""
        who.require(ACTIONS[opened.kind])
        opened.check()
        run = Run(self._work, self._hand(), watcher or Watcher(), who, (opened, digest_of(opened.path)))
        return Ended(told=run.rehearse())

    def run(self, who: Actor, opened: Opened, watcher: Watcher | None = None) -> Ended:
        """Bring a file in: staged, then shown at once. The same file again goes on where it was cut off.

        Told to stop, what was staged is taken back. Raises UnderWayError while another file is, FileEditedError when
        it was this one before somebody wrote to it, MappingNeededError,
        FileChangedError, DamagedTableError (what was staged stays, to go on from), and what the store raises.
        """
        who.require(ACTIONS[opened.kind])
        opened.check()
        sha256 = digest_of(opened.path)
        run = Run(self._work, self._hand(), watcher or Watcher(), who, (opened, sha256))
        batch = self._found(who, run, sha256)
        if batch is not None and batch.state is State.DONE:
            return Ended(told=run.gathered.report(), batch=batch, nothing_new=True)
        self.remember(opened)
        return run.bring_in(batch)

    def _found(self, who: Actor, run: Run, sha256: str) -> ImportBatch | None:
        """Return the batch of this file that is staging, or done and the latest of its kind; carry others on first."""
        with self._work.store.read() as tx:
            current, last = tx.imports.current(), tx.imports.last_done()
        if current is not None and current.state is not State.STAGING:
            done = self._flow(current, run.watcher).finish(current, who.staff_id)
            last = done if done.state is State.DONE else last
        elif current is not None:
            if not _is_of(current, run, sha256):
                error = FileEditedError if _was_edited(current, run, sha256) else UnderWayError
                raise error(file=current.file_name, batch=current.number)
            return current
        return last if last is not None and _is_of(last, run, sha256) else None

    def under_way(self) -> ImportBatch | None:
        """Return the batch that is under way, or was when it was cut off."""
        with self._work.store.read() as tx:
            return tx.imports.current()

    def file_to_go_on_with(self) -> Path | None:
        """Return the file of the batch that was cut off while it was staged, if it stands where it stood, unchanged.

        Reads the whole file, so not on the lane of the books.
        """
        batch = self.under_way()
        if batch is None or batch.state is not State.STAGING or not batch.path:
            return None
        path = Path(batch.path)
        try:
            return path if path.is_file() and digest_of(path) == batch.sha256 else None
        except OSError:
            return None

    def recover(self, watcher: Watcher | None = None) -> ImportBatch | None:
        """Carry on what was cut off after it was shown or taken back; return a batch that was still being staged.

        That one is for a person to decide on: the same file goes on with it, `withdraw` takes it back.
        """
        batch = self.under_way()
        if batch is None or batch.state is State.STAGING:
            return batch
        self._flow(batch, watcher or Watcher()).finish(batch, None)
        return None

    def undoable(self) -> ImportBatch | None:
        """Return the batch that `withdraw` would take back: one under way, else the last if it is done."""
        with self._work.store.read() as tx:
            return tx.imports.current() or tx.imports.last_done()

    def withdraw(self, who: Actor, number: int | None = None, watcher: Watcher | None = None) -> ImportBatch:
        """Take the latest import back in one step; what was used since stays, and is counted.

        Raises NothingToUndoError when there is none, NotLatestError when `number` is another one.
        """
        batch = self.undoable()
        if batch is None:
            raise NothingToUndoError()
        if number is not None and number != batch.number:
            raise NotLatestError(batch=number, latest=batch.number, file=batch.file_name)
        who.require(ACTIONS[batch.kind])
        return self._flow(batch, watcher or Watcher()).withdraw(batch, who.staff_id)

    def batches(self, limit: int = 20) -> tuple[ImportBatch, ...]:
        """Return imports, the newest first."""
        with self._work.store.read() as tx:
            return tuple(tx.imports.latest(limit))

    def refusals(self, number: int) -> Iterator[Refused]:
        """Yield the rows of an import that were refused, in the file's order."""
        after = -1
        while True:
            with self._work.store.read() as tx:
                page = tx.imports.refusals(number, after, READ_AT_ONCE)
            if not page:
                return
            for each in page:
                yield Refused(each.row, _faults.decode(each.body))
            after = page[-1].row

    def _hand(self) -> Hand:
        return Hand(self._stopwatch)

    def _flow(self, batch: ImportBatch, watcher: Watcher) -> Flow:
        taker = taker_of(batch.kind, self._work, batch.sha256)
        return Flow(work=self._work, hand=self._hand(), watcher=watcher, taker=taker)


def _was_edited(batch: ImportBatch, run: Run, sha256: str) -> bool:
    """Say whether a batch is of this file as it was before somebody wrote to it: name and kind are the same."""
    opened = run.opened
    return (batch.file_name, batch.kind) == (opened.path.name, opened.kind) and batch.sha256 != sha256


def _is_of(batch: ImportBatch, run: Run, sha256: str) -> bool:
    """Say whether a batch is of a file as it is read now: another sheet, or other columns, are another import."""
    opened = run.opened
    return (batch.sha256, batch.kind, batch.plan) == (sha256, opened.kind, opened.plan)
