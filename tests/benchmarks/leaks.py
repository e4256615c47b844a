"""How long the leak report takes over 20,000 sales and 100,000 facts, against SQLite reading the same journal bare.

python -m tests.benchmarks.leaks
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from pos_app.domain.facts.sales import CartHeld, CartLineRemoved, PriceChanged, ReceiptReprinted, RemovedLine
from pos_app.domain.facts.shop import ApprovalGiven, CashMoved, DrawerOpened, SignedIn
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.shifts import CashDirection
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import ApprovalId, CartId, LineId, SaleId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from pos_app.services.carts import PriceAsk
from pos_app.services.recording import Recorder
from tests.benchmarks.table import Row, ms, run
from tests.support.many_sales import sell_before
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, shop_on_disk

SALES, FACTS = 20_000, 100_000
BAR_MS = 500
TIMES = 3


def measure() -> list[Row]:
    """Fill a journal, make the report of all of it, and return its time beside that of a bare scan."""
    with tempfile.TemporaryDirectory(prefix="shuke-leaks-") as folder, ExitStack() as kept:
        shop = kept.enter_context(shop_on_disk(Path(folder) / "home"))
        _fill(shop)
        last = shop.shop.leaks.today()
        first = last - timedelta(days=SALES * 20 // 86_400 + 2)
        taken = min(_timed(lambda: shop.shop.leaks.report(shop.manager, first, last)) for _ in range(TIMES))
        hours = shop.shop.leaks.report(shop.manager, first, last)
        by_hour = min(_timed(lambda: shop.shop.leaks.hours(hours)) for _ in range(TIMES))
        today = min(_timed(lambda: shop.shop.leaks.report(shop.manager, last, last)) for _ in range(TIMES))
        bare = min(_timed(lambda: _scan(shop.database)) for _ in range(TIMES))
    whole = taken + by_hour
    figure = f"{ms(whole)} for {len(hours.leaks)} entries"
    return [
        Row(name="leak report", figure=figure, measured=whole * 1000, bar=BAR_MS, unit="ms"),
        Row(
            name="leak report / scan", figure=ms(whole), limit=f"bare scan {ms(bare)}", measured=whole / bare
        ),
        Row(name="leak report of a day", figure=ms(today), measured=today * 1000, unit="ms"),
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _scan(database: Path) -> int:
    """Read every body of the journal as SQLite hands it out, and nothing else."""
    with closing(sqlite3.connect(database)) as connection:
        return sum(len(body) for (body,) in connection.execute("SELECT body FROM journal"))


def _fill(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE, FORMULA, CANDY)
    ask = PriceAsk(parse_discount("95折", 2), cart.lines[0].line_id)
    cart = shop.shop.carts.change_price(shop.cashier, cart, ask)
    first = shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale
    sell_before(shop.shop, shop.cashier, first, SALES, shop.clock)
    recorder = Recorder(first.till, shop.clock, shop.outside.ids)
    at = shop.clock.now() - timedelta(seconds=20 * SALES)
    step = timedelta(seconds=20 * SALES / (FACTS - SALES))
    make = _facts(shop, first.sale_id)
    for done in range(0, FACTS - SALES, 4_000):
        with shop.store.write() as tx:
            for number in range(done, min(done + 4_000, FACTS - SALES)):
                at += step
                recorder.record(tx, make(number), shop.cashier.staff_id, at=at)


def _facts(shop: DiskShop, sale: SaleId) -> Callable[[int], msgspec.Struct]:
    shift = shop.shop.shifts.current()
    assert shift is not None

    def make(number: int) -> msgspec.Struct:
        cart, line = CartId(UUID(int=number)), LineId(UUID(int=number + 1))
        removed = RemovedLine(line=line, code="B002", name="手工牛轧糖", quantity=ONE, amount=Amount(999))
        kinds = (
            CartLineRemoved(cart=cart, shift=shift.shift_id, removed=removed),
            PriceChanged(
                cart=cart, line=line, asked="900", before=Amount(999), after=Amount(900), override=True
            ),
            DrawerOpened(shift=shift.shift_id, reason="换零钱"),
            ReceiptReprinted(sale=sale, copy_number=1),
            CashMoved(shift=shift.shift_id, direction=CashDirection.OUT, amount=Amount(100), reason="存银行"),
            ApprovalGiven(
                approval=ApprovalId(UUID(int=number)),
                action=Action.VOID,
                amount=Amount(100),
                cart=cart,
                asked_by=shop.cashier.staff_id,
                approver=shop.manager.staff_id,
            ),
            CartHeld(cart=cart, lines=2, total=Amount(999)),
            SignedIn(staff=shop.cashier.staff_id),
        )
        # Half of what is no sale is nothing to the report, as at a real till.
        return kinds[number % 12] if number % 12 < len(kinds) else kinds[-1]

    return make


if __name__ == "__main__":
    run(measure)
