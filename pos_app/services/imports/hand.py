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
_SMOOTH_S = 2.0
"""A rate is told once this much of a stage has been seen."""
HOLD_S = 0.016
"""How long one transaction should hold the database: a cashier's own waits no longer than two of them."""
REST_SHARE = 0.6
"""The rest between two transactions as a share of one: a waiting till gets its turn with a look that falls into it."""
LEAST_REST_S = 0.002
LEAST_ROWS, LEAST_KEYS = 100, 1_500
"""Below, a transaction costs more than what it writes, and a busy computer would make it ever smaller."""
TRIES = 60
"""Each try waits for the database as long as a till does (5 s): an erasure that rewrites the file may take minutes."""


class Hand:
    """Writes in chunks."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._monotonic = stopwatch.seconds
        self._rest = stopwatch.rest
        self.rows = 100
        self.keys = 2_000
        self._ended = 0.0
        self.holds_s: list[float] = []
        """How long the transactions held the database: the last thousand."""

    def write(self, begin: Callable[[], AbstractContextManager[Tx]], work: Callable[[Tx], T]) -> T:
        """Do work in one transaction, then rest; try again while another program holds the database.

        Raises StorageBusyError when that goes on, and what the store raises.
        """
        for _ in range(TRIES - 1):
            try:
                return self._once(begin, work)
            except StorageBusyError:
                self._rest(LEAST_REST_S)
        return self._once(begin, work)

    def _once(self, begin: Callable[[], AbstractContextManager[Tx]], work: Callable[[Tx], T]) -> T:
        self._rest_if_due()
        with begin() as tx:
            began = self._monotonic()
            result = work(tx)
        self._ended = self._monotonic()
        self.holds_s.append(self._ended - began)
        del self.holds_s[:-1_000]
        return result

    def _rest_if_due(self) -> None:
        """Wait until the database was free for long enough; what was made ready meanwhile counts as rest."""
        if not self.holds_s:
            return
        due = max(LEAST_REST_S, self.holds_s[-1] * REST_SHARE)
        free = self._monotonic() - self._ended
        if free < due:
            self._rest(due - free)

    def meter(self) -> "Meter":
        """Begin to measure one stage."""
        return Meter(self._monotonic)

    def rows_fit(self, written: int) -> None:
        """Set how many rows are read for the next transaction by how long the last one held the database.

        `written` is how many rows it wrote: where most are known already, more are read at a time.
        """
        self.rows = _fitting(max(written, self.rows // 4), self.holds_s[-1], LEAST_ROWS, 1_000)

    def keys_fit(self) -> None:
        """Set the number of keys of the next transaction by how long the last one held the database."""
        self.keys = _fitting(self.keys, self.holds_s[-1], LEAST_KEYS, 50_000)


def _fitting(size: int, held_s: float, least: int, most: int) -> int:
    """Return a size nearer to what fits into HOLD_S: at most a half more, at least a quarter of it."""
    wanted = size * HOLD_S / max(held_s, 0.000_1)
    return int(min(max(wanted, size * 0.25, least), size * 1.5 + 1, most))


class Meter:
    """Measures one stage: how many a second, and how long the rest will take."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._began = monotonic()
        self._first: int | None = None

    def progress(self, stage: Stage, done: int, total: int | None, counts: Counts) -> Progress:
        """Return how far the stage has come; what was done before the first call counts as no work."""
        if self._first is None:
            self._first = 0
        taken = self._monotonic() - self._began
        rate = (done - self._first) / taken if taken > 0 else 0.0
        left = None
        if total is not None and rate > 0 and taken > _SMOOTH_S:
            left = max(total - done, 0) / rate
        return Progress(stage=stage, done=done, total=total, rate=rate, left_s=left, counts=counts)

    def start_at(self, done: int) -> None:
        """Begin to count from what was done before."""
        self._first = done
