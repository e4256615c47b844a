"""Hands and eyes of the tour: keys struck at the window, words read off it.

Decides what counts as wrong while the till is driven: the focus on another widget than the one named, words that do
not come, a window without a focus. Imports nothing of the till but its window and the keyboard; never sets a focus,
never clicks, never calls a page.
"""

import re
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)

from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.shell.window import Shell

PATIENCE_S = 60.0
"""Longer than anybody waits: other work may hold both processors meanwhile."""
THINKING_MS = 600.0
"""How long a person looks before Enter: longer than what the till takes for a bouncing key."""
NONE = Qt.KeyboardModifier.NoModifier
UNSEEN = "out of sight: "
"""Before the name of what has the focus although nobody can see it."""
CTRL = Qt.KeyboardModifier.ControlModifier


class TourError(AssertionError):
    """The till did something else than the tour expects."""


class Hands:
    """A cashier: strikes keys only where the focus was said to be, and waits for what the window says."""

    def __init__(self, window: Shell, clock: HandKeyClock, settle: Callable[[], None]) -> None:
        self._window = window
        self._clock = clock
        self._settle = settle
        self._keys = Keyboard(window, clock)
        self._place = ""

    # -- focus ---------------------------------------------------------------------------------------------

    def at(self, place: str) -> None:
        """Wait until the widget of that name has the focus; from now on keys are struck only there."""
        self._place = place
        self._wait(
            lambda: self._focus() == place, lambda: f"the focus is on {self._focus()!r}, not on {place!r}"
        )

    def _focus(self) -> str:
        widget = QApplication.focusWidget()
        if widget is None:
            return f"{UNSEEN}nothing"
        if widget.window() is not self._window or not widget.isVisible():
            return f"{UNSEEN}{widget.objectName()}"
        return widget.objectName()

    def _check(self) -> None:
        self._settle()
        if (found := self._focus()) != self._place:
            raise TourError(f"before a key the focus is on {found!r}, not on {self._place!r}\n{self.page()}")

    # -- keys ----------------------------------------------------------------------------------------------

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, then: str = "") -> None:
        """Press a key where the focus should be; `then` is where it should go."""
        self._check()
        self._clock.advance(THINKING_MS)
        self._keys.press(key, modifiers)
        self._settle()
        self.at(then or self._place)

    def press_last(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key that ends the window."""
        self._check()
        self._clock.advance(THINKING_MS)
        self._keys.press(key, modifiers)
        self._settle()

    def settle_on(self, beginning: str) -> str:
        """Wait until a widget whose name begins so has the focus; keys go there from now on. Return its name."""
        self._wait(
            lambda: self._focus().startswith(beginning) and not self._focus().startswith(UNSEEN),
            lambda: f"the focus is on {self._focus()!r}, not on {beginning!r}…",
        )
        self._place = self._focus()
        return self._place

    def tab(self) -> str:
        """Press Tab; return where it led, which is where keys are struck from now on."""
        self._check()
        self._keys.press(Qt.Key.Key_Tab)
        self._settle()
        self._place = self._focus()
        return self._place

    def enter(self, then: str = "") -> None:
        """Press Enter."""
        self.press(Qt.Key.Key_Return, NONE, then)

    def type(self, text: str) -> None:
        """Type as a person does."""
        self._check()
        self._clock.advance(THINKING_MS)
        self._keys.type(text)
        self._settle()
        self.at(self._place)

    def say(self, text: str, then: str = "") -> None:
        """Type and press Enter."""
        self.type(text)
        self.enter(then)

    def scan(self, code: str, then: str = "") -> None:
        """Let the scanner read a code."""
        self._check()
        self._keys.scan(code)
        self._settle()
        self.at(then or self._place)

    # -- eyes ----------------------------------------------------------------------------------------------

    def sees(self, words: str, name: str = "") -> str:
        """Wait until a visible text (of the widget `name`, if given) holds `words`; return it."""
        found: list[str] = []

        def there() -> bool:
            found[:] = [text for text in self.texts(name) if words in text]
            return bool(found)

        self._wait(there, lambda: f"no {words!r} in {name or 'the window'}")
        return found[0]

    def misses(self, words: str) -> None:
        """Make sure that no visible text holds `words`."""
        if any(words in text for text in self.texts()):
            raise TourError(f"{words!r} is in the window\n{self.page()}")

    def reads(self, pattern: str, name: str = "") -> str:
        """Wait for a visible text that the pattern finds, and return what it found."""
        found: list[str] = []

        def there() -> bool:
            hits = (re.search(pattern, text) for text in self.texts(name))
            found[:] = [hit[0] for hit in hits if hit]
            return bool(found)

        self._wait(there, lambda: f"nothing like {pattern!r} in {name or 'the window'}")
        return found[0]

    def is_on(self, name: str) -> bool:
        """Say whether a button that can be on, as a tab or a tick, is."""
        found = self._window.findChild(QAbstractButton, name)
        return found is not None and found.isVisible() and found.isChecked()

    def rows(self, name: str) -> list[str]:
        """Return the rows of a visible list, as a screen reader speaks them."""
        found = self._window.findChild(QAbstractItemView, name)
        return rows_of(found) if found is not None and found.isVisible() else []

    def texts(self, name: str = "") -> list[str]:
        """Return every visible text, or those of the widgets of one name."""
        return [
            text
            for widget in self._window.findChildren(QWidget)
            if widget.isVisible() and (not name or widget.objectName() == name)
            for text in (*texts_of(widget), widget.accessibleName())
            if text
        ]

    def page(self) -> str:
        """Return what the window says, for a failure."""
        return "\n".join(dict.fromkeys(text for text in self.texts() if text.strip()))

    def _wait(self, there: Callable[[], bool], why: Callable[[], str]) -> None:
        end = monotonic() + PATIENCE_S
        self._settle()
        while not there():
            if monotonic() > end:
                raise TourError(f"{why()}\n{self.page()}")
            QTest.qWait(2)


def rows_of(view: QAbstractItemView) -> list[str]:
    """Return what a screen reader says of each row of a list."""
    model: QAbstractItemModel | None = view.model()
    if model is None:
        return []
    return [str(model.index(row, 0).data() or "") for row in range(model.rowCount())]


def texts_of(widget: QWidget) -> list[str]:
    """Return the texts that one widget shows itself."""
    if isinstance(widget, QLabel | QAbstractButton):
        return [widget.text()] if widget.text() else []
    if isinstance(widget, QLineEdit):
        hidden = widget.echoMode() is QLineEdit.EchoMode.Password
        return [] if hidden else [widget.text() or widget.placeholderText()]
    if isinstance(widget, QAbstractItemView):
        return rows_of(widget)
    return []
