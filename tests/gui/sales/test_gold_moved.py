"""The gold price moves between the scan and the payment: it is said, today's is taken, a manager may keep the old."""

import dataclasses
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.values.money import Amount
from tests.gui.sales.conftest import Till, words
from tests.support.catalogue_shop import draft_of

RING = "GD26110001"
MILK = "6931201000176"
RUNG, DEARER = 339_040, 341_648
"""3.260 g at 1,012.00 and at 1,020.00 a gram, with 28.00 of labour."""


def move_gold(till: Till, price: int = 102_000, days: int = 0) -> None:
    """Let the owner set the price of the day, days from now."""
    demo = till.behind.till
    demo.outside.clock.forward(timedelta(days=days))
    demo.shop.catalogue.set_gold_price(demo.owner, "足金999", demo.shop.ringing.today(), Amount(price))


def hold_and_recall(till: Till, days: int) -> None:
    """Hold a cart with a ring, let the gold price move, and take the cart up again."""
    till.keys.scan(RING)
    assert till.state.totals.due == RUNG
    till.press(Qt.Key.Key_F3)
    move_gold(till, days=days)
    till.press(Qt.Key.Key_F4)
    till.enter()


@pytest.mark.parametrize("days", [0, 1])
def test_a_held_ring_is_recalled_at_todays_price_with_both_in_words(till: Till, days: int) -> None:
    hold_and_recall(till, days)
    assert till.state.totals.due == DEARER
    assert "¥3,390.40" in till.words("hint") and "¥3,416.48" in till.words("hint")
    listing = till.state.listing
    assert listing is not None
    assert [row.right for row in listing.rows] == ["¥3,416.48", "¥3,390.40"]
    assert "¥1,012.00 → ¥1,020.00" in listing.rows[0].under
    till.enter()
    assert till.state.listing is None and till.state.totals.due == DEARER
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert till.state.done is not None and not till.behind.asked


def test_the_old_price_is_kept_with_a_managers_yes(till: Till) -> None:
    hold_and_recall(till, 1)
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert len(till.behind.asked) == 1 and till.state.totals.due == DEARER
    till.behind.give_leave()
    assert till.state.totals.due == RUNG and "¥3,390.40" in till.words("hint")
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is not None
    till.enter()
    assert till.state.done is not None


def test_pay_does_not_open_before_todays_price_was_shown(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.scan(RING)
    move_gold(till)
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is None and till.state.totals.due == DEARER + 12_800
    assert "¥3,518.40" in till.words("hint") and "¥3,544.48" in till.words("hint"), "as on the bill"
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is not None
    till.enter()
    assert till.state.done is not None


def test_a_price_that_moves_while_pay_stands_open_is_said_and_the_money_stays(till: Till) -> None:
    till.keys.scan(RING)
    till.press(Qt.Key.Key_F12)
    move_gold(till)
    till.enter()
    assert till.state.done is None and till.state.pay is not None
    assert "¥1,012.00" in till.state.pay.error and "¥1,020.00" in till.state.pay.error
    assert till.state.pay.tenders
    till.press(Qt.Key.Key_Escape)
    till.enter()
    till.press(Qt.Key.Key_F12)
    assert till.state.totals.due == DEARER
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert till.state.done is not None


def test_goods_without_gold_are_paid_as_ever(till: Till) -> None:
    till.keys.scan(MILK)
    move_gold(till)
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is not None and till.state.listing is None


def test_esc_on_the_offer_says_that_todays_price_holds_and_f5_brings_the_old_one_back(till: Till) -> None:
    hold_and_recall(till, 1)
    till.press(Qt.Key.Key_Escape)
    assert till.state.listing is None
    assert till.words("hint") == words("sales.gold.holds", total="¥3,416.48")
    assert any("¥1,012.00" in detail.words for detail in till.state.rows[0].details), (
        "the line says so as well"
    )
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_Up)
    till.press(Qt.Key.Key_F5)
    assert till.state.ask is not None and "¥1,012.00" in till.state.ask.choices[2]
    till.press(Qt.Key.Key_F3)
    assert "¥3,544.48" in till.state.ask.preview and "¥3,518.40" in till.state.ask.preview
    till.enter()
    till.behind.give_leave()
    assert till.state.totals.due == RUNG + 12_800 and "¥3,518.40" in till.words("hint")
    assert not any("F5" in detail.words for detail in till.state.rows[0].details)


def test_typing_on_the_offer_leaves_it_with_words_and_within_reach(till: Till) -> None:
    hold_and_recall(till, 1)
    till.keys.type("6")
    assert till.state.listing is None and "¥3,416.48" in till.words("hint")


def test_an_approval_that_is_not_given_says_which_price_holds(till: Till) -> None:
    hold_and_recall(till, 1)
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert len(till.behind.asked) == 1
    assert till.words("hint") == words("sales.gold.not_allowed_yet", total="¥3,416.48")
    assert till.state.totals.due == DEARER


def test_a_text_with_the_old_gold_price_is_refused_beside_the_field(till: Till) -> None:
    hold_and_recall(till, 1)
    till.enter()
    till.press(Qt.Key.Key_F5)
    till.press(Qt.Key.Key_F3)
    till.keys.type("95折")
    till.enter()
    assert till.state.ask is not None and till.state.ask.error == words("sales.gold.no_text")
    assert not till.behind.asked


def test_after_a_third_price_it_is_still_the_first_that_may_be_kept(till: Till) -> None:
    hold_and_recall(till, 1)
    till.enter()
    move_gold(till, 103_000)
    till.press(Qt.Key.Key_F12)
    assert "¥3,416.48" in till.words("hint") and "¥3,449.08" in till.words("hint")
    listing = till.state.listing
    assert listing is not None and "¥1,012.00 → ¥1,030.00" in listing.rows[0].under
    assert [row.right for row in listing.rows] == ["¥3,449.08", "¥3,390.40"]
    till.press(Qt.Key.Key_Down)
    till.enter()
    till.behind.give_leave()
    assert till.state.totals.due == RUNG


def test_a_price_that_came_back_leaves_nothing_to_keep(till: Till) -> None:
    hold_and_recall(till, 1)
    till.enter()
    move_gold(till, 101_200)
    till.press(Qt.Key.Key_F12)
    assert till.state.totals.due == RUNG and till.state.listing is None
    assert "¥3,416.48" in till.words("hint") and "¥3,390.40" in till.words("hint")


def test_with_a_discount_the_amounts_said_are_those_of_the_bill(till: Till) -> None:
    till.keys.scan(RING)
    till.press(Qt.Key.Key_F5)
    till.say("-40.40")
    assert till.state.totals.due == RUNG - 4_040
    move_gold(till)
    till.press(Qt.Key.Key_F12)
    assert "¥3,350.00" in till.words("hint") and "¥3,376.08" in till.words("hint")
    listing = till.state.listing
    assert listing is not None and [row.right for row in listing.rows] == ["¥3,376.08", "¥3,350.00"]


def test_a_ring_that_takes_no_discount_can_have_its_old_gold_price_all_the_same(till: Till) -> None:
    demo = till.behind.till
    found = demo.shop.catalogue.find(RING)
    assert found is not None
    flags = dataclasses.replace(found.variant.flags, no_discount=True)
    demo.shop.catalogue_edit.save_variant(demo.owner, draft_of(found.variant, flags=flags))
    till.keys.scan(RING)
    till.press(Qt.Key.Key_F5)
    assert till.state.ask is None and till.words("hint") == words("sales.refuse.no_discount")
    move_gold(till)
    till.press(Qt.Key.Key_F12)
    till.enter()
    till.press(Qt.Key.Key_F5)
    assert till.state.ask is not None and len(till.state.ask.choices) == 1
    till.enter()
    till.behind.give_leave()
    assert till.state.totals.due == RUNG
