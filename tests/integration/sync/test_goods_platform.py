"""Goods, people and settings over the real platform: brought along, pulled, edited at both tills, found the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.syncing import EnrolWay
from sync.client.applying import appliers
from sync.client.goods_applying import APPLIERS, Applier, VariantApplier
from sync.client.goods_bringing import at_first
from sync.client.pulling import PullEngine
from sync.protocol.documents import Kind
from sync.protocol.messages import Pull, Way
from tests.support.catalogue_shop import draft_of, goods, wipes
from tests.support.goods_post import Post, PostTill, new_till, state_of
from tests.support.shop_on_disk import CANDY, NECKLACE, RING, DiskShop
from tests.support.tills_together import LinkedTill, Together, link, together


class NoTimePasses:
    """A stopwatch that stands still."""

    def micros(self) -> int:
        """Return the time of the start."""
        return 0

    def rest(self, _micros: int) -> None:
        """Do not wait."""


@dataclass
class Till:
    """A till with both engines."""

    linked: LinkedTill
    pulling: PullEngine

    @property
    def shop(self) -> DiskShop:
        """Its counter."""
        return self.linked.shop

    def sync(self) -> None:
        """Send everything, then take everything in."""
        self.linked.push()
        while self.pulling.pull(to_ms(self.shop.clock.now())).more:
            pass
        self.shop.shop.settings.look_again()

    def state(self) -> object:
        """Everything of its goods, people and settings."""
        return state_of(PostTill(self.shop, Post()))


def till_of(linked: LinkedTill, way: EnrolWay) -> Till:
    """Return a linked till that has just come in."""
    shop = linked.shop
    with shop.store.write() as tx:
        tie = tx.links.load()
        assert tie is not None
        tx.links.save(replace(tie, uploading=at_first(way, tx.journal.head())))

    def one(apply: Applier):  # type: ignore[no-untyped-def]
        return lambda tx, document, _body: apply(tx, document)

    table = appliers(shop.shop.settings.value.shop_id, {kind: one(apply) for kind, apply in APPLIERS.items()})
    known = {**table, Kind.VARIANT: VariantApplier()}
    return Till(linked, PullEngine(shop.store, linked.wire, known, NoTimePasses()))


@pytest.fixture
def platform(tmp_path: Path, address: str) -> Iterator[Together]:
    """A platform on each database."""
    with together(tmp_path, address) as made:
        yield made


@pytest.fixture
def tills(platform: Together, tmp_path: Path) -> Iterator[tuple[Till, Till]]:
    """The merchant's first till, and one that was set up by joining."""
    linked = platform.till(0)
    first = till_of(replace_way(linked, EnrolWay.FOUND), EnrolWay.FOUND)
    first.sync()
    new = new_till(tmp_path / "new", Post()).at
    second = till_of(link(platform.service, new, Way.JOIN), EnrolWay.JOIN)
    second.sync()
    new.owner, new.cashier, new.manager = first.shop.owner, first.shop.cashier, first.shop.manager
    yield first, second
    new.store.close()


def replace_way(linked: LinkedTill, way: EnrolWay) -> LinkedTill:
    """Let a till have come in another way."""
    with linked.shop.store.write() as tx:
        tie = tx.links.load()
        assert tie is not None
        tx.links.save(replace(tie, way=way.value))
    return linked


def test_a_till_that_joined_has_what_the_first_one_brought_along(tills: tuple[Till, Till]) -> None:
    first, second = tills
    assert second.state() == first.state()
    assert second.shop.shop.staff.sign_in("3", "1234").name == "小李"


def test_edits_at_both_tills_end_the_same_and_the_digest_agrees(tills: tuple[Till, Till]) -> None:
    first, second = tills
    edit = first.shop.shop.catalogue_edit
    edit.save_variant(first.shop.owner, wipes())
    edit.save_variant(first.shop.owner, draft_of(goods(first.shop, CANDY), name="第一家的名字"))
    second.shop.clock.forward(timedelta(seconds=5))
    there = second.shop.shop.catalogue_edit
    there.save_variant(second.shop.owner, draft_of(goods(second.shop, CANDY), name="第二家的名字"))
    there.save_variant(second.shop.owner, draft_of(goods(second.shop, NECKLACE), name="项链"))
    first.shop.sell(RING)
    for till in (first, second, first, second):
        till.sync()
    assert second.state() == first.state()
    assert goods(first.shop, CANDY).name == "第二家的名字"
    for till in tills:
        with till.shop.store.read() as tx:
            held = tx.links.load()
        assert held is not None
        reply = till.linked.wire.pull(Pull(p=1, cursor=held.cursor))
        assert reply.rows == () and reply.digest == held.digest.to_bytes(8, "big")
