"""Time and ids of tests: a clock that only a test moves, ids that count up and may be asked for by many threads.

Decides nothing of its own about a till; `bootstrap` puts these behind the services.
"""

from itertools import count
from uuid import UUID

from pos_app.domain.values.ids import uuid7
from tests.support.bootstrap import NOON, CountedIds, HandClock

__all__ = ["NOON", "CountedIds", "HandClock", "SharedIds"]


class SharedIds:
    """UUIDv7s that count up from a start, each given once however many threads ask.

    Two processes (or two openings) of one shop take starts that are far apart.
    """

    def __init__(self, start: int = 1) -> None:
        self._numbers = count(start)

    def new(self) -> UUID:
        """Return the next id; `next` on a count is one step of the interpreter, so no two threads share it."""
        return uuid7(int(NOON.timestamp() * 1000), next(self._numbers))
