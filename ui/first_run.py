"""The window of the first run: one page that makes a shop or a till of one, then it closes.

Decides how that page runs and ends. What it asks stands in `ui.settings.set_up_presenter`; what stands behind its
doors is `ui.main`'s choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer, QTimeZone
from PySide6.QtWidgets import QApplication

from pos_app.domain.settings import Settings
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.devices import Printer
from pos_app.words import best_language, language, set_language
from ui.settings import SET_UP_SCREEN
from ui.settings.set_up_form import FirstRun, FoundPrinters, JoiningTill, OwnerGiven
from ui.shell.crash import CrashReports
from ui.shell.key_clock import KeyClock
from ui.shell.lanes import Lanes
from ui.shell.window import Shell, ShellOptions
from ui.version import version


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRunParts:
    """What the first run works with."""

    new_settings: Callable[[str], Settings]
    found: Callable[[Settings, OwnerGiven], None]
    open_printer: Callable[[Settings], Printer]
    find_printers: Callable[[], FoundPrinters]
    logs: Path
    clock: Clock
    key_clock: KeyClock | None = None
    joining: JoiningTill | None = None


class FirstRunWindow:
    """The set-up page in its window. Make it after the QApplication; GUI thread only."""

    def __init__(self, parts: FirstRunParts) -> None:
        self.founded = False
        set_language(best_language(QLocale.system().bcp47Name().replace("-", "_")))
        self.crashes = CrashReports(parts.logs, version(), parts.clock.now, self._told)
        self.lanes = Lanes(self._bug)
        doors = FirstRun(
            new_settings=parts.new_settings,
            found=parts.found,
            finished=self._finished,
            db=self.lanes.lane("db"),
            device=self.lanes.lane("device:printer"),
            open_printer=parts.open_printer,
            find_printers=parts.find_printers,
            language=language(),
            net=self.lanes.lane("net"),
            joining=parts.joining,
            time_zone=bytes(QTimeZone.systemTimeZoneId().data()).decode(),
        )
        options = ShellOptions(time_text=lambda: "", key_clock=parts.key_clock)
        self.shell = Shell([SET_UP_SCREEN], doors, options)

    def start(self) -> None:
        """Show the window at its one page."""
        self.shell.set_theme("light")
        self.shell.navigation.open(SET_UP_SCREEN.id)
        self.shell.show()

    def run(self, app: QApplication) -> bool:
        """Run until the window closes; return whether a shop was founded."""
        self.crashes.install()
        self.shell.closed.connect(app.quit)
        self.start()
        app.exec()
        self.crashes.remove()
        self.lanes.close()
        return self.founded

    def _finished(self) -> None:
        self.founded = True
        # Not from within the answer of the lane that this closes.
        QTimer.singleShot(0, self.shell.close)

    def _bug(self, problem: Exception) -> None:
        self.crashes.report(problem)

    def _told(self, path: Path | None) -> None:
        self.shell.tell_crash(path)
