"""The time of keys: when an event came, and an alarm for the silence after it.

Decides which clock speaks: the window system's stamps in the till, a hand-driven one in tests and in the tour,
where ``QTest`` gives no delay or a false one. Does not decide what the times mean.
"""

from collections.abc import Callable
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer


class KeyClock(Protocol):
    """Where the scanner filter takes its time from."""

    def now(self) -> float:
        """Return the time in ms at this moment, whatever the stamps of waiting events say; it never runs back."""

    def time_of(self, stamp_ms: int) -> float:
        """Return the time in ms of the event that came just now, given its own stamp (0 if it has none)."""

    def alarm(self, wait_ms: float, ring: Callable[[float], None]) -> None:
        """Call ``ring`` with the time once ``wait_ms`` has passed from the last event; replaces an earlier one."""

    def silence(self) -> None:
        """Forget the alarm."""


class QtKeyClock:
    """Window-system stamps, so that a busy GUI thread neither makes nor breaks a burst."""

    _STAMP_GRAIN_MS = 16
    """Windows stamps messages on a 15.6 ms grid (GetMessageTime); within it our own arrival is truer."""
    _LATE_MS = 12

    def __init__(self, parent: QObject) -> None:
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)
        self._ring: Callable[[float], None] | None = None
        self._time_ms = 0.0
        self._arrived_ms = 0.0
        self._stamp_ms = 0
        self._wait_ms = 0.0
        self._asked_ms = 0.0
        self._set_at_ms = 0.0

    def now(self) -> float:
        return monotonic() * 1000

    def time_of(self, stamp_ms: int) -> float:
        arrived_ms = monotonic() * 1000
        gap = arrived_ms - self._arrived_ms
        if stamp_ms and self._stamp_ms:
            stamped = stamp_ms - self._stamp_ms
            # A busy thread makes arrivals bunch up: only the stamp tells how far apart the keys were struck.
            if stamped >= 0 and not 0 <= stamped - gap <= self._STAMP_GRAIN_MS:
                gap = stamped
        self._arrived_ms, self._stamp_ms = arrived_ms, stamp_ms
        self._time_ms += gap
        return self._time_ms

    def alarm(self, wait_ms: float, ring: Callable[[float], None]) -> None:
        self._ring = ring
        self._wait_ms = self._asked_ms = wait_ms
        self._set_at_ms = monotonic() * 1000
        self._timer.start(int(wait_ms) + 1)

    def silence(self) -> None:
        self._timer.stop()
        self._ring = None

    def _due(self) -> None:
        waited = monotonic() * 1000 - self._set_at_ms
        if waited > self._wait_ms + self._LATE_MS:
            # The thread was busy: keys of the same burst may still stand in the queue behind this timer.
            self._set_at_ms, self._wait_ms = monotonic() * 1000, self._LATE_MS
            self._timer.start(self._LATE_MS)
            return
        ring, self._ring = self._ring, None
        if ring is not None:
            silent = monotonic() * 1000 - self._arrived_ms
            ring(self._time_ms + max(silent, self._asked_ms))


class HandKeyClock:
    """A clock that stands still until it is moved: for tests, benches and the tour."""

    def __init__(self) -> None:
        self.now_ms = 1_000.0
        self._due_ms: float | None = None
        self._ring: Callable[[float], None] | None = None

    def advance(self, ms: float) -> None:
        """Let time pass and ring the alarm if it falls due on the way."""
        self.now_ms += ms
        if self._ring is not None and self._due_ms is not None and self._due_ms <= self.now_ms:
            ring = self._ring
            self.silence()
            ring(self.now_ms)

    def now(self) -> float:
        return self.now_ms

    def time_of(self, stamp_ms: int) -> float:
        return self.now_ms

    def alarm(self, wait_ms: float, ring: Callable[[float], None]) -> None:
        self._due_ms = self.now_ms + wait_ms
        self._ring = ring

    def silence(self) -> None:
        self._due_ms = None
        self._ring = None
