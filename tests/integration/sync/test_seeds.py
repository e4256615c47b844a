"""What the simulation of whole shops found, each as the few steps that brought it about."""

import msgspec

from pos_app.domain.imports.kinds import Kind as FileKind
from pos_app.domain.members import Member
from pos_app.services.ports.clock import StillWatch
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from sync.protocol.documents import Kind
from tests.support.feed import NOW_MS
from tests.support.shop_on_disk import CANDY
from tests.support.tills_together import LinkedTill, Together

PHONE, OTHER_PHONE = "13800138000", "13900139000"


def pull(till: LinkedTill, now_ms: int = NOW_MS) -> None:
    """Take in all that the platform has."""
    known = appliers(till.shop.shop.settings.value.shop_id, {})
    engine = PullEngine(till.shop.store, till.wire, known, StillWatch())
    while engine.pull(now_ms).more:
        pass


def edit(till: LinkedTill, member: Member, **fields: object) -> None:
    """Edit a member as she stands at a till."""
    here = till.shop.shop.members.get(member.member_id)
    assert here is not None
    news = msgspec.structs.replace(here.profile, **fields)  # type: ignore[arg-type]
    till.shop.shop.members.edit(till.shop.cashier, member.member_id, news, seen=here.profile)


def test_somebody_is_edited_at_a_till_where_she_did_not_sign_up(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    mei = a.shop.sign_up(PHONE, "林小满")
    a.push()
    pull(b)
    edit(b, mei, notes="爱喝茶")
    b.push()
    seen = shops.member(mei.member_id).member
    assert seen is not None and seen.profile.notes == "爱喝茶"
    assert {state for state, _ in shops.states().values()} == {"projected"}


def test_a_phone_goes_to_who_has_it_too_once_its_owner_is_erased(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up(PHONE, "王建国")
    a.push()
    b.push()
    before = shops.member(second.member_id).member
    assert before is not None and before.profile.keys[0].shared
    a.shop.shop.members.erase(a.shop.owner, first.member_id, "asked")
    a.push()
    after = shops.member(second.member_id).member
    assert after is not None and not after.profile.keys[0].shared


def test_a_key_that_was_given_up_within_one_push_belongs_to_nobody(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first = a.shop.sign_up(PHONE, "林小满")
    both = (*first.profile.keys, msgspec.structs.replace(first.profile.keys[0], value="+86" + OTHER_PHONE))
    edit(a, first, keys=both)
    edit(a, first, keys=first.profile.keys)
    a.push()
    second = b.shop.sign_up(OTHER_PHONE, "王建国")
    b.push()
    seen = shops.member(second.member_id).member
    assert seen is not None and not seen.profile.keys[0].shared and not shops.desk()


def test_feeds_of_a_platform_that_begins_again_give_no_position_twice(shops: Together, a: LinkedTill) -> None:
    a.shop.sign_up(PHONE, "林小满")
    a.push()
    before = {row.position for row in shops.documents(Kind.MEMBER).values()}
    shops.service.begin()
    a.shop.sign_up(OTHER_PHONE, "王建国")
    a.push()
    after = {row.position for row in shops.documents(Kind.MEMBER).values()} - before
    assert min(after) > max(before) + 1


def test_who_came_between_the_showing_of_a_file_and_its_taking_back_stays(
    shops: Together, a: LinkedTill
) -> None:
    file = shops.folder / "members.csv"
    file.write_text(f"会员姓名,手机号\n林小满,{PHONE}\n王建国,{OTHER_PHONE}\n", "utf-8")
    imports = a.shop.shop.imports
    imports.run(a.shop.owner, imports.open(file, FileKind.MEMBERS))
    mei = a.shop.shop.members.find_phone(PHONE)
    assert mei is not None
    a.shop.sell(CANDY, member=mei)
    imports.withdraw(a.shop.owner)
    a.push()
    shops.service.work(shops.service.only_merchant())
    (seen,) = [each.member for each in shops.members().values()]
    assert seen is not None and seen.profile.name == "林小满" and seen.visits == 1


def test_who_is_taken_off_a_card_stands_for_herself_whatever_chain_led_there(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second, third = (a.shop.sign_up(f"1380013800{n}", f"林{n}") for n in range(3))
    members, owner = a.shop.shop.members, a.shop.owner
    members.merge(owner, second.member_id, third.member_id)
    members.merge(owner, first.member_id, second.member_id)
    members.unmerge(owner, first.member_id, third.member_id)
    a.push()
    seen = shops.members()
    assert seen[third.member_id].alias_of is None and seen[second.member_id].alias_of == first.member_id
    members.erase(owner, first.member_id, "asked")
    a.push()
    assert set(shops.members()) == {third.member_id}


def test_a_till_erases_everybody_whom_it_held_for_one_also_when_they_were_parted_meanwhile(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), a.shop.sign_up(OTHER_PHONE, "王建国")
    a.shop.shop.members.merge(a.shop.owner, first.member_id, second.member_id)
    a.push()
    pull(b)
    b.shop.shop.members.unmerge(b.shop.owner, first.member_id, second.member_id)
    b.push()
    a.shop.shop.members.erase(a.shop.owner, first.member_id, "asked")
    a.push()
    assert not shops.members()
