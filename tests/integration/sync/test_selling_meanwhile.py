"""While somebody sells, sync takes little: small pages, short transactions, long rests, goods now and then."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.client.applying import appliers
from sync.client.chunks import Chunks
from sync.client.goods_sending import Room
from sync.client.pace import CARRY_EVERY_S, SELLING_S, Pace
from sync.client.pulling import PAGE, SELLING_PAGE, PullEngine
from sync.protocol.documents import Kind
from tests.support.feed import NOW_MS, Feed, link_of, member, tie
from tests.support.goods_post import Post, PostTill, founding_till
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk
from tests.support.sync_steps import HandTime

MEMBERS = PAGE + 100


class RowWatch:
    """A stopwatch on which each look takes a millisecond; it notes the rests."""

    def __init__(self) -> None:
        self.now_us, self.rests = 0, list[int]()

    def micros(self) -> int:
        """Return microseconds."""
        self.now_us += 1_000
        return self.now_us

    def rest(self, micros: int) -> None:
        """Note."""
        self.rests.append(micros)


@pytest.fixture
def time() -> HandTime:
    """A steady clock in a test's hands."""
    return HandTime()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A shop's till with a tie."""
    with shop_on_disk(tmp_path) as made:
        tie(made)
        yield made


@pytest.fixture
def first(tmp_path: Path) -> Iterator[PostTill]:
    """The merchant's first till, which brings all its goods along."""
    till = founding_till(tmp_path / "first", Post())
    yield till
    till.at.store.close()


def filled(feed: Feed) -> Feed:
    """Publish members."""
    for number in range(MEMBERS):
        feed.member(member(number, "李明", f"139{number:08d}"))
    return feed


def pages_of(shop: DiskShop, feed: Feed, engine: PullEngine, most: int) -> list[int]:
    """Pull so many pages; return how many documents came with each."""
    pages = [engine.pull(NOW_MS).applied for _ in range(most)]
    assert link_of(shop).cursor
    return pages


def test_members_come_in_small_pages_and_with_long_rests_while_somebody_sells(
    shop: DiskShop, time: HandTime
) -> None:
    watch, pace = RowWatch(), Pace(time.steady)
    known = appliers(shop.shop.settings.value.shop_id, {})
    engine = PullEngine(shop.store, filled(Feed()), known, watch, pace)
    pace.tell_of_facts()
    assert pages_of(shop, Feed(), engine, 2) == [SELLING_PAGE, SELLING_PAGE]
    # Of what a transaction held, a look or two are over when it is rested; see RowWatch.
    assert min(watch.rests) >= 10_000, "ten times of what a transaction held the database, at the least"
    time.now += SELLING_S
    watch.rests.clear()
    assert pages_of(shop, Feed(), engine, 1) == [PAGE]
    assert max(watch.rests, default=0) < 10_000, "nobody sells any more"


def test_what_is_pulled_with_rests_is_what_is_pulled_without(shop: DiskShop, time: HandTime) -> None:
    feed, pace = filled(Feed()), Pace(time.steady)
    engine = PullEngine(shop.store, feed, appliers(shop.shop.settings.value.shop_id, {}), RowWatch(), pace)
    for page in range(100):
        if page % 3 == 0:
            pace.tell_of_facts()
        elif page % 3 == 1:
            time.now += SELLING_S
        if not engine.pull(NOW_MS).more:
            break
    assert shop.shop.members.count() == MEMBERS and link_of(shop).digest == feed.digest


def test_facts_leave_at_once_and_goods_every_half_second_while_somebody_sells(
    first: PostTill, time: HandTime
) -> None:
    pace, post = Pace(time.steady), first.post
    first.engine = first.sending(pace)
    first.engine._room = Room(500, documents=2)
    first.at.sell(CANDY)
    pace.tell_of_facts()
    first.engine.push()
    assert len(post.kept) == 2 and first.is_bringing() and pace.carries_in_s == CARRY_EVERY_S
    first.at.sell(CANDY)
    pace.tell_of_facts()
    first.engine.push()
    assert post.pushes[-1].facts and len(post.kept) == 2, "goods rest; the sale does not"
    time.now += CARRY_EVERY_S
    first.engine.push()
    assert len(post.kept) > 2
    time.now += SELLING_S
    first.engine.push()
    assert pace.carries_in_s == 0, "nobody sells any more"
    first.send()
    assert not first.is_bringing()


def test_all_is_forgotten_at_full_speed_though_somebody_sells(shop: DiskShop, time: HandTime) -> None:
    watch, pace = RowWatch(), Pace(time.steady)
    engine = PullEngine(
        shop.store, filled(Feed()), appliers(shop.shop.settings.value.shop_id, {}), watch, pace
    )
    pace.tell_of_facts()
    engine.pull(NOW_MS)
    watch.rests.clear()
    with shop.store.write() as tx:
        tx.links.save(replace(link_of(shop), cursor=b""))
    engine.clear()
    assert max(watch.rests, default=0) < 10_000
    assert link_of(shop).digest == 0


def test_a_life_that_forgets_still_takes_nothing_from_the_one_that_fetches_anew(shop: DiskShop) -> None:
    feed = filled(Feed())
    engine = PullEngine(shop.store, feed, appliers(shop.shop.settings.value.shop_id, {}), RowWatch())
    while engine.pull(NOW_MS).more:
        pass
    engine.clear()
    assert link_of(shop).digest == feed.digest
    with shop.store.read() as tx:
        assert (
            len(tx.documents.positions(Kind.MEMBER, [member(n, "李明").member_id.bytes for n in range(9)]))
            == 9
        )


def test_a_disk_that_hung_for_seconds_makes_no_rest_of_a_minute() -> None:
    watch = RowWatch()
    chunks = Chunks(watch)
    chunks.fit(is_selling=True)
    chunks.begin()
    watch.now_us += 3_000_000
    chunks.end(10)
    chunks.rest()
    assert max(watch.rests) <= 40_000
