"""What the page of sync is given: the side of sync, the desk, the names of shops, the goods that only this till has.

Decides nothing; loads the client of sync only when something of it is asked for.
"""

from typing import TYPE_CHECKING

from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.syncing import EnrolWay
from pos_app.services.shop import Shop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pos_app.domain.values.ids import ShopId
    from pos_app.services.acting import Actor
    from pos_app.services.joining import Unmatched
    from ui.sync.ports import SyncParts
    from ui.till import Till


def sync_parts(till: "Till") -> "SyncParts | None":
    """Return what the page of sync needs; None for a till that cannot be enrolled."""
    from ui.sync.ports import SyncParts

    shop, side = till.parts.shop, till.parts.sync
    if side.enrolling is None:
        return None
    return SyncParts(
        control=side.control,
        enrolling=side.enrolling,
        desk=shop.desk,
        joining=_GoodsLeft(shop),
        net=till.lanes.lane("net"),
        now_ms=lambda: to_ms(till.parts.clock.now()),
        shops=lambda: _shop_names(shop),
        remembered=lambda: shop.current.value.platform_address,
    )


def _shop_names(shop: Shop) -> "Mapping[ShopId, str]":
    from sync.client.shops import shop_names

    return shop_names(shop.store)


class _GoodsLeft:
    """Goods that only this till has, if it joined; one that founded a merchant brings all of its own along anyway."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def unmatched(self) -> "Unmatched":
        from pos_app.services.joining import Unmatched

        with self._shop.store.read() as tx:
            link = tx.links.load()
        joined = link is not None and link.way == EnrolWay.JOIN and bool(link.cursor)
        return self._shop.joining.unmatched() if joined else Unmatched(0, ())

    def bring_along(self, who: "Actor") -> object:
        return self._shop.joining.bring_along(who)

    def stop_selling(self, who: "Actor") -> object:
        return self._shop.joining.stop_selling(who)
