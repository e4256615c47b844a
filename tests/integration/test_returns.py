"""Goods come back in parts and over days: to the cent, to the tenders that paid, and never more than was bought."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.catalogue import PieceSoldError
from pos_app.domain.sales.cart import Cart, set_quantity
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.returns import NotReturnableError, ReturnBeyondBoughtError
from pos_app.domain.sales.sale import CartEmptyError, Sale, SaleKind
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.staff import NeedsApprovalError
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.carts import PriceAsk
from pos_app.services.returns import VoidTooLateError
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING, DiskShop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def cart_of(shop: DiskShop, *bought: tuple[str, int]) -> Cart:
    """Scan goods, so many of each."""
    cart = shop.cart(*(code for code, _ in bought))
    for line, (_, count) in zip(cart.lines, bought, strict=True):
        if count > 1:
            cart = set_quantity(cart, line.line_id, Quantity(line.quantity * count))
    return cart


def reduced(shop: DiskShop, cart: Cart, text: str, line: int | None = None) -> Cart:
    """Take something off the bill, or off a line, as the owner."""
    ask = PriceAsk(parse_discount(text, 2), None if line is None else cart.lines[line].line_id)
    return shop.shop.carts.change_price(shop.owner, cart, ask, "regular", None)


def bought(shop: DiskShop, cart: Cart, card: int = 0, over: int = 0) -> Sale:
    """Pay `card` fen by card and the rest in cash, `over` fen more than due."""
    tenders = [shop.shop.checkout.tender(TenderKind.CARD, Amount(card), "0042")] if card else []
    due = shop.shop.checkout.settlement(msgspec.structs.replace(cart, tenders=tuple(tenders))).open_cash
    if due + over:
        tenders.append(shop.shop.checkout.tender(TenderKind.CASH, Amount(due + over)))
    return shop.shop.checkout.commit(shop.owner, msgspec.structs.replace(cart, tenders=tuple(tenders))).sale


def take_back(shop: DiskShop, sale: Sale, *wanted: tuple[int, int]) -> Sale:
    """Take back goods: (line, thousandths) each."""
    asked = {sale.lines[line].line_id: Quantity(quantity) for line, quantity in wanted}
    return shop.shop.returns.give_back(
        shop.owner, shop.shop.returns.preview(sale.sale_id, asked, "damaged")
    ).sale


def by_tender(*sales: Sale) -> dict[str, int]:
    """Return what moved over each tender, change taken off."""
    moved: dict[str, int] = {}
    for sale in sales:
        for tender in sale.tenders:
            moved[tender.kind.value] = moved.get(tender.kind.value, 0) + tender.amount
    return {kind: amount for kind, amount in moved.items() if amount}


def test_three_thirds_of_a_discounted_bill_give_back_what_was_paid_for_it(shop: DiskShop) -> None:
    cart = reduced(shop, cart_of(shop, (CANDY, 3), (FORMULA, 1)), "-10")
    sale = bought(shop, cart)
    assert sale.total == 3 * 999 + 32_800 - 1_000
    backs = [take_back(shop, sale, (0, ONE)) for _ in range(3)]
    assert sum(back.total for back in backs) == -sale.lines[0].net
    backs.append(take_back(shop, sale, (1, ONE)))
    assert sum(back.total for back in backs) == -sale.total
    assert by_tender(sale, *backs) == {}
    assert shop.verify().passed


def test_what_was_rounded_off_the_bill_is_not_given_back(shop: DiskShop) -> None:
    cart = cart_of(shop, (CANDY, 3))
    cart = reduced(shop, cart, "=29")
    sale = bought(shop, cart)
    assert sale.total == 2_900
    backs = [take_back(shop, sale, (0, ONE)) for _ in range(3)]
    assert sorted(-back.total for back in backs) == [966, 967, 967]
    assert shop.verify().passed


def test_no_more_comes_back_than_was_bought_in_one_go_or_in_parts(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (CANDY, 3)))
    with pytest.raises(ReturnBeyondBoughtError):
        take_back(shop, sale, (0, 4 * ONE))
    take_back(shop, sale, (0, 2 * ONE))
    with pytest.raises(ReturnBeyondBoughtError) as beyond:
        take_back(shop, sale, (0, 2 * ONE))
    assert beyond.value.params["left"] == ONE
    take_back(shop, sale, (0, ONE))
    with pytest.raises(ReturnBeyondBoughtError):
        take_back(shop, sale, (0, ONE))


def test_nothing_wanted_is_no_return(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (CANDY, 1)))
    with pytest.raises(CartEmptyError):
        take_back(shop, sale)


def test_the_card_gets_its_own_back_first_and_the_drawer_gives_the_rest(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (NECKLACE, 2)), card=100_000, over=200)
    first = take_back(shop, sale, (0, ONE))
    assert [(t.kind, t.amount, t.reference, t.role) for t in first.tenders] == [
        (TenderKind.CARD, -100_000, "0042", TenderRole.REFUND),
        (TenderKind.CASH, -29_900, None, TenderRole.REFUND),
    ]
    second = take_back(shop, sale, (0, ONE))
    assert [(t.kind, t.amount) for t in second.tenders] == [(TenderKind.CASH, -129_900)]
    assert by_tender(sale, first, second) == {}
    expected = shop.shop.shifts.x_report()[1].expected_cash
    assert expected == shop.shop.shifts.current().float_amount  # type: ignore[union-attr]


@pytest.mark.parametrize("step", [5, 10, 100])
def test_parts_in_rounded_cash_give_back_the_cash_that_was_taken(shop: DiskShop, step: int) -> None:
    """Four at 9.99, in a country without small coins: rounded alone, each part would give back too much."""
    current = shop.shop.current
    current.value = msgspec.structs.replace(current.value, cash_step=step)
    cart = reduced(shop, cart_of(shop, (CANDY, 4)), "-0.12")
    sale = bought(shop, cart)
    backs = [take_back(shop, sale, (0, ONE)) for _ in range(4)]
    assert by_tender(sale, *backs) == {}
    assert sum(back.total for back in backs) == -sale.total
    assert shop.verify().passed


def test_a_void_undoes_the_sale_within_its_shift_with_a_yes(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (CANDY, 2), (NECKLACE, 1)), card=10_000)
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake")
    yes = shop.approval(needed.value)
    void = shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake", yes).sale
    assert (void.kind, void.total) == (SaleKind.VOID, -sale.total)
    assert by_tender(sale, void) == {}
    assert [item.left for item in shop.shop.returns.open(sale.sale_id).lines] == [0, 0]


def test_a_voided_sale_cannot_come_back_again(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (CANDY, 2)))
    void = shop.shop.returns.void(shop.owner, sale.sale_id, "mistake").sale
    with pytest.raises(ReturnBeyondBoughtError):
        take_back(shop, sale, (0, ONE))
    with pytest.raises(VoidTooLateError):
        shop.shop.returns.void(shop.owner, sale.sale_id, "mistake")
    with pytest.raises(NotReturnableError):
        shop.shop.returns.void(shop.owner, void.sale_id, "mistake")
    assert shop.shop.returns.open(void.sale_id).lines == ()


def test_a_void_is_too_late_after_the_shift_or_after_a_part_came_back(shop: DiskShop) -> None:
    partly = bought(shop, cart_of(shop, (CANDY, 2)))
    take_back(shop, partly, (0, ONE))
    with pytest.raises(VoidTooLateError):
        shop.shop.returns.void(shop.owner, partly.sale_id, "mistake")
    yesterday = bought(shop, cart_of(shop, (CANDY, 2)))
    shop.close_shift()
    shop.shop.shifts.open(shop.owner, Amount(50_000))
    with pytest.raises(VoidTooLateError):
        shop.shop.returns.void(shop.owner, yesterday.sale_id, "mistake")
    assert take_back(shop, yesterday, (0, 2 * ONE)).total == -yesterday.total


def test_a_piece_that_came_back_is_in_stock_and_is_sold_again(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (RING, 1)))
    with pytest.raises(PieceSoldError):
        shop.shop.ringing.meaning(RING)
    take_back(shop, sale, (0, ONE))
    again = bought(shop, cart_of(shop, (RING, 1)))
    assert again.total == sale.total and again.lines[0].piece == sale.lines[0].piece
    assert shop.verify().passed


def test_the_return_of_a_members_sale_is_hers(shop: DiskShop) -> None:
    member = shop.sign_up("13812345678", "王小满")
    sale = shop.sell(NECKLACE, member=member).sale
    back = take_back(shop, sale, (0, ONE))
    assert back.member is not None and back.member.member == member.member_id
    assert [each.total for each in shop.shop.members.purchases(member.member_id)] == [-129_900, 129_900]


def test_a_case_comes_back_as_the_case_it_was_bought_as(shop: DiskShop) -> None:
    sale = bought(shop, cart_of(shop, (FORMULA_CASE, 2)))
    assert [take_back(shop, sale, (0, ONE)).total for _ in range(2)] == [-6 * 32_800] * 2


@dataclass(frozen=True)
class Buying:
    """What is bought, taken off, paid by card (in hundredths of the total), and in which order it comes back."""

    goods: tuple[tuple[str, int], ...]
    off: str
    line_off: str
    card: int
    seed: int


buyings = st.builds(
    Buying,
    goods=st.lists(
        st.tuples(st.sampled_from([CANDY, FORMULA, NECKLACE]), st.integers(1, 7)),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each[0],
    ).map(tuple),
    off=st.sampled_from(["", "-0.01", "-3.33", "88折", "97折", "=7.77"]),
    line_off=st.sampled_from(["", "9折", "-1.11", "77折"]),
    card=st.integers(0, 100),
    seed=st.integers(0, 10**6),
)


def parts(sale: Sale, chance: Random) -> Iterator[dict[LineId, Quantity]]:
    """Return the bought goods piece by piece, in any order and any company."""
    left = {line.line_id: line.quantity // ONE for line in sale.lines}
    while any(left.values()):
        now = {line: chance.randint(0, count) for line, count in left.items()}
        if any(now.values()):
            left = {line: left[line] - now[line] for line in left}
            yield {line: Quantity(count * ONE) for line, count in now.items() if count}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(buying=buyings)
def test_any_sequence_of_part_returns_of_any_cart_gives_back_exactly_what_was_paid(
    shop: DiskShop, buying: Buying
) -> None:
    cart = cart_of(shop, *buying.goods)
    if buying.line_off:
        cart = reduced(shop, cart, buying.line_off, 0)
    if buying.off:
        cart = reduced(shop, cart, buying.off)
    sale = bought(shop, cart, card=shop.shop.checkout.price(cart).total * buying.card // 100)
    backs = [
        shop.shop.returns.give_back(shop.owner, shop.shop.returns.preview(sale.sale_id, part, "other")).sale
        for part in parts(sale, Random(buying.seed))
    ]
    assert sum(back.total for back in backs) == -sale.total
    assert sum(line.tax for back in backs for line in back.lines) == -sum(line.tax for line in sale.lines)
    assert by_tender(sale, *backs) == {}
    assert all(item.left == 0 for item in shop.shop.returns.open(sale.sale_id).lines)
