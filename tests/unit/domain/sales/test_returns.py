"""What comes back is worth exactly what was paid for it, in however many parts it comes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.sales.cart import Cart, CartLine, PieceQuantityError, TaxMode
from pos_app.domain.sales.line import CauseKind, LineKind, PriceBasis
from pos_app.domain.sales.pricing import price_cart
from pos_app.domain.sales.returns import NotReturnableError, ReturnBeyondBoughtError, refunds
from pos_app.domain.sales.sale import Sale, SaleKind, make_sale
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderRole
from pos_app.domain.values.money import ZERO, Amount
from tests.support.shop_values import (
    TAX_MODES,
    cart_of,
    carts,
    number_id,
    ring_line,
    sale_of,
    stamp,
    taken_back,
    tender,
    unit_line,
)

CASH, CARD, WECHAT = TenderKind.CASH, TenderKind.CARD, TenderKind.WECHAT_PAY


def _loose(cart: Cart) -> Cart:
    """Take the piece off each line, so that it may come back in parts."""
    return msgspec.structs.replace(
        cart, lines=tuple(msgspec.structs.replace(line, piece=None) for line in cart.lines)
    )


@st.composite
def _parts(draw: st.DrawFn, whole: int) -> list[int]:
    cuts = sorted(draw(st.sets(st.integers(1, max(whole - 1, 1)), max_size=5)) | {whole})
    return [b - a for a, b in zip([0, *cuts], cuts, strict=False) if b > a]


@given(carts(min_lines=1, max_lines=3), TAX_MODES, st.data())
def test_any_sequence_of_part_returns_gives_back_exactly_what_was_paid(
    cart: Cart, mode: TaxMode, data: st.DataObject
) -> None:
    sale = sale_of(_loose(cart), mode=mode)
    for bought in sale.lines:
        before, backs = 0, []
        for quantity in data.draw(_parts(bought.quantity)):
            backs.append(taken_back(bought, sale, before, quantity))
            before += quantity
        for name in ("quantity", "gross", "net", "tax"):
            assert sum(getattr(b, name) for b in backs) == -getattr(bought, name), name
        if bought.net_weight_mg is not None:
            assert sum(b.net_weight_mg or 0 for b in backs) == -bought.net_weight_mg
        for n, part in enumerate(bought.components):
            assert sum(b.components[n].amount for b in backs) == -part.amount
            assert sum(b.components[n].weight_mg or 0 for b in backs) == -(part.weight_mg or 0)
        for entry in bought.reductions:
            same = [r for b in backs for r in b.reductions if (r.kind, r.asked) == (entry.kind, entry.asked)]
            like = [r for r in bought.reductions if (r.kind, r.asked) == (entry.kind, entry.asked)]
            assert sum(r.amount for r in same) == -sum(r.amount for r in like)


@given(carts(min_lines=1, max_lines=3), TAX_MODES, st.data())
def test_each_part_that_comes_back_adds_up_and_is_worth_its_share(
    cart: Cart, mode: TaxMode, data: st.DataObject
) -> None:
    sale = sale_of(_loose(cart), mode=mode)
    for bought in sale.lines:
        before = data.draw(st.integers(0, bought.quantity - 1))
        quantity = data.draw(st.integers(1, bought.quantity - before))
        back = taken_back(bought, sale, before, quantity)
        assert back.net == back.gross + sum(r.amount for r in back.reductions)
        assert not back.components or back.gross == sum(c.amount for c in back.components)
        assert -bought.net <= back.net <= 0
        assert abs(-back.net * bought.quantity - bought.net * quantity) <= bought.quantity, "to within a cent"
        assert back.rung_by.value == "amount"
        assert (back.basis, back.kind) == (PriceBasis.RETURNED, LineKind.RETURN)
        assert back.cause is not None
        assert (back.cause.kind, back.cause.sale, back.cause.line) == (
            CauseKind.RETURN,
            sale.sale_id,
            bought.line_id,
        )


@given(carts(min_lines=1, max_lines=4), TAX_MODES)
def test_a_whole_sale_comes_back_for_what_it_cost_tax_and_all(cart: Cart, mode: TaxMode) -> None:
    sale = sale_of(cart, mode=mode)
    backs = [taken_back(line, sale, 0, line.quantity, 500 + n) for n, line in enumerate(sale.lines)]
    lines = tuple(CartLine(line_id=b.line_id, quantity=b.quantity, fixed=b) for b in backs)
    priced = price_cart(cart_of(*lines), mode)
    assert (priced.total, priced.tax, priced.reductions) == (-sale.total, -sale.tax, -sale.reductions)
    assert [(t.code, t.base, t.tax) for t in priced.taxes] == [(t.code, -t.base, -t.tax) for t in sale.taxes]


@given(st.integers(1, 30_000), st.integers(-2, 40_000), st.integers(-2, 40_000))
def test_never_more_comes_back_than_was_bought(bought: int, before: int, quantity: int) -> None:
    sale = sale_of(cart_of(unit_line(1, 999, bought)))
    if before >= 0 and quantity > 0 and before + quantity <= bought:
        assert taken_back(sale.lines[0], sale, before, quantity).quantity == -quantity
    else:
        with pytest.raises(ReturnBeyondBoughtError) as refused:
            taken_back(sale.lines[0], sale, before, quantity)
        assert refused.value.params["left"] == bought - before


def test_a_return_is_not_returned_again() -> None:
    sale = sale_of(cart_of(unit_line(1, 999)))
    with pytest.raises(NotReturnableError):
        taken_back(taken_back(sale.lines[0], sale, 0, 1000), sale, 0, 1000)


def test_half_a_ring_does_not_cometaken_back() -> None:
    sale = sale_of(cart_of(ring_line(1)))
    with pytest.raises(PieceQuantityError):
        taken_back(sale.lines[0], sale, 0, 500)


def test_three_for_ten_yuan_come_back_one_by_one() -> None:
    sale = sale_of(cart_of(unit_line(1, 400, 3000), bill="=10"))
    assert [taken_back(sale.lines[0], sale, n * 1000, 1000).net for n in range(3)] == [-333, -334, -333]


def test_the_return_names_the_sale_it_takes_back_and_an_exchange_of_two_sales_names_none() -> None:
    first = sale_of(cart_of(unit_line(1, 1000)))
    second = msgspec.structs.replace(first, sale_id=number_id(77))

    def returned_from(*sales: Sale) -> Sale:
        backs = [taken_back(s.lines[0], s, 0, 1000, 600 + n) for n, s in enumerate(sales)]
        cart = cart_of(*(CartLine(line_id=b.line_id, quantity=b.quantity, fixed=b) for b in backs))
        priced = price_cart(cart, TaxMode.INCLUDED)
        paid = (tender(CASH, priced.total),)
        return make_sale(cart, priced, paid, ZERO, stamp(SaleKind.RETURN))

    assert returned_from(first).returns == first.sale_id
    both = returned_from(first, second)
    assert both.returns is None
    assert [line.cause and line.cause.sale for line in both.lines] == [first.sale_id, second.sale_id]


def _paid(total: int, *tenders: Tender) -> Sale:
    sale = sale_of(cart_of(unit_line(1, total)))
    return msgspec.structs.replace(sale, tenders=tenders)


def _change(amount: int) -> Tender:
    return msgspec.structs.replace(tender(CASH, -amount), role=TenderRole.CHANGE)


def test_money_goes_back_where_it_came_from_and_cash_takes_the_rest() -> None:
    sale = _paid(10_000, tender(CASH, 5_000), _change(1_000), tender(CARD, 6_000, reference="A1"))
    assert refunds(Amount(-4_000), sale, {}) == ((CARD, -4_000, "A1"),)
    assert refunds(Amount(-7_000), sale, {}) == ((CARD, -6_000, "A1"), (CASH, -1_000, None))
    assert refunds(Amount(-10_000), sale, {}) == ((CARD, -6_000, "A1"), (CASH, -4_000, None))


def test_what_went_back_before_does_not_go_back_again() -> None:
    sale = _paid(10_000, tender(CARD, 6_000, reference="A1"), tender(WECHAT, 4_000, reference="W1"))
    assert refunds(Amount(-5_000), sale, {CARD: Amount(4_000)}) == (
        (CARD, -2_000, "A1"),
        (WECHAT, -3_000, "W1"),
    )


def test_two_cards_get_back_each_its_own() -> None:
    sale = _paid(10_000, tender(CARD, 6_000, reference="A1"), tender(CARD, 4_000, reference="B2"))
    assert refunds(Amount(-10_000), sale, {}) == ((CARD, -6_000, "A1"), (CARD, -4_000, "B2"))
    assert refunds(Amount(-3_000), sale, {CARD: Amount(7_000)}) == ((CARD, -3_000, "B2"),)


def test_cash_with_change_goes_back_as_cash_of_the_bill() -> None:
    sale = _paid(8_750, tender(CASH, 10_000), _change(1_250))
    assert refunds(Amount(-8_750), sale, {}) == ((CASH, -8_750, None),)


KINDS = st.sampled_from([CASH, CARD, WECHAT, TenderKind.STORED_VALUE])


@given(st.lists(st.tuples(KINDS, st.integers(1, 50_000)), min_size=1, max_size=5), st.data())
def test_refunds_sum_to_what_is_owed_and_no_tender_gets_more_than_it_gave(
    pairs: list[tuple[TenderKind, int]], data: st.DataObject
) -> None:
    given_ = [tender(k, a, reference=f"R{n}", number=n) for n, (k, a) in enumerate(pairs)]
    total, back, so_far = sum(a for _, a in pairs), 0, {}
    sale = _paid(total, *given_)
    per_reference: dict[str, int] = {}
    while back < total:
        owed = data.draw(st.integers(1, total - back))
        out = refunds(Amount(-owed), sale, so_far)
        assert sum(amount for _, amount, _ in out) == -owed
        assert all(amount < 0 for _, amount, _ in out)
        kinds = [kind for kind, _, _ in out]
        assert CASH not in kinds[:-1], "cash comes last"
        for kind, amount, reference in out:
            so_far[kind] = Amount(so_far.get(kind, 0) - amount)
            if reference:
                per_reference[reference] = per_reference.get(reference, 0) - amount
        back += owed
    for n, (kind, amount) in enumerate(pairs):
        if kind is not CASH:
            assert per_reference.get(f"R{n}", 0) == amount
    assert so_far.get(CASH, 0) == sum(a for k, a in pairs if k is CASH)
