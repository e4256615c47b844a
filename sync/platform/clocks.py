"""How a till's clock is read: a time ahead of the platform's is never believed, one far off is put right (SYNC.md §7).

A till whose wall clock is within two minutes is taken at its word. Beyond, its times are held between when it was heard
last and now. Pure: the times are handed in.
"""

from collections.abc import Callable

from sync.protocol.messages import ClockReading

BELIEVED_MS = 120_000
"""How far a till's clock may be off before its times are put right."""


def clock_of(reading: ClockReading, heard_ms: int, now_ms: int) -> Callable[[int], int]:
    """Return how an HLC of a till is read, from its clocks, when it was heard last, and the time here."""
    latest = now_ms << 16 | 0xFFFF
    earliest = heard_ms << 16 if abs(reading.wall_ms - now_ms) > BELIEVED_MS else 0

    def read(hlc: int) -> int:
        return min(max(hlc, earliest), latest)

    return read
