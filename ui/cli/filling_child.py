"""A process that takes a new till's members in: `python -m ui.cli.filling_child`, never typed by hand.

Decides what it is made of, and how it ends: when its part is done, or when the till's end of stdin is closed. What it
does stands in `sync.client.filling_rows` and `filling_keys`.
"""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from pos_app.domain.values.ids import ShopId
from pos_app.domain.values.moments import to_ms
from pos_app.persistence.database import open_store
from pos_app.persistence.members_filling import SqlFiller
from pos_app.persistence.store import SqlStore
from sync.client.applying import MemberApplier, appliers
from sync.client.filling_crew import ROWS_STAND, WHOLE, Part, Said, Task
from sync.client.filling_goods import GoodsKeyWriter
from sync.client.filling_rows import RowDoors, RowWriter, WalkWriter, begin
from sync.client.filling_state import FillState, load
from sync.client.snapshot_file import packed_in
from sync.protocol.documents import Kind

if TYPE_CHECKING:
    from sync.protocol.messages import Platform

NICENESS = 5
"""The window comes first where both want the processor."""
WAIT_S = 0.02
TELL_EVERY_S = 0.1


class Stopped(BaseException):
    """The till has gone, or is being closed: end at once, between two transactions."""


@dataclass
class Ears:
    """What the till says, heard on a thread of its own."""

    source: BinaryIO
    whole: threading.Event = field(default_factory=threading.Event)
    rows_stand: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Hear until the till's end is closed."""
        threading.Thread(target=self._hear, name="till", daemon=True).start()

    def _hear(self) -> None:
        words = {WHOLE: self.whole, ROWS_STAND: self.rows_stand}
        while line := self.source.readline():
            if line in words:
                words[line].set()
        self.gone.set()

    def rest(self) -> None:
        """Wait for a moment; raise Stopped when the till has gone."""
        if self.gone.wait(WAIT_S):
            raise Stopped

    def wait_for_rows(self) -> None:
        """Wait until all rows stand; raise Stopped when the till has gone."""
        while not self.rows_stand.is_set():
            self.rest()


@dataclass
class Mouth:
    """Tells the till how far it is, not too often; raises Stopped when the till has gone."""

    out: BinaryIO
    ears: Ears
    told_at: float = 0.0

    def tell(self, done: int) -> None:
        """Tell how far it is."""
        if self.ears.gone.is_set():
            raise Stopped
        now = time.monotonic()
        if now - self.told_at >= TELL_EVERY_S:
            self.told_at = now
            self.say(Said(done=done))

    def say(self, said: Said) -> None:
        """Write a line."""
        try:
            self.out.write(msgspec.json.encode(said) + b"\n")
            self.out.flush()
        except OSError:
            raise Stopped from None


def main(source: BinaryIO, out: BinaryIO) -> int:
    """Do the part of the first line of `source`; 0 when it is done, 1 when the till went first."""
    task = msgspec.json.decode(source.readline(), type=Task)
    ears = Ears(source)
    ears.listen()
    mouth = Mouth(out, ears)
    store = open_store(_database(task))
    try:
        done = _rows(store, task, mouth) if task.part is Part.ROWS else _keys(store, task, mouth)
        mouth.say(Said(done=done, ended=True))
    except Stopped:
        return 1
    finally:
        store.close()
    return 0


def _rows(store: SqlStore, task: Task, mouth: Mouth) -> int:
    """Write rows; return how many members were looked at."""
    from pos_app.hardware.clock import SystemClock, SystemStopwatch
    from sync.client.pulling import PullEngine

    filler, stopwatch, clock = SqlFiller(store), SystemStopwatch(), SystemClock()
    state = begin(store, filler, task.job.name, task.job.documents)
    if state.is_listed:
        return state.rows
    GoodsKeyWriter(store, filler, stopwatch).write()
    here = _shop_of(store)
    pull = PullEngine(store, cast("Platform", None), appliers(here, {}), stopwatch)
    looked_at = state.rows

    def told(rows: int) -> None:
        nonlocal looked_at
        looked_at = rows
        mouth.tell(rows)

    doors = RowDoors(
        store=store,
        filler=filler,
        appliers={Kind.MEMBER: MemberApplier(here, keys=_none)},
        take_in=lambda documents: pull.take_in(documents, to_ms(clock.now())),
        stopwatch=stopwatch,
        told=told,
    )
    RowWriter(doors, state).write(_packed(task, mouth))
    mouth.say(Said(done=looked_at, stands=True))
    WalkWriter(filler, stopwatch, state.name).write()
    filler.close()
    return looked_at


def _keys(store: SqlStore, task: Task, mouth: Mouth) -> int:
    """Write keys; return 1,000."""
    from pos_app.hardware.clock import SystemStopwatch
    from sync.client.filling_keys import KeyDoors, KeyWriter

    filler = SqlFiller(store)
    state = _begun(store, task, mouth)
    if state.is_done:
        return 1_000
    doors = KeyDoors(
        store=store,
        filler=filler,
        stopwatch=SystemStopwatch(),
        wait_for_rows=mouth.ears.wait_for_rows,
        told=lambda done, total: mouth.tell(done * 1_000 // max(total, 1)),
    )
    KeyWriter(doors, state, lambda: _packed(task, mouth)).write()
    filler.close()
    return 1_000


def _begun(store: SqlStore, task: Task, mouth: Mouth) -> FillState:
    """Wait until the other process has begun."""
    while True:
        with store.read() as tx:
            state = load(tx)
        if state is not None and state.name == task.job.name:
            return state
        mouth.ears.rest()


def _packed(task: Task, mouth: Mouth) -> Iterator[bytes]:
    """Read the file as it comes in; raise Stopped when the till has gone."""
    file = Path(task.job.folder) / task.job.file
    for place, each in enumerate(packed_in(file, mouth.ears.whole.is_set, mouth.ears.rest)):
        if place % 1_000 == 0 and mouth.ears.gone.is_set():
            raise Stopped
        yield each


def _database(task: Task) -> Path:
    from ui.main import Home

    return Home(Path(task.job.folder)).database


def _shop_of(store: SqlStore) -> ShopId:
    with store.read() as tx:
        settings = tx.settings.load()
    assert settings is not None
    return settings.shop_id


def _none(_text: str) -> tuple[str, ...]:
    """Return no search keys: the other process makes them."""
    return ()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # A million rows pass through without ever pointing at each other.
    gc.disable()
    code = main(sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout.flush()
    # The thread that hears the till may still wait for it; a normal end would wait for that thread's lock on stdin.
    os._exit(code)
