"""What the drawer should hold, and a difference that must be explained."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import (
    Count,
    CountedTender,
    Denomination,
    TenderSum,
    VarianceReasonError,
    checked_pieces,
    expected_cash,
    tender_counts,
    variance,
)
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


def _notes(*pieces: tuple[int, int]) -> tuple[Denomination, ...]:
    return tuple(Denomination(value=Amount(value), count=count) for value, count in pieces)


@given(st.dictionaries(st.integers(1, 10_000), st.integers(0, 999), max_size=8))
def test_notes_stand_largest_first_and_add_up_to_the_cash(pieces: dict[int, int]) -> None:
    total = Amount(sum(value * count for value, count in pieces.items()))
    found = checked_pieces(Count(cash=total, denominations=_notes(*pieces.items())))
    values = [piece.value for piece in found]
    assert values == sorted(values, reverse=True)
    assert sum(piece.value * piece.count for piece in found) == total
    assert all(piece.count for piece in found)


@pytest.mark.parametrize(
    ("cash", "pieces"),
    [(100, ((100, -1), (200, 1))), (100, ((0, 3), (100, 1))), (100, ((50, 1), (50, 1))), (99, ((100, 1),))],
    ids=["less than none", "of no value", "twice", "another sum"],
)
def test_notes_that_are_no_count_are_refused(cash: int, pieces: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(InvalidValueError):
        checked_pieces(Count(cash=Amount(cash), denominations=_notes(*pieces)))


def test_slips_are_held_against_what_their_tender_brought_and_each_difference_has_its_reason() -> None:
    sums = (TenderSum(kind=TenderKind.CARD, count=2, amount=Amount(300)),)
    even = CountedTender(kind=TenderKind.CARD, amount=Amount(300), reason="not needed")
    more = CountedTender(kind=TenderKind.VOUCHER, amount=Amount(5), reason="of yesterday")
    card, voucher = tender_counts((more, even), sums)
    assert (card.kind, card.expected, card.counted, card.reason) == (TenderKind.CARD, 300, 300, None)
    assert (voucher.expected, voucher.counted, voucher.reason) == (0, 5, "of yesterday")
    with pytest.raises(VarianceReasonError) as refused:
        tender_counts((CountedTender(kind=TenderKind.CARD, amount=Amount(299)),), sums)
    assert refused.value.params == {"variance": -1, "tender": "card"}


@pytest.mark.parametrize(
    "kinds", [(TenderKind.CASH,), (TenderKind.CARD, TenderKind.CARD)], ids=["cash", "twice"]
)
def test_cash_is_no_slip_and_a_tender_is_counted_once(kinds: tuple[TenderKind, ...]) -> None:
    with pytest.raises(InvalidValueError):
        tender_counts([CountedTender(kind=kind, amount=Amount(0)) for kind in kinds], ())
