"""What the platform sends comes in at a till: members, shops and items of the desk, whatever is cut off on the way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from pos_app.domain.members import Profile
from pos_app.domain.records import Change, Changed, MemberRecord, ShopVisits
from pos_app.domain.values.ids import SubjectId
from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.clock import StillWatch
from sync.client.applying import appliers
from sync.client.engine import NotLinkedError
from sync.client.pulling import PAGE, REFETCH_EVERY_MS, PullEngine
from sync.protocol.documents import Kind
from sync.protocol.errors import Number, PlatformError
from tests.support.bootstrap import NOON
from tests.support.feed import (
    ELSEWHERE,
    NOW_MS,
    Feed,
    link_of,
    member,
    member_id,
    pull_all,
    puller,
    tie,
)
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk

MEI, LAN = member(1, "林小满", "13800138001"), member(2, "王兰", "13800138002", visits=3)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A shop whose till belongs to a platform that knows its journal."""
    with shop_on_disk(tmp_path) as shop:
        tie(shop)
        yield shop


@pytest.fixture
def feed() -> Feed:
    return Feed()


def found(shop: DiskShop, text: str) -> list[str | None]:
    return [each.profile.name for each in shop.shop.members.look_up(text).members]


def test_a_member_of_another_shop_is_found_here_by_phone_name_and_pinyin(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    assert pull_all(shop, feed) == 1
    assert shop.shop.members.find_phone("13800138001") == MEI
    for text in ("8001", "小满", "lxm", "linxiaoman"):
        assert found(shop, text) == ["林小满"], text
    assert shop.shop.members.count() == 1


def test_the_tie_knows_how_far_it_came_and_holds_the_platforms_digest(shop: DiskShop, feed: Feed) -> None:
    feed.limit = 2
    for number in range(7):
        feed.member(member(number, "李明", f"1390013900{number}"))
    feed.gone(Kind.MEMBER, member_id(3).bytes)
    assert pull_all(shop, feed) == 7
    link = link_of(shop)
    assert link.digest == feed.digest != 0
    assert link.cursor == feed.head.to_bytes(8, "big")
    assert shop.shop.members.get(member_id(3)) is None


def test_nothing_new_costs_no_writing(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    pull_all(shop, feed)
    before = shop.store.size()
    engine = puller(shop, feed)
    for _ in range(5):
        assert engine.pull(NOW_MS).applied == 0
    assert shop.store.size() == before


def test_another_phone_and_name_replace_the_old_ones_everywhere(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    pull_all(shop, feed)
    feed.member(member(1, "林大满", "13700137000", visits=2))
    pull_all(shop, feed)
    assert found(shop, "8001") == [] == found(shop, "小满")
    assert found(shop, "7000") == ["林大满"]
    mei = shop.shop.members.get(MEI.member_id)
    assert mei is not None and mei.visits == 2
    assert shop.shop.members.find_phone("13800138001") is None


def test_what_was_seen_here_comes_first_and_what_a_page_brings_is_no_visit(
    shop: DiskShop, feed: Feed
) -> None:
    here, at = shop.shop.settings.value.shop_id, to_ms(NOON)
    feed.member(LAN)
    visits = ShopVisits(shop=here, visits=1, last_ms=at - 1000)
    feed.member(member(3, "王芳", "13800138003"), MemberRecord(shops=(visits,)))
    pull_all(shop, feed)
    assert found(shop, "王") == ["王芳", "王兰"], "seen here before seen elsewhere"
    lan = shop.shop.members.get(LAN.member_id)
    assert lan is not None and lan.visits == 3 and lan.last_visit_at == NOON


def test_what_all_shops_know_of_a_member_is_kept(shop: DiskShop, feed: Feed) -> None:
    record = MemberRecord(changes=(Change(what=Changed.REGISTERED, at_ms=5, shop=ELSEWHERE),))
    feed.member(MEI, record)
    feed.member(LAN)
    feed.shop(ELSEWHERE, "S2", "二店")
    pull_all(shop, feed)
    assert shop.shop.members.record(MEI.member_id) == record
    assert shop.shop.members.record(LAN.member_id) == MemberRecord()
    names = shop.shop.members.shops()
    assert names == {ELSEWHERE: "二店", shop.shop.settings.value.shop_id: "熟客测试店"}


def test_two_who_are_one_are_found_as_the_owner_with_the_sales_of_both(shop: DiskShop, feed: Feed) -> None:
    other = shop.sign_up("13900139000", "林小满")
    shop.sell(CANDY, member=other)
    tie(shop)
    owner = member(1, "林小满", "13800138001", "13900139000")
    feed.member(owner)
    feed.alias(other.member_id, owner.member_id)
    pull_all(shop, feed)
    assert shop.shop.members.get(other.member_id) == owner
    assert shop.shop.members.find_phone("13900139000") == owner
    assert found(shop, "林小满") == ["林小满"] and shop.shop.members.count() == 1
    assert len(shop.shop.members.purchases(owner.member_id)) == 1
    shop.sell(CANDY, member=other)
    kept = shop.shop.members.get(owner.member_id)
    assert kept is not None and kept.visits == owner.visits + 1, "a visit under the old id is hers"
    assert len(shop.shop.members.purchases(owner.member_id)) == 2


def test_a_chain_of_merges_leads_to_the_last_owner(shop: DiskShop, feed: Feed) -> None:
    first = shop.sign_up("13900139000", "林小满")
    shop.sell(CANDY, member=first)
    tie(shop)
    feed.member(LAN)
    feed.alias(first.member_id, MEI.member_id)
    feed.alias(MEI.member_id, LAN.member_id)
    pull_all(shop, feed)
    assert shop.shop.members.get(first.member_id) == LAN
    assert len(shop.shop.members.purchases(LAN.member_id)) == 1


def test_a_merge_that_was_turned_round_makes_no_circle(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    feed.alias(LAN.member_id, MEI.member_id)
    pull_all(shop, feed)
    feed.limit = 1
    feed.alias(MEI.member_id, LAN.member_id)
    engine = puller(shop, feed)
    feed.member(LAN)
    while engine.pull(NOW_MS).more:
        shop.shop.members.get(MEI.member_id)
    assert shop.shop.members.get(MEI.member_id) == LAN == shop.shop.members.find_phone("13800138002")


def test_taking_a_merge_back_restores_both(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    feed.member(LAN)
    pull_all(shop, feed)
    feed.alias(LAN.member_id, MEI.member_id)
    pull_all(shop, feed)
    assert shop.shop.members.count() == 1
    feed.member(LAN)
    pull_all(shop, feed)
    assert shop.shop.members.get(LAN.member_id) == LAN
    assert found(shop, "8002") == ["王兰"] and shop.shop.members.count() == 2


def test_an_erased_member_goes_with_her_key_even_while_a_sale_of_hers_waits(
    shop: DiskShop, feed: Feed
) -> None:
    mei = shop.sign_up("13900139000", "林小满")
    shop.sell(CANDY, member=mei)
    feed.gone(Kind.MEMBER, mei.member_id.bytes)
    pull_all(shop, feed)
    assert shop.shop.members.get(mei.member_id) is None and found(shop, "9000") == []
    with shop.store.read() as tx:
        assert tx.subject_keys.get(SubjectId(mei.member_id)) is None
        assert mei.member_id in tx.traces.left()
    assert not shop.verify().findings


def test_an_erased_owner_takes_her_aliases_along(shop: DiskShop, feed: Feed) -> None:
    other = shop.sign_up("13900139000", "林小满")
    tie(shop)
    feed.member(MEI)
    feed.alias(other.member_id, MEI.member_id)
    pull_all(shop, feed)
    shop.shop.members.erase(shop.owner, other.member_id, "asked")
    with shop.store.read() as tx:
        assert not tx.members.has_fields(other.member_id) and not tx.members.has_fields(MEI.member_id)
        assert tx.subject_keys.get(SubjectId(other.member_id)) is None
    assert shop.shop.members.get(other.member_id) is None


def test_somebody_who_was_never_here_leaves_nothing_to_scrub(shop: DiskShop, feed: Feed) -> None:
    feed.gone(Kind.MEMBER, MEI.member_id.bytes)
    pull_all(shop, feed)
    assert shop.shop.member_traces.due_since() is None


def test_what_was_changed_here_and_not_sent_yet_is_not_written_over(shop: DiskShop, feed: Feed) -> None:
    place = feed.member(MEI)
    pull_all(shop, feed)
    profile = msgspec.structs.replace(MEI.profile, name="林满满")
    shop.shop.members.edit(shop.cashier, MEI.member_id, profile)
    feed.member(member(1, "林小满", "13800138001", "13700137000"))
    pull_all(shop, feed)
    assert found(shop, "8001") == ["林满满"] and found(shop, "7000") == []
    assert link_of(shop).digest == feed.digest
    with shop.store.read() as tx:
        assert tx.documents.seen("member", MEI.member_id.bytes) == place, (
            "the editor has the earlier one before her"
        )


def test_what_was_put_aside_comes_in_once_the_own_fact_is_known(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    pull_all(shop, feed)
    shop.shop.member_privacy.reveal(shop.cashier, MEI.member_id)
    place = feed.member(member(1, "林大满", "13700137000"))
    pull_all(shop, feed)
    assert found(shop, "8001") == ["林小满"]
    tie(shop)
    assert pull_all(shop, feed) == 0
    assert found(shop, "7000") == ["林大满"] and found(shop, "8001") == []
    with shop.store.read() as tx:
        assert tx.documents.seen("member", MEI.member_id.bytes) == place
        assert tx.documents.owed("member") == []


def test_a_sale_that_is_not_known_there_yet_stays_in_her_visits(shop: DiskShop, feed: Feed) -> None:
    feed.member(LAN)
    pull_all(shop, feed)
    shop.sell(CANDY, member=LAN)
    feed.member(member(2, "王兰", "13800138002", visits=4))
    pull_all(shop, feed)
    lan = shop.shop.members.get(LAN.member_id)
    assert lan is not None and lan.visits == 4, "three that were known, and one of this till"
    tie(shop)
    feed.member(member(2, "王兰", "13800138002", visits=5))
    pull_all(shop, feed)
    lan = shop.shop.members.get(LAN.member_id)
    assert lan is not None and lan.visits == 5


def test_an_edit_says_which_document_the_editor_saw(shop: DiskShop, feed: Feed) -> None:
    place = feed.member(MEI)
    pull_all(shop, feed)
    shop.shop.members.edit(shop.cashier, MEI.member_id, Profile(name="林大满", keys=MEI.profile.keys))
    fresh = shop.sign_up("13900139000")
    shop.shop.members.edit(shop.cashier, fresh.member_id, Profile(name="新", keys=fresh.profile.keys))
    with shop.store.read() as tx:
        edits = [e.body for e in tx.journal.entries() if e.kind == "member.edited"]
    assert f'"seen":{place}'.encode() in edits[0] and b'"seen":' not in edits[1]


def test_what_a_newer_platform_says_is_kept_aside_and_counts_in_the_digest(
    shop: DiskShop, feed: Feed
) -> None:
    feed.put_bytes("balance", UUID(int=5).bytes, b"{}")
    feed.put_bytes(Kind.MEMBER, MEI.member_id.bytes, b'{"member": 7}', version=2)
    feed.put_bytes(Kind.DESK, UUID(int=6).bytes, b"damaged")
    feed.member(LAN)
    pull_all(shop, feed)
    assert link_of(shop).digest == feed.digest
    assert shop.shop.members.count() == 1
    with shop.store.read() as tx:
        assert tx.documents.body("balance", UUID(int=5).bytes) == b"{}"
        assert tx.documents.body("member", MEI.member_id.bytes) == b'{"member": 7}'


def test_goods_are_handed_to_the_function_of_their_kind(shop: DiskShop, feed: Feed) -> None:
    came: list[tuple[bytes, bool]] = []
    feed.put_bytes(Kind.GOLD, UUID(int=1).bytes, b'{"fineness":"999","day":"2026-11-22","price":101200}')
    feed.gone(Kind.GOLD, UUID(int=2).bytes)
    engine = puller(shop, feed, {Kind.GOLD: lambda _tx, d, body: came.append((d.id, body is None))})
    engine.pull(NOW_MS)
    assert came == [(UUID(int=1).bytes, False), (UUID(int=2).bytes, True)]


def test_a_digest_that_differs_twice_fetches_all_anew_at_most_once_an_hour(
    shop: DiskShop, feed: Feed
) -> None:
    mine = shop.sign_up("13900139000", "本店")
    tie(shop)
    feed.member(MEI)
    engine = puller(shop, feed)
    feed.lying = True
    assert not engine.pull(NOW_MS).is_refetching
    assert engine.pull(NOW_MS).is_refetching
    assert link_of(shop).cursor == b"" and link_of(shop).refetched_at_ms == NOW_MS
    assert [engine.pull(NOW_MS + n).is_refetching for n in range(4)] == [False] * 4
    assert link_of(shop).digest == feed.digest
    feed.lying = False
    feed.member(LAN)
    engine.pull(NOW_MS)
    assert shop.shop.members.get(MEI.member_id) == MEI and shop.shop.members.get(LAN.member_id) == LAN
    assert shop.shop.members.get(mine.member_id) == mine, "what was made here stays"
    feed.lying = True
    later = NOW_MS + REFETCH_EVERY_MS
    assert [engine.pull(later).is_refetching for _ in range(2)] == [False, True]


def test_a_lost_document_is_found_by_the_digest_and_comes_back(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    feed.member(LAN)
    pull_all(shop, feed)
    with shop.store.write() as tx:
        tx.documents.remove("member", MEI.member_id.bytes)
        tx.links.save(replace(tx.links.load(), digest=1))  # type: ignore[type-var, arg-type]
    engine = puller(shop, feed)
    assert [engine.pull(NOW_MS).is_refetching for _ in range(3)] == [False, True, False]
    assert link_of(shop).digest == feed.digest


@pytest.mark.parametrize("number", [Number.CURSOR_TOO_OLD, Number.CURSOR_FOREIGN])
def test_a_cursor_that_the_platform_does_not_take_is_given_up(
    shop: DiskShop, feed: Feed, number: Number
) -> None:
    feed.member(MEI)
    pull_all(shop, feed)
    feed.refusing = number
    with pytest.raises(PlatformError):
        puller(shop, feed).pull(NOW_MS)
    pull_all(shop, feed)
    assert feed.asked[-1] == b"" and link_of(shop).digest == feed.digest


def test_a_till_that_was_revoked_pulls_nothing(shop: DiskShop, feed: Feed) -> None:
    feed.member(MEI)
    with shop.store.write() as tx:
        tx.links.save(replace(link_of(shop), state="revoked"))
    assert pull_all(shop, feed) == 0 and feed.asked == []


def test_a_till_that_stands_alone_pulls_nothing(tmp_path: Path, feed: Feed) -> None:
    with shop_on_disk(tmp_path) as alone, pytest.raises(NotLinkedError):
        puller(alone, feed).pull(NOW_MS)


class CountedWatch(StillWatch):
    """A stopwatch on which each look takes so long; it notes the rests."""

    def __init__(self, look_us: int) -> None:
        self.look_us, self.now, self.rested = look_us, 0, 0

    def micros(self) -> int:
        self.now += self.look_us
        return self.now

    def rest(self, micros: int) -> None:
        self.rested += micros


@pytest.mark.parametrize(("look_us", "most"), [(16_000, 50), (4_000, 225)])
def test_a_slow_computer_writes_less_at_a_time(shop: DiskShop, feed: Feed, look_us: int, most: int) -> None:
    for number in range(PAGE):
        feed.member(member(number, "李明", f"139{number:08d}"))
    table = appliers(shop.shop.settings.value.shop_id, {})
    engine = PullEngine(shop.store, feed, table, CountedWatch(look_us))
    sizes: list[int] = []
    write = engine._write_chunk
    engine._write_chunk = lambda chunk, *rest: (sizes.append(len(chunk)), write(chunk, *rest))[1]  # type: ignore[method-assign, func-returns-value]
    engine.pull(NOW_MS)
    assert sum(sizes) == PAGE
    assert sizes[1] == (50 if look_us == 16_000 else 151) and max(sizes[1:]) >= most
    assert sizes[2] == (25 if look_us == 16_000 else 227)


def test_a_member_of_an_import_that_is_taken_back_goes_unless_a_shop_did_something_to_her(
    shop: DiskShop, feed: Feed
) -> None:
    with shop.store.write() as tx:
        tx.staged_members.stage(7, [MEI, LAN], [])
    imported = Change(what=Changed.IMPORTED, at_ms=1, shop=ELSEWHERE)
    edited = Change(what=Changed.EDITED, at_ms=2, shop=ELSEWHERE)
    feed.member(MEI, MemberRecord(changes=(imported,)))
    feed.member(LAN, MemberRecord(changes=(imported, edited)))
    pull_all(shop, feed)
    with shop.store.read() as tx:
        assert len(tx.staged_members.brought(7, 0, 10)) == 1
        assert tx.members.get(MEI.member_id) == MEI and tx.members.get(LAN.member_id) == LAN
