"""Found the demo shop in an empty data folder, through the same services that a real shop uses.

Decides the order: shop and owner, staff, goods, gold prices, members. What the demo holds stands in `demo_shop`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor, CurrentSettings
from pos_app.services.catalogue import CatalogueService, GoodsToSave
from pos_app.services.demo_shop import DemoShop, read_demo_shop
from pos_app.services.founding import FoundingTools, found_shop
from pos_app.services.members import MemberService
from pos_app.services.ports.store import Store
from pos_app.services.recording import Recorder
from pos_app.services.staff import StaffService
from pos_app.services.workplace import Workplace

SOURCE = "demo"
"""What the journal names as the source of the demo's goods."""

DAYS_AHEAD = 30
"""For how many days after its making a demo has a gold price; a real shop sets one each morning."""


def found_demo(store: Store, tools: FoundingTools) -> Actor:
    """Write the demo shop as of now and return its owner, signed in. PINs and badges: `demo_shop.demo_staff`.

    Takes about a second, most of it the slow hashing of five PINs. Raises AlreadyFoundedError.
    """
    shop = read_demo_shop(tools.clock.now(), tools.ids.new)
    owner = next(person for person in shop.staff if person.staff.role is Role.OWNER)
    who = found_shop(store, shop.settings, (owner.staff.code, owner.staff.name, owner.pin), tools)
    recorder = Recorder(shop.settings.till_id, tools.clock, tools.ids)
    work = Workplace(
        store=store,
        recorder=recorder,
        sealer=tools.sealer,
        settings=CurrentSettings(shop.settings),
        clock=tools.clock,
        ids=tools.ids,
    )
    staff = StaffService(work, tools.hasher)
    for person in shop.staff:
        if person is not owner:
            staff.save(who, person.staff, person.pin)
        code_owner = who.staff_id if person is owner else person.staff.staff_id
        staff.give_badge(who, code_owner, person.badge)
    catalogue = CatalogueService(work)
    catalogue.take_in(who, SOURCE, goods_of(shop))
    _set_gold_prices(catalogue, who, shop)
    members = MemberService(work)
    with store.write() as tx:
        for member in shop.members:
            members.write_new(tx, member, who)
    return who


def _set_gold_prices(catalogue: CatalogueService, who: Actor, shop: DemoShop) -> None:
    """Set the told days, and the latest price for the coming ones: a demo opened next week sells its gold too."""
    latest: dict[str, tuple[date, Amount]] = {}
    for fineness, day, price in sorted(shop.gold_prices):
        catalogue.set_gold_price(who, fineness, day, price)
        latest[fineness] = (day, price)
    for fineness, (day, price) in latest.items():
        for ahead in range(1, DAYS_AHEAD + 1):
            catalogue.set_gold_price(who, fineness, day + timedelta(days=ahead), price)


def goods_of(shop: DemoShop) -> Iterator[GoodsToSave]:
    """Yield each variant of the demo with its barcodes, pieces, batches and the item number of its scale code."""
    items = {variant: item for item, variant in shop.scale_items}
    for variant in shop.variants:
        yield GoodsToSave(
            variant=variant,
            barcodes=tuple(b for b in shop.barcodes if b.variant_id == variant.variant_id),
            pieces=tuple(p for p in shop.pieces if p.variant_id == variant.variant_id),
            batches=tuple(b for b in shop.batches if b.variant_id == variant.variant_id),
            scale_item=items.get(variant.variant_id),
        )
