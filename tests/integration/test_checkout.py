"""One cart becomes one sale, whatever is retried; numbers have no gap; a price needs whoever may give it."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import msgspec
import pytest

from pos_app.domain.catalogue import PieceSoldError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.sale import CartEmptyError, CartUnsettledError
from pos_app.domain.sales.tenders import TenderShortError
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.values.ids import SubjectId
from tests.support.shop_on_disk import (
    CANDY,
    NECKLACE,
    RING,
    DiskShop,
    open_shop,
    shop_on_disk,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def numbers(shop: DiskShop) -> list[str]:
    """Return all receipt numbers in the order of the books."""
    return [summary.number for summary in reversed(shop.shop.returns.history("", 1000))]


def test_paying_a_cart_again_returns_the_sale_that_is_there(shop: DiskShop) -> None:
    cart = shop.paid(shop.cart(NECKLACE, CANDY), more=1)
    first = shop.shop.checkout.commit(shop.cashier, cart)
    again = shop.shop.checkout.commit(shop.cashier, cart)
    assert again.again and not again.prints and again.sale == first.sale and again.change == first.change == 1
    assert shop.shop.printing.waiting() == 1 and shop.verify().sales == 1


def test_ten_threads_that_pay_one_cart_make_one_sale(shop: DiskShop) -> None:
    cart = shop.paid(shop.cart(NECKLACE))
    together = Barrier(10)

    def pay(_: int) -> bool:
        together.wait()
        return shop.shop.checkout.commit(shop.cashier, cart).again

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(pay, range(10))) == [False] + [True] * 9
    assert numbers(shop) == ["N01-1-2026-000001"] and shop.shop.printing.waiting() == 1
    assert shop.verify().passed


def test_threads_that_sell_at_once_get_numbers_without_a_gap(shop: DiskShop) -> None:
    carts = [shop.paid(shop.cart(CANDY)) for _ in range(24)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda cart: shop.shop.checkout.commit(shop.cashier, cart), carts))
    assert numbers(shop) == [f"N01-1-2026-{n:06d}" for n in range(1, 25)]
    assert shop.verify().passed


def test_a_piece_is_sold_once_however_many_want_it(shop: DiskShop) -> None:
    carts = [shop.paid(shop.cart(RING)) for _ in range(4)]

    def pay(cart: Cart) -> str:
        try:
            return shop.shop.checkout.commit(shop.cashier, cart).sale.number
        except PieceSoldError:
            return "sold"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(pay, carts)) == ["N01-1-2026-000001", "sold", "sold", "sold"]
    assert shop.verify().passed


def test_a_returned_piece_can_be_sold_again(shop: DiskShop) -> None:
    sale = shop.sell(RING).sale
    with pytest.raises(PieceSoldError):
        shop.shop.ringing.meaning(RING)
    shop.take_back(sale)
    assert shop.sell(RING).sale.number == "N01-1-2026-000003"


def test_a_paid_cart_does_not_come_back_by_a_save_that_came_late(shop: DiskShop) -> None:
    cart = shop.cart(CANDY)
    shop.shop.checkout.commit(shop.cashier, shop.paid(cart))
    shop.shop.carts.keep(cart)
    assert shop.shop.carts.reopen().empty


def test_a_refused_sale_takes_no_number_and_writes_nothing(shop: DiskShop) -> None:
    shop.sell(CANDY)
    checkout, before = shop.shop.checkout, shop.verify().facts
    short = shop.cart(NECKLACE)
    with pytest.raises(TenderShortError):
        checkout.commit(shop.cashier, short)
    with pytest.raises(CartEmptyError):
        checkout.commit(shop.cashier, shop.shop.carts.new())
    unknown = msgspec.structs.replace(
        short, lines=(*short.lines, shop.shop.ringing.unknown_line("6900000000000"))
    )
    with pytest.raises(CartUnsettledError):
        checkout.commit(shop.cashier, shop.paid(unknown))
    assert shop.verify().facts == before
    assert shop.sell(CANDY).sale.number == "N01-1-2026-000002"


def test_a_failure_in_the_middle_of_the_write_takes_no_number(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_app.persistence.sales import SqlSales

    cart = shop.paid(shop.cart(NECKLACE))

    def broken(*_: object) -> None:
        raise RuntimeError("in the middle")

    with monkeypatch.context() as patched:
        patched.setattr(SqlSales, "add", broken)
        with pytest.raises(RuntimeError):
            shop.shop.checkout.commit(shop.cashier, cart)
    assert shop.verify().passed and shop.verify().sales == 0
    assert shop.shop.carts.reopen().cart_id == cart.cart_id, "the cart is as it was"
    assert shop.shop.checkout.commit(shop.cashier, cart).sale.number == "N01-1-2026-000001"


def test_without_a_shift_nothing_is_sold(shop: DiskShop) -> None:
    cart = shop.cart(CANDY)
    shop.shop.carts.hold(shop.cashier, cart)
    shop.close_shift()
    with pytest.raises(NoShiftError):
        shop.shop.checkout.commit(shop.cashier, shop.paid(cart))


def test_each_year_counts_from_one_by_the_business_date(shop: DiskShop) -> None:
    """The year ends at 05:00 of 1 January in the shop: until then it is still New Year's Eve."""
    shop.clock.at = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert shop.sell(CANDY).sale.number == "N01-1-2026-000001"
    shop.clock.at = datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC)
    assert shop.sell(CANDY).sale.number == "N01-1-2026-000002"
    shop.clock.at = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    assert shop.sell(CANDY).sale.number == "N01-1-2027-000001"
    assert shop.verify().passed


def test_a_clock_set_back_a_year_breaks_no_number_and_no_order(shop: DiskShop) -> None:
    shop.sell(CANDY)
    shop.sell(CANDY)
    shop.clock.forward(-timedelta(days=365))
    behind = shop.shop.shifts.clock_behind()
    assert behind is not None and behind.year == 2026
    assert [shop.sell(CANDY).sale.number for _ in range(2)] == ["N01-1-2025-000001", "N01-1-2025-000002"]
    shop.clock.forward(timedelta(days=365))
    assert shop.shop.shifts.clock_behind() is None
    assert shop.sell(CANDY).sale.number == "N01-1-2026-000003"
    with shop.store.read() as tx:
        clocks = [entry.hlc for entry in tx.journal.entries()]
        assert clocks == sorted(set(clocks)), "the books' own clock never runs back"
        assert dict(tx.sales.counters()) == {(1, 2025): 2, (1, 2026): 3}
    assert shop.verify().passed


def test_a_note_is_sealed_in_the_books(shop: DiskShop) -> None:
    cart = shop.paid(shop.cart(CANDY, note="祝小满生日快乐"))
    sale = shop.shop.checkout.commit(shop.cashier, cart).sale
    assert sale.note is not None and "小满" not in sale.note
    with shop.store.read() as tx:
        subject = SubjectId(cart.cart_id)
        assert shop.outside.tools.sealer.open_text(tx, subject, sale.note) == "祝小满生日快乐"


def test_a_wish_on_a_line_is_sealed_too(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    (line,) = cart.lines
    cart = shop.paid(msgspec.structs.replace(cart, lines=(msgspec.structs.replace(line, wish="刻字：小满"),)))
    sale = shop.shop.checkout.commit(shop.cashier, cart).sale
    wish = sale.lines[0].wish
    assert wish is not None and "小满" not in wish
    back = shop.take_back(sale).sale
    assert back.lines[0].wish == wish, "and is not sealed once more when it comes back"


SELLER = """
import sys
from pathlib import Path
from tests.support.shop_on_disk import CANDY, FORMULA, open_shop
shop = open_shop(Path(sys.argv[1]), first_id=int(sys.argv[2]) << 24)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    print(shop.sell(CANDY, FORMULA).sale.number, flush=True)
shop.store.close()
"""


def test_two_processes_on_one_store_wait_for_each_other(tmp_path: Path) -> None:
    each = 15
    with shop_on_disk(tmp_path):
        pass
    sellers = [
        subprocess.Popen(
            [sys.executable, "-c", SELLER, str(tmp_path), str(number), str(each)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (2, 3)
    ]
    for seller in sellers:
        assert seller.stdout is not None and seller.stdout.readline() == "ready\n"
    for seller in sellers:
        assert seller.stdin is not None
        seller.stdin.write("go\n")
        seller.stdin.flush()
    answers = [seller.communicate(timeout=60)[0].split() for seller in sellers]
    assert [seller.returncode for seller in sellers] == [0, 0]
    assert sorted(answers[0] + answers[1]) == [f"N01-1-2026-{n:06d}" for n in range(1, 2 * each + 1)]
    shop = open_shop(tmp_path, first_id=9 << 24)
    assert shop.verify().passed and shop.verify().sales == 2 * each
    shop.store.close()


def test_a_writer_that_waits_too_long_is_told_to_try_again(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    from pos_app.domain.errors import StorageBusyError
    from pos_app.persistence import store as stores
    from pos_app.persistence.database import open_store

    monkeypatch.setattr(stores, "PRAGMAS", tuple(p.replace("5000", "20") for p in stores.PRAGMAS))
    hasty = open_store(shop.database)
    holder = sqlite3.connect(shop.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageBusyError), hasty.write():
        pass
    holder.execute("ROLLBACK")
    holder.close()
    with hasty.write() as tx:
        assert tx.journal.head().seq > 0
    hasty.close()
