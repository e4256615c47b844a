"""SIGKILL of the real platform and of a real till that syncs: nothing acknowledged is missing, nothing is there twice.

A failing run prints its seed; ``python -m tests.e2e.sync_kill.harness --seed S --kills N`` replays it.
"""

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("SIGKILL is POSIX; Windows ends a process by TerminateProcess", allow_module_level=True)

from tests.e2e.sync_kill.child import PLATFORM, TILL
from tests.e2e.sync_kill.harness import Outcome, Run
from tests.support.postgresql import postgresql_server

SEED = 20261128
LEAST_IN_WINDOW = 0.30


def _judge(outcome: Outcome, kills: int, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{outcome.text()}")
    assert not outcome.findings, f"replay: --seed {outcome.seed} --kills {kills}"
    assert outcome.kills + outcome.unfired == kills
    assert outcome.kills >= 0.7 * kills
    assert outcome.in_window >= LEAST_IN_WINDOW * outcome.kills
    assert outcome.answers > 0 and outcome.sales > 0


def test_platform_and_till_killed_twenty_times_lose_nothing_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _judge(Run(tmp_path, SEED).kills(20), 20, capsys)


def test_a_platform_that_answers_before_commit_is_found_out(tmp_path: Path) -> None:
    outcome = Run(tmp_path, SEED, variant="answers_before_commit", only="push:begun").kills(2)
    assert any("acknowledged fact is missing" in finding for finding in outcome.findings)


@pytest.mark.prove
def test_platform_and_till_killed_a_thousand_times_lose_nothing_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Run(tmp_path, SEED + 1).kills(1_000)
    _judge(outcome, 1_000, capsys)
    assert {*PLATFORM, *TILL} <= set(outcome.planned), "every named place was used"


@pytest.mark.prove
def test_on_postgresql_two_hundred_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with postgresql_server(tmp_path / "pg") as url:
        _judge(Run(tmp_path, SEED + 2, url).kills(200), 200, capsys)
