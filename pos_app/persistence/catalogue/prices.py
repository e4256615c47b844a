"""Price rows in versions, and the list of prices that were changed, for labels to print again.

Decides storage; which row holds is `domain.catalogue.prices`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, insert, text

from pos_app.domain.catalogue import PriceRow
from pos_app.domain.values.ids import PriceId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.catalogue.part import Part
from pos_app.persistence.catalogue.rows import (
    PriceChangeRow,
    PriceRowRow,
    day_of,
    iso,
    price_of,
    price_values,
)
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.goods import LabelChange, NewLabelChange

_LIVE = "since <> :hidden AND until IN (0, :hidden)"
_OF_VARIANT = Prepared(text(f"SELECT * FROM price WHERE variant_id = :id AND {_LIVE} ORDER BY no"))
_HIGHEST = Prepared(text("SELECT max(no) FROM price"))
_INSERT = Prepared(insert(PriceRowRow))
_REMOVE = Prepared(text("DELETE FROM price WHERE price_id = :id"))
_INSERT_CHANGE = Prepared(insert(PriceChangeRow))
_CHANGES = Prepared(
    text(
        "SELECT * FROM price_change WHERE changed_at >= :since AND no > :after ORDER BY changed_at, no LIMIT :most"
    )
)
_OPEN = Prepared(
    text("SELECT * FROM price_change WHERE printed_at IS NULL AND no > :after ORDER BY no LIMIT :most")
)
_DROP = Prepared(
    text(
        "DELETE FROM price_change WHERE printed_at IS NULL AND variant_id = :variant_id"
        " AND valid_from = :valid_from AND barcode IS :barcode AND list = :list AND before IS :before"
    )
)
_PRINTED = Prepared(text("UPDATE price_change SET printed_at = :at WHERE no = :no AND printed_at IS NULL"))


class Prices(Part):
    """The prices of one transaction."""

    def prices(self, variant_id: VariantId) -> Sequence[PriceRow]:
        """Return the price rows of a variant and its barcodes, on every list, past and to come."""
        found = _OF_VARIANT.run(self._connection, id=variant_id.bytes, hidden=self._pending.hidden)
        return [price_of(row) for row in found]

    def save_prices(self, rows: Sequence[PriceRow]) -> None:
        """Write price rows by hand, replacing what has the same id."""
        self.remove_prices([row.price_id for row in rows])
        highest = _HIGHEST.run(self._connection).scalar() or 0
        values = (price_values(row, highest + place) for place, row in enumerate(rows, 1))
        _INSERT.run_many(self._connection, values)

    def remove_prices(self, prices: Sequence[PriceId]) -> None:
        """Remove price rows, in every version."""
        _REMOVE.run_many(self._connection, ({"id": price.bytes} for price in prices))

    def add_price_changes(self, changes: Sequence[NewLabelChange], at: datetime) -> None:
        """Note prices that were changed."""
        rows = (
            {
                "no": None,
                "changed_at": to_ms(at),
                "variant_id": change.variant_id.bytes,
                "barcode": change.barcode,
                "list": change.list,
                "before": change.before,
                "after": change.after,
                "valid_from": iso(change.valid_from),
                "printed_at": None,
            }
            for change in changes
        )
        _INSERT_CHANGE.run_many(self._connection, rows)

    def drop_price_changes(self, changes: Sequence[NewLabelChange]) -> None:
        """Take noted changes back whose labels were not printed: those of the same goods, list, day and `before`."""
        rows = (
            {
                "variant_id": change.variant_id.bytes,
                "barcode": change.barcode,
                "list": change.list,
                "before": change.before,
                "valid_from": iso(change.valid_from),
            }
            for change in changes
        )
        _DROP.run_many(self._connection, rows)

    def price_changes(self, since: datetime | None, after: int, limit: int) -> Sequence[LabelChange]:
        """Return prices changed since a moment in order, or those whose labels are to be printed without one."""
        asked = {"after": after, "most": limit}
        if since is None:
            rows = _OPEN.run(self._connection, **asked)
        else:
            rows = _CHANGES.run(self._connection, since=to_ms(since), **asked)
        return [_change_of(row) for row in rows]

    def labels_printed(self, numbers: Sequence[int], at: datetime) -> None:
        """Note that the labels of changes were printed."""
        _PRINTED.run_many(self._connection, ({"no": no, "at": to_ms(at)} for no in numbers))


def _change_of(row: Row[tuple[object, ...]]) -> LabelChange:
    return LabelChange(
        no=row.no,
        changed_at=from_ms(row.changed_at),
        variant_id=VariantId(to_id(row.variant_id)),
        barcode=row.barcode,
        list=row.list,
        before=None if row.before is None else Amount(row.before),
        after=None if row.after is None else Amount(row.after),
        valid_from=day_of(row.valid_from),
        printed_at=None if row.printed_at is None else from_ms(row.printed_at),
    )
