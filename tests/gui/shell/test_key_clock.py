"""A busy till neither makes a scan out of typing nor typing out of a scan."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.shell import key_clock
from ui.shell.key_clock import QtKeyClock


class Wall:
    """The machine's clock, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = 5_000.0

    def __call__(self) -> float:
        return self.now_ms / 1000


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    made = Wall()
    monkeypatch.setattr(key_clock, "monotonic", made)
    return made


@pytest.fixture
def clock(qtbot: QtBot, wall: Wall) -> Iterator[QtKeyClock]:
    parent = QObject()
    yield QtKeyClock(parent)


def test_keys_that_waited_for_a_busy_till_keep_the_pace_they_were_struck_at(
    clock: QtKeyClock, wall: Wall
) -> None:
    first = clock.time_of(100_000)
    wall.now_ms += 1
    assert clock.time_of(100_120) - first == pytest.approx(120)


def test_a_burst_split_by_a_busy_till_is_still_a_burst(clock: QtKeyClock, wall: Wall) -> None:
    first = clock.time_of(100_000)
    wall.now_ms += 300
    assert clock.time_of(100_006) - first == pytest.approx(6)


def test_the_coarse_stamps_of_windows_are_refined_by_arrival(clock: QtKeyClock, wall: Wall) -> None:
    first = clock.time_of(100_000)
    wall.now_ms += 30
    assert clock.time_of(100_046) - first == pytest.approx(30)


def test_events_without_a_stamp_are_timed_by_arrival(clock: QtKeyClock, wall: Wall) -> None:
    first = clock.time_of(0)
    wall.now_ms += 42
    assert clock.time_of(0) - first == pytest.approx(42)


def test_an_alarm_that_is_late_lets_waiting_keys_go_first(clock: QtKeyClock, wall: Wall) -> None:
    rung: list[float] = []
    start = clock.time_of(0)
    clock.alarm(35, rung.append)
    wall.now_ms += 400
    clock._due()
    assert rung == []
    wall.now_ms += 12
    clock._due()
    assert rung == [pytest.approx(start + 412)]


def test_a_silenced_alarm_does_not_ring(clock: QtKeyClock, wall: Wall) -> None:
    rung: list[float] = []
    clock.time_of(0)
    clock.alarm(35, rung.append)
    clock.silence()
    wall.now_ms += 36
    clock._due()
    assert rung == []
