"""One life of sync's loop, on one thread: turns and rests until it is told to end.

Decides what ends a rest, and what happens when something breaks: a failure that nobody foresaw is reported, and the
loop begins anew with new engines and a new connection. A life that was ended writes nothing any more, even when its
last question to the platform is answered late.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from pos_app.domain.errors import ShukeError
from sync.client.engine import NotLinkedError
from sync.client.pauses import Pause, Pauses
from sync.client.turns import StalledError, Turns
from sync.protocol.messages import (
    Answer,
    Ask,
    Hello,
    HelloReply,
    Platform,
    Pull,
    PullReply,
    Push,
    PushReply,
    SnapshotReady,
    Snapshots,
)


class EndedError(Exception):
    """This life was ended meanwhile: what was answered is nobody's any more."""


class Waiter(Protocol):
    """How a life rests."""

    def wait(self, seconds: float) -> bool:
        """Rest; return True as soon as somebody wakes, also if he did since the last rest, else False in the end."""
        ...

    def wake(self) -> None:
        """End the rest, or the next one; from any thread."""
        ...


class EventWaiter:
    """Rests on an event of the system's threads."""

    def __init__(self) -> None:
        self._event = Event()

    def wait(self, seconds: float) -> bool:
        """Rest until somebody wakes or the time is over."""
        woken = self._event.wait(seconds)
        self._event.clear()
        return woken

    def wake(self) -> None:
        """End the rest."""
        self._event.set()


class Line(Platform, Snapshots, Protocol):
    """All that a life asks of the platform, and how the connection ends."""

    def close(self) -> None:
        """Close the connection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeDoors:
    """What a life works with.

    `connect` opens a connection and raises NotLinkedError when there is no tie, `turns` makes the turns and all that
    they need on it. `on_bug` is told of each failure that nobody foresaw; `on_wake` of each wake.
    """

    connect: Callable[[], Line]
    turns: Callable[[Line], Turns]
    pauses: Pauses
    waiter: Waiter
    steady_s: Callable[[], float]
    on_bug: Callable[[Exception], object]
    on_wake: Callable[[], object]


class Life:
    """One life; `run` is its thread's, everything else may be called from any thread."""

    def __init__(self, doors: LifeDoors) -> None:
        self._doors = doors
        self._turns: Turns | None = None
        self._over = False
        self._asked = False
        self.is_done = False
        self._sign_s: float | None = doors.steady_s()
        """When it was last seen at work; None while it rests."""

    def end(self) -> None:
        """Let it end as soon as it can; from now on it writes nothing."""
        self._over = True
        self._doors.waiter.wake()

    def tell_of_facts(self) -> None:
        """Say that facts were committed."""
        turns = self._turns
        if turns is not None:
            turns.tell_of_facts()
        self._doors.waiter.wake()

    def ask_anew(self) -> None:
        """Go on at once, whatever was to be waited for."""
        self._asked = True
        self._doors.waiter.wake()

    def silent_s(self) -> float:
        """Return for how long it has given no sign of life; 0 while it rests or is done."""
        sign_s = self._sign_s
        return 0.0 if sign_s is None or self.is_done else self._doors.steady_s() - sign_s

    def run(self) -> None:
        """Live until it is ended, or until there is no tie any more."""
        try:
            while not self._over:
                self._rest(self._lived())
        except (EndedError, NotLinkedError):
            return
        finally:
            self.is_done = True

    def _lived(self) -> Pause:
        """Take turns on one connection; return the rest before the next one is opened."""
        line = None
        try:
            line = self._doors.connect()
            turns = self._turns = self._doors.turns(_WhileAlive(line, self._check))
            while True:
                self._check()
                if self._asked:
                    self._asked = False
                    turns.ask_anew()
                self._rest(turns.turn())
        except (EndedError, NotLinkedError):
            raise
        except StalledError:
            return self._doors.pauses.after_bug()
        except Exception as problem:  # Whatever it is, the facts must leave this till one day.
            # A full disk or a busy database is told where somebody sells; here it is waited for.
            if not isinstance(problem, ShukeError):
                self._doors.on_bug(problem)
            return self._doors.pauses.after_bug()
        finally:
            ended, self._turns = self._turns, None
            if ended is not None:
                ended.close()
            if line is not None:
                line.close()

    def _check(self) -> None:
        """Give a sign of life; raise EndedError when it is over."""
        self._sign_s = self._doors.steady_s()
        if self._over:
            raise EndedError

    def _rest(self, pause: Pause) -> None:
        began = self._doors.steady_s()
        end = began + pause.seconds
        self._sign_s = None
        while not (self._over or self._asked) and (left := end - self._doors.steady_s()) > 0:
            if not self._doors.waiter.wait(left):
                break
            with suppress(Exception):  # What keeps the status from being read is met again by the next turn.
                self._doors.on_wake()
            if pause.commit_after_s is not None:
                end = min(end, began + pause.commit_after_s)
        self._sign_s = self._doors.steady_s()


class _WhileAlive:
    """A connection of a life: each answer, and each failure, first asks whether that life is still one."""

    def __init__(self, line: Line, check: Callable[[], None]) -> None:
        self._line, self._check = line, check

    def hello(self, hello: Hello) -> HelloReply:
        with self._checked():
            return self._line.hello(hello)

    def push(self, push: Push) -> PushReply:
        with self._checked():
            return self._line.push(push)

    def pull(self, pull: Pull) -> PullReply:
        with self._checked():
            return self._line.pull(pull)

    def ask(self, ask: Ask) -> Answer:
        with self._checked():
            return self._line.ask(ask)

    def prepare(self) -> SnapshotReady:
        with self._checked():
            return self._line.prepare()

    def fetch(self, name: str, offset: int) -> Iterator[bytes]:
        with self._checked():
            for part in self._line.fetch(name, offset):
                self._check()
                yield part

    def close(self) -> None:
        self._line.close()

    @contextmanager
    def _checked(self) -> Iterator[None]:
        self._check()
        try:
            yield
        finally:
            self._check()
