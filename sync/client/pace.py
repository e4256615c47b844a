"""How much of a till's time sync takes: much of it while nobody sells, little while somebody does (DESIGN.md §7).

Decides when somebody sells: for some seconds after each fact of this till. Whoever takes time for sync asks here.
"""

from collections.abc import Callable

SELLING_S = 5.0
"""How long after a fact the next one may be expected soon: a queue at the counter pays one after the other."""

CARRY_EVERY_S = 0.5
"""How often goods that are brought along as a whole go with a push meanwhile."""


class Pace:
    """Whether somebody sells at this till, and what sync may do then; safe from any thread."""

    def __init__(self, steady_s: Callable[[], float]) -> None:
        """`steady_s` is a clock that only ever grows, in seconds."""
        self._steady_s = steady_s
        self._sold_at: float | None = None
        self._carried_at = 0.0

    def tell_of_facts(self) -> None:
        """Say that facts were committed."""
        self._sold_at = self._steady_s()

    @property
    def is_selling(self) -> bool:
        """Whether somebody sells, as far as one can tell."""
        sold_at = self._sold_at
        return sold_at is not None and self._steady_s() - sold_at < SELLING_S

    def note_carried(self) -> None:
        """Say that goods were brought along."""
        self._carried_at = self._steady_s()

    @property
    def carries_in_s(self) -> float:
        """In how many seconds goods may be brought along again; 0 for at once."""
        if not self.is_selling:
            return 0.0
        return max(0.0, self._carried_at + CARRY_EVERY_S - self._steady_s())
