"""Real key events: what a scanner sends never lands in a field, what a person types always does."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.shell.scan_recogniser import GS, ScanRules
from ui.shell.scanner import ScannerFilter


@dataclass
class Counter:
    """A window with a PIN, a note and a button, driven by keys."""

    window: QWidget
    pin: QLineEdit
    note: QLineEdit
    pay: QPushButton
    clock: HandKeyClock
    keys: Keyboard
    scans: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    scanner: ScannerFilter = field(init=False)


@pytest.fixture
def counter(qtbot: QtBot) -> Iterator[Counter]:
    window = QWidget()
    pin, note, pay = QLineEdit(), QLineEdit(), QPushButton("Pay")
    layout = QVBoxLayout(window)
    for widget in (pin, note, pay):
        layout.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    pin.setFocus()
    clock = HandKeyClock()
    made = Counter(window, pin, note, pay, clock, Keyboard(window, clock))

    def on_key(event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F12:
            made.actions.append(pin.text())
            return True
        return False

    scanner = ScannerFilter(lambda scan: made.scans.append(scan.text), on_key, clock=clock)
    made.scanner = scanner
    pin.returnPressed.connect(lambda: made.entered.append(pin.text()))
    pay.clicked.connect(lambda: made.pressed.append("pay"))
    scanner.install()
    yield made
    scanner.remove()


def test_a_code_scanned_into_a_pin_leaves_nothing_there(counter: Counter) -> None:
    counter.keys.scan("6901234567892")
    assert counter.scans == ["6901234567892"]
    assert counter.pin.text() == ""
    assert counter.entered == []


def test_typing_arrives_and_enter_confirms(counter: Counter) -> None:
    counter.keys.type("1357")
    assert counter.pin.text() == "1357"
    counter.keys.press(Qt.Key.Key_Return)
    assert counter.entered == ["1357"]
    assert counter.scans == []


def test_a_scan_between_two_typed_digits_leaves_the_digits(counter: Counter) -> None:
    counter.keys.type("13")
    counter.keys.scan("ABC-6901", Qt.Key.Key_Tab)
    counter.keys.type("57")
    assert counter.pin.text() == "1357"
    assert counter.scans == ["ABC-6901"]
    assert counter.pin.hasFocus()


def test_a_scanner_without_suffix_is_heard_after_its_silence(counter: Counter) -> None:
    counter.keys.scan("6901234567892", None)
    assert counter.scans == ["6901234567892"]
    assert counter.pin.text() == ""


def test_an_action_sees_the_digit_typed_just_before_it(counter: Counter) -> None:
    handle = counter.window.windowHandle()
    QTest.keyClick(handle, "7")
    counter.clock.advance(8)
    QTest.keyClick(handle, Qt.Key.Key_F12)
    assert counter.actions == ["7"]


def test_a_click_elsewhere_does_not_carry_the_last_digit_along(counter: Counter) -> None:
    QTest.keyClick(counter.window.windowHandle(), "7")
    place = counter.note.mapTo(counter.window, counter.note.rect().center())
    QTest.mouseClick(
        counter.window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    assert counter.note.hasFocus()
    assert (counter.pin.text(), counter.note.text()) == ("7", "")


def test_keys_posted_to_a_widget_are_taken_in_the_same_way(counter: Counter) -> None:
    for character in "6901234567892":
        counter.clock.advance(4)
        QTest.keyClick(counter.pin, character)
    QTest.keyClick(counter.pin, Qt.Key.Key_Return)
    assert counter.scans == ["6901234567892"]
    assert counter.pin.text() == ""


def test_a_scan_never_presses_the_button_that_has_the_focus(counter: Counter) -> None:
    counter.pay.setFocus()
    counter.keys.scan("12 34 56 78")
    assert counter.pressed == []
    counter.keys.press(Qt.Key.Key_Space)
    assert counter.pressed == ["pay"]


def test_a_scan_in_mid_composition_drops_the_composition(counter: Counter) -> None:
    counter.note.setFocus()
    QCoreApplication.sendEvent(counter.note, QInputMethodEvent("nihao", []))
    counter.keys.scan("6901234567892")
    assert counter.scans == ["6901234567892"]
    assert counter.note.text() == ""
    counter.keys.type("ok")
    assert counter.note.text() == "ok"


def test_a_scan_committed_by_an_input_method_is_still_a_scan(counter: Counter) -> None:
    counter.note.setFocus()
    counter.clock.advance(500)
    for character in "６９０１２３４５":
        commit = QInputMethodEvent()
        commit.setCommitString(character)
        QCoreApplication.sendEvent(counter.note, commit)
        counter.clock.advance(6)
    QTest.keyClick(counter.window.windowHandle(), Qt.Key.Key_Return)
    assert counter.scans == ["69012345"]
    assert counter.note.text() == ""


def test_words_committed_by_an_input_method_reach_the_note(counter: Counter) -> None:
    counter.note.setFocus()
    for text in ("你好", "！"):
        commit = QInputMethodEvent()
        commit.setCommitString(text)
        QCoreApplication.sendEvent(counter.note, commit)
        counter.clock.advance(200)
    assert counter.note.text() == "你好！"


def test_capitals_and_fnc1_come_through(counter: Counter) -> None:
    counter.keys.scan(f"]d20106901234567892{GS}10LotA")
    assert counter.scans == [f"0106901234567892{GS}10LotA"]


def test_held_down_enter_confirms_once(counter: Counter) -> None:
    counter.keys.type("9")
    handle = counter.window.windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_Return)
    for _ in range(5):
        counter.clock.advance(33)
        repeat = QKeyEvent(
            QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
        )
        QCoreApplication.sendEvent(handle, repeat)
    assert counter.entered == ["9"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("type"), st.text("0123456789abcXYZ*.", min_size=1, max_size=6)),
            st.tuples(st.just("scan"), st.text("0123456789ABCxyz-/:", min_size=4, max_size=18)),
            st.tuples(st.just("mute"), st.text("0123456789ABCxyz-/:", min_size=4, max_size=18)),
        ),
        max_size=8,
    )
)
def test_any_turn_of_typing_and_scanning_keeps_both_whole(
    counter: Counter, acts: list[tuple[str, str]]
) -> None:
    counter.pin.clear()
    counter.scans.clear()
    for act, text in acts:
        if act == "type":
            counter.keys.type(text)
        else:
            counter.keys.scan(text, Qt.Key.Key_Return if act == "scan" else None)
    assert counter.pin.text() == "".join(text for act, text in acts if act == "type")
    assert counter.scans == [text for act, text in acts if act != "type"]
    assert counter.entered == []


def test_other_rules_hold_from_the_next_key(counter: Counter) -> None:
    counter.scanner.use_rules(ScanRules(prefix="~"))
    counter.keys.scan("~7", gap_ms=90)
    assert counter.scans == ["7"]
    assert counter.pin.text() == ""


def test_with_the_real_clock_an_undelayed_burst_is_a_scan(qtbot: QtBot) -> None:
    box = QLineEdit()
    qtbot.addWidget(box)
    box.show()
    scans: list[str] = []
    scanner = ScannerFilter(lambda scan: scans.append(scan.text), lambda event: False)
    scanner.install()
    try:
        QTest.keyClicks(box, "6901234567892")
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert scans == ["6901234567892"]
        QTest.keyClick(box, "7")
        qtbot.waitUntil(lambda: box.text() == "7", timeout=2000)
    finally:
        scanner.remove()
