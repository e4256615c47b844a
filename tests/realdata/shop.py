"""The shop that a grocery chain's baskets are rung in: founded once in a data folder, its goods taken in.

Decides the shop's settings and what stands for the outside: the till's clock follows the baskets, so that sales carry
the source's days; ids, sealing, signing and PINs are the real ones.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from pos_app.domain.catalogue import Barcode, Flags, Variant
from pos_app.domain.sales.line import LineKind
from pos_app.domain.settings import TaxClass
from pos_app.domain.values.ids import StyleId, VariantId
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.services.acting import Actor
from pos_app.services.catalogue import GoodsToSave
from pos_app.services.founding import FoundingTools, found_shop, new_settings
from pos_app.services.ports.clock import Ids
from pos_app.services.shop import Shop
from tests.realdata import chain
from ui.main import Home, shop_on, tools_of

OWNER_CODE, OWNER_NAME, OWNER_PIN = "1", "Ring", "24680"
TAX = TaxClass(code="0", rate=Decimal(0))
"""The source does not say what part of its money is tax."""


@dataclass(slots=True)
class FollowingClock:
    """The till's clock: as late as the latest basket rung, or as the books it goes on with."""

    at: datetime

    def now(self) -> datetime:
        """Return the time of the basket at the counter."""
        return self.at


@dataclass(frozen=True, slots=True)
class RingShop:
    """The shop at work, with its owner signed in, whose role has no limits."""

    home: Home
    store: SqlStore
    shop: Shop
    owner: Actor
    clock: FollowingClock


def open_ring_shop(folder: Path, opened_at: datetime) -> RingShop:
    """Open the shop of a folder, founding it in an empty one; sign the owner in.

    Raises PinError for a folder that is somebody else's shop.
    """
    # The ring's signing key belongs to its folder, not to whoever runs it.
    os.environ.setdefault("SHUKE_KEY_STORE", "file")
    home = Home(folder.resolve())
    clock = FollowingClock(opened_at)
    tools = msgspec.structs.replace(tools_of(home), clock=clock)
    store = open_store(home.database)
    with store.read() as tx:
        founded = tx.settings.load() is not None
    if not founded:
        _found(store, tools)
    shop = shop_on(store, home, tools)
    return RingShop(home, store, shop, shop.staff.sign_in(OWNER_CODE, OWNER_PIN), clock)


def _found(store: SqlStore, tools: FoundingTools) -> None:
    settings = msgspec.structs.replace(
        new_settings(tools.ids, "Real weeks"),
        shop_code="R01",
        language="en",
        currency="USD",
        time_zone=chain.ZONE,
        tax_classes=(TAX,),
        default_tax_code=TAX.code,
        print_receipts=False,
    )
    found_shop(store, settings, (OWNER_CODE, OWNER_NAME, OWNER_PIN), tools)


def goods_to_save(goods: Iterable[chain.Goods], ids: Ids) -> Iterator[GoodsToSave]:
    """Yield the chain's goods as the catalogue takes them: open-priced, with one barcode each."""
    for each in goods:
        variant = Variant(
            variant_id=VariantId(ids.new()),
            style_id=StyleId(ids.new()),
            code=each.code,
            name=each.name,
            unit=None,
            category=each.category,
            kind=LineKind.GOODS,
            retail=None,
            tax_code=TAX.code,
            tax_rate=TAX.rate,
            flags=Flags(open_price=True),
        )
        yield GoodsToSave(variant, (Barcode(code=each.barcode, variant_id=variant.variant_id),))
