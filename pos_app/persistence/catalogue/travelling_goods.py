"""Goods on their way to and from a platform, in SQLite: walked by id, written in bulk, taken over, taken away.

Decides which index a walk goes along, and what goes with goods that go; what is sent and taken is `sync.client`.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from pos_app.domain.catalogue import Barcode, Batch, Piece, PieceState, Variant
from pos_app.domain.catalogue.keys import goods_keys
from pos_app.domain.values.ids import BatchId, PieceId, VariantId
from pos_app.persistence.base import to_id
from pos_app.persistence.catalogue.part import Part
from pos_app.persistence.catalogue.rows import (
    BarcodeRow,
    BatchRow,
    ProductKeyRow,
    ScaleItemRow,
    VariantRow,
    barcode_values,
    batch_values,
    encoded,
    key_values,
    piece_of,
    variant_decoder,
    variant_values,
)
from pos_app.persistence.prepared import Prepared

_LIVE = "{0}.since <> :hidden AND {0}.until IN (0, :hidden)"
_PRICED = (
    "EXISTS (SELECT 1 FROM price AS p WHERE p.variant_id = v.variant_id AND p.since >= :since"
    f" AND {_LIVE.format('p')})"
)
_VARIANTS = Prepared(
    text(
        f"SELECT v.variant_id FROM variant AS v WHERE v.variant_id > :after AND {_LIVE.format('v')}"
        f" AND (v.since >= :since OR {_PRICED}) ORDER BY v.variant_id LIMIT :most"
    )
)
_PIECES = Prepared(
    text(
        f"SELECT p.piece_id FROM piece AS p WHERE p.piece_id > :after AND {_LIVE.format('p')}"
        " AND p.since >= :since ORDER BY p.piece_id LIMIT :most"
    )
)
_GOLD_DAYS = Prepared(
    text(
        "SELECT DISTINCT fineness, day FROM gold_price WHERE (fineness, day) > (:fineness, :day)"
        " ORDER BY fineness, day LIMIT :most"
    )
)
_BROUGHT = Prepared(
    text(
        f"SELECT 1 FROM variant AS v WHERE v.variant_id = :id AND {_LIVE.format('v')}"
        f" AND (v.since >= :since OR {_PRICED}) UNION ALL"
        f" SELECT 1 FROM piece AS p WHERE p.piece_id = :id AND {_LIVE.format('p')} AND p.since >= :since LIMIT 1"
    )
)
_NO_DOCUMENT = "NOT EXISTS (SELECT 1 FROM document AS d WHERE d.kind = '{1}' AND d.id = {0}.{1}_id)"
# What a document holds that this program cannot read stands beside it; such a one is not gone.
_GONE = {
    kind: Prepared(
        text(
            f"SELECT d.id FROM document AS d WHERE d.kind = '{kind}' AND d.id > :after AND d.body IS NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {kind} AS t WHERE t.{kind}_id = d.id AND {_LIVE.format('t')})"
            " ORDER BY d.id LIMIT :most"
        )
    )
    for kind in ("variant", "piece")
}
_ALONE = Prepared(
    text(
        f"SELECT v.body FROM variant AS v WHERE v.variant_id > :after AND {_LIVE.format('v')}"
        f" AND {_NO_DOCUMENT.format('v', 'variant')} ORDER BY v.variant_id"
    )
)
_ALONE_ABOVE = Prepared(
    text(
        f"SELECT 1 FROM variant AS v WHERE v.no >= :number AND {_NO_DOCUMENT.format('v', 'variant')} LIMIT 1"
    )
)
_PIECES_ALONE = Prepared(
    text(
        f"SELECT p.body, p.state FROM piece AS p WHERE p.piece_id > :after AND {_LIVE.format('p')}"
        f" AND p.state = :state AND {_NO_DOCUMENT.format('p', 'piece')} ORDER BY p.piece_id LIMIT :most"
    )
)
_HIGHEST = Prepared(text("SELECT max(no) FROM variant"))
_INSERT_VARIANT = Prepared(insert(VariantRow))
_INSERT_BARCODE = Prepared(insert(BarcodeRow))
_INSERT_KEY = Prepared(insert(ProductKeyRow))
_INSERT_BATCH = Prepared(insert(BatchRow).prefix_with("OR REPLACE"))
_FREE_SCALE_ITEM = Prepared(text("DELETE FROM scale_item WHERE item = :item"))
_INSERT_SCALE_ITEM = Prepared(insert(ScaleItemRow))
_VERSIONS = Prepared(text("SELECT no, body FROM variant WHERE variant_id = :id"))
_REMOVE_KEY = Prepared(text("DELETE FROM product_key WHERE key = :key AND no = :no"))
_REMOVE = tuple(
    Prepared(text(f"DELETE FROM {table} WHERE no = :no")) for table in ("barcode", "scale_item", "variant")
)
_REMOVE_PRICES = Prepared(text("DELETE FROM price WHERE variant_id = :id"))
_REMOVE_PIECE = Prepared(text("DELETE FROM piece WHERE piece_id = :id"))
_REMOVE_BATCH = Prepared(text("DELETE FROM batch WHERE batch_id = :id"))
_PIECES_OF = Prepared(text("SELECT no, state, body FROM piece WHERE variant_id = :id"))
_MOVE_PIECE = Prepared(text("UPDATE piece SET variant_id = :new, body = :body WHERE no = :no"))
_MOVE_BATCHES = (
    Prepared(
        text(
            "DELETE FROM batch WHERE variant_id = :old"
            " AND code IN (SELECT code FROM batch WHERE variant_id = :new)"
        )
    ),
    Prepared(text("UPDATE batch SET variant_id = :new WHERE variant_id = :old")),
    Prepared(text("UPDATE price_change SET variant_id = :new WHERE variant_id = :old")),
)


class TravellingGoods(Part):
    """Goods of one transaction as a platform sees them."""

    def variants_after(self, after: bytes, since: int, limit: int) -> Sequence[VariantId]:
        """Return variants after an id, also those of which an import brought a price only."""
        return [VariantId(to_id(each)) for each in self._walk(_VARIANTS, after, limit, since=since)]

    def pieces_after(self, after: bytes, since: int, limit: int) -> Sequence[PieceId]:
        """Return pieces after an id."""
        return [PieceId(to_id(each)) for each in self._walk(_PIECES, after, limit, since=since)]

    def _walk(self, statement: Prepared, after: bytes, limit: int, **more: Any) -> Sequence[bytes]:
        hidden = self._pending.hidden
        asked = {"after": after, "most": limit, "hidden": hidden, **more}
        found: Sequence[bytes] = statement.run(self._connection, **asked).scalars().all()
        return found

    def gold_days(self, after: tuple[str, date] | None, limit: int) -> Sequence[tuple[str, date]]:
        """Return finenesses with the days for which a price was set, in that order."""
        fineness, day = (after[0], after[1].isoformat()) if after else ("", "")
        rows = _GOLD_DAYS.run(self._connection, fineness=fineness, day=day, most=limit)
        return [(row[0], date.fromisoformat(row[1])) for row in rows]

    def was_brought(self, thing: VariantId | PieceId, since: int) -> bool:
        """Whether an import from a batch on brought a variant, a price of it, or a piece, and it is so still."""
        asked = {"id": thing.bytes, "since": since, "hidden": self._pending.hidden}
        return _BROUGHT.run(self._connection, **asked).first() is not None

    def documents_gone(self, kind: str, after: bytes, limit: int) -> Sequence[bytes]:
        """Return ids of documents of kind variant or piece whose goods are here no more."""
        return self._walk(_GONE[kind], after, limit)

    # -- what the merchant does not have -------------------------------------------------------------------

    def alone(self, after: bytes, limit: int) -> Sequence[Variant]:
        """Return variants that are no document and are not held back."""
        asked = {"after": after, "hidden": self._pending.hidden}
        with closing(_ALONE.run(self._connection, **asked)) as rows:
            variants = (variant_decoder.decode(row[0]) for row in rows)
            return list(islice((v for v in variants if not v.flags.quarantined), limit))

    def alone_above(self, number: int) -> int | None:
        """Walk rows from a number on; versions that do not count are taken for goods of their own."""
        if _ALONE_ABOVE.run(self._connection, number=number).first() is not None:
            return None
        return _HIGHEST.run(self._connection).scalar() or 0

    def count_alone(self) -> int:
        """Return how many variants are no document and not held back."""
        bodies = _ALONE.run(self._connection, after=b"", hidden=self._pending.hidden).scalars()
        return sum(not variant_decoder.decode(body).flags.quarantined for body in bodies)

    def pieces_alone(self, after: bytes, limit: int) -> Sequence[Piece]:
        """Return pieces in stock that are no document."""
        rows = _PIECES_ALONE.run(
            self._connection,
            after=after,
            most=limit,
            hidden=self._pending.hidden,
            state=PieceState.IN_STOCK.value,
        )
        return [piece_of(row[0], row[1]) for row in rows]

    # -- written -------------------------------------------------------------------------------------------

    def save_new(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        batches: Sequence[Batch],
        scale_items: Mapping[VariantId, str],
        *,
        is_found: bool = True,
    ) -> None:
        """Write many variants that are not here, with what belongs to them."""
        c = self._connection
        highest = _HIGHEST.run(c).scalar() or 0
        numbers = {v.variant_id: highest + place for place, v in enumerate(variants, 1)}
        _INSERT_VARIANT.run_many(c, (variant_values(v, numbers[v.variant_id]) for v in variants))
        keys = [key for v in variants if is_found for key in key_values(v, numbers[v.variant_id])]
        # In their own order, so that neighbours go to the same page.
        _INSERT_KEY.run_many(c, sorted(keys, key=lambda row: (row["key"], row["no"])))
        _INSERT_BARCODE.run_many(c, (barcode_values(b, numbers[b.variant_id]) for b in barcodes))
        _INSERT_BATCH.run_many(c, (batch_values(b) for b in batches))
        items = [{"item": item, "no": numbers[variant]} for variant, item in scale_items.items()]
        _FREE_SCALE_ITEM.run_many(c, items)
        _INSERT_SCALE_ITEM.run_many(c, items)

    def remove_variant(self, variant_id: VariantId) -> None:
        """Remove goods in every version, with their codes, keys and prices."""
        for version in _VERSIONS.run(self._connection, id=variant_id.bytes).all():
            keys = goods_keys(variant_decoder.decode(version.body))
            _REMOVE_KEY.run_many(self._connection, ({"key": key, "no": version.no} for key in keys))
            for statement in _REMOVE:
                statement.run(self._connection, no=version.no)
        _REMOVE_PRICES.run(self._connection, id=variant_id.bytes)

    def remove_piece(self, piece_id: PieceId) -> None:
        """Remove a piece in every version."""
        _REMOVE_PIECE.run(self._connection, id=piece_id.bytes)

    def remove_batches(self, batches: Sequence[BatchId]) -> None:
        """Remove batches."""
        _REMOVE_BATCH.run_many(self._connection, ({"id": batch.bytes} for batch in batches))

    def take_over(self, old: VariantId, new: VariantId) -> None:
        """Let one variant stand in the place of another, which goes."""
        rows = _PIECES_OF.run(self._connection, id=old.bytes).all()
        moved = (
            {
                "no": row.no,
                "new": new.bytes,
                "body": encoded(replace(piece_of(row.body, row.state), variant_id=new)),
            }
            for row in rows
        )
        _MOVE_PIECE.run_many(self._connection, moved)
        for statement in _MOVE_BATCHES:
            statement.run(self._connection, old=old.bytes, new=new.bytes)
        self.remove_variant(old)
