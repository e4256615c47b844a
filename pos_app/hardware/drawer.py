"""A cash drawer on the connector of a receipt printer.

Decides nothing: the printer kicks it.
"""

from pos_app.services.ports.devices import DrawerAnswer, DrawerPin, Printer


class PrinterDrawer:
    """A `Drawer` that a printer opens."""

    def __init__(self, printer: Printer, pin: DrawerPin | None = None) -> None:
        self._printer, self._pin = printer, pin

    def open(self) -> DrawerAnswer:
        """Kick it; raise a PrinterError when the printer cannot be reached."""
        return self._printer.kick_drawer(self._pin)
