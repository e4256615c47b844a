"""The gold price moves between the scan and the payment: it is said, today's is taken, a manager may keep the old."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.values.money import Amount
from tests.gui.sales.conftest import Till

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
    assert "¥3,416.48" in till.words("hint")
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
