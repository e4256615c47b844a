"""A page before it meets paper: a frozen list of blocks.

Decides what a document is made of and in which order. Does not decide where a line breaks, how many dots a
character takes or which device prints it: renderers do, from the same page. Every text here is already in the
reader's language; a renderer replaces what the font cannot draw (`pos_app.documents.glyphs`).
"""

from dataclasses import dataclass
from enum import Enum


class Align(Enum):
    """Where a text stands between its edges."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Size(Enum):
    """Height of a character; the renderers own the measures."""

    SMALL = "small"
    BODY = "body"
    LARGE = "large"
    TITLE = "title"


class Stroke(Enum):
    """How a rule across the page is drawn."""

    DASHED = "dashed"
    SOLID = "solid"


class Symbology(Enum):
    """The code families that a page can carry."""

    QR = "qr"
    CODE128 = "code128"
    EAN13 = "ean13"


class Paper(Enum):
    """Roll widths at 203 dpi: paper and printable millimetres, printable dots, columns of plain text."""

    MM58 = (58, 48, 384, 32)
    MM80 = (80, 72, 576, 48)

    def __init__(self, width_mm: int, printable_mm: int, dots: int, columns: int) -> None:
        self.width_mm = width_mm
        self.printable_mm = printable_mm
        self.dots = dots
        self.columns = columns

    @classmethod
    def of(cls, width_mm: int) -> "Paper":
        """Return the roll of a width, the wider one for a width that is none."""
        return cls.MM58 if width_mm == 58 else cls.MM80


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph over the whole width; it wraps, and each line is aligned."""

    text: str
    size: Size = Size.BODY
    bold: bool = False
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Row:
    """A label on the left that wraps, and a value on the right that never breaks unless it is too wide.

    `indent` is in columns of plain text, half a body character each, whatever the size.
    """

    left: str
    right: str = ""
    size: Size = Size.BODY
    bold: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid row; `share` is its part of the width against the other cells of its row."""

    text: str
    share: int = 1
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; every cell wraps inside its own column."""

    rows: tuple[tuple[Cell, ...], ...]
    size: Size = Size.BODY
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""

    stroke: Stroke = Stroke.DASHED


@dataclass(frozen=True, slots=True)
class Space:
    """White paper; `tenths_mm` in tenths of a millimetre."""

    tenths_mm: int = 20


@dataclass(frozen=True, slots=True)
class Code:
    """A machine-readable code, centred, with its quiet zone; `caption` stands below it for people."""

    symbology: Symbology
    payload: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes that say the same, for different scanners; they share one caption and stand as the paper allows."""

    codes: tuple[Code, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG or JPEG bytes), centred; wider than the paper it is made smaller."""

    content: bytes
    width_mm: int


@dataclass(frozen=True, slots=True)
class Banner:
    """White words on a black band over the whole width: 副本 COPY, and nothing else uses it lightly.

    The band is also a mark that a machine can see on the print (tests/support/virtual_printer.py).
    """

    text: str


Block = Text | Row | Grid | Rule | Space | Code | Codes | Picture | Banner


@dataclass(frozen=True, slots=True)
class Page:
    """One document; `title` and `language` (a tag of `pos_app.words`) go into a PDF's properties."""

    blocks: tuple[Block, ...]
    title: str = ""
    language: str = "zh_CN"
