"""An empty folder joins a real platform by keys alone: from Enter to the sign-in page, cancelled, and back again."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.values.money import Amount
from pos_app.services.founding import FoundingTools
from pos_app.words import set_language
from tests.support.bootstrap import QuickPins
from tests.support.faulty_wire import Fault, faulty_wire
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import CANDY, OWNER_PIN, DiskShop, SharedOutside
from tests.support.synced_till import SyncedTill, founder
from ui.first_run import FirstRunWindow
from ui.main import Home, make_till, open_shop, tools_of
from ui.main_joining import first_run_parts
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.till import SIGN_IN

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 20_000


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPlatform]:
    monkeypatch.setenv("SHUKE_KEY_STORE", "file")
    (tmp_path / "platform").mkdir()
    with running_platform(tmp_path / "platform") as running:
        yield running


@pytest.fixture
def first(tmp_path: Path, platform: RunningPlatform) -> Iterator[SyncedTill]:
    """The merchant's first till, whose goods, people and members stand on the platform."""
    with founder(tmp_path / "first", platform) as till:
        yield till


@dataclass
class NewTill:
    """The window of a first run over an empty folder, its lanes real."""

    place: Home
    tools: FoundingTools
    window: FirstRunWindow
    keys: Keyboard
    qtbot: QtBot

    def widget(self, name: str) -> QWidget:
        found = [each for each in self.window.shell.findChildren(QWidget, name) if each.isVisible()]
        assert len(found) == 1, name
        return found[0]

    def text(self, name: str) -> str:
        edit = self.widget(name)
        assert isinstance(edit, QLineEdit)
        return edit.text()

    def join(self, address: str, code: str) -> None:
        """Choose the second way, leave what has a default, and press Ctrl+Enter."""
        self.keys.press(Key.Key_F4)
        edit = self.widget("set_up_platform")
        while not edit.hasFocus():
            self.keys.press(Key.Key_Return)
        self.keys.type(address)
        self.keys.press(Key.Key_Return)
        self.keys.type(code)
        self.keys.press(Key.Key_Return, CTRL)

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=PATIENCE_MS)


@contextmanager
def first_run(place: Home, qtbot: QtBot) -> Iterator[NewTill]:
    """Show the window of a first run, and close it."""
    tools = msgspec.structs.replace(tools_of(place), hasher=QuickPins())
    clock = HandKeyClock()
    window = FirstRunWindow(first_run_parts(place, tools, clock))
    set_language("zh_CN")
    window.start()
    window.shell.activateWindow()
    qtbot.waitUntil(window.shell.isActiveWindow)
    try:
        yield NewTill(place, tools, window, Keyboard(window.shell, clock), qtbot)
    finally:
        window.shell.close()
        window.lanes.close()
        window.shell.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        set_language("zh_CN")


@pytest.fixture
def new(tmp_path: Path, platform: RunningPlatform, qtbot: QtBot) -> Iterator[NewTill]:
    with first_run(Home(tmp_path / "home"), qtbot) as made:
        yield made


def code_of(platform: RunningPlatform) -> str:
    return platform.service.new_code(platform.merchant).replace("-", " ").lower()


def test_from_enter_to_the_sign_in_page_and_the_first_sale(
    new: NewTill, first: SyncedTill, platform: RunningPlatform, qtbot: QtBot
) -> None:
    new.join(platform.address, code_of(platform))
    began = time.perf_counter()
    new.until(lambda: new.window.founded and not new.window.shell.isVisible())
    shop = open_shop(new.place, new.tools)
    till = make_till(new.place, shop, new.tools.clock, HandKeyClock(), new.tools)
    try:
        till.start()
        QApplication.processEvents()
        assert till.shell.navigation.current == SIGN_IN and till.shell.isVisible()
        print(f"from Enter to the sign-in page: {time.perf_counter() - began:.2f} s")
        boss = shop.staff.sign_in("1", OWNER_PIN)
        shop.shifts.open(boss, Amount(10_000))
        at = DiskShop(new.place.folder, shop.store, shop, boss, boss, boss, SharedOutside())  # type: ignore[arg-type]
        sale = at.sell(CANDY).sale
        assert sale.number.startswith("N01-2-") and sale.shop == first.shop.shop.current.value.shop_id
        new.until(lambda: shop.members.find_phone("13800138000") is not None)
    finally:
        till.shell.close()
        assert till.stop() == []
        till.shell.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_wrong_code_is_told_beside_its_field_which_has_the_focus(
    new: NewTill, first: SyncedTill, platform: RunningPlatform
) -> None:
    new.join(platform.address, "AAAA-AAAA")
    new.until(lambda: not new.window.shell.findChildren(QProgressBar)[0].isVisible())
    code = new.widget("set_up_one_time_code")
    assert code.hasFocus() and code.accessibleDescription()
    new.keys.press(Key.Key_A, CTRL)
    new.keys.type(code_of(platform))
    new.keys.press(Key.Key_Return, CTRL)
    new.until(lambda: new.window.founded)


def test_esc_stops_at_once_while_nobody_answers_and_the_other_way_is_open_again(
    new: NewTill, platform: RunningPlatform
) -> None:
    with faulty_wire(platform.address) as wire:
        wire.break_with(Fault.HALF_OPEN)
        new.join(wire.address, "AAAA-AAAA")
        assert new.widget("set_up_progress").isVisible() and new.widget("set_up_cancel").isVisible()
        new.keys.press(Key.Key_Escape)
        assert new.widget("set_up_go").isEnabled() and new.widget("set_up_shop_code").hasFocus()
        new.keys.press(Key.Key_F3)
        new.keys.type("Corner Shop")
        assert new.text("set_up_shop_name") == "Corner Shop"
        assert new.widget("set_up_pin").isVisible()
    assert not new.window.founded


def test_another_shop_s_code_is_typed_over_the_one_that_is_proposed(new: NewTill) -> None:
    new.keys.press(Key.Key_F4)
    new.keys.type("N03")
    assert new.text("set_up_shop_code") == "N03"
