"""Where labels and cards stand on sheets of A4 and on rolls: formats as data, places reckoned from them.

Decides sizes, margins, the order of places, a start in the middle of a part-used sheet, and where crop marks go. All
lengths are micrometres from the top left corner, x to the right and y down. Does not decide what stands on a label.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pos_app.domain.errors import InvalidValueError

A4_WIDTH_UM, A4_HEIGHT_UM = 210_000, 297_000


class SheetStartError(InvalidValueError):
    """The position to begin at is not on the sheet; `most` is its last one."""

    code = "labels.error.start"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in micrometres."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SheetFormat:
    """Labels on a sheet of A4: how many, how large, where the first one is and how far apart they are.

    `padding_um` is white inside each label: more where labels reach to the edge that no printer prints on.
    """

    key: str
    columns: int
    rows: int
    label: Area
    pitch_x_um: int
    pitch_y_um: int
    padding_um: int

    @property
    def a_sheet(self) -> int:
        """Labels of one sheet."""
        return self.columns * self.rows

    def place(self, at: int) -> Area:
        """Return the place of the label at a position of its sheet, counted from 0, row by row."""
        row, column = divmod(at, self.columns)
        return Area(
            self.label.x + column * self.pitch_x_um,
            self.label.y + row * self.pitch_y_um,
            self.label.width,
            self.label.height,
        )


@dataclass(frozen=True, slots=True)
class RollFormat:
    """Labels on a roll, one after another: size, the gap between two, and the panels that may be printed on.

    A plain label has one panel. A jewellery tag has two, for its front and its back, and a tail without print.
    """

    key: str
    width_um: int
    height_um: int
    gap_um: int
    panels: tuple[Area, ...]
    padding_um: int

    @property
    def is_tag(self) -> bool:
        """Whether it is a jewellery tag, whose front and back are apart."""
        return len(self.panels) == 2


def _plain(key: str, width_mm: int, height_mm: int) -> RollFormat:
    panel = Area(0, 0, width_mm * 1000, height_mm * 1000)
    return RollFormat(key, panel.width, panel.height, 2000, (panel,), 1500)


SHEETS = {
    f.key: f
    for f in (
        SheetFormat("a4_24", 3, 8, Area(0, 500, 70_000, 37_000), 70_000, 37_000, 4500),
        SheetFormat("a4_21", 3, 7, Area(7_250, 15_150, 63_500, 38_100), 66_000, 38_100, 2500),
        SheetFormat("a4_40", 4, 10, Area(8_000, 21_500, 48_500, 25_400), 48_500, 25_400, 2000),
        SheetFormat("a4_65", 5, 13, Area(4_750, 10_700, 38_100, 21_200), 40_600, 21_200, 1500),
    )
}
"""Sheets as the trade sells them: 70 × 37 mm edge to edge, 63.5 × 38.1, 48.5 × 25.4 and 38.1 × 21.2 mm."""

ROLLS = {
    f.key: f
    for f in (
        _plain("roll_30x20", 30, 20),
        _plain("roll_40x30", 40, 30),
        _plain("roll_50x30", 50, 30),
        _plain("roll_60x40", 60, 40),
        RollFormat(
            "tag_68x26",
            68_000,
            26_000,
            3000,
            (Area(1_000, 500, 30_000, 12_000), Area(1_000, 13_500, 30_000, 12_000)),
            750,
        ),
        RollFormat(
            "tag_72x10",
            72_000,
            10_000,
            3000,
            (Area(0, 0, 22_000, 10_000), Area(22_000, 0, 22_000, 10_000)),
            750,
        ),
    )
}
"""Rolls for label printers of 203 dpi. The tags: a butterfly, two wings folded at their middle, and a rat's tail."""


def places(form: SheetFormat, count: int, start: int = 1) -> Iterator[tuple[int, Area]]:
    """Yield the sheet (from 0) and the place of each of `count` labels.

    `start` is the first free position of the first sheet, from 1, row by row, so that a part-used sheet is used up.
    Raises SheetStartError for a start that is not on the sheet.
    """
    if not 1 <= start <= form.a_sheet:
        raise SheetStartError(field="label_start", text=str(start), most=form.a_sheet)
    for at in range(start - 1, start - 1 + count):
        sheet, position = divmod(at, form.a_sheet)
        yield sheet, form.place(position)


CARD_WIDTH_UM, CARD_HEIGHT_UM = 85_600, 53_980
"""ID-1 of ISO/IEC 7810, the size that card printers call CR80."""
CARD_RADIUS_UM = 3_180
BLEED_UM = 3_000
SAFE_UM = 4_000
CARD_COLUMNS, CARD_ROWS = 2, 5
CARDS_A_SHEET = CARD_COLUMNS * CARD_ROWS
_GAP_X_UM, _GAP_Y_UM = 2 * BLEED_UM, 2_000
SHEET_BLEED_Y_UM = _GAP_Y_UM // 2
"""Ten cards leave 27 mm of A4's height, so rows share a gap of 2 mm, each with 1 mm of bleed."""
_MARK_FROM_UM, _MARK_LENGTH_UM = 4_000, 4_000


def card_places(count: int, mirrored: bool = False) -> tuple[Area, ...]:
    """Return where the first `count` cards (0-10) of a sheet stand, row by row, cut edges without bleed.

    `mirrored` is the back of the sheet turned over its long edge: columns change sides, so that each back lies behind
    its front.
    """
    width = CARD_COLUMNS * CARD_WIDTH_UM + (CARD_COLUMNS - 1) * _GAP_X_UM
    height = CARD_ROWS * CARD_HEIGHT_UM + (CARD_ROWS - 1) * _GAP_Y_UM
    left, top = (A4_WIDTH_UM - width) // 2, (A4_HEIGHT_UM - height) // 2
    out = []
    for at in range(count):
        row, column = divmod(at, CARD_COLUMNS)
        if mirrored:
            column = CARD_COLUMNS - 1 - column
        x = left + column * (CARD_WIDTH_UM + _GAP_X_UM)
        out.append(Area(x, top + row * (CARD_HEIGHT_UM + _GAP_Y_UM), CARD_WIDTH_UM, CARD_HEIGHT_UM))
    return tuple(out)


def crop_marks() -> tuple[Area, ...]:
    """Return the marks in the margins of a sheet of cards, as lines: a width or a height is 0.

    They point at every cut edge and stay clear of the bleed.
    """
    cards = card_places(CARDS_A_SHEET)
    columns = sorted({edge for card in cards for edge in (card.x, card.x + card.width)})
    rows = sorted({edge for card in cards for edge in (card.y, card.y + card.height)})
    left, right = columns[0] - _MARK_FROM_UM - _MARK_LENGTH_UM, columns[-1] + _MARK_FROM_UM
    above, below = rows[0] - SHEET_BLEED_Y_UM - 500 - _MARK_LENGTH_UM, rows[-1] + SHEET_BLEED_Y_UM + 500
    across = [Area(x, y, _MARK_LENGTH_UM, 0) for y in rows for x in (left, right)]
    upright = [Area(x, y, 0, _MARK_LENGTH_UM) for x in columns for y in (above, below)]
    return (*across, *upright)
