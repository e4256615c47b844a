"""Keys and sounds: an action gets another key, everywhere it is shown, and no two actions share one unasked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
from tests.support.screen_till import ScreenTill, counter_till, no_printers, screen_till
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.lists import RowList
from ui.sales import sales_screen
from ui.settings import settings_screen
from ui.shell.screens import ScreenId

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    """The owner at the tab of keys."""
    doors = no_printers()
    with counter_till(tmp_path) as at, screen_till(at, [sales_screen(), settings_screen(doors)]) as shown:
        qtbot.waitUntil(shown.shell.isActiveWindow)
        shown.shell.navigation.open(ScreenId("settings"), "keys")
        QApplication.processEvents()
        QApplication.processEvents()
        yield shown


def choose(till: ScreenTill, words: str) -> None:
    search = till.shell.findChild(QLineEdit, "keys_search")
    rows = till.shell.findChild(RowList, "keys_list")
    assert search is not None and rows is not None
    search.setText(words)
    rows.set_current(0)


def words(till: ScreenTill, name: str) -> str:
    found = [each for each in till.shell.findChildren(QLabel, name) if each.isVisible()]
    return found[0].text() if found else ""


def key_map(till: ScreenTill) -> dict[str, str]:
    return dict(till.at.demo.shop.current.value.key_map)


def test_hold_gets_another_key_and_its_button_shows_it(till: ScreenTill) -> None:
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_H, CTRL)
    assert key_map(till) == {"sales.hold": "Ctrl+H"}
    till.shell.navigation.open(ScreenId("sales"))
    button = till.shell.findChild(KeyButton, "key_hold")
    assert button is not None and "Ctrl+H" in button.accessibleName()
    assert till.shell.keys.clashes() == []


def test_after_a_change_no_page_is_built_again_only_for_the_list(till: ScreenTill) -> None:
    rows = till.shell.findChild(RowList, "keys_list")
    assert rows is not None and till.shell.page(ScreenId("sales")) is not None
    before = [row.key for row in rows.rows()]
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_H, CTRL)
    for _ in range(4):
        QApplication.processEvents()
    assert till.shell.page(ScreenId("sales")) is None
    search = next(each for each in till.shell.findChildren(QLineEdit, "keys_search") if each.isVisible())
    search.setText("")
    rows = next(each for each in till.shell.findChildren(RowList, "keys_list") if each.isVisible())
    assert [row.key for row in rows.rows()] == before


def test_an_action_found_by_its_key_stays_in_the_list_with_another_one(till: ScreenTill) -> None:
    choose(till, "ctrl+n")
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_H, CTRL)
    rows = till.shell.findChild(RowList, "keys_list")
    assert rows is not None and len(rows.rows()) == 1 and rows.view.isVisible()
    assert QApplication.focusWidget() is rows.view


def test_a_key_that_another_action_has_is_taken_only_after_a_yes(till: ScreenTill) -> None:
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F4)
    assert "F4" in words(till, "settings_keys_question") and key_map(till) == {}
    button = till.shell.findChild(KeyButton, "settings_keys_take_over")
    assert button is not None and button.isVisible()
    button.click()
    assert key_map(till) == {"sales.hold": "F4", "sales.recall": ""}
    assert till.shell.keys.clashes() == []


def test_the_last_change_can_be_undone(till: ScreenTill) -> None:
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_H, CTRL)
    till.keys.press(Key.Key_Z, CTRL)
    assert key_map(till) == {}


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Tab, Key.Key_A, Key.Key_7, Key.Key_Down])
def test_keys_for_typing_and_moving_are_refused(till: ScreenTill, key: Qt.Key) -> None:
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.keys.press(key)
    assert words(till, "settings_keys_problem") and key_map(till) == {}


def test_esc_gives_up_and_keys_mean_what_they_did(till: ScreenTill) -> None:
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_Escape)
    assert not words(till, "settings_keys_waiting") and key_map(till) == {}
    till.keys.press(Key.Key_F1)
    assert till.shell.overlay.content is not None


def test_leaving_the_page_while_a_key_is_waited_for_takes_no_key_of_another_page(till: ScreenTill) -> None:
    choose(till, "挂单")
    till.keys.press(Key.Key_F2)
    till.shell.navigation.open(ScreenId("sales"))
    till.keys.press(Key.Key_F8)
    assert key_map(till) == {}


def test_a_map_with_two_actions_on_one_key_is_told(till: ScreenTill) -> None:
    shop = till.at.demo.shop
    import msgspec

    twice = msgspec.structs.replace(shop.current.value, key_map={"sales.hold": "F4"})
    shop.settings.change(till.at.demo.signed_in(Role.OWNER), twice)
    till.shell.navigation.open(ScreenId("settings"), "keys")
    shown = [label.text() for label in till.shell.findChildren(QLabel) if label.isVisible()]
    assert any("F4" in text and "两个动作" in text for text in shown)


def test_loudness_is_remembered(till: ScreenTill) -> None:
    chip = till.shell.findChild(FilterChip, "settings_sound_30")
    assert chip is not None
    chip.click()
    assert till.at.demo.shop.current.value.loudness == 30
    assert chip.isChecked()
