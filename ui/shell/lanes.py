"""Threads of the till: one worker a lane, answers on the GUI thread.

Decides how work leaves the GUI thread and how its answer returns: a queued signal to a slot of an object that
lives on the GUI thread. Does not decide which work goes where (``db`` for every write, ``device:<name>`` one a
device, ``net`` for the network), nor what a failure means to the cashier: an exception of the answer itself,
and a failure that nobody asked about, go to ``on_bug``. An answer to a page that was built anew meanwhile (another
language, another person) ends where the old page would have shown it, and is no bug; neither is one that comes when the
till is being closed and wants more work done.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from pos_app.domain.errors import ShukeError

T = TypeVar("T")


class LaneClosedError(RuntimeError):
    """The till is being closed: this lane takes no more work."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]


class _Answers(QObject):
    """Stands on the GUI thread and calls back whoever asked."""

    arrived = Signal(object)

    def __init__(self, on_bug: Callable[[Exception], None]) -> None:
        super().__init__()
        self._on_bug = on_bug
        self.arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def _take(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except LaneClosedError:
            # The till was closed while it was on its way, and it wants more work done: it ends here.
            return
        except Exception as problem:  # An answer that fails is a bug of its page; the lane must live on.
            if not _asked_by_a_page_that_is_gone(problem):
                self._on_bug(problem)


def _asked_by_a_page_that_is_gone(problem: Exception) -> bool:
    """Whether the first widget that the answer came to had been deleted, as pages are that are built anew.

    What the presenter does before it shows something is done all the same: a drawer opens, a receipt is printed. A page
    that stands and touches a part of its own that is gone has a bug.
    """
    if not isinstance(problem, RuntimeError):
        return False
    step = problem.__traceback__
    # The first step is the slot that takes the answer, itself a method of an object of Qt.
    step = step.tb_next if step is not None else None
    while step is not None:
        shown_by = step.tb_frame.f_locals.get("self")
        if isinstance(shown_by, QObject):
            return not isValid(shown_by)
        step = step.tb_next
    return False


class ThreadLane:
    """One queue of work on one daemon thread."""

    def __init__(self, name: str, on_bug: Callable[[Exception], None]) -> None:
        self.name = name
        self._on_bug = on_bug
        self._answers = _Answers(on_bug)
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._open = True
        self._thread = threading.Thread(target=self._work, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def run(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Queue ``work``; its answer comes on the GUI thread. LaneClosedError once the lane is closed.

        A failure that is neither expected nor unavailable (``ShukeError``) is a bug: it is reported to
        ``on_bug`` as well, and ``failed`` is told all the same so that the page can leave its waiting state.
        """
        if not self._open:
            raise LaneClosedError(f"lane {self.name} is closed")
        self._queue.put(_Job(work, done, failed))

    def close(self, timeout_s: float = 10.0) -> bool:
        """Take no more work, finish what is queued, and say whether all of it ended in time."""
        if self._open:
            self._open = False
            self._queue.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            self._answers.arrived.emit(self._ended(job))

    def _ended(self, job: _Job) -> Callable[[], None]:
        try:
            result = job.work()
        except Exception as problem:  # Every failure of any work must reach the one who asked.
            return lambda failure=problem: self._tell(job, failure)  # type: ignore[misc]
        return lambda: job.done(result)

    def _tell(self, job: _Job, failure: Exception) -> None:
        if not isinstance(failure, ShukeError):
            self._on_bug(failure)
        job.failed(failure)


class Lanes:
    """The lanes of one till, made when first asked for, closed together."""

    def __init__(self, on_bug: Callable[[Exception], None]) -> None:
        self._on_bug = on_bug
        self._lanes: dict[str, ThreadLane] = {}

    def lane(self, name: str) -> ThreadLane:
        """Return the lane of that name: ``db``, ``net`` or ``device:<name>``. GUI thread only."""
        if name not in self._lanes:
            self._lanes[name] = ThreadLane(name, self._on_bug)
        return self._lanes[name]

    def close(self, timeout_s: float = 10.0) -> list[str]:
        """Close devices and network first and the books last; return the names of lanes that did not end."""
        order = sorted(self._lanes, key=lambda name: name == "db")
        return [name for name in order if not self._lanes[name].close(timeout_s)]
