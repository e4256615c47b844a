"""Carts in SQLite: each as one document; exactly one is open."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.sales.cart import Cart
from pos_app.domain.values.ids import CartId, StaffId
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CartRow
from pos_app.services.ports.selling import HeldCart

_cart = CartRow.__table__
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Cart)
_new = upsert(CartRow)
_SAVE = Prepared(
    _new.on_conflict_do_update(
        index_elements=["cart_id"],
        set_={n: _new.excluded[n] for n in ("state", "owner_id", "label", "changed_at", "body")},
    )
)
_DROP = Prepared(delete(CartRow).where(CartRow.cart_id == bindparam("cart")))


class SqlCarts:
    """The carts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_cart(self) -> Cart | None:
        """Return the cart that is open; the latest, should a crash have left two."""
        query = (
            select(_cart.c.body).where(_cart.c.state == "open").order_by(_cart.c.changed_at.desc()).limit(1)
        )
        body = self._connection.execute(query).scalar_one_or_none()
        return None if body is None else _decoder.decode(body)

    def save_open(self, cart: Cart, at: datetime) -> None:
        """Write the open cart."""
        self._save(cart, "open", None, None, at)

    def hold(self, cart: Cart, owner: StaffId, label: str, at: datetime) -> None:
        """Put a cart aside."""
        self._save(cart, "held", owner, label, at)

    def _save(self, cart: Cart, state: str, owner: StaffId | None, label: str | None, at: datetime) -> None:
        _SAVE.run(
            self._connection,
            cart_id=cart.cart_id.bytes,
            state=state,
            owner_id=owner.bytes if owner else None,
            label=label,
            changed_at=to_ms(at),
            body=_encoder.encode(cart),
        )

    def held(self) -> Sequence[HeldCart]:
        """Return the held carts, oldest first."""
        rows = self._connection.execute(
            select(_cart).where(_cart.c.state == "held").order_by(_cart.c.changed_at)
        )
        return [
            HeldCart(
                cart=_decoder.decode(r.body),
                held_at=from_ms(r.changed_at),
                owner=StaffId(to_id(r.owner_id)),
                label=r.label or "",
            )
            for r in rows
        ]

    def take(self, cart_id: CartId) -> Cart | None:
        """Remove and return a held cart."""
        body = self._connection.execute(
            select(_cart.c.body).where(_cart.c.cart_id == cart_id.bytes, _cart.c.state == "held")
        ).scalar_one_or_none()
        if body is None:
            return None
        self.drop(cart_id)
        return _decoder.decode(body)

    def drop(self, cart_id: CartId) -> None:
        """Remove a cart, open or held."""
        _DROP.run(self._connection, cart=cart_id.bytes)
