"""Whole days by chance: cash, tenders, tax, Z and journal agree after every step (`make prove`: two thousand of them).

A sequence in which they do not is told with the line that runs it again.
"""

from collections import Counter
from statistics import median
from time import perf_counter

import pytest

from tests.day_machine.acts import ACTS
from tests.day_machine.running import run

TEST_S, LEAST_SEEDS = 20.0, 12
"""How long `make test` runs sequences, and how many at least, however slow the machine is."""
PROVE_SEEDS, LEAST_STEPS, SHARE = 2_000, 30, 0.2


def test_everything_agrees_after_every_step_of_a_few_days() -> None:
    began, seed = perf_counter(), 0
    while seed < LEAST_SEEDS or perf_counter() - began < TEST_S:
        seed += 1
        run(seed)
    print(f"\n{seed} sequences")


@pytest.mark.prove
def test_everything_agrees_after_every_step_of_two_thousand_days() -> None:
    lengths, seen = [], Counter[str]()
    for seed in range(1, PROVE_SEEDS + 1):
        ran = run(seed)
        lengths.append(ran.steps)
        seen.update(ran.counts.keys())
    print(f"\n{PROVE_SEEDS} sequences, median length {median(lengths):g}")
    for name, count in seen.most_common():
        print(f"  {name}: {100 * count / PROVE_SEEDS:.0f} %")
    assert median(lengths) >= LEAST_STEPS
    assert all(seen[act.__name__] >= SHARE * PROVE_SEEDS for act in ACTS)
