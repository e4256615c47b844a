"""What is told of goods, in finished words: rows of the list, the detail with barcodes, pieces and batches.

Decides wording; prices of pieces and what may be sold are decided in `domain.catalogue`. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pos_app.domain.catalogue import (
    RETAIL,
    Barcode,
    Batch,
    GoldPrice,
    Piece,
    PieceState,
    PriceRow,
    Variant,
    piece_price,
)
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.line import Per
from pos_app.domain.values.ids import PriceId, ShopId, VariantId
from pos_app.domain.values.money import Amount, Currency
from pos_app.domain.values.quantity import ONE
from pos_app.services.ports.selling import PieceSale
from pos_app.words import (
    format_amount,
    format_date,
    format_percent,
    format_quantity,
    format_weight,
    translate,
)
from ui.catalogue.whole import Whole

Tone = Literal["plain", "warning", "danger"]
FLAG_NAMES = (
    "by_weight",
    "open_price",
    "quarantined",
    "no_discount",
    "no_points",
    "no_coupon",
    "batch_required",
)
"""What is on or off for selling goods, in the order in which it is told."""
_HEAD = ("colour", "size", "length", "stage", "spec")
"""What of the attributes stands under the name."""


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A variant in the list; `picture` is the SHA-256 of its picture."""

    variant_id: VariantId
    code: str
    name: str
    category: str
    price: str
    unit: str
    held_back: bool
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that holds for selling the goods, in words."""

    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a section: what it is, facts under it, what stands at the right, and its state.

    `opens` are other goods that Enter shows, `receipt` is the number of the one with which a piece went.
    """

    code: str
    facts: str
    right: str
    state: str = ""
    tone: Tone = "plain"
    opens: VariantId | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything told of one variant, a tuple of rows for each section; `picture` are the bytes of it."""

    variant_id: VariantId
    name: str
    price: str
    told: str
    marks: tuple[Flag, ...]
    picture: bytes | None = None
    facts: tuple[Item, ...] = ()
    flags: tuple[Item, ...] = ()
    barcodes: tuple[Item, ...] = ()
    prices: tuple[Item, ...] = ()
    pieces: tuple[Item, ...] = ()
    batches: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the words depend on: money, today, gold prices of today by fineness, whether costs may be seen."""

    currency: Currency
    today: date
    gold: Mapping[str, Amount | None]
    costs: bool = False
    shop: ShopId | None = None


def goods_row(variant: Variant, currency: Currency) -> GoodsRow:
    """Write a row of the list."""
    return GoodsRow(
        variant_id=variant.variant_id,
        code=variant.code,
        name=variant.name,
        category=variant.category or "",
        price=price_words(variant, currency),
        unit=variant.unit or "",
        held_back=variant.flags.quarantined,
        picture=variant.picture or "",
    )


def price_words(variant: Variant, currency: Currency) -> str:
    """Return a variant's price, or how it is priced."""
    if variant.retail is not None:
        return format_amount(variant.retail, currency)
    open_price = variant.flags.open_price
    return translate("catalogue.page.open_price" if open_price else "catalogue.page.by_piece")


def detail(whole: Whole, told: Told) -> Detail:
    """Write the detail of a variant."""
    variant = whole.variant
    price = price_words(variant, told.currency)
    facts = [variant.code, variant.category or ""]
    facts += [value for name, value in variant.attributes if name in _HEAD]
    return Detail(
        variant_id=variant.variant_id,
        name=variant.name,
        price=f"{price} / {variant.unit}" if variant.retail is not None and variant.unit else price,
        told=" · ".join(fact for fact in facts if fact),
        marks=flags_of(variant, told),
        picture=whole.picture,
        facts=_facts(whole, told),
        flags=_rules(whole, told),
        barcodes=tuple(_barcode(code, variant, told.currency) for code in whole.barcodes),
        prices=tuple(_price(row, told) for row in priced(whole)),
        pieces=tuple(piece_item(piece, told, whole.sales.get(piece.piece_id)) for piece in whole.pieces),
        batches=tuple(_batch(batch, told.today) for batch in whole.batches),
    )


def priced(whole: Whole) -> tuple[PriceRow, ...]:
    """Return the prices of a variant, its own retail price as a row in front; those that hold last come first."""
    variant = whole.variant
    rows = sorted(whole.prices, key=lambda row: (row.list, row.valid_from or date.min), reverse=True)
    if variant.retail is None:
        return tuple(rows)
    own = PriceRow(
        price_id=PriceId(variant.variant_id), variant_id=variant.variant_id, list=RETAIL, price=variant.retail
    )
    return (own, *rows)


def _facts(whole: Whole, told: Told) -> tuple[Item, ...]:
    """Return what goods are, a row each, then their siblings of the same style."""
    variant = whole.variant
    out = [("code", variant.code), ("category", variant.category or ""), ("unit", variant.unit or "")]
    out += list(variant.attributes)
    if variant.tax_rate is not None:
        out.append(("tax_code", f"{variant.tax_code} · {format_percent(variant.tax_rate)}"))
    if told.costs and variant.cost is not None:
        out.append(("cost", format_amount(variant.cost, told.currency)))
    if whole.style is not None:
        out.append(("style_code", f"{whole.style.code} · {whole.style.name}"))
    rows = [Item(translate(f"catalogue.field.{name}"), "", value) for name, value in out if value]
    siblings = [each for each in whole.siblings if each.variant_id != variant.variant_id]
    rows += [_sibling(each, told.currency) for each in siblings]
    return tuple(rows)


def _sibling(variant: Variant, currency: Currency) -> Item:
    words = " · ".join(value for name, value in variant.attributes if name in _HEAD)
    facts = " · ".join(part for part in (translate("catalogue.page.sibling"), variant.code, words) if part)
    return Item(variant.name, facts, price_words(variant, currency), opens=variant.variant_id)


def _rules(whole: Whole, told: Told) -> tuple[Item, ...]:
    """Return what holds for selling goods, a row each."""
    flags = whole.variant.flags
    rows = [
        Item(translate(f"catalogue.page.flag_{name}"), "", translate("common.word.yes"))
        for name in FLAG_NAMES
        if getattr(flags, name)
    ]
    if flags.minimum_level:
        words = translate("catalogue.field.level_from", level=flags.minimum_level)
        rows.append(Item(translate("catalogue.field.minimum_level"), "", words))
    if flags.sold_from is not None:
        rows.append(Item(translate("catalogue.field.sold_from"), "", format_date(flags.sold_from)))
    if flags.lowest_price is not None:
        amount = format_amount(flags.lowest_price, told.currency)
        rows.append(Item(translate("catalogue.field.lowest_price"), "", amount))
    if whole.scale_item:
        rows.append(Item(translate("catalogue.field.scale_item"), "", whole.scale_item))
    return tuple(rows)


def _price(row: PriceRow, told: Told) -> Item:
    """Write a price: its list and days, and whether it holds today, is over, or is still to come."""
    days = ""
    if row.valid_from or row.valid_to:
        start = format_date(row.valid_from) if row.valid_from else ""
        end = format_date(row.valid_to) if row.valid_to else ""
        days = translate("catalogue.page.days", start=start, end=end)
    when, tone = "now", "plain"
    if row.valid_from is not None and row.valid_from > told.today:
        when, tone = "later", "warning"
    elif row.valid_to is not None and row.valid_to < told.today:
        when, tone = "over", "plain"
    mark = translate(f"catalogue.page.price_{when}")
    facts = " · ".join(part for part in (days, row.barcode or "") if part)
    amount = format_amount(row.price, told.currency)
    return Item(list_words(row.list), facts, amount, mark, tone)  # type: ignore[arg-type]


def list_words(name: str) -> str:
    """Return the name of a price list in words."""
    if name.startswith("level:"):
        return translate("catalogue.field.list_level", level=name.removeprefix("level:"))
    return translate(f"catalogue.field.list_{name.partition(':')[0]}")


def flags_of(variant: Variant, told: Told) -> tuple[Flag, ...]:
    """Return what holds for selling a variant, what forbids it first."""
    flags, out = variant.flags, []
    if flags.quarantined:
        out.append(Flag(translate("catalogue.page.flag_quarantined"), "danger"))
    if flags.sold_from is not None and told.today < flags.sold_from:
        day = format_date(flags.sold_from)
        out.append(Flag(translate("catalogue.page.flag_sold_from", day=day), "warning"))
    if flags.minimum_level:
        words = translate("catalogue.page.flag_level", level=flags.minimum_level)
        out.append(Flag(words, "warning"))
    for name in FLAG_NAMES:
        if name != "quarantined" and getattr(flags, name):
            out.append(Flag(translate(f"catalogue.page.flag_{name}")))
    if flags.lowest_price is not None:
        amount = format_amount(flags.lowest_price, told.currency)
        out.append(Flag(translate("catalogue.page.flag_lowest", amount=amount)))
    return tuple(out)


def _barcode(code: Barcode, variant: Variant, currency: Currency) -> Item:
    unit = code.unit or variant.unit or ""
    pack = code.pack_quantity != ONE
    facts = translate("catalogue.page.pack", count=format_quantity(code.pack_quantity), unit=unit)
    right = format_amount(code.price, currency) if code.price is not None else ""
    return Item(code=code.code, facts=facts if pack else unit, right=right)


def piece_item(piece: Piece, told: Told, sale: PieceSale | None = None) -> Item:
    """Write a piece: certificate beside its code, weights and labour under it, what it costs today.

    Of a sold one its receipt and the business date of that.
    """
    facts = [piece.fineness, format_weight(piece.net_weight_mg) if piece.net_weight_mg else ""]
    if piece.gross_weight_mg != piece.net_weight_mg:
        facts.append(translate("catalogue.page.gross", weight=format_weight(piece.gross_weight_mg)))
    if piece.labour is not None and piece.fixed_price is None:
        per = "gram" if piece.labour_per is Per.GRAM else "piece"
        amount = format_amount(piece.labour, told.currency)
        facts.append(translate(f"catalogue.page.labour_{per}", amount=amount))
    facts.append(piece.stones or "")
    if piece.tag_price is not None:
        facts.append(translate("catalogue.page.tag", amount=format_amount(piece.tag_price, told.currency)))
    if piece.fixed_price is not None:
        facts.append(translate("catalogue.page.fixed"))
    state, tone = _state(piece)
    return Item(
        # The certificate is what a customer asks for: it stands where nothing cuts it.
        code=" · ".join(each for each in (piece.code, piece.certificate) if each),
        facts=" · ".join(fact for fact in facts if fact),
        right=sale.number if sale else _piece_price(piece, told),
        state=f"{state} · {format_date(sale.business_date)}" if sale else state,
        tone=tone,
        receipt=sale.number if sale else "",
    )


def _state(piece: Piece) -> tuple[str, Tone]:
    tones: dict[PieceState, Tone] = {PieceState.SOLD: "warning", PieceState.QUARANTINED: "danger"}
    return translate(f"catalogue.page.piece_{piece.state.value}"), tones.get(piece.state, "plain")


def _piece_price(piece: Piece, told: Told) -> str:
    """Return what a piece costs today; nothing for one that cannot be sold."""
    if piece.state is not PieceState.IN_STOCK:
        return ""
    try:
        price = piece_price(piece, told.gold.get(piece.fineness))
    except ExpectedError:
        return translate("catalogue.page.no_gold_price")
    return format_amount(price.amount or 0, told.currency)


def _batch(batch: Batch, today: date) -> Item:
    if batch.expires_on is None:
        held = translate("catalogue.page.flag_quarantined") if batch.quarantined else ""
        return Item(
            batch.code, "", translate("catalogue.page.no_expiry"), held, "danger" if held else "plain"
        )
    past = batch.expires_on < today
    held = translate("catalogue.page.flag_quarantined") if batch.quarantined else ""
    return Item(
        code=batch.code,
        facts="",
        right=format_date(batch.expires_on),
        state=translate("catalogue.page.expired") if past else held,
        tone="danger" if past or held else "plain",
    )


def gold_words(prices: tuple[GoldPrice, ...], currency: Currency) -> str:
    """Return the gold prices of today in one line; a fineness without one says so."""
    missing = translate("catalogue.page.gold_missing")
    return "   ".join(
        f"{each.fineness} {format_amount(each.price, currency) if each.price is not None else missing}"
        for each in prices
    )
