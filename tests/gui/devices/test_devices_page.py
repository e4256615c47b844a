"""The printer's light and page, by keys: a test page, no paper, a new roll, the drawer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Action, Role
from pos_app.services.ports.devices import PaperOutError, PrinterNoAnswerError, PrinterStatus
from tests.support.lanes import InlineLane
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from tests.unit.ui.devices.test_runner import HandTimer, Paperish
from ui.devices import devices_screen
from ui.devices.light import show_printer
from ui.devices.runner import PrintRunner, RunnerDoors

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Desk:
    """The page of devices over a printer that a test holds."""

    till: ScreenTill
    printer: Paperish
    timer: HandTimer
    runner: PrintRunner

    def said(self, name: str) -> str:
        label = self.till.shell.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def light(self) -> str:
        button = self.till.shell.findChild(QWidget, "status_printer")
        assert button is not None
        return button.accessibleName()


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with counter_till(tmp_path) as at:
        current = at.demo.shop.current
        current.value = msgspec.structs.replace(current.value, printer="tcp://192.0.2.1")
        printer, timer = Paperish(), HandTimer()
        doors = RunnerDoors(
            at.demo.shop.printing, InlineLane(), InlineLane(), lambda: current.value, lambda: printer, timer
        )
        runner = PrintRunner(doors)
        with screen_till(at, [devices_screen(runner)]) as till:
            qtbot.waitUntil(till.shell.isActiveWindow)
            show_printer(till.shell, runner)
            runner.start()
            yield Desk(till, printer, timer, runner)


def test_a_well_printer_is_green_in_words(desk: Desk) -> None:
    assert desk.light() == desk.said("devices_status") == "打印机 正常"


def test_f2_prints_the_test_page(desk: Desk) -> None:
    desk.till.keys.press(Key.Key_F2)
    assert len(desk.printer.printed) == 1


def test_without_a_printer_no_test_page_is_promised(desk: Desk) -> None:
    current = desk.till.at.demo.shop.current
    current.value = msgspec.structs.replace(current.value, printer="none")
    desk.till.keys.press(Key.Key_F5)
    desk.till.keys.press(Key.Key_F2)
    assert "没有设置打印机" in desk.said("devices_note")
    assert desk.printer.printed == []


def test_no_paper_is_told_once_and_taken_back_when_a_roll_is_in(desk: Desk) -> None:
    desk.printer.failure, desk.printer.condition = PaperOutError(), PrinterStatus.PAPER_OUT
    desk.till.keys.press(Key.Key_F2)
    assert desk.light() == "打印机 缺纸 · 1 张待打"
    assert len(desk.till.shell.notices.texts()) == 1
    desk.timer.due()
    assert len(desk.till.shell.notices.texts()) == 1
    desk.printer.failure, desk.printer.condition = None, PrinterStatus.OK
    desk.timer.due()
    assert desk.till.shell.notices.texts() == []
    assert len(desk.printer.printed) == 1


def test_what_waits_is_cancelled_only_after_a_yes(desk: Desk) -> None:
    desk.printer.failure, desk.printer.condition = PaperOutError(), PrinterStatus.PAPER_OUT
    desk.till.keys.press(Key.Key_F2)
    desk.till.keys.press(Key.Key_Delete, CTRL)
    desk.till.keys.press(Key.Key_Escape)
    assert desk.till.at.demo.shop.printing.waiting() == 1
    desk.till.keys.press(Key.Key_Delete, CTRL)
    desk.till.keys.press(Key.Key_Return)
    assert desk.till.at.demo.shop.printing.waiting() == 0
    assert "副本" in desk.said("devices_note")


def test_a_cashier_tries_the_drawer_with_a_reason_and_a_yes(desk: Desk) -> None:
    desk.till.at.sign_in(Role.CASHIER)
    desk.till.keys.press(Key.Key_D, CTRL)
    desk.till.keys.type("test")
    desk.till.keys.press(Key.Key_Return)
    assert [needed.action for needed in desk.till.at.around.asked] == [Action.OPEN_DRAWER]
    assert desk.till.at.around.kicked == 1


def test_a_printer_that_was_moved_is_offered_and_used_at_a_word(desk: Desk) -> None:
    current = desk.till.at.demo.shop.current
    there = ("serial:COM5?id=1a86%3A7523%3A", "COM5")
    desk.runner._doors = replace(desk.runner._doors, elsewhere=lambda _setting: there)
    desk.printer.condition = PrinterStatus.NO_ANSWER
    desk.till.keys.press(Key.Key_F5)
    assert "COM5" in desk.said("devices_moved")
    desk.printer.condition = PrinterStatus.OK
    desk.till.keys.press(Key.Key_F6)
    assert current.value.printer == there[0] and "COM5" in desk.said("devices_note")
    assert desk.said("devices_moved") == "" and desk.light() == "打印机 正常"


def test_what_waited_for_a_moved_printer_is_printed_there(desk: Desk) -> None:
    desk.runner._doors = replace(desk.runner._doors, elsewhere=lambda _setting: ("serial:COM5", "COM5"))
    desk.printer.failure, desk.printer.condition = PrinterNoAnswerError(), PrinterStatus.NO_ANSWER
    desk.till.keys.press(Key.Key_F2)
    desk.timer.due()
    assert desk.printer.printed == [] and desk.runner.state.moved is not None
    desk.printer.failure, desk.printer.condition = None, PrinterStatus.OK
    desk.till.keys.press(Key.Key_F6)
    assert len(desk.printer.printed) == 1
