"""A page as plain text on a grid of characters: 32 columns for 58 mm, 48 for 80 mm, Han characters two wide.

Used for previews, logs of tests and e-mail. Decides columns and padding. Codes cannot be drawn here: they are
named in words with their payload.
"""

from collections.abc import Iterator

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
    lines = [line.rstrip() for block in page.blocks for line in _block(block, paper.columns)]
    return "\n".join(lines) + "\n"


def _block(block: Block, columns: int) -> Iterator[str]:
    match block:
        case Text():
            yield from _text(block, columns)
        case Row():
            yield from _row(block, columns)
        case Grid():
            for cells in block.rows:
                yield from _cells(cells, columns)
        case Rule():
            yield ("=" if block.stroke is Stroke.SOLID else "-") * columns
        case Space():
            yield from [""] * (1 if block.tenths_mm >= 15 else 0)
        case Code():
            yield from _codes((block,), block.caption, columns)
        case Codes():
            yield from _codes(block.codes, block.caption, columns)
        case Picture():
            return
        case Banner():
            text = wrap(drawable(block.text), columns - 4, columns_of)[0]
            yield _pad(f" {text} ", columns, Align.CENTRE, fill="#")


def _text(block: Text, columns: int) -> Iterator[str]:
    spread = block.size is Size.TITLE
    for paragraph in drawable_lines(block.text):
        for line in wrap(paragraph, columns // 2 if spread else columns, columns_of):
            yield _pad(line, columns, block.align)


def _row(block: Row, columns: int) -> Iterator[str]:
    right, indent = drawable(block.right), " " * block.indent
    room = columns - block.indent - _width(right) - (1 if right else 0)
    if right and room < columns // 4:
        yield from (indent + line for line in wrap(drawable(block.left), columns - block.indent, columns_of))
        yield from (_pad(line, columns, Align.RIGHT) for line in wrap(right, columns, columns_of))
        return
    for at, line in enumerate(wrap(drawable(block.left), room, columns_of)):
        if at:
            yield indent + line
        else:
            yield indent + line + _pad(right, columns - block.indent - _width(line), Align.RIGHT)


def _cells(cells: tuple[Cell, ...], columns: int) -> Iterator[str]:
    shares = sum(cell.share for cell in cells)
    edges = [columns * sum(c.share for c in cells[:at]) // shares for at in range(len(cells) + 1)]
    blocks = []
    for at, cell in enumerate(cells):
        span = edges[at + 1] - edges[at]
        room = span if at == len(cells) - 1 else span - 1
        lines = wrap(drawable(cell.text), max(2, room), columns_of)
        blocks.append([_pad(line, room, cell.align) + " " * (span - room) for line in lines] or [""])
    for at in range(max(map(len, blocks))):
        yield "".join(
            lines[at] if at < len(lines) else " " * (edges[place + 1] - edges[place])
            for place, lines in enumerate(blocks)
        )


def _codes(codes: tuple[Code, ...], caption: str, columns: int) -> Iterator[str]:
    for code in codes:
        yield from _centred(f"[{code.symbology.value.upper()} {drawable(code.payload)}]", columns)
    if caption and all(caption != code.payload for code in codes):
        yield from _centred(drawable(caption), columns)


def _centred(text: str, columns: int) -> Iterator[str]:
    yield from (_pad(line, columns, Align.CENTRE) for line in wrap(text, columns, columns_of))


def _width(text: str) -> int:
    return sum(map(columns_of, text))


def _pad(text: str, columns: int, align: Align, fill: str = " ") -> str:
    free = max(0, columns - _width(text))
    before = {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[align]
    return fill * before + text + fill * (free - before)
