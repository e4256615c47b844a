"""Taking back that the other word was taken: what stood there before comes back, and a word written since stays."""

from datetime import timedelta

import msgspec
import pytest

from pos_app.domain.desk import Choice, DeskItem, DeskItemChangedError
from pos_app.domain.members import Member
from tests.integration.sync.test_one_record import PHONE, fresh, sync
from tests.support.tills_together import LinkedTill, Together


def _edit(till: LinkedTill, member: Member, **fields: object) -> None:
    """Edit what stands on a member's card at a till, as a cashier does."""
    till.shop.clock.forward(timedelta(minutes=1))
    profile = msgspec.structs.replace(fresh(till, member).profile, **fields)
    till.shop.shop.members.edit(till.shop.cashier, member.member_id, profile)


def _all_sync(shops: Together, *tills: LinkedTill) -> None:
    sync(shops, *tills)
    sync(shops, *tills)


def _notes(till: LinkedTill, member: Member) -> str | None:
    return fresh(till, member).profile.notes


def _item(till: LinkedTill) -> DeskItem:
    (item,) = till.shop.shop.desk.items()
    return item


def _take_other(till: LinkedTill) -> None:
    till.shop.shop.desk.decide(till.shop.manager, _item(till).item_id, Choice.TAKE_OTHER)


def _take_back(till: LinkedTill) -> None:
    till.shop.shop.desk.take_back(till.shop.manager, _item(till).item_id)


@pytest.fixture
def member(shops: Together, a: LinkedTill, b: LinkedTill) -> Member:
    """A member of whom two shops wrote different notes at once: the word of the second is in use."""
    made = a.shop.sign_up(PHONE, "林小满")
    _all_sync(shops, a, b)
    shops.clock.forward(timedelta(hours=1))
    _edit(a, made, notes="甲店的话")
    b.shop.clock.forward(timedelta(minutes=1))
    _edit(b, made, notes="乙店的话")
    _all_sync(shops, a, b)
    assert _notes(a, made) == _notes(b, made) == "乙店的话"
    return made


def test_a_word_that_was_taken_is_given_back_while_nobody_wrote_another(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    _take_other(a)
    _take_back(a)
    _take_other(a)
    _all_sync(shops, a, b)
    assert _notes(b, member) == "甲店的话"
    _take_back(b)
    _all_sync(shops, b, a)
    assert _notes(a, member) == _notes(b, member) == "乙店的话"
    assert _item(a).choice is None and _item(a) == _item(b)


def test_a_choice_is_not_taken_back_over_what_a_cashier_wrote_since(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    _take_other(a)
    _all_sync(shops, a, b)
    _edit(b, member, notes="两家都不对")
    _all_sync(shops, b, a)
    for till in (a, b):
        with pytest.raises(DeskItemChangedError):
            _take_back(till)
        assert _item(till).choice is Choice.TAKE_OTHER
    _all_sync(shops, a, b)
    assert _notes(a, member) == _notes(b, member) == "两家都不对"


def test_a_till_that_had_not_seen_the_newer_word_takes_nothing_back_and_is_shown_so(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    _take_other(a)
    _all_sync(shops, a, b)
    _edit(b, member, notes="两家都不对")
    _take_back(a)
    assert _item(a).choice is None
    _all_sync(shops, b, a)
    _all_sync(shops, b, a)
    assert _notes(a, member) == _notes(b, member) == "两家都不对"
    assert _item(a) == _item(b) and _item(a).choice is Choice.TAKE_OTHER


def test_another_choice_of_another_till_loses_no_newer_word_either(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    _take_other(a)
    a.push()
    b.shop.shop.desk.decide(b.shop.manager, _item(b).item_id, Choice.LEAVE)
    _edit(a, member, notes="两家都不对")
    _all_sync(shops, a, b)
    assert _notes(a, member) == _notes(b, member) == "两家都不对"
    assert _item(a) == _item(b) and _item(a).choice is Choice.LEAVE


def test_what_was_written_while_the_item_was_open_comes_back_with_the_choice_taken_back(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    _edit(b, member, notes="改过一次")
    _all_sync(shops, b, a)
    _take_other(a)
    _take_back(a)
    _take_other(a)
    _all_sync(shops, a, b)
    assert _notes(b, member) == "甲店的话"
    _take_back(b)
    _all_sync(shops, b, a)
    assert _notes(a, member) == _notes(b, member) == "改过一次"


def test_a_newer_word_under_her_other_id_stays_too(
    shops: Together, a: LinkedTill, b: LinkedTill, member: Member
) -> None:
    older = a.shop.sign_up("13900139000", "林晓满")
    _take_other(a)
    _all_sync(shops, a, b)
    a.shop.shop.members.merge(a.shop.manager, older.member_id, member.member_id)
    _all_sync(shops, a, b)
    _edit(b, older, notes="两家都不对")
    _take_back(a)
    _all_sync(shops, b, a)
    _all_sync(shops, b, a)
    assert _notes(a, older) == _notes(b, member) == "两家都不对"
    assert _item(a) == _item(b) and _item(a).choice is Choice.TAKE_OTHER
