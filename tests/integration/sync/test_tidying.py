"""A word that another shop's displaced is shown for ninety days, and then goes from the desk by itself."""

from datetime import timedelta

import pytest

from pos_app.domain.desk import Choice, DeskItem, ItemKind
from pos_app.domain.members import Member
from pos_app.domain.values.moments import to_ms
from sync.platform import tidying
from sync.protocol.documents import Kind
from tests.integration.sync.test_one_record import sync
from tests.integration.sync.test_records import PHONE, _edit, _known_at
from tests.support.feed import link_of
from tests.support.tills_together import LinkedTill, Together

DAY = timedelta(days=1)


def _days(shops: Together, days: int) -> None:
    """Let days pass, for everybody."""
    for clock in (shops.clock, *(till.shop.clock for till in shops.tills)):
        clock.forward(days * DAY)


def _said_at_once(shops: Together, a: LinkedTill, b: LinkedTill, member: Member, *fields: str) -> None:
    """Let two shops say different words of a member, neither with the other's in view."""
    position = shops.documents(Kind.MEMBER)[member.member_id].position
    for till, word in ((a, "甲店的话"), (b, "乙店的话")):
        _edit(till, member, seen=position, **dict.fromkeys(fields, word))
        till.push()


def _known_in_both(a: LinkedTill, b: LinkedTill) -> Member:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    _known_at(b, a, member)
    return member


def _about(items: list[DeskItem]) -> set[str]:
    return {item.about for item in items}


def test_a_word_that_was_not_kept_goes_after_ninety_days_at_every_till(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = _known_in_both(a, b)
    _said_at_once(shops, a, b, member, "notes")
    sync(shops, a, b)
    ((item,), there) = a.shop.shop.desk.items(), b.shop.shop.desk.items()
    assert there == (item,)
    _days(shops, 90)
    assert shops.service.tidy_desks() == 0 and len(shops.desk()) == 1
    _days(shops, 1)
    assert shops.service.tidy_desks() == 1 and not shops.desk()
    sync(shops, a, b)
    assert a.shop.shop.desk.items() == b.shop.shop.desk.items() == ()
    assert link_of(a.shop).digest == link_of(b.shop).digest
    kept = shops.member(member.member_id).member
    assert kept is not None and kept.profile.notes == item.first.text
    assert shops.service.tidy_desks() == 0


def test_one_that_was_settled_can_be_taken_back_for_ninety_days_from_then(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = _known_in_both(a, b)
    _said_at_once(shops, a, b, member, "notes", "occupation")
    _days(shops, 80)
    (notes,) = (item for item in shops.desk() if item.about == "notes")
    a.decide(notes, Choice.TAKE_OTHER)
    a.push()
    _days(shops, 89)
    assert shops.service.tidy_desks() == 1 and _about(shops.desk()) == {"notes"}
    _days(shops, 2)
    assert shops.service.tidy_desks() == 1 and not shops.desk()
    kept = shops.member(member.member_id).member
    assert kept is not None and kept.profile.notes == notes.second.text


def test_a_question_about_two_members_stands_until_it_is_answered_and_the_answer_for_ever(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    a.shop.sign_up(PHONE, "林小满")
    b.shop.sign_up(PHONE, "王建国")
    a.push()
    b.push()
    _days(shops, 400)
    assert shops.service.tidy_desks() == 0
    (item,) = shops.desk()
    assert item.kind is ItemKind.SAME_KEY
    a.decide(item, Choice.KEEP_BOTH)
    a.push()
    _days(shops, 400)
    assert shops.service.tidy_desks() == 0 and len(shops.desk()) == 1


def test_one_that_is_settled_while_the_desk_is_tidied_stays(
    shops: Together, a: LinkedTill, b: LinkedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    _said_at_once(shops, a, b, _known_in_both(a, b), "notes")
    _days(shops, 91)
    (item,) = shops.desk()
    now = to_ms(shops.clock.now())
    old = shops.service.database.read(lambda c: tidying.outdated(c, shops.service.only_merchant(), now))
    assert old == [item.item_id]
    a.decide(item, Choice.LEAVE)
    a.push()
    monkeypatch.setattr(tidying, "outdated", lambda *_told: old)
    assert shops.service.tidy_desks() == 0 and len(shops.desk()) == 1
