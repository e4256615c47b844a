"""SIGKILL of the real till: no answered sale is lost, none is there twice, the cart comes back line for line.

A failing run prints its seed; ``python -m tests.e2e.kill --seed S --kills N`` replays it and keeps the shops.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("SIGKILL is POSIX; Windows ends a process by TerminateProcess", allow_module_level=True)

from tests.e2e.kill.harness import Order, Outcome, Tills, run
from tests.e2e.kill.plan import DECK, STEPS, TIMED
from tests.support.kill_points import BACKING_UP, PRINTING, RECOVERING

SEED = 20261122
LEAST_IN_WINDOW = 0.30


@pytest.fixture(scope="module")
def tills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tills]:
    """Yield the process that starts tills: it has loaded everything once."""
    with Tills(tmp_path_factory.mktemp("tills") / "tills.log") as server:
        yield server


def _judge(outcome: Outcome, kills: int, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{outcome.text()}")
    assert not outcome.findings, f"replay: {outcome.replay}"
    assert outcome.kills + outcome.unfired == kills
    assert outcome.in_window >= LEAST_IN_WINDOW * outcome.kills
    assert outcome.sales > 0 and outcome.answered > 0 and outcome.copies > 0


def test_a_till_killed_twenty_times_loses_nothing_and_doubles_nothing(
    tills: Tills, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run(tills, Order(seed=SEED, kills=20, folder=tmp_path))
    _judge(outcome, 20, capsys)
    assert len(outcome.planned) >= 15, "each kind of place is among the twenty"


@pytest.mark.prove
def test_a_till_killed_five_hundred_times_loses_nothing_and_doubles_nothing(
    tills: Tills, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run(tills, Order(seed=SEED + 1, kills=500, folder=tmp_path))
    _judge(outcome, 500, capsys)
    places: set[str] = {place for card in DECK for place in card}
    assert places == set(outcome.planned), "every named place was used"
    assert {STEPS, TIMED, *PRINTING, *RECOVERING, *BACKING_UP} < places


def test_a_till_that_answers_before_commit_is_found_out(tills: Tills, tmp_path: Path) -> None:
    outcome = run(
        tills, Order(seed=1, kills=1, folder=tmp_path, variant="answers_before_commit", only="sale:answered")
    )
    assert any("lost: N01-1-" in finding for finding in outcome.findings), outcome.text()


def test_a_till_that_prints_unmarked_jobs_is_found_out(tills: Tills, tmp_path: Path) -> None:
    outcome = run(
        tills, Order(seed=1, kills=1, folder=tmp_path, variant="jobs_not_marked", only="print:sent")
    )
    assert any("twice without 副本" in finding for finding in outcome.findings), outcome.text()


def test_a_till_that_retries_under_a_new_cart_is_found_out(tills: Tills, tmp_path: Path) -> None:
    outcome = run(
        tills, Order(seed=1, kills=2, folder=tmp_path, variant="new_cart_on_retry", only="sale:committed")
    )
    assert any("doubled: basket" in finding for finding in outcome.findings), outcome.text()


def test_a_till_that_does_not_keep_the_open_cart_is_found_out(tills: Tills, tmp_path: Path) -> None:
    outcome = run(
        tills, Order(seed=1, kills=1, folder=tmp_path, variant="carts_not_kept", only="cart:committed")
    )
    assert any("cart: came back as ''" in finding for finding in outcome.findings), outcome.text()


@pytest.mark.parametrize("place", ["cart:committed", "sale:answered", "print:sent", "sale:committed"])
def test_the_same_kills_find_nothing_wrong_with_the_real_till(
    tills: Tills, tmp_path: Path, place: str
) -> None:
    outcome = run(tills, Order(seed=1, kills=2, folder=tmp_path, only=place))
    assert outcome.findings == [] and outcome.kills == 2
