"""What is still open, what is given back, and which cent the rounding of cash takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.sales.tenders import Tender, TenderKind, TenderTooMuchError, settle
from pos_app.domain.values.money import Amount
from tests.support.shop_values import tender

CASH, CARD, WECHAT = TenderKind.CASH, TenderKind.CARD, TenderKind.WECHAT_PAY
STEPS = st.sampled_from([1, 5, 10, 50, 100])
TENDERS = st.lists(
    st.builds(
        lambda k, a: (k, a), st.sampled_from([CASH, CARD, WECHAT, TenderKind.POINTS]), st.integers(0, 200_000)
    ),
    max_size=5,
)


def _given(*pairs: tuple[TenderKind, int]) -> tuple[Tender, ...]:
    return tuple(tender(kind, amount, number=n) for n, (kind, amount) in enumerate(pairs))


@given(st.integers(0, 300_000).map(Amount), TENDERS, STEPS)
def test_a_bill_always_adds_up(total: Amount, pairs: list[tuple[TenderKind, int]], step: int) -> None:
    other = sum(a for k, a in pairs if k is not CASH)
    if other > total:
        with pytest.raises(TenderTooMuchError) as refused:
            settle(total, _given(*pairs), step)
        assert refused.value.params["over"] == other - total
        return
    s = settle(total, _given(*pairs), step)
    cash = sum(a for k, a in pairs if k is CASH)
    assert s.given == cash + other == s.total + s.cash_rounding + s.change - s.open
    assert s.open >= 0
    assert 0 <= s.change <= cash, "only cash gives change"
    assert s.open == 0 or s.change == s.cash_rounding == 0
    assert 2 * abs(s.cash_rounding) <= step
    assert s.open_cash % step == 0
    if not any(k is CASH for k, _ in pairs):
        assert s.cash_rounding == 0


@given(st.integers(0, 300_000).map(Amount), st.integers(0, 300_000), STEPS)
def test_change_of_whole_coins_is_given_in_whole_coins(total: Amount, coins: int, step: int) -> None:
    s = settle(total, _given((CASH, coins * step)), step)
    assert s.change % step == 0


@given(st.integers(0, 300_000).map(Amount), STEPS)
def test_what_the_till_asks_in_cash_closes_the_bill_without_change(total: Amount, step: int) -> None:
    asked = settle(total, (), step).open_cash
    s = settle(total, _given((CASH, asked)), step)
    assert (s.open, s.change, s.cash_rounding) == (0, 0, asked - total)


def test_a_hundred_for_a_bill_of_eighty_seven_fifty() -> None:
    s = settle(Amount(8750), _given((CASH, 10_000)), 1)
    assert (s.open, s.change, s.cash_rounding) == (0, 1250, 0)


def test_cash_after_a_card_rounds_only_what_the_card_left() -> None:
    s = settle(Amount(10_003), _given((CARD, 5_000), (CASH, 5_005)), 5)
    assert (s.open, s.change, s.cash_rounding) == (0, 0, 2)


def test_less_than_due_stays_open_and_is_not_rounded() -> None:
    s = settle(Amount(10_003), _given((CASH, 5_000)), 5)
    assert (s.open, s.open_cash, s.change, s.cash_rounding) == (5_003, 5_005, 0, 0)


def test_a_card_pays_to_the_cent_where_cash_has_no_cents() -> None:
    s = settle(Amount(10_003), _given((CARD, 10_003)), 5)
    assert (s.open, s.cash_rounding) == (0, 0)


def test_two_cents_where_the_smallest_coin_is_five_are_paid_with_nothing() -> None:
    s = settle(Amount(2), _given((CASH, 0)), 5)
    assert (s.open, s.cash_rounding) == (0, -2)


def test_a_card_above_the_bill_is_refused_even_beside_cash() -> None:
    with pytest.raises(TenderTooMuchError):
        settle(Amount(1000), _given((CASH, 500), (CARD, 1001)), 1)


def test_a_bill_of_nothing_asks_for_nothing() -> None:
    s = settle(Amount(0), (), 1)
    assert (s.open, s.change) == (0, 0)
