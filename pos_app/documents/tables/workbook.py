"""What every reader of a file gives: its sheets, and the rows of one of them as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from pos_app.domain.imports.table import Row

COLUMN_LIMIT = 512
"""Columns read of a row; what stands further right is no table of goods or members."""


class Format(StrEnum):
    """What kind of file it is by its content."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `rows` is how many rows it says to have, None where that is not known without reading it."""

    name: str
    hidden: bool = False
    rows: int | None = None


class Workbook(Protocol):
    """An open file. Rows may be asked for again and again; each time they are read from the start."""

    format: Format
    sheets: tuple[Sheet, ...]

    def rows(self, sheet: int = 0) -> Iterator[Row]:
        """Yield the rows of a sheet that the file holds, blank ones of CSV included.

        Raises DamagedTableError where the file breaks off.
        """

    def progress(self) -> int:
        """Return how much of the sheet being read is read, in thousandths."""

    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""


class ClosingWorkbook:
    """The with-statement of a workbook."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        raise NotImplementedError
