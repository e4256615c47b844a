"""What tells one device from another, wherever it is plugged in: maker, model and serial number of its USB.

Written ``1a86:7523:A50285BI`` in a setting; the last part is empty where a device has no number of its own, and then
it says only of which kind the device is. Decides where a device of an identity is now; opens none. Sources: what
pySerial reports of a port; on Linux the files idVendor, idProduct and serial in sysfs (Documentation/ABI/testing,
sysfs-bus-usb).
"""

from dataclasses import dataclass
from pathlib import Path

LP_CLASS = Path("/sys/class/usbmisc")
LP_FOLDER = Path("/dev/usb")


@dataclass(frozen=True, slots=True)
class Identity:
    """Maker and model in hex, and the number of this very device, "" where it has none."""

    kind: str
    number: str = ""

    @classmethod
    def read(cls, text: str) -> "Identity | None":
        """Read what `str` writes; None for nothing, or what is no identity."""
        vendor, _, rest = text.partition(":")
        product, _, number = rest.partition(":")
        return cls(f"{vendor}:{product}".lower(), number) if vendor and product else None

    @property
    def is_certain(self) -> bool:
        """Whether no other device can be taken for it."""
        return bool(self.number)

    def __str__(self) -> str:
        return f"{self.kind}:{self.number}"


def serial_ports() -> dict[str, Identity | None]:
    """Return the serial lines that hardware stands behind, each with its identity; none where it cannot be looked."""
    from serial.tools.list_ports import comports

    found: dict[str, Identity | None] = {}
    for port in comports():
        # A port without hardware behind it (the dozens of ttyS of Linux) is no printer.
        if port.hwid and port.hwid != "n/a":
            known = port.vid is not None and port.pid is not None
            kind = f"{port.vid:04x}:{port.pid:04x}" if known else ""
            found[port.device] = Identity(kind, port.serial_number or "") if known else None
    return found


def device_files() -> dict[str, Identity | None]:
    """Return the device files of USB printers, each with its identity."""
    if not LP_FOLDER.is_dir():
        return {}
    return {str(path): _of_lp(path.name) for path in sorted(LP_FOLDER.glob("lp*"))}


def _of_lp(name: str) -> Identity | None:
    # The class entry leads to the interface; the device above it has the words.
    device = (LP_CLASS / name / "device").resolve().parent
    try:
        kind = ":".join((device / part).read_text("ascii").strip() for part in ("idVendor", "idProduct"))
    except OSError:
        return None
    try:
        number = (device / "serial").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        number = ""
    return Identity(kind.lower(), number)


def place_of(wanted: str, named: str, ports: dict[str, Identity | None]) -> str:
    """Return where a device of an identity is, of the places there are; raise OSError when it is nowhere.

    One without a number is looked for at the place that is `named` only: another of its kind may be another device.
    """
    identity = Identity.read(wanted)
    if identity is None:
        return named
    if identity.is_certain:
        for place, found in ports.items():
            if found == identity:
                return place
        raise OSError("the device is not plugged in")
    if named not in ports:
        raise OSError("the device is not plugged in")
    if ports[named] is not None and ports[named] != identity:
        raise OSError("another device is plugged in there")
    return named
