"""The gate before Enter: a bouncing key or a nervous finger says yes to nothing.

Decides which Enter counts, at the counter, in a form and over a page alike. Does not decide what Enter means. Qt-free.
"""

from collections.abc import Callable

BOUNCE_MS = 300
"""An Enter within this time of the one before, or of what it would answer being shown, is ignored."""


class EnterGate:
    """One for each place where Enter says yes, on a clock in milliseconds that never runs back."""

    def __init__(self, now_ms: Callable[[], float]) -> None:
        self._now_ms = now_ms
        self._since: float | None = None

    def shut(self) -> None:
        """Note that something was shown just now: nobody has read it yet."""
        self._since = self._now_ms()

    def touched(self) -> None:
        """Note that something other than Enter came in: the next Enter is meant."""
        self._since = None

    def lets_in(self) -> bool:
        """Say whether an Enter that comes now counts."""
        now, before = self._now_ms(), self._since
        # Also an ignored beat begins the time anew: a nervous finger must not say yes for a customer.
        self._since = now
        return before is None or now - before >= BOUNCE_MS
