"""What counts as a leak, and when a person stands out."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.facts.payments import PaymentAnswered
from pos_app.domain.facts.sales import PriceChanged, ReceiptReprinted
from pos_app.domain.facts.shop import CashMoved
from pos_app.domain.leaks import Leak, LeakKind, rate_of, sums, without_undone, worth_of
from pos_app.domain.payments import PaymentState
from pos_app.domain.shifts import CashDirection
from pos_app.domain.values.ids import AttemptId, CartId, LineId, SaleId, ShiftId, StaffId
from pos_app.domain.values.money import Amount

ANNA, BO = StaffId(UUID(int=1)), StaffId(UUID(int=2))


def leak(amount: int = 100, person: StaffId = ANNA, seq: int = 1) -> Leak:
    """Return a void."""
    return Leak(kind=LeakKind.VOID, person=person, at_ms=0, amount=Amount(amount), epoch=1, seq=seq)


def test_a_person_is_compared_with_the_others_by_what_each_sold() -> None:
    rate = rate_of(8, 100, 4, 200)
    assert (rate.per_100_tenths, rate.times_tenths, rate.level) == (80, 40, 2)


@pytest.mark.parametrize(
    ("count", "others", "level"), [(2, 0, 0), (3, 0, 1), (3, 2, 0), (4, 2, 1), (8, 2, 2), (2, 1, 0)]
)
def test_who_does_it_twice_as_often_stands_out_unless_it_was_but_once_or_twice(
    count: int, others: int, level: int
) -> None:
    assert rate_of(count, 100, others, 100).level == level


def test_who_sold_nothing_and_who_worked_alone_are_compared_with_nobody() -> None:
    assert rate_of(5, 0, 5, 100).level == 0
    assert rate_of(5, 0, 5, 100).per_100_tenths is None
    assert rate_of(5, 100, 0, 0).times_tenths is None
    assert rate_of(5, 100, 0, 0).per_100_tenths == 50


@given(st.lists(st.tuples(st.sampled_from([ANNA, BO]), st.integers(-1_000, 1_000)), max_size=30))
def test_sums_add_up_to_the_entries(entries: list[tuple[StaffId, int]]) -> None:
    leaks = [leak(amount, person) for person, amount in entries]
    found = sums(leaks, ["void"] * len(leaks))
    assert sum(each.count for each in found.values()) == len(leaks)
    assert sum(each.amount for each in found.values()) == sum(amount for _, amount in entries)
    assert all(found[person, "void"].count for person, _ in found)
    assert sums([], []) == {}


@given(st.lists(st.booleans(), max_size=12))
def test_of_a_line_taken_off_and_put_back_in_turn_the_last_word_counts(extra: list[bool]) -> None:
    # Off, back, off, back …: at most one removal stands, and only when the last step took it off.
    steps = [index % 2 == 0 for index in range(len(extra))]
    removed = [(at, (1, 1), leak(seq=at)) for at, off in enumerate(steps) if off]
    restored = [(at, (1, 1)) for at, off in enumerate(steps) if not off]
    standing = without_undone(removed, restored)
    assert [each.seq for each in standing] == ([len(steps) - 1] if steps and steps[-1] else [])


def test_what_the_till_did_itself_and_what_went_in_do_not_count() -> None:
    shift = ShiftId(UUID(int=3))
    assert worth_of(ReceiptReprinted(sale=SaleId(UUID(int=4)), copy_number=1, recovered=True)) is None
    put_in = CashMoved(shift=shift, direction=CashDirection.IN, amount=Amount(1), reason="x")
    assert worth_of(put_in) is None
    by_wallet = PaymentAnswered(attempt=AttemptId(UUID(int=5)), state=PaymentState.PAID)
    assert worth_of(by_wallet) is None


def test_a_payment_settled_by_hand_counts_with_who_allowed_it() -> None:
    fact = PaymentAnswered(
        attempt=AttemptId(UUID(int=5)),
        state=PaymentState.PAID,
        amount=Amount(700),
        by_hand=True,
        approver=BO,
    )
    worth = worth_of(fact)
    assert worth is not None
    assert (worth.kind, worth.amount, worth.approver) == (LeakKind.HAND_SETTLED, 700, BO)


@pytest.mark.parametrize(
    ("asked", "after", "override", "counts"),
    [
        ("9000", 9_000, True, True),
        ("9000", 9_000, False, True),
        ("95折", 9_500, False, False),
        ("90", 9_000, False, False),
        ("", 10_000, False, False),
    ],
)
def test_another_price_is_told_from_a_discount_in_old_facts_too(
    asked: str, after: int, override: bool, counts: bool
) -> None:
    fact = PriceChanged(
        cart=CartId(UUID(int=6)),
        line=LineId(UUID(int=7)),
        asked=asked,
        before=Amount(10_000),
        after=Amount(after),
        override=override,
    )
    assert (worth_of(fact) is not None) is counts
