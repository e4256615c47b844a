"""The customer's screen is set up on a tab of its own, and stands as soon as it is saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.domain.display import DisplaySettings
from tests.support.customer_screen import SECOND, THIRD, CustomerScreen, customer_screen
from ui.settings.display_tab import DisplayTab
from ui.shell.screens import Screen, ScreenId

SCREEN = Screen(ScreenId("settings.display"), "settings.tab.display", "monitor", DisplayTab)


@pytest.fixture
def there(tmp_path: Path, qtbot: QtBot) -> Iterator[CustomerScreen]:
    with customer_screen(tmp_path, [SCREEN], DisplaySettings()) as made:
        made.till.shell.navigation.open(SCREEN.id)
        yield made


def tab(there: CustomerScreen) -> DisplayTab:
    page = there.till.shell.page(SCREEN.id)
    assert isinstance(page, DisplayTab)
    return page


def click(there: CustomerScreen, name: str) -> None:
    button = tab(there).findChild(QPushButton, name)
    assert isinstance(button, QPushButton), name
    button.click()


def choices(there: CustomerScreen) -> list[str]:
    return [choice.key for choice in tab(there).presenter.state.screens]


def saved(there: CustomerScreen) -> DisplaySettings:
    return there.till.at.counter.shop.current.value.display


def test_it_is_off_until_it_is_turned_on_and_saved(there: CustomerScreen) -> None:
    assert not there.stands
    tick = tab(there).findChild(QCheckBox, "display_on")
    assert isinstance(tick, QCheckBox)
    tick.click()
    assert not there.stands
    click(there, "settings_display_save")
    assert saved(there).on and there.stands and there.window.page == "idle"


def test_every_screen_beside_the_tills_can_be_chosen_also_one_that_is_away(there: CustomerScreen) -> None:
    assert choices(there) == ["", SECOND, "preview"]
    there.set(on=True, screen=THIRD)
    tab(there).presenter.revert()
    assert choices(there) == ["", SECOND, THIRD, "preview"]
    away = tab(there).presenter.state.screens[2].words
    assert THIRD in away and "未连接" in away
    there.screens.plug(SECOND, THIRD)
    tab(there).opened(None)
    assert choices(there) == ["", SECOND, THIRD, "preview"]
    assert "未连接" not in tab(there).presenter.state.screens[2].words


def test_with_one_screen_the_tab_says_what_happens(there: CustomerScreen) -> None:
    there.screens.plug()
    tab(there).opened(None)
    assert "只接了一块" in tab(there).presenter.state.hint
    tab(there).presenter.choose_screen("preview")
    assert tab(there).presenter.state.hint == ""


@pytest.mark.parametrize(
    ("seconds", "good"), [("2", False), ("121", False), ("", False), ("八", False), ("12", True)]
)
def test_the_seconds_of_a_picture_are_checked(there: CustomerScreen, seconds: str, good: bool) -> None:
    field = tab(there).findChild(QLineEdit, "display_seconds")
    assert isinstance(field, QLineEdit)
    field.setText(seconds)
    click(there, "settings_display_save")
    state = tab(there).presenter.state
    assert bool(state.problem) is not good
    assert saved(there).seconds == (12 if good else 8)


def test_a_folder_that_is_not_there_is_said_and_nothing_is_saved(
    there: CustomerScreen, tmp_path: Path
) -> None:
    field = tab(there).findChild(QLineEdit, "display_pictures")
    assert isinstance(field, QLineEdit)
    field.setText(str(tmp_path / "gone"))
    click(there, "settings_display_save")
    assert "找不到文件夹" in tab(there).presenter.state.problem and saved(there).pictures == ""
    field.setText(str(tmp_path))
    click(there, "settings_display_save")
    assert saved(there).pictures == str(tmp_path) and not tab(there).presenter.state.problem


def test_what_was_being_set_can_be_given_up(there: CustomerScreen) -> None:
    tab(there).presenter.choose_language("en")
    click(there, "settings_display_leave")
    assert tab(there).presenter.state.display.language == "" and not tab(there).presenter.state.changed
