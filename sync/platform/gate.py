"""The platform's door: how many requests are inside at once, in which order they are worked on, and who is sent away.

Decides before a body is read. Pushes go before greetings, these before pulls and questions, these before snapshots:
what comes last is refused first, and waits longest for one of the few threads. Runs on the event loop alone, so that
it needs no lock; holds no business state.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from sync.protocol.errors import Number, PlatformError

T = TypeVar("T")


class Place(IntEnum):
    """Who goes first: the smaller number."""

    PUSH = 0
    HELLO = 1
    PULL = 2
    SNAPSHOT = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the platform takes on at once; what is over it is told to come again.

    `inside` requests, of which `shares` (eighths) may be taken up when one of a place still comes in; `held` bytes of
    bodies that are being read or worked on; `workers` threads, for which a request waits `wait_s` at most; a body
    arrives within `body_s`; `snapshots` are sent at once. More threads, or more who wait, drain a herd no sooner and
    keep each till waiting longer (`tests.benchmarks.herd`: with 8 and 128 the slowest of a hundred waited 4 s, with
    these 1 to 2).
    """

    inside: int = 64
    shares: tuple[int, int, int, int] = (8, 7, 6, 2)
    held: int = 64_000_000
    workers: int = 4
    wait_s: float = 4.0
    body_s: float = 20.0
    snapshots: int = 32


class Gate:
    """Counts who is inside and gives the threads out in order."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.inside = [0 for _ in Place]
        self.held = 0
        self.is_stopping = False
        self._free = limits.workers
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = count()
        self._threads = CapacityLimiter(limits.workers)

    def enter(self, place: Place) -> None:
        """Let a request in; raise PlatformError BUSY when there is no room for one of its place, or the end is near."""
        others = sum(self.inside) - self.inside[Place.SNAPSHOT]
        is_full = others * 8 >= self.limits.inside * self.limits.shares[place]
        is_full |= place is Place.SNAPSHOT and self.inside[place] >= self.limits.snapshots
        if self.is_stopping or is_full:
            raise PlatformError(Number.BUSY)
        self.inside[place] += 1

    def leave(self, place: Place) -> None:
        """Note that a request was answered."""
        self.inside[place] -= 1

    def hold(self, size: int) -> None:
        """Set room aside for bytes of a body; raise PlatformError BUSY when there is none."""
        if self.held + size > self.limits.held:
            raise PlatformError(Number.BUSY)
        self.held += size

    def let_go(self, size: int) -> None:
        """Give room for bytes back."""
        self.held -= size

    async def work(self, place: Place, work: Callable[[], T]) -> T:
        """Run work that waits for the database on a thread, when it is its turn; raises BUSY when that takes long."""
        async with self._turn(place):
            return await anyio.to_thread.run_sync(work, limiter=self._threads)

    @asynccontextmanager
    async def _turn(self, place: Place) -> AsyncIterator[None]:
        if self._free > 0:
            self._free -= 1
        else:
            await self._wait(place)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, place: Place) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (place, next(self._arrivals), turn))
        try:
            async with asyncio.timeout(self.limits.wait_s):
                await turn
        except TimeoutError:
            self._give_back(turn)
            raise PlatformError(Number.BUSY) from None
        except asyncio.CancelledError:
            self._give_back(turn)
            raise

    def _give_back(self, turn: "asyncio.Future[None]") -> None:
        """A turn that came in the very moment in which nobody waited for it any more goes to the next."""
        if turn.done() and not turn.cancelled():
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
