"""Receipts on a virtual printer over TCP: what comes out, and what happens when it does not."""

import itertools
import socket
from collections.abc import Callable, Iterator
from threading import Thread

import msgspec
import pytest

from pos_app.documents.page import Banner, Code, Page, Paper, Symbology, Text
from pos_app.documents.receipt import receipt_page
from pos_app.documents.shift_report import seal_payload, z_report_page
from pos_app.hardware.escpos import EscposPrinter, EscposSettings
from pos_app.hardware.opening import open_printer
from pos_app.hardware.transports import TcpTransport
from pos_app.services.ports.devices import (
    CoverOpenError,
    DrawerAnswer,
    DrawerPin,
    PaperOutError,
    Printer,
    PrinterError,
    PrinterFaultError,
    PrinterNoAnswerError,
    PrinterStatus,
    PrintOutcome,
)
from pos_app.words import has_text, speaking
from tests.support.virtual_printer import VirtualPrinter
from tests.unit.documents import samples

ORIGINAL = receipt_page(samples.full_sale(), samples.letterhead(), samples.MEMBER)
COPY = receipt_page(samples.full_sale(), samples.letterhead(), samples.MEMBER, copy=1)
NUMBER_TWICE = (("Code 128", samples.NUMBER), ("QR Code", samples.NUMBER))


@pytest.fixture
def virtual() -> Iterator[VirtualPrinter]:
    """Yield a printer that is switched on."""
    with VirtualPrinter() as printer:
        yield printer


def _impatient(virtual: VirtualPrinter, clock: Callable[[], float] | None = None) -> EscposPrinter:
    """Return the till's printer with waits too short for a person, long enough for loopback."""
    settings = EscposSettings(paper=Paper.MM58, answer_s=0.3, light_answer_s=0.3, poll_s=0.05)
    transport = TcpTransport("127.0.0.1", virtual.port, io_s=0.3)
    return EscposPrinter(transport, settings, clock) if clock else EscposPrinter(transport, settings)


def _failed(printer: Printer, page: Page = ORIGINAL) -> PrinterError:
    with pytest.raises(PrinterError) as caught:
        printer.print_page(page)
    for language in ("zh_CN", "en"):
        with speaking(language):
            assert has_text(caught.value.code)
    return caught.value


@pytest.mark.parametrize("width", ["58", "80"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_code_of_a_receipt_is_read_back_from_its_dots(
    virtual: VirtualPrinter, width: str, language: str
) -> None:
    page = receipt_page(samples.full_sale(), samples.letterhead(language), samples.MEMBER)
    outcome = open_printer(virtual.setting(f"paper={width}")).print_page(page)
    assert outcome == PrintOutcome(confirmed=True, status=PrinterStatus.OK)
    (strip,) = virtual.strips
    assert strip.cut and strip.codes == NUMBER_TWICE and not strip.is_copy
    assert not virtual.strays and not virtual.kicks


@pytest.mark.parametrize("width", ["58", "80"])
@pytest.mark.parametrize(
    ("symbology", "family", "payload"),
    [
        (Symbology.QR, "QR Code", "https://example.invalid/镕?n=1"),
        (Symbology.CODE128, "Code 128", "SHUKE-1234567890"),
        (Symbology.CODE128, "Code 128", "NANJINGX-TILL0001-2026-AA000123"),
        (Symbology.EAN13, "EAN-13", "6901234567892"),
    ],
)
def test_any_code_of_a_page_is_read_back_from_its_dots(
    virtual: VirtualPrinter, width: str, symbology: Symbology, family: str, payload: str
) -> None:
    open_printer(virtual.setting(f"paper={width}")).print_page(
        Page((Text("上"), Code(symbology, payload), Text("下")))
    )
    assert virtual.receipts[0].codes == ((family, payload),)


@pytest.mark.parametrize("width", ["58", "80"])
def test_the_seal_of_a_z_report_is_read_back(virtual: VirtualPrinter, width: str) -> None:
    page = z_report_page(samples.shift(True), samples.closing(), samples.letterhead(), samples.PAID_AT)
    open_printer(virtual.setting(f"paper={width}")).print_page(page)
    assert virtual.receipts[0].codes == (("QR Code", seal_payload(samples.closing())),)


def test_a_copy_is_known_by_the_band_on_its_paper(virtual: VirtualPrinter) -> None:
    printer = open_printer(virtual.setting("paper=58"))
    printer.print_page(ORIGINAL)
    printer.print_page(COPY)
    assert [(strip.codes, strip.is_copy) for strip in virtual.receipts] == [
        (NUMBER_TWICE, False),
        (NUMBER_TWICE, True),
    ]
    printer.print_page(Page((Banner("COPY"),)))
    assert virtual.receipts[2].is_copy


def test_a_name_full_of_controls_controls_nothing(virtual: VirtualPrinter) -> None:
    line = msgspec.structs.replace(
        samples.golden_sale().lines[0], name="\x1b@\x1bp\x00\x19\xfa\x10\x14\x01\x00\x01金\x1dV\x00"
    )
    sale = msgspec.structs.replace(samples.golden_sale(), lines=(line,))
    open_printer(virtual.setting()).print_page(receipt_page(sale, samples.letterhead()))
    assert virtual.kicks == [] and virtual.cuts == 1 and virtual.strays == b""


def test_a_printer_that_is_switched_off_gets_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    printer = open_printer(f"tcp://127.0.0.1:{port}")
    assert printer.status() is PrinterStatus.NO_ANSWER
    error = _failed(printer)
    assert isinstance(error, PrinterNoAnswerError) and not error.may_have_printed
    with pytest.raises(PrinterNoAnswerError):
        printer.kick_drawer()


@pytest.mark.parametrize("how", ["mute", "frozen"])
def test_a_printer_that_never_answers_gets_nothing(virtual: VirtualPrinter, how: str) -> None:
    setattr(virtual, how, True)
    printer = _impatient(virtual)
    assert printer.status() is PrinterStatus.NO_ANSWER
    error = _failed(printer)
    assert isinstance(error, PrinterNoAnswerError) and not error.may_have_printed
    assert error.bytes_total > 50_000 and not virtual.strips


def test_an_open_cover_is_named_before_a_byte_goes_out(virtual: VirtualPrinter) -> None:
    virtual.open_cover()
    printer = open_printer(virtual.setting())
    assert printer.status() is PrinterStatus.COVER_OPEN
    error = _failed(printer)
    assert isinstance(error, CoverOpenError) and not error.may_have_printed
    virtual.close_cover()
    assert printer.print_page(ORIGINAL).confirmed and len(virtual.strips) == 1


def test_an_empty_roll_is_named_before_a_byte_goes_out(virtual: VirtualPrinter) -> None:
    virtual.load_paper(0)
    error = _failed(open_printer(virtual.setting()))
    assert isinstance(error, PaperOutError) and not error.may_have_printed


def test_a_blocked_cutter_is_a_fault(virtual: VirtualPrinter) -> None:
    virtual.set_condition(cutter_fault=True)
    printer = open_printer(virtual.setting())
    assert printer.status() is PrinterStatus.FAULT
    assert isinstance(_failed(printer), PrinterFaultError)


def test_a_roll_near_its_end_prints_and_says_so(virtual: VirtualPrinter) -> None:
    virtual.set_condition(low_paper=True)
    printer = open_printer(virtual.setting())
    assert printer.status() is PrinterStatus.PAPER_LOW
    assert printer.print_page(ORIGINAL) == PrintOutcome(confirmed=True, status=PrinterStatus.PAPER_LOW)


def test_paper_out_in_mid_receipt_makes_the_next_print_a_copy(virtual: VirtualPrinter) -> None:
    virtual.load_paper(700)
    printer = open_printer(virtual.setting("paper=58"))
    error = _failed(printer)
    assert isinstance(error, PaperOutError) and error.may_have_printed
    assert printer.status() is PrinterStatus.PAPER_OUT and not virtual.strips
    virtual.load_paper()
    assert printer.print_page(COPY).confirmed
    # What waited in the printer came out with the new roll: so there is one original and one copy.
    assert [(strip.cut, strip.codes, strip.is_copy) for strip in virtual.strips] == [
        (True, NUMBER_TWICE, False),
        (True, NUMBER_TWICE, True),
    ]


@pytest.mark.parametrize("after", [1, 3_000, 20_001, 60_000])
def test_a_line_cut_in_mid_receipt_leaves_a_torn_piece_and_a_whole_copy(
    virtual: VirtualPrinter, after: int
) -> None:
    printer = open_printer(virtual.setting("paper=58"))
    assert printer.print_page(ORIGINAL).confirmed
    virtual.close_after = virtual.received + after
    error = _failed(printer)
    assert isinstance(error, PrinterNoAnswerError)
    assert error.may_have_printed or after < 100
    assert printer.print_page(COPY).confirmed
    _first, *torn, last = virtual.strips
    assert last.cut and last.codes == NUMBER_TWICE and last.is_copy
    assert all(not strip.cut and not strip.is_copy for strip in torn) and len(torn) <= 1
    assert not virtual.strays and not virtual.kicks


def test_a_printer_that_hangs_in_mid_receipt_may_have_printed(virtual: VirtualPrinter) -> None:
    virtual.mute_after = 30_000
    error = _failed(_impatient(virtual))
    assert isinstance(error, PrinterNoAnswerError)
    assert error.bytes_sent == error.bytes_total and error.may_have_printed


def test_a_cheap_printer_that_cannot_confirm_is_believed_when_it_is_well(virtual: VirtualPrinter) -> None:
    virtual.set_condition(knows_gs_r=False)
    seconds = itertools.count(step=0.5)
    printer = _impatient(virtual, clock=lambda: next(seconds) / 10)
    assert printer.print_page(ORIGINAL) == PrintOutcome(confirmed=False, status=PrinterStatus.OK)
    assert virtual.receipts[0].codes == NUMBER_TWICE
    sworn = open_printer(virtual.setting("confirm=off"))
    assert sworn.print_page(COPY) == PrintOutcome(confirmed=False, status=PrinterStatus.OK)


def test_a_printer_never_asked_takes_a_page_on_trust(virtual: VirtualPrinter) -> None:
    virtual.mute = True
    outcome = open_printer(virtual.setting("status=off")).print_page(ORIGINAL)
    assert outcome == PrintOutcome(confirmed=False, status=PrinterStatus.SILENT)


def test_each_drawer_has_its_pin_and_its_sensor_is_believed(virtual: VirtualPrinter) -> None:
    printer = open_printer(virtual.setting("drawer=high"))
    assert printer.kick_drawer() is DrawerAnswer.OPENED
    assert printer.kick_drawer(DrawerPin.PIN_5) is DrawerAnswer.OPENED
    assert virtual.kicks == [0, 1] and virtual.kicks_in_real_time == []


def test_an_unplugged_drawer_is_seen_not_to_open(virtual: VirtualPrinter) -> None:
    virtual.unplug_drawer()
    settings = EscposSettings(drawer_open_level=True, light_answer_s=0.1, poll_s=0.05)
    printer = EscposPrinter(TcpTransport("127.0.0.1", virtual.port), settings)
    assert printer.kick_drawer() is DrawerAnswer.NOT_OPENED


def test_the_drawer_opens_though_the_paper_is_out(virtual: VirtualPrinter) -> None:
    virtual.load_paper(0)
    assert open_printer(virtual.setting("drawer=high")).kick_drawer() is DrawerAnswer.OPENED
    assert virtual.kicks == virtual.kicks_in_real_time == [0]


def test_two_receipts_at_once_come_out_one_after_the_other(virtual: VirtualPrinter) -> None:
    shared, other = (open_printer(virtual.setting("paper=58")) for _ in range(2))
    outcomes: list[PrintOutcome] = []
    threads = [
        Thread(target=lambda p=p: outcomes.append(p.print_page(ORIGINAL))) for p in (shared, shared, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.confirmed for outcome in outcomes] == [True] * 3
    assert [(strip.cut, strip.codes) for strip in virtual.strips] == [(True, NUMBER_TWICE)] * 3
