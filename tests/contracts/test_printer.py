"""What every printer promises, whatever it hangs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.documents.page import Code, Page, Paper, Symbology, Text
from pos_app.domain.errors import InvalidValueError
from pos_app.hardware.drawer import PrinterDrawer
from pos_app.hardware.null import NullDrawer
from pos_app.hardware.opening import open_printer
from pos_app.services.ports.devices import Drawer, DrawerAnswer, DrawerPin, Printer, PrinterStatus
from tests.support.virtual_printer import VirtualPrinter

HELLO = Page((Text("你好"), Code(Symbology.QR, "N01-1-2026-000001")))


OPTIONS = {"tcp that is never asked": "&status=off", "tcp with its own font": "&text=gb18030&latin=cp858"}


@pytest.fixture(params=["tcp", *OPTIONS, "file", "none"])
def printer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Printer]:
    """Yield one printer of each kind, with 58 mm paper."""
    if request.param.startswith("tcp"):
        with VirtualPrinter() as virtual:
            virtual.put_in_font("gb18030")
            yield open_printer(virtual.setting("paper=58" + OPTIONS.get(request.param, "")))
    elif request.param == "file":
        yield open_printer(f"file:{(tmp_path / 'lp0').as_posix()}?paper=58")
    else:
        yield open_printer("none?paper=58")


def test_it_says_which_paper_it_holds(printer: Printer) -> None:
    assert printer.paper is Paper.MM58


def test_a_healthy_printer_takes_a_page_and_says_how_it_is(printer: Printer) -> None:
    outcome = printer.print_page(HELLO)
    assert outcome.status in (PrinterStatus.OK, PrinterStatus.SILENT)
    assert outcome.confirmed == (outcome.status is PrinterStatus.OK)
    assert printer.status() is outcome.status and outcome.status.prints


def test_it_takes_page_after_page(printer: Printer) -> None:
    assert printer.print_page(HELLO) == printer.print_page(HELLO)


def test_an_empty_page_is_taken_too(printer: Printer) -> None:
    assert printer.print_page(Page(())).status.prints


def test_it_prints_its_charsets_for_a_person_to_choose(printer: Printer) -> None:
    assert printer.print_text_samples() == printer.print_page(HELLO)


@pytest.mark.parametrize("pin", [*DrawerPin, None])
def test_both_drawers_can_be_kicked(printer: Printer, pin: DrawerPin | None) -> None:
    assert printer.kick_drawer(pin) is DrawerAnswer.NOT_SEEN


def test_a_drawer_opens_through_its_printer_or_with_a_key(printer: Printer) -> None:
    drawers: list[Drawer] = [PrinterDrawer(printer, DrawerPin.PIN_5), NullDrawer()]
    assert [drawer.open() for drawer in drawers] == [DrawerAnswer.NOT_SEEN] * 2


@pytest.mark.parametrize("kind", ["tcp", "file"])
def test_a_page_with_an_impossible_code_is_refused_before_a_byte_goes_out(kind: str, tmp_path: Path) -> None:
    bad = Page((Text("价签"), Code(Symbology.EAN13, "6901234567891")))
    with VirtualPrinter() as virtual:
        path = tmp_path / "lp0"
        printer = open_printer(virtual.setting() if kind == "tcp" else f"file:{path.as_posix()}")
        with pytest.raises(InvalidValueError):
            printer.print_page(bad)
        assert virtual.received == 0 and not path.exists()


@pytest.mark.parametrize(
    ("options", "pulse"),
    [
        ("pin=5&on=50&off=200", b"\x1bp\x01\x19\x64"),
        ("kick=1B700119FA", b"\x1bp\x01\x19\xfa"),
        ("", b"\x1bp\x00\x3c\xfa"),
    ],
)
def test_the_drawer_is_kicked_as_the_setting_says(options: str, pulse: bytes, tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    open_printer(f"file:{path.as_posix()}?{options}").kick_drawer()
    assert path.read_bytes() == pulse
    with VirtualPrinter() as virtual:
        printer = open_printer(virtual.setting(options))
        printer.kick_drawer()
        assert printer.status() is PrinterStatus.OK, "it has done what it was told before"
        assert virtual.kicks == [pulse[2]] and not virtual.strays
