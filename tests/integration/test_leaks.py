"""The leak report on a busy day: each figure is what a naive walk of the journal comes to, and leads to its entries."""

from datetime import timedelta
from random import Random

import msgspec
import pytest

from pos_app.domain.errors import ForbiddenError, NotFoundError
from pos_app.domain.facts.sales import CartLineRemoved, SaleCommitted
from pos_app.domain.leaks import Leak, LeakKind, LeakReport, Sum, sums
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import CashDirection
from pos_app.domain.staff import NeedsApprovalError, PinError
from pos_app.domain.values.money import Amount
from pos_app.services.carts import PriceAsk, PriceOverride
from pos_app.services.leaks import DateOrderError, LeaksStoppedError, Watcher
from tests.support.busy_day import busy_day
from tests.support.naive_leaks import naive_sums
from tests.support.shop_on_disk import CANDY, FORMULA, MANAGER_PIN, NECKLACE, DiskShop


def report(shop: DiskShop, days: int = 0) -> LeakReport:
    """Return the report of today and so many days before."""
    today = shop.shop.leaks.today()
    return shop.shop.leaks.report(shop.manager, today - timedelta(days=days), today)


def of(shop: DiskShop, kind: LeakKind) -> list[Leak]:
    """Return today's entries of a kind."""
    return [leak for leak in report(shop).leaks if leak.kind is kind]


def total(shop: DiskShop, kind: LeakKind) -> tuple[int, int]:
    """Return how many entries of a kind today has, and what they come to."""
    found = of(shop, kind)
    return len(found), sum(leak.amount for leak in found)


def test_a_busy_day_is_told_as_a_walk_of_the_journal_tells_it(shop: DiskShop) -> None:
    busy_day(shop)
    told = report(shop)
    found = sums(told.leaks, [leak.kind.value for leak in told.leaks])
    assert found == naive_sums(shop)
    assert {LeakKind(column) for _, column in found} >= {
        LeakKind.VOID,
        LeakKind.RETURN,
        LeakKind.DISCOUNT,
        LeakKind.LINE_REMOVED,
        LeakKind.CART_CANCELLED,
        LeakKind.DRAWER,
        LeakKind.CASH_OUT,
        LeakKind.REPRINT,
        LeakKind.SHORT,
    }


def test_each_kind_has_its_count_its_amount_and_who_did_it(shop: DiskShop) -> None:
    busy_day(shop)
    assert total(shop, LeakKind.VOID) == (1, 999)
    assert total(shop, LeakKind.CART_CANCELLED) == (1, 129_900)
    assert total(shop, LeakKind.CASH_OUT) == (1, 20_000)
    assert total(shop, LeakKind.SHORT) == (1, 5)
    assert total(shop, LeakKind.DISCOUNT) == (1, 25_980)
    assert [leak.person for leak in of(shop, LeakKind.VOID)] == [shop.manager.staff_id]
    assert [leak.person for leak in of(shop, LeakKind.SHORT)] == [shop.owner.staff_id]


def test_who_said_yes_is_told_beside_who_did_it(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    with pytest.raises(NeedsApprovalError) as asked:
        shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake")
    shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake", shop.approval(asked.value))
    (leak,) = of(shop, LeakKind.VOID)
    assert (leak.person, leak.approver) == (shop.cashier.staff_id, shop.manager.staff_id)
    by_approver = sums([leak], ["void"], by_approver=True)
    assert by_approver == {(shop.manager.staff_id, "void"): Sum(1, Amount(999))}


def test_every_figure_leads_to_the_very_entry_of_the_journal(shop: DiskShop) -> None:
    busy_day(shop)
    for leak in report(shop).leaks:
        detail = shop.shop.leaks.entry(shop.manager, leak.epoch, leak.seq)
        assert (detail.envelope.epoch, detail.envelope.seq) == (leak.epoch, leak.seq)
        if leak.number is not None and isinstance(detail.fact, SaleCommitted):
            assert detail.fact.sale.number == leak.number
    (removed,) = of(shop, LeakKind.LINE_REMOVED)
    assert isinstance(shop.shop.leaks.entry(shop.owner, removed.epoch, removed.seq).fact, CartLineRemoved)


def test_a_line_that_was_put_back_is_not_counted(shop: DiskShop) -> None:
    cart = shop.cart(CANDY, FORMULA)
    line = cart.lines[0]
    shop.shop.carts.line_removed(shop.cashier, cart, line)
    shop.shop.carts.line_restored(shop.cashier, cart, line.line_id)
    assert of(shop, LeakKind.LINE_REMOVED) == []
    shop.shop.carts.line_removed(shop.cashier, cart, line)
    assert total(shop, LeakKind.LINE_REMOVED) == (1, 999)


def test_a_discount_in_a_cart_that_was_given_up_cost_nothing(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    ask = PriceAsk(parse_discount("95折", 2), cart.lines[0].line_id)
    cart = shop.shop.carts.change_price(shop.cashier, cart, ask)
    shop.shop.carts.cancel(shop.cashier, cart, "left")
    assert of(shop, LeakKind.DISCOUNT) == []
    assert total(shop, LeakKind.CART_CANCELLED)[0] == 1


def test_another_price_is_told_from_a_discount(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    line = cart.lines[0].line_id
    cart = shop.shop.carts.override_price(shop.manager, cart, PriceOverride(line, Amount(120_000), "old"))
    shop.shop.checkout.commit(shop.manager, shop.paid(cart))
    cart = shop.cart(NECKLACE)
    ask = PriceAsk(parse_discount("1280", 2), cart.lines[0].line_id)
    cart = shop.shop.carts.change_price(shop.cashier, cart, ask)
    shop.shop.checkout.commit(shop.cashier, shop.paid(cart))
    assert total(shop, LeakKind.OVERRIDE) == (1, 9_900)
    assert total(shop, LeakKind.DISCOUNT) == (1, 1_900)


def test_a_wrong_pin_counts_for_her_whose_it_was(shop: DiskShop) -> None:
    with pytest.raises(PinError):
        shop.shop.staff.sign_in("3", "0000")
    assert [leak.person for leak in of(shop, LeakKind.REFUSED)] == [shop.cashier.staff_id]


def test_a_day_begins_when_the_shop_says_so(shop: DiskShop) -> None:
    settings = shop.shop.current.value
    now = shop.clock.at.astimezone(settings.zone)
    shop.clock.forward(now.replace(hour=4, minute=59) + timedelta(days=1) - now)
    shop.shop.shifts.open_drawer(shop.manager, "late")
    yesterday = shop.shop.leaks.today()
    shop.clock.forward(timedelta(minutes=1))
    shop.shop.shifts.open_drawer(shop.manager, "early")
    today = shop.shop.leaks.today()
    assert today == yesterday + timedelta(days=1)
    for day, reason in ((yesterday, "late"), (today, "early")):
        told = shop.shop.leaks.report(shop.owner, day, day)
        assert [leak.reason for leak in told.leaks] == [reason]
    told = shop.shop.leaks.report(shop.owner, yesterday, today)
    assert shop.shop.leaks.hours(told) == ["04", "05"]


def test_sales_are_counted_for_the_comparison(shop: DiskShop) -> None:
    shop.sell(CANDY)
    shop.sell(CANDY)
    shop.sell(CANDY, who=shop.manager)
    told = report(shop)
    assert (told.sales, told.sales_of(shop.cashier.staff_id), told.sales_of(shop.manager.staff_id)) == (
        3,
        2,
        1,
    )


def test_only_managers_and_owners_see_it(shop: DiskShop) -> None:
    today = shop.shop.leaks.today()
    with pytest.raises(ForbiddenError):
        shop.shop.leaks.report(shop.cashier, today, today)
    with pytest.raises(ForbiddenError):
        shop.shop.leaks.entry(shop.cashier, 1, 1)


def test_dates_the_wrong_way_round_and_entries_that_are_not_there_are_said_to_be(shop: DiskShop) -> None:
    today = shop.shop.leaks.today()
    with pytest.raises(DateOrderError):
        shop.shop.leaks.report(shop.owner, today, today - timedelta(days=1))
    with pytest.raises(NotFoundError):
        shop.shop.leaks.entry(shop.owner, 1, 999_999)


def test_it_stops_when_it_is_told_to(shop: DiskShop) -> None:
    today = shop.shop.leaks.today()
    shop.shop.shifts.open_drawer(shop.manager, "count")
    with pytest.raises(LeaksStoppedError):
        shop.shop.leaks.report(shop.owner, today, today, Watcher(stopped=lambda: True))


def test_a_till_that_was_migrated_finds_the_facts_of_before_by_the_index(shop: DiskShop) -> None:
    busy_day(shop)
    with shop.store.engine.connect() as connection:
        from pos_app.persistence.leaks import _FACT

        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {_FACT}", (0, 1)))
    assert "ix_journal_leak" in plan


def test_a_payment_that_only_a_person_saw_is_listed_apart(shop: DiskShop) -> None:
    cart = shop.paid(shop.cart(CANDY), TenderKind.STATIC_CODE)
    tenders = tuple(msgspec.structs.replace(x, seen_by=shop.cashier.staff_id) for x in cart.tenders)
    shop.shop.checkout.commit(shop.cashier, msgspec.structs.replace(cart, tenders=tenders))
    assert total(shop, LeakKind.SEEN_PAYMENT) == (1, 999)


def test_off_a_line_and_off_the_bill_is_one_sale_with_a_discount(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE, CANDY)
    ask = PriceAsk(parse_discount("-20", 2), cart.lines[0].line_id)
    cart = shop.shop.carts.change_price(shop.manager, cart, ask)
    cart = shop.shop.carts.change_price(shop.manager, cart, PriceAsk(parse_discount("-30", 2)))
    shop.shop.checkout.commit(shop.manager, shop.paid(cart))
    assert total(shop, LeakKind.DISCOUNT) == (1, 5_000)


def _sell_cheaper(shop: DiskShop, chance: Random) -> None:
    cart = shop.cart(*chance.choices((NECKLACE, CANDY, FORMULA), k=chance.randint(1, 3)))
    for line in cart.lines:
        if chance.random() < 0.5:
            ask = PriceAsk(parse_discount(chance.choice(("97折", "-1", "99折")), 2), line.line_id)
            cart = shop.shop.carts.change_price(shop.manager, cart, ask)
    if chance.random() < 0.5:
        cart = shop.shop.carts.change_price(
            shop.manager, cart, PriceAsk(parse_discount(".", 2), round_off=True)
        )
    shop.shop.checkout.commit(chance.choice((shop.manager, shop.owner)), shop.paid(cart))


def _override(shop: DiskShop, chance: Random) -> None:
    cart = shop.cart(CANDY)
    asked = PriceOverride(cart.lines[0].line_id, Amount(chance.randint(1, 2_000)), "old")
    cart = shop.shop.carts.override_price(shop.owner, cart, asked)
    if chance.random() < 0.5:
        shop.shop.checkout.commit(shop.owner, shop.paid(cart))


def _back(shop: DiskShop, chance: Random) -> None:
    sale = shop.sell(CANDY, who=chance.choice((shop.cashier, shop.manager))).sale
    if chance.random() < 0.5:
        shop.shop.returns.void(shop.manager, sale.sale_id, "mistake")
    else:
        shop.take_back(sale, who=chance.choice((shop.cashier, shop.owner)))


def _lines(shop: DiskShop, chance: Random) -> None:
    cart = shop.cart(CANDY, FORMULA)
    who = chance.choice((shop.cashier, shop.manager))
    for _ in range(chance.randint(1, 3)):
        shop.shop.carts.line_removed(who, cart, cart.lines[0])
        if chance.random() < 0.5:
            shop.shop.carts.line_restored(who, cart, cart.lines[0].line_id)
            continue
        break
    if chance.random() < 0.5:
        shop.shop.carts.cancel(who, cart, "left")


def _drawer(shop: DiskShop, chance: Random) -> None:
    shop.shop.shifts.open_drawer(shop.manager, "change")
    way = chance.choice(list(CashDirection))
    shop.shop.shifts.move_cash(shop.cashier, way, Amount(chance.randint(1, 900)), "bank")
    with pytest.raises(PinError):
        shop.shop.staff.sign_in("2", "0000")
    shop.shop.staff.sign_in("2", MANAGER_PIN)


def _close(shop: DiskShop, chance: Random) -> None:
    while (standing := shop.shop.carts.reopen()).lines:
        shop.shop.carts.cancel(shop.owner, standing, "left")
    shop.close_shift(more=chance.randint(-3, 3), reason="coins")
    shop.shop.shifts.open(shop.cashier, Amount(10_000))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happened_the_sums_are_those_of_a_walk_of_the_journal(shop: DiskShop, seed: int) -> None:
    chance = Random(seed)
    for _ in range(25):
        chance.choice((_sell_cheaper, _override, _back, _lines, _drawer, _close))(shop, chance)
        shop.clock.forward(timedelta(minutes=chance.randint(0, 15)))
    told = report(shop, days=1)
    assert sums(told.leaks, [leak.kind.value for leak in told.leaks]) == naive_sums(shop)
