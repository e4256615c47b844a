"""From the list of receipts: by e-mail, on A4; the page asks for an address and takes no other text for one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.domain.mail import MailSettings
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.returns import SCREEN

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@dataclass
class Taken:
    """What left the till as a file."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    def show(self, name: str, content: bytes, way: str) -> None:
        self.shown.append((name, way))
        self.contents.append(content)


@dataclass
class Desk:
    till: ScreenTill
    papers: Taken
    number: str

    def waiting(self) -> list[str]:
        return [letter.to for letter in self.till.at.demo.shop.mailing.stands().letters]

    def answer(self, text: str) -> None:
        (edit,) = [
            each for each in self.till.shell.findChildren(QLineEdit, "prompt_text") if each.isVisible()
        ]
        edit.setText(text)
        self.till.keys.press(Key.Key_Return)


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with counter_till(tmp_path) as at:
        current, papers = at.demo.shop.current, Taken()
        mail = MailSettings(server="smtp.example.com", sender="shop@example.com")
        current.value = msgspec.structs.replace(current.value, mail=mail)
        sale = at.sell("6931201000176")
        at.counter = replace(at.counter, papers=papers)
        with screen_till(at, [SCREEN]) as till:
            qtbot.waitUntil(till.shell.isActiveWindow)
            till.keys.press(Key.Key_Down)
            yield Desk(till, papers, sale.number)


def test_a_receipt_of_the_list_goes_by_e_mail(desk: Desk) -> None:
    desk.till.keys.press(Key.Key_E, CTRL)
    desk.answer("w.xm@example.com")
    assert desk.waiting() == ["w***@example.com"]


def test_what_is_no_address_is_asked_for_again(desk: Desk) -> None:
    desk.till.keys.press(Key.Key_E, CTRL)
    desk.answer("w.xm")
    assert desk.waiting() == []
    desk.answer("w.xm@example.com")
    assert desk.waiting() == ["w***@example.com"]


@pytest.mark.parametrize(
    ("name", "way"), [("returns_a4", "open"), ("returns_a4_print", "print"), ("returns_a4_save", "save")]
)
def test_a_receipt_of_the_list_goes_on_a4_as_a_copy(desk: Desk, name: str, way: str) -> None:
    (button,) = desk.till.shell.findChildren(QPushButton, name)
    button.click()
    assert desk.papers.shown == [(f"{desk.number}-1.pdf", way)]
    assert desk.papers.contents[0].startswith(b"%PDF")
