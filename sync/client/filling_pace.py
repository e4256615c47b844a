"""How much of a filling goes into one transaction, and the rest between two, so that a sale beside it hardly waits.

Decides by the middle of the last transactions: on a busy computer one of them may be put off by others for longer than
it works, and sizes fitted to that would only grow smaller. Differs from `chunks` in this: hundreds of thousands of rows
go in by it, and nothing else.
"""

from collections import deque
from statistics import median

from pos_app.services.ports.clock import Stopwatch
from sync.client.chunks import REST_PERCENT

HOLD_US = 5_000
"""How long one transaction should hold the database: a sale that waits for it is still paid in twice its usual time."""
LOOKED_AT = 15


class Pace:
    """The size of the next transaction, between `least` and `most` rows."""

    def __init__(self, stopwatch: Stopwatch, least: int, most: int) -> None:
        self._stopwatch, self._least, self._most = stopwatch, least, most
        self._row_ns: deque[int] = deque(maxlen=LOOKED_AT)
        self._began = self._ended = self._held = 0
        self.rows = least

    def rest(self) -> None:
        """Leave the database free for as long as is due; what was made ready meanwhile counts."""
        due = self._held * REST_PERCENT // 100 - (self._stopwatch.micros() - self._ended)
        if due > 0:
            self._stopwatch.rest(due)

    def begin(self) -> None:
        """Say that a transaction holds the database."""
        self._began = self._stopwatch.micros()

    def end(self, written: int) -> None:
        """Say that it does no longer, and how many rows it wrote."""
        self._ended = self._stopwatch.micros()
        self._held = min(self._ended - self._began, 2 * HOLD_US)
        if written * 2 >= self._least:
            self._row_ns.append(1_000 * (self._ended - self._began) // written)
            fitting = 1_000 * HOLD_US // max(int(median(self._row_ns)), 1)
            self.rows = min(max(fitting, self._least), self.rows * 3 // 2, self._most)
