"""The first half of filling: a snapshot's members become rows as the file comes in, then are listed by their rank.

Decides who is written in bulk: a member who does not stand here yet. All else goes the way of a pulled document, which
does not write over what this till said of somebody itself. Runs in a process beside the till. Can be killed at any
point and run again: where it was stands in the books.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.filling import Filler
from pos_app.services.ports.people import FetchedMember
from pos_app.services.ports.store import Store, Tx
from sync.client.applying import Appliers, Arrival, kept_of, read
from sync.client.filling_pace import Pace
from sync.client.filling_state import FillState, load, save
from sync.client.snapshot_file import document
from sync.protocol.documents import Kind, digest_of
from sync.protocol.messages import Document

LEAST, MOST = 100, 2_000
"""Rows of one transaction."""
LISTED_LEAST, LISTED_MOST = 500, 10_000
"""Entries of the walk of one transaction."""
READ_AT_ONCE = 1_000
SETTLED_AT_ONCE = 3_000
"""Rows after which the log is emptied: below the thousand pages at which a cashier's commit would have to do it."""


class OvertakenError(Exception):
    """Another process fills this till, or it is filled from another snapshot: this one ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDoors:
    """What the work needs; `take_in` writes documents as a pull does, `told` hears how many were looked at.

    `appliers` make members ready without their search keys: those are the other process's.
    """

    store: Store
    filler: Filler
    appliers: Appliers
    take_in: Callable[[Sequence[Document]], None]
    stopwatch: Stopwatch
    told: Callable[[int], None]


@dataclass(slots=True)
class _Batch:
    """Members of the file after the first `start`: who can be written in bulk, and the rest."""

    start: int
    end: int
    bulk: list[tuple[int, Arrival]] = field(default_factory=list)
    others: list[Document] = field(default_factory=list)


def begin(store: Store, filler: Filler, name: str, count: int) -> FillState:
    """Return where filling from a snapshot of so many documents stands; begin it when it was not begun."""
    with store.read() as tx:
        state = load(tx)
    if state is not None and state.name == name:
        return state
    with filler.write() as tx:
        before: tuple[tuple[int, int], ...] = ()
        if state is not None:
            filler.release(state.first_no, state.count)
            before = (*state.before, (state.first_no, state.count))
        head = tx.journal.head()
        first = filler.reserve(count)
        begun = FillState(
            name=name, first_no=first, count=count, epoch=head.epoch, seq=head.seq, before=before
        )
        save(tx, begun)
    return begun


class RowWriter:
    """Writes the members of one snapshot."""

    def __init__(self, doors: RowDoors, state: FillState) -> None:
        self._doors, self._state = doors, state
        self._pace = Pace(doors.stopwatch, LEAST, MOST)
        self._unsettled = 0

    def write(self, packed: Iterable[bytes]) -> None:
        """Take in the members among packed documents; raises OvertakenError, and what reading them raises."""
        for batch in self._batches(packed):
            if batch.others:
                self._doors.take_in(batch.others)
            self._write(batch)
            self._doors.told(batch.end)

    def _batches(self, packed: Iterable[bytes]) -> Iterator[_Batch]:
        place, start = 0, self._state.rows
        batch = _Batch(start, start)
        for each in packed:
            found = document(each)
            if found.kind != Kind.MEMBER:
                continue
            place += 1
            if place <= start:
                continue
            arrival = read(found, self._doors.appliers)
            batch.end = place
            if arrival is None or arrival.ready is None:
                batch.others.append(found)
            else:
                batch.bulk.append((place, arrival))
            if place - batch.start >= READ_AT_ONCE:
                yield batch
                batch = _Batch(place, place)
        yield batch

    def _write(self, batch: _Batch) -> None:
        """Write a batch in as many transactions as keep each short."""
        waiting = batch.bulk
        while waiting or self._state.rows < batch.end:
            chunk, rest = waiting[: self._pace.rows], waiting[self._pace.rows :]
            last = chunk[-1][0] if rest else batch.end
            known = self._write_chunk(chunk, last)
            if not known:
                waiting = rest
                continue
            self._doors.take_in([a.document for _, a in chunk if a.document.id in known])
            waiting = [each for each in chunk if each[1].document.id not in known] + rest

    def _write_chunk(self, chunk: Sequence[tuple[int, Arrival]], last: int) -> set[bytes]:
        """Write members and how far it is now; nothing, but who of them stand here already, if any do."""
        ids = [arrival.document.id for _, arrival in chunk]
        self._pace.rest()
        with self._doors.filler.write() as tx:
            self._pace.begin()
            state = load(tx)
            if state is None or state.name != self._state.name or state.rows != self._state.rows:
                raise OvertakenError
            known = self._doors.filler.known(ids) | tx.documents.positions(Kind.MEMBER, ids).keys()
            if not known:
                self._put(tx, chunk, state)
                state = msgspec.structs.replace(state, rows=last)
                save(tx, state)
        self._pace.end(len(chunk))
        self._unsettled += len(chunk)
        if self._unsettled >= SETTLED_AT_ONCE:
            self._unsettled = 0
            self._doors.filler.settle()
        self._state = state
        return known

    def _put(self, tx: Tx, chunk: Sequence[tuple[int, Arrival]], state: FillState) -> None:
        before = state.first_no - 1
        rows: list[tuple[int, FetchedMember]] = []
        documents: list[tuple[bytes, int, bytes | None]] = []
        digest = 0
        for place, arrival in chunk:
            assert arrival.ready is not None
            found = arrival.document
            rows.append((before + place, arrival.ready))
            documents.append((found.id, found.position, kept_of(arrival.body)))
            digest ^= digest_of(found.kind, found.id, found.position)
        self._doors.filler.put(rows)
        tx.documents.put_many(Kind.MEMBER, documents)
        link = tx.links.load()
        if link is None:
            raise OvertakenError
        tx.links.save(replace(link, digest=link.digest ^ digest))


class WalkWriter:
    """Lists the members of one snapshot once their rows stand; can be killed at any point and run again."""

    def __init__(self, filler: Filler, stopwatch: Stopwatch, name: str) -> None:
        self._filler, self._name = filler, name
        self._pace = Pace(stopwatch, LISTED_LEAST, LISTED_MOST)

    def write(self) -> None:
        """List all in transactions that keep nobody waiting; raises OvertakenError."""
        total, first = self._filler.sort_walk(), 1
        while first <= total:
            last = min(first + self._pace.rows - 1, total)
            self._pace.rest()
            with self._filler.write() as tx:
                self._pace.begin()
                self._mine(tx)
                self._filler.put_walk(first, last)
            self._pace.end(last - first + 1)
            first = last + 1
            self._filler.settle()
        with self._filler.write() as tx:
            state = self._mine(tx)
            self._filler.end_walk()
            save(tx, msgspec.structs.replace(state, is_listed=True))

    def _mine(self, tx: Tx) -> FillState:
        state = load(tx)
        if state is None or state.name != self._name:
            raise OvertakenError
        return state
