"""A piece of gold is paid at the price of the day; the one it was rung at holds only where a manager says so."""

import dataclasses
from datetime import timedelta

import msgspec
import pytest

from pos_app.documents.page import Paper
from pos_app.documents.renderers.text import render_text
from pos_app.domain.catalogue import NoGoldPriceError
from pos_app.domain.catalogue.drafts import piece_draft_of
from pos_app.domain.facts.sales import PriceChanged, SaleCommitted
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.gold import GoldPriceMovedError, OldGoldPriceError, offer_of
from pos_app.domain.sales.line import ComponentKind, Line, Per
from pos_app.domain.staff import Action, ApprovalNotValidError, NeedsApprovalError
from pos_app.domain.values.money import Amount
from pos_app.services.carts import PriceAsk, Recalled
from pos_app.words import format_amount
from tests.support.catalogue_shop import TODAY, facts_of
from tests.support.shop_on_disk import NECKLACE, RING, DiskShop
from ui.shell.wording import words_of

MONDAY, TUESDAY = Amount(101_200), Amount(102_000)
"""The golden case of 3.260 g at 1,012.00 and 28.00 labour a gram; and a dearer day."""
RUNG, DEARER = 329_912 + 9_128, 332_520 + 9_128


@pytest.fixture
def held(shop: DiskShop) -> Cart:
    """Return a held cart with a ring that was rung on Monday."""
    by_gram(shop)
    shop.shop.catalogue.set_gold_price(shop.manager, "999", TODAY, MONDAY)
    cart = shop.cart(RING, NECKLACE)
    assert cart.lines[0].amount == RUNG
    shop.shop.carts.hold(shop.cashier, cart)
    return cart


def by_gram(shop: DiskShop) -> None:
    """Let the ring be sold by its weight."""
    found = shop.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None
    draft = dataclasses.replace(
        piece_draft_of(found.piece), fixed_price=None, labour=Amount(2_800), labour_per=Per.GRAM
    )
    shop.shop.catalogue_edit.save_piece(shop.manager, draft)


def next_day(shop: DiskShop, price: Amount | None = TUESDAY) -> None:
    shop.clock.forward(timedelta(days=1))
    if price is not None:
        shop.shop.catalogue.set_gold_price(shop.manager, "999", shop.shop.ringing.today(), price)


def taken_up(shop: DiskShop, cart: Cart) -> Recalled:
    recalled = shop.shop.carts.recall(shop.cashier, cart.cart_id)
    assert recalled is not None
    return recalled


def sold(shop: DiskShop, cart: Cart) -> Line:
    """Pay a cart and return the line of its ring."""
    return shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale.lines[0]


def test_a_held_ring_is_taken_up_at_todays_gold_price_and_both_are_told(shop: DiskShop, held: Cart) -> None:
    next_day(shop)
    recalled = taken_up(shop, held)
    (move,) = recalled.gold
    assert (move.fineness, move.was, move.now) == ("999", MONDAY, TUESDAY)
    assert (move.before, move.after) == (RUNG, DEARER)
    assert shop.shop.carts.reopen() == recalled.cart, "it stands in the books at once"
    line = sold(shop, recalled.cart)
    assert line.gross == line.list_price == DEARER
    assert [part.rate for part in line.components] == [TUESDAY, 2_800]
    assert shop.verify().passed


def test_a_price_that_is_set_anew_on_the_same_day_holds_as_well(shop: DiskShop, held: Cart) -> None:
    shop.shop.catalogue.set_gold_price(shop.manager, "999", TODAY, Amount(100_000))
    recalled = taken_up(shop, held)
    assert recalled.gold[0].now == 100_000
    assert sold(shop, recalled.cart).gross == 326_000 + 9_128


def test_where_the_price_did_not_move_nothing_is_said(shop: DiskShop, held: Cart) -> None:
    next_day(shop, MONDAY)
    recalled = taken_up(shop, held)
    assert recalled.gold == () and recalled.cart.lines == held.lines
    assert sold(shop, recalled.cart).gross == RUNG


def test_a_cart_that_stays_open_over_night_is_not_paid_at_yesterdays_price(shop: DiskShop) -> None:
    by_gram(shop)
    shop.shop.catalogue.set_gold_price(shop.manager, "999", TODAY, MONDAY)
    cart = shop.cart(RING)
    next_day(shop)
    with pytest.raises(GoldPriceMovedError) as refused:
        sold(shop, cart)
    said = words_of(refused.value, shop.shop.current.value.money)
    assert RING in said and "1,012.00" in said and "1,020.00" in said
    assert shop.verify().sales == 0
    now, moves = shop.shop.carts.gold.at_todays(cart)
    assert len(moves) == 1
    assert sold(shop, now).gross == DEARER


def test_a_manager_lets_the_old_price_hold_once_and_it_is_recorded(shop: DiskShop, held: Cart) -> None:
    next_day(shop)
    recalled = taken_up(shop, held)
    gold = shop.shop.carts.gold
    with pytest.raises(NeedsApprovalError) as needed:
        gold.keep_old(shop.cashier, recalled.cart, recalled.gold)
    assert (needed.value.action, needed.value.amount) == (Action.SET_GOLD_PRICE, DEARER - RUNG)
    approval = shop.approval(needed.value)
    kept = gold.keep_old(shop.cashier, recalled.cart, recalled.gold, approval)
    assert shop.shop.carts.reopen() == kept
    with pytest.raises(ApprovalNotValidError):
        gold.keep_old(shop.cashier, recalled.cart, recalled.gold, approval)
    line = sold(shop, kept)
    assert (line.gross, line.list_price, line.price_approval) == (RUNG, DEARER, approval.approval_id)
    metal = next(part for part in line.components if part.kind is ComponentKind.METAL)
    assert metal.rate == MONDAY
    (fact,) = [f for f in facts_of(shop) if isinstance(f, PriceChanged)]
    assert (fact.before, fact.after, fact.approver) == (DEARER, RUNG, approval.approver)
    assert shop.verify().passed


def test_a_kept_price_is_held_recalled_and_discounted_and_all_books_agree(shop: DiskShop, held: Cart) -> None:
    next_day(shop)
    recalled = taken_up(shop, held)
    assert recalled.before - RUNG == shop.shop.checkout.price(recalled.cart).total - DEARER, (
        "with the necklace"
    )
    carts, necklace = shop.shop.carts, recalled.before - RUNG
    with pytest.raises(OldGoldPriceError) as needed:
        carts.gold.keep_old(shop.cashier, recalled.cart, recalled.gold)
    kept = carts.gold.keep_old(shop.cashier, recalled.cart, recalled.gold, shop.approval(needed.value))
    carts.hold(shop.cashier, kept)
    again = taken_up(shop, kept)
    assert again.gold == () and carts.objections(again.cart) == (), "what was allowed is not asked twice"
    line = again.cart.lines[0].line_id
    off = carts.change_price(shop.cashier, again.cart, PriceAsk(parse_discount("-10", 2), line))
    off = carts.change_price(shop.cashier, off, PriceAsk(parse_discount("-5", 2)))
    due = RUNG + necklace - 1_000 - 500
    assert shop.shop.checkout.price(off).total == due
    shop.reopened()
    assert shop.shop.carts.reopen() == off
    sale = shop.shop.checkout.commit(shop.cashier, shop.paid(off)).sale
    assert sale.total == sum(tender.amount for tender in sale.tenders) == due
    paper = render_text(shop.shop.printing.receipt(sale.sale_id), Paper.MM80)
    assert "3.260 g × ¥1,012.00" in paper and "1,020.00" not in paper
    assert format_amount(due, shop.shop.current.value.money) in paper
    changes = [(f.before, f.after) for f in facts_of(shop) if isinstance(f, PriceChanged)]
    assert changes == [(DEARER, RUNG), (RUNG, RUNG - 1_000), (due + 500, due)]
    (told,) = [f.sale for f in facts_of(shop) if isinstance(f, SaleCommitted)]
    assert (told.total, told.lines[0].gross, told.lines[0].list_price) == (due, RUNG, DEARER)
    assert shop.verify().passed and shop.shop.shifts.x_report()[1].sales == due


def test_after_a_third_price_the_first_may_be_kept(shop: DiskShop, held: Cart) -> None:
    next_day(shop)
    second = taken_up(shop, held).cart
    shop.shop.catalogue.set_gold_price(shop.manager, "999", shop.shop.ringing.today(), Amount(103_000))
    cart, (move,) = shop.shop.carts.gold.at_todays(second)
    assert (move.was, move.stood, move.now) == (MONDAY, TUESDAY, 103_000)
    assert offer_of(cart.lines[0]) == dataclasses.replace(move, stood=Amount(103_000))
    kept = shop.shop.carts.gold.keep_old(shop.manager, cart, [move])
    assert shop.shop.checkout.price(kept).lines[0].gross == RUNG and offer_of(kept.lines[0]) is None


def test_an_agreed_price_above_the_old_one_goes_when_that_is_kept(shop: DiskShop, held: Cart) -> None:
    next_day(shop)
    first = taken_up(shop, held).cart
    agreed = PriceAsk(parse_discount("=3400", 2), first.lines[0].line_id)
    cart = shop.shop.carts.change_price(shop.owner, first, agreed)
    offer = offer_of(cart.lines[0])
    assert offer is not None
    due = shop.shop.carts.gold.due_if_kept(cart, [offer])
    kept = shop.shop.carts.gold.keep_old(shop.manager, cart, [offer])
    assert shop.shop.checkout.price(kept).total == due and kept.lines[0].discounts == ()


def test_what_was_allowed_yesterday_is_not_allowed_at_another_price(shop: DiskShop, held: Cart) -> None:
    next_day(shop)
    recalled = taken_up(shop, held)
    worth = NeedsApprovalError(
        action=Action.SET_GOLD_PRICE, amount=Amount(DEARER - RUNG), cart=recalled.cart.cart_id
    )
    kept = shop.shop.carts.gold.keep_old(shop.cashier, recalled.cart, recalled.gold, shop.approval(worth))
    shop.shop.catalogue.set_gold_price(shop.manager, "999", shop.shop.ringing.today(), Amount(103_000))
    with pytest.raises(GoldPriceMovedError):
        sold(shop, kept)


def test_what_a_manager_kept_by_herself_asks_her_again_when_a_cashier_is_paid(
    shop: DiskShop, held: Cart
) -> None:
    next_day(shop)
    recalled = taken_up(shop, held)
    kept = shop.shop.carts.gold.keep_old(shop.manager, recalled.cart, recalled.gold)
    with pytest.raises(NeedsApprovalError) as needed:
        sold(shop, kept)
    assert needed.value.action is Action.SET_GOLD_PRICE
    approved = shop.shop.carts.approve(shop.cashier, kept, needed.value, shop.approval(needed.value))
    assert sold(shop, approved).gross == RUNG


def test_a_discount_on_the_labour_stays_and_one_that_no_longer_fits_goes(shop: DiskShop, held: Cart) -> None:
    first = taken_up(shop, held).cart
    line = first.lines[0]
    half = msgspec.structs.replace(parse_discount("-50", 2), component=ComponentKind.LABOUR)
    cart = shop.shop.carts.change_price(shop.owner, first, PriceAsk(half, line.line_id))
    shop.shop.carts.hold(shop.cashier, cart)
    next_day(shop)
    again = taken_up(shop, cart).cart
    assert shop.shop.checkout.price(again).lines[0].net == DEARER - 5_000
    agreed = parse_discount("=3300", 2)
    cart = shop.shop.carts.change_price(shop.owner, again, PriceAsk(agreed, again.lines[0].line_id))
    shop.shop.carts.hold(shop.cashier, cart)
    shop.shop.catalogue.set_gold_price(shop.manager, "999", shop.shop.ringing.today(), Amount(90_000))
    cheaper = taken_up(shop, cart).cart
    assert cheaper.lines[0].discounts == ()
    assert shop.shop.checkout.price(cheaper).lines[0].net == 293_400 + 9_128


def test_without_a_price_today_it_is_refused_as_before(shop: DiskShop, held: Cart) -> None:
    next_day(shop, None)
    recalled = taken_up(shop, held)
    assert recalled.gold == () and recalled.cart.lines == held.lines
    assert [type(each) for each in shop.shop.carts.objections(recalled.cart)] == [NoGoldPriceError]


def test_a_ring_that_comes_back_is_worth_what_was_paid(shop: DiskShop, held: Cart) -> None:
    next_day(shop, MONDAY)
    sale = shop.shop.checkout.commit(shop.cashier, shop.paid(taken_up(shop, held).cart)).sale
    next_day(shop)
    assert shop.take_back(sale).sale.total == -RUNG
