"""Goods as values: style → variant → barcode, pieces and batches, and what holds for selling them.

Decides their shape; what may be sold is `selling`, at which price is `prices`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.values.ids import BatchId, PieceId, StyleId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity

ATTRIBUTES = ("colour", "size", "length", "stage", "spec", "brand", "supplier")
"""What is said of a variant, in the order in which it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What variants of several colours or sizes have in common."""

    style_id: StyleId
    code: str
    name: str
    category: str | None = None
    brand: str | None = None


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

    `retail` and `cost` are minor units per selling unit (per kg or g when by weight); `retail` is None when only open
    or piece-priced. `attributes` are pairs of name (see ATTRIBUTES) and value; `picture` is the SHA-256 of one in hex.
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
    cost: Amount | None = None
    picture: str | None = None


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
    cost: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Goods made together, with the day until which they may be sold."""

    batch_id: BatchId
    variant_id: VariantId
    code: str
    expires_on: date | None
    quarantined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a scanned or typed code stands for: a variant, and the barcode or piece it was found by."""

    variant: Variant
    barcode: Barcode | None = None
    piece: Piece | None = None
