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

from pos_app.documents.tables.errors import DamagedTableError, EmptyTableError, TooLargeError
from pos_app.documents.tables.merges import Merges, Range, range_of
from pos_app.documents.tables.workbook import ClosingWorkbook, Format, Sheet
from pos_app.documents.tables.xlsx_parts import (
    BLOCK,
    BROKEN,
    SharedTexts,
    read_contents,
)
from pos_app.documents.tables.xlsx_rows import RowMaker, SheetPieces
from pos_app.domain.imports.table import Row

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
                for row in self._stream(part, RowMaker(self._contents, self._texts, merges)):
                    number = row.number
                    yield row

    def _stream(self, part: IO[bytes], maker: RowMaker) -> Iterator[Row]:
        """Yield the rows of whole pieces of the sheet, each ending behind a row."""
        self._read = 0
        buffer = b""
        pieces: SheetPieces | None = None
        while block := part.read(BLOCK):
            self._read += len(block)
            buffer += block
            pieces = pieces or SheetPieces.begin(buffer)
            if pieces is not None:
                piece, buffer = pieces.take(buffer)
                if piece:
                    yield from maker.rows(pieces.whole(piece))
                if pieces.is_over:
                    self._read = self._size
                    return
            if len(buffer) > ROW_BYTES or self._read > SHEET_BYTES:
                raise TooLargeError()
        if pieces is None or not pieces.is_over:
            raise EOFError

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
