"""The machine finds what it is there for: each planted fault makes two reckonings differ within a few sequences."""

import pytest

from tests.day_machine.planted import FAULTS, Fault, planted
from tests.day_machine.running import run

MOST = 25
"""How many sequences may pass before a fault is found."""


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_planted_fault_is_found(fault: Fault) -> None:
    with planted(fault):
        for seed in range(1, MOST + 1):
            try:
                run(seed)
            except AssertionError as problem:
                print(f"\n{fault.name}: seed {seed}, {type(problem).__name__}: {str(problem)[:100]}")
                return
    pytest.fail(f"{fault.name} was not found in {MOST} sequences")
