"""A cart costs the same everywhere, to the cent, and every cent taken off has its entry."""

from collections import defaultdict
from decimal import Decimal

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.sales.cart import Cart, CartLine, TaxMode
from pos_app.domain.sales.discount import (
    AboveListPriceError,
    AskedKind,
    Discount,
    DiscountBeyondPriceError,
    NoDiscountError,
    parse_discount,
)
from pos_app.domain.sales.line import ComponentKind, ReductionKind
from pos_app.domain.sales.pricing import PricedCart, price_cart
from pos_app.domain.values import rate
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from tests.support.shop_values import (
    TAX_MODES,
    amount_line,
    any_discounts,
    cart_of,
    carts,
    number_id,
    product,
    ring_line,
    sale_of,
    taken_back,
    trade_in_line,
    unit_line,
)

INCLUDED, ADDED = TaxMode.INCLUDED, TaxMode.ADDED


def _add_up(priced: PricedCart, mode: TaxMode) -> None:
    for line in priced.lines:
        assert line.net == line.gross + sum(r.amount for r in line.reductions)
        assert not line.components or sum(c.amount for c in line.components) == line.gross
        assert all(r.amount != 0 for r in line.reductions), "an entry of nothing says nothing"
    assert priced.subtotal == sum(line.gross for line in priced.lines)
    assert priced.reductions == sum(r.amount for line in priced.lines for r in line.reductions)
    assert priced.tax == sum(line.tax for line in priced.lines) == sum(t.tax for t in priced.taxes)
    added = priced.tax if mode is ADDED else 0
    assert priced.total == priced.subtotal + priced.reductions + added


@given(carts(), TAX_MODES)
def test_every_cart_adds_up_line_by_line_and_whole(cart: Cart, mode: TaxMode) -> None:
    priced = price_cart(cart, mode)
    _add_up(priced, mode)
    assert all(0 <= line.net <= line.gross for line in priced.lines)


@given(carts(min_lines=1), any_discounts(), st.none() | st.sampled_from([10, 100]), TAX_MODES)
def test_any_discount_on_the_bill_fits_or_is_refused(
    cart: Cart, asked: Discount, step: int | None, mode: TaxMode
) -> None:
    cart = msgspec.structs.replace(cart_of(*cart.lines, round_off=step), bill_discount=asked)
    try:
        priced = price_cart(cart, mode)
    except (DiscountBeyondPriceError, AboveListPriceError):
        assert asked.kind in (AskedKind.OFF, AskedKind.MAKE_IT)
        return
    _add_up(priced, mode)
    assert all(0 <= line.net <= line.gross for line in priced.lines)


@given(carts(min_lines=1), st.lists(any_discounts(), max_size=4), st.sampled_from([None, *ComponentKind]))
def test_any_discounts_on_a_line_leave_it_at_nothing_or_more(
    cart: Cart, asked: list[Discount], part: ComponentKind | None
) -> None:
    parts = [msgspec.structs.replace(d, component=part if n % 2 else None) for n, d in enumerate(asked)]
    open_to_it = product(1)
    line = msgspec.structs.replace(cart.lines[0], product=open_to_it, discounts=tuple(parts))
    try:
        priced = price_cart(cart_of(line), INCLUDED)
    except (DiscountBeyondPriceError, AboveListPriceError):
        return
    _add_up(priced, INCLUDED)
    assert 0 <= priced.lines[0].net <= priced.lines[0].gross


@given(carts(min_lines=1), st.integers(0, 3_000_000).map(Amount), st.integers(0, 50_000))
def test_an_agreed_total_is_met_to_the_cent_or_refused(cart: Cart, agreed: Amount, traded: int) -> None:
    cart = cart_of(*cart.lines, trade_in_line(99, traded))
    before = price_cart(cart, INCLUDED)
    closed = sum(
        line.net
        for line, rung in zip(before.lines, cart.lines, strict=True)
        if rung.product and rung.product.no_discount
    )
    asked = msgspec.structs.replace(
        cart, bill_discount=Discount(kind=AskedKind.MAKE_IT, text="=", amount=agreed)
    )
    if closed - traded <= agreed <= before.total:
        after = price_cart(asked, INCLUDED)
        assert after.total == agreed
        for line, was, rung in zip(after.lines, before.lines, cart.lines, strict=True):
            if rung.product is None or rung.product.no_discount:
                assert line.net == was.net, "what is closed to discounts keeps its price"
    else:
        with pytest.raises((DiscountBeyondPriceError, AboveListPriceError)):
            price_cart(asked, INCLUDED)


def test_an_agreed_total_below_what_the_closed_goods_cost_is_refused_and_says_so() -> None:
    cart = cart_of(unit_line(1, 10_000, of=product(1, no_discount=True)), unit_line(2, 5_000), bill="=99.99")
    with pytest.raises(DiscountBeyondPriceError):
        price_cart(cart, INCLUDED)
    cart = msgspec.structs.replace(cart, bill_discount=parse_discount("=100", 2))
    assert [line.net for line in price_cart(cart, INCLUDED).lines] == [10_000, 0]


def test_an_agreed_total_above_the_bill_is_refused() -> None:
    with pytest.raises(AboveListPriceError):
        price_cart(cart_of(unit_line(1, 1000), bill="=10.01"), INCLUDED)


@given(carts(min_lines=2), TAX_MODES, st.randoms(use_true_random=False))
def test_the_order_of_scanning_does_not_change_the_total(cart: Cart, mode: TaxMode, chance: object) -> None:
    lines = list(cart.lines)
    chance.shuffle(lines)  # type: ignore[attr-defined]
    one, other = price_cart(cart, mode), price_cart(msgspec.structs.replace(cart, lines=tuple(lines)), mode)
    assert (one.total, one.tax, one.reductions, one.taxes) == (
        other.total,
        other.tax,
        other.reductions,
        other.taxes,
    )


@given(carts(), TAX_MODES)
def test_pricing_twice_or_from_a_saved_cart_gives_the_same_bytes(cart: Cart, mode: TaxMode) -> None:
    saved = msgspec.json.encode(cart)
    first = msgspec.json.encode(price_cart(cart, mode))
    again = msgspec.json.decode(saved, type=Cart)
    assert again == cart
    assert msgspec.json.encode(price_cart(again, mode)) == first
    assert msgspec.json.encode(cart) == saved, "pricing changes nothing"


@given(carts(min_lines=1), TAX_MODES)
def test_the_tax_of_a_code_is_that_of_its_sum_and_each_line_bears_its_part(cart: Cart, mode: TaxMode) -> None:
    priced = price_cart(cart, mode)
    nets: dict[tuple[str, Decimal], int] = defaultdict(int)
    taxes: dict[tuple[str, Decimal], int] = defaultdict(int)
    for line in priced.lines:
        if line.tax_code is None or line.tax_rate is None:
            assert line.tax == 0
        else:
            nets[line.tax_code, line.tax_rate] += line.net
            taxes[line.tax_code, line.tax_rate] += line.tax
    reckon = rate.included_tax if mode is INCLUDED else rate.apply
    assert [(t.code, t.rate) for t in priced.taxes] == sorted(nets)
    for t in priced.taxes:
        net = nets[t.code, t.rate]
        assert t.tax == taxes[t.code, t.rate] == reckon(t.rate, Amount(net))
        assert t.base == (net - t.tax if mode is INCLUDED else net)


def test_tax_added_on_top_and_tax_inside() -> None:
    cart = cart_of(unit_line(1, 10_000), unit_line(2, 10_000, of=product(2, tax_code="9")))
    assert (price_cart(cart, ADDED).total, price_cart(cart, ADDED).tax) == (22_200, 2_200)
    assert (price_cart(cart, INCLUDED).total, price_cart(cart, INCLUDED).tax) == (20_000, 1_150 + 826)


@given(carts(min_lines=1), st.sampled_from([10, 100]))
def test_round_off_drops_the_small_change_of_the_whole_bill_and_no_more(cart: Cart, step: int) -> None:
    plain = msgspec.structs.replace(cart, round_off=None)
    asked = msgspec.structs.replace(cart, round_off=Discount(kind=AskedKind.DROP_CHANGE, text=".", step=step))
    was, now = price_cart(plain, INCLUDED).total, price_cart(asked, INCLUDED)
    assert now.total == was // step * step
    assert now.round_off == now.total - was
    assert now.round_off == sum(
        r.amount for line in now.lines for r in line.reductions if r.kind is ReductionKind.ROUND_OFF
    )


def test_round_off_of_an_exchange_looks_at_what_the_customer_pays() -> None:
    sale = sale_of(cart_of(unit_line(1, 1055)))
    back = taken_back(sale.lines[0], sale, 0, Quantity(1000), 50)
    returned = CartLine(line_id=back.line_id, fixed=back, quantity=back.quantity)
    cart = cart_of(returned, unit_line(2, 5000), round_off=100)
    priced = price_cart(cart, INCLUDED)
    assert priced.total == 3900
    assert priced.lines[0] == back, "what comes back keeps the amount it was bought at"


def test_two_discounts_on_one_line_follow_each_other() -> None:
    (line,) = price_cart(cart_of(unit_line(1, 10_000, discounts=("9折", "-10"))), INCLUDED).lines
    assert [r.amount for r in line.reductions] == [-1000, -1000]
    (line,) = price_cart(cart_of(unit_line(1, 10_000, discounts=("-10", "9折"))), INCLUDED).lines
    assert [r.amount for r in line.reductions] == [-1000, -900]


def test_make_it_on_a_line_names_the_price_of_one() -> None:
    (line,) = price_cart(cart_of(unit_line(1, 10_000, 3000, discounts=("=88",))), INCLUDED).lines
    assert (line.gross, line.net) == (30_000, 26_400)
    (line,) = price_cart(
        cart_of(msgspec.structs.replace(ring_line(1), discounts=(parse_discount("=3000", 2),))), INCLUDED
    ).lines
    assert line.net == 300_000


def test_labour_cannot_be_given_away_twice() -> None:
    labour = msgspec.structs.replace(parse_discount("5折", 2), component=ComponentKind.LABOUR)
    line = ring_line(1, discounts=(labour, labour))
    assert [r.amount for r in price_cart(cart_of(line), INCLUDED).lines[0].reductions] == [-4564, -2282]
    all_off = msgspec.structs.replace(parse_discount("-91.28", 2), component=ComponentKind.LABOUR)
    with pytest.raises(DiscountBeyondPriceError):
        price_cart(cart_of(ring_line(1, discounts=(all_off, all_off))), INCLUDED)


@pytest.mark.parametrize("text", ["9折", "-1", "=1"])
def test_old_gold_taken_in_bears_no_discount(text: str) -> None:
    line = msgspec.structs.replace(trade_in_line(1, 10_000), discounts=(parse_discount(text, 2),))
    with pytest.raises(ExpectedError):
        price_cart(cart_of(line, unit_line(2, 50_000)), INCLUDED)


def test_goods_without_discount_refuse_one_on_their_line() -> None:
    closed = product(1, no_discount=True)
    with pytest.raises(NoDiscountError) as refused:
        price_cart(cart_of(unit_line(1, 10_000, of=closed, discounts=("9折",))), INCLUDED)
    assert refused.value.params["name"] == closed.name


def test_a_bill_discount_leaves_old_gold_and_closed_goods_alone() -> None:
    cart = cart_of(
        trade_in_line(1, 10_000),
        unit_line(2, 50_000),
        unit_line(3, 7_000, of=product(3, no_discount=True)),
        bill="9折",
    )
    assert [line.net for line in price_cart(cart, INCLUDED).lines] == [-10_000, 45_000, 7_000]


def test_an_unknown_code_costs_nothing_and_is_counted_until_settled() -> None:
    unknown = CartLine(line_id=LineId(number_id(8)), unknown_code="6901234567892")
    priced = price_cart(cart_of(unit_line(1, 500), unknown), INCLUDED)
    assert (len(priced.lines), priced.unsettled, priced.total) == (1, 1, 500)


def test_an_empty_cart_costs_nothing() -> None:
    priced = price_cart(cart_of(bill="9折", round_off=100), INCLUDED)
    assert (priced.total, priced.lines, priced.taxes) == (0, (), ())


def test_goods_for_nothing_stay_on_the_bill() -> None:
    priced = price_cart(cart_of(unit_line(1, 0), amount_line(2, 0), bill="9折"), INCLUDED)
    assert (priced.total, len(priced.lines)) == (0, 2)


@pytest.mark.parametrize("count", [1, 11])
def test_an_amount_beyond_all_reason_is_refused_before_it_reaches_the_books(count: int) -> None:
    price = 10**13 if count == 1 else 10**12
    with pytest.raises(InvalidValueError):
        price_cart(cart_of(*(unit_line(n, price) for n in range(count))), INCLUDED)


@given(carts(min_lines=1, max_lines=3))
def test_the_line_says_what_was_sold_whatever_the_catalogue_says_later(cart: Cart) -> None:
    for rung, line in zip(cart.lines, price_cart(cart, INCLUDED).lines, strict=True):
        assume(rung.product is not None)
        assert rung.product is not None
        assert (line.name, line.unit, line.tax_rate) == (
            rung.product.name,
            rung.product.unit,
            rung.product.tax_rate,
        )
        assert line.code == (rung.piece.code if rung.piece else rung.product.code)
