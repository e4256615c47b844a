"""Labels from a receipt printer, for a shop without a label printer: each one a page of dots that is cut off.

Decides how a label becomes a page and that one label is one job. The bytes are `escpos`'s.
"""

from collections.abc import Sequence

from pos_app.documents.dots import Raster
from pos_app.documents.sheets import RollFormat
from pos_app.services.ports.devices import Printer, PrinterStatus, PrintOutcome


class EscposLabels:
    """A `LabelPrinter` on a receipt printer."""

    at_once = 1

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    def status(self) -> PrinterStatus:
        """Ask the printer; never raises."""
        return self._printer.status()

    def print_labels(self, labels: Sequence[tuple[Raster, int]], form: RollFormat) -> PrintOutcome:
        """Print and cut each label; raise NoRoomError for one wider than the paper, before anything is sent."""
        # The page of a label draws with Pillow, which the first job loads and not the start of the till.
        from pos_app.documents.renderers.label_raster import label_page

        pages = [(label_page(label, self._printer.paper), copies) for label, copies in labels]
        outcome = PrintOutcome(confirmed=False, status=PrinterStatus.SILENT)
        for page, copies in pages:
            for _ in range(copies):
                outcome = self._printer.print_page(page)
        return outcome
