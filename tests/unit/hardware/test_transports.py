"""Channels move bytes and fail as OSError, whatever library lies below."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pos_app.hardware.spooler import SpoolChannel, SpoolTransport
from pos_app.hardware.transports import FileTransport, SerialTransport, UsbTransport


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    for chunk in (b"one", b"two"):
        channel = FileTransport(path).open()
        assert channel.write(chunk) == 3 and channel.read(0.0) == b""
        channel.close()
    assert path.read_bytes() == b"onetwo"


def test_a_device_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        FileTransport(tmp_path / "none" / "lp0").open()


def test_a_serial_port_that_is_not_there_is_an_os_error() -> None:
    with pytest.raises(OSError):
        SerialTransport("/dev/no-such-line").open()


def test_a_serial_line_refused_for_its_speed_is_an_os_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ValueError("Not a valid baudrate")

    monkeypatch.setattr("serial.Serial", refuse)
    with pytest.raises(OSError, match="cannot be set"):
        SerialTransport("COM3", -1).open()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_a_serial_line_carries_bytes_both_ways() -> None:
    import os
    import tty

    near, far = os.openpty()
    try:
        tty.setraw(far)
        channel = SerialTransport(os.ttyname(far), 19200).open()
        assert channel.write(b"\x10\x04\x01") == 3
        assert os.read(near, 3) == b"\x10\x04\x01"
        os.write(near, b"\x12")
        assert channel.read(1.0) == b"\x12"
        assert channel.read(0.01) == b""
        assert channel.write(bytes(4096)) == 512, "a slow line takes a band in parts"
        channel.close()
    finally:
        os.close(near)
        os.close(far)


class _End:
    def __init__(self, address: int, answer: bytes | Exception = b"") -> None:
        self.bEndpointAddress, self.bmAttributes, self.taken, self._answer = address, 2, b"", answer

    def write(self, chunk: bytes, _timeout_ms: int) -> int:
        self.taken += chunk
        return len(chunk)

    def read(self, _count: int, _timeout_ms: int) -> bytes:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


class _Interface(list[_End]):
    def __init__(self, number: int, kind: int, ends: list[_End]) -> None:
        super().__init__(ends)
        self.bInterfaceNumber, self.bInterfaceClass = number, kind


class _Device(list[Any]):
    detached: tuple[int, ...] = ()

    def is_kernel_driver_active(self, _number: int) -> bool:
        return True

    def detach_kernel_driver(self, number: int) -> None:
        self.detached += (number,)


@pytest.fixture
def usb(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stand in for pyusb's bus: `device` is what hangs on it."""
    import usb.core
    import usb.util

    bus = SimpleNamespace(device=None, claimed=[], released=[], asked=[], core=usb.core)

    def find(**ids: int) -> object:
        bus.asked.append(ids)
        if isinstance(bus.device, Exception):
            raise bus.device
        return bus.device

    monkeypatch.setattr(usb.core, "find", find)
    monkeypatch.setattr(usb.util, "claim_interface", lambda _device, number: bus.claimed.append(number))
    monkeypatch.setattr(usb.util, "release_interface", lambda _device, number: bus.released.append(number))
    monkeypatch.setattr(usb.util, "dispose_resources", lambda _device: None)
    return bus


def test_a_usb_printer_is_claimed_by_its_printer_interface(usb: SimpleNamespace) -> None:
    out, back = _End(0x01), _End(0x82, b"\x12")
    usb.device = _Device([[_Interface(0, 3, []), _Interface(1, 7, [back, out])]])
    channel = UsbTransport(0x04B8, 0x0E15).open()
    assert usb.asked == [{"idVendor": 0x04B8, "idProduct": 0x0E15}]
    assert usb.claimed == [1] and usb.device.detached == (1,)
    assert channel.write(b"abc") == 3 and out.taken == b"abc"
    assert channel.read(0.1) == b"\x12"
    channel.close()
    assert usb.released == [1]


def test_a_usb_printer_that_says_nothing_in_time_says_nothing(usb: SimpleNamespace) -> None:
    quiet = _End(0x82, usb.core.USBTimeoutError("timed out"))
    usb.device = _Device([[_Interface(0, 7, [_End(0x01), quiet])]])
    assert UsbTransport(1, 2).open().read(0.1) == b""
    usb.device = _Device([[_Interface(0, 7, [_End(0x01)])]])
    assert UsbTransport(1, 2).open().read(0.1) == b""


def test_a_usb_device_missing_or_useless_is_an_os_error(usb: SimpleNamespace) -> None:
    for device in (
        None,
        usb.core.NoBackendError("no backend"),
        _Device([[]]),
        _Device([[_Interface(0, 7, [])]]),
    ):
        usb.device = device
        with pytest.raises(OSError):
            UsbTransport(1, 2).open()


class _Spooler:
    """winspool.drv as far as it is called."""

    def __init__(self, *, opens: int = 1, starts: int = 1, takes: int = 1 << 20) -> None:
        self.opens, self.starts, self.takes, self.said = opens, starts, takes, b""
        self.calls: list[str] = []

    def OpenPrinterW(self, _name: object, _handle: object, _defaults: object) -> int:  # noqa: N802
        return self.opens

    def StartDocPrinterW(self, _handle: object, _level: int, _document: object) -> int:  # noqa: N802
        return self.starts

    def WritePrinter(self, _handle: object, chunk: bytes, count: int, taken: Any) -> int:  # noqa: N802
        taken._obj.value = min(count, self.takes)
        self.said += chunk[: self.takes]
        return 1

    def EndDocPrinter(self, _handle: object) -> None:  # noqa: N802
        self.calls.append("end")

    def ClosePrinter(self, _handle: object) -> None:  # noqa: N802
        self.calls.append("close")


def test_a_windows_printer_gets_raw_bytes_and_its_document_is_ended() -> None:
    spooler = _Spooler(takes=4)
    channel = SpoolChannel(spooler, "XP-80C")
    assert channel.write(b"abcdef") == 4 and spooler.said == b"abcd"
    channel.close()
    assert spooler.calls == ["end", "close"]


def test_a_windows_printer_that_refuses_is_an_os_error() -> None:
    for spooler in (_Spooler(opens=0), _Spooler(starts=0)):
        with pytest.raises(OSError):
            SpoolChannel(spooler, "XP-80C")
    with pytest.raises(OSError):
        SpoolChannel(_Spooler(takes=0), "XP-80C").write(b"abc")


@pytest.mark.skipif(sys.platform == "win32", reason="there it exists")
def test_the_windows_spooler_elsewhere_is_an_os_error() -> None:
    with pytest.raises(OSError, match="Windows only"):
        SpoolTransport("XP-80C").open()


def test_no_device_library_is_loaded_before_a_device_is_opened() -> None:
    import subprocess

    code = (
        "import sys, pos_app.hardware.opening as o; o.open_printer('usb://1:2'); o.open_printer('serial:COM1');"
        "lazy = ('usb', 'serial', 'escpos', 'reportlab', 'segno', 'barcode', 'PIL', 'pos_app.documents.layout');"
        "print([name for name in lazy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
