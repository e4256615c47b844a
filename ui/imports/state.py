"""What the page of imports shows, in finished words: one value for each step.

Decides shapes only. Qt-free.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pos_app.domain.imports.kinds import Kind
from ui.importing_words import Refusal

Tone = Literal["plain", "success", "warning", "danger"]


class Step(StrEnum):
    """Where the person is."""

    START = "start"
    MAPPING = "mapping"
    WORKING = "working"
    REPORT = "report"
    DONE = "done"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class KindTile:
    """One kind of thing to choose."""

    kind: Kind
    words: str
    second: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """An import of the past."""

    number: int
    title: str
    when: str
    state: str
    tone: Tone
    counts: str
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class CutOff:
    """An import that was not finished."""

    number: int
    title: str
    text: str
    path: Path | None = None
    """Its file, where it stands as it stood."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One of our fields with the column of the file that holds it, and what its first rows say there."""

    name: str
    title: str
    need: str
    heading: str
    samples: tuple[str, ...]
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that can be chosen for a field; None is no column."""

    column: int | None
    heading: str
    under: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """A column is being chosen for a field."""

    field: str
    title: str
    text: str
    choices: tuple[ColumnChoice, ...]
    cursor: int


@dataclass(frozen=True, slots=True)
class MappingShown:
    """Which column is which field."""

    file: str
    lines: tuple[FieldLine, ...]
    cursor: int
    notes: tuple[str, ...]
    """What was recognised: the program, that the columns were remembered, a kind that would fit better."""
    unused: tuple[str, ...]
    sheets: tuple[tuple[int, str], ...]
    sheet: int
    missing: str
    choosing: Choosing | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One big number of a report."""

    words: str
    number: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A fault of a row of the file."""

    row: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ReportShown:
    """What an import would do."""

    title: str
    counts: tuple[Count, ...]
    totals: str
    notes: tuple[str, ...]
    refused: tuple[RefusedLine, ...]
    refused_told: str
    can_save: bool
    can_run: bool
    run_words: str


@dataclass(frozen=True, slots=True)
class WorkShown:
    """What is being done; `share` in thousandths, None while it is not known."""

    title: str
    stage: str
    share: int | None
    told: str
    counts: tuple[Count, ...]
    foot: str
    can_cancel: bool
    cancelling: bool


@dataclass(frozen=True, slots=True)
class DoneShown:
    """How it ended."""

    tone: Tone
    title: str
    text: str
    counts: tuple[Count, ...] = ()
    notes: tuple[str, ...] = ()
    batch: int | None = None
    """The import that can be taken back from here."""
    can_save: bool = False


@dataclass(frozen=True, slots=True)
class ExportShown:
    """What is to be written where."""

    kinds: tuple[KindTile, ...]
    kind: Kind
    excel: bool
    target: str
    told: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the page shows."""

    step: Step = Step.START
    may_import: bool = False
    kinds: tuple[KindTile, ...] = ()
    kind: Kind = Kind.CATALOGUE
    path: str = ""
    fault: str = ""
    busy: bool = False
    history: tuple[BatchLine, ...] = ()
    cut_off: CutOff | None = None
    mapping: MappingShown | None = None
    work: WorkShown | None = None
    report: ReportShown | None = None
    done: DoneShown | None = None
    export: ExportShown | None = field(default=None)
