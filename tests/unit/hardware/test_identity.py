"""A printer that was unplugged and plugged in elsewhere is found by its number, and never taken for another one."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_app.documents.page import Page, Paper, Text
from pos_app.hardware import discovery, identity
from pos_app.hardware.discovery import elsewhere, find_printers
from pos_app.hardware.identity import Identity
from pos_app.hardware.opening import open_printer
from pos_app.services.ports.devices import PrinterNoAnswerError, PrinterStatus

Plug = Callable[..., Path]
HELLO = Page((Text("你好"),))


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Return what plugs a USB printer into a Linux machine: its device file and what sysfs says of it."""
    devices, classes = tmp_path / "dev", tmp_path / "class"
    devices.mkdir()
    monkeypatch.setattr(identity, "LP_FOLDER", devices)
    monkeypatch.setattr(identity, "LP_CLASS", classes)

    def plug_in(name: str, number: str | None = "A1", product: str = "0e15") -> Path:
        device = tmp_path / "bus" / name
        interface = device / f"{name}:1.0"
        interface.mkdir(parents=True)
        (device / "idVendor").write_text("04B8\n")
        (device / "idProduct").write_text(f"{product}\n")
        if number is not None:
            (device / "serial").write_text(f"{number}\n")
        (classes / name).mkdir(parents=True)
        (classes / name / "device").symlink_to(interface)
        (devices / name).touch()
        return devices / name

    return plug_in


def _setting(path: Path, number: str = "A1") -> str:
    return f"file:{path.as_posix()}?cut=full&id=04b8:0e15:{number}"


def test_it_is_offered_with_its_identity(plug: Plug) -> None:
    path = plug("lp0")
    assert (f"file:{path}?id=04b8%3A0e15%3AA1", str(path)) in find_printers()


def test_at_another_place_it_prints_by_itself(plug: Plug, tmp_path: Path) -> None:
    now = plug("lp1")
    assert open_printer(_setting(tmp_path / "dev" / "lp0")).print_page(HELLO).status is PrinterStatus.SILENT
    assert now.stat().st_size > 0 and not (tmp_path / "dev" / "lp0").exists()


def test_nothing_is_printed_on_another_printer_at_the_old_place(plug: Plug) -> None:
    other = plug("lp0", "B2")
    printer = open_printer(_setting(other))
    assert printer.status() is PrinterStatus.NO_ANSWER
    with pytest.raises(PrinterNoAnswerError):
        printer.print_page(HELLO)
    assert other.stat().st_size == 0


def test_one_without_a_number_is_used_where_it_was_and_offered_elsewhere(plug: Plug, tmp_path: Path) -> None:
    there = plug("lp3", None)
    gone = _setting(tmp_path / "dev" / "lp0", "")
    assert open_printer(gone).status() is PrinterStatus.NO_ANSWER
    offered = elsewhere(gone)
    assert offered is not None and offered[1] == str(there)
    assert "cut=full" in offered[0], "what the shop said of it comes along"
    assert open_printer(offered[0]).print_page(HELLO).status is PrinterStatus.SILENT
    assert there.stat().st_size > 0


def test_all_that_the_shop_said_of_it_comes_along(plug: Plug, tmp_path: Path) -> None:
    there = plug("lp3", None)
    gone = f"file:{tmp_path}/dev/lp0?paper=58&status=off&drawer=high&id=04b8:0e15:&feed=6"
    offered = elsewhere(gone)
    assert offered is not None
    assert offered[0] == f"file:{there}?id=04b8%3A0e15%3A&paper=58&status=off&drawer=high&feed=6"
    assert open_printer(offered[0]).paper is Paper.MM58


def test_one_of_another_kind_is_not_offered_nor_one_of_two(plug: Plug, tmp_path: Path) -> None:
    plug("lp2", None, product="ffff")
    gone = _setting(tmp_path / "dev" / "lp0", "")
    assert elsewhere(gone) is None
    plug("lp3", None)
    plug("lp4", None)
    assert elsewhere(gone) is None


def test_one_that_is_where_it_was_is_only_switched_off(plug: Plug) -> None:
    path = plug("lp0", None)
    assert elsewhere(_setting(path, "")) is None


def test_a_serial_line_is_followed_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [_port("COM1", None), _port("COM7", "Z9")]
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: ports)
    assert identity.serial_ports() == {"COM1": None, "COM7": Identity("1a86:7523", "Z9")}
    opened: list[str] = []

    def no_line(port: str, *_args: object, **_more: object) -> None:
        opened.append(port)
        raise OSError("this machine has no such line")

    monkeypatch.setattr("serial.Serial", no_line)
    assert open_printer("serial:COM3?id=1a86:7523:Z9").status() is PrinterStatus.NO_ANSWER
    assert opened == ["COM7"]
    assert open_printer("serial:COM7?id=1a86:7523:Q1").status() is PrinterStatus.NO_ANSWER
    assert opened == ["COM7"], "another device is there: it is left alone"


def test_a_printer_of_windows_in_another_socket_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [("spool:XP-80C%20%28%E5%89%AF%E6%9C%AC%201%29", "XP-80C (副本 1)"), ("spool:Fax", "Fax")]
    monkeypatch.setattr(discovery, "_windows", lambda: iter(seen))
    assert elsewhere("spool:XP-80C?feed=6") == (seen[0][0] + "?feed=6", seen[0][1])
    assert elsewhere("tcp://192.168.1.50") is None


def _port(device: str, number: str | None) -> SimpleNamespace:
    known = number is not None
    return SimpleNamespace(
        device=device,
        hwid="USB VID:PID=1A86:7523" if known else "PNP0501",
        vid=0x1A86 if known else None,
        pid=0x7523 if known else None,
        serial_number=number,
    )
