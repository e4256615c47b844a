"""A bug must not end the day: a report on the disk, plain words on the screen, the cart kept.

Decides what a report holds: kinds of the errors, places in the code, versions. Never messages or values, which
may be a member's name or phone. Does not decide what a bug is: whatever reaches Python's last hooks or a
lane's ``on_bug``.
"""

import platform
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pos_app.domain.errors import ShukeError

_KEPT = 50


def report_text(problem: BaseException, happened_at: datetime, version: str) -> str:
    """Return a report of ``problem`` and its causes, oldest cause first, without messages or values."""
    lines = [
        f"Shuke {version}",
        f"{happened_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Python {platform.python_version()} {sys.platform} {platform.machine()}",
    ]
    chain: list[BaseException] = []
    current: BaseException | None = problem
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    for error in reversed(chain):
        kind = type(error)
        code = f" {error.code}" if isinstance(error, ShukeError) else ""
        lines.append(f"{kind.__module__}.{kind.__qualname__}{code}")
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {_place(frame.filename)}:{frame.lineno} {frame.name}")
    return "\n".join(lines) + "\n"


def _place(filename: str) -> str:
    # A full path begins with the home folder, which names a person.
    return "/".join(Path(filename).parts[-3:])


class CrashReports:
    """Writes reports into a folder and tells ``on_crash`` once each has been written."""

    def __init__(
        self,
        folder: Path,
        version: str,
        now: Callable[[], datetime],
        on_crash: Callable[[Path | None], None],
    ) -> None:
        self._folder = folder
        self._version = version
        self._now = now
        self._on_crash = on_crash
        self._busy = threading.Lock()

    def install(self) -> None:
        """Stand at Python's last hooks, of the main thread (Qt's slots end there too) and of all others."""
        sys.excepthook = self._from_main
        threading.excepthook = self._from_thread

    def remove(self) -> None:
        """Give the hooks back to Python."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def report(self, problem: BaseException) -> Path | None:
        """Write a report and return its path; None if the disk would not take it, which is no second crash."""
        # A failure while reporting, or a storm of repaint errors, must not report itself for ever.
        if not self._busy.acquire(blocking=False):
            return None
        try:
            path = self._write(problem)
            self._on_crash(path)
            return path
        finally:
            self._busy.release()

    def _write(self, problem: BaseException) -> Path | None:
        now = self._now()
        path = self._folder / f"crash-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}.txt"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(report_text(problem, now, self._version), "utf-8")
            for old in sorted(self._folder.glob("crash-*.txt"))[:-_KEPT]:
                old.unlink(missing_ok=True)
        except OSError:
            return None
        return path

    def _from_main(
        self, kind: type[BaseException], problem: BaseException, where: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, where)
            return
        self.report(problem.with_traceback(where))

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)
