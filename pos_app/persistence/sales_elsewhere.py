"""Sales of other shops that were asked for online, so that they can be returned here.

Decides what is kept of one: the sale as its till recorded it, and how much of it had come back by then other than by
returns of this till. They are fetched, not made here: emptying the table loses nothing.
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, bindparam, select, text

from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import LineId, SaleId
from pos_app.domain.values.quantity import Quantity
from pos_app.persistence.base import to_id
from pos_app.persistence.documents import SaleElsewhereRow
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.selling import ElsewhereSale

_table = SaleElsewhereRow.__table__
_KEEP = Prepared(
    text("INSERT OR REPLACE INTO sale_elsewhere (sale_id, number, body) VALUES (:sale_id, :number, :body)")
)
_BODY = Prepared(select(_table.c.body).where(_table.c.sale_id == bindparam("sale")))
_NUMBER = Prepared(select(_table.c.sale_id).where(_table.c.number == bindparam("number")))


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a row."""

    sale: Sale
    shop_name: str
    returned: tuple[tuple[LineId, Quantity], ...] = ()


_decoder = msgspec.json.Decoder(_Kept)


def keep(connection: Connection, found: ElsewhereSale) -> None:
    """Write a sale, in place of what was kept of it before."""
    kept = _Kept(sale=found.sale, shop_name=found.shop_name, returned=tuple(found.returned.items()))
    sale = found.sale
    _KEEP.run(connection, sale_id=sale.sale_id.bytes, number=sale.number, body=msgspec.json.encode(kept))


def find(connection: Connection, sale_id: SaleId) -> ElsewhereSale | None:
    """Return a sale that was kept."""
    body = _BODY.run(connection, sale=sale_id.bytes).scalar_one_or_none()
    if body is None:
        return None
    kept = _decoder.decode(body)
    returned: Mapping[LineId, Quantity] = dict(kept.returned)
    return ElsewhereSale(sale=kept.sale, shop_name=kept.shop_name, returned=returned)


def find_number(connection: Connection, number: str) -> SaleId | None:
    """Return the id of a sale that was kept, by its receipt number."""
    found = _NUMBER.run(connection, number=number).scalar_one_or_none()
    return None if found is None else SaleId(to_id(found))
