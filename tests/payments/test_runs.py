"""Customers pay by wallet, whatever the wallet says and whoever is killed: exactly the bill or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.payments.running import World

FEW, MANY = 16, 2_000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Yield the played wallets with faults of a seed."""
    world = World(tmp_path, 1)
    yield world
    world.close()


def test_customers_are_charged_the_bill_or_nothing_and_the_statement_agrees(world: World) -> None:
    for number in range(FEW):
        world.run(number)
    assert world.ran.counts["sale by wallet"] and world.ran.counts["kept while undecided"]


@pytest.mark.prove
def test_two_thousand_customers_are_charged_the_bill_or_nothing(world: World) -> None:
    for number in range(MANY):
        world.run(number)
    counts = world.ran.counts
    assert world.ran.runs == MANY and world.simulator.kills > 50
    for what in ("charge paid", "charge refused", "charge reversed", "return", "given back before a sale"):
        assert counts[what] > 50, what
