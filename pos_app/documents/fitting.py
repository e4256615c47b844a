"""Text and codes fitted into an area of fixed size: what shrinks, what wraps, what ends in an ellipsis.

Decides the grid on which cards and labels are set (millimetres to dots), the size of a text that must fit, and the
width of a code's modules. Does not decide where things stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.documents.codes import encode
from pos_app.documents.glyphs import drawable
from pos_app.documents.layout import Metrics, Stamp
from pos_app.documents.page import Symbology
from pos_app.documents.wrap import Advance, wrap
from pos_app.domain.errors import InvalidValueError

ELLIPSIS = "…"
BASELINE_PERCENT = 88
"""How far below the top of its line a baseline lies, in per cent of the size: the height of a Han character."""


class NoRoomError(InvalidValueError):
    """Something that may not be made smaller has no room on this size; `text` is what."""

    code = "labels.error.no_room"


@dataclass(frozen=True, slots=True)
class Grid:
    """The dots that things are set on: `dots` in `um` micrometres, and the narrowest modules a scanner reads.

    `least_module` is of bars, `least_square` of a QR, whose single dots blur more easily.
    """

    dots: int
    um: int
    least_module: int
    least_square: int
    best_module: int

    def of(self, um: int) -> int:
        """Return a length in dots, rounded to the nearest."""
        return (2 * um * self.dots + self.um) // (2 * self.um)


ROLL = Grid(dots=8, um=1000, least_module=2, least_square=2, best_module=3)
"""A thermal head of 203 dpi (8 dots a millimetre): modules of 0.25 mm at least, 0.375 mm where there is room."""
FINE = Grid(dots=600, um=25_400, least_module=7, least_square=8, best_module=9)
"""A page printer of 600 dpi, whose dots modules are whole numbers of: bars of 0.296 mm at least, 0.381 mm with room."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A text broken and sized: it takes `height` dots."""

    lines: tuple[str, ...]
    pixels: int
    bold: bool
    leading_percent: int = 122

    @property
    def leading(self) -> int:
        """Dots from one baseline to the next."""
        return self.pixels * self.leading_percent // 100

    @property
    def height(self) -> int:
        """Dots that the lines take together."""
        return self.leading * (len(self.lines) - 1) + self.pixels if self.lines else 0


@dataclass(frozen=True, slots=True)
class Setting:
    """A grid and the widths of its font's characters."""

    grid: Grid
    metrics: Metrics

    def width(self, text: str, pixels: int, bold: bool = False) -> float:
        """Return how wide a drawable text is."""
        return sum(map(self.metrics(pixels, bold), text))

    def lines(
        self, text: str, room: float, sizes: Sequence[int], *, bold: bool = False, most: int = 1
    ) -> Lines:
        """Break a text into at most `most` lines at the largest size that does; at the least one it is elided."""
        shown = drawable(text)
        for pixels in sizes:
            broken = wrap(shown, room, self.metrics(pixels, bold))
            if len(broken) <= most:
                return Lines(tuple(broken), pixels, bold)
        advance = self.metrics(sizes[-1], bold)
        last = elided(broken[most - 1] + ELLIPSIS, room, advance)
        return Lines((*broken[: most - 1], last), sizes[-1], bold)

    def value(self, text: str, room: float, sizes: Sequence[int], *, bold: bool = False) -> Lines:
        """Return a value on one line, whole, at the largest size that fits; raise NoRoomError when none does."""
        shown = drawable(text)
        for pixels in sizes:
            if self.width(shown, pixels, bold) <= room:
                return Lines((shown,), pixels, bold)
        raise NoRoomError(field="value", text=text)

    def bars(self, symbology: Symbology, payload: str, room: int) -> Stamp | None:
        """Return a linear code of one row whose quiet zones fit into `room` dots too, None when it is too long.

        It stands at 0, 0 with rows of one dot; raise InvalidValueError for a payload that it cannot carry.
        """
        modules = encode(symbology, payload)
        module = min(self.grid.best_module, room // (modules.width + 2 * modules.quiet))
        if module < self.grid.least_module:
            return None
        return Stamp(0, 0, modules.rows, module, 1)

    def square(self, payload: str, high: int, wide: int, most: int) -> Stamp | None:
        """Return a QR that stands with its quiet zone in `high` × `wide` dots, None when no readable size fits.

        Its modules are at most `most` dots; it stands inside its quiet zone, whose corner is at 0, 0. Raises
        InvalidValueError for a payload that no QR of ours carries.
        """
        modules = encode(Symbology.QR, payload)
        module = min(most, min(high, wide) // (modules.width + 2 * modules.quiet))
        if module < self.grid.least_square:
            return None
        at = modules.quiet * module
        return Stamp(at, at, modules.rows, module, module)

    def side(self, square: Stamp) -> int:
        """Return how many dots a QR takes with its quiet zone."""
        return len(square.rows) * square.module + 2 * square.x


def elided(text: str, room: float, advance: Advance) -> str:
    """Return a text that fits, its end replaced by an ellipsis when it does not."""
    if sum(map(advance, text)) <= room:
        return text
    text = text.removesuffix(ELLIPSIS)
    while text and sum(map(advance, text)) + advance(ELLIPSIS) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def sizes(largest: int, least: int) -> tuple[int, ...]:
    """Return sizes to try from the largest down to the least, each about 6 % below the one before."""
    out = [max(largest, least)]
    while out[-1] > least:
        out.append(max(least, min(out[-1] - 1, out[-1] * 94 // 100)))
    return tuple(out)
