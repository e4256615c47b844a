"""Columns of a table that is written: how each is headed and what it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ColumnKind(StrEnum):
    """How a column is written: texts keep their zeros, numbers add up in a spreadsheet."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading; `decimals` are shown of a number, `width` is in characters."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    decimals: int = 0
    width: int = 14


Rows = Iterable[Sequence[str | None]]
"""Cells as texts: numbers as plain decimals, dates in ISO form, None for a blank cell."""
