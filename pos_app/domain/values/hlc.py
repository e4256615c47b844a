"""Hybrid logical clock: a time that never runs back, whatever the computer's clock does.

48 bits of Unix milliseconds and 16 bits of counter (Kulkarni et al., "Logical Physical Clocks", 2014); the
till's id breaks ties. Decides the order of edits; the wall time is passed in.
"""

from typing import NewType

Hlc = NewType("Hlc", int)
"""milliseconds << 16 | counter."""


def tick(last: Hlc, wall_ms: int) -> Hlc:
    """Return the next time: later than `last`, and not before the wall clock."""
    return Hlc(max(last + 1, wall_ms << 16))


def wall_ms(hlc: Hlc) -> int:
    """Return the milliseconds part."""
    return hlc >> 16
