"""The computer's clock and random ids: the only place that asks for either."""

import secrets
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

from pos_app.domain.values.ids import uuid7


class SystemClock:
    """The wall clock, in whole milliseconds, which is what the books keep."""

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemStopwatch:
    """The computer's steady clock, and its sleep."""

    def micros(self) -> int:
        """Return microseconds since some moment before."""
        return time.perf_counter_ns() // 1000

    def rest(self, micros: int) -> None:
        """Sleep."""
        time.sleep(micros / 1_000_000)


class SystemIds:
    """UUIDv7 from the wall clock and the system's random bits, each later than the one before."""

    def __init__(self) -> None:
        self._last_ms = 0
        self._lock = threading.Lock()

    def new(self) -> UUID:
        """Return a new id. Within a millisecond, or when the clock runs back, the time part moves on by one."""
        with self._lock:
            self._last_ms = max(time.time_ns() // 1_000_000, self._last_ms + 1)
            return uuid7(self._last_ms, secrets.randbits(74))
