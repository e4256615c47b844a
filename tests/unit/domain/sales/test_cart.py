"""How lines come into a cart, join, change, leave and come back."""

from datetime import UTC, datetime

import msgspec
import pytest

from pos_app.domain.sales.cart import (
    AlreadyInCartError,
    Cart,
    CartLine,
    LineGoneError,
    MemberRef,
    PieceQuantityError,
    QuantityError,
    add_line,
    put_back,
    remove_line,
    replace_line,
    set_quantity,
)
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.line import Cause, CauseKind, Fulfilment, PriceBasis, SalespersonShare
from pos_app.domain.values.ids import BatchId, LineId, MemberId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import QUANTITY_LIMIT, Quantity
from tests.support.shop_values import amount_line, cart_of, number_id, product, ring_line, unit_line

SAME = unit_line(1, 990)
AGAIN = msgspec.structs.replace(SAME, line_id=LineId(number_id(2)))


def test_the_same_goods_scanned_again_raise_the_quantity() -> None:
    cart, line = add_line(cart_of(SAME), msgspec.structs.replace(AGAIN, quantity=Quantity(3000)))
    assert (len(cart.lines), line, cart.lines[0].quantity) == (1, SAME.line_id, 4000)


@pytest.mark.parametrize(
    "other",
    [
        {"unit_price": Amount(880)},
        {"basis": PriceBasis.MEMBER},
        {"batch": BatchId(number_id(70))},
        {"pack_quantity": Quantity(6000)},
        {"serial": "SN-1"},
        {"wish": "sealed"},
        {"fulfilment": Fulfilment.TO_DELIVER},
        {"cause": Cause(kind=CauseKind.GIFT)},
        {"discounts": (parse_discount("9折", 2),)},
        {"price_reason": "damaged"},
        {"salespeople": (SalespersonShare(staff=StaffId(number_id(71)), percent=100),)},
        {"product": product(5)},
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_anything_else_about_them_starts_a_line(other: dict[str, object], first: bool) -> None:
    changed = msgspec.structs.replace(SAME if first else AGAIN, **other)
    cart, line = add_line(cart_of(changed if first else SAME), AGAIN if first else changed)
    assert len(cart.lines) == 2
    assert line == AGAIN.line_id


def test_two_goods_with_the_same_serial_are_not_counted_as_one_line() -> None:
    one, two = (msgspec.structs.replace(line, serial="SN-1") for line in (SAME, AGAIN))
    assert len(add_line(cart_of(one), two)[0].lines) == 2


def test_weighed_goods_and_amounts_start_a_line_each() -> None:
    assert len(add_line(cart_of(amount_line(1, 500)), amount_line(2, 500, of=product(1)))[0].lines) == 2
    by_weight = msgspec.structs.replace(product(1), by_weight=True)
    one, two = (msgspec.structs.replace(line, product=by_weight) for line in (SAME, AGAIN))
    assert len(add_line(cart_of(one), two)[0].lines) == 2


def test_a_piece_is_rung_once() -> None:
    cart = cart_of(ring_line(1))
    again = msgspec.structs.replace(ring_line(1), line_id=LineId(number_id(2)))
    with pytest.raises(AlreadyInCartError) as refused:
        add_line(cart, again)
    assert refused.value.params["piece"] == "G00001"
    with pytest.raises(PieceQuantityError):
        set_quantity(cart, cart.lines[0].line_id, Quantity(2000))
    assert set_quantity(cart, cart.lines[0].line_id, Quantity(1000)) == cart


def test_the_salesperson_of_the_bill_stands_on_each_new_line() -> None:
    shares = (SalespersonShare(staff=StaffId(number_id(71)), percent=100),)
    cart = msgspec.structs.replace(cart_of(), salespeople=shares)
    cart, _ = add_line(cart, SAME)
    cart, _ = add_line(cart, AGAIN)
    assert [line.salespeople for line in cart.lines] == [shares]


@pytest.mark.parametrize("quantity", [0, -1000, QUANTITY_LIMIT, 10**12])
def test_a_quantity_of_nothing_or_beyond_reason_is_refused(quantity: int) -> None:
    cart = cart_of(SAME)
    with pytest.raises(QuantityError):
        set_quantity(cart, SAME.line_id, Quantity(quantity))
    with pytest.raises(QuantityError):
        add_line(cart_of(), msgspec.structs.replace(SAME, quantity=Quantity(quantity)))


def test_scanning_past_the_limit_of_a_line_is_refused() -> None:
    full = msgspec.structs.replace(SAME, quantity=Quantity(QUANTITY_LIMIT - 1000))
    with pytest.raises(QuantityError):
        add_line(cart_of(full), AGAIN)


def test_a_line_taken_off_comes_back_to_its_place() -> None:
    cart = cart_of(*(unit_line(n, 100) for n in (1, 2, 3)))
    without, gone, place = remove_line(cart, LineId(number_id(2)))
    assert [line.line_id for line in without.lines] == [number_id(1), number_id(3)]
    assert put_back(without, gone, place) == cart
    assert put_back(cart_of(), gone, place).lines == (gone,)


def test_a_line_that_is_gone_cannot_be_touched() -> None:
    for touch in (
        lambda c: c.line(LineId(number_id(9))),
        lambda c: remove_line(c, LineId(number_id(9))),
        lambda c: set_quantity(c, LineId(number_id(9)), Quantity(1000)),
        lambda c: replace_line(c, unit_line(9, 100)),
    ):
        with pytest.raises(LineGoneError):
            touch(cart_of(SAME))


def test_a_cart_is_empty_only_when_nothing_would_be_lost() -> None:
    cart = Cart(cart_id=cart_of().cart_id, opened_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert cart.empty
    assert not msgspec.structs.replace(cart, member=MemberRef(member=MemberId(number_id(5)))).empty
    assert not cart_of(CartLine(line_id=LineId(number_id(1)), unknown_code="x")).empty
