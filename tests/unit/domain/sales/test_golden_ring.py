"""The ring of DESIGN.md §6a: 3.260 g of gold at ¥1,012.00, labour ¥28.00 a gram at 5 折, due ¥3,344.76."""

import msgspec

from pos_app.domain.sales.cart import Cart, TaxMode
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.line import ComponentKind, LineKind
from pos_app.domain.sales.pricing import price_cart
from pos_app.domain.values.quantity import Quantity
from tests.support.shop_values import cart_of, ring_line, sale_of, taken_back, unit_line


def _ring_cart() -> Cart:
    half = msgspec.structs.replace(parse_discount("5折", 2), component=ComponentKind.LABOUR)
    return cart_of(ring_line(1, discounts=(half,)))


def test_the_ring_costs_what_the_jeweller_reckons_by_hand() -> None:
    priced = price_cart(_ring_cart(), TaxMode.INCLUDED)
    (line,) = priced.lines
    assert [part.amount for part in line.components] == [329_912, 9_128]
    assert [(r.amount, r.component, r.asked) for r in line.reductions] == [
        (-4_564, ComponentKind.LABOUR, "5折")
    ]
    assert (line.gross, line.net, priced.total) == (339_040, 334_476, 334_476)
    assert (line.net_weight_mg, line.fineness) == (3260, "足金999")


def test_the_ring_comes_back_whole_for_exactly_what_was_paid() -> None:
    sale = sale_of(_ring_cart())
    (bought,) = sale.lines
    back = taken_back(bought, sale, 0, bought.quantity, 50)
    assert (back.kind, back.net, back.gross, back.tax) == (LineKind.RETURN, -334_476, -339_040, -bought.tax)
    assert [part.amount for part in back.components] == [-329_912, -9_128]
    assert [r.amount for r in back.reductions] == [4_564]
    assert back.net_weight_mg == -3260


def test_one_of_two_like_rings_rung_as_one_line_leaves_the_other_at_the_same_price() -> None:
    pair = msgspec.structs.replace(_ring_cart().lines[0], piece=None, quantity=Quantity(2000))
    sale = sale_of(cart_of(pair))
    (bought,) = sale.lines
    assert sale.total == 334_476
    first = taken_back(bought, sale, 0, Quantity(1000), 50)
    second = taken_back(bought, sale, 1000, Quantity(1000), 51)
    assert (first.net, second.net) == (-167_238, -167_238)
    assert sum(p.amount for p in first.components) == first.gross


def test_the_ring_next_to_other_goods_costs_the_same() -> None:
    cart = _ring_cart()
    cart = msgspec.structs.replace(cart, lines=(unit_line(7, 1990, 3000), *cart.lines))
    assert price_cart(cart, TaxMode.INCLUDED).total == 334_476 + 5_970
