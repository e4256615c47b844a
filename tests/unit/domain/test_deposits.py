"""What a deposit is worth after it paid, came back or was given back; never less than nothing."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.deposits import (
    Deposit,
    DepositMove,
    DepositPriceError,
    DepositSpentError,
    DepositUsedError,
    deposit_line,
    moved,
)
from pos_app.domain.sales.line import LineKind
from pos_app.domain.values.ids import LineId, SaleId
from pos_app.domain.values.money import Amount
from tests.support.shop_values import number_id

SALE = SaleId(number_id(1))


def _deposit(amount: int = 50_000, used: int = 0, returned: int = 0) -> Deposit:
    return Deposit(
        sale=SALE,
        number="N01-1-2026-000001",
        taken_on=date(2026, 11, 22),
        amount=Amount(amount),
        used=Amount(used),
        returned=Amount(returned),
    )


def _move(used: int = 0, returned: int = 0) -> DepositMove:
    return DepositMove(sale=SALE, used=Amount(used), returned=Amount(returned))


def test_a_part_that_pays_leaves_the_rest() -> None:
    after = moved(_deposit(), _move(used=12_800))
    assert (after.used, after.left) == (12_800, 37_200)


def test_no_more_is_spent_than_is_left() -> None:
    with pytest.raises(DepositSpentError) as refused:
        moved(_deposit(used=30_000), _move(used=20_001))
    assert refused.value.params == {"number": "N01-1-2026-000001", "amount": 20_000}


def test_what_it_paid_for_comes_back_and_pays_again() -> None:
    assert moved(_deposit(used=30_000), _move(used=-30_000)).left == 50_000


def test_what_has_paid_is_not_given_back() -> None:
    with pytest.raises(DepositUsedError):
        moved(_deposit(used=1), _move(returned=50_000))


def test_an_unspent_one_is_given_back_once() -> None:
    gone = moved(_deposit(), _move(returned=50_000))
    assert gone.left == 0
    for move in (_move(returned=50_000), _move(used=1)):
        with pytest.raises(DepositSpentError):
            moved(gone, move)


@pytest.mark.parametrize("amount", [0, -100])
def test_a_deposit_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(DepositPriceError):
        deposit_line(LineId(number_id(2)), Amount(amount), None)


def test_its_line_bears_no_tax_and_costs_what_was_typed() -> None:
    line = deposit_line(LineId(number_id(2)), Amount(50_000), "手镯")
    assert (line.kind, line.amount, line.product, line.wish) == (LineKind.DEPOSIT, 50_000, None, "手镯")


@given(st.lists(st.tuples(st.integers(-60_000, 60_000), st.sampled_from([0, 0, 0, 50_000])), max_size=12))
def test_whatever_is_tried_it_never_goes_below_nothing(moves: list[tuple[int, int]]) -> None:
    deposit = _deposit()
    for used, returned in moves:
        try:
            deposit = moved(deposit, _move(used, returned))
        except (DepositSpentError, DepositUsedError):
            continue
        assert deposit.left >= 0 and deposit.used >= 0 and deposit.returned >= 0
        assert not (deposit.used and deposit.returned)
        assert msgspec.structs.replace(deposit, used=Amount(0), returned=Amount(0)) == _deposit()
