"""The shops of the merchant as far as they are known at this till. Decides nothing about them."""

from collections.abc import Mapping

import msgspec

from pos_app.domain.values.ids import ShopId
from pos_app.services.ports.store import Store
from sync.protocol.documents import Kind, ShopDocument

_shop = msgspec.json.Decoder(ShopDocument)


def shop_names(store: Store) -> Mapping[ShopId, str]:
    """Return the names of the merchant's shops."""
    with store.read() as tx:
        bodies = [body for _, body in tx.documents.all(Kind.SHOP)]
    names = {}
    for body in bodies:
        try:
            shop = _shop.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            # A shop of a newer version is nameless until this till is as new.
            continue
        names[ShopId(shop.shop)] = shop.name
    return names
