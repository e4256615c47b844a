"""What can be wrong with a file before any row of it is read, each saying what to do."""

import errno
from pathlib import Path

from pos_app.domain.errors import ExpectedError


class NotATableError(ExpectedError):
    """The file is no table at all: a picture, a letter, a program."""

    code = "imports.error.not_a_table"


class SaveAsError(ExpectedError):
    """A table of a kind that is not read (web page, OpenDocument, binary workbook); to be saved as .xlsx first."""

    code = "imports.error.save_as"


class PasswordError(ExpectedError):
    """The workbook asks for a password."""

    code = "imports.error.password"


class EmptyTableError(ExpectedError):
    """The file, or the sheet, holds nothing."""

    code = "imports.error.empty"


class DamagedTableError(ExpectedError):
    """The file ends early or contradicts itself; `row` is the last that could be read, 0 for none."""

    code = "imports.error.damaged"


class EncodingError(ExpectedError):
    """The letters of a text file are neither UTF-8 nor GB18030 nor UTF-16."""

    code = "imports.error.encoding"


class NoHeadingError(ExpectedError):
    """No row looks like headings."""

    code = "imports.error.no_heading"


class TooLargeError(ExpectedError):
    """The file holds more than a till takes in at once; to be split."""

    code = "imports.error.too_large"


class FileGoneError(ExpectedError):
    """The file is not there, or may not be read or written: it may be open in a spreadsheet."""

    code = "imports.error.file"


class FileMissingError(FileGoneError):
    """There is no such file to read."""

    code = "imports.error.file_missing"


class FileIsFolderError(FileGoneError):
    """A folder was named, and no file."""

    code = "imports.error.file_is_folder"


class FolderMissingError(FileGoneError):
    """The folder into which a file is to be written is not there; `folder` names it."""

    code = "imports.error.folder_missing"


class FileReadOnlyError(FileGoneError):
    """Nothing may be written at the place that was chosen."""

    code = "imports.error.read_only"


class FormatError(ExpectedError):
    """A file was named that ends as no table does that is written: only .xlsx and .csv are."""

    code = "imports.error.format"


_NO_FOLDER = frozenset((errno.ENOENT, errno.ENOTDIR))
_NOT_ALLOWED = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))


def unread(path: Path, error: OSError) -> FileGoneError:
    """Return why a file could not be read."""
    if path.is_dir():
        return FileIsFolderError(file=path.name or str(path))
    return (FileMissingError if error.errno in _NO_FOLDER else FileGoneError)(file=path.name)


def unwritten(path: Path, error: OSError) -> FileGoneError:
    """Return why a file could not be written."""
    if path.is_dir():
        return FileIsFolderError(file=path.name or str(path))
    if error.errno in _NO_FOLDER:
        return FolderMissingError(file=path.name, folder=str(path.parent))
    return (FileReadOnlyError if error.errno in _NOT_ALLOWED else FileGoneError)(file=path.name)
