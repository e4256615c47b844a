"""Opening a file as a table by what is in it; the name decides nothing.

Decides which reader reads it, or what to do about a file that none reads. Excel's own libraries are loaded only for the
files that need them.
"""

import zipfile
from pathlib import Path

from pos_app.documents.tables.errors import (
    DamagedTableError,
    EmptyTableError,
    NotATableError,
    PasswordError,
    SaveAsError,
    unread,
)
from pos_app.documents.tables.workbook import Workbook

_ZIP = b"PK\x03\x04"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD_EXCEL = tuple(
    bytes((9, version, length, 0)) for version, length in ((0, 4), (2, 6), (4, 6), (8, 8), (8, 16))
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ROOT = "Root Entry".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_NO_TABLES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"MZ",
    b"SQLite format 3",
)


def open_table(path: Path) -> Workbook:
    """Return a file as a workbook; close it after use.

    Raises FileGoneError, EmptyTableError, PasswordError, SaveAsError, DamagedTableError, EncodingError, NotATableError.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
            raise EmptyTableError()
        if head.startswith(_ZIP):
            return _zipped(path)
        if head.startswith(_COMPOUND):
            return _compound(path)
        if head.startswith(_OLD_EXCEL):
            return _xls(path)
        return _text(path, head)
    except OSError as error:
        raise unread(path, error) from None


def _zipped(path: Path) -> Workbook:
    from pos_app.documents.tables.xlsx_parts import BROKEN
    from pos_app.documents.tables.xlsx_reader import XlsxWorkbook

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except BROKEN:
        raise DamagedTableError(row=0) from None
    if "mimetype" in names or any(name.endswith(".bin") and name.startswith("xl/workbook") for name in names):
        raise SaveAsError()
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise NotATableError()
    return XlsxWorkbook(path)


def _compound(path: Path) -> Workbook:
    """Tell an old workbook from a protected new one and from a letter: all are OLE files (MS-CFB)."""
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise PasswordError()
    if _ROOT not in content:
        # The list of its streams is cut off.
        raise DamagedTableError(row=0)
    if not any(name in content for name in _BOOKS):
        raise NotATableError()
    return _xls(path)


def _xls(path: Path) -> Workbook:
    from pos_app.documents.tables.xls_reader import XlsWorkbook

    return XlsWorkbook(path)


def _text(path: Path, head: bytes) -> Workbook:
    from pos_app.documents.tables.csv_reader import CsvWorkbook

    if head.startswith(_NO_TABLES):
        raise NotATableError()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024].lower()
    if start.startswith(
        (b"<html", b"<!doctype html", b"<table", b"<meta", b"<?xml", b"<style", b"mime-version:")
    ):
        # Many web back offices name such a page .xls.
        raise SaveAsError()
    return CsvWorkbook(path)
