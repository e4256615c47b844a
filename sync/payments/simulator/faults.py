"""What goes wrong with a played wallet, drawn from a seed: the same request of the same number always fares the same.

Decides which faults there are, how often, and for which request each makes sense.
"""

from hashlib import sha256

LOST_BEFORE, LOST_AFTER, LATE = "lost_before", "lost_after", "late"
"""The request never arrives; its answer never does; it arrives long after the shop has given up."""
DIE_BEFORE, DIE_AFTER = "die_before", "die_after"
"""The wallet is killed before it did anything, or when all was done and nothing said."""
BAD_SIGNATURE, NOT_JSON = "bad_signature", "not_json"
OTHER_AMOUNT, MISREAD, OTHER_ORDER = "other_amount", "misread", "other_order"
"""It takes another amount; it took the right one and says another; it answers about another order."""
SYSTEM_BEFORE, SYSTEM_AFTER, BUSY, RETRY = "system_before", "system_after", "busy", "retry"

WEIGHTS: dict[str, tuple[tuple[str, int], ...]] = {
    "charge": (
        (LOST_BEFORE, 10),
        (LOST_AFTER, 20),
        (LATE, 12),
        (DIE_BEFORE, 2),
        (DIE_AFTER, 4),
        (BAD_SIGNATURE, 8),
        (NOT_JSON, 8),
        (OTHER_AMOUNT, 9),
        (MISREAD, 5),
        (OTHER_ORDER, 4),
        (SYSTEM_BEFORE, 4),
        (SYSTEM_AFTER, 8),
        (BUSY, 3),
    ),
    "query": (
        (LOST_AFTER, 30),
        (BAD_SIGNATURE, 15),
        (NOT_JSON, 15),
        (OTHER_ORDER, 10),
        (MISREAD, 10),
        (SYSTEM_BEFORE, 15),
        (DIE_BEFORE, 2),
    ),
    "reverse": (
        (LOST_BEFORE, 20),
        (LOST_AFTER, 30),
        (BAD_SIGNATURE, 10),
        (NOT_JSON, 10),
        (SYSTEM_AFTER, 10),
        (RETRY, 15),
        (DIE_AFTER, 3),
    ),
    "refund": (
        (LOST_BEFORE, 20),
        (LOST_AFTER, 30),
        (BAD_SIGNATURE, 10),
        (NOT_JSON, 10),
        (SYSTEM_BEFORE, 10),
        (SYSTEM_AFTER, 15),
        (DIE_AFTER, 4),
    ),
    "query_refund": (
        (LOST_AFTER, 30),
        (BAD_SIGNATURE, 25),
        (NOT_JSON, 25),
        (SYSTEM_BEFORE, 20),
    ),
}
CHARGES_SPOILT, OTHERS_SPOILT = 60, 25
"""Per cent of charges, and of other requests, that fare badly where faults are drawn."""
EARLIEST_MS, LATEST_MS = 3_000, 55_000
"""When a late charge arrives, after it was sent."""


class Faults:
    """Faults of a seed; 0 draws none. What is queued comes first, one for each request."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.queued: list[str] = []

    def draw(self, what: str, number: str, times: int) -> str:
        """Return the fault of a request, empty for none; `times` is how often it was asked before."""
        if self.queued:
            return self.queued.pop(0)
        if not self._seed:
            return ""
        spoilt = CHARGES_SPOILT if what == "charge" else OTHERS_SPOILT
        if self._number(f"{what}:{number}:{times}:whether", 100) >= spoilt:
            return ""
        weights = WEIGHTS[what]
        place = self._number(f"{what}:{number}:{times}:which", sum(weight for _, weight in weights))
        for fault, weight in weights:
            place -= weight
            if place < 0:
                return fault
        raise AssertionError("weights do not add up")

    def late_ms(self, number: str) -> int:
        """Return how long a late charge is under way."""
        return EARLIEST_MS + self._number(f"{number}:late", LATEST_MS - EARLIEST_MS)

    def _number(self, text: str, below: int) -> int:
        return int.from_bytes(sha256(f"{self._seed}:{text}".encode()).digest()[:8]) % below
