"""Other ways of paying are set: the printed code on or off, the platforms of coupons with their fees."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.vouchers import VoucherPlatform
from tests.support.screen_till import ScreenTill, counter_till, no_printers, screen_till
from ui.kit.buttons import KeyButton
from ui.kit.fields import CodeEdit, NameEdit, TickEdit
from ui.settings import settings_screen
from ui.shell.screens import ScreenId


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    """The owner at the tab of other ways of paying."""
    doors = no_printers()
    with counter_till(tmp_path) as at, screen_till(at, [settings_screen(doors)]) as shown:
        qtbot.waitUntil(shown.shell.isActiveWindow)
        shown.shell.navigation.open(ScreenId("settings"), "tenders")
        QApplication.processEvents()
        yield shown


def fee(till: ScreenTill, key: str, text: str) -> None:
    edit = till.shell.findChild(CodeEdit, f"platform_rate_{key}")
    assert edit is not None
    edit.setText(text)


def save(till: ScreenTill) -> None:
    till.keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def platforms(till: ScreenTill) -> dict[str, VoucherPlatform]:
    return {each.key: each for each in till.at.demo.shop.current.value.vouchers.platforms}


def tick(till: ScreenTill, name: str) -> None:
    found = till.shell.findChild(TickEdit, name)
    assert found is not None
    found.click()


def test_a_fee_is_typed_in_percent_and_kept_as_a_rate(till: ScreenTill) -> None:
    fee(till, "meituan", "６.5%")
    save(till)
    assert platforms(till)["meituan"].fee_rate == Decimal("0.065")
    assert platforms(till)["douyin"].fee_rate == 0


@pytest.mark.parametrize("text", ["abc", "-1", "101", "6.555", "6,5", "NaN"])
def test_a_fee_that_cannot_be_read_is_said_beside_it_and_nothing_is_kept(till: ScreenTill, text: str) -> None:
    fee(till, "douyin", text)
    save(till)
    error = till.shell.findChild(QLabel, "platform_error_douyin")
    assert error is not None and error.isVisible() and platforms(till)["douyin"].fee_rate == 0


def test_a_platform_that_is_not_taken_is_not_offered(till: ScreenTill) -> None:
    tick(till, "platform_douyin")
    save(till)
    assert [each.key for each in till.at.demo.shop.tenders.platforms] == ["meituan", "dianping"]


def test_the_shop_adds_a_platform_of_its_own_and_removes_it(till: ScreenTill) -> None:
    new = till.shell.findChild(NameEdit, "settings_new_platform")
    add = till.shell.findChild(KeyButton, "settings_add_platform")
    assert new is not None and add is not None
    for name in ("口碑", "口碑", "美团", "  "):
        new.setText(name)
        add.click()
    fee(till, "口碑", "3")
    save(till)
    assert platforms(till)["口碑"].fee_rate == Decimal("0.03") and len(platforms(till)) == 4
    remove = till.shell.findChild(KeyButton, "platform_remove_口碑")
    assert remove is not None
    remove.click()
    save(till)
    assert len(platforms(till)) == 3


def test_the_printed_code_is_turned_off(till: ScreenTill) -> None:
    tick(till, "settings_static_code")
    save(till)
    assert not till.at.demo.shop.current.value.payments.static_code
