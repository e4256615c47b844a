"""Edits of somebody who has two ids: what was taken off her card stays off, and parting both gives each hers back."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection

from pos_app.domain.facts.members import MembersMerged, MembersUnmerged
from pos_app.domain.members import Member, MemberKey, Profile
from sync.platform.books import Books
from sync.protocol.messages import Asked
from tests.integration.sync.test_one_record import OTHER_PHONE, PHONE, fresh, sync
from tests.support.tills_together import LinkedTill, Together

ON_HER_CARD = {"notes": "爱喝茶", "address": "人民路1号", "interests": ("金饰", "茶")}


def _edit(till: LinkedTill, member: Member, **fields: object) -> None:
    """Edit what stands on a member's card at a till."""
    till.shop.clock.forward(timedelta(minutes=1))
    profile = msgspec.structs.replace(fresh(till, member).profile, **fields)
    till.shop.shop.members.edit(till.shop.cashier, member.member_id, profile)


def _all_sync(shops: Together, *tills: LinkedTill) -> None:
    sync(shops, *tills)
    sync(shops, *tills)


@pytest.fixture
def both(shops: Together, a: LinkedTill, b: LinkedTill) -> tuple[Member, Member]:
    """Two sign-ups of one person, of which every till knows; the second has something on her card."""
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up(OTHER_PHONE, "林晓满")
    _edit(b, second, **ON_HER_CARD)
    _all_sync(shops, a, b)
    return first, second


def _profile(shops: Together, member: Member) -> Profile:
    document = shops.member(member.member_id).member
    assert document is not None
    return document.profile


def _phones(profile: Profile) -> list[str]:
    return [key.value for key in profile.keys]


def test_what_is_taken_off_the_card_of_two_who_are_one_stays_off_until_they_are_parted(
    shops: Together, a: LinkedTill, b: LinkedTill, both: tuple[Member, Member]
) -> None:
    first, second = both
    before = _profile(shops, second)
    a.shop.shop.members.merge(a.shop.manager, first.member_id, second.member_id)
    _all_sync(shops, a, b)
    own = fresh(a, first).profile.keys[:1]
    assert _phones(fresh(a, first).profile) == [f"+86{PHONE}", f"+86{OTHER_PHONE}"]
    _edit(a, first, notes=None, address="", interests=("茶",), keys=own)
    _all_sync(shops, a, b)
    for till in (a, b):
        card = fresh(till, second).profile
        assert (card.notes, card.address or None, card.interests) == (None, None, ("茶",))
        assert _phones(card) == [f"+86{PHONE}"]
    assert not shops.ask(Asked.MEMBERS, OTHER_PHONE).members, "a phone that was given up finds nobody"
    b.shop.shop.members.unmerge(b.shop.manager, first.member_id, second.member_id)
    _all_sync(shops, b, a)
    assert _profile(shops, second) == before
    assert [found.id for found in shops.ask(Asked.MEMBERS, OTHER_PHONE).members] == [second.member_id.bytes]
    assert (_profile(shops, first).interests, _phones(_profile(shops, first))) == ((), [f"+86{PHONE}"])


def test_what_is_added_to_both_is_said_of_one_and_the_other_keeps_what_is_hers(
    shops: Together, a: LinkedTill, b: LinkedTill, both: tuple[Member, Member]
) -> None:
    first, second = both
    before = _profile(shops, second)
    a.record(MembersMerged(member=first.member_id, other=second.member_id))
    _all_sync(shops, a, b)
    card = fresh(b, first).profile
    third = MemberKey(kind=card.keys[0].kind, value="+8613700137000")
    _edit(b, first, notes="不喝茶", interests=(*card.interests, "戒指"), keys=(*card.keys, third))
    _all_sync(shops, b, a)
    assert _profile(shops, second).notes == "不喝茶", "whatever the clock says that wrote the other"
    assert set(_profile(shops, second).interests) == {"金饰", "茶", "戒指"}
    a.record(MembersUnmerged(member=first.member_id, other=second.member_id))
    _all_sync(shops, a, b)
    assert _profile(shops, second) == before
    one = _profile(shops, first)
    assert (one.notes, one.interests, _phones(one)) == ("不喝茶", ("戒指",), [f"+86{PHONE}", third.value])
    assert not any(key.shared for key in one.keys)


def test_a_till_that_does_not_know_of_the_merge_takes_nothing_off_the_other_card(
    shops: Together, a: LinkedTill, b: LinkedTill, both: tuple[Member, Member]
) -> None:
    first, second = both
    a.record(MembersMerged(member=first.member_id, other=second.member_id))
    _edit(b, first, interests=("戒指",), notes="周末来")
    _all_sync(shops, a, b)
    assert set(_profile(shops, first).interests) == {"金饰", "茶", "戒指"}
    a.record(MembersUnmerged(member=first.member_id, other=second.member_id))
    _all_sync(shops, a, b)
    assert _profile(shops, second).notes == "爱喝茶" and _profile(shops, first).notes == "周末来"


def test_what_was_taken_off_and_is_said_anew_stands_again(
    shops: Together, a: LinkedTill, b: LinkedTill, both: tuple[Member, Member]
) -> None:
    first, second = both
    a.record(MembersMerged(member=first.member_id, other=second.member_id))
    _all_sync(shops, a, b)
    _edit(a, first, notes=None, interests=())
    _all_sync(shops, a, b)
    _edit(b, first, notes="爱喝茶", interests=("金饰",))
    _all_sync(shops, b, a)
    assert (_profile(shops, first).notes, _profile(shops, first).interests) == ("爱喝茶", ("金饰",))


def test_a_merge_told_by_a_clock_seventy_years_ahead_is_of_today(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up("13900139000", "林晓满")
    a.push()
    b.push()
    b.shop.clock.forward(timedelta(days=70 * 365))
    b.record(MembersMerged(member=first.member_id, other=second.member_id))
    b.push()
    merchant = shops.service.only_merchant()

    def merged_at(connection: Connection) -> int:
        return Books(shops.service.room(connection, merchant)).state(second.member_id.bytes).merged_at_ms

    now_ms = shops.service.outside.now_ms()
    assert 0 < shops.service.database.write(merged_at) <= now_ms, "else no consent of later would count"
