"""The print queue: from durable rows, in order, and never twice without being marked as a copy."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pos_app.documents.page import Page, Paper
from pos_app.documents.renderers.text import render_text
from pos_app.domain.staff import Role
from pos_app.services.acting import Actor
from pos_app.services.ports.counter import PrintKind
from pos_app.services.ports.devices import (
    DrawerAnswer,
    DrawerPin,
    PaperOutError,
    PrinterError,
    PrinterNoAnswerError,
    PrinterStatus,
    PrintOutcome,
)
from tests.support.feed import tie
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop, shop_on_disk


@dataclass
class Scripted:
    """A printer that does what the test says, one answer a job; None prints."""

    answers: list[PrinterError | None] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    paper: Paper = Paper.MM80

    def status(self) -> PrinterStatus:
        """Say that it is well."""
        return PrinterStatus.OK

    def print_page(self, page: Page) -> PrintOutcome:
        """Print, or fail as told."""
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or answer.may_have_printed:
            self.printed.append(render_text(page, self.paper))
        if answer is not None:
            raise answer
        return PrintOutcome(confirmed=True, status=PrinterStatus.OK)

    def print_text_samples(self) -> PrintOutcome:
        """Print nothing."""
        return PrintOutcome(confirmed=True, status=PrinterStatus.OK)

    def kick_drawer(self, pin: DrawerPin | None = None) -> DrawerAnswer:
        """Open."""
        return DrawerAnswer.OPENED


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    with shop_on_disk(tmp_path) as made:
        yield made


def run_queue(shop: DiskShop, printer: Scripted, most: int = 50) -> int:
    """Print what waits as the printer's lane does; return how many jobs were tried."""
    printing, tried = shop.shop.printing, 0
    while tried < most and (ready := printing.begin()) is not None:
        tried += 1
        try:
            printing.put(ready, printer)
        except PrinterError as error:
            printing.failed(ready, error)
            break
        printing.done(ready)
    return tried


def test_receipts_come_out_in_order_and_once(shop: DiskShop) -> None:
    sales = [shop.sell(NECKLACE).sale, shop.sell(CANDY).sale]
    printer = Scripted()
    assert run_queue(shop, printer) == 2 and shop.shop.printing.waiting() == 0
    assert [sale.number in text for sale, text in zip(sales, printer.printed, strict=True)] == [True, True]
    assert all("副本" not in text for text in printer.printed)
    assert run_queue(shop, printer) == 0


def test_a_job_of_which_nothing_went_out_is_printed_as_the_first(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    printer = Scripted([PrinterNoAnswerError(), PrinterNoAnswerError(bytes_total=900)])
    for _ in range(3):
        run_queue(shop, printer)
    assert len(printer.printed) == 1 and "副本" not in printer.printed[0]
    assert shop.shop.printing.waiting() == 0


def test_a_job_that_may_be_on_paper_is_printed_again_only_as_a_copy(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE).sale
    printer = Scripted([PaperOutError(bytes_sent=500, bytes_total=900)])
    run_queue(shop, printer)
    assert shop.shop.printing.waiting() == 1
    run_queue(shop, printer)
    first, second = printer.printed
    assert "副本" not in first and "副本" in second and sale.number in second
    assert shop.shop.printing.reprint(shop.cashier, sale.sale_id) == 2, "copies count on"


def test_a_till_that_died_while_printing_prints_a_copy_after_its_restart(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    assert shop.shop.printing.begin() is not None
    shop.reopened()
    assert shop.shop.printing.waiting() == 0, "it was being printed"
    assert shop.shop.printing.recover() == 1 and shop.shop.printing.recover() == 0
    printer = Scripted()
    run_queue(shop, printer)
    assert "副本" in printer.printed[0]
    with shop.store.read() as tx:
        assert tx.journal.count_kinds((0, 0))["receipt.reprinted"] == 1
    assert shop.verify().passed


def test_paper_out_holds_up_what_waits_and_loses_nothing(shop: DiskShop) -> None:
    for _ in range(4):
        shop.sell(CANDY)
    printer = Scripted([None, PaperOutError()])
    assert run_queue(shop, printer) == 2 and shop.shop.printing.waiting() == 3
    assert run_queue(shop, printer) == 3
    numbers = [next(line for line in text.splitlines() if "N01-1-" in line) for text in printer.printed]
    assert len(set(numbers)) == 4 and numbers == sorted(numbers)


def test_reports_are_printed_and_a_second_z_is_marked(shop: DiskShop) -> None:
    shop.sell(CANDY)
    shop.shop.shifts.print_x()
    shop.close_shift()
    z = shop.shop.shifts.z_reports()[0]
    shop.shop.shifts.print_z(z.shift.shift_id)
    printer = Scripted()
    run_queue(shop, printer)
    _, x, first, again = printer.printed
    head = z.closed.head_hash[:12]
    assert head not in x and head in first.lower() and head in again.lower()
    assert "副本" not in first and "副本" in again


def test_a_z_says_how_far_the_platform_has_the_journal_when_it_is_printed(shop: DiskShop) -> None:
    shop.close_shift()
    shift = shop.shop.shifts.z_reports()[0].shift.shift_id
    printer = Scripted()
    run_queue(shop, printer)
    told = tie(shop)
    shop.shop.shifts.print_z(shift)
    run_queue(shop, printer)
    alone, again = printer.printed
    line = f"{told.epoch}.{told.seq} · {told.hash.hex()[:12]}"
    assert "平台" not in alone and line in again.lower()
    recorded = again.lower().splitlines()[again.lower().splitlines().index(_line(again, line)) + 1]
    assert recorded.strip().startswith("记于") and "2026" in recorded
    with shop.store.write() as tx:
        tx.links.save(replace(told, seq=told.seq + 9, hash=bytes(32)))
    shop.shop.shifts.print_z(shift)
    run_queue(shop, printer)
    assert "记于" not in printer.printed[-1], "what is not here was recorded nobody knows when"
    with shop.store.write() as tx:
        tx.links.save(replace(told, seq=0, hash=bytes(32)))
    shop.shop.shifts.print_z(shift)
    run_queue(shop, printer)
    assert "尚无" in printer.printed[-1]


def _line(text: str, part: str) -> str:
    return next(line for line in text.lower().splitlines() if part in line)


def test_a_sale_that_wants_no_paper_prints_none(shop: DiskShop) -> None:
    import msgspec

    cart = msgspec.structs.replace(shop.paid(shop.cart(CANDY)), paper=False)
    assert not shop.shop.checkout.commit(shop.cashier, cart).prints
    assert shop.shop.printing.waiting() == 0


def test_what_waits_can_be_dropped_and_reprinted_as_a_copy(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    assert shop.shop.printing.cancel_waiting() == 1
    assert shop.shop.printing.reprint_last(shop.cashier) == 1
    printer = Scripted()
    run_queue(shop, printer)
    assert "副本" in printer.printed[0] and sale.number in printer.printed[0]


def test_a_receipt_that_cannot_be_drawn_does_not_hold_up_the_next(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shop.sell(CANDY).sale
    second = shop.sell(CANDY).sale
    real = type(shop.shop.printing).page_of

    def broken(self: object, job: object) -> Page:
        if getattr(job, "subject", None) == first.sale_id and getattr(job, "kind", "") == PrintKind.RECEIPT:
            raise RuntimeError("cannot be drawn")
        return real(self, job)  # type: ignore[arg-type]

    monkeypatch.setattr(type(shop.shop.printing), "page_of", broken)
    with pytest.raises(RuntimeError):
        shop.shop.printing.begin()
    printer = Scripted()
    run_queue(shop, printer)
    assert second.number in printer.printed[0]


def test_the_print_queue_holds_no_text(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    with shop.store.read() as tx:
        job = tx.print_jobs.next()
    assert job is not None and set(vars(type(job))["__slots__"]) == {
        "job_id",
        "kind",
        "subject",
        "copy_number",
        "created_at",
        "attempts",
    }


def test_a_reprint_needs_the_right_or_an_approval(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    nobody = Actor(shop.cashier.staff_id, "x", Role.CLERK)
    assert shop.shop.printing.reprint(nobody, sale.sale_id) == 1
