"""The tab of limits: typed in place, refused under the cell, in force at once, the owner's own out of reach."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
from pos_app.domain.staff_limits import DEFAULT_LIMITS, limits_of
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, no_printers, screen_till
from ui.settings import settings_screen
from ui.settings.limits_presenter import LimitsPresenter
from ui.settings.limits_tab import LimitsTab
from ui.settings.tabs import SettingsTabs

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def at(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as made:
        yield made


@pytest.fixture
def till(at: CounterTill, qtbot: QtBot) -> Iterator[ScreenTill]:
    doors = no_printers()
    screen = settings_screen(doors)
    with screen_till(at, [screen]) as made:
        qtbot.waitUntil(made.shell.isActiveWindow)
        tabs = made.shell.page(screen.id)
        assert isinstance(tabs, SettingsTabs)
        tabs.turn_to("limits")
        yield made


def cell(till: ScreenTill, name: str) -> QLineEdit:
    found = till.shell.findChild(QLineEdit, f"limits_{name}")
    assert found is not None, name
    return found


def put(till: ScreenTill, name: str, text: str) -> None:
    edit = cell(till, name)
    edit.setFocus()
    edit.selectAll()
    till.keys.press(Key.Key_Delete)
    till.keys.type(text)


def test_what_is_typed_holds_once_it_is_saved(till: ScreenTill) -> None:
    put(till, "voided_cashier", "50")
    put(till, "off_rate_cashier", "7.5")
    put(till, "drawer_openings_cashier", "2")
    put(till, "returned_cashier", "")
    till.keys.press(Key.Key_Return, CTRL)
    told = limits_of(till.at.demo.shop.current.value.limits, Role.CASHIER)
    assert (told.voided, str(told.off_rate), told.drawer_openings, told.returned) == (5_000, "0.075", 2, None)
    note = till.shell.findChild(QLabel, "settings_limits_note")
    assert note is not None
    assert note.text() == "限额已生效。"
    assert cell(till, "voided_cashier").text() == "50.00"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("off_rate_cashier", "101"),
        ("off_rate_cashier", "31"),
        ("voided_cashier", "abc"),
        ("voided_manager", "1"),
        ("drawer_openings_cashier", "1.5"),
        ("drawer_openings_cashier", "1001"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_and_changes_nothing(
    till: ScreenTill, name: str, text: str
) -> None:
    if name == "voided_manager":
        put(till, "voided_cashier", "2")
    put(till, name, text)
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.demo.shop.current.value.limits == DEFAULT_LIMITS
    tab = till.shell.findChild(LimitsTab)
    assert tab is not None
    assert len(tab._presenter.state.errors) == 1


def test_defaults_come_back_and_esc_forgets_what_was_typed(till: ScreenTill) -> None:
    put(till, "voided_cashier", "50")
    till.keys.press(Key.Key_Escape)
    assert cell(till, "voided_cashier").text() == "0.00"
    tick = till.shell.findChild(QCheckBox, "limits_gold_price_cashier")
    assert tick is not None
    tick.click()
    till.keys.press(Key.Key_Return, CTRL)
    assert limits_of(till.at.demo.shop.current.value.limits, Role.CASHIER).gold_price
    button = till.shell.findChild(QWidget, "limits_defaults")
    assert button is not None
    button.click()  # type: ignore[attr-defined]
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.demo.shop.current.value.limits == DEFAULT_LIMITS


def test_a_manager_sees_the_limits_and_changes_none(at: CounterTill) -> None:
    at.sign_in(Role.MANAGER)
    presenter = LimitsPresenter(at.counter, lambda _state: None)
    presenter.open()
    assert not presenter.state.may_change
    presenter.edit(("voided", "cashier"), "50")
    presenter.defaults()
    presenter.save()
    assert not presenter.state.changed
    assert at.demo.shop.current.value.limits == DEFAULT_LIMITS
