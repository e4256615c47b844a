"""ESC/POS as bytes: what is sent to a printer and what its status bytes mean.

Source: Epson, "ESC/POS Command Reference" (ESC @, ESC p, ESC d, ESC J, ESC E, ESC t, GS !, GS V, GS v 0, GS r,
GS ( K functions 49 and 50, FS &, FS ., DLE EOT, DLE DC4). Decides encodings only. Documents go out as dots, or as
characters that `escpos_text` has looked at one by one: no text of a user is ever a byte of a command.
"""

import re
from collections.abc import Iterator

from pos_app.documents.dots import Raster
from pos_app.services.ports.devices import DrawerPin, PrinterStatus

BAND_ROWS = 64
"""Rows a raster command: 8 mm, at most 4.6 kB, so that a printer with a small buffer never overflows."""

INIT = b"\x1b@"
CUT_PARTIAL = b"\x1dVB\x00"
CUT_FULL = b"\x1dVA\x00"
HAN_ON, HAN_OFF = b"\x1c&", b"\x1c."
"""FS & and FS .: whether a byte above 0x7F begins a Han character, or is a letter of the code page."""
CODE_PAGES = {"cp437": 0, "cp858": 19, "cp1252": 16}
"""The n of ESC t of each code page."""
LINE_END = b"\n"
LINE_DOTS = 30
"""How far the paper moves with a line: 1/6 inch."""
ASK_WHEN_DONE = b"\x1dr\x01"
"""GS r 1: answered only after everything before it was carried out."""

ASK_PRINTER, ASK_OFFLINE_CAUSE, ASK_ERROR_CAUSE, ASK_PAPER = 1, 2, 3, 4

# A printer obeys these even inside picture bytes: DLE EOT, DLE ENQ, DLE DC4 (which can kick the drawer).
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")


def ask(question: int) -> bytes:
    """Return DLE EOT n, the real-time question 1–4."""
    return bytes((0x10, 0x04, question))


def kick(pin: DrawerPin, on_ms: int = 120, off_ms: int = 500) -> bytes:
    """Return ESC p: a pulse of `on_ms` (2–510) on a drawer's pin, in the order of the job."""
    return bytes((0x1B, 0x70, 1 if pin is DrawerPin.PIN_5 else 0, on_ms // 2, min(255, off_ms // 2)))


def kick_now(pin: DrawerPin) -> bytes:
    """Return DLE DC4 1: the same pulse at once, which a printer without paper obeys too."""
    return bytes((0x10, 0x14, 0x01, 1 if pin is DrawerPin.PIN_5 else 0, 1))


def feed_lines(lines: int) -> bytes:
    """Return ESC d: print what is in the line and feed so many lines (0–255)."""
    return bytes((0x1B, 0x64, lines))


def feed_dots(dots: int) -> bytes:
    """Return ESC J as often as needed: white paper of so many dots."""
    whole, rest = divmod(dots, 255)
    return b"\x1bJ\xff" * whole + (bytes((0x1B, 0x4A, rest)) if rest else b"")


def code_page(name: str) -> bytes:
    """Return ESC t for a code page of `CODE_PAGES`."""
    return bytes((0x1B, 0x74, CODE_PAGES[name]))


def look(*, bold: bool, tall: bool, wide: bool) -> bytes:
    """Return ESC E and GS !: how the characters that follow are drawn."""
    return bytes((0x1B, 0x45, bold, 0x1D, 0x21, (0x10 if wide else 0) | (0x01 if tall else 0)))


def density(level: int) -> bytes:
    """Return GS ( K function 49: how dark it burns, −6 (70 %) to 8 (140 %), 0 is its own."""
    return bytes((0x1D, 0x28, 0x4B, 0x02, 0x00, 0x31, level % 256))


def speed(level: int) -> bytes:
    """Return GS ( K function 50: how fast it prints, 1 (slow) to 13, 0 is as it is set."""
    return bytes((0x1D, 0x28, 0x4B, 0x02, 0x00, 0x32, level))


def raster_bands(raster: Raster) -> Iterator[bytes]:
    """Yield GS v 0 commands of at most `BAND_ROWS` rows each, from the top."""
    stride = raster.stride
    for top in range(0, raster.height, BAND_ROWS):
        rows = raster.rows[top * stride : (top + BAND_ROWS) * stride]
        count = len(rows) // stride
        head = b"\x1dv0\x00" + stride.to_bytes(2, "little") + count.to_bytes(2, "little")
        yield head + disarmed(rows)


def disarmed(dots: bytes) -> bytes:
    """Return picture bytes without real-time commands in them, by adding one dot of ink beside a lone one."""
    return _REAL_TIME.sub(b"\x18", dots)


def flush_of(stride: int) -> bytes:
    """Return zeros that end a picture which an aborted job left half sent, and are nothing otherwise."""
    return bytes(stride * BAND_ROWS)


def is_real_time(answer: int) -> bool:
    """Whether a byte answers DLE EOT: 0xx1xx10 by its fixed bits; GS r answers with bit 4 clear."""
    return answer & 0b10010011 == 0b00010010


def is_done(answer: int) -> bool:
    """Whether a byte answers GS r: bits 4 and 7 clear."""
    return answer & 0b10010000 == 0


def says_offline(answer: int) -> bool:
    """Read the answer to question 1."""
    return bool(answer & 0x08)


def drawer_level(answer: int) -> bool:
    """Read the level of the drawer connector's pin 3 from the answer to question 1."""
    return bool(answer & 0x04)


def offline_cause(answer: int) -> PrinterStatus:
    """Read the answer to question 2."""
    if answer & 0x04:
        return PrinterStatus.COVER_OPEN
    if answer & 0x20:
        return PrinterStatus.PAPER_OUT
    if answer & 0x40:
        return PrinterStatus.FAULT
    return PrinterStatus.OFFLINE


def paper_state(answer: int) -> PrinterStatus:
    """Read the answer to question 4: bits 2 and 3 near the end, bits 5 and 6 at the end."""
    return _paper(near=answer & 0x0C, end=answer & 0x60)


def paper_when_done(answer: int) -> PrinterStatus:
    """Read the answer to GS r 1: bits 0 and 1 near the end, bits 2 and 3 at the end."""
    return _paper(near=answer & 0x03, end=answer & 0x0C)


def _paper(near: int, end: int) -> PrinterStatus:
    if end:
        return PrinterStatus.PAPER_OUT
    return PrinterStatus.PAPER_LOW if near else PrinterStatus.OK
