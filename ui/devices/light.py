"""The runner on a Qt timer, and what it says in the status bar.

Decides the words and the colour of the printer's light, and which failures are told as a notice as well.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from pos_app.words import translate
from ui.devices.presenter import light_of, notice_of
from ui.devices.runner import PrinterState, PrintRunner
from ui.shell.navigation import Navigation
from ui.shell.notices import Notice
from ui.shell.screens import ScreenId
from ui.shell.window import Shell

DEVICES = ScreenId("devices")
ABOUT = "printer"


class QtTimer:
    """A `Timer` of the runner on Qt's event loop; it ends with `parent`."""

    def __init__(self, parent: QObject) -> None:
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._due)
        self._ring: Callable[[], None] | None = None

    def start(self, wait_ms: int, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._timer.start(wait_ms)

    def stop(self) -> None:
        self._timer.stop()
        self._ring = None

    def _due(self) -> None:
        ring, self._ring = self._ring, None
        if ring is not None:
            ring()


def show_printer(shell: Shell, runner: PrintRunner) -> None:
    """Let the status bar tell how the printer is; a click on it opens the page of devices."""
    told: list[str] = []

    def tell(state: PrinterState) -> None:
        shell.status.set_printer(*light_of(state))
        words = notice_of(state)
        if words and words not in told:
            again = partial(_notice_now, runner)
            shell.notices.show_notice(Notice("error", words, about=ABOUT, again=again))
        elif not words and told:
            shell.notices.clear(ABOUT)
        told[:] = [words] if words else []

    def tell_recovered(state: PrinterState) -> None:
        if state.recovered and not recovered:
            recovered.append(state.recovered)
            shell.notices.warning(translate("devices.page.recovered", count=state.recovered))

    recovered: list[int] = []
    shell.language_changed.connect(lambda: shell.status.set_printer(*light_of(runner.state)))
    runner.watch(tell)
    runner.watch(tell_recovered)
    shell.status.clicked.connect(lambda part: _open_page(part, shell.navigation))


def _notice_now(runner: PrintRunner) -> str:
    return notice_of(runner.state)


def _open_page(part: str, navigation: Navigation) -> None:
    if part == "printer" and navigation.has(DEVICES):
        navigation.open(DEVICES)
