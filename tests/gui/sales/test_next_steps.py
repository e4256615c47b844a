"""What is refused or unknown at the counter says what to do next, and sends nobody after what does not exist."""

import dataclasses
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.cards import grouped, make
from pos_app.domain.members import Replaced
from pos_app.services.members import SignUp
from tests.gui.sales.conftest import Till, words
from tests.support.catalogue_shop import draft_of

MEMBER, MILK = "13800001234", "6931201000176"
CARD = make("00000000000017")
HONG_KONG = "+85291234567"


def has_card(till: Till, number: str = CARD) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = shop.members.find_phone(MEMBER)
    assert member is not None
    shop.member_keys.issue(owner, member.member_id, number)


def flag_milk(till: Till, **flags: object) -> None:
    """Set what holds for selling the milk."""
    shop, owner = till.behind.till.shop, till.behind.till.owner
    found = shop.catalogue.find(MILK)
    assert found is not None
    changed = dataclasses.replace(found.variant.flags, **flags)  # type: ignore[arg-type]
    shop.catalogue_edit.save_variant(owner, draft_of(found.variant, flags=changed))


# -- cards ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_member_box", [True, False])
def test_a_lost_card_that_is_typed_is_said_to_be_lost(till: Till, in_member_box: bool) -> None:
    has_card(till)
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = shop.members.find_phone(MEMBER)
    assert member is not None
    shop.member_keys.replace(owner, member.member_id, CARD, Replaced.REFUSED)
    if in_member_box:
        till.press(Qt.Key.Key_F9)
    till.say(CARD)
    assert till.words("hint") == words("members.error.card_refused") and not till.state.rows


@pytest.mark.parametrize("in_member_box", [True, False])
@pytest.mark.parametrize("typed", [CARD, grouped(CARD)])
def test_the_card_of_an_erased_member_is_no_goods_and_nobody_s(
    till: Till, typed: str, in_member_box: bool
) -> None:
    has_card(till)
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = shop.members.find_phone(MEMBER)
    assert member is not None
    shop.members.erase(owner, member.member_id, "asked_by_member")
    if in_member_box:
        till.press(Qt.Key.Key_F9)
    till.say(typed)
    assert till.words("hint") == words("sales.refuse.unknown_card") and not till.state.rows


# -- phones --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["00852 9123 4567", "0085291234567"])
def test_a_phone_with_the_prefix_of_calls_abroad_is_a_phone(till: Till, typed: str) -> None:
    till.say(typed)
    assert not till.state.rows and till.words("hint") == till.page.presenter._people.offer_words(HONG_KONG)
    till.enter()
    found = till.behind.till.shop.members.find_phone(HONG_KONG)
    assert found is not None and till.state.member is not None
    till.press(Qt.Key.Key_F9)
    till.press(Qt.Key.Key_Delete)
    till.say(typed)
    assert till.state.member is not None


def test_a_member_is_offered_by_the_digits_of_her_phone_before_any_red_line(till: Till) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    shop.members.register(owner, SignUp(phone=HONG_KONG, agreed=True, name="陈港生"))
    till.say("85291234567")
    assert not till.state.rows and till.state.listing is not None
    assert [row.title for row in till.state.listing.rows] == ["陈港生"]


@pytest.mark.parametrize("code", ["0012345678905", "001234567"])
def test_goods_whose_code_begins_with_two_noughts_are_goods(till: Till, code: str) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    found = shop.catalogue.find(MILK)
    assert found is not None
    shop.catalogue_edit.save_variant(owner, draft_of(found.variant, code=code))
    till.say(code)
    assert [row.name for row in till.state.rows] == [found.variant.name]


# -- goods that may not be sold ------------------------------------------------------------------------------


def test_goods_for_a_level_say_that_levels_are_not_in_use_and_where_it_is_changed(till: Till) -> None:
    flag_milk(till, minimum_level=2)
    till.keys.scan(MILK)
    assert not till.state.rows
    for told in ("2 级", "还没有启用", "店长", "商品 → 规则"):
        assert told in till.words("hint")


def test_goods_before_their_day_say_from_which_day_and_who_can_change_it(till: Till) -> None:
    day = till.behind.till.shop.ringing.today() + timedelta(days=9)
    flag_milk(till, sold_from=day)
    till.keys.scan(MILK)
    assert f"{day.month}月{day.day}日" in till.words("hint") and "商品 → 规则" in till.words("hint")


def test_goods_held_back_say_who_lets_them_go(till: Till) -> None:
    flag_milk(till, quarantined=True)
    till.keys.scan(MILK)
    assert "店长" in till.words("hint") and "商品 → 规则" in till.words("hint")


# -- paying --------------------------------------------------------------------------------------------------


def test_a_member_who_comes_while_paying_is_named_beside_the_total(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.say(MEMBER)
    assert "王小满" in till.words("pay_under") and "¥128.00" in till.words("pay_under")


def test_who_signs_up_while_paying_without_a_name_is_told_by_her_masked_phone(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.say("13912345678")
    till.enter()
    assert "139****5678" in till.words("pay_under") and "¥128.00" in till.words("pay_under")


def test_a_card_scanned_while_paying_names_its_member(till: Till) -> None:
    has_card(till)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.keys.scan(CARD)
    assert till.state.pay is not None and "王小满" in till.state.pay.hint
