"""A member card of credit-card size: what stands on its front and back, and where.

Decides the composition inside the safe area (4 mm), on a ground that bleeds 3 mm over the cut: the shop and the
level above, the member, the number and a QR below; the back carries the number as Code 128 for scanners of bars. Both
codes say the bare number. Colours come from `card_themes`, ink from the renderer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.documents.card_themes import theme_of
from pos_app.documents.fitting import BASELINE_PERCENT, Lines, NoRoomError, Setting, sizes
from pos_app.documents.label_column import runs
from pos_app.documents.layout import Box, Run, Stamp
from pos_app.documents.page import Symbology
from pos_app.documents.sheets import BLEED_UM, CARD_HEIGHT_UM, CARD_WIDTH_UM, SAFE_UM
from pos_app.domain.cards import grouped
from pos_app.words import speaking, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """What a card says, as it is when the card is made.

    `level` 1-5 gives the colour and `level_name` the word; both None for a member without a level. `colour` (#RRGGBB)
    is the shop's own for cards without a level. `contact` is whom a finder should call.
    """

    shop: str
    member: str
    number: str
    level: int | None = None
    level_name: str | None = None
    colour: str = ""
    contact: str = ""
    language: str = "zh_CN"


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle of colour by its centre and radius."""

    x: int
    y: int
    radius: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle with round corners."""

    x: int
    y: int
    width: int
    height: int
    radius: int


@dataclass(frozen=True, slots=True)
class Painted:
    """Something on the card in one colour."""

    colour: str
    what: Run | Box | Stamp | Disc | Tile


@dataclass(frozen=True, slots=True)
class CardSide:
    """One side, in dots from the top left corner of the cut; what bleeds has coordinates outside of the card."""

    painted: tuple[Painted, ...]


_PAPER, _INK, _SOFT = "#FFFFFF", "#14171A", "#4A545F"
_QR_TILE_UM = 18_600
_BARS_UM = 13_500
_HEAD_UM = 13_000


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Lengths of a card on a grid, in dots."""

    setting: Setting

    def of(self, um: int) -> int:
        return self.setting.grid.of(um)

    def between(self, largest_um: int, least_um: int) -> tuple[int, ...]:
        return sizes(self.of(largest_um), self.of(least_um))

    @property
    def left(self) -> int:
        return self.of(SAFE_UM)

    @property
    def right(self) -> int:
        return self.of(CARD_WIDTH_UM - SAFE_UM)

    @property
    def bottom(self) -> int:
        return self.of(CARD_HEIGHT_UM - SAFE_UM)


def card_front(face: CardFace, setting: Setting) -> CardSide:
    """Set the front; raise InvalidValueError for a number that no code carries, a level or a colour that is none."""
    with speaking(face.language):
        return CardSide((*_ground(face, setting), *_heading(face, setting), *_owner(face, setting)))


def card_back(face: CardFace, setting: Setting) -> CardSide:
    """Set the back; raise InvalidValueError for a number that bars of this width cannot carry."""
    with speaking(face.language):
        return CardSide((*_back_head(face, setting), *_back_code(face, setting), *_back_words(face, setting)))


def _ground(face: CardFace, setting: Setting) -> Iterator[Painted]:
    of, theme = setting.grid.of, theme_of(face.level, face.colour)
    bleed = of(BLEED_UM)
    width, height = of(CARD_WIDTH_UM), of(CARD_HEIGHT_UM)
    yield Painted(theme.ground, Box(-bleed, -bleed, width + 2 * bleed, height + 2 * bleed))
    yield Painted(theme.shape, Disc(of(80_000), of(4_000), of(44_000)))
    yield Painted(theme.shape_far, Disc(of(92_000), of(-6_000), of(33_000)))


def _heading(face: CardFace, setting: Setting) -> Iterator[Painted]:
    """The shop on the left, the level or the word for a member card on the right, on one baseline."""
    size, theme = _Sizes(setting), theme_of(face.level, face.colour)
    word = face.level_name or translate("cards.face.member_card")
    room = size.right - size.left
    level = setting.lines(word, room * 40 // 100, size.between(3600, 2600), bold=True)
    level_wide = setting.width(level.lines[0], level.pixels, True)
    shop = setting.lines(
        face.shop, room - level_wide - size.of(5000), size.between(5000, 3200), bold=True, most=2
    )
    base = size.left + max(shop.pixels, level.pixels) * BASELINE_PERCENT // 100
    yield from _painted(theme.text, shop, size.left, base - shop.pixels * BASELINE_PERCENT // 100)
    yield Painted(theme.accent, Run(size.right - level_wide, base, level.lines[0], level.pixels, True))


def _owner(face: CardFace, setting: Setting) -> Iterator[Painted]:
    """The QR on its white tile at the right, the name above the number at the left, all on the lower edge."""
    size, theme = _Sizes(setting), theme_of(face.level, face.colour)
    tile = size.of(_QR_TILE_UM)
    x, y = size.right - tile, size.bottom - tile
    square = setting.square(face.number, tile, tile, 2 * setting.grid.best_module)
    if square is None:
        raise NoRoomError(field="card_number", text=face.number)
    inset = (tile - setting.side(square)) // 2
    yield Painted(_PAPER, Tile(x, y, tile, tile, size.of(1600)))
    place = Stamp(x + inset + square.x, y + inset + square.y, square.rows, square.module, square.row_height)
    yield Painted(_INK, place)
    room = x - size.left - size.of(4000)
    number = setting.value(grouped(face.number), room, size.between(5200, 2200))
    name = setting.lines(face.member, room, size.between(5000, 2500), bold=True, most=2)
    number_top = size.bottom - number.pixels * 90 // 100
    yield from _painted(theme.text, name, size.left, number_top - size.of(1800) - name.height)
    yield from _painted(theme.text, number, size.left, number_top)


def _back_head(face: CardFace, setting: Setting) -> Iterator[Painted]:
    """White paper, and a band in the card's colour with the shop."""
    size, theme = _Sizes(setting), theme_of(face.level, face.colour)
    bleed, width = size.of(BLEED_UM), size.of(CARD_WIDTH_UM)
    yield Painted(_PAPER, Box(-bleed, -bleed, width + 2 * bleed, size.of(CARD_HEIGHT_UM) + 2 * bleed))
    yield Painted(theme.ground, Box(-bleed, -bleed, width + 2 * bleed, size.of(_HEAD_UM) + bleed))
    word = setting.lines(
        face.level_name or translate("cards.face.member_card"), width // 3, size.between(3000, 2400)
    )
    wide = setting.width(word.lines[0], word.pixels)
    room = size.right - size.left - wide - size.of(5000)
    shop = setting.lines(face.shop, room, size.between(3800, 2600), bold=True)
    top = max(size.left, (size.of(_HEAD_UM) - shop.pixels) // 2)
    base = top + shop.pixels * BASELINE_PERCENT // 100
    yield Painted(theme.text, Run(size.left, base, shop.lines[0], shop.pixels, True))
    yield Painted(theme.quiet, Run(size.right - wide, base, word.lines[0], word.pixels, False))


def _back_code(face: CardFace, setting: Setting) -> Iterator[Painted]:
    """The number in bars over the width of the safe area, and for people below."""
    size = _Sizes(setting)
    bars = setting.bars(Symbology.CODE128, face.number, size.of(CARD_WIDTH_UM))
    if bars is None:
        raise NoRoomError(field="card_number", text=face.number)
    modules = len(bars.rows[0])
    # A card has more room than a label; a wider module is read from further away.
    module = min(size.of(CARD_WIDTH_UM) // (modules + 20), size.of(500), (size.right - size.left) // modules)
    x = (size.of(CARD_WIDTH_UM) - modules * module) // 2
    top = size.of(_HEAD_UM + 4_000)
    yield Painted(_INK, Stamp(x, top, bars.rows, module, size.of(_BARS_UM)))
    text = setting.value(grouped(face.number), size.right - size.left, size.between(4000, 2200))
    wide = setting.width(text.lines[0], text.pixels)
    base = top + size.of(_BARS_UM + 1_200) + text.pixels * BASELINE_PERCENT // 100
    yield Painted(_INK, Run((size.of(CARD_WIDTH_UM) - wide) / 2, base, text.lines[0], text.pixels, False))


def _back_words(face: CardFace, setting: Setting) -> Iterator[Painted]:
    size = _Sizes(setting)
    texts = [translate("cards.back.how"), translate("cards.back.lost")]
    if face.contact:
        texts.append(translate("cards.back.found", contact=face.contact))
    lines = [setting.lines(text, size.right - size.left, size.between(2400, 1800)) for text in texts]
    step = size.of(3500)
    top = size.bottom - step * (len(lines) - 1) - lines[-1].pixels
    for at, line in enumerate(lines):
        wide = setting.width(line.lines[0], line.pixels)
        base = top + at * step + line.pixels * BASELINE_PERCENT // 100
        yield Painted(
            _SOFT, Run((size.of(CARD_WIDTH_UM) - wide) / 2, base, line.lines[0], line.pixels, False)
        )


def _painted(colour: str, lines: Lines, x: int, top: int) -> Iterator[Painted]:
    yield from (Painted(colour, run) for run in runs(lines, x, top))
