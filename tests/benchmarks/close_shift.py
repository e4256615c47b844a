"""How long a shift of 2,000 sales takes to close: the sums, the signed Z report in the books.

Every line has two salespeople, every tenth sale is paid in part by card, and the drawer is counted note by note. The
hand-over of a second shift with as many sales, and the daily summary over both, are told beside it.

    python -m tests.benchmarks.close_shift
"""

import time

import msgspec

from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.line import SalespersonShare
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import Count, CountedTender, Denomination
from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from tests.benchmarks.big_shop import BigShop, barcodes, big_shop
from tests.benchmarks.commit_sale import paid_cart
from tests.benchmarks.table import Row, ms, run

SALES = 2_000
PIN = "4711"


def _shared(here: BigShop, cart: Cart, number: int, second: SalespersonShare) -> Cart:
    """Return the cart with two salespeople on each line, every tenth paid in part by card."""
    shares = (SalespersonShare(staff=here.owner.staff_id, percent=60), second)
    lines = tuple(msgspec.structs.replace(line, salespeople=shares) for line in cart.lines)
    cart = msgspec.structs.replace(cart, lines=lines)
    if number % 10:
        return cart
    due = here.shop.checkout.price(cart).total
    card = here.shop.checkout.tender(TenderKind.CARD, Amount(due // 2), "0815")
    cash = here.shop.checkout.tender(TenderKind.CASH, Amount(due - due // 2))
    return msgspec.structs.replace(cart, tenders=(card, cash))


def _sell(here: BigShop, first: int, codes: list[str], second: SalespersonShare) -> None:
    for number in range(first, first + SALES):
        cart = _shared(here, paid_cart(here, number, codes), number, second)
        here.shop.checkout.commit(here.owner, cart)


def _count(here: BigShop) -> Count:
    """Return the count that agrees with the books, in coins of one fen."""
    totals = here.shop.shifts.x_report()[1]
    card = next(each.amount for each in totals.tenders if each.kind is TenderKind.CARD)
    return Count(
        cash=totals.expected_cash,
        denominations=(Denomination(value=Amount(1), count=totals.expected_cash),),
        others=(CountedTender(kind=TenderKind.CARD, amount=card),),
    )


def measure() -> list[Row]:
    """Sell, hand over, sell, close, and return the seconds of each."""
    codes = barcodes(1_000)
    with big_shop() as here:
        staff = here.shop.staff
        other = staff.save(here.owner, staff.new_staff("77", "王店长", Role.MANAGER), PIN)
        taker, second = staff.vouched("77", PIN), SalespersonShare(staff=other.staff_id, percent=40)
        _sell(here, 0, codes, second)
        count, began = _count(here), time.perf_counter()
        here.shop.shifts.hand_over(here.owner, taker, count)
        handed = time.perf_counter() - began
        _sell(here, SALES, codes, second)
        count, began = _count(here), time.perf_counter()
        here.shop.shifts.close(here.owner, count)
        closed = time.perf_counter() - began
        began = time.perf_counter()
        here.shop.shifts.daily()
        day = time.perf_counter() - began
    return [
        _row("close of a shift, Z signed", closed, SALES, bar=500),
        _row("hand-over of a shift, Z signed", handed, SALES, bar=500),
        _row("daily summary", day, 2 * SALES),
    ]


def _row(name: str, taken: float, sales: int, bar: float | None = None) -> Row:
    figure = f"{ms(taken)} for {sales} sales"
    return Row(name=name, figure=figure, measured=taken * 1000, unit="ms", bar=bar)


if __name__ == "__main__":
    run(measure)
