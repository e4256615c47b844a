"""The sell page in the real window, on the demo shop, with hands on the keyboard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.words import set_language, translate
from tests.support.counters import TestCounter, test_counter
from ui.sales import sales_screen
from ui.sales.page import SalesPage
from ui.sales.state import State
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import TYPING_MS, Keyboard
from ui.shell.screens import Screen, ScreenContext, ScreenId
from ui.shell.theme import apply_theme
from ui.shell.tones import SilentTones
from ui.shell.window import Shell, ShellOptions


class OtherPage(QWidget):
    """A page that stands for another noun."""

    def __init__(self, _context: ScreenContext) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel("…"))
        self.args: list[object] = []

    def opened(self, args: object) -> None:
        self.args.append(args)


@dataclass
class Till:
    """The window, the hands, and what stands behind it."""

    shell: Shell
    keys: Keyboard
    tones: SilentTones
    behind: TestCounter
    clock: HandKeyClock

    @property
    def page(self) -> SalesPage:
        page = self.shell.page(ScreenId("sales"))
        assert isinstance(page, SalesPage)
        return page

    @property
    def state(self) -> State:
        return self.page.presenter.state()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.keys.press(key, modifiers, TYPING_MS)

    def enter(self) -> None:
        """Press Enter after a person's pause."""
        self.clock.advance(500)
        self.keys.press(Qt.Key.Key_Return)

    def say(self, text: str) -> None:
        """Type a text and press Enter."""
        self.keys.type(text)
        self.enter()

    def words(self, name: str) -> str:
        """Return what a label on the page says."""
        label = self.page.findChild(QLabel, name)
        assert label is not None, name
        return label.text()


@pytest.fixture
def open_till(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Till]]:
    """Open tills; each closes at the end of the test."""
    set_language("zh_CN")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    opened: list[Shell] = []
    contexts = []

    def make(**options: object) -> Till:
        context = test_counter(tmp_path, **options)  # type: ignore[arg-type]
        behind = context.__enter__()
        contexts.append(context)
        clock, tones = HandKeyClock(), SilentTones()
        others = ("shifts", "returns")
        selling = sales_screen(lambda: clock.now_ms, lambda act: act())
        screens = [selling, *(Screen(ScreenId(n), "common.word.note", "clock", OtherPage) for n in others)]
        shell = Shell(
            screens, behind.counter, ShellOptions(time_text=lambda: "12:00", tones=tones, key_clock=clock)
        )
        shell.resize(1280, 800)
        qtbot.addWidget(shell)
        opened.append(shell)
        shell.show()
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        shell.navigation.open(ScreenId("sales"))
        return Till(shell, Keyboard(shell, clock), tones, behind, clock)

    yield make
    for shell in opened:
        shell.close()
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def till(open_till: Callable[..., Till]) -> Till:
    """A till with a cashier signed in and a shift open."""
    return open_till()


def words(code: str, **params: object) -> str:
    """Return a text as the page would say it."""
    return translate(code, **params)
