"""Excel workbooks (.xlsx) as rows, streamed: no more than a block of the sheet is in memory.

Decides what a cell shows and of what kind it is. It reads the file's XML itself: no library streams rows and also
tells hidden rows, merged cells, formulas without a result and a day whose year is not shown. Source:
ECMA-376, part 1, 18.3.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.parsers import expat

from pos_app.documents.tables.errors import DamagedTableError, EmptyTableError, TooLargeError
from pos_app.documents.tables.merges import Merges, Range, column_index, range_of
from pos_app.documents.tables.number_formats import GENERAL, shown
from pos_app.documents.tables.workbook import COLUMN_LIMIT, ClosingWorkbook, Format, Sheet
from pos_app.documents.tables.xlsx_parts import (
    BLOCK,
    BROKEN,
    Contents,
    SharedTexts,
    read_contents,
    refuse_entities,
    unescaped,
)
from pos_app.domain.imports.table import CellKind, Row

ROW_BYTES = 8 << 20
"""XML of one row; more is no table but a file made to swell."""
SHEET_BYTES = 4 << 30
"""XML of one sheet."""
_MERGE = re.compile(rb'<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_DIMENSION = re.compile(rb'<(?:[A-Za-z0-9]+:)?dimension\s[^>]*?ref="[A-Z]+[0-9]+:[A-Z]+([0-9]+)"')


class XlsxWorkbook(ClosingWorkbook):
    """An .xlsx file; it stays open until `close`."""

    format = Format.XLSX

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        try:
            with _telling_damage(lambda: 0):
                self._contents = read_contents(self._archive)
                parts = self._contents.sheets
                if not parts:
                    raise EmptyTableError()
                self.sheets = tuple(Sheet(p.name, p.hidden, self._row_count(p.path)) for p in parts)
        except BaseException:
            self._archive.close()
            raise
        self._texts: SharedTexts | None = None
        self._read, self._size = 0, 1

    def _row_count(self, path: str) -> int | None:
        with self._archive.open(path) as part:
            found = _DIMENSION.search(part.read(4096))
        return int(found[1]) if found else None

    def rows(self, sheet: int = 0) -> Iterator[Row]:
        """Yield the rows that the sheet holds, in order; rows it does not hold are skipped in the numbers."""
        path = self._contents.sheets[sheet].path
        number = 0
        with _telling_damage(lambda: number):
            if self._texts is None:
                self._texts = SharedTexts(self._archive, self._contents.texts_path)
            self._size = max(self._archive.getinfo(path).file_size, 1)
            merges = Merges(self._ranges(path))
            with self._archive.open(path) as part:
                for row in self._stream(part, _SheetHandlers(self._contents, self._texts, merges)):
                    number = row.number
                    yield row

    def _stream(self, part: IO[bytes], handlers: "_SheetHandlers") -> Iterator[Row]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = handlers.start
        parser.EndElementHandler = handlers.end
        parser.CharacterDataHandler = handlers.characters
        parser.EntityDeclHandler = refuse_entities
        self._read = since_row = 0
        while block := part.read(BLOCK):
            self._read += len(block)
            parser.Parse(block, False)
            since_row = 0 if handlers.rows else since_row + len(block)
            if since_row > ROW_BYTES or self._read > SHEET_BYTES:
                raise TooLargeError()
            yield from handlers.taken()
        parser.Parse(b"", True)
        yield from handlers.taken()

    def _ranges(self, path: str) -> Iterator[Range]:
        """Yield the merged ranges, which stand after the rows they concern."""
        kept = b""
        with self._archive.open(path) as part:
            while block := part.read(BLOCK * 4):
                text = kept + block
                end = 0
                for found in _MERGE.finditer(text) if b"mergeCell" in text else ():
                    end = found.end()
                    one = range_of(found[1].decode())
                    if one is not None:
                        yield one
                kept = text[max(end, len(text) - 256) :]

    def progress(self) -> int:
        """Return how much of the sheet is read, in thousandths."""
        return min(1000, self._read * 1000 // self._size)

    def close(self) -> None:
        """Close the file."""
        self._archive.close()


@contextmanager
def _telling_damage(row: Callable[[], int]) -> Iterator[None]:
    """Turn what a broken file raises into DamagedTableError; `row` tells the last row read."""
    try:
        yield
    except BROKEN:
        raise DamagedTableError(row=row()) from None


class _SheetHandlers:
    """Makes rows of the events of a sheet's XML."""

    def __init__(self, contents: Contents, texts: SharedTexts, merges: Merges) -> None:
        self._formats = contents.formats
        self._from_1904 = contents.from_1904
        self._texts = texts
        self._merges = merges
        self._columns: dict[str, int] = {}
        self.rows: list[Row] = []
        self._number = 0
        self._hidden = False
        self._cells: list[str] = []
        self._kinds: list[str] = []
        self._column = -1
        self._type: str | None = None
        self._style: str | None = None
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: list[str] = []
        self._into = ""
        self._is_aid = False
        self._prefix: str | None = None

    def taken(self) -> list[Row]:
        """Return the rows that are whole and forget them."""
        rows, self.rows = self.rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if self._prefix is None:
            self._prefix = name[: name.find(":") + 1]
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._into, self._value = "v", ""
        elif name == "f":
            self._into, self._formula = "f", ""
        elif name == "t":
            self._into = "" if self._is_aid else "t"
        elif name == "rPh":
            self._is_aid = True
        elif name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._hidden = attributes.get("hidden", "0") in ("1", "true")
            self._cells, self._kinds, self._column = [], [], -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_index(letters)
            self._column = column
        self._type = attributes.get("t")
        self._style = attributes.get("s")
        self._value = self._formula = None
        self._inline.clear()

    def characters(self, text: str) -> None:
        """Take letters of a value, a formula or a text."""
        into = self._into
        if into == "v":
            self._value = text if not self._value else self._value + text
        elif into == "t":
            self._inline.append(text)
        elif into == "f":
            self._formula = text if not self._formula else self._formula + text

    def end(self, name: str) -> None:
        """End an element."""
        if self._prefix:
            name = name.removeprefix(self._prefix)
        if name in ("v", "t", "f"):
            self._into = ""
        elif name == "c":
            if 0 <= self._column < COLUMN_LIMIT:
                self._end_cell()
        elif name == "rPh":
            self._is_aid = False
        elif name == "row":
            merged = self._merges.fill(self._number, self._cells, self._kinds) if self._merges else ()
            self.rows.append(
                Row(self._number, tuple(self._cells), "".join(self._kinds), self._hidden, merged)
            )

    def _end_cell(self) -> None:
        value, kind = self._value, self._type
        if kind == "s" and value:
            text, letter = self._texts[int(value)], "t"
        elif kind == "inlineStr":
            text, letter = unescaped("".join(self._inline)), "t"
        elif value is None or value == "":
            if self._formula is None:
                return
            text, letter = ("", "t") if kind == "str" and value == "" else ("=" + self._formula, "f")
        elif kind == "str":
            text, letter = unescaped(value), "t"
        else:
            text, letter = self._typed(value, kind)
        cells, gap = self._cells, self._column - len(self._cells)
        if gap < 0:
            return
        if gap:
            cells.extend([""] * gap)
            self._kinds.extend("t" * gap)
        cells.append(text)
        self._kinds.append(letter)

    def _typed(self, value: str, kind: str | None) -> tuple[str, str]:
        if kind is None or kind == "n":
            style = self._style
            cell_format = self._formats[int(style)] if style and int(style) < len(self._formats) else GENERAL
            if cell_format is GENERAL and value.isdecimal():
                return value, "n"
            text, shown_kind = shown(value, cell_format, self._from_1904)
            return text, shown_kind.value
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), CellKind.BOOLEAN.value
        if kind == "e":
            return value, CellKind.ERROR.value
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " "), CellKind.DATE.value
        return value, CellKind.TEXT.value
