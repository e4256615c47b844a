"""CSV and its kin as rows: encoding, delimiter and quotes are found out from the file.

Decides UTF-8 (with or without mark), UTF-16, else GB18030, which holds GBK; the delimiter that the first records agree
on. Bytes are read once to know the encoding, then streamed.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pos_app.documents.tables.errors import DamagedTableError, EncodingError, NotATableError
from pos_app.documents.tables.protection import FIRST_MARKS, unprotected
from pos_app.documents.tables.workbook import COLUMN_LIMIT, ClosingWorkbook, Format, Sheet
from pos_app.domain.imports.table import CellKind, Row

_BLOCK = 1 << 20
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_RECORDS = 50
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file. Raises EncodingError, or NotATableError for bytes that no text has."""
    with path.open("rb") as file:
        head = file.read(4096)
        for mark, name in _UTF16_MARKS.items():
            if head.startswith(mark):
                return name
        if head[1::2].count(0) > len(head) // 4 and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > len(head) // 4 and not head[1::2].count(0):
            return "utf-16-be"
    for name in ("utf-8-sig", "gb18030"):
        if _decodes(path, name):
            return name
    raise EncodingError()


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b"\x00" in block:
                raise NotATableError()
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # The last letter is cut in two: the file broke off, which reading it will tell.
        return name == "gb18030"
    return True


def delimiter_of(sample: str) -> str:
    """Return the delimiter that most of the first records agree on; a comma when there is none at all."""
    best, found = (0, 0), ","
    for delimiter in _DELIMITERS:
        records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths: Counter[int] = Counter()
        try:
            for record, _ in zip(records, range(_SAMPLE_RECORDS), strict=False):
                widths[len(record)] += 1
        except csv.Error:
            continue
        width, count = max(
            ((w, c) for w, c in widths.items() if w > 1), key=lambda w: (w[1], w[0]), default=(1, 0)
        )
        if (count, width) > best:
            best, found = (count, width), delimiter
    return found


class CsvWorkbook(ClosingWorkbook):
    """A text file with one sheet."""

    format = Format.CSV

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = max(path.stat().st_size, 1)
        self._read = 0
        self.encoding = encoding_of(path)
        with path.open(encoding=self.encoding, errors="replace", newline="") as file:
            sample = file.read(1 << 16).removeprefix("\ufeff")
        # Excel's own way to say it, a first line that it does not show.
        self._says_delimiter = (
            sample[:4].lower() == "sep=" and sample[4:5] != "" and sample[5:6] in ("\r", "\n")
        )
        self.delimiter = sample[4] if self._says_delimiter else delimiter_of(_whole_lines(sample))
        self.sheets: tuple[Sheet, ...] = (Sheet(path.stem),)

    def rows(self, sheet: int = 0) -> Iterator[Row]:
        """Yield every record as a row, numbered as a spreadsheet would show it."""
        number = 0
        with self._path.open("rb") as raw:
            text = io.TextIOWrapper(raw, encoding=self.encoding, newline="")
            if self._says_delimiter:
                text.readline()
            records = csv.reader(text, delimiter=self.delimiter)
            try:
                for number, cells in enumerate(records, 1):
                    if number == 1 and cells:
                        cells[0] = cells[0].removeprefix("\ufeff")
                    if not number & 1023:
                        self._read = raw.tell()
                    yield _row(number, cells)
            except (csv.Error, UnicodeDecodeError):
                raise DamagedTableError(row=number) from None
            self._read = self._size

    def progress(self) -> int:
        """Return how much is read, in thousandths."""
        return min(1000, self._read * 1000 // self._size)

    def close(self) -> None:
        """Do nothing: the file is open only while rows are read."""


def _whole_lines(sample: str) -> str:
    end = max(sample.rfind("\n"), sample.rfind("\r"))
    return sample[: end + 1] if end > 0 else sample


def _row(number: int, cells: list[str]) -> Row:
    if len(cells) > COLUMN_LIMIT:
        del cells[COLUMN_LIMIT:]
    if FIRST_MARKS.isdisjoint([cell[:1] for cell in cells]):
        return Row(number, tuple(cells))
    told = [unprotected(cell) for cell in cells]
    texts = tuple(text for text, _ in told)
    if any(kind is not CellKind.UNTYPED for _, kind in told):
        return Row(number, texts, "".join(kind.value for _, kind in told))
    return Row(number, texts)
