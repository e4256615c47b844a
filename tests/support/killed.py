"""What a run of kills has shown, whoever was killed: how often, where, and what was wrong afterwards."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass
class Killed:
    """Counts of one run; `died_at` is by who or what was at work and the place in it, as "sale:commit"."""

    seed: int
    findings: list[str] = field(default_factory=list)
    died_at: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    unfired: int = 0

    @property
    def kills(self) -> int:
        """How many processes were killed at work."""
        return sum(self.died_at.values())

    def died_within(self, places: Collection[str]) -> int:
        """Return how many died at one of some places, whatever they did."""
        return sum(count for at, count in self.died_at.items() if at.partition(":")[2] in places)
