"""Sync that is loaded once the till's window stands, or when somebody asks for it first: a start waits for nothing.

Decides only when; what sync is stands in `sync.client`, and is handed in by the composition root. Qt-free.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

from pos_app.domain.values.ids import MemberId
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import (
    AskOnline,
    Enrolling,
    EnrolWay,
    OnlineMember,
    OnlineSale,
    SyncControl,
    SyncLight,
    SyncStatus,
)


class Runner(SyncControl, Protocol):
    """A runner that can be started and stopped."""

    def start(self) -> None:
        """Begin to sync if there is a tie."""
        ...

    def stop(self) -> bool:
        """End; return whether it ended in time."""
        ...


class WholeSync(Protocol):
    """Sync, put together."""

    @property
    def runner(self) -> Runner:
        """What syncs."""
        ...

    @property
    def enrolling(self) -> Enrolling:
        """Enrolment."""
        ...

    @property
    def asking(self) -> AskOnline:
        """Questions online."""
        ...


class LateSync:
    """Runner, enrolment and questions of one till, as one object; safe from any thread.

    All but `status`, `watch`, `wake` and `stop` may load it first, and belong on the net lane.
    """

    def __init__(self, store: Store, make: Callable[[], WholeSync]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: WholeSync | None = None
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self._is_stopped = False
        with store.read() as tx:
            link = tx.links.load()
        self._first = SyncStatus()
        if link is not None:
            self._first = SyncStatus(
                light=SyncLight.BUSY,
                address=link.address,
                answered_at_ms=link.answered_at_ms,
                drift_ms=link.drift_ms,
                is_restored=link.is_restored,
            )

    def status(self) -> SyncStatus:
        """Return how sync is; before it is loaded, what the tie says."""
        return self._first if self._made is None else self._made.runner.status()

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        """Call a listener whenever the status changes."""
        with self._lock:
            if self._made is None:
                self._listeners.append(listener)
            else:
                self._made.runner.watch(listener)

    def wake(self) -> None:
        """Go on at once."""
        if self._made is not None:
            self._made.runner.wake()

    def start(self) -> None:
        """Load sync and begin, unless the till was closed meanwhile."""
        runner = self._whole().runner
        with self._lock:
            if not self._is_stopped:
                runner.start()

    def stop(self) -> None:
        """End."""
        with self._lock:
            self._is_stopped = True
        if self._made is not None:
            self._made.runner.stop()

    def look(self, address: str) -> str:
        """Return the address in full if a platform answers there."""
        return self._whole().enrolling.look(address)

    def enrol(self, address: str, code: str, way: EnrolWay) -> None:
        """Enrol and begin to sync."""
        self._whole().enrolling.enrol(address, code, way)

    def leave(self) -> None:
        """Stand alone again."""
        self._whole().enrolling.leave()

    def members(self, text: str) -> Sequence[OnlineMember]:
        """Return whom a text finds on the platform."""
        return self._whole().asking.members(text)

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        """Return what a member bought in any shop."""
        return self._whole().asking.sales(member)

    def receipt(self, number: str) -> OnlineSale | None:
        """Return a sale of any shop by its receipt number."""
        return self._whole().asking.receipt(number)

    def _whole(self) -> WholeSync:
        with self._lock:
            if self._made is None:
                made = self._make()
                for listener in self._listeners:
                    made.runner.watch(listener)
                self._made = made
            return self._made
