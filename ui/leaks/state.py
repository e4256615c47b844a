"""What the leak report shows: finished words and numbers, as one frozen value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Ground = Literal["", "info_ground", "warning_ground", "danger_ground"]
"""The colour behind a number; what it means stands in the cell in signs as well."""


class Span(StrEnum):
    """The ranges of business dates that have a chip."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    OWN = "own"


class By(StrEnum):
    """What the columns of the table are."""

    KIND = "kind"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A number, small words under it, and the colour behind; `spoken` says it all in one sentence."""

    text: str = ""
    under: str = ""
    ground: Ground = ""
    spoken: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """The table: its heads, and rows whose first cell is a person. `keys` hands back what a cell stands for."""

    heads: tuple[str, ...] = ()
    rows: tuple[tuple[HeatCell, ...], ...] = ()
    keys: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in the list of a cell: the place in the report, and its columns in words."""

    place: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """An entry of the journal in words: pairs of what and how; `number` is the receipt that can be opened."""

    title: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The page."""

    span: Span = Span.TODAY
    first: str = ""
    last: str = ""
    fault: str = ""
    """What is wrong with the dates."""
    by: By = By.KIND
    by_approver: bool = False
    heat: Heat = Heat()
    title: str = ""
    """What the list shows; empty while the table is shown."""
    entries: tuple[EntryRow, ...] = ()
    detail: Detail | None = None
    told: str = ""
    """Which dates, how many sales."""
    note: str = ""
    problem: str = ""
    busy: bool = False
    ready: bool = False
    """Whether a report was made: an empty one is told from one that is not there yet."""
