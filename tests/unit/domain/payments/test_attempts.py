"""No sequence of answers, cancels and kills charges twice, lets a cart go while unknown, or forgets money."""

from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.payments import PaymentAttempt, PaymentPurpose, PaymentState
from pos_app.domain.payments.attempts import (
    GIVEN_BACK,
    OTHER_AMOUNT,
    Heard,
    PaymentOpenError,
    PaymentTakenError,
    Standing,
    begun,
    check_free,
    given_up,
    may_be_settled,
    reconciled,
    step,
    to_give_back,
    told,
)
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId, CartId
from pos_app.domain.values.money import Amount

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
CART = CartId(UUID(int=1))
ASKED = Amount(12_800)
PAID, REFUSED, REVERSED = PaymentState.PAID, PaymentState.REFUSED, PaymentState.REVERSED
UNKNOWN, ENTERING, REFUNDED = PaymentState.UNKNOWN, PaymentState.ENTERING, PaymentState.REFUNDED
ENDS = (REFUSED, REVERSED, REFUNDED)


def _attempt(purpose: PaymentPurpose = PaymentPurpose.CHARGE, number: int = 2) -> Standing:
    key = AttemptId(UUID(int=number))
    return begun(
        PaymentAttempt(
            attempt=key,
            purpose=purpose,
            provider=TenderKind.WECHAT_PAY,
            order_number=key.hex,
            cart=CART,
            amount=ASKED,
            currency="CNY",
        ),
        AT,
    )


def _hear(now: Standing, heard: Heard) -> Standing:
    news = step(now, heard)
    return now if news is None else told(now, news, AT)


def _after(*answers: Heard) -> Standing:
    now = _attempt()
    for answer in answers:
        now = _hear(now, answer)
    return now


answers = st.builds(
    Heard,
    state=st.sampled_from(PaymentState),
    amount=st.sampled_from([None, ASKED, Amount(1)]),
    reason=st.sampled_from([None, "timeout", "not_found"]),
    provider_number=st.sampled_from([None, "W1"]),
)
moves = st.lists(st.one_of(answers, st.sampled_from(["cancel", "give_back"])), max_size=12)


def _walk(sequence: list[Heard | str]) -> list[Standing]:
    seen = [_attempt()]
    for move in sequence:
        now = seen[-1]
        if isinstance(move, Heard):
            seen.append(_hear(now, move))
        else:
            news = given_up(now) if move == "cancel" else to_give_back(now)
            seen.append(now if news is None else told(now, news, AT))
    return seen


@given(moves)
def test_an_end_stays_an_end(sequence: list[Heard | str]) -> None:
    walk = _walk(sequence)
    for before, after in pairwise(walk):
        if before.state in ENDS:
            assert after.state is before.state
        if before.to_reverse and before.is_open:
            assert not after.is_paid


@given(moves)
def test_paid_is_only_what_was_asked_and_only_if_nobody_gave_it_up(sequence: list[Heard | str]) -> None:
    for standing in _walk(sequence):
        if standing.is_paid:
            assert standing.amount == ASKED and not standing.to_reverse


@given(moves)
def test_a_cart_goes_only_when_its_charge_is_decided_and_its_money_is_not_here(
    sequence: list[Heard | str],
) -> None:
    standing = _walk(sequence)[-1]
    if standing.is_open:
        with pytest.raises(PaymentOpenError):
            check_free((standing,))
    elif standing.is_paid:
        with pytest.raises(PaymentTakenError):
            check_free((standing,))
    else:
        check_free((standing,))
        assert standing.state in ENDS


@given(moves)
def test_money_that_comes_after_the_end_is_flagged_until_it_is_gone(sequence: list[Heard | str]) -> None:
    standing = _walk(sequence)[-1]
    if standing.state in ENDS:
        late = _hear(standing, Heard(state=PAID, amount=ASKED))
        assert late.flagged and late.to_reverse and late.needs_care and late.state is standing.state
        gone = _hear(late, Heard(state=REVERSED))
        assert not gone.needs_care and gone.state is standing.state


@given(moves, st.integers(0, 12))
def test_a_kill_changes_nothing(sequence: list[Heard | str], at: int) -> None:
    # What the books hold is the standing itself: going on from it is going on.
    walk = _walk(sequence)
    place = min(at, len(walk) - 1)
    now = walk[place]
    for move in sequence[place:]:
        if isinstance(move, Heard):
            now = _hear(now, move)
        else:
            news = given_up(now) if move == "cancel" else to_give_back(now)
            now = now if news is None else told(now, news, AT)
    assert now == walk[-1]


@given(st.lists(answers, max_size=8))
def test_a_refund_is_owed_until_it_was_made_whole(sequence: list[Heard]) -> None:
    now = _attempt(PaymentPurpose.REFUND)
    made = False
    for answer in sequence:
        made = made or (answer.state is REFUNDED and answer.amount in (None, ASKED))
        now = _hear(now, answer)
        assert now.is_owed is not made


def test_another_amount_is_not_believed_and_only_its_end_is_heard_then() -> None:
    now = _after(Heard(state=PAID, amount=Amount(1)))
    assert now.state is UNKNOWN and now.reason == OTHER_AMOUNT and now.to_reverse
    assert _hear(now, Heard(state=PAID, amount=ASKED)) == now
    assert _hear(now, Heard(state=REFUSED)) == now
    assert _hear(now, Heard(state=REVERSED)).state is REVERSED


def test_money_that_is_given_back_cannot_become_paid_again() -> None:
    paid = _after(Heard(state=PAID, amount=ASKED))
    news = to_give_back(paid)
    assert news is not None
    going = told(paid, news, AT)
    assert going.is_open and going.reason == GIVEN_BACK
    assert _hear(going, Heard(state=PAID, amount=ASKED)) == going


def test_one_question_without_an_answer_is_no_news_while_she_enters_her_password() -> None:
    entering = _after(Heard(state=ENTERING))
    assert step(entering, Heard(state=UNKNOWN, reason="timeout")) is None
    assert step(entering, Heard(state=ENTERING)) is None


def test_what_a_person_may_note_is_what_it_can_have_come_to() -> None:
    assert may_be_settled(_attempt()) == (PAID, REFUSED)
    assert may_be_settled(_after(Heard(state=PAID, amount=Amount(1)))) == (REVERSED,)
    assert may_be_settled(_attempt(PaymentPurpose.REFUND)) == (REFUNDED,)
    assert may_be_settled(_after(Heard(state=PAID, amount=ASKED))) == ()


def test_a_cart_has_a_tender_for_each_paid_charge_and_none_for_another() -> None:
    cart = Cart(cart_id=CART, opened_at=AT)
    paid = _after(Heard(state=PAID, amount=ASKED))
    other = _attempt(number=3)
    whole = reconciled(cart, (paid, other))
    assert [(t.attempt, t.amount) for t in whole.tenders] == [(paid.attempt, ASKED)]
    assert reconciled(whole, (paid, other)) is whole
    news = to_give_back(paid)
    assert news is not None and reconciled(whole, (told(paid, news, AT),)).tenders == ()
