"""Head office works on members: every change is a fact, seen by the tills like any other, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from pos_app.domain.members import KeyKind, MemberKey, Purpose
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.persistence.secrets import AesCipher
from pos_app.services.members import SignUp
from sync.platform.online import Members
from sync.platform.rest import ConsentGiven, MemberFields, MergeAsked, Register, Search
from sync.platform.staff import Staff
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Asked
from tests.support.tills_together import Together, together

PHONE = "13800138000"
NEW = MemberId(UUID(int=0x99))
YES = ConsentGiven(purpose=Purpose.MEMBERSHIP, given=True, text_version="1", how="online")


@pytest.fixture
def shops(tmp_path: Path, address: str) -> Iterator[Together]:
    with together(tmp_path, address) as made:
        made.till(1)
        yield made


@pytest.fixture
def online(shops: Together) -> Members:
    return Members(shops.service, AesCipher().seal)


@pytest.fixture
def staff(shops: Together) -> Staff:
    return Staff(shops.service.only_merchant(), UUID(int=5), "总部", frozenset())


def _phone(number: str) -> MemberKey:
    return MemberKey(kind=KeyKind.PHONE, value=number)


def _asked(shops: Together, name: str = "林小满", phone: str = "13800138000") -> Register:
    shop = shops.tills[0].shop.shop.settings.value.shop_id
    fields = MemberFields(name=name, keys=(_phone(phone),))
    return Register(member=NEW, shop=shop, fields=fields, consents=(YES,))


def test_a_member_registered_online_is_in_the_feed_of_every_till(
    shops: Together, online: Members, staff: Staff
) -> None:
    shown = online.register(staff, _asked(shops))
    assert shown.member.profile.keys[0].value == "+8613800138000"
    assert shops.members()[NEW].member == shown.member
    assert online.register(staff, _asked(shops)) == shown, "asking again signs nobody up twice"
    assert [m.member.member_id for m in online.search(staff, Search(text="138 0013 8000")).members] == [NEW]
    assert online.read(staff, NEW).position == shown.position


def test_an_edit_needs_the_version_that_was_seen(shops: Together, online: Members, staff: Staff) -> None:
    shown = online.register(staff, _asked(shops))
    after = online.edit(staff, NEW, shown.position, MemberFields(notes="爱喝茶"))
    assert after.member.profile.notes == "爱喝茶" and after.member.profile.name == "林小满"
    with pytest.raises(PlatformError) as refused:
        online.edit(staff, NEW, shown.position, MemberFields(notes="别的"))
    assert refused.value.number is Number.CHANGED_MEANWHILE
    assert [c.what.value for c in online.history(staff, NEW).changes] == ["edited", "registered"]
    assert online.history(staff, NEW).changes[0].staff == staff.token


def test_a_phone_of_another_member_is_refused(shops: Together, online: Members, staff: Staff) -> None:
    till = shops.tills[0]
    till.shop.sign_up("13800138000", "王建国")
    till.push()
    with pytest.raises(PlatformError) as refused:
        online.register(staff, _asked(shops))
    assert refused.value.number is Number.EXISTS
    assert NEW not in shops.members()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fields": MemberFields(name="x", keys=(_phone("12"),))}, "keys"),
        ({"fields": MemberFields(name="x")}, "fields.keys"),
        ({"shop": ShopId(UUID(int=1))}, "shop"),
        (
            {"consents": (ConsentGiven(purpose=Purpose.MARKETING, given=True, text_version="1", how="x"),)},
            "consents",
        ),
    ],
)
def test_what_cannot_stand_is_refused_with_the_name_of_its_field(
    shops: Together, online: Members, staff: Staff, change: dict[str, object], field: str
) -> None:
    import msgspec

    with pytest.raises(PlatformError) as refused:
        online.register(staff, msgspec.structs.replace(_asked(shops), **change))
    assert refused.value.number is Number.INVALID and refused.value.told["field"] == field


def test_two_members_are_looked_at_joined_and_parted(shops: Together, online: Members, staff: Staff) -> None:
    till = shops.tills[0]
    other = till.shop.sign_up("13900139000", "林小满")
    till.push()
    kept = online.register(staff, _asked(shops))
    before = online.read(staff, other.member_id).member
    asked = MergeAsked(kept=NEW, other=other.member_id)
    preview = online.preview(staff, asked)
    assert preview.merged is not None and len(preview.merged.profile.keys) == 2
    assert NEW in shops.members() and shops.members()[other.member_id].alias_of is None, "nothing is written"
    joined = online.merge(staff, asked)
    assert joined.member.profile == preview.merged.profile
    assert online.read(staff, other.member_id).member.member_id == NEW
    with pytest.raises(PlatformError) as refused:
        online.merge(staff, asked)
    assert refused.value.number is Number.MERGE_REFUSED
    both = online.unmerge(staff, NEW)
    assert [m.member for m in both.members] == [kept.member, before]
    with pytest.raises(PlatformError) as again:
        online.unmerge(staff, NEW)
    assert again.value.number is Number.MERGE_REFUSED


def test_a_member_of_nobody_is_not_found(online: Members, staff: Staff) -> None:
    for work in (
        lambda: online.read(staff, NEW),
        lambda: online.edit(staff, NEW, 0, MemberFields(name="x")),
        lambda: online.unmerge(staff, NEW),
        lambda: online.merge(staff, MergeAsked(kept=NEW, other=MemberId(UUID(int=3)))),
    ):
        with pytest.raises(PlatformError) as refused:
            work()
        assert refused.value.number is Number.NOT_FOUND


def test_who_was_erased_at_a_till_is_not_found_online(shops: Together, online: Members, staff: Staff) -> None:
    till = shops.tills[0]
    member = till.shop.sign_up("13800138000", "林小满")
    till.push()
    till.shop.shop.members.erase(till.shop.owner, member.member_id, "asked")
    till.push()
    with pytest.raises(PlatformError):
        online.read(staff, member.member_id)
    assert not online.search(staff, Search(text="林")).members
    assert not shops.ask(Asked.SALES, str(member.member_id)).sales


def test_members_are_found_online_by_phone_and_by_the_beginning_of_a_name(shops: Together) -> None:
    till = shops.tills[0]
    member = till.shop.sign_up(PHONE, "林小满")
    till.push()
    for text in (PHONE, "+86 138 0013 8000", "林", "林小满"):
        (found,) = shops.ask(Asked.MEMBERS, text).members
        assert found.id == member.member_id.bytes, text
    for text in ("小满", "13800138001", "", "%", "'; DROP TABLE member; --"):
        assert not shops.ask(Asked.MEMBERS, text).members, text


def test_a_shared_phone_belongs_to_nobody_alone(shops: Together) -> None:
    till = shops.tills[0]
    mother = till.shop.sign_up(PHONE, "林小满")
    daughter = till.shop.shop.members.register(
        till.shop.cashier,
        SignUp(phone=PHONE, agreed=True, name="林安安", shared=True),
    )
    till.push()
    owner, other = shops.member(mother.member_id).member, shops.member(daughter.member_id).member
    assert owner is not None and other is not None and not shops.desk()
    assert [k.shared for m in (owner, other) for k in m.profile.keys if k.kind is KeyKind.PHONE] == [
        False,
        True,
    ]
