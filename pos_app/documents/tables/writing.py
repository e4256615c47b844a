"""Rows written as a CSV or Excel file that people open and that `open_table` reads back as it was.

Decides encoding, protection of texts and how columns look; the texts, the headings and the watermark are handed in. A
file appears under its name only when it is whole.
"""

import csv
import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pos_app.documents.tables.columns import Column, ColumnKind, Rows
from pos_app.documents.tables.errors import FormatError, unwritten
from pos_app.documents.tables.layout import REMARK
from pos_app.documents.tables.protection import protected
from pos_app.domain.errors import StorageFullError


def write_table(path: Path, columns: Sequence[Column], rows: Rows, watermark: str | None = None) -> int:
    """Write a file, .xlsx or .csv by its name; return how many rows it holds below the headings.

    `watermark` says who exported and when; it becomes the first line, which our reader knows for a remark. Raises
    FormatError, FileGoneError for a place that may not be written, StorageFullError, TooLargeError for more rows than
    Excel has.
    """
    check_format(path)
    from pos_app.documents.tables.xlsx_writer import write_xlsx

    write = write_xlsx if path.suffix.lower() == ".xlsx" else _write_csv
    with _whole(path) as part:
        return write(part, columns, rows, REMARK + watermark if watermark else None)


def check_format(path: Path) -> None:
    """Raise FormatError for a file that does not end as a table does: nobody could open what stood in it."""
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise FormatError(file=path.name)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a file to write beside `path` that takes its name at the end, or vanishes."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError() from None
        raise unwritten(path, error) from None
    finally:
        # Where the folder itself is gone or may not be written, there is nothing to clear away.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write_csv(path: Path, columns: Sequence[Column], rows: Rows, watermark: str | None) -> int:
    """Write UTF-8 with the mark by which Excel knows it, and texts that Excel must not run protected."""
    plain = [column.kind is not ColumnKind.TEXT for column in columns]
    count = 0
    # A lone half of a surrogate pair is no character; it is written as ?.
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        if watermark is not None:
            out.writerow((watermark,))
        out.writerow([protected(column.title) for column in columns])
        for row in rows:
            count += 1
            out.writerow(
                [
                    cell if is_plain or not cell else protected(cell)
                    for cell, is_plain in zip(row, plain, strict=True)
                ]
            )
    return count
