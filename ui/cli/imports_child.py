"""The process that imports and exports for a till's window: `python -m ui.cli.imports_child`, never typed by hand.

Decides how a job is read from stdin and told on stdout, line by line, and how it ends: when told to cancel, when the
till's end of stdin is closed (stop, and leave what is staged to be carried on), or when it is done.
"""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from pos_app.domain.errors import NotFoundError, ShukeError
from pos_app.services.acting import Actor
from pos_app.services.imports.values import CancelledError, Progress, Watcher
from pos_app.services.shop import Shop
from pos_app.words import set_language
from ui.cli.import_alone import no_other_import
from ui.cli.imports_work import do
from ui.cli.speech import speak_like
from ui.importing import (
    CANCEL,
    Cancelled,
    Failed,
    Job,
    Line,
    Moved,
    Resume,
    Run,
    TakeBack,
    encoded,
    failed_by,
    job_of,
)

TELL_EVERY_S = 0.1
NICENESS = 5
"""The window comes first where both want the processor."""


class Stopped(BaseException):
    """The till has gone, or is being closed: end at once, as a kill would, but between two transactions."""


@dataclass
class Ears:
    """What the till says while the job is done, heard on a thread of its own."""

    source: BinaryIO
    cancelled: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Hear until the till's end is closed."""
        threading.Thread(target=self._hear, name="till", daemon=True).start()

    def _hear(self) -> None:
        while line := self.source.readline():
            if line == CANCEL:
                self.cancelled.set()
        self.gone.set()


@dataclass
class Mouth:
    """Tells the till, at most every TELL_EVERY_S how far it has come."""

    out: BinaryIO
    told_at: float = 0.0

    def tell(self, line: Line) -> None:
        """Write a line; raise Stopped when nobody reads."""
        try:
            self.out.write(encoded(line))
            self.out.flush()
        except OSError:
            raise Stopped from None

    def tell_progress(self, progress: Progress) -> None:
        """Tell how far it has come, unless that was told just now."""
        now = monotonic()
        if now - self.told_at >= TELL_EVERY_S:
            self.told_at = now
            self.tell(Moved(progress))


def watcher_of(ears: Ears, mouth: Mouth) -> Watcher:
    """Return a watcher that tells the till and hears it; its `progress` raises Stopped once the till has gone."""

    def progress(moved: Progress) -> None:
        if ears.gone.is_set():
            raise Stopped
        mouth.tell_progress(moved)

    return Watcher(progress=progress, cancelled=ears.cancelled.is_set)


def main(source: BinaryIO, out: BinaryIO, opened: Callable[[Path], Shop]) -> int:
    """Do the job of the first line of `source`; 0 when its last line was told, 1 when the till went first."""
    job = job_of(source.readline())
    set_language(job.language)
    ears, mouth = Ears(source), Mouth(out)
    ears.listen()
    try:
        mouth.tell(_done(job, watcher_of(ears, mouth), opened))
    except Stopped:
        return 1
    return 0


def _done(job: Job, watcher: Watcher, opened: Callable[[Path], Shop]) -> Line:
    """Do a job and return its last line; a bug goes to the logs."""
    try:
        # Opened only then: a restore that came in between would leave the file open that it put aside.
        with _alone(job):
            return _done_in(opened(Path(job.folder)), job, watcher)
    except CancelledError:
        return Cancelled()
    except ShukeError as error:
        return failed_by(error)
    except Exception as problem:
        return Failed("imports_page.error.bug", report=_reported(job, problem))


def _done_in(shop: Shop, job: Job, watcher: Watcher) -> Line:
    """Do a job in an open shop, which is closed after it."""
    try:
        speak_like(shop.current.value)
        set_language(job.language)
        return do(shop, _actor(shop, job), job.act, watcher)
    finally:
        shop.store.close()


def _alone(job: Job) -> AbstractContextManager[None]:
    """Be the only process that imports into the data folder, the command line among them; others may read beside it."""
    writes = isinstance(job.act, Run | Resume | TakeBack)
    return no_other_import(Path(job.folder)) if writes else nullcontext()


def _actor(shop: Shop, job: Job) -> Actor:
    """Return who asked for the job; raise NotFoundError when she is no longer one of the staff.

    What was cut off after it counted is carried on in the name of who began it, also when she has left since.
    """
    is_hers = isinstance(job.act, Resume) and job.act.path is None
    for one in shop.staff.everybody():
        if one.staff_id == job.staff and (one.active or is_hers):
            return Actor(one.staff_id, one.name, one.role)
    raise NotFoundError(what=str(job.staff))


def _reported(job: Job, problem: Exception) -> str:
    """Write a crash report beside the till's own and return its name; "-" when there is no room for it."""
    from pos_app.hardware.clock import SystemClock
    from ui.main import Home
    from ui.shell.crash import CrashReports
    from ui.version import version

    logs = Home(Path(job.folder)).logs
    path = CrashReports(logs, version(), SystemClock().now, lambda _path: None).report(problem)
    return "-" if path is None else path.stem.removeprefix("crash-")


def _open(folder: Path) -> Shop:
    from ui.main import Home, open_shop

    return open_shop(Home(folder))


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    code = main(sys.stdin.buffer, sys.stdout.buffer, _open)
    sys.stdout.flush()
    # The thread that hears the till may still wait for it; a normal end would wait for that thread's lock on stdin.
    os._exit(code)
