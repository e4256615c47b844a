"""T2: the simulation catches what it is there for: each planted fault breaks a promise within a thousand seeds."""

import pytest

from tests.simulation.planted import FAULTS, Fault, planted
from tests.simulation.running import run

MOST_SEEDS, OTHERS = 1_000, 40
by_name = pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])


def is_caught(fault: Fault, seed: int) -> bool:
    """Whether a seed that holds without a fault breaks with it, in whatever way."""
    with planted(fault):
        try:
            run(seed)
        except Exception:
            return True
    return False


@by_name
def test_a_planted_fault_is_caught(fault: Fault) -> None:
    """By the seed that is known to; what a run does changes with the product, so a few others may do it instead."""
    assert any(is_caught(fault, seed) for seed in (fault.seed, *range(1, OTHERS + 1)))


@pytest.mark.parametrize("seed", sorted({fault.seed for fault in FAULTS}))
def test_without_a_fault_its_seed_holds(seed: int) -> None:
    run(seed)


@pytest.mark.prove
@by_name
def test_a_planted_fault_is_found_within_a_thousand_seeds(fault: Fault) -> None:
    found = next((seed for seed in range(1, MOST_SEEDS + 1) if is_caught(fault, seed)), None)
    print(f"\n{fault.name}: seed {found}")
    assert found is not None
