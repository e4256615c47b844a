"""A table as a person sees it in a spreadsheet: rows of texts, and what kind of cell each text was.

Decides the shape that readers of files fill and the rows' readers here take; it opens no file.
"""

from enum import StrEnum

import msgspec

BLANK_CELLS = frozenset(("/", "-", "\\", "—", "–", "--", "——"))
"""What people write into a cell that holds nothing."""


class CellKind(StrEnum):
    """What a cell was in its file; a row keeps one letter for each cell."""

    UNTYPED = "u"
    """A cell of a file that does not know texts from numbers (CSV)."""
    TEXT = "t"
    NUMBER = "n"
    DATE = "d"
    BOOLEAN = "b"
    FORMULA = "f"
    """A formula whose result the file does not hold; the text is the formula."""
    ERROR = "e"
    """An error of the spreadsheet such as #N/A; the text is that error."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row: its number as a spreadsheet shows it (from 1), and the texts of its cells from column A on.

    `kinds` has one CellKind letter for each cell, or is empty when all are untyped (CSV). Dates are ISO texts, without
    the year or the day where the cell does not show it (05-03, 2024-05); numbers are plain decimals. `merged` are the
    columns (from 0) that show the value of a merged cell and hold none themselves.
    """

    number: int
    cells: tuple[str, ...]
    kinds: str = ""
    hidden: bool = False
    merged: tuple[int, ...] = ()

    def text(self, column: int) -> str:
        """Return the text of a column (from 0); empty where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""

    def kind(self, column: int) -> str:
        """Return the CellKind letter of a column."""
        return self.kinds[column] if column < len(self.kinds) else CellKind.UNTYPED.value

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(text.strip() for text in self.cells)
