"""How much goes into one transaction of sync, so that a sale beside it hardly waits.

Decides the size from how long the last transaction held the database, and the rest between two.
"""

from pos_app.services.ports.clock import Stopwatch

HOLD_US, GENTLE_HOLD_US = 8_000, 1_000
"""How long one transaction should hold the database (DESIGN.md §7), and how long while somebody sells."""
REST_PERCENT, GENTLE_REST_PERCENT = 50, 2_000
"""The rest after a transaction as a share of it; what is made ready meanwhile counts as rest."""
LEAST, MOST = 5, 1_000
"""Below, a transaction costs more than what it writes."""


class Chunks:
    """The size of chunks, fitted to what this computer writes in time."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._began = self._ended = self._held = 0
        self._is_gentle = False
        self.rows = 100
        self.holds_us: list[int] = []
        """How long the transactions held the database: the last thousand."""

    def fit(self, *, is_selling: bool) -> None:
        """Take less from now on, because somebody sells, or more again."""
        if is_selling and not self._is_gentle:
            self.rows = max(self.rows * GENTLE_HOLD_US // HOLD_US, LEAST)
        self._is_gentle = is_selling

    def begin(self) -> None:
        """Say that a transaction holds the database."""
        self._began = self._stopwatch.micros()

    def end(self, written: int) -> None:
        """Say that it does no longer, and how many rows it wrote; fit the size, unless it wrote but a few."""
        self._ended = self._stopwatch.micros()
        held, hold_us = self._ended - self._began, GENTLE_HOLD_US if self._is_gentle else HOLD_US
        # A disk that hung for seconds is no reason to rest for minutes.
        self._held = min(held, 2 * hold_us)
        self.holds_us.append(held)
        del self.holds_us[:-1_000]
        if written * 2 >= self.rows:
            wanted = written * hold_us // max(held, 1)
            self.rows = min(max(wanted, self.rows // 4, LEAST), self.rows * 3 // 2 + 1, MOST)

    def rest(self) -> None:
        """Leave the database free for as long as is due since the last transaction."""
        percent = GENTLE_REST_PERCENT if self._is_gentle else REST_PERCENT
        due = self._held * percent // 100 - (self._stopwatch.micros() - self._ended)
        if due > 0:
            self._stopwatch.rest(due)
