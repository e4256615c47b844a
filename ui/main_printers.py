"""The printers that a till's settings name, and what pages need to find, try and use them.

Decides that two who print on one device share one object, which has a lock and remembers its state.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from pos_app.domain.printer_options import address_of
from pos_app.services.ports.devices import LabelPrinter, Printer
from pos_app.services.shop import Shop

if TYPE_CHECKING:
    from ui.labels.doors import LabelDoors
    from ui.settings.presenter import PrinterDoors
    from ui.till import Till


def label_doors(till: "Till") -> "LabelDoors":
    """Return what the page of labels needs to print them, on a lane of its own."""
    from ui.labels.doors import LabelDoors

    printer = OneLabelPrinter(till.parts.shop, till.parts.open_printer)
    return LabelDoors(device=till.lanes.lane("device:labels"), open=printer.open)


def printers_of(till: "Till") -> "PrinterDoors":
    """Return what the settings page needs to find printers and to try one before it is saved."""
    from pos_app.documents.page import Paper
    from pos_app.hardware.discovery import find_printers
    from pos_app.hardware.opening import open_label_printer, open_printer
    from ui.settings.presenter import PrinterDoors

    return PrinterDoors(
        device=till.lanes.lane("device:printer"),
        open=lambda settings: open_printer(settings.printer, Paper.of(settings.paper_mm)),
        find=find_printers,
        labels=till.lanes.lane("device:labels"),
        open_labels=lambda settings: open_label_printer(
            settings.label_printer, settings.label_kind, Paper.of(settings.paper_mm)
        ),
    )


def elsewhere(setting: str) -> tuple[str, str] | None:
    """Look where a printer that does not answer may be now; on its lane. Libraries of devices are loaded then."""
    from pos_app.hardware.discovery import elsewhere as look

    return look(setting)


class OneLabelPrinter:
    """The label printer that the settings name; a receipt printer that also prints labels is the very same object."""

    def __init__(self, shop: Shop, receipts: "Callable[[], Printer]") -> None:
        self._shop, self._receipts = shop, receipts

    def open(self) -> LabelPrinter:
        """Return the printer; raise DeviceSettingError. On the labels' lane only."""
        from pos_app.documents.page import Paper
        from pos_app.hardware.escpos_labels import EscposLabels
        from pos_app.hardware.opening import open_label_printer

        settings = self._shop.current.value
        same = address_of(settings.label_printer) == address_of(settings.printer) != "none"
        if settings.label_kind == "escpos" and same:
            # Two that write to one device would mix their bytes; one has a lock.
            return EscposLabels(self._receipts())
        return open_label_printer(settings.label_printer, settings.label_kind, Paper.of(settings.paper_mm))


class OnePrinter:
    """The printer that the settings name; one object as long as the setting stays, since it remembers its state."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._named: tuple[str, int] | None = None
        self._printer: Printer | None = None
        self._lock = Lock()

    def open(self) -> Printer:
        """Return the printer; raise DeviceSettingError. On a lane of a device only."""
        from pos_app.documents.page import Paper
        from pos_app.hardware.opening import open_printer

        settings = self._shop.current.value
        named = (settings.printer, settings.paper_mm)
        with self._lock:
            if self._printer is None or named != self._named:
                self._printer = open_printer(settings.printer, Paper.of(settings.paper_mm))
                self._named = named
            return self._printer
