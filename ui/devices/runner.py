"""Takes jobs of the print queue to the printer, one after the other, and knows how the printer is.

Decides when a job is tried, when it is tried again (a status question first, with growing pauses, so that a printer
that is off costs nothing) and what the status bar says. Never on the way of a sale: the books are touched on the db
lane, the printer on its own. Does not decide what is printed or how a copy is marked (`services.printing`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from pos_app.domain.errors import ShukeError
from pos_app.domain.settings import Settings
from pos_app.services.ports.devices import (
    DeviceSettingError,
    DrawerAnswer,
    Printer,
    PrinterError,
    PrinterStatus,
    PrintOutcome,
)
from pos_app.services.ports.lane import Lane
from pos_app.services.printing import Printing, ReadyJob

PAUSES_MS = (2_000, 5_000, 10_000, 30_000)
"""How long to wait before the printer is asked again, longer each time it has not answered well."""
IDLE_MS = 30_000
"""How often an idle printer is asked, so that a missing roll is seen before the next sale."""
NO_PRINTER = "none"


class Timer(Protocol):
    """One alarm on the GUI thread."""

    def start(self, wait_ms: int, ring: Callable[[], None]) -> None:
        """Call `ring` once after `wait_ms`; an earlier alarm is forgotten."""

    def stop(self) -> None:
        """Forget the alarm."""


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How the printer is, as far as is known."""

    status: PrinterStatus | None = None
    """None until it was asked for the first time."""
    configured: bool = True
    """False when the shop has set no printer."""
    waiting: int = 0
    printing: bool = False
    problem: ShukeError | None = None
    """Why the last job, or the last opening of the drawer, did not work; None once one did."""
    moved: tuple[str, str] | None = None
    """The setting and the name of a printer that may be this one, plugged in elsewhere; a person has to say so."""
    recovered: int = 0
    """Jobs that were being printed when the till stopped and were put back as copies at this start."""


@dataclass(frozen=True, slots=True)
class RunnerDoors:
    """What the runner works with. `settings` is asked at each job: a printer changed in the settings serves next."""

    printing: Printing
    db: Lane
    device: Lane
    settings: Callable[[], Settings]
    open_printer: Callable[[], Printer]
    timer: Timer
    elsewhere: Callable[[str], tuple[str, str] | None] = lambda _setting: None
    """Looks, on the device's lane, where a printer that does not answer may be now."""


class PrintRunner:
    """The one that prints. GUI thread only; its work runs on the two lanes."""

    def __init__(self, doors: RunnerDoors) -> None:
        self._doors = doors
        self._busy = False
        self._woken = False
        self._stopped = False
        self._bad_times = 0
        self._setting = doors.settings().printer
        self._watchers: list[Callable[[PrinterState], None]] = []
        self.state = PrinterState(configured=self._configured())

    # -- For the till ------------------------------------------------------------------------------------

    def watch(self, tell: Callable[[PrinterState], None]) -> None:
        """Tell how the printer is, now and at each change."""
        self._watchers.append(tell)
        tell(self.state)

    def unwatch(self, tell: Callable[[PrinterState], None]) -> None:
        """Stop telling; nothing happens if it was never told."""
        if tell in self._watchers:
            self._watchers.remove(tell)

    def start(self) -> None:
        """Put back, as copies, what was being printed when the till stopped, and begin."""

        def recovered(count: int) -> None:
            self._show(recovered=count)
            self.wake()

        self._doors.db.run(self._doors.printing.recover, recovered, self._books_failed)

    def stop(self) -> None:
        """Begin no other job; one that is being printed ends by itself."""
        self._stopped = True
        self._doors.timer.stop()

    def wake(self) -> None:
        """Something was queued, or the printer was changed: look at the queue soon. Returns at once."""
        if self._stopped:
            return
        self._notice_setting()
        if self._busy:
            self._woken = True
        elif self.state.status is None or self.state.status.prints:
            self._next()
        else:
            # It was not well when last seen: a question is cheaper than a job that comes back.
            self._doors.db.run(self._doors.printing.waiting, self._count, self._books_failed)

    def _notice_setting(self) -> None:
        setting = self._doors.settings().printer
        if setting != self._setting:
            self._setting, self._bad_times = setting, 0
            self._show(status=None, problem=None, moved=None)

    def _count(self, waiting: int) -> None:
        self._show(waiting=waiting)
        self.ask()

    def kick_drawer(self) -> None:
        """Open the drawer; a failure is shown, never raised. Call it after the commit that gives the reason.

        Practice leaves it shut: the shop's money is in it, and its books would not know that it was open.
        """
        if self._stopped or self._doors.settings().practice or not self._configured():
            return

        def kicked(answer: DrawerAnswer) -> None:
            self._show(problem=DrawerShutError() if answer is DrawerAnswer.NOT_OPENED else None)

        def failed(problem: Exception) -> None:
            self._show(status=_status_of(problem), problem=_told(problem))

        self._doors.device.run(lambda: self._doors.open_printer().kick_drawer(), kicked, failed)

    def cancel_waiting(self, done: Callable[[int], None]) -> None:
        """Drop what waits and say how many; receipts among it can be reprinted as copies."""

        def dropped(count: int) -> None:
            self._show(waiting=0)
            done(count)

        self._doors.db.run(self._doors.printing.cancel_waiting, dropped, self._books_failed)

    def ask(self) -> None:
        """Ask the printer how it is, and go on printing if it is well."""
        if self._stopped or self._busy:
            return
        self._busy = True
        self._doors.device.run(lambda: self._doors.open_printer().status(), self._answered, self._no_status)

    # -- One round ---------------------------------------------------------------------------------------

    def _next(self) -> None:
        if self._stopped:
            return
        self._busy, self._woken = True, False
        printing = self._doors.printing
        self._doors.db.run(
            lambda: (printing.begin(), printing.waiting()),
            lambda found: self._begun(*found),
            self._not_begun,
        )

    def _begun(self, ready: ReadyJob | None, waiting: int) -> None:
        if ready is None:
            self._bad_times = 0
            self._show(waiting=waiting, printing=False)
            self._rest()
            return
        self._show(waiting=waiting, printing=True)
        self._doors.device.run(
            lambda: Printing.put(ready, self._doors.open_printer()),
            lambda outcome: self._printed(ready, outcome),
            lambda problem: self._not_printed(ready, problem),
        )

    def _printed(self, ready: ReadyJob, outcome: PrintOutcome) -> None:
        self._bad_times = 0
        self._show(status=outcome.status, problem=None)
        self._doors.db.run(
            lambda: self._doors.printing.done(ready), lambda _: self._next(), self._books_failed
        )

    def _not_printed(self, ready: ReadyJob, problem: Exception) -> None:
        self._show(status=_status_of(problem), problem=_told(problem), printing=False)
        printing = self._doors.printing
        if isinstance(problem, PrinterError | DeviceSettingError):
            error = problem if isinstance(problem, PrinterError) else PrinterError()

            def put_back() -> int:
                printing.failed(ready, error)
                return printing.waiting()

            self._doors.db.run(put_back, self._put_back, self._books_failed)
            return
        # A page that cannot be drawn must not hold up those behind it; the books still hold what it said.
        self._doors.db.run(lambda: printing.done(ready), lambda _: self._next(), self._books_failed)

    def _put_back(self, waiting: int) -> None:
        self._show(waiting=waiting)
        self._pause()

    def _not_begun(self, problem: Exception) -> None:
        self._show(problem=_told(problem), printing=False)
        self._pause()

    def _books_failed(self, problem: Exception) -> None:
        self._show(problem=_told(problem), printing=False)
        self._pause()

    # -- Between rounds ----------------------------------------------------------------------------------

    def _rest(self) -> None:
        self._busy = False
        if self._stopped:
            return
        if self._woken:
            self._woken = False
            self.wake()
        elif self._configured() and self.state.status is not PrinterStatus.SILENT:
            # Asked at once when nothing is known yet, so that the status bar tells the truth from the start.
            if self.state.status is None:
                self.ask()
            else:
                self._doors.timer.start(IDLE_MS, self.ask)

    def _pause(self) -> None:
        self._busy = False
        wait_ms = PAUSES_MS[min(self._bad_times, len(PAUSES_MS) - 1)]
        self._bad_times += 1
        if not self._stopped:
            self._doors.timer.start(wait_ms, self.ask)

    def _answered(self, status: PrinterStatus) -> None:
        self._show(status=status, problem=None if status.prints else self.state.problem)
        if status is PrinterStatus.NO_ANSWER:
            self._look_elsewhere()
        elif self.state.moved is not None:
            self._show(moved=None)
        if not status.prints:
            self._pause()
        elif self.state.waiting or self._woken or self._bad_times:
            self._next()
        else:
            self._rest()

    def _look_elsewhere(self) -> None:
        setting = self._setting

        def found(moved: tuple[str, str] | None) -> None:
            if setting == self._setting and self.state.status is PrinterStatus.NO_ANSWER:
                self._show(moved=moved)

        self._doors.device.run(lambda: self._doors.elsewhere(setting), found, lambda _problem: None)

    def _no_status(self, problem: Exception) -> None:
        self._show(status=_status_of(problem), problem=_told(problem))
        self._pause()

    def _configured(self) -> bool:
        return self._doors.settings().printer.strip() != NO_PRINTER

    def _show(self, **changes: object) -> None:
        state = replace(self.state, configured=self._configured(), **changes)  # type: ignore[arg-type]
        if state != self.state:
            self.state = state
            for tell in list(self._watchers):
                tell(state)


class DrawerShutError(PrinterError):
    """The drawer was told to open and its sensor says that it is shut."""

    code = "devices.drawer.not_opened"
    status = PrinterStatus.OK


class PrintBugError(PrinterError):
    """A job failed in a way that nobody foresaw; it was left out."""

    code = "devices.page.job_left_out"
    status = PrinterStatus.FAULT


def _told(problem: Exception) -> ShukeError:
    return problem if isinstance(problem, ShukeError) else PrintBugError()


def _status_of(problem: Exception) -> PrinterStatus:
    return problem.status if isinstance(problem, PrinterError) else PrinterStatus.FAULT
