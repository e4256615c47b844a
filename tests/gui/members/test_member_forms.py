"""The forms of the members page walked, filled in and left by keys alone."""

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.members import Purpose
from tests.gui.members.conftest import (
    CTRL,
    PHONE,
    RETURNS,
    Key,
    card_of,
    member_of,
    page,
    said,
    save,
    turn_to,
)
from tests.support.screen_till import ScreenTill
from ui.members import SCREEN
from ui.members.sections import DayDraft, Section
from ui.members.state import Stage


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


NEW = "13911112222"


def test_thirteen_keys_sign_a_new_member_up(till: ScreenTill) -> None:
    page(till).presenter.search("")
    till.keys.press(Key.Key_F10)
    till.keys.type(NEW)
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return)
    assert [c.given for c in member_of(till, NEW).consents] == [True]
    assert page(till).presenter.state.stage is Stage.CARD


def test_a_bouncing_enter_says_no_yes_for_a_new_member(till: ScreenTill) -> None:
    page(till).presenter.search("")
    till.keys.press(Key.Key_F10)
    till.keys.type(NEW)
    till.keys.press(Key.Key_Return, pause_ms=60)
    till.keys.press(Key.Key_Return, pause_ms=60)
    till.keys.press(Key.Key_Return, pause_ms=60)
    assert not page(till).form.agreed.isChecked() and page(till).presenter.state.stage is Stage.NEW
    assert till.at.counter.shop.members.find_phone(NEW) is None


def test_an_enter_on_the_yes_signs_nobody_up_while_the_phone_is_half_typed_or_somebody_s(
    till: ScreenTill,
) -> None:
    page(till).presenter.search("")
    before = till.at.counter.shop.members.count()
    till.keys.press(Key.Key_F10)
    for typed in (NEW[:-1], PHONE):
        page(till).form.phone.setText(typed)
        page(till).form.agreed.setFocus()
        till.keys.press(Key.Key_Return, pause_ms=300)
        assert page(till).form.agreed.isChecked() and page(till).form.name.hasFocus()
    assert page(till).presenter.state.stage is Stage.NEW
    assert till.at.counter.shop.members.count() == before


def test_a_form_for_somebody_new_does_not_begin_with_the_phone_of_the_member_found(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    assert page(till).form.phone.text() == ""
    till.keys.press(Key.Key_Escape)
    page(till).presenter.search(NEW)
    till.keys.press(Key.Key_F10)
    assert page(till).form.phone.text() == NEW


def test_a_form_that_began_with_a_phone_is_left_unasked_while_nothing_was_typed(till: ScreenTill) -> None:
    page(till).presenter.search(NEW)
    till.keys.press(Key.Key_F10)
    till.keys.press(Key.Key_Escape)
    assert till.shell.overlay.content is None and page(till).presenter.state.stage is Stage.CARD


@pytest.mark.parametrize("what", ["name", "children"])
def test_taking_an_edit_back_says_that_withdrawn_children_stay_removed(till: ScreenTill, what: str) -> None:
    turn_to(till, Section.PROFILE if what == "name" else Section.DATES)
    till.keys.press(Key.Key_E, CTRL)
    if what == "name":
        page(till).card.profile_form.name.setText("王大满")
    else:
        page(till).card.dates_form.birthday.show_draft(DayDraft("1991-02-03"))
        page(till).card.dates_form.children_fields[0].name.setText("豆豆")
    save(till)
    row = next(r for r in card_of(till).consents if r.purpose is Purpose.CHILDREN)
    page(till).presenter.keeping.turn_consent(row)
    till.keys.press(Key.Key_Return, CTRL, 300)
    till.keys.press(Key.Key_Z, CTRL)
    told = member_of(till).profile
    assert (told.name, told.children) == ("王小满", ())
    assert ("已改回：姓名。" if what == "name" else "已改回：生日。") in said(till)
    assert "孩子的资料已随撤回的同意删除" in said(till)


@pytest.mark.parametrize("in_front", [True, False])
@pytest.mark.parametrize("form", ["new", "name", "key"])
def test_a_form_that_is_being_written_outlives_a_change_of_the_language(
    till: ScreenTill, form: str, in_front: bool
) -> None:
    if form == "new":
        page(till).presenter.search("")
        till.keys.press(Key.Key_F10)
        till.keys.type(NEW)
    elif form == "name":
        turn_to(till, Section.PROFILE)
        till.keys.press(Key.Key_E, CTRL)
        page(till).card.profile_form.name.setText("王大满")
    else:
        till.keys.press(Key.Key_F5)
        till.keys.type(NEW)
    if not in_front:
        till.shell.navigation.open(RETURNS.id)
    till.shell.set_language("en")
    till.shell.navigation.open(SCREEN.id)
    save_words = {"new": "Sign up", "name": "Save", "key": "Save"}[form]
    state, shown = page(till).presenter.state, page(till)
    button = shown.form.save if form == "new" else shown.card.save
    assert button.text() == save_words and state.stage is not Stage.CARD
    if form == "new":
        assert shown.form.phone.text() == NEW
        shown.form.agreed.setChecked(True)
    save(till)
    if form == "name":
        assert member_of(till).profile.name == "王大满"
    else:
        assert (member_of(till, NEW).member_id == member_of(till).member_id) == (form == "key")


def test_a_form_in_which_nothing_was_typed_is_not_carried_over(till: ScreenTill) -> None:
    till.keys.press(Key.Key_E, CTRL)
    till.shell.set_language("en")
    assert page(till).presenter.state.stage is Stage.CARD
