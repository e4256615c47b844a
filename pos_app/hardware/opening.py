"""From one line of settings to a printer.

    tcp://192.168.1.50:9100        network
    usb://04b8:0e15                USB, by vendor and product id
    serial:COM3?baud=19200         serial line
    file:/dev/usb/lp0              device file or plain file
    spool:XP-80C                   printer of Windows, by its name
    none                           no printer

Options after ``?``: paper=58|80, status=on|off, confirm=on|off, drawer=high|low (the sensor's level when it is open),
baud, id (what tells a printer from others wherever it is plugged in, see `identity`), and those of
`domain.printer_options`: cut, feed, pin, on, off, kick, text, latin, density, speed. A label printer that speaks TSPL
takes status, baud, id, turn=on|off (labels by half a turn) and density=0..15. Decides what a setting means; opens
nothing before the first job.
"""

from pathlib import Path
from urllib.parse import parse_qsl, unquote

from pos_app.documents.page import Paper
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.printer_options import divide
from pos_app.domain.settings import LABEL_KINDS
from pos_app.hardware.escpos import EscposPrinter, EscposSettings
from pos_app.hardware.escpos_labels import EscposLabels
from pos_app.hardware.null import NullLabelPrinter, NullPrinter
from pos_app.hardware.spooler import SpoolTransport
from pos_app.hardware.transports import (
    FileTransport,
    SerialTransport,
    TcpTransport,
    Transport,
    UsbTransport,
)
from pos_app.services.ports.devices import DeviceSettingError, LabelPrinter, Printer

_CHOICES: dict[str, dict[str, object]] = {
    "paper": {"58": Paper.MM58, "80": Paper.MM80},
    "status": {"on": True, "off": False},
    "confirm": {"on": True, "off": False},
    "drawer": {"high": True, "low": False},
}
_NAMES = {"status": "asks", "confirm": "confirms", "drawer": "drawer_open_level"}
_ON_OFF = {"on": True, "off": False}
_RAW_PORT = 9100


def open_printer(setting: str, paper: Paper = Paper.MM80) -> Printer:
    """Return the printer of a setting; raise DeviceSettingError for one that cannot be read.

    `paper` is the roll of a printer whose setting does not name one.
    """
    try:
        place, handling = divide(setting)
        address, _, query = place.partition("?")
        options = dict(parse_qsl(query, strict_parsing=bool(query)))
        baud, identity = int(options.pop("baud", "9600")), options.pop("id", "")
        chosen = {_NAMES.get(name, name): _CHOICES[name][value] for name, value in options.items()}
        settings = EscposSettings(**{"paper": paper, "options": handling, **chosen})  # type: ignore[arg-type]
        if address == "none":
            return NullPrinter(settings.paper)
        return EscposPrinter(_transport(address, baud, identity), settings)
    except (ValueError, KeyError, InvalidValueError):
        raise DeviceSettingError(text=setting) from None


def open_label_printer(setting: str, kind: str = "tspl", paper: Paper = Paper.MM80) -> LabelPrinter:
    """Return the label printer of a setting; raise DeviceSettingError for one that cannot be read.

    `kind` is "tspl", or "escpos" for a receipt printer that prints labels; `paper` is such a printer's roll.
    """
    address, _, query = setting.strip().partition("?")
    if kind not in LABEL_KINDS:
        raise DeviceSettingError(text=kind)
    if address == "none":
        return NullLabelPrinter()
    if kind == "escpos":
        return EscposLabels(open_printer(setting, paper))
    # What draws labels is loaded with the first label printer, not while the till starts.
    from pos_app.hardware.tspl import TsplPrinter, TsplSettings

    try:
        options = dict(parse_qsl(query, strict_parsing=bool(query)))
        baud = int(options.pop("baud", "9600"))
        identity = options.pop("id", "")
        turned = _ON_OFF[options.pop("turn", "off")]
        asks = _ON_OFF[options.pop("status", "on")]
        density = int(options.pop("density")) if "density" in options else None
        if options or (density is not None and not 0 <= density <= 15):
            raise ValueError("no such option")
        return TsplPrinter(_transport(address, baud, identity), TsplSettings(turned, density, asks))
    except (ValueError, KeyError):
        raise DeviceSettingError(text=setting) from None


def _transport(address: str, baud: int, identity: str) -> Transport:
    """Read the address; raise ValueError when it is none."""
    kind, _, place = address.partition(":")
    place = unquote(place)
    if kind == "tcp" and place.startswith("//"):
        return _tcp(place[2:])
    if kind == "usb" and place.startswith("//"):
        vendor, _, product = place[2:].partition(":")
        return UsbTransport(int(vendor, 16), int(product, 16), serial=identity)
    if not place:
        raise ValueError("no place")
    if kind == "serial":
        return SerialTransport(place, baud, identity=identity)
    if kind == "file":
        return FileTransport(Path(place), identity=identity)
    if kind == "spool":
        return SpoolTransport(place)
    raise ValueError("no such kind of printer")


def _tcp(place: str) -> TcpTransport:
    """Read host[:port]; an IPv6 address stands in brackets."""
    if place.startswith("["):
        host, bracket, rest = place[1:].partition("]")
        port = rest.removeprefix(":")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError("no address")
    else:
        host, _, port = place.partition(":")
    number = int(port) if port else _RAW_PORT
    if not host or not 0 < number < 65536:
        raise ValueError("no address")
    return TcpTransport(host, number)
