"""A label printer that speaks TSPL, as TSC, Gprinter 佳博, Xprinter 芯烨 and many others do.

Decides the bytes of a job (SIZE, GAP, DIRECTION, REFERENCE, CLS, BITMAP, PRINT), what a status byte means, and how far
a job got when a channel fails. Labels go out as dots: no text of a user is ever a word of a command. Source: TSC,
"TSPL/TSPL2 Programming Language", the commands of these names and <ESC>!?; in a BITMAP a bit of 0 is black.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from pos_app.documents.dots import Raster
from pos_app.documents.layout import DOTS_PER_MM
from pos_app.documents.sheets import RollFormat
from pos_app.domain.errors import InvalidValueError
from pos_app.hardware.transports import Channel, Transport
from pos_app.services.ports.devices import (
    CoverOpenError,
    PaperOutError,
    PrinterError,
    PrinterFaultError,
    PrinterNoAnswerError,
    PrinterOfflineError,
    PrinterStatus,
    PrintOutcome,
)

MOST_COPIES = 999
"""Copies of one label in a job: more is a slip of the keyboard, not an order."""
ASK_STATE = b"\x1b!?"
"""Answered at once with one byte, also while it prints."""
_END = b"\r\n"

# A printer obeys what begins with <ESC>! even inside picture bytes: reset, pause, status, cancel.
_IMMEDIATE = re.compile(rb"\x1b(?=!)")

_CAUSES = (
    (0x01, PrinterStatus.COVER_OPEN),
    (0x40, PrinterStatus.COVER_OPEN),
    (0x04, PrinterStatus.PAPER_OUT),
    (0x02, PrinterStatus.FAULT),
    (0x08, PrinterStatus.FAULT),
    (0x80, PrinterStatus.FAULT),
    (0x10, PrinterStatus.OFFLINE),
)
"""Bits of the status byte: head open, cover open, out of paper, paper jam, out of ribbon, another fault, paused.

Bit 0x20 says that it is printing, which is no trouble.
"""
_ERRORS: dict[PrinterStatus, type[PrinterError]] = {
    PrinterStatus.PAPER_OUT: PaperOutError,
    PrinterStatus.COVER_OPEN: CoverOpenError,
    PrinterStatus.FAULT: PrinterFaultError,
    PrinterStatus.NO_ANSWER: PrinterNoAnswerError,
}


@dataclass(frozen=True, slots=True)
class TsplSettings:
    """What a shop can say of its label printer.

    `upside_down` turns labels by half a turn. `density` 0-15 is how dark it burns, None leaves it as it is set.
    `asks`: it answers <ESC>!?, within `answer_s` seconds.
    """

    upside_down: bool = False
    density: int | None = None
    asks: bool = True
    answer_s: float = 2.0


def job(label: Raster, form: RollFormat, copies: int, settings: TsplSettings) -> bytes:
    """Return the bytes that print a label `copies` times (1-999).

    Raises InvalidValueError for another count, or a raster that has not the size of the roll's labels.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise InvalidValueError(field="label_copies", text=str(copies))
    size = form.width_um * DOTS_PER_MM // 1000, form.height_um * DOTS_PER_MM // 1000
    if (label.width, label.height) != size:
        raise InvalidValueError(field="label_size", text=f"{label.width} x {label.height}")
    lines = [
        f"SIZE {_mm(form.width_um)} mm,{_mm(form.height_um)} mm",
        f"GAP {_mm(form.gap_um)} mm,0 mm",
        f"DIRECTION {0 if settings.upside_down else 1}",
        "REFERENCE 0,0",
    ]
    if settings.density is not None:
        lines.append(f"DENSITY {settings.density}")
    lines.append("CLS")
    # An empty line first: it ends whatever half a command an aborted job left behind.
    head = b"".join(line.encode("ascii") + _END for line in ("", *lines))
    bitmap = f"BITMAP 0,0,{label.stride},{label.height},0,".encode("ascii")
    return head + bitmap + _burnt(label) + _END + f"PRINT 1,{copies}".encode("ascii") + _END


def _mm(um: int) -> str:
    """Write micrometres as millimetres without needless zeros."""
    whole, part = divmod(um, 1000)
    return f"{whole}.{part:03d}".rstrip("0") if part else str(whole)


def _burnt(label: Raster) -> bytes:
    """Return the dots as TSPL has them: 0 is ink, and what pads a row to whole bytes is white.

    A raster's own padding is no ink, so turning every bit round makes it white.
    """
    dots = bytes(255 - byte for byte in label.rows)
    # One dot of ink beside others: 0x1B becomes 0x19, and the picture holds no command.
    return _IMMEDIATE.sub(b"\x19", dots)


def state_of(answer: int) -> PrinterStatus:
    """Read the byte that answers <ESC>!?; the cause a person can mend first comes first."""
    return next((status for bit, status in _CAUSES if answer & bit), PrinterStatus.OK)


class TsplPrinter:
    """A label printer over any transport. Safe from several threads: one job at a time."""

    at_once = 10
    """Copies of a job: what a roll that ends in the middle of it may leave in doubt, a hand's breadth of labels."""

    def __init__(self, transport: Transport, settings: TsplSettings) -> None:
        self._transport, self._settings = transport, settings
        self._lock = Lock()
        self._asks = settings.asks and transport.speaks_back

    def status(self) -> PrinterStatus:
        """Ask the printer; never raises: NO_ANSWER when it is not there, SILENT when it cannot speak."""
        with self._lock:
            try:
                channel = self._transport.open()
            except OSError:
                return PrinterStatus.NO_ANSWER
            try:
                return self._state(channel)
            except OSError:
                return PrinterStatus.NO_ANSWER
            finally:
                channel.close()

    def print_labels(self, labels: Sequence[tuple[Raster, int]], form: RollFormat) -> PrintOutcome:
        """Print each label as often as its number says, in order.

        Raises InvalidValueError as `job` does, before anything is sent, and a PrinterError that says how far it got.
        """
        jobs = [job(label, form, copies, self._settings) for label, copies in labels]
        total = sum(map(len, jobs))
        with self._lock:
            try:
                channel = self._transport.open()
            except OSError as problem:
                raise PrinterNoAnswerError(bytes_total=total) from problem
            try:
                return self._print(channel, jobs, total)
            finally:
                channel.close()

    def _print(self, channel: Channel, jobs: list[bytes], total: int) -> PrintOutcome:
        sent = 0
        state = PrinterStatus.SILENT
        try:
            for part in jobs:
                state = self._state(channel)
                if not state.prints:
                    raise _error(state, sent, total)
                for taken in _written(channel, part):
                    sent += taken
            state = self._state(channel)
        except OSError as problem:
            raise PrinterNoAnswerError(bytes_sent=sent, bytes_total=total) from problem
        if not state.prints:
            raise _error(state, sent, total)
        # It says what it is doing, never that the last label came out.
        return PrintOutcome(confirmed=False, status=state)

    def _state(self, channel: Channel) -> PrinterStatus:
        if not self._asks:
            return PrinterStatus.SILENT
        for _ in _written(channel, ASK_STATE):
            pass
        answer = channel.read(self._settings.answer_s)
        return state_of(answer[-1]) if answer else PrinterStatus.NO_ANSWER


def _error(state: PrinterStatus, sent: int, total: int) -> PrinterError:
    return _ERRORS.get(state, PrinterOfflineError)(bytes_sent=sent, bytes_total=total)


def _written(channel: Channel, part: bytes) -> Iterator[int]:
    """Write all of it, yielding how many bytes went out each time; OSError when the channel is stuck or gone."""
    view = memoryview(part)
    while view:
        taken = channel.write(bytes(view))
        view = view[taken:]
        yield taken
