"""Filling a new till: it fetches a snapshot, sells as soon as goods, staff and settings are in, and gets its members.

One call is one step of a second or two, on the thread of sync, so that what was sold is pushed meanwhile. Decides the
order, what is fetched again after a cut, and when the till goes on with the feed. The members themselves are taken in
by processes beside the till (`filling_rows`, `filling_keys`); what becomes of a document is `applying`. Killed at any
point, it goes on from where it was. Source: SYNC.md §8.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import msgspec

from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import SyncLink
from sync.client.engine import NotLinkedError
from sync.client.filling_goods import let_wait
from sync.client.filling_state import forget, load
from sync.client.snapshot_file import Blocks, DamagedSnapshotError, document
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Document, SnapshotReady, Snapshots

FILE, NOTES = "snapshot.gz", "snapshot.notes"
"""In the folder of the till's data: what came in of the file, and what it is."""
STEP_US = 1_500_000
REST_US = 100_000
APPLIED_AT_ONCE = 2_000


class FillingFailedError(Exception):
    """A process that takes members in ended without having done it: it is begun again."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the processes beside the till are told: the data folder, the file in it, whose snapshot, of how many."""

    folder: str
    file: str
    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class CrewState:
    """How far the processes are: members looked at, thousandths of the keys written, whether they ended."""

    rows: int = 0
    keys: int = 0
    is_done: bool = False
    is_broken: bool = False


class Crew(Protocol):
    """The processes that take members in."""

    def start(self, job: Job) -> None:
        """Begin, or begin again; those that work already go on."""
        ...

    def tell_whole(self) -> None:
        """Say that nothing is added to the file any more."""
        ...

    def state(self) -> CrewState:
        """Return how far they are."""
        ...

    def stop(self) -> None:
        """End them between two transactions; what they did stays."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingDoors:
    """What filling needs: `clear` forgets all documents and `take_in` writes some, as a pull does.

    `told` hears how many members of how many are in and can be found, and None at the end.
    """

    store: Store
    folder: Path
    snapshots: Snapshots
    clear: Callable[[], None]
    take_in: Callable[[Sequence[Document]], None]
    crew: Crew
    stopwatch: Stopwatch
    told: Callable[[tuple[int, int] | None], None]


class Filling:
    """The filling of one till; on the thread of sync."""

    def __init__(self, doors: FillingDoors) -> None:
        self._doors = doors
        self._file, self._notes = doors.folder / FILE, doors.folder / NOTES
        self._ready: SnapshotReady | None = None
        self._blocks = Blocks()
        self._taken = 0
        self._size = 0
        self._is_whole = self._is_started = False

    @property
    def first(self) -> tuple[int, int] | None:
        """How many of the documents that a till sells with came in, and of how many; None before that is known."""
        return None if self._ready is None else (self._taken, self._ready.first)

    def is_due(self) -> bool:
        """Whether this till begins with a snapshot: it joined a merchant and has not come to the feed yet."""
        with self._doors.store.read() as tx:
            link = tx.links.load()
            return link is not None and (load(tx) is not None or _is_new(link))

    def step(self) -> bool:
        """Do some of it; return whether more is to do. Raises PlatformError, NotLinkedError, FillingFailedError."""
        try:
            if self._ready is None:
                self._begin()
            elif not self._is_whole:
                self._fetch(self._ready)
            elif self._follow(self._ready):
                return False
        except DamagedSnapshotError:
            self._drop()
            raise PlatformError(Number.NOT_THE_PLATFORM) from None
        except PlatformError as error:
            if error.number is not Number.SNAPSHOT_GONE:
                raise
            self._drop()
        return True

    def stop(self) -> None:
        """End the processes; the next `step` goes on."""
        self._doors.crew.stop()
        self._is_started = False

    # -- the file --------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Go on with the file that is here, or ask for one."""
        self._doors.folder.mkdir(parents=True, exist_ok=True)
        ready = self._noted()
        if ready is None:
            self._file.unlink(missing_ok=True)
            with self._doors.store.read() as tx:
                is_begun = load(tx) is not None
            if not is_begun:
                self._doors.clear()
                with self._doors.store.write() as tx:
                    let_wait(tx)
            ready = self._doors.snapshots.prepare()
            self._note(ready)
            self._file.touch()
        self._ready = ready
        self._blocks, self._taken, self._size = Blocks(), 0, 0
        with self._file.open("rb") as file:
            while part := file.read(1_000_000):
                self._take(part)
        self._look_at_the_end()

    def _noted(self) -> SnapshotReady | None:
        try:
            ready = codec.decode(self._notes.read_bytes(), SnapshotReady)
        except (OSError, PlatformError):
            return None
        return ready if self._file.exists() else None

    def _note(self, ready: SnapshotReady) -> None:
        aside = self._notes.with_suffix(".aside")
        aside.write_bytes(codec.encode(ready))
        aside.replace(self._notes)
        self._ready = ready

    def _fetch(self, ready: SnapshotReady) -> None:
        """Fetch for a while; ask how large the file is by now where it is still being made."""
        if self._size >= ready.size and not ready.sha256:
            known = self._doors.snapshots.prepare()
            if known.name != ready.name:
                raise PlatformError(Number.SNAPSHOT_GONE)
            self._note(known)
            if known.size == self._size:
                self._doors.stopwatch.rest(REST_US)
            ready = known
        until = self._doors.stopwatch.micros() + STEP_US
        if self._size < ready.size:
            with self._file.open("ab", buffering=0) as file:
                for part in self._doors.snapshots.fetch(ready.name, self._size):
                    file.write(part)
                    self._take(part)
                    if self._doors.stopwatch.micros() > until:
                        break
        self._look_at_the_end()

    def _take(self, part: bytes) -> None:
        """Take a part of the file in: what a till sells with is written at once."""
        self._size += len(part)
        ready = self._ready
        assert ready is not None
        if self._taken < ready.first:
            found = [document(each) for each in self._blocks.feed(part)][: ready.first - self._taken]
            for start in range(0, len(found), APPLIED_AT_ONCE):
                self._doors.take_in(found[start : start + APPLIED_AT_ONCE])
            self._taken += len(found)
        if self._taken >= ready.first and not self._is_started:
            self._start(ready)

    def _start(self, ready: SnapshotReady) -> None:
        self._is_started = True
        folder = self._doors.folder
        self._doors.crew.start(Job(folder=str(folder), file=FILE, name=ready.name, documents=ready.documents))

    def _look_at_the_end(self) -> None:
        """Check the file once it is whole."""
        ready = self._ready
        assert ready is not None
        if not ready.sha256 or self._size < ready.size:
            return
        with self._file.open("rb") as file:
            if self._size != ready.size or hashlib.file_digest(file, "sha256").digest() != ready.sha256:
                raise DamagedSnapshotError
        if not self._is_started:
            self._start(ready)
        self._is_whole = True
        self._doors.crew.tell_whole()

    def _drop(self) -> None:
        """Forget the file; the members that came out of it stay."""
        self.stop()
        for path in (self._notes, self._file):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self._ready, self._is_whole = None, False

    # -- the members -----------------------------------------------------------------------------------------

    def _follow(self, ready: SnapshotReady) -> bool:
        """Look how far the members are; return whether all is in and the till goes on with the feed."""
        state = self._doors.crew.state()
        total = ready.documents - ready.first
        if state.is_done:
            self._end(ready)
            return True
        if state.is_broken:
            self.stop()
            self._ready, self._is_whole = None, False
            raise FillingFailedError
        self._doors.told(((min(state.rows, total) + total * state.keys // 1000) // 2, total))
        self._doors.stopwatch.rest(REST_US)
        return False

    def _end(self, ready: SnapshotReady) -> None:
        """Let the till go on from where the snapshot was made."""
        with self._doors.store.write() as tx:
            link, state = tx.links.load(), load(tx)
            if link is None:
                raise NotLinkedError
            is_in = state is not None and state.is_done and state.is_listed
            if state is None or not is_in or state.name != ready.name:
                raise FillingFailedError
            forget(tx)
            tx.links.save(replace(link, cursor=ready.cursor))
        self._drop()
        self._doors.told(None)


def _is_new(link: SyncLink) -> bool:
    return not link.cursor and link.way == "join"
