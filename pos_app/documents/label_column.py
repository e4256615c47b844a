"""A column of words on a label: lines one below the other, spread over the height that is left.

Decides how parts of one line share it (a price with its unit and the former price struck out) and how white is
spread between lines. Does not decide which parts there are.
"""

from dataclasses import dataclass, field, replace

from pos_app.documents.fitting import BASELINE_PERCENT, Lines, NoRoomError, Setting
from pos_app.documents.glyphs import drawable
from pos_app.documents.layout import Box, Item, Run

_SIGN_PERCENT, _UNIT_PERCENT, _FORMER_PERCENT = 62, 44, 46
_CAP_PERCENT, _BELOW_PERCENT = 76, 12
"""Height of a digit and depth of a comma, in per cent of the size."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One block of the column: its items are set with their top at 0."""

    items: tuple[Item, ...]
    height: int


@dataclass(slots=True)
class Column:
    """Blocks from `x`, `width` dots wide."""

    setting: Setting
    x: int
    width: int
    parts: list[_Part] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Dots that all blocks take without white between them."""
        return sum(part.height for part in self.parts)

    @property
    def gaps(self) -> int:
        """How many places between and below blocks there are."""
        return len(self.parts)

    def add_text(self, text: str, tried: tuple[int, ...], *, bold: bool = False, most: int = 1) -> None:
        """Add a text in at most `most` lines, elided when it does not fit at the least size; nothing for ""."""
        if not text:
            return
        lines = self.setting.lines(text, self.width, tried, bold=bold, most=most)
        self.parts.append(_Part(tuple(runs(lines, self.x, 0)), lines.height))

    def add_code(self, code: str, tried: tuple[int, ...], *, bold: bool = False) -> None:
        """Add a code for people to type: on one line if any size allows, else on two."""
        whole = self.setting.width(drawable(code), tried[-1], bold) <= self.width
        self.add_text(code, tried, bold=bold, most=1 if whole else 2)

    def add_pair(self, left: str, right: str, tried: tuple[int, ...]) -> None:
        """Add two values on one line, at its ends, or one below the other when they are too long together.

        One of them alone stands at the left.
        """
        if not left or not right:
            self.add_text(left or right, tried, bold=True)
            return
        for pixels in tried:
            gap = pixels // 2
            wide = self.setting.width(right, pixels)
            if self.setting.width(left, pixels, True) + wide + gap <= self.width:
                base = pixels * BASELINE_PERCENT // 100
                items = (
                    Run(self.x, base, left, pixels, True),
                    Run(self.x + self.width - wide, base, right, pixels, False),
                )
                self.parts.append(_Part(items, pixels))
                return
        self.add_text(left, tried, bold=True)
        self.add_text(right, tried)

    def add_price(self, price: str, unit: str, former: str, tried: tuple[int, ...]) -> None:
        """Add a price that is never elided, its unit behind it, and a former price struck out at the right.

        When they do not stand on one line, the former price has its own above; raise NoRoomError when the price
        alone is too wide at the least size.
        """
        at = next((at for at, char in enumerate(price) if char.isdigit()), 0)
        sign, digits = price[:at], price[at:]
        for pixels in tried:
            items, used = self._price(sign, digits, unit, pixels)
            room = self.width - used - pixels // 4
            small = pixels * _FORMER_PERCENT // 100
            if former and self.setting.width(former, small) <= room:
                items += struck(self.setting, former, self.x + self.width, self._base(pixels), small)
                self.parts.append(_Part(tuple(items), self._base(pixels) + pixels * _BELOW_PERCENT // 100))
                return
            if not former and used <= self.width:
                self.parts.append(_Part(tuple(items), self._base(pixels) + pixels * _BELOW_PERCENT // 100))
                return
        if not former:
            raise NoRoomError(field="label_price", text=price)
        least = tried[-1] * 70 // 100
        line = self.setting.value(former, self.width, tuple(range(least, least // 2, -1)))
        base = self._base(line.pixels)
        right = round(self.x + self.setting.width(former, line.pixels))
        self.parts.append(_Part(tuple(struck(self.setting, former, right, base, line.pixels)), base))
        self.add_price(price, unit, "", tried)

    def _base(self, pixels: int) -> int:
        return pixels * _CAP_PERCENT // 100

    def _price(self, sign: str, digits: str, unit: str, pixels: int) -> tuple[list[Item], float]:
        """Return sign, digits and unit on one baseline from `x`, and the width they take."""
        base, x = self._base(pixels), float(self.x)
        items: list[Item] = []
        for text, size, bold in (
            (sign, pixels * _SIGN_PERCENT // 100, True),
            (digits, pixels, True),
            (unit, pixels * _UNIT_PERCENT // 100, False),
        ):
            if text:
                x += size // 10 if text is unit else 0
                items.append(Run(x, base, text, size, bold))
                x += self.setting.width(text, size, bold)
        return items, x - self.x

    def spread(self, top: int, height: int, whole: bool = False) -> tuple[Item, ...]:
        """Return all items from `top`, with equal white between the blocks and below that fills `height`.

        `whole`: the column has the height for itself, so there is white above it too, and what is between two blocks
        is at most half of one.
        """
        free = max(0, height - self.height)
        gap = free // max(1, self.gaps + (1 if whole else 0))
        if whole and self.parts:
            gap = min(gap, self.height // len(self.parts) // 2)
            top += (free - gap * (self.gaps - 1)) // 2
        out: list[Item] = []
        y = top
        for part in self.parts:
            out += [moved(item, y) for item in part.items]
            y += part.height + gap
        return tuple(out)

    def centred(self, lines: Lines, top: int) -> tuple[Item, ...]:
        """Return lines in the middle of the column with their top at `top`."""
        out: list[Item] = []
        for run in runs(lines, self.x, top):
            free = self.width - self.setting.width(run.text, run.pixels, run.bold)
            out.append(Run(run.x + free / 2, run.baseline, run.text, run.pixels, run.bold))
        return tuple(out)


def runs(lines: Lines, x: int, top: int) -> list[Run]:
    """Return the runs of fitted lines from their top left corner."""
    first = top + lines.pixels * BASELINE_PERCENT // 100
    return [
        Run(x, first + at * lines.leading, text, lines.pixels, lines.bold)
        for at, text in enumerate(lines.lines)
    ]


def struck(setting: Setting, text: str, right: int, base: int, pixels: int) -> list[Item]:
    """Return a text that ends at `right`, with a line through the middle of its digits."""
    wide = setting.width(text, pixels)
    thick = max(1, pixels // 14)
    line = Box(round(right - wide), base - pixels * 36 // 100, round(wide), thick)
    return [Run(right - wide, base, text, pixels, False), line]


def moved(item: Item, down: int, across: int = 0) -> Item:
    """Return an item at another place."""
    if isinstance(item, Run):
        return Run(item.x + across, item.baseline + down, item.text, item.pixels, item.bold, item.inverse)
    return replace(item, x=item.x + across, y=item.y + down)
