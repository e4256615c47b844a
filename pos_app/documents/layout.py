"""A page set on a roll: every block becomes items at places, in dots of 203 dpi (8 dots a millimetre).

Decides sizes, breaks, columns, quiet zones and the height of the page, once for raster and PDF, which differ
only in how wide their font draws a character. Does not draw.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_app.documents.codes import encode
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
    Picture,
    Row,
    Rule,
    Size,
    Space,
    Stroke,
    Symbology,
    Text,
)
from pos_app.documents.wrap import Advance, wrap
from pos_app.domain.errors import InvalidValueError

DOTS_PER_MM = 8
PIXELS = {Size.SMALL: 20, Size.BODY: 24, Size.LARGE: 32, Size.TITLE: 44}
_LINE_PERCENT = 133
_BASELINE_PERCENT = 101
_BANNER_PIXELS = 34
_BANNER_HEIGHT = 56
_BAR_HEIGHT = 80
_QR_DOTS = 208
"""A QR code grows to 26 mm at most; a hand-held phone reads modules of half a millimetre easily."""
_INDENT_DOTS = PIXELS[Size.BODY] // 2
_EDGE_DOTS = 16
"""White that can be relied on beside the printable width: 2 mm of the 4 or 5 that a roll leaves."""

Metrics = Callable[[int, bool], Advance]
"""From a character height in dots and a weight to the widths of characters in dots."""


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text: its left edge and baseline; `inverse` is white on black."""

    x: float
    baseline: int
    text: str
    pixels: int
    bold: bool
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of ink."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A code: `rows` of modules, each `module` dots wide and `row_height` dots high."""

    x: int
    y: int
    rows: tuple[bytes, ...]
    module: int
    row_height: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture scaled to a rectangle."""

    x: int
    y: int
    width: int
    height: int
    content: bytes


Item = Run | Box | Stamp | Image


@dataclass(frozen=True, slots=True)
class Layout:
    """Items on an area of `width` × `height` dots."""

    width: int
    height: int
    items: tuple[Item, ...]


def lay_out(page: Page, width: int, metrics: Metrics) -> Layout:
    """Set a page in `width` dots; raise InvalidValueError for a code whose payload or width cannot be."""
    pen = _Pen(width, metrics)
    for block in page.blocks:
        pen.set(block)
    return Layout(width, pen.y, tuple(pen.items))


@dataclass(slots=True)
class _Pen:
    """Where the next block begins."""

    width: int
    metrics: Metrics
    y: int = 0
    items: list[Item] = field(default_factory=list)

    def set(self, block: Block) -> None:
        match block:
            case Text():
                self._text(block)
            case Row():
                self._row(block)
            case Grid():
                for row in block.rows:
                    self._cells(row, block.size, block.bold)
            case Rule():
                self._rule(block)
            case Space():
                self.y += block.tenths_mm * DOTS_PER_MM // 10
            case Code():
                self._codes((block,), block.caption)
            case Codes():
                self._codes(block.codes, block.caption)
            case Picture():
                self._picture(block)
            case Banner():
                self._banner(block)

    def _line(self, parts: list[tuple[str, float, float, Align]], size: Size, bold: bool) -> None:
        """Set one line from (text, left edge, width, align) parts on a common baseline."""
        pixels = PIXELS[size]
        advance = self.metrics(pixels, bold)
        baseline = self.y + pixels * _BASELINE_PERCENT // 100
        for text, left, width, align in parts:
            if not text:
                continue
            free = width - sum(map(advance, text))
            shift = {Align.LEFT: 0.0, Align.CENTRE: free / 2, Align.RIGHT: free}[align]
            self.items.append(Run(left + shift, baseline, text, pixels, bold))
        self.y += pixels * _LINE_PERCENT // 100

    def _text(self, block: Text) -> None:
        advance = self.metrics(PIXELS[block.size], block.bold)
        for paragraph in drawable_lines(block.text):
            for line in wrap(paragraph, self.width, advance):
                self._line([(line, 0, self.width, block.align)], block.size, block.bold)

    def _row(self, block: Row) -> None:
        pixels = PIXELS[block.size]
        advance = self.metrics(pixels, block.bold)
        indent = block.indent * _INDENT_DOTS
        right = drawable(block.right)
        right_width = sum(map(advance, right))
        room = self.width - indent - right_width - (pixels / 2 if right else 0)
        if right and room < self.width / 4:
            # The value alone fills the line: the label stands above it.
            for line in wrap(drawable(block.left), self.width - indent, advance):
                self._line([(line, indent, self.width - indent, Align.LEFT)], block.size, block.bold)
            for line in wrap(right, self.width, advance):
                self._line([(line, 0, self.width, Align.RIGHT)], block.size, block.bold)
            return
        for at, line in enumerate(wrap(drawable(block.left), room, advance)):
            parts = [(line, float(indent), room, Align.LEFT)]
            if at == 0:
                parts.append((right, 0.0, float(self.width), Align.RIGHT))
            self._line(parts, block.size, block.bold)

    def _cells(self, cells: tuple[Cell, ...], size: Size, bold: bool) -> None:
        advance = self.metrics(PIXELS[size], bold)
        gap = PIXELS[size] // 3
        shares = sum(cell.share for cell in cells)
        columns, left = [], 0.0
        for cell in cells:
            span = self.width * cell.share / shares
            room = span - (0 if cell is cells[-1] else gap)
            columns.append((wrap(drawable(cell.text), room, advance), left, room, cell.align))
            left += span
        for at in range(max(len(lines) for lines, *_ in columns)):
            self._line(
                [(lines[at], x, room, align) for lines, x, room, align in columns if at < len(lines)],
                size,
                bold,
            )

    def _rule(self, block: Rule) -> None:
        self.y += 8
        if block.stroke is Stroke.SOLID:
            self.items.append(Box(0, self.y, self.width, 3))
        else:
            self.items += [Box(x, self.y, min(8, self.width - x), 2) for x in range(0, self.width, 14)]
        self.y += 10

    def _codes(self, codes: tuple[Code, ...], caption: str) -> None:
        shapes = [_shape(code, self.width) for code in codes]
        gap = max(shape.quiet for shape in shapes)
        total = sum(shape.width for shape in shapes) + gap * (len(shapes) - 1)
        if any(shape.ladder for shape in shapes) and total + 2 * shapes[0].quiet <= self.width:
            self._side_by_side(shapes, gap, total)
        else:
            for shape in shapes:
                self.y += shape.quiet_above
                self._stamp((self.width - shape.width) // 2, self.y, shape)
                self.y += shape.height + shape.quiet_above
        if caption:
            self._text(Text(caption, Size.SMALL, align=Align.CENTRE))

    def _side_by_side(self, shapes: list["_Shape"], gap: int, total: int) -> None:
        above = max(shape.quiet_above for shape in shapes)
        height = max(shape.height for shape in shapes)
        self.y += above
        x = (self.width - total) // 2
        for shape in shapes:
            self._stamp(x, self.y + (height - shape.height) // 2, shape)
            x += shape.width + gap
        self.y += height + above

    def _stamp(self, x: int, y: int, shape: "_Shape") -> None:
        self.items.append(Stamp(x, y, shape.rows, shape.module, shape.row_height))

    def _picture(self, block: Picture) -> None:
        from io import BytesIO

        from PIL import Image as Pictures

        with Pictures.open(BytesIO(block.content)) as picture:
            width = min(self.width, block.width_mm * DOTS_PER_MM)
            height = max(1, width * picture.height // picture.width)
        self.items.append(Image((self.width - width) // 2, self.y, width, height, block.content))
        self.y += height

    def _banner(self, block: Banner) -> None:
        advance = self.metrics(_BANNER_PIXELS, True)
        text = wrap(drawable(block.text), self.width - 16, advance)[0]
        self.items.append(Box(0, self.y, self.width, _BANNER_HEIGHT))
        x = (self.width - sum(map(advance, text))) / 2
        self.items.append(Run(x, self.y + 40, text, _BANNER_PIXELS, True, inverse=True))
        self.y += _BANNER_HEIGHT + 8


@dataclass(frozen=True, slots=True)
class _Shape:
    """A code in dots; `quiet` is the white it needs at its sides, `quiet_above` above and below."""

    rows: tuple[bytes, ...]
    module: int
    row_height: int
    quiet: int
    quiet_above: int
    ladder: bool = False

    @property
    def width(self) -> int:
        return len(self.rows[0]) * self.module

    @property
    def height(self) -> int:
        return len(self.rows) * self.row_height


def _shape(code: Code, width: int) -> _Shape:
    """Give a code the largest comfortable size; raise InvalidValueError when no readable size fits.

    A linear code that is too long for modules of two dots (0.25 mm: a cheap scanner's least) is set upright, as
    a ladder, along the paper.
    """
    modules = encode(code.symbology, code.payload)
    if code.symbology is Symbology.QR:
        module = min(8, width // (modules.width + 2 * modules.quiet), max(4, _QR_DOTS // modules.width))
        if module < 3:
            raise InvalidValueError(field="qr", text=code.payload)
        return _Shape(modules.rows, module, module, modules.quiet * module, modules.quiet * module)
    # The unprinted edge of the paper is white too, so a little of the quiet zone may lie on it.
    module = min(3, (width + 2 * _EDGE_DOTS) // (modules.width + 2 * modules.quiet), width // modules.width)
    if module >= 2:
        return _Shape(modules.rows, module, _BAR_HEIGHT, modules.quiet * module, 8)
    rungs = tuple(bytes([module]) for module in modules.rows[0])
    return _Shape(rungs, _BAR_HEIGHT, 2, 24, modules.quiet * 2, ladder=True)
