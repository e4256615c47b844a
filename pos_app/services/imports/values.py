"""What an import tells: verdicts on rows, how far it has come, how it ended, and why it cannot begin.

Decides their shape; texts are words (`importing.…`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pos_app.domain.errors import ExpectedError
from pos_app.domain.imports.drafts import Draft, Note
from pos_app.domain.imports.faults import Fault, Refused
from pos_app.domain.imports.rehearsal import Outcome, Report
from pos_app.services.ports.imports import Counts, ImportBatch


class UnderWayError(ExpectedError):
    """Another file is being imported, or its import was cut off; `file` and `batch` name it."""

    code = "importing.error.under_way"


class NothingToUndoError(ExpectedError):
    """There is no import that could be taken back: none was made, or another one came after it."""

    code = "importing.error.nothing_to_undo"


class NotLatestError(NothingToUndoError):
    """Only the latest import can be taken back: `latest` is its number and `file` its file, `batch` was asked for."""

    code = "importing.error.not_latest"


class FileEditedError(UnderWayError):
    """The file whose import was cut off was changed since: what came in of it fits what is in it no more."""

    code = "importing.error.edited"


class MappingNeededError(ExpectedError):
    """Required fields have no column; `fields` names them."""

    code = "importing.error.mapping_needed"


class ColumnUnknownError(ExpectedError):
    """A column was asked for by a heading that the file has not; `text` is the heading."""

    code = "importing.error.column_unknown"


class FileChangedError(ExpectedError):
    """The file was written to while it was read."""

    code = "importing.error.file_changed"


class CancelledError(Exception):
    """The person said to stop; what was staged is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one row that was read: the thing as it would stand, and what changes it.

    `outcome` is None for a row that the shop's own records refuse; `faults` say why. `wanted` is whatever the taker of
    its kind needs to write it.
    """

    draft: Draft
    outcome: Outcome | None
    wanted: Any = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    """What only the shop's own records can tell of a row that is taken."""
    unpriced: str = ""
    """The fineness of a piece for which no price of gold was ever set."""


class Stage(StrEnum):
    """What an import is about; `importing.stage.<stage>` says it."""

    READING = "reading"
    STAGING = "staging"
    KEYS = "keys"
    PUBLISHING = "publishing"
    FOLDING = "folding"
    RESTORING = "restoring"
    REMOVING = "removing"
    WRITING = "writing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import has come in one stage; rates are per second, `left_s` counts this stage alone."""

    stage: Stage
    done: int
    total: int | None
    rate: float = 0
    left_s: float | None = None
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an import, or its rehearsal, ended; `batch` is None where nothing was written.

    `told` counts the rows of the file as they were met this time; `left_out` and `kept` stand in the batch's counts.
    """

    told: Report
    batch: ImportBatch | None = None
    cancelled: bool = False
    nothing_new: bool = False
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how far an import has come, asked whether to stop, and handed each refused row."""

    progress: Callable[[Progress], None] = lambda _progress: None
    cancelled: Callable[[], bool] = lambda: False
    refused: Callable[[Refused], None] = lambda _refused: None
