"""A new shop by keys alone, in either language, and the settings page beside its staff."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.settings import Settings
from pos_app.services.founding import new_settings
from pos_app.words import language, set_language
from tests.support.bootstrap import CountedIds
from tests.support.lanes import InlineLane
from tests.support.screen_till import ScreenTill, counter_till, no_printers, screen_till
from tests.unit.ui.devices.test_runner import Paperish
from ui.settings import SET_UP_SCREEN, settings_screen
from ui.settings.set_up_form import FirstRun
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.shell.theme import apply_theme
from ui.shell.window import Shell, ShellOptions

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class FirstDay:
    """The window of a first run."""

    def __init__(self, qtbot: QtBot) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, "light")
        self.founded: list[tuple[Settings, tuple[str, str, str]]] = []
        ids, clock = CountedIds(), HandKeyClock()
        doors = FirstRun(
            new_settings=lambda name: new_settings(ids, name),
            found=lambda settings, owner: self.founded.append((settings, owner)),
            finished=lambda: None,
            db=InlineLane(),
            device=InlineLane(),
            open_printer=lambda _settings: Paperish(),
            find_printers=lambda: (),
        )
        self.shell = Shell([SET_UP_SCREEN], doors, ShellOptions(lambda: "14:32", key_clock=clock))
        qtbot.addWidget(self.shell)
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)
        self.shell.navigation.open(SET_UP_SCREEN.id)
        self.keys = Keyboard(self.shell, clock)

    def text(self, name: str) -> str:
        field = self.shell.findChild(QLineEdit, name)
        assert field is not None
        return field.text()


@pytest.fixture
def first(qtbot: QtBot) -> Iterator[FirstDay]:
    set_language("zh_CN")
    day = FirstDay(qtbot)
    yield day
    day.shell.close()
    set_language("zh_CN")


def test_a_shop_is_set_up_without_a_mouse(first: FirstDay) -> None:
    first.keys.type("Nanjing Rd")
    for _ in range(9):
        first.keys.press(Key.Key_Return)
    first.keys.type("Li")
    first.keys.press(Key.Key_Return)
    first.keys.type("2468")
    first.keys.press(Key.Key_Return)
    first.keys.type("2468")
    first.keys.press(Key.Key_Return, CTRL)
    ((settings, owner),) = first.founded
    assert settings.shop_name == "Nanjing Rd"
    assert owner == ("01", "Li", "2468")


def test_what_is_missing_gets_the_focus(first: FirstDay) -> None:
    first.keys.press(Key.Key_Return, CTRL)
    first.keys.type("Shop")
    assert first.text("set_up_shop_name") == "Shop"
    assert first.founded == []


def test_goods_scanned_into_the_pin_are_typed_nowhere(first: FirstDay) -> None:
    for _ in range(10):
        first.keys.press(Key.Key_Return)
    first.keys.scan("6931201000176")
    fields = first.shell.findChildren(QLineEdit)
    assert not any("6931" in field.text() for field in fields)


def test_another_language_says_the_page_anew_and_keeps_what_was_typed(first: FirstDay) -> None:
    first.keys.type("Shop")
    choice = first.shell.findChild(QComboBox, "set_up_language")
    assert choice is not None
    choice.setFocus()
    first.keys.press(Key.Key_Down)
    assert language() == "en"
    QApplication.sendPostedEvents(None, 52)  # Deferred deletes of the page that spoke Chinese.
    assert first.text("set_up_shop_name") == "Shop"
    button = first.shell.findChild(QWidget, "set_up_go")
    assert button is not None and "Open the shop" in button.accessibleName()


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    """The owner at the settings page."""
    doors = no_printers(lambda _s: Paperish())
    with counter_till(tmp_path) as at, screen_till(at, [settings_screen(doors)]) as shown:
        qtbot.waitUntil(shown.shell.isActiveWindow)
        yield shown


def test_the_shop_s_name_changes_by_keys(till: ScreenTill) -> None:
    till.keys.type(" 2")
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.demo.shop.current.value.shop_name.endswith(" 2")


def test_a_new_person_is_added_by_keys_and_her_badge_by_a_scan(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F3)
    till.keys.type("Zhou")
    pin = till.shell.findChild(QLineEdit, "staff_pin")
    assert pin is not None
    till.keys.press(Key.Key_Tab)
    till.keys.press(Key.Key_Tab)
    assert pin.hasFocus()
    till.keys.type("4321")
    till.keys.scan("BADGE-6")
    assert pin.text() == "4321"
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.demo.shop.staff.sign_in("06", "4321").name == "Zhou"
    assert till.at.demo.shop.staff.sign_in_by_badge("BADGE-6").name == "Zhou"
