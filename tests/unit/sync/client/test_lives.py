"""A life rests as it should, outlives whatever breaks, and does nothing more once it was ended."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from pos_app.domain.errors import StorageBusyError
from sync.client.lives import EndedError, Life, LifeDoors, Line
from sync.client.pauses import AFTER_COMMIT_S
from sync.client.turns import Turns
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    Answer,
    Ask,
    ClockReading,
    Hello,
    HelloReply,
    Next,
    Position,
    Pull,
    PullReply,
    Push,
    PushReply,
    SnapshotReady,
)
from tests.support.sync_steps import Rig

HEAD, CLOCK = Position(1, 0, bytes(32)), ClockReading(0, 0, "", 0)


class NoLine:
    """A connection over which nothing is asked; it counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0
        self.on_hello: Callable[[], None] = lambda: None

    def hello(self, hello: Hello) -> HelloReply:
        self.on_hello()
        raise PlatformError(Number.UNREACHABLE)

    def push(self, push: Push) -> PushReply:
        raise NotImplementedError

    def pull(self, pull: Pull) -> PullReply:
        raise NotImplementedError

    def ask(self, ask: Ask) -> Answer:
        raise NotImplementedError

    def prepare(self) -> SnapshotReady:
        raise NotImplementedError

    def fetch(self, name: str, offset: int) -> Iterator[bytes]:
        raise NotImplementedError

    def close(self) -> None:
        self.closed += 1


class Living:
    """A life over a rig; it is ended at the n-th rest."""

    def __init__(self, rig: Rig, *, rests: int) -> None:
        self.rig = rig
        self.bugs: list[Exception] = []
        self.looked = 0
        self.line = NoLine()
        self.life = Life(
            LifeDoors(
                connect=lambda: self.line,
                turns=self.make,
                pauses=rig.pauses,
                waiter=rig.time,
                steady_s=rig.time.steady,
                on_bug=self.bugs.append,
                on_wake=self.look,
            )
        )
        self._rests = rests
        rig.time.on_rest = self.rested

    def make(self, _line: Line) -> Turns:
        return self.rig.new_turns()

    def look(self) -> None:
        self.looked += 1

    def rested(self) -> None:
        self._rests -= 1
        if self._rests <= 0:
            self.life.end()


def test_a_life_takes_turns_and_rests_until_it_is_ended() -> None:
    rig = Rig()
    living = Living(rig, rests=3)
    living.life.run()
    assert rig.time.rests == [3.0, 3.0, 3.0] and living.life.is_done
    assert (living.line.closed, rig.parts.closed) == (1, 1)


def test_a_commit_while_all_is_well_is_sent_at_once() -> None:
    rig = Rig()
    living = Living(rig, rests=2)
    rig.time.wakes = [0.4]
    began = rig.time.now
    pushed_at: list[float] = []
    rig.parts.after["push"] = lambda: pushed_at.append(rig.time.now - began)

    def sell() -> None:
        rig.books.written += 1
        living.rested()

    rig.time.on_rest = sell
    living.life.run()
    assert pushed_at == [0.0, pytest.approx(0.4)], "the sale fell into the rest, and went with the wake"


def test_a_commit_tries_a_silent_line_after_five_seconds_and_is_counted_before() -> None:
    rig = Rig(chance=0.9)
    rig.parts.always["hello"] = PlatformError(Number.UNREACHABLE)
    rig.time.wakes = [1.0, 1.0]
    living = Living(rig, rests=3)
    living.life.run()
    assert rig.time.rests == [9.0, AFTER_COMMIT_S - 1.0, AFTER_COMMIT_S - 2.0]
    assert living.looked == 2, "the light counts the sale although nothing is sent"


def test_sales_do_not_hammer_a_platform_that_is_busy() -> None:
    rig = Rig(chance=0.9)
    rig.parts.always["hello"] = PlatformError(Number.BUSY, retry_after_s=20)
    rig.time.wakes = [0.5] * 20
    living = Living(rig, rests=21)
    living.life.run()
    assert rig.parts.done == ["hello"], "twenty sales, one question"


def test_somebody_who_asks_ends_any_rest() -> None:
    rig = Rig(chance=0.9)
    rig.parts.always["hello"] = PlatformError(Number.BUSY, retry_after_s=20)
    living = Living(rig, rests=2)
    rig.time.wakes = [0.5]

    def ask() -> None:
        living.life.ask_anew()
        living.rested()

    rig.time.on_rest = ask
    living.life.run()
    assert rig.parts.done == ["hello", "hello"]


def test_a_bug_is_reported_and_the_loop_begins_anew_with_another_connection() -> None:
    rig = Rig(chance=0.5)
    living = Living(rig, rests=3)

    def broken() -> None:
        rig.parts.after.clear()
        raise ZeroDivisionError

    rig.parts.after["push"] = broken
    living.life.run()
    assert [type(bug) for bug in living.bugs] == [ZeroDivisionError]
    assert rig.time.rests[0] == 5.0 and rig.time.rests[1:] == [3.0, 3.0]
    assert (living.line.closed, rig.parts.closed) == (2, 2)


def test_bugs_in_a_row_are_tried_ever_more_seldom() -> None:
    rig = Rig(chance=0.999)
    living = Living(rig, rests=10)

    def broken() -> None:
        raise ZeroDivisionError

    rig.parts.after["hello"] = broken
    living.life.run()
    assert rig.time.rests == sorted(rig.time.rests[:1]) + sorted(rig.time.rests[1:])
    assert rig.time.rests[-1] > 250


def test_a_database_that_is_busy_is_waited_for_and_is_no_bug() -> None:
    rig = Rig()
    living = Living(rig, rests=2)

    def busy() -> None:
        rig.parts.after.clear()
        raise StorageBusyError

    rig.parts.after["push"] = busy
    living.life.run()
    assert living.bugs == [] and rig.parts.done[-1] == "pull"


def test_a_till_that_left_ends_the_life() -> None:
    rig = Rig()
    rig.books.link = None
    living = Living(rig, rests=99)
    living.life.run()
    assert living.life.is_done and rig.time.rests == []


def test_an_answer_that_comes_after_the_end_is_nobodys() -> None:
    rig = Rig()
    living = Living(rig, rests=99)
    heard: list[str] = []

    def turns_over(line: Line) -> Turns:
        try:
            line.hello(Hello(least=1, newest=1, till=UUID(int=7), head=HEAD, clock=CLOCK))
        except EndedError:
            heard.append("ended")
            raise
        raise AssertionError("it went on")

    living.life = Life(
        LifeDoors(
            connect=lambda: living.line,
            turns=turns_over,
            pauses=rig.pauses,
            waiter=rig.time,
            steady_s=rig.time.steady,
            on_bug=living.bugs.append,
            on_wake=living.look,
        )
    )
    living.line.on_hello = living.life.end
    living.life.run()
    assert heard == ["ended"] and living.bugs == [] and rig.time.rests == []


def test_a_life_that_is_silent_says_for_how_long_and_one_that_rests_is_not() -> None:
    rig = Rig()
    rig.parts.next = Next(after_ms=200_000)
    living = Living(rig, rests=2)
    silent: list[float] = []

    def slow() -> None:
        rig.time.now += 500
        silent.append(living.life.silent_s())

    rig.parts.after["push"] = slow
    resting: list[float] = []

    def rested() -> None:
        resting.append(living.life.silent_s())
        living.rested()

    rig.time.on_rest = rested
    living.life.run()
    assert silent[0] == 500 and resting == [0.0, 0.0]
