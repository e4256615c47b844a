"""What can be wrong with a file before any row of it is read, each saying what to do."""

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
