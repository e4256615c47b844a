"""The frame: pages, keys, scans, notices, overlays, language and theme."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.words import set_language, translate
from ui.kit.buttons import KeyButton
from ui.kit.fields import CodeEdit, SellEdit
from ui.shell.dialogs import Prompt, Question
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.shell.keys import EVERYWHERE, Action
from ui.shell.notices import STAY_MS, Notice
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import Screen, ScreenContext, ScreenId
from ui.shell.theme import apply_theme
from ui.shell.tones import SilentTones
from ui.shell.window import Shell, ShellOptions

SELL, NOTES, LOGIN = ScreenId("sell"), ScreenId("notes"), ScreenId("login")
HOLD = Action("sell.hold", "F3", "common.action.add")


class SellPage(QWidget):
    """A page with a box that takes scans."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.box = SellEdit()
        self.title = QLabel(translate("common.action.save"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.box)
        layout.addWidget(self.title)
        self.setFocusProxy(self.box)
        self.scans: list[str] = []
        self.args: list[object] = []
        self.held: list[str] = []
        context.shell.keys.bind("sell", HOLD, lambda: self.held.append(self.box.text()))

    def on_scan(self, scan: Scan) -> None:
        self.scans.append(scan.text)

    def opened(self, args: object) -> None:
        self.args.append(args)


class NotesPage(QWidget):
    """A page with two fields that knows nothing of scans and says its texts anew."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.first, self.second = CodeEdit("first"), CodeEdit("second")
        self.words = QLabel()
        layout = QVBoxLayout(self)
        for widget in (self.first, self.second, self.words):
            layout.addWidget(widget)
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setText(translate("common.action.save"))


@dataclass
class Till:
    """The window and hands on its keyboard."""

    shell: Shell
    keys: Keyboard
    tones: SilentTones

    @property
    def sell(self) -> SellPage:
        page = self.shell.page(SELL)
        assert isinstance(page, SellPage)
        return page

    @property
    def notes(self) -> NotesPage:
        page = self.shell.page(NOTES)
        assert isinstance(page, NotesPage)
        return page


@pytest.fixture
def till(qtbot: QtBot) -> Iterator[Till]:
    set_language("zh_CN")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    clock, tones = HandKeyClock(), SilentTones()
    screens = [
        Screen(SELL, "common.word.total", "shopping-cart", SellPage, key="Ctrl+1"),
        Screen(NOTES, "common.word.note", "file-text", NotesPage, key="Ctrl+2"),
        Screen(ScreenId("secret"), "common.word.reason", "lock", NotesPage, permission="all", key="Ctrl+3"),
        Screen(LOGIN, "common.action.sign_in", "user", NotesPage, placement="full"),
    ]
    options = ShellOptions(time_text=lambda: "14:32", allowed=lambda _p: False, tones=tones, key_clock=clock)
    shell = Shell(screens, None, options)
    qtbot.addWidget(shell)
    shell.show()
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    shell.navigation.open(SELL)
    yield Till(shell, Keyboard(shell, clock), tones)
    shell.close()
    set_language("zh_CN")


def test_the_box_has_the_focus_from_the_first_moment(till: Till) -> None:
    till.keys.type("38*")
    assert till.sell.box.text() == "38*"


def test_a_scan_goes_to_the_page_in_front(till: Till) -> None:
    till.keys.scan("6901234567892")
    assert till.sell.scans == ["6901234567892"]
    assert till.sell.box.text() == ""


def test_a_scan_where_none_is_taken_is_refused_aloud_and_typed_nowhere(till: Till) -> None:
    till.shell.navigation.open(NOTES)
    till.keys.scan("6901234567892")
    assert till.tones.sounded == ["refused"]
    assert till.notes.first.text() == ""
    assert till.shell.notices.texts() == [translate("shell.notice.scan_not_here")]


def test_an_action_runs_while_the_box_has_the_focus_and_after_what_was_typed(till: Till) -> None:
    till.keys.type("12")
    till.keys.press(Qt.Key.Key_F3)
    assert till.sell.held == ["12"]


def test_an_action_of_a_page_is_silent_on_another(till: Till) -> None:
    till.keys.press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert till.shell.navigation.current == NOTES
    till.keys.press(Qt.Key.Key_F3)
    assert till.sell.held == []


def test_inside_pay_the_same_key_means_another_thing(till: Till) -> None:
    paid: list[str] = []
    cash = Action("pay.cash", "F3", "common.word.amount")
    till.shell.keys.bind("sell.pay", cash, lambda: paid.append("cash"))
    till.shell.keys.enter("sell.pay")
    till.keys.press(Qt.Key.Key_F3)
    till.shell.keys.leave("sell.pay")
    till.keys.press(Qt.Key.Key_F3)
    assert (paid, len(till.sell.held)) == (["cash"], 1)


def test_a_remapped_key_acts_and_the_old_one_does_not(till: Till) -> None:
    till.shell.keys.remap({"sell.hold": "Ctrl+H"})
    till.keys.press(Qt.Key.Key_F3)
    assert till.sell.held == []
    till.keys.press(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert till.sell.held == [""]
    assert till.shell.keys.key_of(HOLD) == "Ctrl+H"
    assert till.shell.keys.clashes() == []


def test_two_actions_on_one_key_are_told(till: Till) -> None:
    till.shell.keys.bind("sell", Action("sell.other", "F3", "common.word.all"), lambda: None)
    assert till.shell.keys.clashes() == [("F3", "sell.hold", "sell.other")]


def test_pages_keep_their_state_and_their_focus_when_left(till: Till) -> None:
    till.shell.navigation.open(NOTES, "again")
    till.keys.press(Qt.Key.Key_Tab)
    till.keys.type("abc")
    till.shell.navigation.open(SELL, "args")
    till.keys.type("7")
    till.shell.navigation.open(NOTES)
    till.keys.type("d")
    assert till.notes.second.text() == "abcd"
    assert till.sell.box.text() == "7"
    assert till.sell.args == [None, "args"]


def test_a_screen_beyond_the_role_is_not_on_the_rail_and_its_key_is_dead(till: Till) -> None:
    names = {button.objectName() for button in till.shell.findChildren(QToolButton)}
    assert "rail_sell" in names and "rail_secret" not in names
    till.keys.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert till.shell.navigation.current == SELL


def test_signing_in_has_no_rail_and_no_way_around_it(till: Till) -> None:
    till.shell.navigation.open(LOGIN)
    assert not till.shell.status.isVisible()
    till.keys.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert till.shell.navigation.current == LOGIN
    till.shell.navigation.open(SELL)
    assert till.shell.status.isVisible()


def test_a_notice_never_takes_the_focus(till: Till) -> None:
    till.keys.type("1")
    till.shell.notices.error("打印机缺纸")
    till.keys.type("2")
    assert till.sell.box.text() == "12"


def test_an_error_stays_until_escape_and_others_go_by_themselves(till: Till, qtbot: QtBot) -> None:
    assert STAY_MS == 4000
    till.shell.notices._stay_ms = 1
    till.shell.notices.success("已挂单")
    till.shell.notices.error("打印机缺纸", about="printer")
    qtbot.waitUntil(lambda: till.shell.notices.texts() == ["打印机缺纸"])
    till.keys.press(Qt.Key.Key_Escape)
    assert till.shell.notices.texts() == []


def test_a_notice_about_the_same_cause_replaces_the_old(till: Till) -> None:
    till.shell.notices.error("打印机缺纸", about="printer")
    till.shell.notices.error("打印机无响应", about="printer")
    assert till.shell.notices.texts() == ["打印机无响应"]
    till.shell.notices.clear("printer")
    assert till.shell.notices.texts() == []
    assert not till.shell.notices.isVisible()


def test_what_was_done_is_said_on_one_page_and_not_on_the_next(till: Till, qtbot: QtBot) -> None:
    till.shell.notices.success("已开班")
    till.shell.notices.error("打印机缺纸")
    till.shell.navigation.open(NOTES)
    assert till.shell.notices.texts() == ["打印机缺纸", "已开班"], (
        "said while the page turned: it is for the next"
    )
    QApplication.processEvents()
    till.shell.navigation.open(NOTES)
    assert "已开班" in till.shell.notices.texts()
    till.shell.navigation.open(SELL)
    assert till.shell.notices.texts() == ["打印机缺纸"]


def test_a_notice_speaks_the_language_of_the_window_or_goes(till: Till) -> None:
    till.shell.notices.show_notice(Notice("error", "保存", again=lambda: translate("common.action.save")))
    till.shell.notices.error("打印机缺纸")
    till.shell.set_language("en")
    assert till.shell.notices.texts() == ["Save"]
    shown = till.shell.notices.findChild(QLabel, "notice_text")
    assert shown is not None and shown.text() == "Save"


def test_a_question_shuts_the_page_in_and_gives_the_box_back(till: Till) -> None:
    answers: list[bool] = []
    till.keys.type("5")
    till.shell.dialogs.ask(Question("取消？", "会记入日志", "取消单据"), answers.append)
    till.keys.type("9")
    till.keys.press(Qt.Key.Key_F3)
    till.keys.scan("6901234567892")
    assert (till.sell.box.text(), till.sell.held, till.sell.scans) == ("5", [], [])
    assert answers == []
    till.keys.press(Qt.Key.Key_Return)
    till.keys.type("6")
    assert answers == [True]
    assert till.sell.box.text() == "56"


def test_an_enter_struck_before_a_question_was_read_answers_nothing(till: Till) -> None:
    answers: list[bool] = []
    till.shell.dialogs.ask(Question("取消？", "", "取消单据"), answers.append)
    till.keys.press(Qt.Key.Key_Return, pause_ms=90)
    till.keys.press(Qt.Key.Key_Return, pause_ms=90)
    assert answers == [] and till.shell.overlay.content is not None
    till.keys.press(Qt.Key.Key_Return, pause_ms=300)
    assert answers == [True]


def test_a_final_question_is_answered_by_ctrl_enter_only(till: Till) -> None:
    answers: list[bool] = []
    till.shell.dialogs.ask(Question("清除？", "", "清除", final=True), answers.append)
    yes = till.shell.overlay.findChild(KeyButton, "overlay_yes")
    assert yes is not None and yes.accessibleName() == "清除 Ctrl+Enter"
    yes.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        till.keys.press(key)
    assert answers == []
    till.keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, 40)
    assert answers == []
    till.keys.press(Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier, 300)
    assert answers == [True]


def test_escape_is_no_at_once_also_to_a_final_question(till: Till) -> None:
    answers: list[bool] = []
    for final in (False, True):
        till.shell.dialogs.ask(Question("取消？", "", "取消单据", final=final), answers.append)
        till.keys.press(Qt.Key.Key_Escape, pause_ms=20)
    assert answers == [False, False]


def test_a_reason_is_typed_and_an_empty_one_is_not_taken(till: Till) -> None:
    answers: list[str | None] = []
    till.shell.dialogs.prompt(Prompt("开钱箱", "原因", "打开"), answers.append)
    till.keys.press(Qt.Key.Key_Return)
    assert answers == []
    till.keys.type("change")
    till.keys.press(Qt.Key.Key_Enter)
    assert answers == ["change"]


def test_a_scan_never_answers_a_question(till: Till) -> None:
    answers: list[str | None] = []
    till.shell.dialogs.prompt(Prompt("开钱箱", "原因", "打开"), answers.append)
    till.keys.scan("6901234567892")
    assert answers == []
    assert till.shell.overlay.content is not None
    till.keys.press(Qt.Key.Key_Escape)
    assert answers == [None]


def test_help_lists_the_keys_that_act_here(till: Till) -> None:
    till.keys.press(Qt.Key.Key_F1)
    assert till.shell.overlay.content is not None
    words = {label.text() for label in till.shell.overlay.content.findChildren(QLabel)}
    assert translate(HOLD.label) in words
    till.keys.press(Qt.Key.Key_F1)
    assert till.shell.overlay.content is None


def test_the_language_changes_while_selling(till: Till) -> None:
    till.shell.navigation.open(NOTES)
    till.shell.navigation.open(SELL)
    till.shell.set_language("en")
    assert till.notes.words.text() == "Save"
    assert till.sell.title.text() == "Save"
    rail = till.shell.findChild(QToolButton, "rail_sell")
    assert rail is not None and rail.text() == "Total"
    till.keys.press(Qt.Key.Key_F3)
    assert till.sell.held == [""]


def test_nothing_is_collected_while_qt_walks_the_widgets_to_dress_them(till: Till) -> None:
    """A widget that nobody holds and a collection deletes is one that Qt comes to next: the till would end."""
    told: list[bool] = []

    class Asks(QLabel):
        def changeEvent(self, event: QEvent) -> None:
            told.append(gc.isenabled())

    asks = Asks(till.shell)
    till.shell.set_theme("dark")
    till.shell.set_theme("light")
    assert told and not any(told) and gc.isenabled()
    asks.deleteLater()


def test_the_theme_changes_while_selling(till: Till) -> None:
    light = till.shell.grab().toImage().pixelColor(300, 780)
    till.shell.set_theme("dark")
    dark = till.shell.grab().toImage().pixelColor(300, 780)
    assert light == QColor("#FFFFFF")
    assert dark == QColor("#1B2025")
    till.shell.set_theme("light")


def test_everything_to_click_has_a_name_and_is_large_enough_for_a_finger(till: Till) -> None:
    for button in till.shell.findChildren(QToolButton):
        assert button.objectName() and button.accessibleName()
        assert min(button.width(), button.height()) >= 44


def test_a_held_key_acts_once(till: Till) -> None:
    count: list[int] = []
    till.shell.keys.bind(EVERYWHERE, Action("test.pay", "F12", "common.word.all"), lambda: count.append(1))
    handle = till.shell.windowHandle()
    for repeat in (False, True, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "", repeat)
        QApplication.sendEvent(handle, event)
    assert count == [1]


def test_a_crash_is_told_in_plain_words_and_the_cart_stays(till: Till, qtbot: QtBot) -> None:
    till.keys.type("12")
    till.shell.tell_crash(Path("crash-20261122T063200.txt"))
    qtbot.waitUntil(lambda: bool(till.shell.notices.texts()))
    assert "20261122T063200" in till.shell.notices.texts()[0]
    assert till.sell.box.text() == "12"
    assert till.tones.sounded == ["refused"]
    told = till.shell.notices.texts()[0]
    till.shell.set_language("en")
    assert "20261122T063200" in till.shell.notices.texts()[0] and till.shell.notices.texts()[0] != told
