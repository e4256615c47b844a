"""What a person settles at a till: items of the sync desk, and two records of one person, in one step and back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from pos_app.domain.desk import Choice, DeskItem, DeskItemGoneError, ItemId, ItemKind, Version
from pos_app.domain.errors import ForbiddenError
from pos_app.domain.members import MemberGoneError
from pos_app.domain.values.moments import to_ms
from sync.protocol.documents import Kind
from tests.support.bootstrap import NOON
from tests.support.feed import ELSEWHERE, Feed, link_of, member, pull_all, tie
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk

AT = to_ms(NOON)
SIDE = Version(shop=ELSEWHERE, at_ms=AT)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A shop whose till belongs to a platform that knows its journal."""
    with shop_on_disk(tmp_path) as shop:
        tie(shop)
        yield shop


@pytest.fixture
def feed() -> Feed:
    return Feed()


def item(number: int, at_ms: int = AT, kind: ItemKind = ItemKind.SAME_KEY) -> DeskItem:
    return DeskItem(item_id=ItemId(UUID(int=number)), kind=kind, at_ms=at_ms, first=SIDE, second=SIDE)


def kinds(shop: DiskShop) -> list[str]:
    with shop.store.read() as tx:
        return [entry.kind for entry in tx.journal.entries((1, link_of(shop).seq))]


def test_the_desk_shows_open_items_first_and_settled_ones_for_ninety_days(shop: DiskShop, feed: Feed) -> None:
    def settled(number: int, days: int) -> DeskItem:
        then = to_ms(NOON - timedelta(days=days))
        return msgspec.structs.replace(item(number), choice=Choice.MERGE, chosen_at_ms=then)

    for each in (settled(1, 89), settled(2, 91), item(3, AT - 5), settled(4, 2), item(5)):
        feed.item(each)
    pull_all(shop, feed)
    assert [each.item_id.int for each in shop.shop.desk.items()] == [5, 3, 4, 1]
    assert shop.shop.desk.open_items() == 2


def test_an_item_of_a_newer_platform_is_kept_aside_and_hides_no_other(shop: DiskShop, feed: Feed) -> None:
    feed.item(item(1))
    pull_all(shop, feed)
    with shop.store.write() as tx:
        newer = tx.documents.body(Kind.DESK, UUID(int=1).bytes)
        assert newer is not None
        tx.documents.put(Kind.DESK, UUID(int=2).bytes, 9, newer.replace(b"same_key", b"same_face"))
    assert [each.item_id.int for each in shop.shop.desk.items()] == [1]
    with pytest.raises(DeskItemGoneError):
        shop.shop.desk.decide(shop.manager, ItemId(UUID(int=2)), Choice.MERGE)


def test_a_choice_is_a_fact_and_shown_at_once(shop: DiskShop, feed: Feed) -> None:
    feed.item(item(1))
    pull_all(shop, feed)
    settled = shop.shop.desk.decide(shop.manager, item(1).item_id, Choice.KEEP_BOTH)
    assert shop.shop.desk.items() == (settled,)
    assert (settled.choice, settled.chosen_by) == (Choice.KEEP_BOTH, shop.manager.staff_id)
    assert settled.chosen_at_ms == AT and shop.shop.desk.open_items() == 0
    assert kinds(shop) == ["desk.decided"]
    with pytest.raises(DeskItemGoneError):
        shop.shop.desk.decide(shop.manager, item(1).item_id, Choice.MERGE)


def test_a_choice_is_taken_back_by_another_fact(shop: DiskShop, feed: Feed) -> None:
    feed.item(item(1))
    pull_all(shop, feed)
    shop.shop.desk.decide(shop.owner, item(1).item_id, Choice.MERGE)
    assert shop.shop.desk.take_back(shop.owner, item(1).item_id) == item(1)
    assert shop.shop.desk.take_back(shop.owner, item(1).item_id) == item(1)
    assert shop.shop.desk.items() == (item(1),) and kinds(shop) == ["desk.decided"] * 2


def test_a_choice_of_this_till_is_not_undone_by_an_older_page(shop: DiskShop, feed: Feed) -> None:
    feed.item(item(1))
    pull_all(shop, feed)
    settled = shop.shop.desk.decide(shop.manager, item(1).item_id, Choice.MERGE)
    feed.item(item(1))
    pull_all(shop, feed)
    assert shop.shop.desk.items() == (settled,) and link_of(shop).digest == feed.digest


def test_who_may_not_settle_is_refused_and_nothing_is_written(shop: DiskShop, feed: Feed) -> None:
    feed.item(item(1))
    pull_all(shop, feed)
    with pytest.raises(ForbiddenError):
        shop.shop.desk.decide(shop.cashier, item(1).item_id, Choice.MERGE)
    with pytest.raises(ForbiddenError):
        shop.shop.desk.take_back(shop.cashier, item(1).item_id)
    with pytest.raises(ValueError, match="count"):
        shop.shop.desk.decide(shop.manager, item(1).item_id, Choice.COUNT)
    assert kinds(shop) == [] and shop.shop.desk.items() == (item(1),)


def test_an_item_that_went_elsewhere_cannot_be_settled_here(shop: DiskShop, feed: Feed) -> None:
    feed.item(item(1))
    pull_all(shop, feed)
    feed.gone(Kind.DESK, item(1).item_id.bytes)
    pull_all(shop, feed)
    assert shop.shop.desk.items() == ()
    with pytest.raises(DeskItemGoneError):
        shop.shop.desk.decide(shop.manager, item(1).item_id, Choice.MERGE)
    with pytest.raises(DeskItemGoneError):
        shop.shop.desk.take_back(shop.manager, item(1).item_id)


def test_two_records_become_one_at_once_and_two_again(shop: DiskShop) -> None:
    owner, other = shop.sign_up("13800138001", "林小满"), shop.sign_up("13900139000", "小满")
    shop.sell(CANDY, member=other)
    other = shop.shop.members.get(other.member_id) or other
    tie(shop)
    both = shop.shop.members.merge(shop.manager, owner.member_id, other.member_id)
    assert [key.value for key in both.profile.keys] == ["+8613800138001", "+8613900139000"]
    assert shop.shop.members.find_phone("13900139000") == both == shop.shop.members.get(other.member_id)
    assert len(shop.shop.members.purchases(owner.member_id)) == 1 and shop.shop.members.count() == 1
    again = shop.shop.members.unmerge(shop.manager, owner.member_id, other.member_id)
    assert again == other == shop.shop.members.get(other.member_id)
    assert [m.profile.name for m in shop.shop.members.look_up("13900139000").members] == ["小满", "林小满"]
    assert shop.shop.members.count() == 2 and shop.shop.members.purchases(owner.member_id) == ()
    assert kinds(shop) == ["member.merged", "member.unmerged"]
    assert shop.verify().passed


def test_the_platforms_word_on_an_unmerge_restores_both_exactly(shop: DiskShop, feed: Feed) -> None:
    mei, lan = member(1, "林小满", "13800138001"), member(2, "王兰", "13800138002")
    feed.member(mei)
    feed.member(lan)
    pull_all(shop, feed)
    shop.shop.members.merge(shop.manager, mei.member_id, lan.member_id)
    shop.shop.members.unmerge(shop.manager, mei.member_id, lan.member_id)
    tie(shop)
    feed.member(mei)
    feed.member(lan)
    pull_all(shop, feed)
    assert shop.shop.members.find_phone("13800138002") == lan
    assert shop.shop.members.find_phone("13800138001") == mei


def test_one_who_is_the_same_already_is_not_merged_twice(shop: DiskShop) -> None:
    owner, other = shop.sign_up("13800138001"), shop.sign_up("13900139000")
    tie(shop)
    shop.shop.members.merge(shop.owner, owner.member_id, other.member_id)
    shop.shop.members.merge(shop.owner, other.member_id, owner.member_id)
    third = shop.sign_up("13700137000")
    assert shop.shop.members.unmerge(shop.owner, owner.member_id, third.member_id) == third
    assert kinds(shop).count("member.merged") == 1 and "member.unmerged" not in kinds(shop)


def test_a_merge_needs_a_manager_and_two_who_are_there(shop: DiskShop) -> None:
    owner, other = shop.sign_up("13800138001"), shop.sign_up("13900139000")
    with pytest.raises(ForbiddenError):
        shop.shop.members.merge(shop.cashier, owner.member_id, other.member_id)
    shop.shop.members.erase(shop.owner, other.member_id, "asked")
    with pytest.raises(MemberGoneError):
        shop.shop.members.merge(shop.owner, owner.member_id, other.member_id)
