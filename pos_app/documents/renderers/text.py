"""A page as plain text on a grid of characters: 32 columns for 58 mm, 48 for 80 mm, Han characters two wide.

Used for previews, logs of tests and e-mail, and for printers that write with a font of their own, which says how many
columns each character takes. Decides columns and padding. Codes cannot be drawn here: they are named in words with
their payload.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pos_app.documents.glyphs import drawable, drawable_lines
from pos_app.documents.page import (
    Align,
    Banner,
    Block,
    Cell,
    Code,
    Codes,
    Grid,
    Page,
    Paper,
    Picture,
    Row,
    Rule,
    Size,
    Space,
    Stroke,
    Text,
)
from pos_app.documents.wrap import is_wide, wrap


def columns_of(char: str) -> int:
    """Return the columns of one character."""
    return 2 if is_wide(char) else 1


def render_text(page: Page, paper: Paper) -> str:
    """Write a page as lines of at most `paper.columns` columns, without trailing spaces, ending in a line end."""
    grid = TextGrid(paper.columns)
    lines = [line.rstrip() for block in page.blocks for line in grid.lines(block)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class TextGrid:
    """Columns to write in; `width_of` says how many a character takes."""

    columns: int
    width_of: Callable[[str], int] = columns_of

    def lines(self, block: Block) -> Iterator[str]:
        """Yield the lines of a block, padded with spaces to where they stand."""
        match block:
            case Text():
                yield from self._text(block)
            case Row():
                yield from self._row(block)
            case Grid():
                for cells in block.rows:
                    yield from self._cells(cells)
            case Rule():
                yield ("=" if block.stroke is Stroke.SOLID else "-") * self.columns
            case Space():
                yield from [""] * (1 if block.tenths_mm >= 15 else 0)
            case Code():
                yield from self._codes((block,), block.caption)
            case Codes():
                yield from self._codes(block.codes, block.caption)
            case Picture():
                return
            case Banner():
                text = wrap(drawable(block.text), self.columns - 4, self.width_of)[0]
                yield self._pad(f" {text} ", self.columns, Align.CENTRE, fill="#")

    def _text(self, block: Text) -> Iterator[str]:
        spread = block.size is Size.TITLE
        for paragraph in drawable_lines(block.text):
            for line in wrap(paragraph, self.columns // 2 if spread else self.columns, self.width_of):
                yield self._pad(line, self.columns, block.align)

    def _row(self, block: Row) -> Iterator[str]:
        right, indent = drawable(block.right), " " * block.indent
        room = self.columns - block.indent - self._width(right) - (1 if right else 0)
        left = drawable(block.left)
        if right and room < self.columns // 4:
            yield from (indent + line for line in wrap(left, self.columns - block.indent, self.width_of))
            for line in wrap(right, self.columns, self.width_of):
                yield self._pad(line, self.columns, Align.RIGHT)
            return
        for at, line in enumerate(wrap(left, room, self.width_of)):
            if at:
                yield indent + line
            else:
                rest = self.columns - block.indent - self._width(line)
                yield indent + line + self._pad(right, rest, Align.RIGHT)

    def _cells(self, cells: tuple[Cell, ...]) -> Iterator[str]:
        shares = sum(cell.share for cell in cells)
        edges = [self.columns * sum(c.share for c in cells[:at]) // shares for at in range(len(cells) + 1)]
        blocks = []
        for at, cell in enumerate(cells):
            span = edges[at + 1] - edges[at]
            room = span if at == len(cells) - 1 else span - 1
            lines = wrap(drawable(cell.text), max(2, room), self.width_of)
            blocks.append([self._pad(line, room, cell.align) + " " * (span - room) for line in lines] or [""])
        for at in range(max(map(len, blocks))):
            yield "".join(
                lines[at] if at < len(lines) else " " * (edges[place + 1] - edges[place])
                for place, lines in enumerate(blocks)
            )

    def _codes(self, codes: tuple[Code, ...], caption: str) -> Iterator[str]:
        for code in codes:
            yield from self._centred(f"[{code.symbology.value.upper()} {drawable(code.payload)}]")
        if caption and all(caption != code.payload for code in codes):
            yield from self._centred(drawable(caption))

    def _centred(self, text: str) -> Iterator[str]:
        for line in wrap(text, self.columns, self.width_of):
            yield self._pad(line, self.columns, Align.CENTRE)

    def _width(self, text: str) -> int:
        return sum(map(self.width_of, text))

    def _pad(self, text: str, columns: int, align: Align, fill: str = " ") -> str:
        free = max(0, columns - self._width(text))
        before = {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[align]
        return fill * before + text + fill * (free - before)
