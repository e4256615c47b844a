"""The sign-in page and the approval with hands on the keyboard and a scanner beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import ui.shifts
import ui.staff
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, Role
from pos_app.domain.values.money import Amount
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.kit.fields import SellEdit
from ui.shell.screens import Screen, ScreenContext, ScreenId
from ui.shell.theme import current_theme
from ui.staff.approval import ask_approval

SALES = ScreenId("sales")
MILK = "6931201000176"
Key = Qt.Key


def _sell_page(_context: ScreenContext) -> QWidget:
    """A page with a box, standing for Sell."""
    page = QWidget()
    box = SellEdit()
    box.setParent(page)
    page.setFocusProxy(box)
    return page


SELL = Screen(SALES, "common.word.total", "shopping-cart", _sell_page, permission=None)


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    """A till with an open shift at its sign-in page."""
    with counter_till(tmp_path) as at, screen_till(at, [ui.staff.SCREEN, SELL, ui.shifts.SCREEN]) as shown:
        qtbot.waitUntil(shown.shell.isActiveWindow)
        yield shown


def _text(till: ScreenTill, name: str) -> str:
    field = till.shell.findChild(QLineEdit, name)
    assert field is not None
    return field.text()


def _sign_in(till: ScreenTill, code: str = "03", pin: str = "314159") -> None:
    till.keys.type(code)
    till.keys.press(Key.Key_Return)
    till.keys.type(pin)
    till.keys.press(Key.Key_Return)


def test_code_enter_pin_enter_and_she_sells(till: ScreenTill) -> None:
    _sign_in(till)
    assert till.shell.navigation.current == SALES
    assert till.at.counter.session.who.name == "王晓燕"


def test_without_a_shift_it_leads_to_opening_one_and_enter_opens_it(tmp_path: Path, qtbot: QtBot) -> None:
    with (
        counter_till(tmp_path, shift=False) as at,
        screen_till(at, [ui.staff.SCREEN, SELL, ui.shifts.SCREEN]) as till,
    ):
        qtbot.waitUntil(till.shell.isActiveWindow)
        _sign_in(till)
        assert till.shell.navigation.current == ScreenId("shifts")
        till.keys.type("500")
        till.keys.press(Key.Key_Return)
        shift = at.demo.shop.shifts.current()
        assert shift is not None and shift.float_amount == 50_000
        assert till.shell.navigation.current == SALES


def test_goods_scanned_into_the_pin_are_not_typed_into_it(till: ScreenTill) -> None:
    till.keys.type("03")
    till.keys.press(Key.Key_Return)
    till.keys.type("314")
    till.keys.scan(MILK)
    assert _text(till, "sign_in_pin") in ("", "314")
    assert till.tones.sounded == ["refused"]
    assert till.shell.navigation.current == ScreenId("staff")


def test_a_badge_scanned_with_the_pin_field_in_front_signs_its_owner_in(till: ScreenTill) -> None:
    till.keys.type("03")
    till.keys.press(Key.Key_Return)
    till.keys.scan("SK-02-A91E")
    assert till.at.counter.session.who.name == "李敏"


def test_a_wrong_pin_empties_the_field_and_the_next_try_begins_in_it(till: ScreenTill) -> None:
    _sign_in(till, pin="000000")
    assert _text(till, "sign_in_pin") == ""
    till.keys.type("314159")
    till.keys.press(Key.Key_Return)
    assert till.shell.navigation.current == SALES


def test_ctrl_l_signs_out_from_anywhere_and_nothing_of_hers_stays(till: ScreenTill) -> None:
    _sign_in(till)
    till.keys.press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert till.at.counter.session.actor is None
    assert till.shell.navigation.current == ScreenId("staff")
    assert (_text(till, "sign_in_code"), _text(till, "sign_in_pin")) == ("", "")
    assert not till.shell.status.isVisible()


def test_ctrl_l_on_the_sign_in_page_is_dead(till: ScreenTill) -> None:
    till.keys.type("03")
    till.keys.press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert _text(till, "sign_in_code") == "03"


def test_anybody_turns_the_till_to_english_and_dark_by_keys_and_types_on(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F3)
    assert current_theme() == "dark"
    till.keys.press(Key.Key_F2)
    page = till.shell.page(ScreenId("staff"))
    assert page is not None
    shown = {label.text() for label in page.findChildren(QLabel) if label.isVisible()}
    assert "Staff code" in shown and "工号" not in shown
    _sign_in(till)
    assert till.shell.navigation.current == SALES
    settings = till.at.demo.shop.current.value
    assert (settings.language, settings.theme) == ("en", "dark")


def test_a_code_nobody_has_is_wrong_in_its_own_field(till: ScreenTill) -> None:
    till.keys.type("99")
    till.keys.press(Key.Key_Return)
    invalid = [
        edit.objectName() for edit in till.shell.findChildren(QLineEdit) if edit.property("invalid") == "true"
    ]
    assert invalid == ["sign_in_code"]
    till.keys.press(Key.Key_Backspace)
    till.keys.press(Key.Key_Backspace)
    _sign_in(till)
    assert till.shell.navigation.current == SALES


def test_every_field_and_button_of_the_page_has_a_name(till: ScreenTill) -> None:
    page = till.shell.page(ScreenId("staff"))
    assert page is not None
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.objectName() and widget.accessibleName(), widget


class Approving:
    """A cashier with something in her box, asked for an approval."""

    def __init__(self, till: ScreenTill) -> None:
        self.till = till
        self.given: list[Approval] = []
        _sign_in(till)
        till.keys.type("38*")
        needed = NeedsApprovalError(action=Action.VOID, amount=Amount(12_800))
        ask_approval(till.shell, till.at.counter)(needed, self.given.append)

    @property
    def box(self) -> str:
        page = self.till.shell.page(SALES)
        assert page is not None
        return page.findChildren(SellEdit)[0].text()


def test_an_approval_by_code_and_pin_leaves_the_box_as_it_was(till: ScreenTill) -> None:
    asked = Approving(till)
    _sign_in(till, "02", "258014")
    assert [approval.action for approval in asked.given] == [Action.VOID]
    assert till.shell.overlay.content is None
    till.keys.type("7")
    assert asked.box == "38*7"


def test_an_approval_by_badge(till: ScreenTill) -> None:
    asked = Approving(till)
    till.keys.scan("SK-01-7F3C")
    assert len(asked.given) == 1


def test_esc_declines_and_nothing_was_given(till: ScreenTill) -> None:
    asked = Approving(till)
    till.keys.type("02")
    till.keys.press(Key.Key_Escape)
    assert (asked.given, till.shell.overlay.content) == ([], None)
    till.keys.type("7")
    assert asked.box == "38*7"


def test_goods_scanned_into_an_approval_are_refused_and_typed_nowhere(till: ScreenTill) -> None:
    asked = Approving(till)
    till.keys.scan(MILK)
    assert (asked.given, asked.box, _text(till, "approval_code")) == ([], "38*", "")
    assert till.tones.sounded == ["refused"]


def test_a_cashier_s_own_code_does_not_do(till: ScreenTill) -> None:
    asked = Approving(till)
    _sign_in(till)
    assert asked.given == []
    assert till.shell.overlay.content is not None
    assert till.at.counter.session.who.role is Role.CASHIER
