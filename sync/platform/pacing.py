"""How tills spread out what they ask, so that a thousand of them never ask at once. Source: SYNC.md §8."""

LEAST_SPREAD_S = 10
PUSHES_PER_S = 50
"""What one platform answers without anybody waiting, on two cores and a disk that syncs each commit."""


def spread_s(tills: int, pushes_per_s: int = PUSHES_PER_S) -> int:
    """Return over how many seconds that many tills spread their first push after a disconnection; 10 at least."""
    return max(LEAST_SPREAD_S, -(-tills // pushes_per_s))
