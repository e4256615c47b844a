"""A sale is made once, numbered without gaps, and only when its books add up."""

from datetime import timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.sales.cart import Cart, CartLine, TaxMode
from pos_app.domain.sales.line import Line, SalespersonShare
from pos_app.domain.sales.pricing import price_cart
from pos_app.domain.sales.sale import CartEmptyError, CartUnsettledError, make_sale, receipt_number
from pos_app.domain.sales.tenders import TenderKind, settle
from pos_app.domain.values.ids import LineId, StaffId
from pos_app.domain.values.money import ZERO, Amount
from tests.support.shop_values import (
    NOON,
    cart_of,
    carts,
    number_id,
    ring_line,
    sale_of,
    stamp,
    tender,
    unit_line,
)

CASH = TenderKind.CASH


@pytest.mark.parametrize(
    ("epoch", "counter", "number"),
    [
        (1, 1, "N01-1-2026-000001"),
        (2, 1, "N01-1-2026-B000001"),
        (26, 7, "N01-1-2026-Z000007"),
        (27, 7, "N01-1-2026-AA000007"),
        (28, 7, "N01-1-2026-AB000007"),
        (703, 7, "N01-1-2026-AAA000007"),
        (1, 1_234_567, "N01-1-2026-1234567"),
    ],
)
def test_a_receipt_number_names_shop_till_year_life_and_count(epoch: int, counter: int, number: str) -> None:
    assert receipt_number("N01", "1", 2026, epoch, counter) == number


@given(st.lists(st.tuples(st.integers(1, 20_000), st.integers(1, 2_000_000)), unique=True))
def test_no_two_lives_of_a_till_make_the_same_number(pairs: list[tuple[int, int]]) -> None:
    numbers = {receipt_number("N01", "1", 2026, epoch, counter) for epoch, counter in pairs}
    assert len(numbers) == len(pairs)


@given(carts(min_lines=1), st.integers(0, 100_000))
def test_a_sale_holds_what_the_cart_cost_and_what_was_paid(cart: Cart, more: int) -> None:
    priced = price_cart(cart, TaxMode.INCLUDED)
    paid = (tender(CASH, priced.total + more),)
    s = settle(priced.total, paid, 5)
    tenders = (*paid, tender(CASH, -s.change, number=2)) if s.change else paid
    sale = make_sale(cart, priced, tenders, s.cash_rounding, stamp())
    assert sale.sale_id == cart.cart_id, "one cart, one sale"
    assert (sale.lines, sale.total, sale.taxes) == (priced.lines, priced.total, priced.taxes)
    assert sum(t.amount for t in sale.tenders) == sale.total + sale.cash_rounding
    assert sale.opened_at == NOON


def test_a_bill_of_nothing_is_a_sale_without_tender() -> None:
    assert sale_of(cart_of(unit_line(1, 0))).tenders == ()


def test_nothing_is_not_sold() -> None:
    with pytest.raises(CartEmptyError):
        sale_of(cart_of())


def test_a_code_that_nobody_knows_must_be_settled_first() -> None:
    unknown = CartLine(line_id=LineId(number_id(8)), unknown_code="123")
    with pytest.raises(CartUnsettledError) as refused:
        sale_of(cart_of(unit_line(1, 100), unknown))
    assert refused.value.params["count"] == 1


@pytest.mark.parametrize("paid", [0, 99, 101])
def test_a_sale_that_is_not_paid_to_the_cent_is_a_bug(paid: int) -> None:
    with pytest.raises(ValueError, match="tenders"):
        sale_of(cart_of(unit_line(1, 100)), tender(CASH, paid))


@pytest.mark.parametrize("missing", [51, -51, 99_900])
def test_money_that_is_missing_is_not_booked_as_rounding_of_cash(missing: int) -> None:
    cart = cart_of(unit_line(1, 100_000))
    priced = price_cart(cart, TaxMode.INCLUDED)
    with pytest.raises(ValueError, match="rounding"):
        make_sale(cart, priced, (tender(CASH, 100_000 - missing),), Amount(-missing), stamp())


def _broken(cart: Cart, **changes: object) -> None:
    priced = price_cart(cart, TaxMode.INCLUDED)
    line: Line = msgspec.structs.replace(priced.lines[0], **changes)
    priced = msgspec.structs.replace(priced, lines=(line,))
    make_sale(cart, priced, (tender(CASH, priced.total),), ZERO, stamp())


def test_a_line_that_breaks_its_law_never_reaches_the_books() -> None:
    with pytest.raises(ValueError, match="net"):
        _broken(cart_of(unit_line(1, 100)), net=Amount(99))
    with pytest.raises(ValueError, match="components"):
        _broken(cart_of(ring_line(1)), gross=Amount(1), net=Amount(1))
    half = (SalespersonShare(staff=StaffId(number_id(4)), percent=50),)
    with pytest.raises(ValueError, match="shares"):
        _broken(cart_of(unit_line(1, 100)), salespeople=half)


def test_times_of_a_sale_are_kept_in_utc() -> None:
    cart = cart_of(unit_line(1, 100))
    local = msgspec.structs.replace(cart, opened_at=NOON.astimezone(timezone(timedelta(hours=8))))
    with pytest.raises(ValueError, match="UTC"):
        sale_of(local)
    with pytest.raises(ValueError, match="UTC"):
        sale_of(msgspec.structs.replace(cart, opened_at=NOON.replace(tzinfo=None)))
