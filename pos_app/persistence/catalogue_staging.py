"""Goods and pieces as an import stages them: hidden versions, found and dropped again by batch.

Barcodes and scale items are written with their version, and go with it; search keys are sorted and written by the
import. Decides how versions of goods are written and told apart while an import is under way.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, text

from pos_app.domain.catalogue import MEMBER, Piece, Style
from pos_app.domain.catalogue.keys import goods_keys
from pos_app.domain.values.barcode import writings
from pos_app.domain.values.ids import StyleId, VariantId
from pos_app.persistence.base import to_id
from pos_app.persistence.catalogue.rows import (
    BarcodeRow,
    PieceRow,
    PriceRowRow,
    ScaleItemRow,
    StyleRow,
    VariantRow,
    barcode_of,
    barcode_values,
    piece_of,
    piece_values,
    price_of,
    price_values,
    variant_decoder,
    variant_values,
)
from pos_app.persistence.catalogue_labels import note_changes, note_way_back
from pos_app.persistence.imports import pending
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.versions import SqlVersions, VersionTable
from pos_app.services.ports.imports import Keys
from pos_app.services.ports.staging import GoodsKnown, GoodsToStage

_LIVE = "{0}.since <> :hidden AND {0}.until IN (0, :hidden)"
_ASKED = "json_each(:asked) AS j CROSS JOIN "
_CODES = Prepared(
    text(
        f"SELECT v.code, v.variant_id FROM {_ASKED}variant AS v ON v.code = j.value WHERE {_LIVE.format('v')}"
    )
)
_BARCODES = Prepared(
    text(
        f"SELECT b.code, v.variant_id FROM {_ASKED}barcode AS b ON b.code = j.value"
        f" CROSS JOIN variant AS v ON v.no = b.no WHERE {_LIVE.format('v')}"
    )
)
_SCALE_ITEMS = Prepared(
    text(
        f"SELECT s.item, v.variant_id FROM {_ASKED}scale_item AS s ON s.item = j.value"
        f" CROSS JOIN variant AS v ON v.no = s.no WHERE {_LIVE.format('v')}"
    )
)
_PIECES = Prepared(
    text(f"SELECT p.body, p.state FROM {_ASKED}piece AS p ON p.code = j.value WHERE {_LIVE.format('p')}")
)
_CERTIFICATES = Prepared(
    text(
        f"SELECT p.certificate, p.code FROM {_ASKED}piece AS p ON p.certificate = j.value"
        f" WHERE {_LIVE.format('p')}"
    )
)
_STYLES = Prepared(
    text(
        f"SELECT s.* FROM {_ASKED}style AS s ON s.code = j.value WHERE s.since IN (:batch, 0) OR s.since <> :hidden"
    )
)
_STAGED_CODES = Prepared(
    text(f"SELECT v.code, v.variant_id FROM {_ASKED}variant AS v ON v.code = j.value WHERE v.since = :batch")
)
_VERSIONS = Prepared(text("SELECT * FROM variant WHERE variant_id = :id"))
_REPLACED = Prepared(
    text("UPDATE variant SET until = :batch WHERE variant_id = :id AND since <> :batch AND until = 0")
)
_PIECE_REPLACED = Prepared(
    text(
        "UPDATE piece SET until = :batch WHERE piece_id = :id AND since <> :batch AND until = 0 RETURNING state"
    )
)
_PRICE_REPLACED = Prepared(
    text("UPDATE price SET until = :batch WHERE price_id = :id AND since <> :batch AND until = 0")
)
_OF_NO = Prepared(
    text(f"SELECT b.* FROM {_ASKED}barcode AS b ON b.no = CAST(j.value AS INTEGER) ORDER BY b.no, b.code")
)
_ITEM_OF_NO = Prepared(
    text(f"SELECT s.* FROM {_ASKED}scale_item AS s ON s.no = CAST(j.value AS INTEGER) ORDER BY s.no, s.item")
)
_MOST_ASKED = 500
_HIGHEST = Prepared(text("SELECT coalesce(max(no), 0) FROM variant"))
_INSERT_VARIANT = Prepared(insert(VariantRow))
_INSERT_PIECE = Prepared(insert(PieceRow))
_INSERT_BARCODE = Prepared(insert(BarcodeRow))
_INSERT_SCALE_ITEM = Prepared(insert(ScaleItemRow))
_INSERT_PRICE = Prepared(insert(PriceRowRow))
_INSERT_STYLE = Prepared(insert(StyleRow))
_FORGET = tuple(Prepared(text(f"DELETE FROM {name} WHERE no = :no")) for name in ("barcode", "scale_item"))
_FORGET_KEY = Prepared(text("DELETE FROM product_key WHERE key = :key AND no = :no"))
_CLASHING = Prepared(
    text(
        "SELECT s.variant_id FROM variant AS s WHERE s.code = :code AND s.since = :batch UNION"
        f" SELECT v.variant_id FROM {_ASKED}barcode AS b ON b.code = j.value"
        " CROSS JOIN variant AS v ON v.no = b.no WHERE v.since = :batch"
    )
)


def _keys(_connection: Connection, rows: Sequence[Row[Any]]) -> Keys:
    """Return what stands in `product_key` of versions."""
    texts = [(row.no, goods_keys(variant_decoder.decode(row.body))) for row in rows]
    return Keys({}, {"product_key": texts})


def _no_keys(_connection: Connection, _rows: Sequence[Row[Any]]) -> Keys:
    return Keys({}, {})


def _with_codes(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove the barcodes and scale items of versions that go."""
    for statement in _FORGET:
        statement.run_many(connection, ({"no": number} for number in numbers))


VARIANTS = VersionTable(VariantRow, "variant_id", _keys, removing=_with_codes)
PIECES = VersionTable(PieceRow, "piece_id", _no_keys)
PRICES = VersionTable(PriceRowRow, "price_id", _no_keys)


class _Staged(SqlVersions):
    """What goods and pieces ask alike."""

    def _asked(self, statement: Prepared, asked: Sequence[str], **more: object) -> Sequence[Row[Any]]:
        if not asked:
            return []
        hidden = pending(self._connection).hidden
        found = statement.run(self._connection, asked=json.dumps(list(asked)), hidden=hidden, **more)
        return found.all()

    def _pairs(self, statement: Prepared, asked: Sequence[str], **more: object) -> dict[str, VariantId]:
        rows = (tuple(row) for row in self._asked(statement, asked, **more))
        return {code: VariantId(to_id(owner)) for code, owner in rows}

    def _counting(self, table: Any, variants: Sequence[bytes], *more: Any) -> list[Row[Any]]:
        """Return the rows of some variants that count now."""
        hidden = pending(self._connection).hidden
        found: list[Row[Any]] = []
        for start in range(0, len(variants), _MOST_ASKED):
            query = table.select().where(
                table.c.variant_id.in_(variants[start : start + _MOST_ASKED]),
                table.c.since != hidden,
                table.c.until.in_((0, hidden)),
                *more,
            )
            found += self._connection.execute(query.order_by(table.c.no)).all()
        return found


class SqlStagedGoods(_Staged):
    """The versions of goods in one transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, VARIANTS)

    def on_codes(self, codes: Sequence[str], batch: int = 0) -> Mapping[str, VariantId]:
        """Return the variant of each of some codes as they count now; those staged under a batch too."""
        staged = self._pairs(_STAGED_CODES, codes, batch=batch) if batch else {}
        return staged | self._pairs(_CODES, codes)

    def on_barcodes(self, codes: Sequence[str]) -> Mapping[str, VariantId]:
        """Return the variant of each of some barcodes."""
        return self._pairs(_BARCODES, codes)

    def on_scale_items(self, items: Sequence[str]) -> Mapping[str, VariantId]:
        """Return the variant of each of some scale items."""
        return self._pairs(_SCALE_ITEMS, items)

    def styles(self, codes: Sequence[str], batch: int) -> Mapping[str, Style]:
        """Return the styles of some codes, those staged under a batch among them."""
        return {
            row.code: Style(
                style_id=StyleId(to_id(row.style_id)),
                code=row.code,
                name=row.name,
                category=row.category,
                brand=row.brand,
            )
            for row in self._asked(_STYLES, codes, batch=batch)
        }

    def known(self, variants: Sequence[VariantId]) -> Mapping[VariantId, GoodsKnown]:
        """Return goods that count, with all that belongs to them."""
        ids = [each.bytes for each in dict.fromkeys(variants)]
        table = PriceRowRow.__table__
        without_days = (table.c.barcode.is_(None), table.c.valid_from.is_(None), table.c.valid_to.is_(None))
        rows = self._counting(self._table, ids)
        numbers = [str(row.no) for row in rows]
        barcodes, items = _grouped(self._asked(_OF_NO, numbers)), _grouped(self._asked(_ITEM_OF_NO, numbers))
        listed = self._counting(table, ids, table.c.list == MEMBER, *without_days)
        prices = {row.variant_id: price_of(row) for row in listed}
        found = {}
        for row in rows:
            variant = variant_decoder.decode(row.body)
            item = next(iter(items.get(row.no, ())), None)
            found[variant.variant_id] = GoodsKnown(
                variant=variant,
                barcodes=tuple(barcode_of(b, variant.variant_id) for b in barcodes.get(row.no, ())),
                scale_item=None if item is None else item.item,
                member_price=prices.get(row.variant_id),
            )
        return found

    def stage(self, batch: int, goods: Sequence[GoodsToStage], styles: Sequence[Style]) -> None:
        """Write hidden versions with their barcodes, scale items and member prices; known goods are replaced."""
        c = self._connection
        first = _HIGHEST.run(c).scalar_one() + 1
        numbered = list(enumerate(goods, first))
        _REPLACED.run_many(
            c, ({"batch": batch, "id": g.variant.variant_id.bytes} for g in goods if g.is_known)
        )
        _PRICE_REPLACED.run_many(
            c, ({"batch": batch, "id": g.price.price_id.bytes} for g in goods if g.price and g.is_known)
        )
        _INSERT_VARIANT.run_many(c, (variant_values(g.variant, no, batch) for no, g in numbered))
        barcodes = [barcode_values(b, no) for no, g in numbered for b in g.barcodes]
        _INSERT_BARCODE.run_many(c, sorted(barcodes, key=lambda row: str(row["code"])))
        items = ({"item": g.scale_item, "no": no} for no, g in numbered if g.scale_item)
        _INSERT_SCALE_ITEM.run_many(c, items)
        prices = (price_values(g.price, 0, batch) | {"no": None} for g in goods if g.price)
        _INSERT_PRICE.run_many(c, prices)
        _INSERT_STYLE.run_many(
            c,
            (
                {
                    "style_id": style.style_id.bytes,
                    "since": batch,
                    "code": style.code,
                    "name": style.name,
                    "category": style.category,
                    "brand": style.brand,
                }
                for style in styles
            ),
        )

    def clashing(self, batch: int, things: Sequence[UUID]) -> Sequence[VariantId]:
        """Return the goods staged under a batch that are among some, or have a code that one of them has now."""
        hidden = pending(self._connection).hidden
        found: dict[VariantId, None] = {}
        for thing in things:
            versions = _VERSIONS.run(self._connection, id=thing.bytes).all()
            staged = self._connection.exec_driver_sql(
                "SELECT 1 FROM price WHERE variant_id = ? AND since = ?", (thing.bytes, batch)
            ).first()
            if staged is not None or any(row.since == batch for row in versions):
                found[VariantId(thing)] = None
            for row in versions:
                if row.since != hidden and row.until in (0, hidden):
                    forms = json.dumps(self._forms_of(row.no))
                    rows = _CLASHING.run(self._connection, code=row.code, asked=forms, batch=batch)
                    found |= {VariantId(to_id(each[0])): None for each in rows}
        return list(found)

    def _forms_of(self, no: int) -> Sequence[str]:
        """Return the barcodes of a version in every form of their numbers."""
        own = self._asked(_OF_NO, [str(no)])
        return [form for barcode in own for form in writings(barcode.code)]

    def leave_out(self, batch: int, things: Sequence[UUID]) -> int:
        """Remove what was staged of some goods, keys and prices too; return how many there were."""
        c, gone = self._connection, []
        for thing in things:
            for row in _VERSIONS.run(c, id=thing.bytes).all():
                if row.since == batch:
                    keys = goods_keys(variant_decoder.decode(row.body))
                    _FORGET_KEY.run_many(c, ({"key": key, "no": row.no} for key in keys))
                    gone.append(row.no)
            asked = (thing.bytes, batch)
            c.exec_driver_sql("UPDATE variant SET until = 0 WHERE variant_id = ? AND until = ?", asked)
            c.exec_driver_sql("DELETE FROM price WHERE variant_id = ? AND since = ?", asked)
            c.exec_driver_sql("UPDATE price SET until = 0 WHERE variant_id = ? AND until = ?", asked)
        self.remove(gone)
        return len(gone)

    def note_labels(self, batch: int, at: datetime, after: int, limit: int) -> int | None:
        """Put goods whose retail price a batch changed on the list of labels to print again.

        Walks replaced versions after a number; returns the last one seen, None at the end.
        """
        numbers = self.replaced(batch, after, limit)
        if not numbers:
            return None
        note_changes(self._connection, batch, at, (numbers[0], numbers[-1]))
        return numbers[-1]

    def note_labels_back(
        self, batch: int, moments: tuple[datetime, datetime], after: int, limit: int
    ) -> int | None:
        """Note that the retail prices of a batch that was taken back are on labels no more, or never were.

        Walks the changes noted when the batch was shown; `moments` are then and now.
        """
        return note_way_back(self._connection, batch, moments, (after, limit))

    def remove_styles(self, batch: int, limit: int) -> int:
        """Remove styles that a batch brought and that no goods have any more; return how many were."""
        done = self._connection.exec_driver_sql(
            "DELETE FROM style WHERE style_id IN (SELECT s.style_id FROM style AS s WHERE s.since = ?"
            " AND NOT EXISTS (SELECT 1 FROM variant AS v WHERE v.style_id = s.style_id) LIMIT ?)",
            (batch, limit),
        )
        return done.rowcount


def _grouped(rows: Sequence[Row[Any]]) -> dict[int, list[Row[Any]]]:
    groups: dict[int, list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault(row.no, []).append(row)
    return groups


class SqlStagedPieces(_Staged):
    """The versions of pieces in one transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, PIECES)

    def on_codes(self, codes: Sequence[str]) -> Mapping[str, Piece]:
        """Return the piece of each of some codes as they count now."""
        pieces = (piece_of(row.body, row.state) for row in self._asked(_PIECES, codes))
        return {piece.code: piece for piece in pieces}

    def counting(self, after: int, limit: int) -> Sequence[tuple[int, Piece]]:
        """Return pieces that count, with their numbers, after a number."""
        return [(row.no, piece_of(row.body, row.state)) for row in self.page_counting(after, limit)]

    def on_certificates(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """Return the code of the piece that has each of some certificates."""
        rows = (tuple(row) for row in self._asked(_CERTIFICATES, numbers))
        return dict(rows)

    def stage(self, batch: int, new: Sequence[Piece], changed: Sequence[Piece]) -> None:
        """Write hidden versions; `changed` replace the ones that count, and keep their state."""
        rows = [piece_values(piece, 0, batch) | {"no": None} for piece in new]
        for piece in changed:
            state = (
                _PIECE_REPLACED.run(self._connection, batch=batch, id=piece.piece_id.bytes).scalars().all()
            )
            if state:
                rows.append(piece_values(piece, 0, batch) | {"no": None, "state": state[0]})
        _INSERT_PIECE.run_many(self._connection, rows)

    def clashing(self, batch: int, things: Sequence[UUID]) -> Sequence[UUID]:
        """Return the pieces staged under a batch that are among some, or have a code or certificate of theirs now."""
        found: dict[UUID, None] = {}
        for thing in things:
            rows = self._connection.exec_driver_sql(
                "SELECT s.piece_id FROM piece AS own CROSS JOIN piece AS s ON s.code = own.code"
                " WHERE own.piece_id = ?1 AND s.since = ?2 UNION SELECT s.piece_id FROM piece AS own"
                " CROSS JOIN piece AS s ON s.certificate = own.certificate"
                " WHERE own.piece_id = ?1 AND s.since = ?2",
                (thing.bytes, batch),
            )
            found |= {to_id(row[0]): None for row in rows}
        return list(found)

    def leave_out(self, batch: int, things: Sequence[UUID]) -> int:
        """Remove what was staged of some pieces; return how many there were."""
        numbers = self.numbers_of(batch, things)
        self.remove(numbers)
        for thing in things:
            self._connection.exec_driver_sql(
                "UPDATE piece SET until = 0 WHERE piece_id = ? AND until = ?", (thing.bytes, batch)
            )
        return len(numbers)


class SqlStagedPrices(SqlVersions):
    """The versions of prices in one transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, PRICES)
