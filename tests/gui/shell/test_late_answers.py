"""A page whose question is still being answered is built anew: the answer finds nobody, and nothing breaks."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.catalogue import SCREEN as CATALOGUE
from ui.members import SCREEN as MEMBERS
from ui.returns import SCREEN as RETURNS
from ui.shell.lanes import Lanes
from ui.shell.screens import Screen


@pytest.fixture
def till(tmp_path: Path, lanes: Lanes) -> Iterator[ScreenTill]:
    lane = lanes.lane("db")
    screens = [MEMBERS, CATALOGUE, RETURNS]
    with counter_till(tmp_path, lane) as counter, screen_till(counter, screens) as shown:
        yield shown


def _delete_what_was_dropped() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _settle(qtbot: QtBot, lanes: Lanes) -> None:
    """Wait until everything that was asked so far has its answer."""
    ended: list[bool] = []
    lanes.lane("db").run(lambda: True, ended.append, lambda _error: None)
    qtbot.waitUntil(lambda: bool(ended))


def _asked_while_the_lane_is_busy(
    till: ScreenTill, qtbot: QtBot, lanes: Lanes, screen: Screen, meanwhile: Callable[[], None]
) -> QWidget:
    """Let a page ask, do something before the answer comes, and return the page that asked."""
    till.shell.navigation.open(screen.id)
    _settle(qtbot, lanes)
    before = till.shell.page(screen.id)
    assert before is not None
    free = threading.Event()
    lanes.lane("db").run(free.wait, lambda _done: None, lambda _error: None)
    box = before.focusProxy()
    assert isinstance(box, QLineEdit)
    box.setText("1380" if screen is MEMBERS else "69312")
    meanwhile()
    _delete_what_was_dropped()
    free.set()
    _settle(qtbot, lanes)
    # What an answer asked in its turn is answered, too.
    _settle(qtbot, lanes)
    return before


@pytest.mark.parametrize("screen", [MEMBERS, CATALOGUE, RETURNS], ids=lambda screen: screen.id)
def test_an_answer_that_comes_after_the_language_was_changed_breaks_nothing(
    till: ScreenTill, qtbot: QtBot, lanes: Lanes, bugs: list[Exception], screen: Screen
) -> None:
    before = _asked_while_the_lane_is_busy(till, qtbot, lanes, screen, lambda: till.shell.set_language("en"))
    assert till.shell.page(screen.id) is not before
    assert bugs == []


def test_an_answer_that_comes_after_somebody_else_signed_in_breaks_nothing(
    till: ScreenTill, qtbot: QtBot, lanes: Lanes, bugs: list[Exception]
) -> None:
    _asked_while_the_lane_is_busy(till, qtbot, lanes, MEMBERS, till.shell.forget_pages)
    assert till.shell.page(MEMBERS.id) is None
    assert bugs == []


def test_a_page_that_stands_and_touches_a_part_that_is_gone_is_a_bug(
    qtbot: QtBot, lanes: Lanes, bugs: list[Exception]
) -> None:
    class Shows(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.part = QLabel("", self)

        def show_text(self, text: str) -> None:
            self.part.setText(text)

    page = Shows()
    qtbot.addWidget(page)
    page.part.deleteLater()
    _delete_what_was_dropped()
    lanes.lane("db").run(lambda: "late", page.show_text, lambda _error: None)
    qtbot.waitUntil(lambda: bool(bugs))
    assert isinstance(bugs[0], RuntimeError)


def test_an_answer_that_comes_while_the_till_is_closed_and_wants_more_ends_there(
    qtbot: QtBot, bugs: list[Exception]
) -> None:
    made, came = Lanes(bugs.append), list[bool]()
    net = made.lane("net")

    def ask_again(_done: object) -> None:
        came.append(True)
        net.run(lambda: None, lambda _done: None, lambda _error: None)

    net.run(lambda: None, ask_again, lambda _error: None)
    assert made.close() == []
    qtbot.waitUntil(lambda: bool(came))
    assert bugs == []
