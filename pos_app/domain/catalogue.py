"""The catalogue: style → variant → barcode, pieces, batches, prices and gold prices.

Decides what may be sold, at which price and why; prices are chosen here, amounts are reckoned in `sales.pricing`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.line import Component, ComponentKind, LineKind, Per, PriceBasis
from pos_app.domain.sales.pricing import component
from pos_app.domain.values.ids import BatchId, PieceId, StyleId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity, quantity_price


class QuarantinedError(ExpectedError):
    """The goods are held back and may not be sold."""

    code = "catalogue.error.quarantined"


class NotYetSoldError(ExpectedError):
    """The goods go on sale on a later day; `sold_from` says which."""

    code = "catalogue.error.not_yet_sold"


class LevelTooLowError(ExpectedError):
    """The goods are for members of a level and above."""

    code = "catalogue.error.level_too_low"


class PieceSoldError(ExpectedError):
    """The piece was sold already."""

    code = "catalogue.error.piece_sold"


class NoGoldPriceError(ExpectedError):
    """There is no price of the day for this fineness."""

    code = "catalogue.error.no_gold_price"


class BatchExpiredError(ExpectedError):
    """The batch is past its date and may not be sold."""

    code = "catalogue.error.batch_expired"


class NoPriceError(ExpectedError):
    """The goods have no price and are not open-priced."""

    code = "catalogue.error.no_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What holds for selling a variant."""

    by_weight: bool = False
    open_price: bool = False
    quarantined: bool = False
    no_discount: bool = False
    no_points: bool = False
    no_coupon: bool = False
    batch_required: bool = False
    minimum_level: int = 0
    sold_from: date | None = None
    lowest_price: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is sold: one colour, size, length or stage of a style.

    `retail` is minor units per selling unit (per kg or g when by weight), None when only open or piece-priced.
    """

    variant_id: VariantId
    style_id: StyleId
    code: str
    name: str
    unit: str | None
    category: str | None
    kind: LineKind
    retail: Amount | None
    tax_code: str | None
    tax_rate: Decimal | None
    flags: Flags = Flags()
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode:
    """A code on goods: how many selling units it stands for, and its own price if it has one."""

    code: str
    variant_id: VariantId
    pack_quantity: Quantity = ONE
    unit: str | None = None
    price: Amount | None = None


class PieceState(StrEnum):
    """Where a piece stands."""

    IN_STOCK = "in_stock"
    SOLD = "sold"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One physical article (一物一码).

    `fixed_price` (一口价) set: that is its price. Else metal = net weight × gold price of the day of its fineness, and
    labour per gram or for the piece, and stones.
    """

    piece_id: PieceId
    variant_id: VariantId
    code: str
    gross_weight_mg: Milligrams
    net_weight_mg: Milligrams
    fineness: str
    certificate: str | None
    stones: str | None
    stone_price: Amount | None
    fixed_price: Amount | None
    labour: Amount | None
    labour_per: Per
    tag_price: Amount | None
    state: PieceState = PieceState.IN_STOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Goods made together, with the day until which they may be sold."""

    batch_id: BatchId
    variant_id: VariantId
    code: str
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a scanned or typed code stands for: a variant, and the barcode or piece it was found by."""

    variant: Variant
    barcode: Barcode | None = None
    piece: Piece | None = None


@dataclass(frozen=True, slots=True)
class GoldPrice:
    """The price per gram of a fineness: what was set for a day, and the latest one set before it."""

    fineness: str
    price: Amount | None
    before: Amount | None


@dataclass(frozen=True, slots=True)
class Price:
    """A chosen price with where it came from; components when it is reckoned in parts."""

    basis: PriceBasis
    unit_price: Amount | None = None
    amount: Amount | None = None
    components: tuple[Component, ...] = ()


def check_sellable(variant: Variant, level: int, on: date) -> None:
    """Raise QuarantinedError, NotYetSoldError or LevelTooLowError when a variant may not be sold."""
    flags = variant.flags
    if flags.quarantined:
        raise QuarantinedError(name=variant.name)
    early = flags.sold_from is not None and on < flags.sold_from
    if early and (flags.minimum_level == 0 or level < flags.minimum_level):
        raise NotYetSoldError(name=variant.name, sold_from=flags.sold_from)
    if flags.sold_from is None and level < flags.minimum_level:
        raise LevelTooLowError(name=variant.name, level=flags.minimum_level)


def check_batch(batch: Batch, on: date) -> None:
    """Raise BatchExpiredError when a batch is past its last day."""
    if batch.expires_on is not None and batch.expires_on < on:
        raise BatchExpiredError(batch=batch.code, expires_on=batch.expires_on)


def piece_price(piece: Piece, gold_price: Amount | None) -> Price:
    """Return the price of a piece; `gold_price` is minor units per gram of its fineness today, or None.

    Raises PieceSoldError, QuarantinedError, or NoGoldPriceError when it is priced per gram and there is none.
    """
    if piece.state is PieceState.SOLD:
        raise PieceSoldError(piece=piece.code)
    if piece.state is PieceState.QUARANTINED:
        raise QuarantinedError(name=piece.code)
    if piece.fixed_price is not None:
        return Price(PriceBasis.PIECE, amount=piece.fixed_price)
    if gold_price is None:
        raise NoGoldPriceError(fineness=piece.fineness)
    weight = piece.net_weight_mg
    parts = [component(ComponentKind.METAL, weight, gold_price, Per.GRAM, piece.fineness)]
    if piece.labour is not None:
        parts.append(component(ComponentKind.LABOUR, weight, piece.labour, piece.labour_per))
    if piece.stone_price is not None:
        parts.append(component(ComponentKind.STONE, None, piece.stone_price, Per.PIECE))
    total = Amount(sum(p.amount for p in parts))
    return Price(PriceBasis.GOLD, amount=total, components=tuple(parts))


def unit_price(found: Found) -> Price:
    """Return the unit price of a variant as found: its pack's own price, or the retail price times the pack.

    An open-priced variant without a price gives an OPEN basis without amount. Raises NoPriceError.
    """
    barcode, variant = found.barcode, found.variant
    if barcode is not None and barcode.price is not None:
        return Price(PriceBasis.PACK, unit_price=barcode.price)
    if variant.retail is None:
        if variant.flags.open_price:
            return Price(PriceBasis.OPEN)
        raise NoPriceError(name=variant.name)
    pack = barcode.pack_quantity if barcode is not None else ONE
    if pack == ONE:
        return Price(PriceBasis.RETAIL, unit_price=variant.retail)
    return Price(PriceBasis.PACK, unit_price=quantity_price(pack, variant.retail))
