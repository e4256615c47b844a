"""Which printers this machine has, as settings that `opening` understands.

Decides where to look: device files, USB printers (class 7), serial ports, the printers of Windows. A place that
cannot be looked at is passed over in silence: finding nothing is no failure, the address can be typed. Takes up to
a second; run it on a lane. The libraries are loaded here, when somebody asks, and not before.
"""

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
    folder = Path("/dev/usb")
    if folder.is_dir():
        for path in sorted(folder.glob("lp*")):
            yield f"file:{path}", str(path)


def _usb() -> Iterator[Found]:
    import usb.core

    for device in usb.core.find(find_all=True) or ():
        if any(each.bInterfaceClass == _PRINTER_CLASS for config in device for each in config):
            address = f"usb://{device.idVendor:04x}:{device.idProduct:04x}"
            yield address, f"USB {device.idVendor:04x}:{device.idProduct:04x}"


def _serial() -> Iterator[Found]:
    from serial.tools.list_ports import comports

    for port in comports():
        # A port without hardware behind it (the dozens of ttyS of Linux) is no printer.
        if port.hwid and port.hwid != "n/a":
            yield f"serial:{port.device}", f"{port.device} {port.description or ''}".strip()


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
