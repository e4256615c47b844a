"""What a seed decides: which troubles a run has and how often, and what is counted of it.

Everything that is not the product's own code comes from one `random.Random`, so a seed is a run.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

NET = ("drop_request", "drop_reply", "duplicate", "delay", "stale_reply")
"""What may happen to a request or its answer; delayed ones come in another order than they were sent."""
MOST = 0.4


class Died(BaseException):
    """The till went off at this very point. No Exception: nothing in the product may catch a power cut."""


class Crashed(BaseException):
    """The platform went off at this very point."""


@dataclass
class Chance:
    """The chance of one run, how often each trouble of the network comes, and what was counted."""

    seed: int
    random: Random = field(init=False)
    rates: dict[str, float] = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    calm: bool = False

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.rates = {name: self.random.uniform(0, MOST) * (self.random.random() < 0.6) for name in NET}

    def strikes(self, name: str) -> bool:
        """Whether a trouble of the network comes now; counts it."""
        struck = not self.calm and self.random.random() < self.rates[name]
        self.counts[name] += struck
        return struck

    def happens(self, share: float) -> bool:
        """Whether something of a share of all times happens now."""
        return self.random.random() < share
