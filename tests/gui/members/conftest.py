"""The members page in the real window with one member looked up, and hands and eyes for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.members import Member
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.members import SCREEN
from ui.members.cards import MemberCard
from ui.members.page import MembersPage
from ui.members.sections import Section
from ui.shell.screens import Screen, ScreenId

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PHONE = "13800001234"
MILK = "6931201000176"


class Receipts(QWidget):
    """Stands where Returns is and remembers what it was opened with."""

    def __init__(self) -> None:
        super().__init__()
        self.args: list[object] = []

    def opened(self, args: object) -> None:
        self.args.append(args)


RETURNS = Screen(ScreenId("returns"), "common.word.note", "receipt-text", lambda _context: Receipts())


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        yield till


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[ScreenTill]:
    with screen_till(counter, [SCREEN, RETURNS]) as shown:
        shown.keys.type(PHONE)
        yield shown


def page(till: ScreenTill) -> MembersPage:
    found = till.shell.page(SCREEN.id)
    assert isinstance(found, MembersPage)
    return found


def card_of(till: ScreenTill) -> MemberCard:
    shown = page(till).presenter.state.card
    assert shown is not None
    return shown


def member_of(till: ScreenTill, phone: str = PHONE) -> Member:
    found = till.at.counter.shop.members.find_phone(phone)
    assert found is not None
    return found


def said(till: ScreenTill) -> str:
    """Return every word that stands on the window now."""
    return "\n".join(label.text() for label in till.shell.findChildren(QLabel) if label.isVisible())


def turn_to(till: ScreenTill, section: Section) -> None:
    while page(till).presenter.state.section is not section:
        till.keys.press(Key.Key_F4)


def save(till: ScreenTill) -> None:
    till.keys.press(Key.Key_Return, CTRL)
