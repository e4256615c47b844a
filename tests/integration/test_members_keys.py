"""Keys and cards of members: shared phones, cards issued, bound, lost and replaced, at one shop's real books."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.domain import cards
from pos_app.domain.member_keys import CardRefusedError, CardTakenError, KeyFormError, LastKeyError
from pos_app.domain.members import KeyKind, Member, MemberExistsError, Replaced
from pos_app.domain.values.phone import PhoneError
from pos_app.services.member_keys import NewKey
from pos_app.services.members import SignUp
from pos_app.services.ringing import SharedPhone, SomeMember
from tests.support.shop_on_disk import DiskShop, shop_on_disk

MOTHER, FATHER = "13812345678", "13987654321"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def joined(shop: DiskShop, phone: str = MOTHER, name: str = "王小满", *, shared: bool = False) -> Member:
    """Sign somebody up."""
    asked = SignUp(phone=phone, agreed=True, name=name, shared=shared)
    return shop.shop.members.register(shop.cashier, asked)


def card_of(member: Member) -> str:
    """Return the number of the last card a member got."""
    return [key.value for key in member.profile.keys if key.kind is KeyKind.CARD][-1]


def kinds(shop: DiskShop) -> list[str]:
    """Return the kinds of all facts."""
    with shop.store.read() as tx:
        return [entry.kind for entry in tx.journal.entries()]


def test_father_s_phone_finds_the_same_member_and_says_whose_it_is(shop: DiskShop) -> None:
    member = joined(shop)
    new = NewKey(kind=KeyKind.PHONE, text="+86 139-8765-4321", owner=" 爸爸 ")
    after = shop.shop.member_keys.add(shop.cashier, member.member_id, new)
    found = shop.shop.members.find_phone(FATHER)
    assert found is not None and found.member_id == member.member_id
    assert after.profile.keys[-1].owner == "爸爸" and not after.profile.keys[-1].shared
    assert shop.verify().passed


def test_two_members_share_a_phone_and_both_are_found_on_it_the_owner_first(shop: DiskShop) -> None:
    mother = joined(shop)
    with pytest.raises(MemberExistsError):
        joined(shop, name="李爸爸")
    father = joined(shop, name="李爸爸", shared=True)
    on_phone = shop.shop.members.on_phone(MOTHER)
    assert [m.member_id for m in on_phone] == [mother.member_id, father.member_id]
    meaning = shop.shop.ringing.meaning(MOTHER)
    assert isinstance(meaning, SharedPhone) and len(meaning.members) == 2
    assert shop.verify().passed


def test_sharing_a_phone_that_nobody_has_makes_its_owner(shop: DiskShop) -> None:
    member = joined(shop, shared=True)
    assert not member.profile.keys[0].shared


def test_a_key_of_somebody_else_is_not_taken_unless_it_is_shared(shop: DiskShop) -> None:
    joined(shop)
    other = joined(shop, FATHER, "李爸爸")
    keys = shop.shop.member_keys
    with pytest.raises(MemberExistsError):
        keys.add(shop.cashier, other.member_id, NewKey(kind=KeyKind.PHONE, text=MOTHER))
    keys.add(shop.cashier, other.member_id, NewKey(kind=KeyKind.PHONE, text=MOTHER, shared=True))
    assert len(shop.shop.members.on_phone(MOTHER)) == 2


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (KeyKind.WECHAT, "小满"),
        (KeyKind.WECHAT, "ab"),
        (KeyKind.EMAIL, "nobody"),
        (KeyKind.EMAIL, "a@b"),
        (KeyKind.CARD, "12"),
        (KeyKind.CARD, "<script>"),
    ],
)
def test_what_is_no_key_of_its_kind_is_not_kept(shop: DiskShop, kind: KeyKind, text: str) -> None:
    member = joined(shop)
    with pytest.raises(KeyFormError):
        shop.shop.member_keys.add(shop.cashier, member.member_id, NewKey(kind=kind, text=text))
    with pytest.raises(PhoneError):
        shop.shop.member_keys.add(shop.cashier, member.member_id, NewKey(kind=KeyKind.PHONE, text="abc"))
    assert shop.shop.members.get(member.member_id) == member


def test_wechat_and_email_are_one_however_they_are_written(shop: DiskShop) -> None:
    member = joined(shop)
    for kind, text in ((KeyKind.WECHAT, "XiaoMan_90"), (KeyKind.EMAIL, " Xiao@Example.COM ")):
        shop.shop.member_keys.add(shop.cashier, member.member_id, NewKey(kind=kind, text=text))
        shop.shop.member_keys.add(shop.cashier, member.member_id, NewKey(kind=kind, text=text.upper()))
    after = shop.shop.members.get(member.member_id)
    assert after is not None
    assert [k.value for k in after.profile.keys] == ["+8613812345678", "xiaoman_90", "xiao@example.com"]
    assert [m.member_id for m in shop.shop.members.search("xiaoman_90")] == [member.member_id]


def test_the_only_key_that_finds_a_member_stays(shop: DiskShop) -> None:
    member = joined(shop)
    keys = shop.shop.member_keys
    with pytest.raises(LastKeyError):
        keys.remove(shop.cashier, member.member_id, member.profile.keys[0])
    keys.add(shop.cashier, member.member_id, NewKey(kind=KeyKind.PHONE, text=FATHER))
    keys.remove(shop.cashier, member.member_id, member.profile.keys[0])
    assert shop.shop.members.find_phone(MOTHER) is None


def test_a_card_is_issued_with_a_number_of_ours_and_finds_its_member(shop: DiskShop) -> None:
    member = shop.shop.member_keys.issue(shop.cashier, joined(shop).member_id)
    number = card_of(member)
    assert cards.check(number) and kinds(shop).count("card.issued") == 1
    assert shop.shop.ringing.meaning(number) == SomeMember(member, KeyKind.CARD)
    assert shop.verify().passed


def test_a_printed_card_is_bound_by_its_scan_and_to_one_member_only(shop: DiskShop) -> None:
    mother, father = joined(shop), joined(shop, FATHER, "李爸爸")
    keys = shop.shop.member_keys
    keys.add(shop.cashier, mother.member_id, NewKey(kind=KeyKind.CARD, text="8866-2600 0011"))
    with pytest.raises(CardTakenError):
        keys.issue(shop.cashier, father.member_id, "886626000011")
    with pytest.raises(CardTakenError):
        keys.issue(shop.cashier, mother.member_id, "886626000011")
    found = shop.shop.ringing.meaning("886626000011")
    assert isinstance(found, SomeMember) and found.member.member_id == mother.member_id


def test_a_lost_card_is_refused_in_words_and_belongs_to_nobody_else_ever(shop: DiskShop) -> None:
    member = shop.shop.member_keys.issue(shop.cashier, joined(shop).member_id)
    old = card_of(member)
    after = shop.shop.member_keys.replace(shop.cashier, member.member_id, old, Replaced.REFUSED)
    new = card_of(after)
    assert new != old
    with pytest.raises(CardRefusedError):
        shop.shop.ringing.meaning(old)
    assert isinstance(shop.shop.ringing.meaning(new), SomeMember)
    other = joined(shop, FATHER, "李爸爸")
    with pytest.raises(CardTakenError):
        shop.shop.member_keys.issue(shop.cashier, other.member_id, old)
    assert kinds(shop).count("card.replaced") == 1 and shop.verify().passed


def test_a_replaced_card_can_still_lead_to_its_member_by_choice(shop: DiskShop) -> None:
    member = shop.shop.member_keys.issue(shop.cashier, joined(shop).member_id)
    old = card_of(member)
    keys = shop.shop.member_keys
    after = keys.replace(shop.cashier, member.member_id, old, Replaced.FORWARDED)
    found = shop.shop.ringing.meaning(old)
    assert isinstance(found, SomeMember) and found.forwarded and found.member.member_id == member.member_id
    again = keys.replace(shop.cashier, member.member_id, old, Replaced.REFUSED)
    assert len(again.profile.keys) == len(after.profile.keys)
    with pytest.raises(CardRefusedError):
        shop.shop.ringing.meaning(old)


def test_taking_a_replacement_back_makes_the_old_card_valid_again(shop: DiskShop) -> None:
    member = shop.shop.member_keys.issue(shop.cashier, joined(shop).member_id)
    after = shop.shop.member_keys.replace(shop.cashier, member.member_id, card_of(member), Replaced.REFUSED)
    shop.shop.members.edit(shop.cashier, member.member_id, member.profile, seen=after.profile)
    assert shop.shop.ringing.meaning(card_of(member)) == SomeMember(member, KeyKind.CARD)


def test_saying_whose_the_first_phone_is_leaves_it_the_first(shop: DiskShop) -> None:
    member, keys = joined(shop), shop.shop.member_keys
    keys.add(shop.cashier, member.member_id, NewKey(kind=KeyKind.PHONE, text=FATHER, owner="爸爸"))
    after = keys.add(shop.cashier, member.member_id, NewKey(kind=KeyKind.PHONE, text=MOTHER, owner="妈妈"))
    assert after.phone == member.phone
    assert [key.owner for key in after.profile.keys] == ["妈妈", "爸爸"]
