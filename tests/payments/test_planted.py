"""Each fault that a till of this kind had is caught by a run."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.payments.checks import BrokenPromise
from tests.payments.planted import FAULTS, Fault
from tests.payments.running import World


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_breaks_a_promise(fault: Fault, tmp_path: Path) -> None:
    world = World(tmp_path, 1)
    try:
        with ExitStack() as stack, pytest.raises(BrokenPromise):
            fault.plant(stack)
            world.run(fault.run)
    finally:
        world.close()
