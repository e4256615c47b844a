"""Goods in SQLite: found by barcode, piece, scale item, code or search key, each by an index.

Decides storage; what may be sold and at which price is decided in `domain.catalogue`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.catalogue import Barcode, Batch, Found, GoldPrice, Piece, PieceState, Variant
from pos_app.domain.search import folded, name_keys
from pos_app.domain.values.ids import BatchId, PieceId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.persistence.base import (
    Base,
    Id,
    Json,
    Minor,
    OptionalMinor,
    OptionalStr,
    Str,
    Thousandths,
    to_id,
)
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED


class VariantRow(Base):
    """What is sold; `body` holds the whole variant, the columns what is looked up."""

    __tablename__ = "variant"
    __table_args__ = (Index("ix_variant_code", "code", unique=True),)
    variant_id: Mapped[Id] = mapped_column(primary_key=True)
    style_id: Mapped[Id]
    code: Mapped[Str]
    name: Mapped[Str]
    category: Mapped[OptionalStr]
    retail: Mapped[OptionalMinor]
    body: Mapped[Json]


class BarcodeRow(Base):
    """A code on goods."""

    __tablename__ = "barcode"
    __table_args__ = (Index("ix_barcode_variant", "variant_id"), CLUSTERED)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    variant_id: Mapped[Id] = mapped_column(ForeignKey("variant.variant_id"))
    pack_quantity: Mapped[Thousandths]
    unit: Mapped[OptionalStr]
    price: Mapped[OptionalMinor]


class ScaleItemRow(Base):
    """The item number that a scale prints for a weighed variant."""

    __tablename__ = "scale_item"
    __table_args__ = CLUSTERED
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    variant_id: Mapped[Id] = mapped_column(ForeignKey("variant.variant_id"))


class PieceRow(Base):
    """One physical article."""

    __tablename__ = "piece"
    __table_args__ = (
        Index("ix_piece_code", "code", unique=True),
        Index("ix_piece_variant", "variant_id"),
        Index("ix_piece_certificate", "certificate"),
    )
    piece_id: Mapped[Id] = mapped_column(primary_key=True)
    variant_id: Mapped[Id] = mapped_column(ForeignKey("variant.variant_id"))
    code: Mapped[Str]
    certificate: Mapped[OptionalStr]
    state: Mapped[Str]
    body: Mapped[Json]


class BatchRow(Base):
    """Goods made together."""

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_variant", "variant_id", "expires_on"),)
    batch_id: Mapped[Id] = mapped_column(primary_key=True)
    variant_id: Mapped[Id] = mapped_column(ForeignKey("variant.variant_id"))
    code: Mapped[Str]
    expires_on: Mapped[OptionalStr]


class GoldPriceRow(Base):
    """The price per gram of a fineness, set for a day."""

    __tablename__ = "gold_price"
    __table_args__ = CLUSTERED
    fineness: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[str] = mapped_column(Text, primary_key=True)
    price: Mapped[Minor]


class ProductKeyRow(Base):
    """A search key of a variant: the folded name from a word's start on, its pinyin, its initials, its code."""

    __tablename__ = "product_key"
    __table_args__ = (Index("ix_product_key_variant", "variant_id"), CLUSTERED)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    variant_id: Mapped[Id] = mapped_column(primary_key=True)


_variant_decoder = msgspec.json.Decoder(Variant)
_piece_decoder = msgspec.json.Decoder(Piece)
_variant = VariantRow.__table__
_barcode = BarcodeRow.__table__
_key = ProductKeyRow.__table__

_BY_BARCODE = Prepared(
    select(BarcodeRow.code, BarcodeRow.pack_quantity, BarcodeRow.unit, BarcodeRow.price, VariantRow.body)
    .join(VariantRow, VariantRow.variant_id == BarcodeRow.variant_id)
    .where(BarcodeRow.code == bindparam("scanned"))
)
_BY_CODE = Prepared(select(VariantRow.body).where(VariantRow.code == bindparam("scanned")))
_BY_PIECE = Prepared(
    select(PieceRow.body, PieceRow.state, VariantRow.body)
    .join(VariantRow, VariantRow.variant_id == PieceRow.variant_id)
    .where(PieceRow.code == bindparam("scanned"))
)
_BY_SCALE = Prepared(
    select(VariantRow.body)
    .join(ScaleItemRow, ScaleItemRow.variant_id == VariantRow.variant_id)
    .where(ScaleItemRow.item == bindparam("scanned"))
)


def _replacing(row: type[Base]) -> Prepared:
    """Return an insert that replaces a row of the same key."""
    table = row.__table__
    assert isinstance(table, Table)
    new = upsert(table)
    keys = [c.name for c in table.primary_key.columns]
    rest = {c.name: new.excluded[c.name] for c in table.columns if c.name not in keys}
    return Prepared(new.on_conflict_do_update(index_elements=keys, set_=rest) if rest else new)


_SAVE_VARIANT = _replacing(VariantRow)
_SAVE_BARCODE = _replacing(BarcodeRow)
_SAVE_PIECE = _replacing(PieceRow)
_SAVE_BATCH = _replacing(BatchRow)
_DROP_KEYS = Prepared(delete(ProductKeyRow).where(ProductKeyRow.variant_id == bindparam("variant")))
_SAVE_KEY = Prepared(upsert(ProductKeyRow).on_conflict_do_nothing())


class SqlCatalogue:
    """The goods of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_barcode(self, codes: Sequence[str]) -> Found | None:
        """Return what the first known of the codes stands for: a barcode, then a variant's own code."""
        for code in codes:
            row = _BY_BARCODE.run(self._connection, scanned=code).one_or_none()
            if row is not None:
                variant = _variant_decoder.decode(row[4])
                barcode = Barcode(
                    code=row[0],
                    variant_id=variant.variant_id,
                    pack_quantity=Quantity(row[1]),
                    unit=row[2],
                    price=row[3],
                )
                return Found(variant=variant, barcode=barcode)
        for code in codes:
            body = _BY_CODE.run(self._connection, scanned=code).scalar_one_or_none()
            if body is not None:
                return Found(variant=_variant_decoder.decode(body))
        return None

    def find_piece(self, code: str) -> Found | None:
        """Return a piece by its code."""
        row = _BY_PIECE.run(self._connection, scanned=code).one_or_none()
        if row is None:
            return None
        piece = _with_state(_piece_decoder.decode(row[0]), row[1])
        return Found(variant=_variant_decoder.decode(row[2]), piece=piece)

    def find_scale_item(self, item: str) -> Found | None:
        """Return the weighed variant of a scale's item number."""
        body = _BY_SCALE.run(self._connection, scanned=item).scalar_one_or_none()
        return None if body is None else Found(variant=_variant_decoder.decode(body))

    def variant(self, variant_id: VariantId) -> Variant | None:
        """Return a variant."""
        query = select(_variant.c.body).where(_variant.c.variant_id == variant_id.bytes)
        body = self._connection.execute(query).scalar_one_or_none()
        return None if body is None else _variant_decoder.decode(body)

    def barcodes(self, variant_id: VariantId) -> Sequence[Barcode]:
        """Return the barcodes of a variant."""
        query = select(_barcode).where(_barcode.c.variant_id == variant_id.bytes).order_by(_barcode.c.code)
        return [
            Barcode(
                code=r.code,
                variant_id=variant_id,
                pack_quantity=Quantity(r.pack_quantity),
                unit=r.unit,
                price=r.price,
            )
            for r in self._connection.execute(query)
        ]

    def pieces(self, variant_id: VariantId) -> Sequence[Piece]:
        """Return the pieces of a variant."""
        table = PieceRow.__table__
        query = select(table.c.body, table.c.state).where(table.c.variant_id == variant_id.bytes)
        rows = self._connection.execute(query.order_by(table.c.code))
        return [_with_state(_piece_decoder.decode(r.body), r.state) for r in rows]

    def batches(self, variant_id: VariantId) -> Sequence[Batch]:
        """Return the batches of a variant, the one that expires first in front."""
        table = BatchRow.__table__
        query = select(table).where(table.c.variant_id == variant_id.bytes).order_by(table.c.expires_on)
        return [
            Batch(
                batch_id=BatchId(to_id(r.batch_id)),
                variant_id=variant_id,
                code=r.code,
                expires_on=date.fromisoformat(r.expires_on) if r.expires_on else None,
            )
            for r in self._connection.execute(query)
        ]

    def gold_price(self, fineness: str, on: date) -> Amount | None:
        """Return the price per gram of a fineness that was set for a day."""
        table = GoldPriceRow.__table__
        query = select(table.c.price).where(table.c.fineness == fineness, table.c.day == on.isoformat())
        return self._connection.execute(query).scalar_one_or_none()

    def set_gold_price(self, fineness: str, on: date, price: Amount) -> None:
        """Set the price per gram of a fineness for a day."""
        new = upsert(GoldPriceRow).values(fineness=fineness, day=on.isoformat(), price=price)
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["fineness", "day"], set_={"price": new.excluded.price})
        )

    def gold_prices(self, on: date) -> Sequence[GoldPrice]:
        """Return each fineness priced per gram, with its price of a day and the one before; reads every piece."""
        table = GoldPriceRow.__table__
        body = cast(PieceRow.body, Text)
        used = select(func.json_extract(body, "$.fineness").label("fineness")).where(
            func.json_extract(body, "$.fixed_price").is_(None)
        )
        known = used.union(select(table.c.fineness)).subquery()
        names = self._connection.execute(select(known.c.fineness).order_by(known.c.fineness)).scalars().all()
        earlier = select(table.c.price).where(table.c.day < on.isoformat()).order_by(table.c.day.desc())
        return [
            GoldPrice(
                name,
                self.gold_price(name, on),
                self._connection.execute(
                    earlier.where(table.c.fineness == name).limit(1)
                ).scalar_one_or_none(),
            )
            for name in names
        ]

    def search(self, text: str, limit: int) -> tuple[Sequence[Found], int]:
        """Return variants of which a search key begins with the text, in name order, and how many there are."""
        asked = folded(text)
        if not asked:
            return [], 0
        matching = (
            select(_key.c.variant_id)
            .where(_key.c.key >= asked, _key.c.key < asked + "\U0010ffff")
            .group_by(_key.c.variant_id)
        )
        total = self._connection.execute(select(func.count()).select_from(matching.subquery())).scalar_one()
        rows = self._connection.execute(
            select(_variant.c.body)
            .where(_variant.c.variant_id.in_(matching))
            .order_by(func.length(_variant.c.name), _variant.c.name, _variant.c.code)
            .limit(limit)
        )
        return [Found(variant=_variant_decoder.decode(r.body)) for r in rows], total

    def browse(self, after: str, limit: int) -> Sequence[Variant]:
        """Return variants in code order after a code."""
        query = select(_variant.c.body).where(_variant.c.code > after).order_by(_variant.c.code).limit(limit)
        return [_variant_decoder.decode(r.body) for r in self._connection.execute(query)]

    def count(self) -> int:
        """Return how many variants there are."""
        count: int = self._connection.execute(select(func.count()).select_from(_variant)).scalar_one()
        return count

    def save(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        pieces: Sequence[Piece] = (),
        batches: Sequence[Batch] = (),
    ) -> None:
        """Write goods, replacing what has the same id, with their search keys."""
        c = self._connection
        _SAVE_VARIANT.run_many(c, (_variant_values(v) for v in variants))
        _DROP_KEYS.run_many(c, ({"variant": v.variant_id.bytes} for v in variants))
        _SAVE_BARCODE.run_many(c, (_barcode_values(b) for b in barcodes))
        _SAVE_PIECE.run_many(c, (_piece_values(p) for p in pieces))
        _SAVE_BATCH.run_many(c, (_batch_values(b) for b in batches))
        _SAVE_KEY.run_many(c, (key for v in variants for key in _keys(v)))

    def set_scale_item(self, item: str, variant_id: VariantId) -> None:
        """Let a scale's item number stand for a variant."""
        _replacing(ScaleItemRow).run(self._connection, item=item, variant_id=variant_id.bytes)

    def move_piece(self, piece: PieceId, was: PieceState, now: PieceState) -> bool:
        """Change a piece's state; return False when it was not in the state named."""
        done = self._connection.execute(
            update(PieceRow)
            .where(PieceRow.piece_id == piece.bytes, PieceRow.state == was.value)
            .values(state=now.value)
        )
        return done.rowcount == 1


def _with_state(piece: Piece, state: str) -> Piece:
    """Return the piece with its present state, which stands in a column of its own."""
    values: dict[str, Any] = {name: getattr(piece, name) for name in Piece.__dataclass_fields__}
    return Piece(**{**values, "state": PieceState(state)})


def _variant_values(v: Variant) -> dict[str, object]:
    return {
        "variant_id": v.variant_id.bytes,
        "style_id": v.style_id.bytes,
        "code": v.code,
        "name": v.name,
        "category": v.category,
        "retail": v.retail,
        "body": msgspec.json.encode(v),
    }


def _barcode_values(b: Barcode) -> dict[str, object]:
    return {
        "code": b.code,
        "variant_id": b.variant_id.bytes,
        "pack_quantity": b.pack_quantity,
        "unit": b.unit,
        "price": b.price,
    }


def _piece_values(p: Piece) -> dict[str, object]:
    return {
        "piece_id": p.piece_id.bytes,
        "variant_id": p.variant_id.bytes,
        "code": p.code,
        "certificate": p.certificate,
        "state": p.state.value,
        "body": msgspec.json.encode(p),
    }


def _batch_values(b: Batch) -> dict[str, object]:
    return {
        "batch_id": b.batch_id.bytes,
        "variant_id": b.variant_id.bytes,
        "code": b.code,
        "expires_on": b.expires_on.isoformat() if b.expires_on else None,
    }


def _keys(variant: Variant) -> Iterator[dict[str, object]]:
    for key in sorted(name_keys(variant.name) | {folded(variant.code)}):
        yield {"key": key, "variant_id": variant.variant_id.bytes}
