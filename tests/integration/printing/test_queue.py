"""The durable queue, the books and a printer together: no receipt is on paper twice without 副本."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pos_app.documents.page import Paper
from pos_app.domain.sales.cart import add_line
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.hardware.opening import open_printer
from pos_app.services.demo_shop import read_demo_shop
from pos_app.services.ports.devices import PaperOutError, Printer, PrinterError, PrinterNoAnswerError
from pos_app.services.ringing import Goods
from tests.support.bootstrap import NOON, CountedIds, DemoTill, demo_till
from tests.support.virtual_printer import VirtualPrinter


@pytest.fixture
def till(tmp_path: Path) -> Iterator[DemoTill]:
    """Yield the demo shop with an open shift."""
    with demo_till(tmp_path) as founded:
        with founded.store.read() as tx:
            opened = tx.shifts.current() is not None
        if not opened:
            founded.shop.shifts.open(founded.owner, Amount(50_000))
        yield founded


@pytest.fixture
def virtual() -> Iterator[VirtualPrinter]:
    """Yield a printer that is switched on."""
    with VirtualPrinter() as printer:
        yield printer


def _sell(till: DemoTill) -> Sale:
    """Sell the first article of the demo for cash."""
    shop = till.shop
    meaning = shop.ringing.meaning(read_demo_shop(NOON, CountedIds().new).barcodes[0].code)
    assert isinstance(meaning, Goods)
    cart, _ = add_line(shop.carts.new(), meaning.line)
    total = shop.checkout.price(cart).total
    tenders = (shop.checkout.tender(TenderKind.CASH, total),)
    return shop.checkout.commit(till.owner, msgspec.structs.replace(cart, tenders=tenders)).sale


def _print_all(till: DemoTill, printer: Printer) -> list[PrinterError]:
    """Do what the printer's lane does: print what waits, stop at the first failure."""
    failures: list[PrinterError] = []
    while not failures and (ready := till.shop.printing.begin()) is not None:
        try:
            till.shop.printing.put(ready, printer)
            till.shop.printing.done(ready)
        except PrinterError as failure:
            till.shop.printing.failed(ready, failure)
            failures.append(failure)
    return failures


def _paper(virtual: VirtualPrinter) -> list[tuple[str, bool]]:
    """Return the receipt number that each strip's signed code carries, and whether the strip is a copy."""
    return [
        (code.split(".")[1], strip.is_copy)
        for strip in virtual.strips
        for family, code in strip.codes
        if family == "QR Code"
    ]


def test_a_sale_is_printed_once_and_reprinted_as_a_copy(till: DemoTill, virtual: VirtualPrinter) -> None:
    printer = open_printer(virtual.setting(), Paper.MM58)
    sale = _sell(till)
    assert _print_all(till, printer) == [] and till.shop.printing.waiting() == 0
    till.shop.printing.reprint_last(till.owner)
    assert _print_all(till, printer) == []
    assert _paper(virtual) == [(sale.number, False), (sale.number, True)]


def test_a_printer_that_was_off_prints_the_original_later(till: DemoTill, virtual: VirtualPrinter) -> None:
    sale = _sell(till)
    virtual.open_cover()
    (failure,) = _print_all(till, open_printer(virtual.setting()))
    assert not failure.may_have_printed and till.shop.printing.waiting() == 1
    virtual.close_cover()
    assert _print_all(till, open_printer(virtual.setting())) == []
    assert _paper(virtual) == [(sale.number, False)]


def test_paper_out_in_mid_receipt_is_followed_by_a_copy(till: DemoTill, virtual: VirtualPrinter) -> None:
    sale = _sell(till)
    virtual.load_paper(500)
    printer = open_printer(virtual.setting())
    (failure,) = _print_all(till, printer)
    assert isinstance(failure, PaperOutError) and till.shop.printing.waiting() == 1
    virtual.load_paper()
    assert _print_all(till, printer) == []
    assert _paper(virtual) == [(sale.number, False), (sale.number, True)]


def test_a_line_cut_in_mid_receipt_leaves_only_a_copy_whole(till: DemoTill, virtual: VirtualPrinter) -> None:
    sale = _sell(till)
    virtual.close_after = 20_000
    printer = open_printer(virtual.setting())
    (failure,) = _print_all(till, printer)
    assert isinstance(failure, PrinterNoAnswerError)
    assert _print_all(till, printer) == []
    assert _paper(virtual) == [(sale.number, True)]


@pytest.mark.parametrize("printed", [False, True])
def test_a_till_that_died_while_printing_prints_a_copy(
    till: DemoTill, virtual: VirtualPrinter, printed: bool
) -> None:
    sale = _sell(till)
    ready = till.shop.printing.begin()
    assert ready is not None
    if printed:
        till.shop.printing.put(ready, open_printer(virtual.setting()))
    # Here the till is killed: neither `done` nor `failed` is called; the next start recovers.
    assert till.shop.printing.recover() == 1
    assert _print_all(till, open_printer(virtual.setting())) == []
    assert _paper(virtual) == [(sale.number, False)] * printed + [(sale.number, True)]


def test_receipts_come_out_in_the_order_of_the_sales(till: DemoTill, virtual: VirtualPrinter) -> None:
    sales = [_sell(till) for _ in range(3)]
    assert _print_all(till, open_printer(virtual.setting())) == []
    assert _paper(virtual) == [(sale.number, False) for sale in sales]
