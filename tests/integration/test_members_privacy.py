"""What a member may ask of the shop: consents one by one, looks recorded, erasing explained, her own copy."""

import json
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import msgspec
import pytest

from pos_app.documents import member_copy
from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.consents import MembershipConsentError, agreed
from pos_app.domain.members import Child, ImportantDate, Member, MemberGoneError, Purpose
from pos_app.domain.sales.cart import MemberRef
from pos_app.domain.staff import NeedsApprovalError
from pos_app.services.member_writing import Word
from pos_app.services.members import SignUp
from pos_app.words import speaking
from tests.support.shop_on_disk import NECKLACE, DiskShop, shop_on_disk

PHONE = "13812345678"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def joined(shop: DiskShop) -> Member:
    """Sign somebody up and fill her profile."""
    members = shop.shop.members
    member = members.register(shop.cashier, SignUp(phone=PHONE, agreed=True, name="王小满 <script>"))
    profile = msgspec.structs.replace(
        member.profile,
        birthday=date(1990, 5, 3),
        notes="先看再问",
        important_dates=(ImportantDate(label="结婚纪念日", on=date(2016, 12, 4)),),
        children=(Child(name="小豆", born_on=date(2026, 3, 1)),),
    )
    return members.edit(shop.cashier, member.member_id, profile, True)


def facts(shop: DiskShop, kind: str) -> int:
    """Count the facts of a kind."""
    with shop.store.read() as tx:
        return sum(entry.kind == kind for entry in tx.journal.entries())


def test_each_channel_has_a_yes_of_its_own_that_can_be_withdrawn(shop: DiskShop) -> None:
    member, privacy = joined(shop), shop.shop.member_privacy
    before = facts(shop, "member.consent_changed")
    yes = Word(purpose=Purpose.MARKETING, given=True, channel="sms")
    after = privacy.say(shop.cashier, member.member_id, yes)
    assert agreed(after.consents, Purpose.MARKETING, "sms")
    assert not agreed(after.consents, Purpose.MARKETING, "wechat")
    assert privacy.say(shop.cashier, member.member_id, yes) == after
    no = Word(purpose=Purpose.MARKETING, given=False, channel="sms")
    last = privacy.say(shop.cashier, member.member_id, no)
    assert not agreed(last.consents, Purpose.MARKETING, "sms")
    assert facts(shop, "member.consent_changed") == before + 2
    word = last.consents[-1]
    assert (word.by, word.at, word.how) == (shop.cashier.staff_id, shop.clock.now(), "spoken")
    assert shop.shop.members.get(member.member_id) == last and shop.verify().passed


def test_the_consent_to_membership_is_withdrawn_by_erasing_only(shop: DiskShop) -> None:
    member = joined(shop)
    with pytest.raises(MembershipConsentError):
        shop.shop.member_privacy.say(
            shop.cashier, member.member_id, Word(purpose=Purpose.MEMBERSHIP, given=False)
        )
    assert shop.shop.members.get(member.member_id) == member


def test_without_the_consent_to_children_their_dates_are_gone(shop: DiskShop) -> None:
    member = joined(shop)
    after = shop.shop.member_privacy.say(
        shop.cashier, member.member_id, Word(purpose=Purpose.CHILDREN, given=False)
    )
    assert after.profile.children == () and shop.shop.members.get(member.member_id) == after
    assert shop.verify().passed


def test_each_look_at_whole_numbers_is_a_fact_also_of_the_owner(shop: DiskShop) -> None:
    member = joined(shop)
    for who in (shop.cashier, shop.manager, shop.owner):
        shop.shop.member_privacy.reveal(who, member.member_id)
    assert facts(shop, "member.revealed") == 3
    assert shop.verify().passed


def test_erasing_is_explained_in_counts_before_it_is_done(shop: DiskShop) -> None:
    member = joined(shop)
    shop.sell(NECKLACE, member=member)
    cart = msgspec.structs.replace(
        shop.shop.carts.new(), member=MemberRef(member=member.member_id), note="给王小满"
    )
    shop.shop.carts.keep(cart)
    erasure = shop.shop.member_privacy.what_erasing_means(member.member_id)
    assert (erasure.phones, erasure.cards, erasure.children, erasure.dates) == (1, 0, 1, 1)
    assert (erasure.texts, erasure.sales, erasure.consents, erasure.waiting_carts) == (3, 1, 2, 1)
    shop.shop.members.erase(shop.owner, member.member_id, "asked_by_member")
    reopened = shop.shop.carts.reopen()
    assert reopened.member is None and reopened.note is None
    with pytest.raises(MemberGoneError):
        shop.shop.member_privacy.what_erasing_means(member.member_id)


def test_a_member_gets_all_that_is_kept_of_her_with_who_wrote_it_out_and_when(shop: DiskShop) -> None:
    member = joined(shop)
    sale = shop.sell(NECKLACE, member=member).sale
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.member_privacy.copy_for(shop.cashier, member.member_id)
    copy = shop.shop.member_privacy.copy_for(shop.cashier, member.member_id, shop.approval(needed.value))
    assert facts(shop, "member.exported") == 1
    text = member_copy.as_text(copy, shop.shop.current.value.zone)
    for word in ("王小满 <script>", "138 1234 5678", "小豆", "先看再问", "结婚纪念日", sale.number):
        assert word in text
    lines = text.splitlines()
    assert (
        lines[0] == lines[-1] and shop.cashier.name in lines[0] and shop.shop.current.value.shop_name in text
    )
    told = json.loads(member_copy.as_json(copy))
    assert told["watermark"]["by"] == shop.cashier.name
    assert told["member"]["profile"]["name"] == "王小满 <script>" and len(told["sales"]) == 1
    assert shop.verify().passed


def test_what_somebody_else_changed_meanwhile_is_not_undone_by_an_edit(shop: DiskShop) -> None:
    member, members = joined(shop), shop.shop.members
    seen = member.profile
    members.edit(shop.manager, member.member_id, msgspec.structs.replace(seen, occupation="教师"), seen=seen)
    mine = msgspec.structs.replace(seen, notes="喜欢素圈")
    after = members.edit(shop.cashier, member.member_id, mine, seen=seen)
    assert (after.profile.occupation, after.profile.notes) == ("教师", "喜欢素圈")


def test_taking_an_edit_back_leaves_what_somebody_else_changed_since(shop: DiskShop) -> None:
    members, before = shop.shop.members, joined(shop)
    mine = msgspec.structs.replace(before.profile, occupation="医生", notes="爱喝茶")
    members.edit(shop.cashier, before.member_id, mine)
    members.edit(shop.manager, before.member_id, msgspec.structs.replace(mine, notes="爱喝咖啡"))
    after = members.take_back(shop.cashier, before.member_id, before.profile, mine)
    assert (after.profile.occupation, after.profile.notes) == (None, "爱喝咖啡")


def test_two_editors_never_leave_a_birthday_with_its_year_beside_one_without(shop: DiskShop) -> None:
    members, before = shop.shop.members, joined(shop)
    seen = msgspec.structs.replace(before.profile, birthday=None, birthday_lunar=False)
    members.edit(shop.manager, before.member_id, seen)
    whole = msgspec.structs.replace(seen, birthday=date(1990, 5, 3))
    day = msgspec.structs.replace(seen, birthday_day=MonthDay(month=5, day=4))
    members.edit(shop.manager, before.member_id, whole, seen=seen)
    after = members.edit(shop.cashier, before.member_id, day, seen=seen).profile
    assert (after.birthday, after.birthday_day) == (None, MonthDay(month=5, day=4))
    back = members.take_back(shop.manager, before.member_id, seen, whole).profile
    assert (back.birthday, back.birthday_day) == (None, MonthDay(month=5, day=4))
    back = members.take_back(shop.cashier, before.member_id, whole, day).profile
    assert (back.birthday, back.birthday_day) == (date(1990, 5, 3), None)
    assert shop.verify().passed


def test_a_birthday_without_its_year_stands_in_the_copy_and_counts_among_what_is_erased(
    shop: DiskShop,
) -> None:
    members, before = shop.shop.members, joined(shop)
    bare = msgspec.structs.replace(before.profile, birthday=None, birthday_lunar=False)
    members.edit(shop.manager, before.member_id, bare)
    texts = shop.shop.member_privacy.what_erasing_means(before.member_id).texts
    told = msgspec.structs.replace(bare, birthday_day=MonthDay(month=4, day=9), birthday_lunar=True)
    members.edit(shop.manager, before.member_id, told)
    assert shop.shop.member_privacy.what_erasing_means(before.member_id).texts == texts + 1
    copy = shop.shop.member_privacy.copy_for(shop.owner, before.member_id)
    with speaking("zh_CN"):
        assert "农历生日: 农历四月初九" in member_copy.as_text(copy, UTC)
    assert json.loads(member_copy.as_json(copy))["member"]["profile"]["birthday_day"] == {
        "month": 4,
        "day": 9,
    }


def test_a_name_is_edited_although_no_yes_was_kept_to_dates_of_children_that_a_file_brought(
    shop: DiskShop,
) -> None:
    children = (Child(name="小豆", born_on=date(2026, 3, 1)),)
    member = shop.shop.members.register(shop.cashier, SignUp(phone=PHONE, agreed=True))
    imported = msgspec.structs.replace(
        member, profile=msgspec.structs.replace(member.profile, children=children)
    )
    with shop.store.write() as tx:
        tx.members.save(imported)
    named = msgspec.structs.replace(imported.profile, name="王小满")
    after = shop.shop.members.edit(shop.cashier, member.member_id, named, seen=imported.profile)
    assert after.profile.name == "王小满" and after.profile.children == children
