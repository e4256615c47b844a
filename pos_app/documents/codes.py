"""Machine-readable codes as rows of modules: QR, Code 128, EAN-13.

Decides which payloads a code may carry, its error correction and its quiet zone; the encoders are segno (QR,
ISO/IEC 18004) and python-barcode (Code 128, ISO/IEC 15417; EAN-13, ISO/IEC 15420). Does not decide the size of
a module on paper.
"""

from dataclasses import dataclass

from pos_app.documents.page import Symbology
from pos_app.domain.errors import InvalidValueError

MAX_LINEAR = 48
"""Longest Code 128 payload: more would not fit on any roll."""
MAX_QR = 600
"""Longest QR payload in UTF-8 bytes: more makes modules that a phone cannot read on 58 mm."""


@dataclass(frozen=True, slots=True)
class Modules:
    """Rows of modules, one byte each (1 is ink); a linear code has one row. Quiet zone in modules."""

    rows: tuple[bytes, ...]
    quiet: int

    @property
    def width(self) -> int:
        """Modules of one row without the quiet zone."""
        return len(self.rows[0])


def encode(symbology: Symbology, payload: str) -> Modules:
    """Return the modules of a code; raise InvalidValueError for a payload that it cannot carry."""
    if symbology is Symbology.QR:
        return _qr(payload)
    if symbology is Symbology.CODE128:
        return _code128(payload)
    return _ean13(payload)


def _qr(payload: str) -> Modules:
    import segno

    if not payload or len(payload.encode("utf-8", "replace")) > MAX_QR:
        raise InvalidValueError(field="qr", text=payload)
    # Level M (15 %) survives a folded receipt; a worn one is still read by its Code 128.
    symbol = segno.make_qr(payload, error="m", boost_error=False)
    return Modules(tuple(bytes(row) for row in symbol.matrix), quiet=4)


def _code128(payload: str) -> Modules:
    from barcode.codex import Code128

    printable = all(" " <= char <= "~" for char in payload)
    if not payload or not printable or len(payload) > MAX_LINEAR:
        raise InvalidValueError(field="code128", text=payload)
    symbol = Code128(payload)
    if payload.startswith("99"):
        # The library takes a leading pair 99 for a change of code set, whose value is 99 too, and drops it.
        symbol._try_to_optimize = lambda encoded: encoded
    return _bars(symbol.build()[0], quiet=10)


def _ean13(payload: str) -> Modules:
    from barcode.ean import EuropeanArticleNumber13

    if len(payload) != 13 or not (payload.isascii() and payload.isdigit()) or not _ean_checks(payload):
        raise InvalidValueError(field="ean13", text=payload)
    return _bars(EuropeanArticleNumber13(payload).build()[0], quiet=11)


def _bars(modules: str, quiet: int) -> Modules:
    return Modules((bytes(1 if module in "1G" else 0 for module in modules),), quiet)


def _ean_checks(digits: str) -> bool:
    """GS1 General Specifications, 7.9: weights 1 and 3 from the left, the sum divides by ten."""
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
