"""A day at the counter in which everything happens that the books can hold, as a short story told by services."""

from dataclasses import dataclass

import msgspec

from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import CashDirection
from pos_app.domain.staff import NeedsApprovalError
from pos_app.domain.values.money import Amount
from pos_app.services.carts import PriceAsk
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING, DiskShop


@dataclass(frozen=True)
class Day:
    """What a test may want of the day: some of its sales."""

    plain: Sale
    split: Sale
    returned: Sale
    with_member: Sale


def busy_day(at: DiskShop, *, closes: bool = True) -> Day:
    """Sell, return, void, hold, cancel, discount, move cash, sign up; close with a variance when `closes`."""
    shop = at.shop
    plain = at.sell(NECKLACE, CANDY).sale
    split = _split(at)
    mother = at.sign_up("13800138000", "林小满")
    with_member = at.sell(FORMULA, FORMULA_CASE, member=mother).sale
    returned = at.take_back(plain, who=at.cashier).sale
    wrong = at.sell(CANDY).sale
    shop.returns.void(at.manager, wrong.sale_id, "mistake")
    _approved_discount(at)
    held = at.cart(FORMULA, note="奶奶明天来取")
    shop.carts.hold(at.cashier, held, "奶奶")
    given_up = at.cart(NECKLACE)
    shop.carts.cancel(at.cashier, given_up, "customer left")
    again = shop.carts.recall(at.cashier, held.cart_id)
    assert again is not None
    cart = again.cart
    shop.carts.line_removed(at.cashier, msgspec.structs.replace(cart, lines=cart.lines[:0]), cart.lines[0])
    shop.shifts.move_cash(at.cashier, CashDirection.OUT, Amount(20_000), "bank")
    shop.shifts.move_cash(at.cashier, CashDirection.IN, Amount(5_000), "coins")
    shop.shifts.open_drawer(at.manager, "count")
    shop.printing.reprint(at.cashier, plain.sale_id)
    if closes:
        at.close_shift(more=-5, reason="a coin was lost")
    return Day(plain, split, returned, with_member)


def _split(at: DiskShop) -> Sale:
    """Sell a piece against card and cash, with change."""
    cart = at.cart(RING)
    card = at.shop.checkout.tender(TenderKind.CARD, Amount(500_000), "slip 0815")
    cart = msgspec.structs.replace(cart, tenders=(card,))
    cash = at.shop.checkout.tender(TenderKind.CASH, Amount(90_000))
    cart = msgspec.structs.replace(cart, tenders=(card, cash))
    return at.shop.checkout.commit(at.cashier, cart).sale


def _approved_discount(at: DiskShop) -> Sale:
    """Sell at a discount that the manager has approved."""
    cart = at.cart(NECKLACE)
    ask = PriceAsk(parse_discount("80折", 2), cart.lines[0].line_id)
    try:
        at.shop.carts.change_price(at.cashier, cart, ask, "regular")
    except NeedsApprovalError as needed:
        approval = at.approval(needed)
        cart = at.shop.carts.change_price(at.cashier, cart, ask, "regular", approval)
    return at.shop.checkout.commit(at.cashier, at.paid(cart)).sale
