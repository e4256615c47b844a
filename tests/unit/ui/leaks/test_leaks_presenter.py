"""The leak report's presenter: reading that is stopped or overtaken, dates as people type them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.leaky_day import leaky_day
from tests.support.screen_till import counter_till
from ui.leaks.presenter import LeaksPresenter, read_day
from ui.leaks.state import Span, State


class HeldLane:
    """A lane whose work waits until the test lets it run."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]
    ) -> None:
        def job() -> None:
            try:
                made = work()
            except Exception as problem:
                failed(problem)
            else:
                done(made)

        self.waiting.append(job)

    def go(self, place: int = 0) -> None:
        self.waiting.pop(place)()


@pytest.mark.parametrize("text", ["2026-11-02", "2026/11/2", "2026.11.02", "20261102", " 2026-11-02 "])
def test_a_date_is_read_as_it_is_typed(text: str) -> None:
    assert read_day(text) == date(2026, 11, 2)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13-01", "2026-02-30", "11-02", "2026-11-02-3", "２０２６-1-1", "x"]
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert read_day(text) is None


def test_a_range_that_was_overtaken_is_not_shown_and_stopped_reading_says_so(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        leaky_day(at, sales=6)
        states: list[State] = []
        lane = HeldLane()
        presenter = LeaksPresenter(at.counter, lane, states.append)
        presenter.open()
        presenter.choose(Span.WEEK)
        lane.go()
        assert not presenter.state.ready, "today's answer came after the week was asked for"
        lane.go()
        assert presenter.state.ready
        assert presenter.state.heat.rows
        presenter.choose(Span.MONTH)
        assert presenter.state.busy
        assert presenter.back()
        lane.go()
        assert not presenter.state.busy
        assert presenter.state.note
        assert presenter.state.heat.rows, "what was shown before stays"
        assert not presenter.back()
