"""The customer's screen of a till: its window comes and goes with the settings and the screens that are plugged in.

Decides when the window stands and where; a screen that is unplugged takes its window along until it is back, and
selling goes on. Made after the till's window, on the GUI thread.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QPixmap, QScreen
from PySide6.QtWidgets import QWidget

from pos_app.domain.display import Where, place
from pos_app.domain.settings import Settings
from pos_app.services.ports.display import CustomerAnswers, CustomerView
from pos_app.services.ports.lane import Lane
from ui.display.presenter import DisplayPresenter, Till
from ui.display.slides import Slides
from ui.display.state import State
from ui.display.window import DisplayWindow

PREVIEW = (800, 500)


def look_of(settings: Settings) -> Till:
    """Return what the screen takes from the till's settings."""
    return Till(settings.shop_name, settings.money, settings.language, settings.display)


class Screens(Protocol):
    """The screens that are plugged in."""

    def names(self) -> tuple[str, ...]:
        """Return their names."""
        ...

    def own(self) -> str:
        """Return the one that shows the till."""
        ...

    def area(self, name: str) -> QRect:
        """Return where one stands on the desktop."""
        ...

    def watch(self, changed: Callable[[], None]) -> None:
        """Call back whenever one comes or goes, or the till moves to another one."""
        ...


class QtScreens(QObject):
    """The screens as Qt sees them."""

    changed = Signal()

    def __init__(self, till: QWidget) -> None:
        super().__init__(till)
        self._till = till
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self.changed)
        app.screenRemoved.connect(self.changed)
        handle = till.windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self.changed)

    def _screens(self) -> list[QScreen]:
        return QGuiApplication.screens()

    def names(self) -> tuple[str, ...]:
        """Return their names."""
        return tuple(screen.name() for screen in self._screens())

    def own(self) -> str:
        """Return the one on which the till's window is."""
        screen = self._till.screen()
        return screen.name() if screen is not None else ""

    def area(self, name: str) -> QRect:
        """Return where a screen stands; an empty area when it is gone."""
        return next((screen.geometry() for screen in self._screens() if screen.name() == name), QRect())

    def watch(self, changed: Callable[[], None]) -> None:
        """Call back whenever one comes or goes, or the till moves to another one."""
        self.changed.connect(changed)


class DisplaySide(QObject):
    """The screen that faces the customer, as a `Display`."""

    def __init__(self, shell: QWidget, till: Callable[[], Till], lane: Lane, screens: Screens) -> None:
        super().__init__(shell)
        self._shell, self._till, self._screens = shell, till, screens
        self._presenter = DisplayPresenter(till, self._show)
        self._slides = Slides(lane, self._show_picture, self)
        self.window: DisplayWindow | None = None
        self._where: tuple[Where, str] = (Where.NOWHERE, "")
        self._is_stopped = False
        screens.watch(self.settle)

    # -- as the counter sees it ----------------------------------------------------------------------------

    def listen(self, answers: CustomerAnswers) -> None:
        """Hand what the customer does to the counter."""
        self._presenter.listen(answers)

    def show(self, view: CustomerView) -> None:
        """Show what goes on."""
        self._presenter.show(view)

    def screens(self) -> tuple[tuple[str, str], ...]:
        """Return the screens beside the till's own, with their sizes."""
        own = self._screens.own()
        found = []
        for name in self._screens.names():
            if name != own:
                area = self._screens.area(name)
                found.append((name, f"{name} · {area.width()}×{area.height()}"))
        return tuple(found)

    def settle(self) -> None:
        """Follow the settings and the screens that are plugged in."""
        if self._is_stopped:
            return
        where = place(self._till().display, self._screens.names(), self._screens.own())
        if where[0] is not self._where[0] or self.window is None:
            self._drop()
            self._open(where[0])
        self._where = where
        if self.window is not None and where[0] is Where.WHOLE:
            self.window.setGeometry(self._screens.area(where[1]))
        self._presenter.refresh()

    def stop(self) -> None:
        """Close it for good: the till's window closes."""
        self._is_stopped = True
        self._drop()

    # -- the window ----------------------------------------------------------------------------------------

    def _open(self, where: Where) -> None:
        if where is Where.NOWHERE:
            return
        whole = where is Where.WHOLE
        self.window = DisplayWindow(self._presenter, self._give_back, whole=whole)
        if not whole:
            self.window.resize(*PREVIEW)
        self.window.show_state(self._presenter.state)
        self.window.show()

    def _drop(self) -> None:
        self._slides.rest()
        window, self.window = self.window, None
        if window is not None:
            window.hide()
            window.deleteLater()

    def _give_back(self) -> None:
        # Asked a moment ago: the till may have been closed meanwhile.
        if not self._is_stopped:
            self._shell.activateWindow()

    def _show(self, state: State) -> None:
        if self.window is None:
            return
        self.window.show_state(state)
        display = self._till().display
        if state.page == "idle":
            self._slides.run(display.pictures, display.seconds)
        else:
            self._slides.rest()

    def _show_picture(self, picture: QPixmap | None) -> None:
        if self.window is not None:
            self.window.show_picture(picture)
