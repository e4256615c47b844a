"""The hand that writes: short transactions with a rest between them, so that a till beside it never waits long.

Decides how much goes into one transaction, from how long the last ones held the database; not what is written.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from pos_app.domain.errors import StorageBusyError
from pos_app.services.imports.values import Progress, Stage
from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.imports import Counts
from pos_app.services.ports.store import Tx

T = TypeVar("T")
HOLD_US = 16_000
"""How long one transaction should hold the database: a cashier's own waits no longer than two of them."""
REST_PERCENT = 60
"""The rest between two transactions as a share of one: a waiting till gets its turn with a look that falls into it."""
LEAST_REST_US = 2_000
LEAST_ROWS, LEAST_KEYS = 100, 1_500
"""Below, a transaction costs more than what it writes, and a busy computer would make it ever smaller."""
MOST_ROWS, MOST_KEYS = 1_000, 50_000
TRIES = 60
"""Each try waits for the database as long as a till does (5 s): an erasure that rewrites the file may take minutes."""
_TOLD_AFTER_US = 2_000_000
"""The time left is told once this much of a stage has been seen."""


class Hand:
    """Writes in chunks."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._ended = 0
        self.rows = 100
        self.keys = 2_000
        self.holds_us: list[int] = []
        """How long the transactions held the database: the last thousand."""

    def write(self, begin: Callable[[], AbstractContextManager[Tx]], work: Callable[[Tx], T]) -> T:
        """Do work in one transaction, after a rest; try again while another program holds the database.

        Raises StorageBusyError when that goes on, and what the store raises.
        """
        for _ in range(TRIES - 1):
            try:
                return self._once(begin, work)
            except StorageBusyError:
                self._stopwatch.rest(LEAST_REST_US)
        return self._once(begin, work)

    def _once(self, begin: Callable[[], AbstractContextManager[Tx]], work: Callable[[Tx], T]) -> T:
        self._rest_if_due()
        with begin() as tx:
            began = self._stopwatch.micros()
            result = work(tx)
        self._ended = self._stopwatch.micros()
        self.holds_us.append(self._ended - began)
        del self.holds_us[:-1_000]
        return result

    def _rest_if_due(self) -> None:
        """Wait until the database was free for long enough; what was made ready meanwhile counts as rest."""
        if not self.holds_us:
            return
        due = max(LEAST_REST_US, self.holds_us[-1] * REST_PERCENT // 100)
        free = self._stopwatch.micros() - self._ended
        if free < due:
            self._stopwatch.rest(due - free)

    def meter(self) -> "Meter":
        """Begin to measure one stage."""
        return Meter(self._stopwatch)

    def rows_fit(self, written: int) -> None:
        """Set how many rows are read for the next transaction by how long the last one held the database.

        `written` is how many rows it wrote: where most are known already, more are read at a time.
        """
        self.rows = _fitting(max(written, self.rows // 4), self.holds_us[-1], LEAST_ROWS, MOST_ROWS)

    def keys_fit(self) -> None:
        """Set the number of keys of the next transaction by how long the last one held the database."""
        self.keys = _fitting(self.keys, self.holds_us[-1], LEAST_KEYS, MOST_KEYS)


def _fitting(size: int, held_us: int, least: int, most: int) -> int:
    """Return a size nearer to what fits into HOLD_US: at most a half more, at least a quarter of it."""
    wanted = size * HOLD_US // max(held_us, 1)
    return min(max(wanted, size // 4, least), size * 3 // 2 + 1, most)


class Meter:
    """Measures one stage: how many a second, and how long the rest will take."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch = stopwatch
        self._began = stopwatch.micros()
        self._first = 0

    def progress(self, stage: Stage, done: int, total: int | None, counts: Counts) -> Progress:
        """Return how far the stage has come."""
        taken = self._stopwatch.micros() - self._began
        rate = (done - self._first) * 1_000_000 // taken if taken > 0 else 0
        left = None
        if total is not None and rate > 0 and taken > _TOLD_AFTER_US:
            left = max(total - done, 0) // rate
        return Progress(stage=stage, done=done, total=total, rate=rate, left_s=left, counts=counts)

    def start_at(self, done: int) -> None:
        """Begin to count from what was done before."""
        self._first = done
