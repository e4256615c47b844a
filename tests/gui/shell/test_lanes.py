"""Work leaves the GUI thread and its answer comes back to it, in order, once."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.errors import ExpectedError, NotFoundError
from ui.shell.lanes import LaneClosedError, Lanes


def _boom() -> None:
    raise ZeroDivisionError


def _not_found() -> None:
    raise NotFoundError


def _unwanted(_value: object) -> None:
    raise AssertionError("the other answer was due")


def test_work_runs_elsewhere_and_answers_here(qtbot: QtBot, lanes: Lanes) -> None:
    answers: list[tuple[str, int]] = []
    here = threading.get_ident()
    lanes.lane("db").run(threading.get_ident, lambda ident: answers.append(("done", ident)), lambda _e: None)
    assert answers == []
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0][1] != here


def test_answers_arrive_on_the_gui_thread(qtbot: QtBot, lanes: Lanes) -> None:
    threads: list[int] = []
    lanes.lane("net").run(lambda: None, lambda _r: threads.append(threading.get_ident()), _unwanted)
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.get_ident()]


def test_one_lane_keeps_its_order(qtbot: QtBot, lanes: Lanes) -> None:
    done: list[int] = []
    for number in range(200):
        lanes.lane("db").run(lambda n=number: n, done.append, _unwanted)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(done) == 200)
    assert done == list(range(200))


def test_an_expected_failure_is_answered_and_is_no_bug(
    qtbot: QtBot, lanes: Lanes, bugs: list[Exception]
) -> None:
    failures: list[Exception] = []
    lanes.lane("db").run(_not_found, _unwanted, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ExpectedError)
    assert bugs == []


def test_a_bug_is_reported_and_answered(qtbot: QtBot, lanes: Lanes, bugs: list[Exception]) -> None:
    failures: list[Exception] = []
    lanes.lane("db").run(_boom, _unwanted, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


def test_a_page_that_fails_on_its_answer_does_not_stop_the_lane(
    qtbot: QtBot, lanes: Lanes, bugs: list[Exception]
) -> None:
    done: list[int] = []
    lanes.lane("db").run(lambda: 1, lambda _one: _boom(), _unwanted)
    lanes.lane("db").run(lambda: 2, done.append, _unwanted)
    qtbot.waitUntil(lambda: done == [2])
    assert len(bugs) == 1


def test_closing_finishes_what_is_queued_and_takes_no_more(qtbot: QtBot, bugs: list[Exception]) -> None:
    lanes = Lanes(bugs.append)
    written: list[int] = []
    for number in range(50):
        lanes.lane("db").run(lambda n=number: written.append(n), lambda _r: None, _unwanted)  # type: ignore[misc]
    assert lanes.close() == []
    assert written == list(range(50))
    with pytest.raises(LaneClosedError):
        lanes.lane("db").run(lambda: None, lambda _r: None, _unwanted)


def test_a_device_that_hangs_is_named_and_does_not_hold_the_door(qtbot: QtBot, bugs: list[Exception]) -> None:
    lanes = Lanes(bugs.append)
    let_go = threading.Event()
    lanes.lane("device:printer").run(let_go.wait, lambda _r: None, _unwanted)
    assert lanes.close(timeout_s=0.05) == ["device:printer"]
    let_go.set()
    assert lanes.close() == []
