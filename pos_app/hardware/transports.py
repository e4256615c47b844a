"""Ways to move bytes to a printer and back: TCP, USB, serial line, file, Windows spooler.

Decides how a channel is opened, its timeouts, and that every failure is an OSError. Knows nothing of printers'
commands. USB and serial libraries are loaded when such a device is opened, not before.
"""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pos_app.hardware.identity import device_files, place_of, serial_ports

CONNECT_S = 1.5
IO_S = 5.0
_SERIAL_CHUNK = 512


class Channel(Protocol):
    """One open way to a device. Not safe from two threads."""

    def write(self, chunk: bytes) -> int:
        """Hand over bytes; return how many were taken (at least one); raise OSError (TimeoutError when stuck)."""

    def read(self, timeout_s: float) -> bytes:
        """Return what has come, b"" when nothing came in time; raise OSError when the device is gone."""

    def close(self) -> None:
        """Let go; never raises."""


class Transport(Protocol):
    """How to reach one device; `speaks_back` says whether it can answer at all."""

    @property
    def speaks_back(self) -> bool:
        """Whether `Channel.read` can ever return something."""

    def open(self) -> Channel:
        """Open a channel; raise OSError when the device is not there."""


@dataclass(frozen=True, slots=True)
class TcpTransport:
    """A network printer (usually port 9100)."""

    host: str
    port: int
    connect_s: float = CONNECT_S
    io_s: float = IO_S
    speaks_back: bool = True

    def open(self) -> Channel:
        """Connect within `connect_s`."""
        return _TcpChannel(socket.create_connection((self.host, self.port), self.connect_s), self.io_s)


class _TcpChannel:
    def __init__(self, link: socket.socket, io_s: float) -> None:
        self._link, self._io_s = link, io_s
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, chunk: bytes) -> int:
        self._link.settimeout(self._io_s)
        return self._link.send(chunk)

    def read(self, timeout_s: float) -> bytes:
        self._link.settimeout(timeout_s)
        try:
            got = self._link.recv(64)
        except TimeoutError:
            return b""
        if not got:
            raise ConnectionResetError("the printer closed the connection")
        return got

    def close(self) -> None:
        self._link.close()


@dataclass(frozen=True, slots=True)
class FileTransport:
    """A device file (/dev/usb/lp0, LPT1) or a plain file; bytes are appended. `identity` finds it after a replug."""

    path: Path
    speaks_back: bool = False
    identity: str = ""

    def open(self) -> Channel:
        """Open for appending, without a buffer, so that a failure shows at once."""
        if not self.identity:
            return _FileChannel(self.path)
        return _FileChannel(Path(place_of(self.identity, str(self.path), device_files())))


class _FileChannel:
    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def write(self, chunk: bytes) -> int:
        return self._file.write(chunk) or 0

    def read(self, timeout_s: float) -> bytes:
        return b""

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True)
class SerialTransport:
    """A printer on a serial line, 8N1; `baud` as its self-test prints it. `identity` finds it after a replug."""

    port: str
    baud: int = 9600
    io_s: float = IO_S
    speaks_back: bool = True
    identity: str = ""

    def open(self) -> Channel:
        """Open the line with DTR and RTS raised."""
        import serial

        port = place_of(self.identity, self.port, serial_ports()) if self.identity else self.port
        try:
            line = serial.Serial(port, self.baud, timeout=self.io_s, write_timeout=self.io_s)
        except ValueError as problem:
            raise OSError(f"the serial line cannot be set: {problem}") from problem
        return _SerialChannel(line)


class _SerialChannel:
    def __init__(self, line: Any) -> None:
        self._line = line

    def write(self, chunk: bytes) -> int:
        # A whole band at 9600 baud would outlast the timeout, which is meant for a line that is stuck.
        # SerialTimeoutException is an OSError, as every failure of pyserial.
        return int(self._line.write(chunk[:_SERIAL_CHUNK]) or 0)

    def read(self, timeout_s: float) -> bytes:
        self._line.timeout = timeout_s
        return bytes(self._line.read(1))

    def close(self) -> None:
        self._line.close()


@dataclass(frozen=True, slots=True)
class UsbTransport:
    """A USB printer by vendor and product id, through libusb; on Windows use the spooler instead.

    Wherever it is plugged in; `serial` is its number, which tells it from another of its kind, "" takes the first.
    """

    vendor: int
    product: int
    io_s: float = IO_S
    speaks_back: bool = True
    serial: str = ""

    def open(self) -> Channel:
        """Claim the printer interface (class 7), taking it from the kernel's own driver if that holds it."""
        import usb.core
        import usb.util

        try:
            device = usb.core.find(idVendor=self.vendor, idProduct=self.product, **self._told())
        except usb.core.NoBackendError as problem:
            raise OSError("no libusb on this machine") from problem
        if device is None:
            raise OSError("no such USB device")
        interface = _printer_interface(device)
        number = interface.bInterfaceNumber
        try:
            if device.is_kernel_driver_active(number):
                device.detach_kernel_driver(number)
        except NotImplementedError:
            pass  # Windows and macOS have no kernel driver to take it from.
        usb.util.claim_interface(device, number)
        return _UsbChannel(device, interface, self.io_s)

    def _told(self) -> dict[str, Any]:
        return {"custom_match": lambda device: usb_number(device) == self.serial} if self.serial else {}


def usb_number(device: Any) -> str:
    """Return the serial number that a USB device tells; "" for one that tells none, or cannot be asked."""
    try:
        return str(device.serial_number or "")
    except Exception:  # libusb may not be let near a device; each backend has errors of its own.
        return ""


def _printer_interface(device: Any) -> Any:
    """Return the first interface of the printer class (USB Printer Class 1.1), else the first there is."""
    interfaces = [interface for configuration in device for interface in configuration]
    if not interfaces:
        raise OSError("the USB device has no interface")
    return next((one for one in interfaces if one.bInterfaceClass == 7), interfaces[0])


class _UsbChannel:
    def __init__(self, device: Any, interface: Any, io_s: float) -> None:
        self._device, self._number, self._io_ms = device, interface.bInterfaceNumber, int(io_s * 1000)
        bulk = [end for end in interface if end.bmAttributes & 3 == 2]
        self._out = next((end for end in bulk if not end.bEndpointAddress & 0x80), None)
        self._in = next((end for end in bulk if end.bEndpointAddress & 0x80), None)
        if self._out is None:
            raise OSError("the USB device takes no data")

    def write(self, chunk: bytes) -> int:
        assert self._out is not None
        return int(self._out.write(chunk, self._io_ms))

    def read(self, timeout_s: float) -> bytes:
        import usb.core

        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(64, max(1, int(timeout_s * 1000))))
        except usb.core.USBTimeoutError:
            return b""

    def close(self) -> None:
        import usb.util

        usb.util.release_interface(self._device, self._number)
        usb.util.dispose_resources(self._device)
