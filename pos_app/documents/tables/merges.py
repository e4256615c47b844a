"""Merged cells: one value shown over a range of rows and columns.

Decides that a merged cell's value stands in every cell of its range, row by row as they stream past.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pos_app.documents.tables.errors import TooLargeError
from pos_app.documents.tables.workbook import COLUMN_LIMIT

RANGE_LIMIT = 200_000
"""Merged ranges of one sheet; more than a person makes."""
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Range:
    """A merged range: rows from 1, columns from 0, both ends counted."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


def column_index(letters: str) -> int:
    """Return the column (from 0) of its letters: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """Return the letters of a column (from 0): 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def range_of(reference: str) -> Range | None:
    """Return the range of a reference such as A1:C3, None for what is none."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    return Range(int(found[2]), int(found[4]), column_index(found[1]), column_index(found[3]))


class Merges:
    """The merged ranges of a sheet while its rows go past in order."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._waiting = sorted(ranges, key=lambda r: -r.first_row)
        if len(self._waiting) > RANGE_LIMIT:
            raise TooLargeError()
        self._open: list[tuple[Range, str, str]] = []

    def __bool__(self) -> bool:
        """Return whether any range is still to come or open."""
        return bool(self._waiting or self._open)

    def fill(self, number: int, cells: list[str], kinds: list[str]) -> tuple[int, ...]:
        """Put the values of merged cells into a row's blank cells; return the columns that were filled."""
        while self._waiting and self._waiting[-1].first_row <= number:
            found = self._waiting.pop()
            column = found.first_column
            is_here = found.first_row == number and column < len(cells)
            self._open.append((found, cells[column] if is_here else "", kinds[column] if is_here else "t"))
        filled: list[int] = []
        for found, text, kind in self._open:
            first = found.first_column + (found.first_row == number)
            for column in range(first, min(found.last_column + 1, COLUMN_LIMIT)) if text else ():
                while len(cells) <= column:
                    cells.append("")
                    kinds.append("t")
                cells[column], kinds[column] = text, kind
                filled.append(column)
        self._open = [one for one in self._open if one[0].last_row > number]
        return tuple(sorted(filled))
