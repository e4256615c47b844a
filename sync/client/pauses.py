"""How long sync rests between two turns, so that a thousand tills do not all come at once (SYNC.md §8).

Decides the rules only; chance is handed in. A commit ends a rest at once while all is well, and after a while when
nobody answered: trying the line is all that costs. It does not end a rest that the platform asked for by being busy
or broken: a shop that sells much would else hammer it with every sale.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Next

LONGEST_S = 300.0
PERSON_S = 300.0
"""How long until it is tried again where nothing but a person helps: she may have helped."""
AFTER_COMMIT_S = 5.0
"""How long after a platform was not reached a commit lets it be tried again."""
SHORTEST_S = 0.1
"""The shortest rest, whatever a platform asks for."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest; a commit ends it once `commit_after_s` of it are over, None: it does not."""

    seconds: float
    commit_after_s: float | None = 0.0


class Pauses:
    """Remembers how often it failed in a row, and over how long the tills are to spread out."""

    def __init__(self, random: Callable[[], float]) -> None:
        """`random` gives numbers from 0 to below 1."""
        self._random = random
        self._failures = 0
        self.spread_s = Next().spread_s

    def after_success(self, next_turn: Next) -> Pause:
        """Return the rest after a turn in which everything went well."""
        self._failures = 0
        self.spread_s = next_turn.spread_s
        return Pause(min(max(next_turn.after_ms / 1000, SHORTEST_S), LONGEST_S))

    def after_failure(self, error: PlatformError) -> Pause:
        """Return the rest after an error that later helps: spread out at first, then ever longer, by chance.

        The wait that the platform asks for is the least.
        """
        longest = self._longest()
        seconds = max(self._random() * longest, SHORTEST_S)
        asked = error.told.get("retry_after_s")
        if isinstance(asked, int):
            # Those who were told the same wait would else come back at the same moment.
            seconds = asked + self._random() * max(1.0, asked / 4)
        is_silent = error.number is Number.UNREACHABLE and asked is None
        return Pause(seconds, AFTER_COMMIT_S if is_silent else None)

    def after_bug(self) -> Pause:
        """Return the rest after a failure of our own."""
        return Pause(max(self._random() * self._longest(), 1.0), None)

    def for_person(self) -> Pause:
        """Return the rest where a person has to help."""
        return Pause(PERSON_S + self._random() * PERSON_S / 10, None)

    def _longest(self) -> float:
        self._failures += 1
        if self._failures == 1:
            return min(float(max(self.spread_s, 1)), LONGEST_S)
        return min(LONGEST_S, 2.0 ** min(self._failures, 16))
