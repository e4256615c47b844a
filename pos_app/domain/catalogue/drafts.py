"""What a person types of goods before it is kept, and what is wrong with it.

Decides which values goods can have; whether a code is free is the store's to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

from pos_app.domain.catalogue.goods import ATTRIBUTES, Barcode, Batch, Flags, Piece, PieceState, Variant
from pos_app.domain.catalogue.prices import LEVELS, PriceRow
from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.values.barcode import MAX_LENGTH
from pos_app.domain.values.ids import BatchId, PieceId, PriceId, StyleId, VariantId
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.domain.values.quantity import ONE, QUANTITY_LIMIT, Milligrams, Quantity

NAME_LIMIT = 200
CODE_LIMIT = MAX_LENGTH
NO_FLAGS = Flags()
T = TypeVar("T")


class DuplicateCodeError(ExpectedError):
    """A code, barcode or certificate stands for something else already; `code_text` and `name` say what."""

    code = "catalogue.error.duplicate_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleDraft:
    """A style; without an id it is new."""

    code: str
    name: str
    category: str | None = None
    brand: str | None = None
    style_id: StyleId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeDraft:
    """A barcode with the units it stands for, and its own price if it has one."""

    code: str
    pack_quantity: Quantity = ONE
    unit: str | None = None
    price: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeChange:
    """What a person made of a barcode that she saw: another one, or none; a new one was None."""

    was: BarcodeDraft | None
    now: BarcodeDraft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleNamed:
    """The style that goods go to, known or new; a name of None leaves a known one's name."""

    code: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A variant; without an id it is new, without a style it stands alone; `barcodes` of None stay as they are.

    `named` is a style by its code, which takes the place of `style`. `seen` is what the goods were when a person began
    to change them: what she left as it was, stays as it is now.
    """

    code: str
    name: str
    variant_id: VariantId | None = None
    style: StyleId | None = None
    unit: str | None = None
    category: str | None = None
    kind: LineKind = LineKind.GOODS
    retail: Amount | None = None
    cost: Amount | None = None
    tax_code: str | None = None
    flags: Flags = NO_FLAGS
    attributes: tuple[tuple[str, str], ...] = ()
    barcodes: tuple[BarcodeDraft, ...] | None = None
    scale_item: str | None = None
    named: StyleNamed | None = None
    seen: "VariantDraft | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceDraft:
    """A piece of a variant; without an id it is new. Prices as in `goods.Piece`, `seen` as in `VariantDraft`."""

    variant: VariantId
    code: str
    gross_weight_mg: Milligrams
    net_weight_mg: Milligrams
    fineness: str
    piece_id: PieceId | None = None
    certificate: str | None = None
    stones: str | None = None
    stone_price: Amount | None = None
    fixed_price: Amount | None = None
    labour: Amount | None = None
    labour_per: Per = Per.GRAM
    tag_price: Amount | None = None
    cost: Amount | None = None
    quarantined: bool = False
    seen: "PieceDraft | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceDraft:
    """A price on a list from a day to a day (both counted; None is open); None takes it away. `seen` as above.

    `row` is the one that it was; the retail price of the goods themselves has none.
    """

    variant: VariantId
    list: str
    price: Amount | None
    barcode: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    row: PriceId | None = None
    seen: "PriceDraft | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDraft:
    """A batch of a variant; without an id it is new. `seen` as above."""

    variant: VariantId
    code: str
    expires_on: date | None = None
    quarantined: bool = False
    batch_id: BatchId | None = None
    seen: "BatchDraft | None" = None


Seen = TypeVar("Seen", VariantDraft, PieceDraft, PriceDraft, BatchDraft)


def draft_of(variant: Variant, scale_item: str | None) -> VariantDraft:
    """Return a draft that changes nothing of a variant."""
    return VariantDraft(
        variant_id=variant.variant_id,
        style=variant.style_id,
        code=variant.code,
        name=variant.name,
        unit=variant.unit,
        category=variant.category,
        kind=variant.kind,
        retail=variant.retail,
        cost=variant.cost,
        tax_code=variant.tax_code,
        flags=variant.flags,
        attributes=variant.attributes,
        scale_item=scale_item,
    )


def piece_draft_of(piece: Piece) -> PieceDraft:
    """Return a draft that changes nothing of a piece."""
    return PieceDraft(
        variant=piece.variant_id,
        piece_id=piece.piece_id,
        code=piece.code,
        gross_weight_mg=piece.gross_weight_mg,
        net_weight_mg=piece.net_weight_mg,
        fineness=piece.fineness,
        certificate=piece.certificate,
        stones=piece.stones,
        stone_price=piece.stone_price,
        fixed_price=piece.fixed_price,
        labour=piece.labour,
        labour_per=piece.labour_per,
        tag_price=piece.tag_price,
        cost=piece.cost,
        quarantined=piece.state is PieceState.QUARANTINED,
    )


def price_draft_of(row: PriceRow) -> PriceDraft:
    """Return a draft that changes nothing of a price on a list."""
    return PriceDraft(
        variant=row.variant_id,
        list=row.list,
        price=row.price,
        barcode=row.barcode,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        row=row.price_id,
    )


def batch_draft_of(batch: Batch) -> BatchDraft:
    """Return a draft that changes nothing of a batch."""
    return BatchDraft(
        variant=batch.variant_id,
        code=batch.code,
        expires_on=batch.expires_on,
        quarantined=batch.quarantined,
        batch_id=batch.batch_id,
    )


def barcode_draft_of(barcode: Barcode) -> BarcodeDraft:
    """Return a draft that changes nothing of a barcode."""
    return BarcodeDraft(
        code=barcode.code, pack_quantity=barcode.pack_quantity, unit=barcode.unit, price=barcode.price
    )


def merged(draft: Seen, now: Seen) -> Seen:
    """Return a draft in which what a person left as she saw it is what it is now; without `seen` it is the draft."""
    seen = draft.seen
    if seen is None:
        return draft
    mixed = replace(_mixed(draft, seen, now), seen=None)
    if isinstance(mixed, VariantDraft):
        flags = _mixed(draft.flags, seen.flags, now.flags)
        return replace(mixed, flags=flags)
    return mixed


def barcodes_with(now: Sequence[BarcodeDraft], changes: Sequence[BarcodeChange]) -> tuple[BarcodeDraft, ...]:
    """Return barcodes as they are now with what a person changed of those that she saw, as `merged` does of a value.

    Those that were added meanwhile stay; one that is gone meanwhile stays gone where she left it alone.
    """
    left = {barcode.code: barcode for barcode in now}
    found = [(change, left.pop(change.was.code, None) if change.was else None) for change in changes]
    for change, there in found:
        wanted, was = change.now, change.was
        if wanted is None or (there is None and wanted == was):
            continue
        if was is not None and there is not None:
            wanted = _mixed(wanted, was, there)
        left[wanted.code] = wanted
    return tuple(left.values())


def _mixed(mine: T, seen: T, now: T) -> T:
    """Return a value with the fields of mine that differ from what was seen, and the others as they are now."""
    kept = {
        field.name: getattr(now, field.name)
        for field in fields(mine)  # type: ignore[arg-type]
        if getattr(mine, field.name) == getattr(seen, field.name)
    }
    return replace(mine, **kept)  # type: ignore[type-var]


def check_style_draft(draft: StyleDraft) -> None:
    """Raise InvalidValueError for a style that cannot be."""
    _check_code("code", draft.code)
    _check_name("name", draft.name)


def check_variant_draft(draft: VariantDraft) -> None:
    """Raise InvalidValueError for a variant that cannot be sold as it stands; `field` says what is wrong."""
    _check_code("code", draft.code)
    _check_name("name", draft.name)
    flags = draft.flags
    amounts = {"retail": draft.retail, "cost": draft.cost, "lowest_price": flags.lowest_price}
    for field, amount in amounts.items():
        _check_amount(field, amount)
    if not 0 <= flags.minimum_level <= LEVELS:
        raise InvalidValueError(field="minimum_level", text=str(flags.minimum_level))
    if draft.retail is not None and flags.lowest_price is not None and flags.lowest_price > draft.retail:
        raise InvalidValueError(field="lowest_price", text=str(flags.lowest_price))
    for name, _ in draft.attributes:
        if name not in ATTRIBUTES:
            raise InvalidValueError(field="attributes", text=name)
    if draft.scale_item is not None and not (draft.scale_item.isascii() and draft.scale_item.isdigit()):
        raise InvalidValueError(field="scale_item", text=draft.scale_item)
    check_barcodes(draft.barcodes or ())


def check_barcodes(barcodes: Sequence[BarcodeDraft]) -> None:
    """Raise InvalidValueError for a barcode that cannot be scanned, stands for nothing, or is there twice."""
    seen: set[str] = set()
    for barcode in barcodes:
        _check_code("barcode", barcode.code)
        if barcode.code in seen:
            raise InvalidValueError(field="barcode", text=barcode.code)
        seen.add(barcode.code)
        if not 0 < barcode.pack_quantity < QUANTITY_LIMIT:
            raise InvalidValueError(field="pack_quantity", text=str(barcode.pack_quantity))
        _check_amount("price", barcode.price)


def check_piece_draft(draft: PieceDraft) -> None:
    """Raise InvalidValueError for a piece that cannot be priced or weighed."""
    _check_code("code", draft.code)
    if draft.fixed_price is None:
        _check_name("fineness", draft.fineness)
        if draft.net_weight_mg <= 0:
            raise InvalidValueError(field="net_weight", text=str(draft.net_weight_mg))
    if draft.net_weight_mg < 0 or draft.gross_weight_mg < draft.net_weight_mg:
        raise InvalidValueError(field="gross_weight", text=str(draft.gross_weight_mg))
    for field in ("stone_price", "fixed_price", "labour", "tag_price", "cost"):
        _check_amount(field, getattr(draft, field))
    if draft.certificate is not None:
        _check_code("certificate", draft.certificate)


def check_batch_draft(draft: BatchDraft) -> None:
    """Raise InvalidValueError for a batch without a code."""
    _check_code("code", draft.code)


def _check_code(field: str, text: str) -> None:
    if not text or text != text.strip() or len(text) > CODE_LIMIT or not text.isprintable():
        raise InvalidValueError(field=field, text=text)


def _check_name(field: str, text: str) -> None:
    if not text.strip() or len(text) > NAME_LIMIT or not text.isprintable():
        raise InvalidValueError(field=field, text=text)


def _check_amount(field: str, amount: Amount | None) -> None:
    if amount is not None and not 0 <= amount < LIMIT:
        raise InvalidValueError(field=field, text=str(amount))
