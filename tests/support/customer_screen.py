"""A demo till with a customer's screen beside it, on screens that a test plugs in and out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from pos_app.domain.display import DisplaySettings
from tests.support.lanes import InlineLane
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.display.late import LateDisplay
from ui.display.side import DisplaySide, look_of
from ui.display.window import DisplayWindow
from ui.shell.screens import Screen

ON = DisplaySettings(on=True)
TILL, SECOND, THIRD = "TILL-1", "HDMI-2", "HDMI-3"


@dataclass
class HandScreens:
    """Screens that a test plugs in and out; the first one shows the till."""

    plugged: list[str] = field(default_factory=lambda: [TILL, SECOND])
    watchers: list[Callable[[], None]] = field(default_factory=list)

    def names(self) -> tuple[str, ...]:
        return tuple(self.plugged)

    def own(self) -> str:
        return TILL

    def area(self, name: str) -> QRect:
        return QRect(1280 * self.plugged.index(name), 0, 1024, 600) if name in self.plugged else QRect()

    def watch(self, changed: Callable[[], None]) -> None:
        self.watchers.append(changed)

    def plug(self, *names: str) -> None:
        """Let these screens be there beside the till's, and no others."""
        self.plugged = [TILL, *names]
        for told in self.watchers:
            told()
        QApplication.processEvents()


@dataclass
class CustomerScreen:
    """The till and the customer's screen."""

    till: ScreenTill
    screens: HandScreens
    display: LateDisplay
    sides: list[DisplaySide]

    @property
    def window(self) -> DisplayWindow:
        """The window; fails when there is none."""
        found = self.sides[0].window
        assert found is not None
        return found

    @property
    def stands(self) -> bool:
        """Whether there is a window."""
        return bool(self.sides) and self.sides[0].window is not None

    def touch(self, name: str) -> None:
        """Touch a button of the customer's screen."""
        button = self.window.findChild(QPushButton, name)
        assert isinstance(button, QPushButton) and button.isVisible(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))

    def type(self, number: str) -> None:
        """Type a phone on the pad."""
        for digit in number:
            self.touch(f"display_digit_{digit}")

    def set(self, **fields: object) -> None:
        """Change the settings of the screen."""
        shop = self.till.at.counter.shop
        display = msgspec.structs.replace(shop.current.value.display, **fields)
        shop.settings.change(
            self.till.at.demo.owner, msgspec.structs.replace(shop.current.value, display=display)
        )
        self.display.settle()
        # This platform gives a new window the keys for a moment, whatever it says of itself.
        QApplication.processEvents()


@contextmanager
def customer_screen(
    folder: Path,
    screens: Sequence[Screen],
    settings: DisplaySettings = ON,
) -> Iterator[CustomerScreen]:
    """Open a till with a second screen plugged in."""
    with counter_till(folder) as at:
        shop, plugged, sides, shells = at.counter.shop, HandScreens(), list[DisplaySide](), list[ScreenTill]()
        value = msgspec.structs.replace(shop.current.value, display=settings)
        shop.settings.change(at.demo.owner, value)

        def make() -> DisplaySide:
            look = shells[0].shell
            sides.append(DisplaySide(look, lambda: look_of(shop.current.value), InlineLane(), plugged))
            return sides[-1]

        display = LateDisplay(make, lambda: shop.current.value.display.on)
        at.counter = replace(at.counter, display=display)
        with screen_till(at, screens) as till:
            shells.append(till)
            display.begin()
            try:
                yield CustomerScreen(till, plugged, display, sides)
            finally:
                display.stop()
