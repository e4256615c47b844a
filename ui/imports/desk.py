"""The one place of a till that has imports and exports done: one at a time, in a process beside the window.

Decides that there is only one, what is known of it while it runs and after it ended, and what happens when the till is
closed: the process is told to stop, and at the next start a batch that was being staged is offered again, and one that
counted already is carried on. Lives as long as the till, so the page may be left meanwhile. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pos_app.domain.errors import ExpectedError, ShukeError
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.ids import StaffId
from pos_app.services.imports.values import Progress
from pos_app.services.ports.imports import State
from pos_app.services.ports.lane import Lane
from pos_app.services.shop import Shop
from pos_app.words import language
from ui.importing import Act, Failed, Job, Line, Moved, Resume


class BusyHereError(ExpectedError):
    """Another import or export of this till is not finished; `task` says which."""

    code = "imports_page.error.busy"


class Child(Protocol):
    """The process at work."""

    def cancel(self) -> None:
        """Tell it to stop and take back what it has written."""

    def stop(self) -> None:
        """End it now; return when it is gone."""


Start = Callable[[Job, Callable[[Line], None], Callable[[], None]], Child]
"""Start a process on a job: each line it tells and, once, its end, are told on the GUI thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskDoors:
    """What the desk works with: a lane for looking at files, the way to start a process, and two folders."""

    files: Lane
    start: Start
    folder: Path
    """The till's data folder."""
    notes: Path
    """Where refused rows are noted while a file is at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is being done, or was done last: `result` is the last line of the process, None while it runs."""

    act: Act
    kind: Kind
    file: str
    progress: Progress | None = None
    cancelling: bool = False
    result: Line | None = None
    seen: bool = False
    """Whether the page has shown how it ended."""

    @property
    def is_running(self) -> bool:
        """Whether the process is at it."""
        return self.result is None


class ImportDesk:
    """One for a till. GUI thread only."""

    def __init__(self, doors: DeskDoors) -> None:
        self.doors = doors
        self.work: Work | None = None
        self._child: Child | None = None
        self._last: Line | None = None
        self._watchers: list[Callable[[Work | None], None]] = []

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self.work is not None and self.work.is_running

    def watch(self, tell: Callable[[Work | None], None]) -> None:
        """Tell what is being done, now and at each change."""
        self._watchers.append(tell)
        tell(self.work)

    def unwatch(self, tell: Callable[[Work | None], None]) -> None:
        """Stop telling; nothing happens if it was never told."""
        if tell in self._watchers:
            self._watchers.remove(tell)

    def begin(self, act: Act, kind: Kind, file: str, who: StaffId) -> None:
        """Have something done; raise BusyHereError while something else is, OSError when no process can be started."""
        if self.work is not None and self.work.is_running:
            raise BusyHereError(file=self.work.file)
        self.doors.notes.mkdir(parents=True, exist_ok=True)
        job = Job(act=act, staff=who, language=language(), folder=str(self.doors.folder))
        self._change(Work(act=act, kind=kind, file=file))
        self._child = self.doors.start(job, self._told, self._ended)

    def cancel(self) -> None:
        """Stop what is being done; what it wrote is taken back."""
        if self._child is not None and self.work is not None and not self.work.cancelling:
            self._change(replace(self.work, cancelling=True))
            self._child.cancel()

    def see(self) -> None:
        """The page has shown how it ended."""
        if self.work is not None and not self.work.is_running and not self.work.seen:
            self._change(replace(self.work, seen=True))

    def stop(self) -> None:
        """The till is closed: end the process; the next start offers to go on."""
        child, self._child = self._child, None
        self._watchers.clear()
        if child is not None:
            child.stop()

    def _told(self, line: Line) -> None:
        if self.work is None or not self.work.is_running:
            return
        if isinstance(line, Moved):
            self._change(replace(self.work, progress=line.progress))
        else:
            # It counts once the process is gone, and with it its hold on the data folder: the next one may begin then.
            self._last = line

    def _ended(self) -> None:
        self._child = None
        # One that ended without a last word was killed, or there was no memory left for it.
        result, self._last = self._last or Failed("imports_page.error.died"), None
        if self.work is not None and self.work.is_running:
            self._change(replace(self.work, result=result))

    def _change(self, work: Work) -> None:
        self.work = work
        for tell in list(self._watchers):
            # What one of them does to it (it has seen the end) is what the next is told.
            tell(self.work)


def carry_on(desk: ImportDesk, shop: Shop) -> None:
    """Go on with a batch that was cut off after it counted, or counted no more: nobody has anything to decide.

    In the process beside the window, whose chunks let sales through. What cannot be begun now is begun by the page.
    """
    try:
        batch = shop.imports.under_way()
        if batch is not None and batch.state is not State.STAGING:
            desk.begin(Resume(), batch.kind, batch.file_name, batch.staff_id)
    except (ShukeError, OSError):
        return
