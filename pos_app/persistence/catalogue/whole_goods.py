"""Goods with all that belongs to them, many at once, in SQLite: six questions for sixty-four of them.

Decides how they are asked for together; a platform gets and sends them whole.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from pos_app.domain.catalogue import Style
from pos_app.domain.values.ids import StyleId, VariantId
from pos_app.persistence.base import to_id
from pos_app.persistence.catalogue.part import Part
from pos_app.persistence.catalogue.rows import barcode_of, batch_of, price_of, variant_decoder
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.goods import GoodsWhole

_AT_ONCE = 64
"""Ids that one statement asks for; a shorter list is filled up, so that one statement serves all."""
_LIVE = "{0}.since <> :hidden AND {0}.until IN (0, :hidden)"
_OF = f"FROM variant AS v CROSS JOIN {{0}} AS t ON t.no = v.no WHERE v.variant_id IN ({{ids}}) AND {_LIVE.format('v')}"
_QUESTIONS = {
    "variant": f"SELECT v.variant_id, v.body FROM variant AS v WHERE v.variant_id IN ({{ids}}) AND {_LIVE.format('v')}",
    "barcode": f"SELECT v.variant_id, t.* {_OF.format('barcode', ids='{ids}')} ORDER BY v.variant_id, t.code",
    "scale_item": f"SELECT v.variant_id, t.* {_OF.format('scale_item', ids='{ids}')} ORDER BY v.variant_id, t.item",
    "price": (
        f"SELECT p.* FROM price AS p WHERE p.variant_id IN ({{ids}}) AND {_LIVE.format('p')}"
        " ORDER BY p.variant_id, p.price_id"
    ),
    "batch": (
        "SELECT * FROM batch WHERE variant_id IN ({ids}) AND :hidden = :hidden ORDER BY variant_id, batch_id"
    ),
    "style": "SELECT * FROM style WHERE style_id IN ({ids}) AND since <> :hidden",
}


class WholeGoods(Part):
    """Goods of one transaction, many at once."""

    def whole(self, variants: Sequence[VariantId]) -> Sequence[GoodsWhole]:
        """Return those of some variants that are here, in their order, with all that belongs to them."""
        found: list[GoodsWhole] = []
        for start in range(0, len(variants), _AT_ONCE):
            found += self._some([each.bytes for each in variants[start : start + _AT_ONCE]])
        return found

    def _some(self, ids: Sequence[bytes]) -> list[GoodsWhole]:
        variants = {row.variant_id: variant_decoder.decode(row.body) for row in self._ask("variant", ids)}
        if not variants:
            return []
        here = list(variants)
        barcodes, items, prices, batches = (
            _by_variant(self._ask(name, here)) for name in ("barcode", "scale_item", "price", "batch")
        )
        styles = {row.style_id: _style_of(row) for row in self._ask("style", _styles(variants.values()))}
        return [
            GoodsWhole(
                variant=variant,
                style=styles.get(variant.style_id.bytes),
                barcodes=tuple(barcode_of(row, variant.variant_id) for row in barcodes.get(key, ())),
                prices=tuple(price_of(row) for row in prices.get(key, ())),
                batches=tuple(batch_of(row) for row in batches.get(key, ())),
                scale_item=next((row.item for row in items.get(key, ())), None),
            )
            for key in ids
            if (variant := variants.get(key)) is not None
        ]

    def _ask(self, name: str, ids: Sequence[bytes]) -> Sequence[Row[Any]]:
        width = 1 if len(ids) == 1 else _AT_ONCE
        filled = [*ids, *[ids[0]] * (width - len(ids))]
        asked: dict[str, Any] = {f"i{place}": each for place, each in enumerate(filled)}
        return _question(name, width).run(self._connection, hidden=self._pending.hidden, **asked).all()


@lru_cache(maxsize=2 * len(_QUESTIONS))
def _question(name: str, width: int) -> Prepared:
    ids = ", ".join(f":i{place}" for place in range(width))
    return Prepared(text(_QUESTIONS[name].format(ids=ids)))


def _by_variant(rows: Iterable[Row[Any]]) -> dict[bytes, list[Row[Any]]]:
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.variant_id)}


def _styles(variants: Iterable[Any]) -> list[bytes]:
    ids: list[UUID] = [variant.style_id for variant in variants]
    return [each.bytes for each in dict.fromkeys(ids)]


def _style_of(row: Row[Any]) -> Style:
    return Style(
        style_id=StyleId(to_id(row.style_id)),
        code=row.code,
        name=row.name,
        category=row.category,
        brand=row.brand,
    )
