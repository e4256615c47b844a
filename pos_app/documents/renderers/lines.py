"""A page for a printer that writes with a font of its own: lines of characters, and dots where it cannot write.

Decides which blocks are written and which are drawn: codes, pictures and the band of a copy are always drawn, and so
is every paragraph or row with a character that the printer lacks. Does not decide bytes, nor which characters there
are. What a line says is what `renderers.text` says, so that text and preview agree.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pos_app.documents.glyphs import drawable
from pos_app.documents.page import Block, Grid, Page, Paper, Row, Rule, Size, Space, Text
from pos_app.documents.renderers.text import TextGrid

DOTS_PER_MM = 8
"""203 dpi, as `documents.layout` has it, which is loaded only to draw."""


@dataclass(frozen=True, slots=True)
class Font:
    """What a printer's own font is: columns of a character, and whether it has every character of a text."""

    width_of: Callable[[str], int]
    has: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """One line of characters, padded with spaces; a wide one counts its columns double."""

    text: str
    bold: bool = False
    tall: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class White:
    """White paper in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What goes out as dots."""

    page: Page


Part = Written | White | Drawn


def parts_of(page: Page, paper: Paper, font: Font) -> list[Part]:
    """Return a page in the order of printing; neighbours that are drawn are one picture."""
    parts: list[Part] = []
    for block in page.blocks:
        if isinstance(block, Space):
            parts.append(White(block.tenths_mm * DOTS_PER_MM // 10))
        elif isinstance(block, Text | Row | Grid | Rule) and font.has(_words(block)):
            parts += _lines(block, paper.columns, font)
        elif parts and isinstance(parts[-1], Drawn):
            parts[-1] = Drawn(Page((*parts[-1].page.blocks, block), language=page.language))
        else:
            parts.append(Drawn(Page((block,), language=page.language)))
    return parts


def _words(block: Text | Row | Grid | Rule) -> str:
    match block:
        case Text():
            return drawable(block.text)
        case Row():
            return drawable(block.left) + drawable(block.right)
        case Grid():
            return "".join(drawable(cell.text) for row in block.rows for cell in row)
    return ""


def _lines(block: Block, columns: int, font: Font) -> Iterator[Written]:
    size = block.size if isinstance(block, Text | Row | Grid) else Size.BODY
    bold = isinstance(block, Text | Row | Grid) and block.bold
    wide = size is Size.TITLE and isinstance(block, Text)
    tall = size in (Size.LARGE, Size.TITLE)
    if wide and isinstance(block, Text):
        block = Text(block.text, Size.BODY, block.bold, block.align)
        columns //= 2
    for line in TextGrid(columns, font.width_of).lines(block):
        yield Written(line.rstrip(), bold, tall, wide)
