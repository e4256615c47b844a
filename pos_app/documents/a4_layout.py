"""The A4 receipt set in pages: items at places, in tenths of a millimetre from the top left corner.

Decides margins, columns, breaks and page numbers: the head of the table stands on every page, a line of goods is never
torn apart unless it alone is longer than a page, and the sums stay together. Does not draw and does not decide words.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from pos_app.documents.codes import encode
from pos_app.documents.glyphs import drawable, drawable_lines
from pos_app.documents.layout import Box, Image, Item, Run, Stamp
from pos_app.documents.page import Symbology
from pos_app.documents.receipt_a4 import A4Line, A4Receipt
from pos_app.documents.wrap import Advance, wrap
from pos_app.words import speaking, translate

WIDTH, HEIGHT = 2100, 2970
LEFT, RIGHT, TOP, BOTTOM = 180, 1920, 180, 2760
FOOT = 2850
SMALL, BODY, LARGE, TITLE = 28, 33, 44, 60
_LEADING = 145
"""Line height in per cent of the characters'."""
_EDGES = (LEFT, 270, 1010, 1200, 1430, 1650, RIGHT)
"""Left edges of the columns, and the right edge of the last."""
_RIGHT_FROM = 2
"""Columns from this one on are set to the right."""
_GAP = 20
_QR = 380
_LOGO_HIGHEST = 220

Metrics = Callable[[int, bool], Advance]
Page = tuple[Item, ...]


def lay_out_a4(receipt: A4Receipt, metrics: Metrics) -> tuple[Page, ...]:
    """Return the pages; raise InvalidValueError for a code that cannot be."""
    with speaking(receipt.language):
        return _Setter(receipt, metrics).pages()


@dataclass(slots=True)
class _Setter:
    receipt: A4Receipt
    metrics: Metrics
    y: int = TOP
    done: list[list[Item]] = field(default_factory=lambda: [[]])

    def pages(self) -> tuple[Page, ...]:
        self._letterhead()
        self._facts()
        self._table_head()
        for line in self.receipt.lines:
            self._line(line)
        self._sums()
        count = len(self.done)
        for at, items in enumerate(self.done, start=1):
            words = translate("documents.a4.page", page=at, pages=count)
            self._put(items, self.receipt.number, (LEFT, FOOT), SMALL)
            self._put(items, words, (RIGHT - self._width(drawable(words), SMALL), FOOT), SMALL)
        return tuple(tuple(items) for items in self.done)

    # -- Words ---------------------------------------------------------------------------------------------

    def _put(
        self, items: list[Item], text: str, at: tuple[float, int], size: int, bold: bool = False
    ) -> None:
        """Set one line whose left top corner is at a place."""
        items.append(Run(at[0], at[1] + size, drawable(text), size, bold))

    def _say(self, text: str, x: int, y: int, size: int = BODY, *, bold: bool = False) -> None:
        self._put(self.done[-1], text, (float(x), y), size, bold)

    def _say_to(self, text: str, right: int, y: int, size: int = BODY, *, bold: bool = False) -> None:
        self._put(self.done[-1], text, (right - self._width(drawable(text), size, bold), y), size, bold)

    def _width(self, text: str, size: int, bold: bool = False) -> float:
        return sum(map(self.metrics(size, bold), text))

    def _wrapped(self, text: str, width: int, size: int, bold: bool = False) -> list[str]:
        advance = self.metrics(size, bold)
        return [line for part in drawable_lines(text) for line in wrap(part, width, advance)]

    def _rule(self, thick: int = 2, left: int = LEFT, right: int = RIGHT) -> None:
        self.done[-1].append(Box(left, self.y, right - left, thick))

    # -- Pages ---------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        """Begin another page, with the shop and the number small at its top."""
        self.done.append([])
        self.y = TOP
        self._say(self.receipt.shop, LEFT, self.y, SMALL, bold=True)
        right = " · ".join(filter(None, (self.receipt.title, self.receipt.copy)))
        self._say_to(right, RIGHT, self.y, SMALL)
        self.y += _high(SMALL) + _GAP

    def _room(self, height: int) -> bool:
        return self.y + height <= BOTTOM

    def _letterhead(self) -> None:
        receipt = self.receipt
        x, top = LEFT, self.y
        bottom = top
        if receipt.logo:
            width, height = _logo_size(receipt.logo, receipt.logo_width_mm * 10)
            self.done[-1].append(Image(LEFT, top, width, height, receipt.logo))
            x, bottom = LEFT + width + 40, top + height
        title_width = int(max(self._width(receipt.title, TITLE, True), self._width(receipt.copy, BODY, True)))
        for line in self._wrapped(receipt.shop, RIGHT - x - title_width - 60, LARGE, True):
            self._say(line, x, self.y, LARGE, bold=True)
            self.y += _high(LARGE)
        for text in receipt.contact:
            for line in self._wrapped(text, RIGHT - x - title_width - 60, SMALL):
                self._say(line, x, self.y, SMALL)
                self.y += _high(SMALL)
        self._say_to(receipt.title, RIGHT, top, TITLE, bold=True)
        if receipt.copy:
            words = self._width(receipt.copy, BODY, True)
            left, y = int(RIGHT - words - 40), top + _high(TITLE) + 8
            self.done[-1].append(Box(left, y, RIGHT - left, 56))
            self.done[-1].append(Run(left + 20, y + 40, drawable(receipt.copy), BODY, True, inverse=True))
            bottom = max(bottom, y + 64)
        self.y = max(self.y, bottom) + _GAP
        self._rule(4)
        self.y += _GAP + 4

    def _facts(self) -> None:
        """Set what the sale is in two columns, and below them the member."""
        half = (RIGHT - LEFT) // 2
        pairs = (*self.receipt.facts, *self.receipt.member)
        for at in range(0, len(pairs), 2):
            tops = []
            for column, (label, value) in enumerate(pairs[at : at + 2]):
                x = LEFT + column * half
                self._say(label, x, self.y, SMALL)
                lines = self._wrapped(value, half - 300, BODY)
                for n, line in enumerate(lines):
                    self._say(line, x + 270, self.y - 4 + n * _high(BODY))
                tops.append(len(lines) * _high(BODY))
            self.y += max(tops)
        self.y += _GAP

    # -- The table -----------------------------------------------------------------------------------------

    def _table_head(self) -> None:
        self._rule()
        for at, words in enumerate(self.receipt.columns):
            self._cell(at, words, self.y + 12, SMALL, bold=True)
        self.y += _high(SMALL) + 18
        self._rule()
        self.y += 14

    def _cell(self, at: int, text: str, y: int, size: int = BODY, *, bold: bool = False) -> None:
        if at >= _RIGHT_FROM:
            self._say_to(text, _EDGES[at + 1] - (_GAP if at + 2 < len(_EDGES) else 0), y, size, bold=bold)
        else:
            self._say(text, _EDGES[at], y, size, bold=bold)

    def _line(self, line: A4Line) -> None:
        width = _EDGES[2] - _EDGES[1] - _GAP
        words = [(part, BODY) for part in self._wrapped(line.name, width, BODY)]
        words += [(part, SMALL) for text in line.under for part in self._wrapped(text, width, SMALL)]
        cells = (line.quantity, line.price, line.reduction, line.amount)
        height = max(sum(_high(size) for _, size in words), _high(BODY)) + 14
        if not self._room(height):
            self._turn()
            self._table_head()
        self._cell(0, line.place, self.y, SMALL)
        for at, text in enumerate(cells, start=_RIGHT_FROM):
            self._cell(at, text, self.y, BODY if self._fits(at, text) else SMALL, bold=at == 5)
        for part, size in words:
            if not self._room(_high(size)):
                self._turn()
                self._table_head()
            self._say(part, _EDGES[1], self.y, size)
            self.y += _high(size)
        self.y += 14

    def _fits(self, at: int, text: str) -> bool:
        return self._width(drawable(text), BODY, at == 5) <= _EDGES[at + 1] - _EDGES[at] - _GAP

    # -- The sums ------------------------------------------------------------------------------------------

    def _sums(self) -> None:
        """Set the totals on the right, taxes and code on the left, the foot below; on one page."""
        receipt = self.receipt
        middle = 1090
        right = list(self._totals(middle))
        left_height = (len(receipt.taxes) + 1) * (_high(SMALL) + 8) + _QR + 100
        right_height = sum(height for *_, height in right)
        foot = [line for text in receipt.footer for line in self._wrapped(text, RIGHT - LEFT, SMALL)]
        note = self._wrapped(receipt.note, RIGHT - LEFT, BODY) if receipt.note else []
        below = len(foot) * _high(SMALL) + len(note) * _high(BODY) + 4 * _GAP
        if not self._room(max(left_height, right_height) + below):
            self._turn()
        self._rule()
        self.y += _GAP
        top = self.y
        self._taxes(middle - 90)
        self._code()
        bottom, self.y = self.y, top
        for label, value, size, bold, height in right:
            self._say(label, middle, self.y, size, bold=bold)
            self._say_to(value, RIGHT, self.y, size, bold=bold)
            self.y += height
        self.y = max(self.y, bottom) + _GAP
        for line in note:
            self._say(line, LEFT, self.y)
            self.y += _high(BODY)
        self.y += _GAP
        self._rule()
        self.y += _GAP
        for line in foot:
            self._say(line, LEFT, self.y, SMALL)
            self.y += _high(SMALL)

    def _totals(self, left: int) -> Iterator[tuple[str, str, int, bool, int]]:
        """Yield label, value, size, weight and height of each line of the sums; a long label is cut with …."""
        for label, value, due in self.receipt.totals:
            size = LARGE if due else BODY
            yield self._short(label, value, left, size), value, size, due, _high(size) + (10 if due else 0)
        for label, value in self.receipt.paid:
            yield self._short(label, value, left, BODY), value, BODY, False, _high(BODY)

    def _short(self, label: str, value: str, left: int, size: int) -> str:
        room = RIGHT - left - self._width(drawable(value), size, True) - _GAP
        shown = drawable(label)
        if self._width(shown, size, True) <= room:
            return shown
        while shown and self._width(shown + "…", size, True) > room:
            shown = shown[:-1]
        return shown + "…"

    def _taxes(self, right: int) -> None:
        if not self.receipt.taxes:
            return
        rows: Sequence[tuple[str, ...]] = (self.receipt.tax_columns, *self.receipt.taxes)
        step = (right - LEFT) // 4
        for place, row in enumerate(rows):
            self._say(row[0], LEFT, self.y, SMALL, bold=place == 0)
            for at, text in enumerate(row[1:], start=2):
                self._say_to(text, LEFT + step * at, self.y, SMALL, bold=place == 0)
            self.y += _high(SMALL) + 8
            if place == 0:
                self._rule(1, LEFT, right)
                self.y += 6

    def _code(self) -> None:
        modules = encode(Symbology.QR, self.receipt.code)
        module = max(3, _QR // (modules.width + 2 * modules.quiet))
        self.y += modules.quiet * module
        self.done[-1].append(Stamp(LEFT, self.y, modules.rows, module, module))
        self.y += modules.width * module + 8
        self._say(self.receipt.number, LEFT, self.y, SMALL)
        self.y += _high(SMALL)


def _high(size: int) -> int:
    return size * _LEADING // 100


def _logo_size(content: bytes, width: int) -> tuple[int, int]:
    from PIL import Image as Pictures

    with Pictures.open(BytesIO(content)) as picture:
        height = max(1, width * picture.height // picture.width)
    if height > _LOGO_HIGHEST:
        width, height = max(1, width * _LOGO_HIGHEST // height), _LOGO_HIGHEST
    return width, height
