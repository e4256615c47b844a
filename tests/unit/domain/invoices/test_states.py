"""A request goes from asked to issued and back by red invoices, and never counts below nothing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.invoices import Change, InvoiceRequest, InvoiceState, InvoiceStateError, TitleKind
from pos_app.domain.invoices.batches import InvoiceNumberError, invoice_number
from pos_app.domain.values.ids import InvoiceId, SaleId
from pos_app.domain.values.money import Amount
from tests.support.shop_values import number_id

AT = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
ASKED = InvoiceRequest(
    invoice=InvoiceId(number_id(1)),
    sale=SaleId(number_id(2)),
    sale_number="N01-1-2026-000001",
    title_kind=TitleKind.PERSONAL,
    amount=Amount(10_000),
    asked_at=AT,
    changed_at=AT,
)


def then(
    request: InvoiceRequest, state: str, amount: int | None = None, number: str | None = None
) -> InvoiceRequest:
    """Return the request after a change."""
    day = date(2026, 11, 28) if number else None
    return request.after(
        Change(
            state=InvoiceState(state),
            at=AT,
            amount=None if amount is None else Amount(amount),
            number=number,
            issued_on=day,
        )
    )


def test_what_came_back_while_it_was_with_the_office_waits_until_it_is_issued() -> None:
    sent = then(then(then(ASKED, "sent"), "sent", 3_000), "sent", 4_000)
    assert (sent.amount, sent.red_due, sent.worth) == (10_000, 4_000, 6_000)
    issued = then(sent, "issued", number="12345678")
    assert (issued.number, issued.red_due) == ("12345678", 4_000)
    red = then(then(issued, "red_asked", 4_000), "red", 4_000, "87654321")
    assert (red.red_due, red.red_done, red.worth, red.number) == (0, 4_000, 6_000, "12345678")
    assert red.red_number == "87654321"


def test_a_request_that_is_handed_back_asks_for_what_is_left() -> None:
    back = then(then(then(ASKED, "sent"), "sent", 4_000), "asked", 6_000)
    assert (back.state, back.amount, back.red_due, back.worth) == (InvoiceState.ASKED, 6_000, 0, 6_000)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ((), "red_asked"),
        ((), "red"),
        (("sent", "issued"), "asked"),
        (("sent", "issued"), "sent"),
        (("issued",), "red"),
        (("issued",), "withdrawn"),
        (("withdrawn",), "asked"),
        (("withdrawn",), "issued"),
    ],
)
def test_a_state_that_cannot_follow_is_refused(path: tuple[str, ...], state: str) -> None:
    request = ASKED
    for step in path:
        request = then(request, step)
    with pytest.raises(InvoiceStateError) as refused:
        then(request, state)
    assert refused.value.params == {"state": request.state}


@given(st.lists(st.sampled_from(list(InvoiceState)), max_size=12))
def test_whatever_happens_it_is_worth_between_nothing_and_what_was_asked(states: list[InvoiceState]) -> None:
    request = ASKED
    for state in states:
        if request.may_become(state):
            request = then(request, state, request.worth if state == "asked" else None)
        assert 0 <= request.worth <= request.amount <= 10_000


@pytest.mark.parametrize(
    "text", ["26317000000012345678", " 2631 7000 0000 1234 5678 ", "１２３４５６７８", "'12345678"]
)
def test_an_invoice_number_is_read_however_it_is_written(text: str) -> None:
    assert invoice_number(text).isdigit()


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "2631700000001234567A", "1.2345E+19"])
def test_what_is_no_invoice_number_is_refused(text: str) -> None:
    with pytest.raises(InvoiceNumberError):
        invoice_number(text)
