"""One line of settings names a printer."""

from pathlib import Path

import pytest

from pos_app.documents.page import Paper
from pos_app.domain.printer_options import PrinterOptions
from pos_app.hardware.escpos import EscposPrinter, EscposSettings
from pos_app.hardware.null import NullPrinter
from pos_app.hardware.opening import open_printer
from pos_app.hardware.spooler import SpoolTransport
from pos_app.hardware.transports import FileTransport, SerialTransport, TcpTransport, Transport, UsbTransport
from pos_app.services.ports.devices import DeviceSettingError


def _opened(setting: str) -> tuple[Transport, EscposSettings]:
    printer = open_printer(setting)
    assert isinstance(printer, EscposPrinter)
    return printer._transport, printer._settings


@pytest.mark.parametrize(
    ("setting", "transport"),
    [
        ("tcp://192.168.1.50", TcpTransport("192.168.1.50", 9100)),
        ("tcp://printer.local:9101", TcpTransport("printer.local", 9101)),
        ("tcp://[fe80::1]:9100", TcpTransport("fe80::1", 9100)),
        ("usb://04b8:0e15", UsbTransport(0x04B8, 0x0E15)),
        ("serial:COM3?baud=19200", SerialTransport("COM3", 19200)),
        ("serial:/dev/ttyUSB0", SerialTransport("/dev/ttyUSB0", 9600)),
        ("file:/dev/usb/lp0", FileTransport(Path("/dev/usb/lp0"))),
        ("spool:XP-80C%20(2)", SpoolTransport("XP-80C (2)")),
    ],
)
def test_each_kind_of_connection_is_understood(setting: str, transport: Transport) -> None:
    assert _opened(setting)[0] == transport


def test_options_say_what_the_printer_can() -> None:
    _, settings = _opened("tcp://a:1?paper=58&cut=full&status=off&confirm=off&drawer=low")
    assert settings == EscposSettings(
        paper=Paper.MM58,
        options=PrinterOptions(cut="full"),
        asks=False,
        confirms=False,
        drawer_open_level=False,
    )


def test_a_shop_without_a_printer_has_a_null_one_of_its_paper() -> None:
    printer = open_printer("none?paper=58")
    assert isinstance(printer, NullPrinter) and printer.paper is Paper.MM58


def test_the_shop_s_paper_counts_where_the_setting_names_none() -> None:
    assert open_printer("tcp://a", Paper.MM58).paper is Paper.MM58
    assert open_printer("tcp://a?paper=80", Paper.of(58)).paper is Paper.MM80
    assert Paper.of(80) is Paper.MM80


@pytest.mark.parametrize(
    "setting",
    ["", "printer", "tcp://", "tcp://a:0", "tcp://a:65536", "tcp://[::1", "tcp:a", "usb://04b8", "usb://x:y", "serial:",
     "file:", "lpt://1", "none?paper=57", "tcp://a?colour=red", "tcp://a?paper", "serial:COM3?baud=fast"],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_refused_by_name(setting: str) -> None:
    with pytest.raises(DeviceSettingError) as caught:
        open_printer(setting)
    assert caught.value.params == {"text": setting}
