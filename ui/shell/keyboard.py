"""A person and a scanner for the tour, the ring and tests: key events only, time moved by hand.

Decides how fast keys come, which ``QTest`` alone cannot say: the same characters are a scan at 5 ms and typing
at 120 ms. Never sets the focus and never calls a widget. Import it only where a window is driven.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui.shell.key_clock import HandKeyClock
from ui.shell.scan_recogniser import GS

TYPING_MS = 120.0
PRESSING_MS = 160.0
"""Before a key and after it: two of them are longer than what is taken for a bouncing Enter."""
SCANNING_MS = 5.0
PAUSE_MS = 400.0

Modifiers = Qt.KeyboardModifier


class Keyboard:
    """Strikes keys at a shown window whose scanner filter runs on ``clock``."""

    def __init__(self, window: QWidget, clock: HandKeyClock) -> None:
        handle = window.windowHandle()
        if handle is None:
            raise ValueError("the window must be shown before it is driven")
        self._window: QWindow = handle
        self._clock = clock

    def type(self, text: str, gap_ms: float = TYPING_MS) -> None:
        """Type Latin ``text`` as a person does, and pause until the last key has arrived."""
        for character in text:
            self._clock.advance(gap_ms)
            self._strike(character)
        self._clock.advance(gap_ms)

    def press(
        self, key: Qt.Key, modifiers: Modifiers = Modifiers.NoModifier, pause_ms: float = PRESSING_MS
    ) -> None:
        """Press and let go one key after a person's pause, and pause again."""
        self._clock.advance(pause_ms)
        QTest.keyClick(self._window, key, modifiers)
        self._clock.advance(pause_ms)

    def scan(
        self,
        text: str,
        end: Qt.Key | None = Qt.Key.Key_Return,
        *,
        gap_ms: float = SCANNING_MS,
        pause_ms: float = PAUSE_MS,
    ) -> None:
        """Send ``text`` as a scanner does after ``pause_ms``; GS goes as Ctrl+], ``end`` None as silence."""
        self._clock.advance(pause_ms)
        for character in text:
            self._strike(character)
            self._clock.advance(gap_ms)
        if end is None:
            self._clock.advance(PAUSE_MS)
        else:
            QTest.keyClick(self._window, end)

    def _strike(self, character: str) -> None:
        if character == GS:
            QTest.keyClick(self._window, Qt.Key.Key_BracketRight, Modifiers.ControlModifier)
            return
        shift = character.isupper() or character in '~!@#$%^&*()_+{}|:"<>?'
        modifiers = Modifiers.ShiftModifier if shift else Modifiers.NoModifier
        # PySide takes a character here; its stub knows keys only.
        QTest.keyClick(self._window, character, modifiers)  # type: ignore[call-overload]
