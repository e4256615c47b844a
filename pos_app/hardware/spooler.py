"""The Windows print spooler, RAW: the way to a USB printer that has a Windows driver.

Decides nothing but the calls (winspool.drv: OpenPrinterW, StartDocPrinterW, WritePrinter; Microsoft Learn,
"Sending Raw Data to a Printer"). The spooler does not speak back: what it accepted counts as sent.
"""

import ctypes
from dataclasses import dataclass
from typing import Any

from pos_app.hardware.transports import Channel


class _DocInfo(ctypes.Structure):
    """DOC_INFO_1W."""

    _fields_ = (
        ("pDocName", ctypes.c_wchar_p),
        ("pOutputFile", ctypes.c_wchar_p),
        ("pDatatype", ctypes.c_wchar_p),
    )


def winspool() -> Any:
    """Return the spooler's library; raise OSError on any other system."""
    loader = getattr(ctypes, "WinDLL", None)
    if loader is None:
        raise OSError("the Windows spooler is on Windows only")
    return loader("winspool.drv", use_last_error=True)


@dataclass(frozen=True, slots=True)
class SpoolTransport:
    """A printer by its name in Windows."""

    name: str
    speaks_back: bool = False

    def open(self) -> Channel:
        """Start one RAW document; it prints when the channel closes."""
        return SpoolChannel(winspool(), self.name)


class SpoolChannel:
    """One RAW document on a spooler library."""

    def __init__(self, library: Any, name: str) -> None:
        self._library, self._handle = library, ctypes.c_void_p()
        if not library.OpenPrinterW(ctypes.c_wchar_p(name), ctypes.byref(self._handle), None):
            raise OSError("no such Windows printer")
        document = _DocInfo("Shuke", None, "RAW")
        if not library.StartDocPrinterW(self._handle, 1, ctypes.byref(document)):
            library.ClosePrinter(self._handle)
            raise OSError("the spooler does not take the document")

    def write(self, chunk: bytes) -> int:
        """Hand bytes to the spooler; raise OSError when it takes none."""
        taken = ctypes.c_uint32(0)
        done = self._library.WritePrinter(self._handle, chunk, len(chunk), ctypes.byref(taken))
        if not done or not taken.value:
            raise OSError("the spooler takes no data")
        return int(taken.value)

    def read(self, timeout_s: float) -> bytes:
        """Return nothing: a spooler does not speak back."""
        return b""

    def close(self) -> None:
        """End the document, which sends it to the printer."""
        self._library.EndDocPrinter(self._handle)
        self._library.ClosePrinter(self._handle)
