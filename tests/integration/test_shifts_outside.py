"""Closing waits for nobody: no printer, no network, no wallet; and what a Z says is found when somebody edits it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.facts.envelope import chain
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import CartsOpenError, Count, CountedTender, Denomination, first_edition
from pos_app.domain.values.money import Amount
from pos_app.persistence.shifts import SqlShifts
from pos_app.services.ports.devices import PrinterError
from pos_app.services.proof import Proof
from tests.integration.test_printing_queue import Scripted, run_queue
from tests.support.busy_day import busy_day
from tests.support.payment_floor import PaymentFloor
from tests.support.scripted_wallet import LOST
from tests.support.shop_on_disk import (
    CANDY,
    FLOAT,
    MANAGER_PIN,
    NECKLACE,
    DiskShop,
    open_shop,
    place_shop,
    shop_on_disk,
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path) as made:
        yield made


def test_a_dead_printer_keeps_no_shift_open_and_prints_its_z_when_it_lives(shop: DiskShop) -> None:
    dead = Scripted(answers=[PrinterError()] * 3)
    shop.shop.printing.cancel_waiting()
    shop.close_shift()
    for _ in range(3):
        run_queue(shop, dead)
    assert shop.shop.shifts.current() is None
    assert (shop.shop.printing.waiting(), dead.printed) == (1, [])
    shop = shop.reopened()
    run_queue(shop, dead)
    (paper,) = dead.printed
    assert "Z1" in paper and "副本" not in paper


def test_closing_and_handing_over_ask_no_network(socket_disabled: None, shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    shop.shop.shifts.hand_over(shop.cashier, shop.shop.staff.vouched("2", MANAGER_PIN), None)
    shop.close_shift()
    assert len(shop.shop.shifts.z_reports()) == 2


def test_a_payment_that_nobody_knows_of_is_listed_and_keeps_no_shift_open(shop: DiskShop) -> None:
    floor = PaymentFloor(shop)
    cart = shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    floor.charge(cart)
    z = shop.shop.shifts.close(shop.cashier, FLOAT).closed
    assert z.payments_open == 1
    assert shop.shop.carts.reopen().cart_id == cart.cart_id
    assert shop.verify().findings == []


def test_a_cart_without_such_a_payment_is_settled_first(shop: DiskShop) -> None:
    shop.cart(NECKLACE)
    with pytest.raises(CartsOpenError):
        shop.shop.shifts.close(shop.cashier, FLOAT)


def test_the_z_and_the_daily_summary_say_on_paper_what_was_counted(shop: DiskShop) -> None:
    shop.shop.checkout.commit(shop.cashier, shop.paid(shop.cart(NECKLACE), TenderKind.CARD))
    shop.shop.printing.cancel_waiting()
    slips = CountedTender(kind=TenderKind.CARD, amount=Amount(129_000), reason="丢了一张")
    pieces = (Denomination(value=Amount(10_000), count=5),)
    shop.shop.shifts.close(shop.manager, Count(cash=FLOAT, denominations=pieces, others=(slips,), recounts=2))
    shop.shop.shifts.print_daily(shop.shop.shifts.daily().day)
    printer = Scripted()
    run_queue(shop, printer)
    z, daily = (" ".join(page.split()) for page in printer.printed)
    for words in (
        "¥100.00 × 5 ¥500.00",
        "实点银行卡 ¥1,290.00",
        "丢了一张",
        "重新清点次数 2",
        "代交班人 王店长",
    ):
        assert words in z
    for words in ("日结单 2026年11月22日", "12:00–13:00", "班次 Z1", "银行卡 1 ¥1,299.00"):
        assert words in daily


def _edited(folder: Path, kind: str, old: bytes, new: bytes) -> None:
    """Edit facts of a kind in the journal and the Z beside them, and hash the chain anew, as a thief would."""
    with closing(sqlite3.connect(folder / "shop.db")) as connection:
        previous, changed = bytes(32), 0
        rows = connection.execute("SELECT position, kind, body FROM journal ORDER BY position").fetchall()
        for at, named, body in rows:
            text = body.replace(old, new) if named == kind else body
            changed += text != body
            previous = chain(previous, text)
            change = "UPDATE journal SET body = ?, hash = ? WHERE position = ?"
            connection.execute(change, (text, previous, at))
        assert changed
        connection.execute("UPDATE journal_head SET hash = ?", (previous,))
        connection.execute("UPDATE shift SET report = CAST(replace(report, ?, ?) AS BLOB)", (old, new))
        connection.commit()


def _verify(folder: Path) -> Proof:
    shop = open_shop(folder, first_id=1 << 30)
    try:
        return shop.verify()
    finally:
        shop.store.close()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"off_by_hand":-', b'"off_by_hand":-1', "proof.shift_totals"),
        (b'"voids":-', b'"voids":-1', "proof.shift_totals"),
        (b'"edition":1', b'"edition":0', "proof.shift_totals"),
        (b'"variance":-5', b'"variance":-4', "proof.shift_totals"),
        (b'"value":100,', b'"value":200,', "proof.shift_totals"),
        (b'"payments_open"', b'"payments_opened"', "proof.shift_totals"),
        (b'"z_number":1', b'"z_number":2', "proof.z_number"),
    ],
    ids=["discounts", "voids", "older", "variance", "notes", "payments", "number"],
)
def test_an_edited_z_is_found_though_all_was_hashed_anew(
    tmp_path: Path, old: bytes, new: bytes, code: str
) -> None:
    place_shop(tmp_path)
    shop = open_shop(tmp_path)
    wrong = shop.sell(CANDY).sale
    shop.shop.returns.void(shop.manager, wrong.sale_id, "mistake")
    busy_day(shop, closes=False)
    floor = PaymentFloor(shop)
    floor.wechat.say(LOST)
    floor.charge(shop.cart(NECKLACE))
    expected = shop.shop.shifts.x_report()[1].expected_cash
    cash = Amount(expected - 5)
    pieces = (
        Denomination(value=Amount(100), count=cash // 100),
        Denomination(value=Amount(1), count=cash % 100),
    )
    shop.shop.shifts.close(shop.owner, Count(cash=cash, reason="lost", denominations=pieces))
    assert shop.verify().findings == []
    shop.store.close()
    _edited(tmp_path, "shift.closed", old, new)
    assert code in {finding.code for finding in _verify(tmp_path).findings}


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("shift.opened", b'"taken_over_from"', b'"taken_over_fron"'),
        ("shift.closed", b'"next_shift"', b'"next_shirt"'),
        ("shift.closed", b'"handed_to"', b'"handed_too"'),
    ],
)
def test_a_hand_over_that_was_edited_on_one_side_is_found(
    tmp_path: Path, kind: str, old: bytes, new: bytes
) -> None:
    place_shop(tmp_path)
    shop = open_shop(tmp_path)
    shop.shop.shifts.hand_over(shop.cashier, shop.shop.staff.vouched("2", MANAGER_PIN), None)
    assert shop.verify().findings == []
    shop.store.close()
    _edited(tmp_path, kind, old, new)
    assert "proof.hand_over" in {finding.code for finding in _verify(tmp_path).findings}


def test_a_z_of_a_program_that_had_fewer_sums_still_proves(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.shop.returns.void(shop.manager, shop.sell(CANDY).sale.sale_id, "mistake")
    whole = SqlShifts.totals
    with monkeypatch.context() as older:
        older.setattr(SqlShifts, "totals", lambda rows, shift: first_edition(whole(rows, shift)))
        shop.close_shift()
    (z,) = shop.shop.shifts.z_reports()
    assert (z.closed.totals.edition, z.closed.totals.voids) == (0, 0)
    assert shop.verify().findings == []
