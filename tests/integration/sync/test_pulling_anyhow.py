"""However a feed is cut, broken off and asked for again, a till holds the same in the end as by one page."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.records import MemberRecord, ShopVisits
from pos_app.services.ports.clock import StillWatch
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from sync.protocol.documents import Kind
from tests.support.feed import ELSEWHERE, NOW_MS, Feed, link_of, member, member_id, pull_all, tie
from tests.support.shop_on_disk import DiskShop, shop_on_disk

WHO = st.integers(0, 5)
NAMES = st.sampled_from(("林小满", "王兰", "Anna Smith", "单"))
PHONES = st.lists(st.integers(0, 9), max_size=2, unique=True)
STEPS = st.one_of(
    st.tuples(st.just("member"), WHO, st.tuples(NAMES, PHONES, st.integers(0, 3))),
    st.tuples(st.just("alias"), WHO, WHO),
    st.tuples(st.just("gone"), WHO, st.none()),
    st.tuples(st.just("shop"), WHO, NAMES),
)
PULLS = st.tuples(st.integers(1, 4), st.integers(1, 4), st.none() | st.integers(1, 8))
"""How many documents a page holds, how many a transaction, and at which look at the stopwatch the till dies."""


class DiedError(Exception):
    """The till went off."""


class Dying(StillWatch):
    """A stopwatch at a look on which the till goes off: in a transaction, or after one."""

    def __init__(self, looks: int | None) -> None:
        self.left = looks

    def micros(self) -> int:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise DiedError
        return 0


def apply(feed: Feed, step: tuple[str, int, Any], erased: set[int], owners: dict[int, int]) -> None:
    """Publish what a platform would: nobody who was erased comes back, and no chain of merges is a circle."""
    what, who, told = step
    if what == "shop":
        feed.shop(ELSEWHERE, "S2", told)
    elif who in erased:
        return
    elif what == "gone":
        erased.add(who)
        owners.pop(who, None)
        feed.gone(Kind.MEMBER, member_id(who).bytes)
    elif what == "member":
        owners.pop(who, None)
        name, phones, visits = told
        record = MemberRecord(shops=(ShopVisits(shop=ELSEWHERE, visits=visits, last_ms=5),) if visits else ())
        phones = tuple(f"1380000000{phone}" for phone in phones)
        feed.member(member(who, name, *phones, visits=visits), record)
    else:
        last = told
        while last in owners:
            last = owners[last]
        if last != who and told not in erased:
            owners[who] = told
            feed.alias(member_id(who), member_id(told))


def held(shop: DiskShop) -> dict[str, list[Any]]:
    """Return what a till holds and shows, without the numbers of rows and what it keeps of aliases unseen."""
    queries = {
        "member": "SELECT member_id, seen_here_at, seen_at, since, until, joined_at, last_visit_at, visits, search,"
        " body FROM member WHERE search IS NOT NULL",
        "key": "SELECT k.kind, k.value, m.member_id FROM member_key k LEFT JOIN member m ON m.no = k.no",
        "search": "SELECT s.key, m.member_id FROM member_search s LEFT JOIN member m ON m.no = s.no",
        "rank": "SELECT m.member_id, r.seen_at FROM member_rank r LEFT JOIN member m ON m.no = r.no"
        " WHERE m.search IS NOT NULL OR m.no IS NULL",
        "alias": "SELECT member_id, owner_id FROM member_alias",
        "count": "SELECT coalesce(sum(live), 0) FROM member_count",
        "document": "SELECT kind, id, position, body FROM document",
    }
    with shop.store.engine.connect() as connection:
        run = connection.exec_driver_sql
        return {name: sorted(map(tuple, run(query))) for name, query in queries.items()}


@contextmanager
def linked() -> Iterator[DiskShop]:
    with TemporaryDirectory() as folder, shop_on_disk(Path(folder)) as shop:
        tie(shop)
        yield shop


def pull_somehow(shop: DiskShop, feed: Feed, way: tuple[int, int, int | None]) -> None:
    """Pull a round or several as told; a till that dies begins again with the next."""
    feed.limit, rows, looks = way
    engine = PullEngine(
        shop.store,
        feed,
        appliers(shop.shop.settings.value.shop_id, {}),
        Dying(looks),
    )
    engine._chunks.rows = rows
    with suppress(DiedError):
        engine.pull(NOW_MS)


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=14), ways=st.lists(PULLS, max_size=10))
def test_a_feed_cut_and_repeated_anyhow_comes_to_the_same(
    steps: list[tuple[str, int, Any]], ways: list[tuple[int, int, int | None]]
) -> None:
    feed = Feed()
    erased: set[int] = set()
    owners: dict[int, int] = {}
    for step in steps:
        apply(feed, step, erased, owners)
    with linked() as once, linked() as cut:
        pull_all(once, feed)
        for way in ways:
            pull_somehow(cut, feed, way)
        feed.limit = 3
        pull_all(cut, feed)
        assert held(cut) == held(once)
        assert link_of(cut).digest == link_of(once).digest == feed.digest


@settings(max_examples=25, deadline=None)
@given(turns=st.lists(st.tuples(st.lists(STEPS, max_size=4), st.lists(PULLS, max_size=3)), max_size=6))
def test_a_till_that_pulls_all_the_while_holds_what_one_holds_that_comes_late(
    turns: list[tuple[list[tuple[str, int, Any]], list[tuple[int, int, int | None]]]],
) -> None:
    feed = Feed()
    erased: set[int] = set()
    owners: dict[int, int] = {}
    with linked() as early, linked() as late:
        for steps, ways in turns:
            for step in steps:
                apply(feed, step, erased, owners)
            for way in ways:
                pull_somehow(early, feed, way)
        feed.limit = 2_000
        pull_all(early, feed)
        pull_all(late, feed)
        assert held(early) == held(late)
        assert link_of(early).digest == link_of(late).digest == feed.digest


@pytest.mark.parametrize("looks", range(12))
def test_a_refetch_that_is_broken_off_goes_on(tmp_path: Path, looks: int) -> None:
    feed = Feed()
    for number in range(5):
        feed.member(member(number, "林小满", f"1380000000{number}"))
    with shop_on_disk(tmp_path) as shop:
        tie(shop)
        pull_all(shop, feed)
        before = held(shop)
        with shop.store.write() as tx:
            tx.links.save(replace(link_of(shop), cursor=b""))
        pull_somehow(shop, feed, (2, 2, looks))
        pull_all(shop, feed)
        assert held(shop) == before and link_of(shop).digest == feed.digest


def test_one_whose_owner_went_with_an_import_stands_for_herself() -> None:
    mei, lan = member(1, "林小满", "13800138001"), member(2, "王兰", "13800138002")
    with linked() as shop:
        feed = Feed()
        feed.member(mei)
        feed.member(lan)
        pull_all(shop, feed)
        feed.alias(lan.member_id, mei.member_id)
        pull_all(shop, feed)
        feed.gone(Kind.MEMBER, mei.member_id.bytes)
        feed.limit = 1
        feed.member(lan)
        pull_all(shop, feed)
        assert shop.shop.members.find_phone("13800138002") == lan
        feed.member(mei)
        pull_all(shop, feed)
        assert shop.shop.members.find_phone("13800138001") == mei, "an id may be told of again"
