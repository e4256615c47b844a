"""Devices that are not there: a shop without a printer or a drawer sells all the same."""

from collections.abc import Sequence

from pos_app.documents.dots import Raster
from pos_app.documents.page import Page, Paper
from pos_app.documents.sheets import RollFormat
from pos_app.services.ports.devices import DrawerAnswer, DrawerPin, PrinterStatus, PrintOutcome


class NullPrinter:
    """Takes every page and prints none."""

    def __init__(self, paper: Paper = Paper.MM80) -> None:
        self._paper = paper

    @property
    def paper(self) -> Paper:
        """The roll that previews are drawn for."""
        return self._paper

    def status(self) -> PrinterStatus:
        """Say that nothing is known."""
        return PrinterStatus.SILENT

    def print_page(self, page: Page) -> PrintOutcome:
        """Drop the page."""
        return PrintOutcome(confirmed=False, status=PrinterStatus.SILENT)

    def print_text_samples(self) -> PrintOutcome:
        """Drop them."""
        return PrintOutcome(confirmed=False, status=PrinterStatus.SILENT)

    def kick_drawer(self, pin: DrawerPin | None = None) -> DrawerAnswer:
        """Do nothing."""
        return DrawerAnswer.NOT_SEEN


class NullLabelPrinter:
    """Takes every label and prints none."""

    at_once = 999

    def status(self) -> PrinterStatus:
        """Say that nothing is known."""
        return PrinterStatus.SILENT

    def print_labels(self, labels: Sequence[tuple[Raster, int]], form: RollFormat) -> PrintOutcome:
        """Drop the labels."""
        return PrintOutcome(confirmed=False, status=PrinterStatus.SILENT)


class NullDrawer:
    """A drawer that is opened with a key."""

    def open(self) -> DrawerAnswer:
        """Do nothing."""
        return DrawerAnswer.NOT_SEEN
