"""A till's sync without threads, disk or time: books in memory, a platform with a script, rests that a test sees.

Decides what stands in for the outside of turns and lives.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from pos_app.domain.values.ids import MerchantId, TillId
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import SyncLink
from sync.client.engine import Round
from sync.client.pace import Pace
from sync.client.pauses import Pauses
from sync.client.pulling import Pulled
from sync.client.status import StatusBoard
from sync.client.turns import Times, TurnDoors, Turns
from sync.protocol.errors import PlatformError
from sync.protocol.messages import (
    ClockReading,
    Hello,
    HelloReply,
    Next,
    Position,
    TillState,
)

LINK = SyncLink(
    address="https://shuke.example.com",
    merchant=MerchantId(UUID(int=1)),
    platform_key=bytes(32),
    enrolled_at_ms=0,
    epoch=1,
    seq=0,
    hash=bytes(32),
)
NOON_MS = 1_780_000_000_000


@dataclass
class Books:
    """Books in memory, as far as sync's turns read them: a tie, a journal's head, the desk's documents."""

    link: SyncLink | None = LINK
    written: int = 0
    desk: list[bytes] = field(default_factory=list)
    on_facts: Callable[[], None] = lambda: None

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Return the repositories."""
        yield SimpleNamespace(
            links=self,
            journal=self,
            documents=SimpleNamespace(all=lambda _kind: [(bytes(16), body) for body in self.desk]),
        )

    write = read

    def load(self) -> SyncLink | None:
        """Return the tie."""
        return self.link

    def save(self, link: SyncLink) -> None:
        """Keep the tie."""
        self.link = link

    def head(self) -> Any:
        """Return the journal's end."""
        return SimpleNamespace(epoch=1, seq=self.written, hash=bytes(32), hlc=0)

    def entries(self, after: tuple[int, int], _limit: int) -> Iterator[Any]:
        """Return the facts after a place."""
        for seq in range(after[1] + 1, self.written + 1):
            yield SimpleNamespace(seq=seq, happened_at_ms=NOON_MS + seq)

    def acknowledge(self, facts: int) -> None:
        """Let the platform have so many facts more."""
        assert self.link is not None
        self.link = replace(self.link, seq=self.link.seq + facts)


class HandTime:
    """A steady clock that a test, and each rest, moves on; it remembers how long was rested."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.rests: list[float] = []
        self.wakes: list[float] = []
        """After how many seconds of the rest each of the next wakes comes."""
        self.on_rest: Callable[[], None] = lambda: None

    def steady(self) -> float:
        """Return seconds."""
        return self.now

    def wait(self, seconds: float) -> bool:
        """Rest, until the next wake if there is one before the end."""
        self.rests.append(seconds)
        self.on_rest()
        if self.wakes and self.wakes[0] <= seconds:
            self.now += self.wakes.pop(0)
            return True
        self.now += seconds
        return False

    def wake(self) -> None:
        """Nobody sleeps in earnest."""


Outcome = PlatformError | None


@dataclass
class ScriptedParts:
    """Engines that do what a test says: an error of `fails[what]` is raised once, in order; None passes."""

    books: Books
    time: HandTime
    fails: dict[str, list[Outcome]] = field(default_factory=dict)
    always: dict[str, PlatformError] = field(default_factory=dict)
    pages: int = 0
    at_once: int = 500
    next: Next = field(default_factory=Next)
    drift_ms: int = 0
    state: TillState = TillState.OK
    done: list[str] = field(default_factory=list)
    after: dict[str, Callable[[], object]] = field(default_factory=dict)
    steps_to_fill: int = 0
    is_stuck: bool = False
    closed: int = 0

    def hello(self, _hello: Hello) -> HelloReply:
        """Greet."""
        self._step("hello")
        return HelloReply(
            p=1,
            merchant=UUID(int=1),
            shop=UUID(int=2),
            wall_ms=now_ms(self.time) - self.drift_ms,
            ack=Position(1, 0, bytes(32)),
            state=self.state,
            next=self.next,
        )

    def push(self) -> Round:
        """Take facts."""
        self._step("push")
        link = self.books.link
        assert link is not None
        waiting = self.books.written - link.seq
        sent = 0 if self.is_stuck else min(waiting, self.at_once)
        self.books.acknowledge(sent)
        return Round(sent, waiting - sent, self.state, self.next)

    def pull(self) -> Pulled:
        """Give a page."""
        self._step("pull")
        applied = int(self.pages > 0)
        self.pages -= applied
        return Pulled(applied, more=self.pages > 0, next=self.next)

    def is_filling(self) -> bool:
        """Whether something of the snapshot is left."""
        return self.steps_to_fill > 0

    def fill(self) -> bool:
        """Take a part of the snapshot in."""
        self._step("fill")
        self.steps_to_fill -= 1
        return self.steps_to_fill > 0

    def close(self) -> None:
        """Count."""
        self.closed += 1

    def _step(self, what: str) -> None:
        self.done.append(what)
        outcomes = self.fails.get(what, [])
        outcome = outcomes.pop(0) if outcomes else self.always.get(what)
        self.after.get(what, lambda: None)()
        if outcome is not None:
            raise outcome


def now_ms(time: HandTime) -> int:
    """Return the wall clock, which agrees with the steady one."""
    return NOON_MS + int(time.now * 1000)


class Rig:
    """Turns over all of it; `chance` is what the die shows next, for ever."""

    def __init__(self, *, written: int = 0, chance: float = 0.5) -> None:
        self.chance = chance
        self.books = Books(written=written)
        self.time = HandTime()
        self.parts = ScriptedParts(self.books, self.time)
        self.store = cast(Store, self.books)
        self.board = StatusBoard(self.store)
        self.pauses = Pauses(lambda: self.chance)
        self.pace = Pace(self.time.steady)
        self.turns = self.new_turns()

    def new_turns(self) -> Turns:
        """Return turns that begin anew."""
        times = Times(
            steady_s=self.time.steady,
            now_ms=lambda: now_ms(self.time),
            reading=lambda: ClockReading(0, 0, "", 0),
        )
        doors = TurnDoors(
            store=self.store,
            till=TillId(UUID(int=7)),
            times=times,
            pauses=self.pauses,
            board=self.board,
            pace=self.pace,
        )
        return Turns(doors, self.parts)
