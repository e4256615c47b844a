"""What the drawer should hold, and a difference that must be explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import TenderSum, VarianceReasonError, expected_cash, variance
from pos_app.domain.values.money import Amount

AMOUNTS = st.integers(-(10**9), 10**9).map(Amount)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_drawer_holds_the_float_the_cash_taken_and_what_was_moved(
    start: Amount, cash: Amount, card: Amount, into: Amount, out: Amount
) -> None:
    sums = (
        TenderSum(kind=TenderKind.CASH, count=1, amount=cash),
        TenderSum(kind=TenderKind.CARD, count=1, amount=card),
    )
    assert expected_cash(start, sums, into, out) == start + cash + into - out
    assert expected_cash(start, (), into, out) == start + into - out


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_difference_needs_a_reason_and_is_named(reason: str | None) -> None:
    with pytest.raises(VarianceReasonError) as refused:
        variance(Amount(9_950), Amount(10_000), reason)
    assert refused.value.params["variance"] == -50


def test_a_difference_with_a_reason_or_none_at_all_closes() -> None:
    assert variance(Amount(9_950), Amount(10_000), "wrong change") == -50
    assert variance(Amount(10_050), Amount(10_000), "found") == 50
    assert variance(Amount(10_000), Amount(10_000), None) == 0
