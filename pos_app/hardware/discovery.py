"""Which printers this machine has, as settings that `opening` understands, and where one has gone that is not found.

Decides where to look: device files, USB printers (class 7), serial ports, the printers of Windows; and which of them
may be the one that was unplugged. One whose number is known is found by its transport, wherever it is. A place that
cannot be looked at is passed over in silence: finding nothing is no failure, the address can be typed. Takes up to
a second; run it on a lane. The libraries are loaded here, when somebody asks, and not before.
"""

import ctypes
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.printer_options import address_of, divide, unite
from pos_app.hardware.identity import Identity, device_files, serial_ports
from pos_app.hardware.transports import usb_number

Found = tuple[str, str]
"""A setting and what to call it."""
_PRINTER_CLASS = 7  # USB-IF, "Defined Class Codes".


def find_printers() -> tuple[Found, ...]:
    """Return every printer that can be seen, each as (setting, name)."""
    found: list[Found] = []
    for look in (_windows, _device_files, _usb, _serial):
        found += _seen(look)
    return tuple(found)


def _seen(look: Callable[[], Iterator[Found]]) -> list[Found]:
    try:
        return list(look())
    except Exception:  # A driver that is missing or refuses must not keep the settings page from opening.
        return []


def _device_files() -> Iterator[Found]:
    for path, identity in device_files().items():
        yield f"file:{path}{_id(identity)}", path


def _usb() -> Iterator[Found]:
    import usb.core

    for device in usb.core.find(find_all=True) or ():
        if any(each.bInterfaceClass == _PRINTER_CLASS for config in device for each in config):
            kind = f"{device.idVendor:04x}:{device.idProduct:04x}"
            number = usb_number(device)
            yield (
                f"usb://{kind}" + (f"?id={quote_plus(number)}" if number else ""),
                f"USB {kind} {number}".strip(),
            )


def _serial() -> Iterator[Found]:
    for device, identity in serial_ports().items():
        yield f"serial:{device}{_id(identity)}", f"{device} {identity.number if identity else ''}".strip()


def _id(identity: Identity | None) -> str:
    return "" if identity is None else f"?id={quote_plus(str(identity))}"


def elsewhere(setting: str) -> Found | None:
    """Return the one printer that may be the one of a setting, now at another place; None when there is none.

    Only to be asked when the printer does not answer. Nobody knows for certain: a person has to say that it is it.
    """
    try:
        place, options = divide(setting)
    except InvalidValueError:
        return None
    address = address_of(place)
    kind = address.partition(":")[0]
    look = {"serial": _serial, "file": _device_files, "usb": _usb, "spool": _windows}.get(kind)
    found = _seen(look) if look is not None else []
    if any(address_of(each) == address and _numbers_fit(each, place) for each, _ in found):
        return None  # It is where it was: it is off, or another program has it.
    alike = [each for each in found if _alike(each[0], place, kind)]
    if len(alike) != 1:
        return None
    there, name = alike[0]
    said = [pair for pair in place.partition("?")[2].split("&") if pair and not pair.startswith("id=")]
    if said:
        there += ("&" if "?" in there else "?") + "&".join(said)
    return unite(there, options), name


def _told_id(place: str) -> str:
    found = re.search(r"[?&]id=([^&]*)", place)
    return unquote(found.group(1)) if found else ""


def _numbers_fit(found: str, place: str) -> bool:
    return not _told_id(place) or _told_id(found) == _told_id(place)


def _alike(found: str, place: str, kind: str) -> bool:
    if kind == "spool":
        # Windows calls a printer in another socket "XP-80C (Copy 1)", in Chinese "XP-80C (副本 1)".
        return _plain_name(address_of(found)) == _plain_name(address_of(place))
    if kind == "usb":
        return address_of(found) == address_of(place)
    wanted, is_there = Identity.read(_told_id(place)), Identity.read(_told_id(found))
    return wanted is None or (is_there is not None and is_there.kind == wanted.kind)


def _plain_name(address: str) -> str:
    return re.sub(
        r"\s*[(（](?:copy|副本|複本)?\s*\d*[)）]$", "", unquote(address), flags=re.IGNORECASE
    ).strip()


class _PrinterInfo(ctypes.Structure):
    """PRINTER_INFO_4W (Microsoft Learn)."""

    _fields_ = (
        ("pPrinterName", ctypes.c_wchar_p),
        ("pServerName", ctypes.c_wchar_p),
        ("Attributes", ctypes.c_uint32),
    )


def _windows() -> Iterator[Found]:
    from pos_app.hardware.spooler import winspool

    library: Any = winspool()  # Raises OSError on any other system.
    local_and_connected, level = 0x2 | 0x4, 4
    needed, count = ctypes.c_uint32(0), ctypes.c_uint32(0)
    sizes = (ctypes.byref(needed), ctypes.byref(count))
    library.EnumPrintersW(local_and_connected, None, level, None, 0, *sizes)
    room = ctypes.create_string_buffer(max(needed.value, 1))
    if not library.EnumPrintersW(local_and_connected, None, level, room, needed.value, *sizes):
        return
    printers = ctypes.cast(room, ctypes.POINTER(_PrinterInfo))
    for place in range(count.value):
        name = printers[place].pPrinterName
        if name:
            yield f"spool:{quote(name)}", name
