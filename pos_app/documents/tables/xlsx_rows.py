"""Rows of a sheet's XML: cut into pieces of whole rows, and made of the elements of a piece.

Decides what a cell shows and of what kind it is. A piece is parsed at once by the C parser, several times as fast as
event by event. Source: ECMA-376, part 1, 18.3.1.4 and 18.3.1.73.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self
from xml.etree import ElementTree

from pos_app.documents.tables.errors import DamagedTableError, SaveAsError
from pos_app.documents.tables.merges import Merges, column_index
from pos_app.documents.tables.number_formats import GENERAL, shown
from pos_app.documents.tables.workbook import COLUMN_LIMIT
from pos_app.documents.tables.xlsx_parts import Contents, SharedTexts, unescaped
from pos_app.domain.imports.table import CellKind, Row

_BEGIN = re.compile(
    rb"(<(?P<prefix>(?:[A-Za-z0-9_.]+:)?)worksheet\b[^>]*>).*?<(?P=prefix)sheetData(?:\s[^>]*?)?(?P<empty>/?)>",
    re.DOTALL,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class SheetPieces:
    """How a sheet's XML is cut: its root tag, which declares the names, and the ends of rows and of all rows."""

    root: bytes
    prefix: bytes
    skipped: int
    is_over: bool

    @classmethod
    def begin(cls, head: bytes) -> Self | None:
        """Return how the sheet is cut once its head is there, else None.

        Raises SaveAsError for UTF-16, DamagedTableError for a document type: it only serves to swell.
        """
        if head.startswith(_UTF16):
            raise SaveAsError()
        if b"<!DOCTYPE" in head[:4096]:
            raise DamagedTableError(row=0)
        found = _BEGIN.search(head)
        if found is None:
            return None
        return cls(found[1], found["prefix"], found.end(), bool(found["empty"]))

    def take(self, buffer: bytes) -> tuple[bytes, bytes]:
        """Return the whole rows at the front of the buffer and what is left of it; note when the rows are over."""
        if self.is_over:
            return b"", b""
        start, self.skipped = self.skipped, 0
        end = buffer.find(b"</" + self.prefix + b"sheetData", start)
        if end >= 0:
            self.is_over = True
            return buffer[start:end], b""
        closing = b"</" + self.prefix + b"row>"
        cut = buffer.rfind(closing, start)
        if cut < 0:
            return b"", buffer[start:]
        return buffer[start : cut + len(closing)], buffer[cut + len(closing) :]

    def whole(self, piece: bytes) -> bytes:
        """Return a piece as a document of its own."""
        return self.root + piece + b"</" + self.prefix + b"worksheet>"


class RowMaker:
    """Makes the rows of one sheet, piece by piece in order."""

    def __init__(self, contents: Contents, texts: SharedTexts, merges: Merges) -> None:
        self._formats = contents.formats
        self._from_1904 = contents.from_1904
        self._texts = texts
        self._merges = merges
        self._columns: dict[str, int] = {}
        self._number = 0
        self._value_tag = self._formula_tag = self._inline_tag = self._text_tag = ""

    def rows(self, document: bytes) -> Iterator[Row]:
        """Yield the rows of a piece. Raises xml.etree's ParseError, LookupError, ValueError for a damaged one."""
        root = ElementTree.fromstring(document)
        names = str(root.tag).removesuffix("worksheet")
        self._value_tag, self._formula_tag = names + "v", names + "f"
        self._inline_tag, self._text_tag = names + "is", names + "t"
        for element in root:
            yield self._row(element)

    def _row(self, element: "ElementTree.Element[Any]") -> Row:
        told = element.get("r")
        self._number = int(told) if told is not None else self._number + 1
        cells: list[str] = []
        kinds: list[str] = []
        columns, column = self._columns, -1
        for cell in element:
            reference = cell.get("r")
            if reference is None:
                column += 1
            else:
                letters = reference.rstrip("0123456789")
                found = columns.get(letters)
                column = columns[letters] = column_index(letters) if found is None else found
            if not len(cell) or not len(cells) <= column < COLUMN_LIMIT:
                continue
            read = self._cell(cell)
            if read is None:
                continue
            gap = column - len(cells)
            if gap:
                cells.extend([""] * gap)
                kinds.extend("t" * gap)
            cells.append(read[0])
            kinds.append(read[1])
        merged = self._merges.fill(self._number, cells, kinds) if self._merges else ()
        is_hidden = element.get("hidden", "0") in ("1", "true")
        return Row(self._number, tuple(cells), "".join(kinds), is_hidden, merged)

    def _cell(self, cell: "ElementTree.Element[Any]") -> tuple[str, str] | None:
        """Return text and kind of a cell that holds something, None for one that does not."""
        value = formula = None
        for part in cell:
            if part.tag == self._value_tag:
                value = part.text
            elif part.tag == self._formula_tag:
                formula = part.text or ""
            elif part.tag == self._inline_tag:
                return unescaped(self._inline(part)), "t"
        kind = cell.get("t")
        if not value:
            if kind == "str" and formula is not None and len(cell) > 1:
                return "", "t"
            return None if formula is None else ("=" + formula, CellKind.FORMULA.value)
        if kind == "s":
            return self._texts[int(value)], "t"
        if kind is None or kind == "n":
            return self._number_cell(value, cell.get("s"))
        if kind == "str":
            return unescaped(value), "t"
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), CellKind.BOOLEAN.value
        if kind == "e":
            return value, CellKind.ERROR.value
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " "), CellKind.DATE.value
        return value, CellKind.TEXT.value

    def _inline(self, part: "ElementTree.Element[Any]") -> str:
        """Return the letters of a text in place: plain, or run by run; reading aids are left out."""
        if len(part) == 1 and part[0].tag == self._text_tag:
            return part[0].text or ""
        runs = (
            one if one.tag == self._text_tag else one.find(self._text_tag) for one in part if not _is_aid(one)
        )
        return "".join(run.text or "" for run in runs if run is not None)

    def _number_cell(self, value: str, style: str | None) -> tuple[str, str]:
        number = int(style) if style else 0
        cell_format = self._formats[number] if number < len(self._formats) else GENERAL
        if cell_format is GENERAL and value.isdecimal():
            return value, "n"
        text, kind = shown(value, cell_format, self._from_1904)
        return text, kind.value


def _is_aid(element: "ElementTree.Element[Any]") -> bool:
    return str(element.tag).endswith(("rPh", "phoneticPr"))
