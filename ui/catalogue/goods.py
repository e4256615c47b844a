"""What is told of goods, in finished words: rows of the list, the detail with barcodes, pieces and batches.

Decides wording; prices of pieces and what may be sold are decided in `domain.catalogue`. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pos_app.domain.catalogue import Barcode, Batch, GoldPrice, Piece, PieceState, Variant, piece_price
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.line import Per
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import Amount, Currency
from pos_app.domain.values.quantity import ONE
from pos_app.words import (
    format_amount,
    format_date,
    format_percent,
    format_quantity,
    format_weight,
    has_text,
    translate,
)

Tone = Literal["plain", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """A variant in the list."""

    variant_id: VariantId
    code: str
    name: str
    category: str
    price: str
    unit: str
    held_back: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that holds for selling the goods, in words."""

    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Item:
    """A barcode, piece or batch: its code, facts under it, what stands at the right, and its state."""

    code: str
    facts: str
    right: str
    state: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything told of one variant; a list that is empty has no tab."""

    variant_id: VariantId
    name: str
    price: str
    told: str
    flags: tuple[Flag, ...]
    barcodes: tuple[Item, ...] = ()
    pieces: tuple[Item, ...] = ()
    batches: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the words depend on: money, today, and the gold prices of today by fineness."""

    currency: Currency
    today: date
    gold: Mapping[str, Amount | None]


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
    )


def price_words(variant: Variant, currency: Currency) -> str:
    """Return a variant's price, or how it is priced."""
    if variant.retail is not None:
        return format_amount(variant.retail, currency)
    open_price = variant.flags.open_price
    return translate("catalogue.page.open_price" if open_price else "catalogue.page.by_piece")


def detail(
    variant: Variant, parts: tuple[tuple[Barcode, ...], tuple[Piece, ...], tuple[Batch, ...]], told: Told
) -> Detail:
    """Write the detail of a variant."""
    barcodes, pieces, batches = parts
    price = price_words(variant, told.currency)
    facts = [variant.code, variant.category or ""]
    facts += [_attribute(name, value) for name, value in variant.attributes]
    if variant.tax_rate is not None:
        facts.append(translate("catalogue.page.tax", rate=format_percent(variant.tax_rate)))
    return Detail(
        variant_id=variant.variant_id,
        name=variant.name,
        price=f"{price} / {variant.unit}" if variant.retail is not None and variant.unit else price,
        told=" · ".join(fact for fact in facts if fact),
        flags=flags_of(variant, told),
        barcodes=tuple(_barcode(code, variant, told.currency) for code in barcodes),
        pieces=tuple(_piece(piece, told) for piece in pieces),
        batches=tuple(_batch(batch, told.today) for batch in batches),
    )


def _attribute(name: str, value: str) -> str:
    code = f"catalogue.page.attribute_{name}"
    return f"{translate(code)} {value}" if has_text(code) else value


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
    for name in ("by_weight", "open_price", "no_discount", "no_points", "no_coupon", "batch_required"):
        if getattr(flags, name):
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


def _piece(piece: Piece, told: Told) -> Item:
    facts = [piece.fineness, format_weight(piece.net_weight_mg)]
    if piece.labour is not None and piece.fixed_price is None:
        per = "gram" if piece.labour_per is Per.GRAM else "piece"
        amount = format_amount(piece.labour, told.currency)
        facts.append(translate(f"catalogue.page.labour_{per}", amount=amount))
    facts.append(piece.stones or "")
    state, tone = _state(piece)
    return Item(
        # The certificate is what a customer asks for: it stands where nothing cuts it.
        code=" · ".join(each for each in (piece.code, piece.certificate) if each),
        facts=" · ".join(fact for fact in facts if fact),
        right=_piece_price(piece, told),
        state=state,
        tone=tone,
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
        return Item(batch.code, "", translate("catalogue.page.no_expiry"))
    past = batch.expires_on < today
    return Item(
        code=batch.code,
        facts="",
        right=format_date(batch.expires_on),
        state=translate("catalogue.page.expired") if past else "",
        tone="danger" if past else "plain",
    )


def gold_words(prices: tuple[GoldPrice, ...], currency: Currency) -> str:
    """Return the gold prices of today in one line; a fineness without one says so."""
    missing = translate("catalogue.page.gold_missing")
    return "   ".join(
        f"{each.fineness} {format_amount(each.price, currency) if each.price is not None else missing}"
        for each in prices
    )
