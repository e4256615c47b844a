"""A day at the demo counter on which one cashier does much more by hand than the others, told by services."""

from datetime import timedelta
from itertools import cycle

import msgspec

from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.shifts import CashDirection
from pos_app.domain.staff import Approval, NeedsApprovalError, PinError, Role
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.carts import PriceAsk
from pos_app.services.demo_shop import demo_staff
from tests.support.screen_till import CounterTill

MILK, WIPES = "6931201000176", "6970800000124"


def leaky_day(at: CounterTill, sales: int = 24) -> tuple[Actor, Actor]:
    """Sell, and let the first cashier void, remove, cancel and discount; return the two who sold."""
    shop, clock = at.demo.shop, at.demo.outside.clock
    first, second = at.demo.signed_in(Role.CASHIER), at.demo.signed_in(Role.MANAGER)
    for number, who in zip(range(sales), cycle([first, second, second]), strict=False):
        clock.forward(timedelta(minutes=11))
        at.counter.session.actor = who
        sale = _sell(at, who, discounted=number % 6 == 0)
        if who is first and number % 2 == 0:
            shop.returns.void(first, sale.sale_id, "打错了", _yes(at, first, sale.sale_id))
        if number % 5 == 0:
            shop.printing.reprint(who, sale.sale_id)
    _by_hand(at, first, second)
    at.counter.session.actor = at.demo.owner
    return first, second


def _sell(at: CounterTill, who: Actor, *, discounted: bool) -> "object":
    shop = at.demo.shop
    from pos_app.domain.sales.cart import add_line
    from pos_app.domain.sales.tenders import TenderKind

    cart = add_line(shop.carts.new(), at.line(MILK))[0]
    if discounted:
        cart = shop.carts.change_price(who, cart, PriceAsk(parse_discount("96折", 2), cart.lines[0].line_id))
    due = shop.checkout.price(cart).total
    tender = shop.checkout.tender(TenderKind.CASH, due)
    return shop.checkout.commit(who, msgspec.structs.replace(cart, tenders=(tender,))).sale


def _yes(at: CounterTill, who: Actor, sale_id: object) -> Approval:
    """Ask for the void, and let the owner say yes."""
    code, pin = next((c, p) for c, _, role, p, _ in demo_staff() if role is Role.OWNER)
    try:
        at.demo.shop.returns.void(who, sale_id, "打错了")  # type: ignore[arg-type]
    except NeedsApprovalError as needed:
        return at.demo.shop.staff.approve(who, needed, code, pin)
    raise AssertionError("a cashier voids only with a yes")


def _by_hand(at: CounterTill, first: Actor, second: Actor) -> None:
    shop = at.demo.shop
    from pos_app.domain.sales.cart import add_line

    for _ in range(4):
        at.demo.outside.clock.forward(timedelta(minutes=7))
        cart = add_line(shop.carts.new(), at.line(MILK))[0]
        shop.carts.line_removed(first, cart, cart.lines[0])
        shop.carts.cancel(first, cart, "顾客不要了")
    shop.shifts.open_drawer(second, "换零钱")
    shop.shifts.move_cash(first, CashDirection.OUT, Amount(20_000), "存银行")
    code = next(c for c, _, role, _, _ in demo_staff() if role is Role.CASHIER)
    try:
        shop.staff.sign_in(code, "000000")
    except PinError:
        return
