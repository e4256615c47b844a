"""What a till asks of the process that imports for it, and what that process tells: one line of JSON each.

Decides the shape of the lines. A file is read, an import is run in a process of its own so that the window never waits
for it; both ends read this module, which knows neither Qt nor the store.
"""

from typing import TypeVar

import msgspec

from pos_app.domain.errors import ExpectedError, ShukeError
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.rehearsal import Report
from pos_app.domain.staff import Approval
from pos_app.domain.values.ids import StaffId
from pos_app.services.imports.values import Progress
from pos_app.services.ports.imports import ImportBatch

CANCEL = b"cancel\n"
"""What the till says to an import that it has started; the end of its words: stop, to be carried on."""


class Source(msgspec.Struct, frozen=True):
    """A file as it is to be read: the sheet by its place, and which column (from 0) holds which field."""

    kind: Kind
    path: str
    sheet: int
    columns: dict[str, int]


class Rehearse(msgspec.Struct, frozen=True, tag="rehearse"):
    """Say what an import would do; refused rows are noted in the file `refused_to`."""

    source: Source
    refused_to: str


class Run(msgspec.Struct, frozen=True, tag="run"):
    """Import a file that was rehearsed when its bytes had this SHA-256 and it held so many rows."""

    source: Source
    refused_to: str
    sha256: str
    rows: int


class Resume(msgspec.Struct, frozen=True, tag="resume"):
    """Carry on with the import that was cut off; its file is wanted again while rows are still to be read."""

    path: str | None = None


class TakeBack(msgspec.Struct, frozen=True, tag="take_back"):
    """Take a batch back, whether it was cut off or is done."""

    batch: int


class SaveRefused(msgspec.Struct, frozen=True, tag="save_refused"):
    """Write the refused rows of a file, as they stood in it, with the reasons beside them, to `target`."""

    source: Source
    refused_from: str
    target: str


class Export(msgspec.Struct, frozen=True, tag="export"):
    """Write what the shop has to `target`, CSV or Excel by its name."""

    kind: Kind
    target: str
    approval: Approval | None = None


Act = Rehearse | Run | Resume | TakeBack | SaveRefused | Export


class Job(msgspec.Struct, frozen=True):
    """What is to be done, for whom, in which language, and in which data folder."""

    act: Act
    staff: StaffId
    language: str
    folder: str


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """How far it has come."""

    progress: Progress


class Rehearsed(msgspec.Struct, frozen=True, tag="rehearsed"):
    """The rehearsal is over."""

    report: Report
    sha256: str


class Imported(msgspec.Struct, frozen=True, tag="imported"):
    """The import, or taking it back, is over; without a batch nothing was written."""

    report: Report | None
    batch: ImportBatch | None
    cancelled: bool = False
    nothing_new: bool = False


class Saved(msgspec.Struct, frozen=True, tag="saved"):
    """A file stands; `rows` are those below its headings."""

    path: str
    rows: int


class Cancelled(msgspec.Struct, frozen=True, tag="cancelled"):
    """It was stopped as asked, and nothing of it is left."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Why it could not be done; `report` names the crash report when it was a bug."""

    code: str
    params: dict[str, object] = {}
    report: str = ""


Line = Moved | Rehearsed | Imported | Saved | Cancelled | Failed
"""Everything the process tells; the last line is any but `Moved`."""

T = TypeVar("T")


class ToldError(ExpectedError):
    """An expected error of the other process, with its own code and parameters."""

    code = "common.error.bug"

    def __init__(self, failed: Failed) -> None:
        # The code is set on the instance: it is the other error's, and one class speaks for all of them.
        self.code = failed.code  # type: ignore[misc]
        super().__init__(**failed.params)


def encoded(value: Job | Line) -> bytes:
    """Return a value as one line."""
    return msgspec.json.encode(value, enc_hook=str) + b"\n"


def job_of(line: bytes) -> Job:
    """Return the job of a line; raise msgspec.DecodeError for anything else."""
    return msgspec.json.decode(line, type=Job)


def told(line: bytes) -> Line:
    """Return what a line tells; raise msgspec.DecodeError for anything else."""
    value: Line = msgspec.json.decode(line, type=Line)
    return value


def failed_by(error: ShukeError) -> Failed:
    """Return an error as the other process tells it."""
    return Failed(error.code, dict(error.params))
