"""Many tills that come back at once: all are drained, no fact is lost, and the platform's memory does not grow."""

from pathlib import Path

import pytest

from tests.benchmarks.herd import FACTS, FEW, MEMORY_BAR, TILLS, Herd, herd


def _judge(told: Herd, facts: int) -> None:
    assert told.facts == told.acknowledged == told.tills * facts
    assert told.sales > 0


def test_forty_tills_that_come_back_at_once_are_drained_and_lose_nothing(tmp_path: Path) -> None:
    _judge(herd(tmp_path, 40, 20), 20)


@pytest.mark.prove
def test_a_thousand_tills_are_drained_in_the_memory_of_a_hundred(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for tills in (FEW, TILLS):
        folder = tmp_path / str(tills)
        folder.mkdir()
        told.append(herd(folder, tills))
        with capsys.disabled():
            print(f"\n{told[-1].text()}")
        _judge(told[-1], FACTS)
    assert told[1].memory <= MEMORY_BAR * told[0].memory
