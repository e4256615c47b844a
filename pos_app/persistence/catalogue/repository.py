"""The goods of one transaction in SQLite: found by barcode, piece, scale item or code, each by an index; and written.

Decides storage, and which version is written: what a person changes is the shop's own from then on
(docs/decisions/0010). What may be sold and at which price is decided in `domain.catalogue`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.catalogue import Barcode, Batch, Found, Piece, PieceState, Style, Variant
from pos_app.domain.catalogue.keys import goods_keys
from pos_app.domain.values.ids import BatchId, PieceId, StyleId, VariantId
from pos_app.domain.values.quantity import Quantity
from pos_app.persistence.base import Base, to_id
from pos_app.persistence.catalogue.gold import Gold
from pos_app.persistence.catalogue.listing import Listing
from pos_app.persistence.catalogue.prices import Prices
from pos_app.persistence.catalogue.rows import (
    BarcodeRow,
    BatchRow,
    PieceRow,
    ProductKeyRow,
    ScaleItemRow,
    StyleRow,
    VariantRow,
    barcode_of,
    barcode_values,
    batch_of,
    batch_values,
    key_values,
    piece_of,
    piece_values,
    variant_decoder,
    variant_values,
)
from pos_app.persistence.catalogue.shelf import Shelf
from pos_app.persistence.catalogue.travelling_goods import TravellingGoods
from pos_app.persistence.catalogue.whole_goods import WholeGoods
from pos_app.persistence.prepared import Prepared

_LIVE = "since <> :hidden AND until IN (0, :hidden)"
_V_LIVE = "v.since <> :hidden AND v.until IN (0, :hidden)"
_P_LIVE = "p.since <> :hidden AND p.until IN (0, :hidden)"
_BY_BARCODE = Prepared(
    text(
        "SELECT b.code, b.pack_quantity, b.unit, b.price, v.body FROM barcode AS b"
        f" CROSS JOIN variant AS v ON v.no = b.no WHERE b.code = :scanned AND {_V_LIVE}"
    )
)
_BY_CODE = Prepared(text(f"SELECT body FROM variant WHERE code = :scanned AND {_LIVE}"))
_BY_PIECE = Prepared(
    text(
        "SELECT p.body, p.state, v.body FROM piece AS p CROSS JOIN variant AS v ON v.variant_id = p.variant_id"
        f" WHERE p.code = :scanned AND {_P_LIVE} AND {_V_LIVE}"
    )
)
_BY_SCALE = Prepared(
    text(
        "SELECT v.body FROM scale_item AS s CROSS JOIN variant AS v ON v.no = s.no"
        f" WHERE s.item = :scanned AND {_V_LIVE}"
    )
)
_VARIANT = Prepared(text("SELECT no, since, until, body FROM variant WHERE variant_id = :id"))
_PIECE = Prepared(text("SELECT no, since, until, state, body FROM piece WHERE piece_id = :id"))
_PIECES = Prepared(text(f"SELECT state, body FROM piece WHERE variant_id = :id AND {_LIVE} ORDER BY code"))
_STYLE = Prepared(text("SELECT * FROM style WHERE style_id = :id AND since <> :hidden"))
_BATCHES = Prepared(
    text("SELECT * FROM batch WHERE variant_id = :id ORDER BY expires_on IS NULL, expires_on, code")
)
_BATCH = Prepared(text("SELECT * FROM batch WHERE batch_id = :id"))
_BARCODES = Prepared(text("SELECT * FROM barcode WHERE no = :no ORDER BY code"))
_SCALE_ITEM = Prepared(text("SELECT item FROM scale_item WHERE no = :no ORDER BY item LIMIT 1"))
_OF_STYLE = Prepared(text(f"SELECT body FROM variant WHERE style_id = :id AND {_LIVE} ORDER BY code"))
_TAKEN = {
    "variant": Prepared(text(f"SELECT variant_id FROM variant WHERE code = :code AND {_LIVE}")),
    "barcode": Prepared(
        text(
            "SELECT v.variant_id FROM barcode AS b CROSS JOIN variant AS v ON v.no = b.no"
            f" WHERE b.code = :code AND {_V_LIVE}"
        )
    ),
    "piece": Prepared(text(f"SELECT piece_id FROM piece WHERE code = :code AND {_LIVE}")),
    "certificate": Prepared(text(f"SELECT piece_id FROM piece WHERE certificate = :code AND {_LIVE}")),
    "scale_item": Prepared(
        text(
            "SELECT v.variant_id FROM scale_item AS s CROSS JOIN variant AS v ON v.no = s.no"
            f" WHERE s.item = :code AND {_V_LIVE}"
        )
    ),
    "style": Prepared(text("SELECT style_id FROM style WHERE code = :code AND since <> :hidden")),
}
_HIGHEST_VARIANT = Prepared(text("SELECT max(no) FROM variant"))
_HIGHEST_PIECE = Prepared(text("SELECT max(no) FROM piece"))
_INSERT_VARIANT = Prepared(insert(VariantRow))
_INSERT_PIECE = Prepared(insert(PieceRow))
_INSERT_BARCODE = Prepared(insert(BarcodeRow))
# Of goods whose keys a filling writes just now, some may stand already.
_INSERT_KEY = Prepared(insert(ProductKeyRow).prefix_with("OR IGNORE"))
_INSERT_SCALE_ITEM = Prepared(insert(ScaleItemRow))


def _rewritten(row: type[Base], *columns: str) -> Prepared:
    """Return an update of a version by its number, which makes it the shop's own."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return Prepared(
        update(row).where(row.__table__.c.no == bindparam("number")).values(**values, since=0, until=0)
    )


_REWRITE_VARIANT = _rewritten(VariantRow, "style_id", "code", "name", "category", "retail", "body")
_REWRITE_PIECE = _rewritten(PieceRow, "variant_id", "code", "certificate", "gold", "state", "body")
_ADOPT_PIECE = _rewritten(PieceRow)
_MOVE_PIECE = Prepared(
    text("UPDATE piece SET state = :now WHERE piece_id = :id AND state = :was RETURNING no, since, until")
)
_REMOVE_VARIANT = Prepared(text("DELETE FROM variant WHERE no = :no"))
_REMOVE_PIECE = Prepared(text("DELETE FROM piece WHERE no = :no"))
_REMOVE_BARCODES = Prepared(text("DELETE FROM barcode WHERE no = :no"))
_REMOVE_SCALE_ITEMS = Prepared(text("DELETE FROM scale_item WHERE no = :no"))
_REMOVE_KEY = Prepared(
    delete(ProductKeyRow).where(ProductKeyRow.key == bindparam("key"), ProductKeyRow.no == bindparam("no"))
)


def _replacing(row: type[Base], key: str, *columns: str) -> Prepared:
    new = upsert(row)
    return Prepared(
        new.on_conflict_do_update(index_elements=[key], set_={c: new.excluded[c] for c in columns})
    )


_SAVE_BATCH = _replacing(BatchRow, "batch_id", "variant_id", "code", "expires_on", "quarantined")
_SAVE_STYLE = _replacing(StyleRow, "style_id", "since", "code", "name", "category", "brand")


class SqlCatalogue(Listing, Prices, Gold, Shelf, TravellingGoods, WholeGoods):
    """The goods of one transaction."""

    # -- found by a code -----------------------------------------------------------------------------------

    def find_barcode(self, codes: Sequence[str]) -> Found | None:
        """Return what the first known of the codes stands for: a barcode, then a variant's own code."""
        hidden = self._pending.hidden
        for code in codes:
            row = _BY_BARCODE.run(self._connection, scanned=code, hidden=hidden).first()
            if row is not None:
                variant = variant_decoder.decode(row[4])
                barcode = Barcode(
                    code=row[0],
                    variant_id=variant.variant_id,
                    pack_quantity=Quantity(row[1]),
                    unit=row[2],
                    price=row[3],
                )
                return Found(variant=variant, barcode=barcode)
        for code in codes:
            body = _BY_CODE.run(self._connection, scanned=code, hidden=hidden).scalar()
            if body is not None:
                return Found(variant=variant_decoder.decode(body))
        return None

    def find_piece(self, code: str) -> Found | None:
        """Return a piece by its code."""
        row = _BY_PIECE.run(self._connection, scanned=code, hidden=self._pending.hidden).first()
        if row is None:
            return None
        return Found(variant=variant_decoder.decode(row[2]), piece=piece_of(row[0], row[1]))

    def find_scale_item(self, item: str) -> Found | None:
        """Return the weighed variant of a scale's item number."""
        body = _BY_SCALE.run(self._connection, scanned=item, hidden=self._pending.hidden).scalar()
        return None if body is None else Found(variant=variant_decoder.decode(body))

    def owner_of(self, kind: str, code: str) -> VariantId | PieceId | StyleId | None:
        """Return whose code this is; `kind` is variant, barcode, piece, certificate, scale_item or style."""
        found = _TAKEN[kind].run(self._connection, code=code, hidden=self._pending.hidden).scalar()
        return None if found is None else VariantId(to_id(found))

    # -- read by id ----------------------------------------------------------------------------------------

    def _counting(self, versions: Iterable[Row[Any]]) -> Row[Any] | None:
        hidden = self._pending.hidden
        return next((v for v in versions if v.since != hidden and v.until in (0, hidden)), None)

    def _variant_versions(self, variant_id: VariantId) -> list[Row[Any]]:
        return list(_VARIANT.run(self._connection, id=variant_id.bytes))

    def _number(self, variant_id: VariantId) -> int:
        """Return the number of the version that counts, -1 when there is none."""
        row = self._counting(self._variant_versions(variant_id))
        return -1 if row is None else row.no

    def variant(self, variant_id: VariantId) -> Variant | None:
        """Return a variant."""
        row = self._counting(self._variant_versions(variant_id))
        return None if row is None else variant_decoder.decode(row.body)

    def style(self, style_id: StyleId) -> Style | None:
        """Return a style; None for the style of a variant that stands alone."""
        found = _STYLE.run(self._connection, id=style_id.bytes, hidden=self._pending.hidden).first()
        if found is None:
            return None
        return Style(
            style_id=style_id,
            code=found.code,
            name=found.name,
            category=found.category,
            brand=found.brand,
        )

    def variants_of(self, style_id: StyleId) -> Sequence[Variant]:
        """Return the variants of a style in code order."""
        rows = _OF_STYLE.run(self._connection, id=style_id.bytes, hidden=self._pending.hidden)
        return [variant_decoder.decode(body) for body in rows.scalars()]

    def barcodes(self, variant_id: VariantId) -> Sequence[Barcode]:
        """Return the barcodes of a variant."""
        rows = _BARCODES.run(self._connection, no=self._number(variant_id))
        return [barcode_of(row, variant_id) for row in rows]

    def scale_item_of(self, variant_id: VariantId) -> str | None:
        """Return the item number that a scale prints for a variant."""
        item: str | None = _SCALE_ITEM.run(self._connection, no=self._number(variant_id)).scalar()
        return item

    def piece(self, piece_id: PieceId) -> Piece | None:
        """Return a piece."""
        row = self._counting(_PIECE.run(self._connection, id=piece_id.bytes).all())
        return None if row is None else piece_of(row.body, row.state)

    def pieces(self, variant_id: VariantId) -> Sequence[Piece]:
        """Return the pieces of a variant in code order."""
        rows = _PIECES.run(self._connection, id=variant_id.bytes, hidden=self._pending.hidden)
        return [piece_of(row.body, row.state) for row in rows]

    def batches(self, variant_id: VariantId) -> Sequence[Batch]:
        """Return the batches of a variant, the one that expires first in front, those that never do at the end."""
        return [batch_of(row) for row in _BATCHES.run(self._connection, id=variant_id.bytes)]

    def batch(self, batch_id: BatchId) -> Batch | None:
        """Return a batch."""
        row = _BATCH.run(self._connection, id=batch_id.bytes).first()
        return None if row is None else batch_of(row)

    # -- written -------------------------------------------------------------------------------------------

    def save(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        pieces: Sequence[Piece] = (),
        batches: Sequence[Batch] = (),
    ) -> None:
        """Write goods by hand, replacing what has the same id, with their search keys.

        Barcodes are added to those that a variant has, or replace the one of the same code.
        """
        numbers = self._save_variants(variants)
        c = self._connection
        for barcode in barcodes:
            no = numbers.get(barcode.variant_id) or self._number(barcode.variant_id)
            c.exec_driver_sql("DELETE FROM barcode WHERE code = ? AND no = ?", (barcode.code, no))
            numbers[barcode.variant_id] = no
        _INSERT_BARCODE.run_many(c, (barcode_values(b, numbers[b.variant_id]) for b in barcodes))
        self._save_pieces(pieces)
        _SAVE_BATCH.run_many(c, (batch_values(b) for b in batches))

    def _save_variants(self, variants: Sequence[Variant]) -> dict[VariantId, int]:
        """Write variants, each as one version of the shop's own; return their numbers."""
        numbers: dict[VariantId, int] = {}
        new: list[Variant] = []
        for variant in variants:
            versions = self._variant_versions(variant.variant_id)
            before = self._counting(versions)
            if before is None:
                new.append(variant)
                continue
            numbers[variant.variant_id] = before.no
            self._rewrite(before, variant)
            for other in versions:
                if other.no != before.no:
                    self._remove_variant(other)
        highest = _HIGHEST_VARIANT.run(self._connection).scalar() or 0
        numbers |= {v.variant_id: highest + place for place, v in enumerate(new, 1)}
        _INSERT_VARIANT.run_many(self._connection, (variant_values(v, numbers[v.variant_id]) for v in new))
        keys = [key for v in new for key in key_values(v, numbers[v.variant_id])]
        # In their own order, so that neighbours go to the same page.
        _INSERT_KEY.run_many(self._connection, sorted(keys, key=lambda row: (row["key"], row["no"])))
        return numbers

    def _rewrite(self, before: Row[Any], variant: Variant) -> None:
        values = variant_values(variant, before.no)
        kept = ("style_id", "code", "name", "category", "retail", "body")
        _REWRITE_VARIANT.run(self._connection, number=before.no, **{name: values[name] for name in kept})
        self._change_keys(
            before.no, set(goods_keys(variant_decoder.decode(before.body))), set(goods_keys(variant))
        )

    def _change_keys(self, no: int, old: set[str], new: set[str]) -> None:
        c = self._connection
        _REMOVE_KEY.run_many(c, ({"key": key, "no": no} for key in sorted(old - new)))
        _INSERT_KEY.run_many(c, ({"key": key, "no": no} for key in sorted(new - old)))

    def _remove_variant(self, version: Row[Any]) -> None:
        """Remove a version that no longer matters, with its codes and keys."""
        self._change_keys(version.no, set(goods_keys(variant_decoder.decode(version.body))), set())
        for statement in (_REMOVE_BARCODES, _REMOVE_SCALE_ITEMS, _REMOVE_VARIANT):
            statement.run(self._connection, no=version.no)

    def _save_pieces(self, pieces: Sequence[Piece]) -> None:
        new: list[Piece] = []
        for piece in pieces:
            versions = _PIECE.run(self._connection, id=piece.piece_id.bytes).all()
            before = self._counting(versions)
            if before is None:
                new.append(piece)
                continue
            values = piece_values(piece, before.no)
            kept = ("variant_id", "code", "certificate", "gold", "state", "body")
            _REWRITE_PIECE.run(self._connection, number=before.no, **{name: values[name] for name in kept})
            for other in versions:
                if other.no != before.no:
                    _REMOVE_PIECE.run(self._connection, no=other.no)
        highest = _HIGHEST_PIECE.run(self._connection).scalar() or 0
        _INSERT_PIECE.run_many(
            self._connection, (piece_values(p, highest + place) for place, p in enumerate(new, 1))
        )

    def set_barcodes(self, variant_id: VariantId, barcodes: Sequence[Barcode]) -> None:
        """Give a variant these barcodes and no others."""
        no = self._number(variant_id)
        _REMOVE_BARCODES.run(self._connection, no=no)
        _INSERT_BARCODE.run_many(self._connection, (barcode_values(b, no) for b in barcodes))

    def save_style(self, style: Style) -> None:
        """Write a style, replacing the one of the same id."""
        _SAVE_STYLE.run(
            self._connection,
            style_id=style.style_id.bytes,
            since=0,
            code=style.code,
            name=style.name,
            category=style.category,
            brand=style.brand,
        )

    def set_scale_item(self, item: str | None, variant_id: VariantId) -> None:
        """Let a scale's item number stand for a variant and no other; None takes its number away."""
        no = self._number(variant_id)
        _REMOVE_SCALE_ITEMS.run(self._connection, no=no)
        if item is not None:
            self._connection.exec_driver_sql("DELETE FROM scale_item WHERE item = ?", (item,))
            _INSERT_SCALE_ITEM.run(self._connection, item=item, no=no)

    def move_piece(self, piece: PieceId, was: PieceState, now: PieceState) -> bool:
        """Change a piece's state in every version; return False when the one that counts was not in the state named.

        A version that an import brought is the shop's own from now on.
        """
        c, hidden = self._connection, self._pending.hidden
        moved = _MOVE_PIECE.run(c, id=piece.bytes, was=was.value, now=now.value).all()
        counting = self._counting(moved)
        if counting is None:
            return False
        if counting.since not in (0, hidden):
            for other in _PIECE.run(c, id=piece.bytes).all():
                if other.no != counting.no:
                    _REMOVE_PIECE.run(c, no=other.no)
            _ADOPT_PIECE.run(c, number=counting.no)
        return True
