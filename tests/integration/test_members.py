"""A member's life at one shop: signed up once however her phone is written, edited, found, erased, signed up anew."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.members import (
    Child,
    ConsentMissingError,
    KeyKind,
    Member,
    MemberExistsError,
    MemberGoneError,
    MemberKey,
    Profile,
    Purpose,
)
from pos_app.domain.staff import NeedsApprovalError
from pos_app.domain.values.phone import PhoneError
from pos_app.services.members import SignUp
from tests.support.shop_on_disk import NECKLACE, DiskShop, shop_on_disk

PHONE = "13812345678"
WRITINGS = (
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "+8613812345678",
    "+86 138 1234 5678",
    "008613812345678",
    "１３８１２３４５６７８",
    " 13812345678 ",
)
BABY = Child(name="小豆", born_on=date(2026, 3, 1))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def register(shop: DiskShop, **told: object) -> Member:
    """Sign somebody up as the cashier does."""
    asked: dict[str, object] = {"phone": PHONE, "agreed": True} | told
    return shop.shop.members.register(shop.cashier, SignUp(**asked))  # type: ignore[arg-type]


def edited(shop: DiskShop, member: Member, *, agreed: bool = False, **fields: object) -> Member:
    """Change fields of a member's profile as the cashier does."""
    profile = msgspec.structs.replace(member.profile, **fields)
    return shop.shop.members.edit(shop.cashier, member.member_id, profile, agreed)


def said(member: Member, purpose: Purpose) -> list[bool]:
    """Return every yes and no to a purpose, in the order they were said."""
    return [consent.given for consent in member.consents if consent.purpose is purpose]


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_phone_is_one_phone_however_it_is_written(shop: DiskShop, writing: str) -> None:
    member = register(shop, phone=writing)
    assert member.phone == "+8613812345678"
    for other in WRITINGS:
        found = shop.shop.members.find_phone(other)
        assert found is not None and found.member_id == member.member_id
        with pytest.raises(MemberExistsError) as exists:
            register(shop, phone=other)
        assert exists.value.params["member"] == member.member_id
    assert shop.shop.members.count() == 1


@pytest.mark.parametrize("text", ["", "1", "abc", "138123456789012345", "<script>"])
def test_what_is_no_phone_signs_nobody_up(shop: DiskShop, text: str) -> None:
    with pytest.raises(PhoneError):
        register(shop, phone=text)
    assert shop.shop.members.count() == 0


def test_nobody_is_a_member_without_a_yes(shop: DiskShop) -> None:
    with pytest.raises(ConsentMissingError):
        register(shop, agreed=False)
    assert shop.shop.members.count() == 0


def test_a_consent_says_who_heard_it_when_and_to_which_text(shop: DiskShop) -> None:
    member = register(shop, marketing=False)
    membership, marketing = member.consents
    assert (membership.purpose, membership.given, membership.by) == (
        Purpose.MEMBERSHIP,
        True,
        shop.cashier.staff_id,
    )
    assert membership.text_version == shop.shop.current.value.consent_text_version
    assert membership.at == shop.clock.now()
    assert (marketing.purpose, marketing.given) == (Purpose.MARKETING, False)


def test_children_need_a_yes_of_their_own_at_sign_up_and_later(shop: DiskShop) -> None:
    with pytest.raises(ConsentMissingError):
        register(shop, children=(BABY,))
    member = register(shop)
    with pytest.raises(ConsentMissingError):
        edited(shop, member, children=(BABY,))
    agreed = edited(shop, member, agreed=True, children=(BABY,))
    assert said(agreed, Purpose.CHILDREN) == [True]
    second = edited(shop, agreed, children=(BABY, Child(due_on=date(2027, 5, 1))))
    assert said(second, Purpose.CHILDREN) == [True] and len(second.profile.children) == 2


def test_an_edit_is_found_by_its_new_name_and_phone_and_no_longer_by_the_old(shop: DiskShop) -> None:
    member = register(shop, name="王小满")
    keys = (MemberKey(kind=KeyKind.PHONE, value="+8613987654321"),)
    edited(shop, member, name="李小满", keys=keys)
    service = shop.shop.members
    assert service.find_phone(PHONE) is None
    assert service.find_phone("13987654321") is not None
    assert [m.profile.name for m in service.search("李小满")] == ["李小满"]
    assert [m.profile.name for m in service.search("4321")] == ["李小满"]
    assert service.search("王小满") == ()
    assert shop.verify().passed


def test_nobody_is_edited_onto_the_phone_of_somebody_else(shop: DiskShop) -> None:
    owner, other = register(shop), register(shop, phone="13987654321")
    with pytest.raises(MemberExistsError) as exists:
        edited(shop, other, keys=owner.profile.keys)
    assert exists.value.params["member"] == owner.member_id
    found = shop.shop.members.find_phone("13987654321")
    assert found is not None and found.member_id == other.member_id


def test_an_edit_that_changes_nothing_writes_nothing(shop: DiskShop) -> None:
    member = register(shop, name="王小满")
    with shop.store.read() as tx:
        before = tx.journal.head()
    edited(shop, member, name="王小满")
    with shop.store.read() as tx:
        assert tx.journal.head() == before


def test_two_yeses_in_a_row_are_one_member(shop: DiskShop) -> None:
    member = register(shop)
    shop.reopened()
    with pytest.raises(MemberExistsError):
        register(shop)
    assert shop.shop.members.get(member.member_id) == member


def test_erasing_needs_a_manager_and_leaves_the_sales_without_a_name(shop: DiskShop) -> None:
    member = register(shop, name="王小满")
    sale = shop.sell(NECKLACE, member=member).sale
    service = shop.shop.members
    with pytest.raises(NeedsApprovalError) as needed:
        service.erase(shop.cashier, member.member_id, "asked_by_member")
    service.erase(shop.cashier, member.member_id, "asked_by_member", shop.approval(needed.value))
    assert (service.get(member.member_id), service.find_phone(PHONE), service.count()) == (None, None, 0)
    assert service.search("王小满") == () and service.search("5678") == ()
    assert shop.shop.returns.open(sale.sale_id).sale.total == sale.total
    with pytest.raises(MemberGoneError):
        service.edit(shop.cashier, member.member_id, Profile(name="谁"))
    with pytest.raises(MemberGoneError):
        service.erase(shop.owner, member.member_id, "asked_by_member")
    assert shop.verify().passed


def test_the_phone_of_an_erased_member_signs_up_as_somebody_new(shop: DiskShop) -> None:
    member = register(shop, name="王小满")
    shop.sell(NECKLACE, member=member)
    shop.shop.members.erase(shop.owner, member.member_id, "asked_by_member")
    again = register(shop)
    assert again.member_id != member.member_id
    assert again.profile.name is None and again.visits == 0
    assert shop.shop.members.purchases(again.member_id) == ()


def test_what_an_erased_member_bought_can_still_come_back(shop: DiskShop) -> None:
    member = register(shop)
    sale = shop.sell(NECKLACE, member=member).sale
    shop.shop.members.erase(shop.owner, member.member_id, "asked_by_member")
    assert shop.take_back(sale).sale.total == -sale.total
    assert shop.verify().passed
