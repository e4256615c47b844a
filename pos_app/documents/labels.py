"""Price tags, barcode labels and jewellery tags: what stands on them, set into an area of any size.

Decides the order of importance (name, price, code), what shrinks, what is elided and what never is: a price stays
whole, a code keeps its quiet zone and the width of its modules. Amounts come as they are and are not reckoned here.
Sizes of labels stand in `pos_app.documents.sheets`, dots are drawn by the renderers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.documents.fitting import Lines, NoRoomError, Setting, sizes
from pos_app.documents.label_column import Column, moved
from pos_app.documents.layout import Item, Stamp
from pos_app.documents.page import Symbology
from pos_app.documents.sheets import RollFormat, SheetFormat
from pos_app.domain.sales.line import Per
from pos_app.domain.values.barcode import is_valid_gtin
from pos_app.domain.values.money import Amount, Currency
from pos_app.domain.values.quantity import Milligrams
from pos_app.words import format_amount, format_weight, speaking, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFace:
    """What a price tag or a barcode label says; what is empty or None is left out.

    `price` None makes a barcode label. `former_price` is struck out. An empty `barcode` means that `code` is encoded.
    """

    name: str
    code: str
    currency: Currency
    spec: str = ""
    price: Amount | None = None
    former_price: Amount | None = None
    unit: str = ""
    barcode: str = ""
    origin: str = ""
    shop: str = ""
    language: str = "zh_CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class JewelleryFace:
    """What the tag of a piece says: `price` is its fixed price 一口价, None when metal goes by the day's price.

    A weight of 0 is one that nobody weighed; the gross one is told where there is no other.
    """

    piece_code: str
    name: str
    fineness: str
    net_weight: Milligrams
    currency: Currency
    gross_weight: Milligrams | None = None
    labour: Amount | None = None
    labour_per: Per = Per.GRAM
    certificate: str = ""
    price: Amount | None = None
    shop: str = ""
    language: str = "zh_CN"


Face = LabelFace | JewelleryFace


@dataclass(frozen=True, slots=True)
class Panel:
    """An area to set in dots, from 0, 0; `padding` is white that text keeps to every edge."""

    width: int
    height: int
    padding: int


def sheet_items(face: Face, form: SheetFormat, setting: Setting) -> tuple[Item, ...]:
    """Set one label of a sheet from 0, 0; raise InvalidValueError for what cannot be on it."""
    of = setting.grid.of
    panel = Panel(of(form.label.width), of(form.label.height), of(form.padding_um))
    return _whole(face, panel, setting)


def roll_items(face: Face, form: RollFormat, setting: Setting) -> tuple[Item, ...]:
    """Set one label of a roll from 0, 0; raise InvalidValueError for what cannot be on it.

    Goods on a tag are on its front alone.
    """
    of = setting.grid.of
    panels = [Panel(of(area.width), of(area.height), of(form.padding_um)) for area in form.panels]
    parts: tuple[tuple[Item, ...], ...]
    if isinstance(face, JewelleryFace) and len(panels) == 2:
        parts = jewellery_items(face, (panels[0], panels[1]), setting)
    else:
        parts = (_whole(face, panels[0], setting),)
    return tuple(
        moved(item, of(area.y), of(area.x))
        for area, items in zip(form.panels, parts, strict=False)
        for item in items
    )


def _whole(face: Face, panel: Panel, setting: Setting) -> tuple[Item, ...]:
    with speaking(face.language):
        if isinstance(face, LabelFace):
            return goods_items(face, panel, setting)
        return _with_square(lambda *at: _piece_words(face, *at), face.piece_code, panel, setting)


def linear_symbology(payload: str) -> Symbology:
    """Return the linear code of a payload: EAN-13 for a valid one, Code 128 for everything else."""
    return Symbology.EAN13 if len(payload) == 13 and is_valid_gtin(payload) else Symbology.CODE128


def goods_items(face: LabelFace, panel: Panel, setting: Setting) -> tuple[Item, ...]:
    """Set a price tag or barcode label; raise InvalidValueError when its code or its price cannot be on this size."""
    payload = face.barcode or face.code
    bars = _bars(payload, panel, setting)
    if bars is None:
        return _with_square(lambda *at: _words(face, *at), payload, panel, setting)
    return _with_bars(face, payload, bars, panel, setting)


def _bars(payload: str, panel: Panel, setting: Setting) -> Stamp | None:
    if not all(" " <= char <= "~" for char in payload):
        return None
    return setting.bars(linear_symbology(payload), payload, panel.width)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Sizes of the parts in dots: `percent` of what a label of 30 mm height has."""

    setting: Setting
    base: int
    percent: int

    def of(self, hundredths_mm: int, least_hundredths_mm: int = 0) -> int:
        grid = self.setting.grid
        return max(
            grid.of(hundredths_mm * 10 * self.base * self.percent // 10_000),
            grid.of(least_hundredths_mm * 10),
        )


_LEAST = 190
"""1.9 mm, 15 dots of a thermal head: the smallest Han character whose strokes stay apart."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One way to fill a label: size in per cent, lines of the name, whether with details, whether the shop is named."""

    percent: int
    most: int
    details: bool = True
    shop: bool = False


_STEPS = (
    *(_Step(percent, 2, shop=True) for percent in (100, 92)),
    *(_Step(percent, 2) for percent in (92, 84, 76)),
    *(_Step(percent, 1) for percent in (84, 70)),
    *(_Step(percent, 1, details=False) for percent in (76, 62, 52)),
)
"""Tried in turn until everything fits: first the shop is left out, then the second line of the name, then details."""


def _base(panel: Panel, setting: Setting) -> int:
    """Return the size of a label against one of 45 × 30 mm, in per cent, 60 to 125."""
    tall = panel.height * 100 // setting.grid.of(30_000)
    wide = panel.width * 100 // setting.grid.of(45_000)
    return max(60, min(125, tall, wide))


def _with_bars(
    face: LabelFace, payload: str, bars: Stamp, panel: Panel, setting: Setting
) -> tuple[Item, ...]:
    """Set name, details, price and the code one below the other, at the first step that fits."""
    base = _base(panel, setting)
    for step in _STEPS:
        scale = _Scale(setting, base, step.percent)
        column = Column(setting, panel.padding, panel.width - 2 * panel.padding)
        _words(face, column, scale, step)
        caption = setting.lines(payload, column.width, sizes(scale.of(230), scale.of(0, 170)))
        free = panel.height - 2 * panel.padding - column.height - caption.pixels * 120 // 100
        free -= column.gaps * scale.of(100, 50)
        if free < scale.of(0, 450):
            continue
        # Without a price the code is what the label is for.
        high = min(free, scale.of(1000 if face.price is not None else 1700))
        return _stacked(column, bars, high, caption, panel)
    raise NoRoomError(field="label_size", text=payload)


def _stacked(column: Column, bars: Stamp, high: int, caption: Lines, panel: Panel) -> tuple[Item, ...]:
    """Stand the code and its caption on the lower edge, spread the words over what is left above."""
    bottom = panel.height - panel.padding
    caption_top = bottom - caption.pixels
    top = caption_top - caption.pixels * 20 // 100 - high
    wide = len(bars.rows[0]) * bars.module
    x = (panel.width - wide) // 2
    items = column.spread(panel.padding, top - panel.padding)
    return (
        *items,
        Stamp(x, top, bars.rows, bars.module, high),
        *Column(column.setting, column.x, column.width).centred(caption, caption_top),
    )


def _words(face: LabelFace, column: Column, scale: _Scale, step: _Step) -> None:
    """Add what stands above the code."""
    if step.shop and face.shop:
        column.add_text(face.shop, sizes(scale.of(210, _LEAST), scale.of(0, _LEAST)))
    name_sizes = sizes(scale.of(360, _LEAST), scale.of(300, _LEAST))
    column.add_text(face.name, name_sizes, bold=True, most=step.most)
    former = _former(face)
    beside = former if face.price is not None else ""
    text = "·".join(part for part in (face.spec, face.origin) if part)
    if step.details and text:
        column.add_text(text, sizes(scale.of(250, _LEAST), scale.of(0, _LEAST)), most=max(1, step.most - 1))
    if face.price is None:
        return
    price = format_amount(face.price, face.currency)
    unit = translate("labels.goods.per_unit", unit=face.unit) if face.unit else ""
    column.add_price(price, unit, beside, sizes(scale.of(760), scale.of(380, 200)))


def _former(face: LabelFace) -> str:
    return "" if face.former_price is None else format_amount(face.former_price, face.currency)


Words = Callable[[Column, _Scale, _Step], None]
"""Fills a column at one step."""


def _with_square(words: Words, payload: str, panel: Panel, setting: Setting) -> tuple[Item, ...]:
    """Set the words on the left and a QR on the right, the largest beside which the words can be read."""
    base = _base(panel, setting)
    largest = 2 * setting.grid.best_module
    for steps in (_STEPS[:7], _STEPS[7:]):
        for module in range(largest, setting.grid.least_square - 1, -1):
            square = setting.square(payload, panel.height, panel.width // 2, module)
            if square is None:
                continue
            side = setting.side(square)
            for step in steps:
                column = Column(setting, panel.padding, panel.width - side - panel.padding)
                scale = _Scale(setting, base, step.percent)
                try:
                    words(column, scale, replace(step, most=step.most + 1))
                except NoRoomError:
                    continue
                column.add_code(payload, sizes(scale.of(220, 170), scale.of(0, 150)))
                if column.height + column.gaps * scale.of(80, 40) <= panel.height - 2 * panel.padding:
                    return _beside(column, square, panel)
    raise NoRoomError(field="label_size", text=payload)


def _beside(column: Column, square: Stamp, panel: Panel) -> tuple[Item, ...]:
    side = column.setting.side(square)
    at = moved(square, (panel.height - side) // 2, panel.width - side)
    return (*column.spread(panel.padding, panel.height - 2 * panel.padding, whole=True), at)


def _piece_words(face: JewelleryFace, column: Column, scale: _Scale, step: _Step) -> None:
    """Add what a plain label says of a piece beside its code."""
    small, least = sizes(scale.of(240, _LEAST), scale.of(0, 160)), scale.of(0, _LEAST)
    if step.shop and face.shop:
        column.add_text(face.shop, small)
    column.add_text(face.name, sizes(scale.of(360, _LEAST), least), bold=True, most=step.most)
    column.add_pair(face.fineness, _weight(face), small)
    if step.details:
        for text in _labour(face), _certificate(face):
            column.add_text(text, small)
    _add_piece_price(face, column, sizes(scale.of(620), scale.of(300, 200)))


def _weight(face: JewelleryFace) -> str:
    if face.net_weight:
        return translate("labels.jewellery.net_weight", weight=format_weight(face.net_weight))
    if face.gross_weight:
        return translate("labels.jewellery.gross_weight", weight=format_weight(face.gross_weight))
    return ""


def _labour(face: JewelleryFace) -> str:
    if face.labour is None:
        return ""
    amount = format_amount(face.labour, face.currency)
    return translate(f"labels.jewellery.labour.{face.labour_per.value}", amount=amount)


def _certificate(face: JewelleryFace) -> str:
    return translate("labels.jewellery.certificate", number=face.certificate) if face.certificate else ""


def _add_piece_price(face: JewelleryFace, column: Column, tried: tuple[int, ...]) -> None:
    if face.price is not None:
        column.add_price(format_amount(face.price, face.currency), "", "", tried)
        return
    smaller = tuple(pixels * 70 // 100 for pixels in tried)
    text = translate("labels.jewellery.by_gram")
    whole = column.setting.width(text, smaller[-1], True) <= column.width
    column.add_text(text, smaller, bold=True, most=1 if whole else 2)


def jewellery_items(
    face: JewelleryFace, panels: tuple[Panel, Panel], setting: Setting
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Set the front (name, fineness, weight, price) and the back (code, labour, certificate) of a tag.

    Raises InvalidValueError when the code of the piece is too long for the tag.
    """
    with speaking(face.language):
        return _tag_front(face, panels[0], setting), _tag_back(face, panels[1], setting)


def _tag_front(face: JewelleryFace, panel: Panel, setting: Setting) -> tuple[Item, ...]:
    least = setting.grid.of(_LEAST * 10)
    free = panel.height - 2 * panel.padding
    for percent, most in ((100, 2), (88, 2), (76, 2), (100, 1), (88, 1), (76, 1), (66, 1)):
        scale = _Scale(setting, panel.height * 100 // setting.grid.of(11_000), percent)
        column = Column(setting, panel.padding, panel.width - 2 * panel.padding)
        column.add_text(face.name, sizes(scale.of(270, _LEAST), least), bold=True, most=most)
        column.add_pair(face.fineness, _weight(face), sizes(scale.of(220, _LEAST), setting.grid.of(1600)))
        _add_piece_price(face, column, sizes(scale.of(420), least))
        if column.height + column.gaps * scale.of(30) <= free:
            break
    return column.spread(panel.padding, free, whole=True)


def _tag_back(face: JewelleryFace, panel: Panel, setting: Setting) -> tuple[Item, ...]:
    square = setting.square(face.piece_code, panel.height, panel.width // 2, 2 * setting.grid.best_module)
    if square is None:
        raise NoRoomError(field="label_size", text=face.piece_code)
    side = setting.side(square)
    least = setting.grid.of(1600)
    free = panel.height - 2 * panel.padding
    for largest, most, shop in (
        (2200, 2, True),
        (1900, 2, True),
        (1900, 2, False),
        (1600, 2, False),
        (1600, 1, False),
    ):
        small = sizes(setting.grid.of(largest), least)
        column = Column(setting, side, panel.width - side - panel.padding)
        column.add_code(face.piece_code, sizes(setting.grid.of(largest), setting.grid.of(1300)), bold=True)
        column.add_text(_labour(face), small)
        column.add_text(_certificate(face), small, most=most)
        if shop:
            column.add_text(face.shop, small)
        if column.height + column.gaps * setting.grid.of(250) <= free + setting.grid.of(250):
            break
    middle = moved(square, (panel.height - side) // 2)
    return (middle, *column.spread(panel.padding, free, whole=True))
