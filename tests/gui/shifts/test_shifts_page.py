"""A day's shift by keys alone: cash out, count by notes, close, the Z on the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

import ui.shifts
from pos_app.domain.staff import Action, Role, may
from pos_app.services.demo_shop import demo_staff
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.shell.screens import Screen, ScreenId

Key = Qt.Key
SELL = Screen(ScreenId("sales"), "common.word.total", "shopping-cart", lambda _context: QWidget())
OFFICE = Screen(
    ScreenId("office"), "common.word.total", "settings", lambda _context: QWidget(), "manage_settings"
)


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    """A cashier at the page of shifts, ¥500.00 in the drawer."""
    with counter_till(tmp_path) as at:
        at.sign_in(Role.CASHIER)
        with screen_till(at, [ui.shifts.SCREEN, SELL, OFFICE]) as shown:
            qtbot.waitUntil(shown.shell.isActiveWindow)
            yield shown


def _said(till: ScreenTill, name: str) -> str:
    label = till.shell.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_cash_goes_out_by_keys(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F3)
    till.keys.type("20.5")
    till.keys.press(Key.Key_Return)
    till.keys.type("bank")
    till.keys.press(Key.Key_Return)
    assert _said(till, "shifts_note") == "已取出 ¥20.50。"
    assert till.at.demo.shop.shifts.x_report()[1].cash_out == 2_050


def test_a_shift_is_counted_by_notes_and_closed_by_keys(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F12)
    till.keys.press(Key.Key_F8)
    till.keys.type("5")
    for _ in range(8):
        till.keys.press(Key.Key_Return)
    assert _said(till, "shifts_task") == "核对"
    till.keys.press(Key.Key_Return)
    assert _said(till, "shifts_task") == "已交班 · Z 1"
    assert till.at.demo.shop.shifts.current() is None


def test_a_difference_keeps_the_shift_open_until_a_reason_stands(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F12)
    till.keys.type("499")
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return)
    assert till.at.demo.shop.shifts.current() is not None
    till.keys.type("miscount")
    till.keys.press(Key.Key_Return)
    assert till.at.demo.shop.shifts.current() is None


def test_goods_scanned_into_an_amount_are_refused_and_typed_nowhere(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F2)
    till.keys.type("10")
    till.keys.scan("6931201000176")
    field = till.shell.findChild(QLineEdit, "shifts_amount")
    assert field is not None and field.text() == "10"
    assert till.tones.sounded == ["refused"]


def test_while_counting_the_other_tasks_keys_are_silent(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F12)
    till.keys.press(Key.Key_F3)
    assert _said(till, "shifts_task") == "清点钱箱"
    till.keys.press(Key.Key_Escape)
    assert _said(till, "shifts_task") == "当前班次"


def test_arrows_go_from_note_to_note_and_the_sum_follows(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F12)
    till.keys.press(Key.Key_F8)
    till.keys.type("4")
    till.keys.press(Key.Key_Down)
    till.keys.type("2")
    assert _said(till, "shifts_sum") == "合计 ¥500.00"
    till.keys.press(Key.Key_Up)
    till.keys.type("5")
    assert _said(till, "shifts_sum") == "合计 ¥600.00"


def test_slips_are_counted_and_their_difference_explained_by_keys(till: ScreenTill) -> None:
    till.at.sell("6931201000176", card=12_800)
    till.keys.press(Key.Key_F12)
    till.keys.type("500")
    till.keys.press(Key.Key_Return)
    till.keys.type("120")
    till.keys.press(Key.Key_Return)
    assert _said(till, "shifts_task") == "核对"
    till.keys.press(Key.Key_Return)
    assert till.at.demo.shop.shifts.current() is not None
    till.keys.type("slip lost")
    till.keys.press(Key.Key_Return)
    (z,) = till.at.demo.shop.shifts.z_reports()
    assert [(each.counted, each.reason) for each in z.closed.counts] == [(12_000, "slip lost")]


def test_the_till_is_handed_over_by_keys_and_the_next_person_is_at_sell(till: ScreenTill) -> None:
    code, pin = next((c, p) for c, _, role, p, _ in demo_staff() if role is Role.MANAGER)
    till.keys.press(Key.Key_F9)
    till.keys.type("500")
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return)
    assert _said(till, "shifts_task") == "接班人登录"
    till.keys.type(code)
    till.keys.press(Key.Key_Return)
    till.keys.type(pin)
    till.keys.press(Key.Key_Return)
    assert till.at.counter.session.who.role is Role.MANAGER
    shift = till.at.demo.shop.shifts.current()
    assert shift is not None and shift.opened_by == till.at.counter.session.who.staff_id
    assert till.shell.navigation.current == ScreenId("sales")


def test_who_takes_over_finds_on_the_rail_what_she_may_open(till: ScreenTill) -> None:
    code, pin = next((c, p) for c, _, role, p, _ in demo_staff() if role is Role.MANAGER)
    navigation, session = till.shell.navigation, till.at.counter.session
    navigation._allowed = lambda wanted: may(session.who.role, Action(wanted))
    till.shell.refresh()
    assert not till.shell.findChildren(QToolButton, "rail_office")
    till.keys.press(Key.Key_F9)
    till.keys.press(Key.Key_F9)
    for text in (code, pin):
        till.keys.type(text)
        till.keys.press(Key.Key_Return)
    assert session.who.role is Role.MANAGER
    assert till.shell.findChildren(QToolButton, "rail_office")


def test_a_till_goes_over_uncounted_with_one_key(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F9)
    till.keys.press(Key.Key_F9)
    assert _said(till, "shifts_task") == "接班人登录"


def test_the_day_is_turned_by_arrows(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F7)
    assert _said(till, "shifts_task") == "日结 2026年11月22日"
    till.keys.press(Key.Key_Left)
    assert _said(till, "shifts_task") == "日结 2026年11月21日"
    assert _said(till, "shifts_note") == "这一天没有销售。按 ← → 换一天。"
    till.keys.press(Key.Key_Right)
    till.keys.press(Key.Key_Right)
    assert _said(till, "shifts_task") == "日结 2026年11月22日"


def test_no_two_actions_share_a_key_unless_one_is_silent(till: ScreenTill) -> None:
    for keys in ((Key.Key_F12,), (Key.Key_Escape, Key.Key_F9), (Key.Key_F9,), (Key.Key_Escape, Key.Key_F7)):
        for key in keys:
            till.keys.press(key)
        _check_keys(till)


def _check_keys(till: ScreenTill) -> None:
    active = [action.key for action in till.shell.keys.active()]
    assert len(active) == len(set(active))


def test_every_field_and_button_has_a_name(till: ScreenTill) -> None:
    page = till.shell.page(ScreenId("shifts"))
    assert page is not None
    tasks = (Key.Key_Escape, Key.Key_F9, Key.Key_F9, Key.Key_Escape, Key.Key_F7)
    for key in (None, Key.Key_F2, Key.Key_Escape, Key.Key_F12, Key.Key_F8, *tasks):
        if key is not None:
            till.keys.press(key)
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
                assert widget.objectName() and widget.accessibleName(), widget
