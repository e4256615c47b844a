"""The tables of goods, and how a variant, a piece and the rest become rows and are read from them.

Variants, pieces and price rows are versions (docs/decisions/0010): `no` is the row, barcodes, search keys and scale
items belong to a version by `no`. Decides shape and indexes; which rows count is `persistence.imports`.
"""

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Index, Row, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.catalogue import Barcode, Batch, GoldPriceEntry, Piece, PieceState, PriceRow, Variant
from pos_app.domain.catalogue.keys import goods_keys
from pos_app.domain.values.ids import BatchId, PriceId, StaffId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.persistence.base import (
    Base,
    Id,
    Json,
    Minor,
    Moment,
    OptionalId,
    OptionalMinor,
    OptionalMoment,
    OptionalStr,
    Str,
    Thousandths,
    from_ms,
    to_id,
)
from pos_app.persistence.tables import CLUSTERED


class StyleRow(Base):
    """What variants have in common; `since` names the batch that brought it, 0 for one made here."""

    __tablename__ = "style"
    __table_args__ = (Index("ix_style_code", "code"), CLUSTERED)
    style_id: Mapped[Id] = mapped_column(primary_key=True)
    since: Mapped[int]
    code: Mapped[Str]
    name: Mapped[Str]
    category: Mapped[OptionalStr]
    brand: Mapped[OptionalStr]


class VariantRow(Base):
    """A version of what is sold; `body` holds the whole variant, the columns what is looked up.

    The index of codes covers the walk that counts goods and lists them in order.
    """

    __tablename__ = "variant"
    __table_args__ = (
        Index("ix_variant_variant", "variant_id"),
        Index("ix_variant_code", "code", "since", "until"),
        Index("ix_variant_category", "category", "code", "since", "until"),
        Index("ix_variant_style", "style_id"),
    )
    no: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[Id]
    since: Mapped[int]
    until: Mapped[int]
    style_id: Mapped[Id]
    code: Mapped[Str]
    name: Mapped[Str]
    category: Mapped[OptionalStr]
    retail: Mapped[OptionalMinor]
    body: Mapped[Json]


class BarcodeRow(Base):
    """A code on goods, of a version of them."""

    __tablename__ = "barcode"
    __table_args__ = (Index("ix_barcode_no", "no"), CLUSTERED)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    pack_quantity: Mapped[Thousandths]
    unit: Mapped[OptionalStr]
    price: Mapped[OptionalMinor]


class ScaleItemRow(Base):
    """The item number that a scale prints for a version of weighed goods."""

    __tablename__ = "scale_item"
    __table_args__ = (Index("ix_scale_item_no", "no"), CLUSTERED)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)


class ProductKeyRow(Base):
    """A search key of a version of goods (`domain.catalogue.keys`): what is typed begins it."""

    __tablename__ = "product_key"
    __table_args__ = CLUSTERED
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)


class PieceRow(Base):
    """A version of one physical article; `gold` is its fineness where its price hangs on the gold price of the day."""

    __tablename__ = "piece"
    __table_args__ = (
        Index("ix_piece_piece", "piece_id"),
        Index("ix_piece_variant", "variant_id", "code"),
        Index("ix_piece_code", "code"),
        Index("ix_piece_certificate", "certificate", sqlite_where=text("certificate IS NOT NULL")),
        Index("ix_piece_gold", "gold", sqlite_where=text("gold IS NOT NULL")),
    )
    no: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[Id]
    variant_id: Mapped[Id]
    since: Mapped[int]
    until: Mapped[int]
    code: Mapped[Str]
    certificate: Mapped[OptionalStr]
    gold: Mapped[OptionalStr]
    state: Mapped[Str]
    body: Mapped[Json]


class BatchRow(Base):
    """Goods made together."""

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_variant", "variant_id", "expires_on"),)
    batch_id: Mapped[Id] = mapped_column(primary_key=True)
    variant_id: Mapped[Id]
    code: Mapped[Str]
    expires_on: Mapped[OptionalStr]
    quarantined: Mapped[bool]


class PriceRowRow(Base):
    """A version of a price on a list; days are ISO texts."""

    __tablename__ = "price"
    __table_args__ = (Index("ix_price_variant", "variant_id"), Index("ix_price_price", "price_id"))
    no: Mapped[int] = mapped_column(primary_key=True)
    price_id: Mapped[Id]
    variant_id: Mapped[Id]
    since: Mapped[int]
    until: Mapped[int]
    barcode: Mapped[OptionalStr]
    list: Mapped[Str]
    price: Mapped[Minor]
    valid_from: Mapped[OptionalStr]
    valid_to: Mapped[OptionalStr]


class PriceChangeRow(Base):
    """A price that was changed, until its labels are printed and after."""

    __tablename__ = "price_change"
    __table_args__ = (
        Index("ix_price_change_at", "changed_at"),
        Index("ix_price_change_open", "no", sqlite_where=text("printed_at IS NULL")),
        Index(
            "ix_price_change_day",
            "variant_id",
            "valid_from",
            sqlite_where=text("printed_at IS NULL AND valid_from IS NOT NULL"),
        ),
    )
    no: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[Moment]
    variant_id: Mapped[Id]
    barcode: Mapped[OptionalStr]
    list: Mapped[Str]
    before: Mapped[OptionalMinor]
    after: Mapped[OptionalMinor]
    valid_from: Mapped[OptionalStr]
    printed_at: Mapped[OptionalMoment]


class GoldPriceRow(Base):
    """A price per gram of a fineness, set for a day; the last one set for the day holds, none is ever changed."""

    __tablename__ = "gold_price"
    __table_args__ = (Index("ix_gold_price_day", "fineness", "day", "no", "price"),)
    no: Mapped[int] = mapped_column(primary_key=True)
    fineness: Mapped[Str]
    day: Mapped[Str]
    price: Mapped[Minor]
    set_at: Mapped[OptionalMoment]
    set_by: Mapped[OptionalId]
    approver_id: Mapped[OptionalId]


class PictureRow(Base):
    """A picture of goods with a small one of it, by the SHA-256 of its bytes in hex."""

    __tablename__ = "picture"
    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    media_type: Mapped[Str]
    thumbnail: Mapped[Json]
    content: Mapped[Json]


class BulkEditRow(Base):
    """A change of many goods at once; only the last one is kept, so that it can be taken back."""

    __tablename__ = "bulk_edit"
    no: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[Moment]
    staff_id: Mapped[Id]
    undone_at: Mapped[OptionalMoment]


class BulkChangeRow(Base):
    """What one of the goods was before a change of many, and after."""

    __tablename__ = "bulk_change"
    __table_args__ = CLUSTERED
    edit: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[Id] = mapped_column(primary_key=True)
    before: Mapped[Json]
    after: Mapped[Json]


_encoder = msgspec.json.Encoder()
variant_decoder = msgspec.json.Decoder(Variant)
_piece_decoder = msgspec.json.Decoder(Piece)


def encoded(thing: Variant | Piece) -> bytes:
    """Return what stands in a body column."""
    return _encoder.encode(thing)


def variant_values(v: Variant, no: int, since: int = 0) -> dict[str, Any]:
    """Return a variant as a row."""
    return {
        "no": no,
        "variant_id": v.variant_id.bytes,
        "since": since,
        "until": 0,
        "style_id": v.style_id.bytes,
        "code": v.code,
        "name": v.name,
        "category": v.category,
        "retail": v.retail,
        "body": encoded(v),
    }


def barcode_values(b: Barcode, no: int) -> dict[str, Any]:
    """Return a barcode as a row of a version of its variant."""
    return {"code": b.code, "no": no, "pack_quantity": b.pack_quantity, "unit": b.unit, "price": b.price}


def key_values(variant: Variant, no: int) -> list[dict[str, Any]]:
    """Return the search keys of a version of a variant as rows, in their order."""
    return [{"key": key, "no": no} for key in goods_keys(variant)]


def piece_values(p: Piece, no: int, since: int = 0) -> dict[str, Any]:
    """Return a piece as a row."""
    return {
        "no": no,
        "piece_id": p.piece_id.bytes,
        "variant_id": p.variant_id.bytes,
        "since": since,
        "until": 0,
        "code": p.code,
        "certificate": p.certificate,
        "gold": p.fineness if p.fixed_price is None else None,
        "state": p.state.value,
        "body": encoded(p),
    }


def price_values(p: PriceRow, no: int, since: int = 0) -> dict[str, Any]:
    """Return a price as a row."""
    return {
        "no": no,
        "price_id": p.price_id.bytes,
        "variant_id": p.variant_id.bytes,
        "since": since,
        "until": 0,
        "barcode": p.barcode,
        "list": p.list,
        "price": p.price,
        "valid_from": iso(p.valid_from),
        "valid_to": iso(p.valid_to),
    }


def batch_values(b: Batch) -> dict[str, Any]:
    """Return a batch as a row."""
    return {
        "batch_id": b.batch_id.bytes,
        "variant_id": b.variant_id.bytes,
        "code": b.code,
        "expires_on": iso(b.expires_on),
        "quarantined": b.quarantined,
    }


def iso(day: date | None) -> str | None:
    """Return a day as it is stored."""
    return day.isoformat() if day else None


def day_of(stored: str | None) -> date | None:
    """Return a stored day."""
    return date.fromisoformat(stored) if stored else None


def piece_of(body: bytes, state: str) -> Piece:
    """Return the piece of a row with its present state, which stands in a column of its own."""
    piece = _piece_decoder.decode(body)
    if piece.state.value == state:
        return piece
    values: dict[str, Any] = {name: getattr(piece, name) for name in Piece.__dataclass_fields__}
    return Piece(**{**values, "state": PieceState(state)})


def barcode_of(row: Row[Any], variant: VariantId) -> Barcode:
    """Return the barcode of a row."""
    return Barcode(
        code=row.code,
        variant_id=variant,
        pack_quantity=Quantity(row.pack_quantity),
        unit=row.unit,
        price=row.price,
    )


def batch_of(row: Row[Any]) -> Batch:
    """Return the batch of a row."""
    return Batch(
        batch_id=BatchId(to_id(row.batch_id)),
        variant_id=VariantId(to_id(row.variant_id)),
        code=row.code,
        expires_on=day_of(row.expires_on),
        quarantined=bool(row.quarantined),
    )


def price_of(row: Row[Any]) -> PriceRow:
    """Return the price of a row."""
    return PriceRow(
        price_id=PriceId(to_id(row.price_id)),
        variant_id=VariantId(to_id(row.variant_id)),
        list=row.list,
        price=Amount(row.price),
        barcode=row.barcode,
        valid_from=day_of(row.valid_from),
        valid_to=day_of(row.valid_to),
    )


def gold_entry_of(row: Row[Any]) -> GoldPriceEntry:
    """Return the entry of a row."""
    return GoldPriceEntry(
        fineness=row.fineness,
        day=date.fromisoformat(row.day),
        price=Amount(row.price),
        set_at=from_ms(row.set_at) if row.set_at is not None else None,
        set_by=StaffId(to_id(row.set_by)) if row.set_by else None,
        approver=StaffId(to_id(row.approver_id)) if row.approver_id else None,
    )
