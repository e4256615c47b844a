"""T1: whole runs of several real tills and the real platform keep every promise, whatever happens outside (SYNC.md).

A seed that breaks one is told with the line that runs it again. `make test` runs as many seeds as fit into its time,
`make prove` a thousand.
"""

from collections import Counter
from time import perf_counter

import pytest

from tests.simulation.chance import NET
from tests.simulation.running import run

TEST_S, LEAST_SEEDS = 90.0, 30
"""How long `make test` runs seeds, and how many at least, however slow the machine is."""
PROVE_SEEDS = 1_000
SHARE = 0.1
TROUBLES = (
    *NET,
    "reorder",
    "offline",
    "till_crash",
    "till_crash_inside",
    "platform_crash",
    "platform_restored",
    "clock_skew",
    "clock_jump",
    "till_restored",
    "clone",
    "till_revoked",
    "till_dead",
    "epoch_opened",
)
ACTS = (
    "one_phone_one_name",
    "one_phone_two_names",
    "edits_at_once",
    "consents_at_once",
    "merges",
    "unmerges",
    "choices",
    "choices_taken_back",
    "erasures",
    "returned_twice",
    "piece_sold_twice",
    "imports",
    "withdrawals",
    "online_edits",
)
"""What must come in a tenth of all seeds, besides troubles."""


def counted(seeds: range, most_s: float = float("inf")) -> tuple[int, Counter[str], Counter[str]]:
    """Run seeds until the time is over; return how many ran, what was counted, and in how many seeds each came."""
    began, total, having, ran = perf_counter(), Counter[str](), Counter[str](), 0
    for seed in seeds:
        counts = run(seed).counts
        ran += 1
        total.update(counts)
        having.update(name for name, count in counts.items() if count)
        if ran >= LEAST_SEEDS and perf_counter() - began > most_s:
            break
    took = perf_counter() - began
    print(f"\n{ran} seeds in {took:.0f} s: {', '.join(f'{total[k]} {k}' for k in sorted(total))}")
    return ran, total, having


def test_seeds_keep_every_promise() -> None:
    _ran, total, _having = counted(range(1, PROVE_SEEDS + 1), TEST_S)
    idle = [name for name in ("sales", "facts", "edits", "signups", *TROUBLES, *ACTS) if not total[name]]
    assert not idle, f"never came: {idle}"


def test_a_seed_is_a_run() -> None:
    assert run(3).told == run(3).told != run(4).told


@pytest.mark.prove
def test_a_thousand_seeds_keep_every_promise_and_meet_all_troubles() -> None:
    ran, _total, having = counted(range(1, PROVE_SEEDS + 1))
    assert ran == PROVE_SEEDS
    rare = {name: having[name] for name in (*TROUBLES, *ACTS) if having[name] < SHARE * ran}
    assert not rare, f"came in less than a tenth of {ran} seeds: {rare}"
