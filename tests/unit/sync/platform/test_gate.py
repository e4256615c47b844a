"""The platform's door: who comes in, who goes first, and that what was taken is given back."""

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event

import pytest

from sync.platform.gate import Gate, Limits, Place
from sync.platform.pacing import spread_s
from sync.protocol.errors import Number, PlatformError


def refused(gate: Gate, place: Place) -> bool:
    """Return whether a request of a place is sent away; one that comes in stays inside."""
    try:
        gate.enter(place)
    except PlatformError as error:
        assert error.number is Number.BUSY
        return True
    return False


def test_snapshots_are_sent_away_first_then_pulls_then_greetings_and_pushes_last() -> None:
    gate = Gate(Limits(inside=8, shares=(8, 7, 6, 2)))
    came_in = dict.fromkeys(Place, 0)
    for place in (Place.PULL, Place.HELLO, Place.PUSH):
        while not refused(gate, place):
            came_in[place] += 1
    assert came_in == {Place.PULL: 6, Place.HELLO: 1, Place.PUSH: 1, Place.SNAPSHOT: 0}
    assert refused(gate, Place.SNAPSHOT)


def test_who_was_answered_makes_room() -> None:
    gate = Gate(Limits(inside=1))
    gate.enter(Place.PUSH)
    assert refused(gate, Place.PUSH)
    gate.leave(Place.PUSH)
    assert not refused(gate, Place.PUSH)


def test_snapshots_that_are_being_sent_keep_no_push_out() -> None:
    gate = Gate(Limits(inside=4, snapshots=3))
    assert [refused(gate, Place.SNAPSHOT) for _ in range(4)] == [False, False, False, True]
    assert [refused(gate, Place.PUSH) for _ in range(5)] == [False, False, False, False, True]


def test_nobody_comes_in_once_the_end_is_near() -> None:
    gate = Gate(Limits())
    gate.is_stopping = True
    assert all(refused(gate, place) for place in Place)


def test_bodies_hold_no_more_than_their_room() -> None:
    gate = Gate(Limits(held=100))
    gate.hold(60)
    with pytest.raises(PlatformError) as full:
        gate.hold(41)
    assert full.value.number is Number.BUSY and gate.held == 60
    gate.hold(40)
    gate.let_go(100)
    assert gate.held == 0


def run(story: Callable[[Gate], Awaitable[None]], limits: Limits) -> Gate:
    """Play a story at a gate of its own."""

    async def play() -> Gate:
        gate = Gate(limits)
        await story(gate)
        # The threads were given back: as many as there are can be had at once.
        await asyncio.wait_for(
            asyncio.gather(*(gate.work(Place.PUSH, int) for _ in range(limits.workers))), 10
        )
        return gate

    return asyncio.run(play())


def test_those_who_wait_for_a_thread_go_in_the_order_of_their_places() -> None:
    order: list[str] = []
    busy, may_end = Event(), Event()

    def first() -> None:
        busy.set()
        may_end.wait(10)

    async def story(gate: Gate) -> None:
        held = asyncio.create_task(gate.work(Place.SNAPSHOT, first))
        await asyncio.to_thread(busy.wait, 10)
        waiting = []
        for name, place in (
            ("snapshot", Place.SNAPSHOT),
            ("pull", Place.PULL),
            ("push 1", Place.PUSH),
            ("hello", Place.HELLO),
            ("push 2", Place.PUSH),
        ):
            waiting.append(asyncio.create_task(gate.work(place, lambda n=name: order.append(n))))
            await asyncio.sleep(0)
        may_end.set()
        await asyncio.gather(held, *waiting)

    run(story, Limits(workers=1))
    assert order == ["push 1", "push 2", "hello", "pull", "snapshot"]


def test_who_waits_too_long_for_a_thread_hears_busy_and_takes_nobodys_turn() -> None:
    busy, may_end = Event(), Event()

    def first() -> None:
        busy.set()
        may_end.wait(10)

    async def story(gate: Gate) -> None:
        held = asyncio.create_task(gate.work(Place.PUSH, first))
        await asyncio.to_thread(busy.wait, 10)
        with pytest.raises(PlatformError) as told:
            await gate.work(Place.PUSH, int)
        assert told.value.number is Number.BUSY
        gone = asyncio.create_task(gate.work(Place.PUSH, int))
        await asyncio.sleep(0)
        gone.cancel()
        may_end.set()
        await held

    run(story, Limits(workers=1, wait_s=0.01))


def test_a_thread_whose_work_fails_is_given_back() -> None:
    def fail() -> None:
        raise PlatformError(Number.GAP)

    async def story(gate: Gate) -> None:
        for _ in range(5):
            with pytest.raises(PlatformError):
                await gate.work(Place.PULL, fail)

    run(story, Limits(workers=2))


@pytest.mark.parametrize(
    ("tills", "seconds"), [(0, 10), (1, 10), (500, 10), (501, 11), (1_000, 20), (5_000, 100)]
)
def test_the_more_tills_the_wider_they_spread(tills: int, seconds: int) -> None:
    assert spread_s(tills) == seconds
