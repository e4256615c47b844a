"""The process that imports, as Qt runs it: its lines are read on the GUI thread, and none of its work is done there.

Decides how it is started, told to stop, and ended. What is said stands in `ui.importing`.
"""

import sys
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QProcess

from ui.importing import CANCEL, Job, Line, encoded, told

MODULE = "ui.cli.imports_child"
STOP_MS = 3_000
"""How long a process may take to stop by itself when the till is closed."""


class ProcessChild(QObject):
    """One process on one job."""

    def __init__(self, job: Job, tell: Callable[[Line], None], ended: Callable[[], None]) -> None:
        super().__init__()
        self._tell = tell
        self._ended = ended
        self._over = False
        self._rest = b""
        self._process = QProcess(self)
        self._process.setProgram(sys.executable)
        self._process.setArguments(["-m", MODULE])
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._process.readAllStandardError)
        self._process.finished.connect(lambda _code, _status: self._end())
        self._process.errorOccurred.connect(self._failed)
        self._process.start()
        self._process.write(encoded(job))

    def cancel(self) -> None:
        """Tell it to stop and take back what it has written."""
        self._process.write(CANCEL)

    def stop(self) -> None:
        """End it: it stops after the rows in hand; one that does not is killed, which a batch survives as well."""
        self._over = True
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(STOP_MS):
            self._process.kill()
            self._process.waitForFinished(STOP_MS)

    def _read(self) -> None:
        self._rest += self._process.readAllStandardOutput().data()
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            if not self._over:
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            value = told(line)
        except msgspec.MsgspecError:
            # Whatever else a library prints is no word of ours.
            return
        self._tell(value)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end()

    def _end(self) -> None:
        if self._over:
            return
        self._read()
        self._over = True
        self._ended()


def start_child(job: Job, tell: Callable[[Line], None], ended: Callable[[], None]) -> ProcessChild:
    """Start a process on a job."""
    return ProcessChild(job, tell, ended)
