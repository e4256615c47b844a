"""The real till in its real window, offscreen, worked by key events only.

Decides how a program sits at the till: it opens it as `shuke till` does, signs in by typing, and waits for what the
page shows. It never calls a widget and never sets the focus. Used by the ring, and by what is measured on the window.
"""

import os
from collections.abc import Callable
from time import monotonic
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.services.founding import FoundingTools
from pos_app.services.ports.clock import Clock
from pos_app.services.shop import Shop
from ui.main import Home, make_till
from ui.sales.state import State
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.shell.screens import ScreenId
from ui.till import SIGN_IN

SALES = ScreenId("sales")
PATIENCE_S = 20.0


class WaitedTooLongError(Exception):
    """The page did not come to show what was awaited; the text says what, and what it shows."""


class TillWindow:
    """A till at work on an open shop; with `tools` it syncs if it has a tie. GUI thread only."""

    def __init__(self, home: Home, shop: Shop, clock: Clock, tools: FoundingTools | None = None) -> None:
        application = QApplication.instance() or QApplication(["shuke"])
        assert isinstance(application, QApplication)
        self.application = application
        self._key_clock = HandKeyClock()
        self.till = make_till(home, shop, clock, self._key_clock, tools)
        self.till.start()
        # What a window system does with a new window; the offscreen one does not.
        self.till.shell.activateWindow()
        # An event loop that waits sleeps; this wakes it so that the awaited can be looked at.
        self._waker = QTimer()
        self._waker.start(2)
        self.application.processEvents()
        self.keys = Keyboard(self.till.shell, self._key_clock)

    def until(self, shows: Callable[[], bool], what: str) -> None:
        """Let events come until something shows; raise WaitedTooLongError."""
        loop, ends = QEventLoop(), monotonic() + PATIENCE_S
        while not shows():
            if monotonic() > ends:
                raise WaitedTooLongError(f"{what}; the page shows {self._shown()}")
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(self) -> None:
        """Wait until the database lane has done all that stands in its queue, and all is painted."""
        rested: list[None] = []
        for _ in range(2):
            rested.clear()
            self.till.counter.db.run(lambda: None, rested.append, lambda _error: None)
            self.until(lambda: bool(rested), "the lane does not rest")
        self.application.processEvents()

    def pause(self) -> None:
        """Let a second pass on the clock of the keys."""
        self._key_clock.advance(1_000)

    def _shown(self) -> object:
        current = self.till.shell.navigation.current
        return self.state() if current == SALES else current

    def sign_in(self, code: str, pin: str) -> None:
        """Type a code and a PIN, and go to the sell page."""
        shell = self.till.shell
        self.keys.type(code)
        self.keys.press(Qt.Key.Key_Return)
        self.keys.type(pin)
        self.keys.press(Qt.Key.Key_Return)
        self.until(lambda: shell.navigation.current != SIGN_IN, "nobody is signed in")
        if shell.navigation.current != SALES:
            self.keys.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: shell.navigation.current == SALES, "the sell page is not in front")

    @property
    def page(self) -> QWidget:
        """The sell page, to look at."""
        page = self.till.shell.page(SALES)
        assert page is not None
        return page

    def state(self) -> State:
        """Return what the sell page shows."""
        presenter: Any = self.page.presenter  # type: ignore[attr-defined]
        state: State = presenter.state()
        return state

    def close(self) -> list[str]:
        """Close the window, end the lanes and close the books; return the lanes that did not end."""
        self._waker.stop()
        self.till.shell.close()
        return self.till.stop()
