"""The members page in the smallest window: everything that can be read or clicked stands inside it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.members.conftest import PHONE, page
from tests.support.lanes import InlineLane
from tests.support.screen_till import CounterTill, ScreenTill, screen_till
from ui.kit.buttons import KeyButton
from ui.members import SCREEN
from ui.members.sections import Section

SMALLEST = (1024, 640)


@pytest.fixture(params=["zh_CN", "zh_TW", "en"])
def till(counter: CounterTill, qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[ScreenTill]:
    tied = replace(counter, counter=replace(counter.counter, net=InlineLane()))
    with screen_till(tied, [SCREEN], lang=request.param) as shown:
        shown.shell.resize(*SMALLEST)
        shown.keys.type(PHONE)
        yield shown


def beyond(till: ScreenTill) -> list[str]:
    """Return what of the page stands outside of it, or has less room than its words need."""
    QApplication.processEvents()
    whole = page(till)
    found = []
    for part in (*whole.findChildren(QPushButton), *whole.findChildren(QLabel)):
        if not part.isVisible() or not part.text():
            continue
        left = part.mapTo(whole, QPoint(0, 0)).x()
        narrow = isinstance(part, KeyButton) and part.width() < part.sizeHint().width()
        if left < 0 or left + part.width() > whole.width() or narrow:
            found.append(part.text())
    return found


@pytest.mark.parametrize("section", list(Section))
def test_every_tab_of_a_member_stands_inside_the_smallest_window(till: ScreenTill, section: Section) -> None:
    page(till).presenter.turn(section)
    assert till.shell.size().toTuple() == SMALLEST
    assert beyond(till) == []


def test_every_form_stands_inside_the_smallest_window(till: ScreenTill) -> None:
    presenter = page(till).presenter
    for begin in (
        presenter.writing.begin_edit,
        presenter.keeping.begin_key,
        presenter.all_shops.begin_merge,
        presenter.begin_sign_up,
    ):
        begin()
        assert beyond(till) == []
        presenter.cancel()


def test_a_narrow_list_says_the_last_visit_under_the_phone_and_a_wide_one_beside_it(till: ScreenTill) -> None:
    (row,) = page(till).list.rows()
    last_visit = page(till).presenter.state.rows[0].last_visit
    assert [cell.under for cell in row.cells[1:]] == [last_visit]
    till.shell.resize(1280, 800)
    QApplication.processEvents()
    (row,) = page(till).list.rows()
    assert [cell.text for cell in row.cells[2:]] == [last_visit]


def test_acts_with_long_keys_go_on_in_another_row(till: ScreenTill) -> None:
    for name in ("edit", "card", "reveal", "sell"):
        page(till).card.button(name).set_key("Ctrl+Alt+Shift+F12")
    assert beyond(till) == []
