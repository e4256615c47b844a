"""The forms of the members page walked, filled in and left by keys alone."""

from PySide6.QtWidgets import QApplication

from tests.gui.members.conftest import CTRL, RETURNS, Key, page, turn_to
from tests.support.screen_till import ScreenTill
from ui.members import SCREEN
from ui.members.sections import Section


def places(till: ScreenTill, key: Key, most: int = 24) -> list[str]:
    """Return where a key leads until it is back where it began."""
    found: list[str] = []
    while len(found) < most:
        till.keys.press(key)
        focus = QApplication.focusWidget()
        found.append("" if focus is None else focus.objectName().removeprefix("members_"))
        if found.count(found[0]) > 1:
            break
    return found[:-1]


def test_tab_goes_round_a_new_member_from_the_child_to_the_phone_again(till: ScreenTill) -> None:
    page(till).presenter.search("")
    till.keys.press(Key.Key_F10)
    till.keys.type("13911112222")
    till.keys.press(Key.Key_F8)
    way = places(till, Key.Key_Tab)
    ends = ["add_child", "cancel", "save", "phone", "agreed", "name", "child_name_0"]
    assert way == ["child_kind_0", "child_when_0", *ends]
    page(till).form.phone.setFocus()
    assert places(till, Key.Key_Backtab)[:3] == ["save", "cancel", "add_child"]


def test_tab_goes_round_the_dates_from_the_child_to_the_birthday_again(till: ScreenTill) -> None:
    turn_to(till, Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    till.keys.press(Key.Key_F7)
    till.keys.press(Key.Key_F8)
    way = places(till, Key.Key_Tab)
    upper = [
        "birthday_calendar",
        "birthday_when",
        "date_0_label",
        "date_0_calendar",
        "date_0_when",
        "add_date",
    ]
    assert [place for place in way if place in upper] == upper
    assert way.index("edit_save") < way.index("birthday_calendar") and "box" not in way


def test_who_comes_back_types_into_the_box_whatever_had_the_focus_before(till: ScreenTill) -> None:
    turn_to(till, Section.CONSENTS)
    till.keys.press(Key.Key_F3)
    assert not page(till).box.hasFocus()
    till.shell.navigation.open(RETURNS.id)
    till.shell.navigation.open(SCREEN.id)
    till.keys.type("1380")
    assert page(till).box.text() == "1380"
