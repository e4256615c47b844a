"""What the page of devices shows and does: the printer, its queue, the drawer.

Decides words and which acts are offered. The printing itself is the runner's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from pos_app.domain.errors import ShukeError
from pos_app.domain.printer_options import address_of
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.services.ports.devices import PrinterStatus
from pos_app.words import translate
from ui.devices.runner import PrinterState, PrintRunner
from ui.shell.counter import Counter
from ui.shell.wording import words_of

Tone = Literal["success", "warning", "danger", "muted", "info"]
_TONES: dict[PrinterStatus, Tone] = {
    PrinterStatus.OK: "success",
    PrinterStatus.SILENT: "muted",
    PrinterStatus.PAPER_LOW: "warning",
}


def light_of(state: PrinterState) -> tuple[str, Tone]:
    """Return what the status bar says of the printer, and its colour."""
    if not state.configured:
        return translate("devices.page.light_none"), "muted"
    waiting = translate("devices.page.light_waiting", count=state.waiting) if state.waiting else ""
    if state.status is None:
        return " · ".join(filter(None, (translate("devices.page.light_asking"), waiting))), "muted"
    how = translate("devices.page.light", status=translate(f"devices.status.{state.status.value}"))
    if state.status is PrinterStatus.SILENT:
        how = translate("devices.page.light_silent")
    return " · ".join(filter(None, (how, waiting))), _TONES.get(state.status, "danger")


def notice_of(state: PrinterState) -> str:
    """Return what the cashier must be told, empty when the printer is well or nobody waits for it."""
    return _words(state.problem)


def _words(problem: ShukeError | None) -> str:
    # What goes wrong at a printer or on the disk names no amounts.
    return "" if problem is None else translate(problem.code, **problem.params)


@dataclass(frozen=True, slots=True)
class State:
    """The page."""

    title: str = ""
    """The printer's state in words."""
    tone: Tone = "muted"
    problem: str = ""
    connection: str = ""
    paper: str = ""
    queue: str = ""
    waiting: int = 0
    configured: bool = True
    note: str = ""
    """What the last act did."""
    moved: str = ""
    """Where the printer may be now, in words; empty when nobody knows of another place."""


class DevicesPresenter:
    """The page's intents. GUI thread."""

    def __init__(self, counter: Counter, runner: PrintRunner, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._runner = runner
        self._on_change = on_change
        self.state = State()
        self._note = ""

    def open(self) -> None:
        """Begin to show the printer, and ask it."""
        self._note = ""
        self._runner.unwatch(self._tell)
        self._runner.watch(self._tell)
        self._runner.ask()

    def close(self) -> None:
        """Stop watching: the page goes away."""
        self._runner.unwatch(self._tell)

    def print_test(self) -> None:
        """Queue the self-test page; where no printer is set, say so instead of waiting for one."""
        if not self._runner.state.configured:
            self._say(translate("devices.page.no_connection"))
            return
        self._counter.db.run(self._counter.shop.printing.test, self._test_queued, self._failed)

    def _test_queued(self, _: None) -> None:
        self._say(translate("devices.page.test_queued"))
        self._runner.wake()

    def ask_again(self) -> None:
        """Ask the printer how it is and go on printing."""
        self._say("")
        self._runner.wake()
        self._runner.ask()

    def cancel_waiting(self) -> None:
        """Drop what waits."""
        self._runner.cancel_waiting(lambda count: self._say(translate("devices.page.cancelled", count=count)))

    def test_drawer(self, reason: str, approval: Approval | None = None) -> None:
        """Open the drawer to try it; recorded, and allowed or approved, like every opening without a sale."""
        who, shifts = self._counter.session.who, self._counter.shop.shifts

        def failed(problem: Exception) -> None:
            if isinstance(problem, NeedsApprovalError) and approval is None:
                self._counter.ask_approval(problem, lambda yes: self.test_drawer(reason, yes))
            else:
                self._failed(problem)

        self._counter.db.run(
            lambda: shifts.open_drawer(who, reason, approval), lambda _: self._drawer_recorded(), failed
        )

    def _drawer_recorded(self) -> None:
        self._say(translate("devices.page.drawer_told"))
        self._counter.kick_drawer()

    def use_moved(self) -> None:
        """Print where the printer seems to be now; what the shop said of it goes along."""
        moved = self._runner.state.moved
        if moved is None:
            return
        setting, name = moved
        counter = self._counter
        who = counter.session.who

        def changed(_none: object) -> None:
            self._say(translate("devices.page.use_moved_done", name=name))
            self._runner.wake()

        counter.db.run(lambda: counter.shop.settings.use_printer(who, setting), changed, self._failed)

    def _failed(self, problem: Exception) -> None:
        self._say(words_of(problem, self._counter.shop.current.value.money))

    def _say(self, words: str) -> None:
        self._note = words
        self._tell(self._runner.state)

    def _tell(self, printer: PrinterState) -> None:
        settings = self._counter.shop.current.value
        words, tone = light_of(printer)
        place = unquote(address_of(settings.printer))
        self.state = State(
            title=words,
            tone=tone,
            problem=_words(printer.problem),
            connection=place if printer.configured else translate("devices.page.no_connection"),
            paper=f"{settings.paper_mm} mm",
            queue=translate("devices.page.queue", count=printer.waiting),
            waiting=printer.waiting,
            configured=printer.configured,
            note=self._note,
            moved="" if printer.moved is None else translate("devices.page.moved", name=printer.moved[1]),
        )
        self._on_change(self.state)
