"""The one window: rail, pages, notices, status bar; keys and scans led to whoever is in front.

Decides where things stand and who hears a key or a scan: what lies over the page first, else the page. Knows
no screen by name: ``ui.main`` hands the list. ``Shell`` is the face that pages see.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QLineEdit,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pos_app.words import set_language, translate
from ui.kit.tokens import Theme
from ui.shell.dialogs import Dialogs, Overlay
from ui.shell.help import HelpCard
from ui.shell.key_clock import KeyClock
from ui.shell.keys import EVERYWHERE, Action, Keys
from ui.shell.navigation import Navigation
from ui.shell.notices import Notice, Notices
from ui.shell.rail import HELP, Rail, Strip
from ui.shell.scan_recogniser import Scan, ScanRules
from ui.shell.scanner import ScannerFilter
from ui.shell.screens import CarriesOver, Opens, Retranslates, Screen, ScreenContext, ScreenId, TakesScans
from ui.shell.status import StatusBar
from ui.shell.theme import apply_theme
from ui.shell.tones import SilentTones, Tones

DISMISS_NOTICE = Action("shell.dismiss_notice", "Esc", "shell.action.dismiss_notice")


@dataclass(frozen=True, slots=True)
class ShellOptions:
    """What the composition root decides about the frame."""

    time_text: Callable[[], str]
    """The time of day in the shop, as words."""
    allowed: Callable[[str], bool] = lambda _permission: True
    tones: Tones = field(default_factory=SilentTones)
    scan_rules: ScanRules = field(default_factory=ScanRules)
    key_clock: KeyClock | None = None
    strip: Callable[[], str] = lambda: ""
    """What stands across the window all the time, empty for nothing: this is practice."""
    on_close: Callable[[], bool] = lambda: True
    """Asked when the window is to close; False keeps it open (a payment is in flight)."""


class Shell(QWidget):
    """The window, and the face that pages see.

    They use ``navigation``, ``notices``, ``keys``, ``dialogs``, ``status`` and ``tones``. GUI thread only.
    """

    closed = Signal()
    crashed = Signal(object)
    language_changed = Signal()
    """Whoever has put words of its own into the frame (status bar) says them again."""

    def __init__(self, screens: Sequence[Screen], services: Any, options: ShellOptions) -> None:
        super().__init__()
        self.options = options
        self._services = services
        self.keys = Keys()
        self.tones = self.options.tones
        self.navigation = Navigation(screens, self._show_screen, self.options.allowed, self._refuse_screen)
        self.notices = Notices()
        self.status = StatusBar()
        self._rail = Rail()
        self._stack = QStackedWidget()
        self._pages: dict[ScreenId, QWidget] = {}
        self._focus: dict[ScreenId, QWidget] = {}
        self._carried: dict[ScreenId, object] = {}
        self._front: Screen | None = None
        self._lit: ScreenId | None = None
        self._lay_out()
        self.overlay = Overlay(self, self.keys)
        self.dialogs = Dialogs(self.overlay, self.keys, lambda: self.scanner.clock.now())
        self._bind_keys(screens)
        self.scanner = ScannerFilter(
            self.route_scan,
            self._route_key,
            rules=self.options.scan_rules,
            clock=self.options.key_clock,
            parent=self,
        )
        self.scanner.install()
        self.crashed.connect(self._say_crash, Qt.ConnectionType.QueuedConnection)
        self._minute = QTimer(self)
        self._minute.timeout.connect(self._tell_time)
        self._minute.start(5_000)
        self._tell_time()

    def _lay_out(self) -> None:
        self.setObjectName("window")
        self.setWindowTitle(translate("common.product_name"))
        self.setMinimumSize(1024, 640)
        self.resize(1280, 800)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        self._strip = Strip(self.options.strip())
        self._strip.setVisible(bool(self.options.strip()))
        middle.addWidget(self._strip)
        middle.addWidget(self.notices)
        middle.addWidget(self._stack, 1)
        grid.addWidget(self._rail, 0, 0)
        grid.addLayout(middle, 0, 1)
        grid.addWidget(self.status, 1, 0, 1, 2)
        self._rail.chosen.connect(lambda screen: self.navigation.open(ScreenId(screen)))
        self._rail.help_wanted.connect(self.show_help)

    def _bind_keys(self, screens: Sequence[Screen]) -> None:
        self.keys.bind(EVERYWHERE, HELP, self.show_help, self._framed)
        self.keys.bind(
            EVERYWHERE, DISMISS_NOTICE, self.notices.dismiss_latest, lambda: bool(self.notices.texts())
        )
        for screen in screens:
            if screen.key:
                action = Action(f"open.{screen.id}", screen.key, screen.title)
                self.keys.bind(EVERYWHERE, action, self._opener(screen.id), self._reach(screen.id))

    def _opener(self, screen: ScreenId) -> Callable[[], None]:
        return partial(self._open, screen)

    def _open(self, screen: ScreenId) -> None:
        self.navigation.open(screen)

    def _reach(self, screen: ScreenId) -> Callable[[], bool]:
        return lambda: self._framed() and self.navigation.may_open(screen)

    def _framed(self) -> bool:
        return self._front is None or self._front.placement != "full"

    # -- Pages ---------------------------------------------------------------------------------------------

    def page(self, screen: ScreenId) -> QWidget | None:
        """Return a page that has been built, for tests and the tour."""
        return self._pages.get(screen)

    def refresh(self) -> None:
        """Show what the person now signed in may open; call it after signing in or out."""
        keys: dict[str, str] = {
            screen.id: self.keys.key_of(Action(f"open.{screen.id}", screen.key, screen.title))
            for screen in self.navigation.screens()
            if screen.key
        }
        on_rail = [screen for screen in self.navigation.screens() if screen.placement == "rail"]
        self._rail.fill(on_rail, self._lit, keys)
        self._rail.setVisible(self._framed())
        self.status.setVisible(self._framed())

    def forget_pages(self) -> None:
        """Let every page be built anew at its next opening: another person has signed in."""
        self._carried.clear()
        for screen in list(self._pages):
            self._drop(screen)

    def _drop(self, screen: ScreenId) -> None:
        page = self._pages.pop(screen)
        self._focus.pop(screen, None)
        self.keys.unbind(screen)
        self._stack.removeWidget(page)
        page.deleteLater()

    def prepare(self, screen: Screen) -> None:
        """Build a page that may be opened and stands not yet, without showing it: its keys are known then."""
        if self.navigation.may_open(screen.id):
            self._built(screen)

    def _built(self, screen: Screen) -> QWidget:
        if screen.id not in self._pages:
            page = screen.build(ScreenContext(self, self._services))
            page.setObjectName(page.objectName() or f"page_{screen.id}")
            page.setAccessibleName(translate(screen.title))
            self._pages[screen.id] = page
            self._stack.addWidget(page)
        return self._pages[screen.id]

    def change_keys(self, keys: Mapping[str, str]) -> None:
        """Let actions have other keys from now on; every page says its keys anew and keeps what was being done."""
        self.keys.remap(keys)
        self._say_anew()

    def _show_screen(self, screen: Screen, args: object) -> None:
        if self.overlay.content is not None:
            self.overlay.close_content()
        self._remember_focus()
        page = self._built(screen)
        if self._front is not screen:
            self.notices.turn_page()
        framed_before, self._front = self._framed(), screen
        # A page that is not on the rail belongs to the one from which it was opened.
        self._lit = self._lit if screen.placement == "hidden" else screen.id
        self.keys.turn_to(screen.id)
        self._stack.setCurrentWidget(page)
        if framed_before != self._framed() or not self._rail.findChildren(QToolButton):
            self.refresh()
        self._rail.mark(self._lit)
        self._give_focus(screen.id, page)
        if isinstance(page, Opens):
            page.opened(args)
        # Opened with a wish of its own, the page goes on with it another time.
        carried = self._carried.pop(screen.id, None) if args is None else None
        if carried is not None and isinstance(page, CarriesOver):
            page.take_over(carried)

    def _remember_focus(self) -> None:
        focus = QApplication.focusWidget()
        if self._front is not None and focus is not None:
            page = self._pages.get(self._front.id)
            if page is not None and page.isAncestorOf(focus):
                self._focus[self._front.id] = focus

    def _give_focus(self, screen: ScreenId, page: QWidget) -> None:
        remembered = self._focus.get(screen)
        if remembered is not None and remembered.isVisibleTo(page):
            remembered.setFocus()
        elif page.focusProxy() is not None:
            page.setFocus()
        else:
            first = next(iter(page.findChildren(QLineEdit)), page)
            first.setFocus()

    def _refuse_screen(self, screen: Screen) -> None:
        self.tones.sound("refused")
        self.notices.warning(translate("shell.notice.screen_forbidden", screen=translate(screen.title)))

    # -- Keys and scans ------------------------------------------------------------------------------------

    def _route_key(self, event: QKeyEvent) -> bool:
        # A menu or a system dialog of ours has its own keys.
        if _system_window_open():
            return False
        return self.keys.press(event)

    def route_scan(self, scan: Scan) -> None:
        """Hand a scan to what lies over the page, else to the page; nobody there refuses it with the tone."""
        if _system_window_open():
            self.tones.sound("refused")
            return
        front: object = self.overlay.content
        if front is None and self._front is not None:
            front = self._pages.get(self._front.id)
        if isinstance(front, TakesScans):
            front.on_scan(scan)
            return
        self.tones.sound("refused")
        if self.overlay.content is None:
            self.notices.warning(translate("shell.notice.scan_not_here"), about="scan")

    def show_help(self) -> None:
        """Show the keys that act now; the same key or Esc closes it."""
        if isinstance(self.overlay.content, HelpCard):
            self.overlay.close_content()
            return
        self.overlay.open(HelpCard([(self.keys.key_of(action), action) for action in self.keys.active()]))
        self.keys.bind("overlay", HELP, self.overlay.close_content)

    # -- Language, theme, time, end ------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Change between light and dark while selling."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme)

    def set_language(self, lang: str) -> None:
        """Change the language while selling: pages say their texts again, or are built anew."""
        set_language(lang)
        self._say_anew()

    def _say_anew(self) -> None:
        self.setWindowTitle(translate("common.product_name"))
        for screen in self.navigation.screens():
            page = self._pages.get(screen.id)
            if page is None:
                continue
            page.setAccessibleName(translate(screen.title))
            if isinstance(page, Retranslates):
                page.retranslate()
                continue
            in_front = page is self._stack.currentWidget()
            carried = page.carry() if isinstance(page, CarriesOver) else None
            if carried is not None:
                self._carried[screen.id] = carried
            self._drop(screen.id)
            if in_front:
                self._show_screen(screen, None)
        self._strip.words.setText(self.options.strip())
        self.refresh()
        self._tell_time()
        self.notices.change_language()
        self.language_changed.emit()

    def tell_crash(self, report: Path | None) -> None:
        """Say in plain words that something broke; from any thread, for ``CrashReports``."""
        self.crashed.emit(report)

    def _say_crash(self, report: Path | None) -> None:
        self.tones.sound("refused")

        def words() -> str:
            if report is None:
                return translate("shell.notice.crashed_unwritten")
            return translate("shell.notice.crashed", report=report.stem.removeprefix("crash-"))

        self.notices.show_notice(Notice("error", words(), about="crash", again=words))

    def _tell_time(self) -> None:
        self.status.set_clock(self.options.time_text())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._rail.mark(self._lit)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.options.on_close():
            event.ignore()
            return
        self.scanner.remove()
        self._minute.stop()
        self.closed.emit()
        event.accept()


def _system_window_open() -> bool:
    return bool(QApplication.activePopupWidget()) or bool(QApplication.activeModalWidget())
