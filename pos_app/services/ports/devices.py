"""Devices at the counter: what a printer and a cash drawer promise, and how they fail.

Decides the shapes only; `pos_app.hardware` implements them. Every call may block for seconds: run it on the
device's lane, never on the GUI thread. A failure here never changes a sale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from pos_app.documents.dots import Raster
from pos_app.documents.page import Page, Paper
from pos_app.documents.sheets import RollFormat
from pos_app.domain.errors import ExpectedError, UnavailableError


class PrinterStatus(StrEnum):
    """What a printer says of itself; each has a text `devices.status.<value>`."""

    OK = "ok"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    FAULT = "fault"
    NO_ANSWER = "no_answer"
    SILENT = "silent"
    """It takes data but cannot speak back (a file, a spooler): nothing is known."""

    @property
    def prints(self) -> bool:
        """Whether a job may be started."""
        return self in (PrinterStatus.OK, PrinterStatus.PAPER_LOW, PrinterStatus.SILENT)


class DrawerPin(StrEnum):
    """The two drawers that one printer can kick, by the pin of its connector."""

    PIN_2 = "2"
    PIN_5 = "5"


class DrawerAnswer(StrEnum):
    """What was seen of a drawer after it was kicked."""

    OPENED = "opened"
    NOT_OPENED = "not_opened"
    NOT_SEEN = "not_seen"
    """The drawer has no sensor, or the printer does not say."""


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """A job that went out whole.

    `confirmed`: the printer said, after the last byte, that it had printed everything before; without it the
    printer is healthy or cannot speak. `status` is what it said last.
    """

    confirmed: bool
    status: PrinterStatus


class PrinterError(UnavailableError):
    """The printer did not take the job, or not all of it.

    `bytes_sent` of `bytes_total` had been handed to the device: when it is not 0, paper may carry a part or the
    whole, so the next print of the same document must be marked as a copy.
    """

    code: ClassVar[str] = "devices.printer.offline"
    status: ClassVar[PrinterStatus] = PrinterStatus.OFFLINE

    def __init__(self, *, bytes_sent: int = 0, bytes_total: int = 0, **params: object) -> None:
        super().__init__(bytes_sent=bytes_sent, bytes_total=bytes_total, **params)
        self.bytes_sent = bytes_sent
        self.bytes_total = bytes_total

    @property
    def may_have_printed(self) -> bool:
        """Whether something of the document may be on paper."""
        return self.bytes_sent > 0


class PrinterOfflineError(PrinterError):
    """It answers and says that it is off line (a key was pressed, it is busy with itself)."""


class PrinterNoAnswerError(PrinterError):
    """Nothing answers: switched off, unplugged, wrong address, or hung."""

    code = "devices.printer.no_answer"
    status = PrinterStatus.NO_ANSWER


class PaperOutError(PrinterError):
    """The roll is at its end."""

    code = "devices.printer.paper_out"
    status = PrinterStatus.PAPER_OUT


class CoverOpenError(PrinterError):
    """The cover is open."""

    code = "devices.printer.cover_open"
    status = PrinterStatus.COVER_OPEN


class PrinterFaultError(PrinterError):
    """The cutter or the head reports a fault."""

    code = "devices.printer.fault"
    status = PrinterStatus.FAULT


class DeviceSettingError(ExpectedError):
    """A device setting cannot be read; `text` is the setting."""

    code = "devices.error.setting"


class Printer(Protocol):
    """One receipt printer."""

    @property
    def paper(self) -> Paper:
        """The roll it holds."""

    def status(self) -> PrinterStatus:
        """Ask the printer; never raises: a printer that is not there is NO_ANSWER."""

    def print_page(self, page: Page) -> PrintOutcome:
        """Print and cut a page; raise a PrinterError that says how far it got, InvalidValueError for a bad code."""

    def print_text_samples(self) -> PrintOutcome:
        """Print every charset that a printer may have of its own, numbered; raise as `print_page`."""

    def kick_drawer(self, pin: DrawerPin | None = None) -> DrawerAnswer:
        """Open the drawer that hangs on the printer; raise a PrinterError when the printer cannot be reached.

        Without a pin, in the way that the printer's setting says.
        """


class LabelPrinter(Protocol):
    """One printer of labels from a roll."""

    @property
    def at_once(self) -> int:
        """How many copies of a label go out as one job, which is printed whole or not at all."""

    def status(self) -> PrinterStatus:
        """Ask the printer; never raises: a printer that is not there is NO_ANSWER."""

    def print_labels(self, labels: Sequence[tuple[Raster, int]], form: RollFormat) -> PrintOutcome:
        """Print each label as often as its number says; raise a PrinterError that says how far it got.

        Raises InvalidValueError for a label that has not the size of the roll, or no room on the paper.
        """


class Drawer(Protocol):
    """One cash drawer."""

    def open(self) -> DrawerAnswer:
        """Open it; raise UnavailableError when whatever drives it cannot be reached."""
