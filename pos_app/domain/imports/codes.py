"""Cells of codes: barcodes, codes of goods, cards and certificates, phones: digits that spreadsheets like to spoil.

Decides what was spoilt and cannot be told any more (refused), and what can be put right without a guess. Sources: GS1
General Specifications (check digit 7.9).
"""

import re
from collections.abc import Callable
from decimal import Decimal

from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.imports.table import BLANK_CELLS, CellKind
from pos_app.domain.imports.texts import clean
from pos_app.domain.values import phone as phones
from pos_app.domain.values.barcode import expand_upc_e, fold, is_valid_gtin

CODE_LIMIT = 64
"""Characters of a code or barcode."""
EXCEL_DIGITS = 15
"""A spreadsheet keeps fifteen digits of a number, the others become zeros."""

_EXPONENT = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+([0-9]{1,3})")
_ZERO_FRACTION = re.compile(r"([0-9]+)\.0+")
_GAPS = re.compile(r"(?<=[0-9])[ \-]+(?=[0-9Xx])")
_EXACT = re.compile(r'"((?:[^"]|"")+)"')
_CODE128 = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def exact(text: str) -> str | None:
    """Return what stands between quotes, which is a code exactly as it is; None for a text without them."""
    found = _EXACT.fullmatch(text) if text[:1] == '"' else None
    return found[1].replace('""', '"') if found else None


def quoted(text: str) -> str:
    """Return a code so that `exact` gives it back: "7.0" stays one that way."""
    return '"' + text.replace('"', '""') + '"'


def as_cell(text: str, read: Callable[[str], str]) -> str:
    """Return a code as a cell may tell it: as it is where a reader of cells takes it so, else between quotes."""
    try:
        is_plain = read(text) == text and text not in BLANK_CELLS
    except CellError:
        is_plain = False
    return text if is_plain else quoted(text)


def code(text: str, kind: str = CellKind.UNTYPED.value) -> str:
    """Return a code of goods, a card, a certificate or a scale item as it was before a spreadsheet spoilt it.

    `kind` is the cell's. Raises CellError for 6.90123E+12, for a date that was a code, and for more than CODE_LIMIT.
    """
    if kind == CellKind.DATE.value:
        raise CellError(Reason.DATE_IN_TEXT)
    told = exact(text)
    if told is not None:
        return _checked(told)
    cleaned = clean(text)
    if not cleaned.isascii():
        cleaned = fold(cleaned)
    if not cleaned.isalnum():
        cleaned = _restored(cleaned)
    if not cleaned:
        raise CellError(Reason.NOT_UNDERSTOOD)
    if (
        len(cleaned) > EXCEL_DIGITS
        and kind == CellKind.NUMBER.value
        and not cleaned[EXCEL_DIGITS:].strip("0")
    ):
        raise CellError(Reason.DIGITS_LOST)
    return _checked(cleaned)


def _checked(text: str) -> str:
    """Return a code that may stand as it is; raise CellError for one that is too long or cannot be seen."""
    if len(text) > CODE_LIMIT:
        raise CellError(Reason.TOO_LONG, length=len(text), limit=CODE_LIMIT)
    if not text.strip() or not text.isprintable():
        raise CellError(Reason.NOT_UNDERSTOOD)
    return text


def _restored(text: str) -> str:
    """Undo 123.0 and an exponent that lost no digit; raise CellError for one that did."""
    text = text.removeprefix("'")
    whole = _ZERO_FRACTION.fullmatch(text)
    if whole:
        return whole[1]
    exponent = _EXPONENT.fullmatch(text)
    if exponent is None:
        return text
    if len(exponent[2] or "") < int(exponent[3]):
        raise CellError(Reason.DIGITS_LOST)
    return format(Decimal(text), "f").partition(".")[0]


def barcode(text: str, kind: str = CellKind.UNTYPED.value) -> str:
    """Return a barcode: a GTIN with its right check digit, or any other code of visible ASCII characters.

    In a text cell of a spreadsheet seven digits are a code of seven digits, elsewhere they may be an UPC-E without its
    zero. Eight digits are taken as they stand: many are shops' own, and so is what stands between quotes.
    Raises CellError for lost digits, a lost leading zero (`mended` is what it was), a wrong check digit.
    """
    number = code(text, kind)
    if exact(text) is not None:
        return number
    if not number.isdecimal():
        number = _GAPS.sub("", number)
    if not (number.isdecimal() and number.isascii()):
        if not _CODE128.fullmatch(number):
            raise CellError(Reason.BARCODE)
        return number
    size = len(number)
    if size in (12, 13, 14):
        if not is_valid_gtin(number):
            raise CellError(Reason.CHECK_DIGIT)
    elif size in (9, 10, 11):
        mended = number.zfill(12)
        if is_valid_gtin(mended):
            raise CellError(Reason.ZERO_DIGIT_LOST, mended=mended)
    elif size == 7 and kind != CellKind.TEXT and (is_valid_gtin("0" + number) or expand_upc_e("0" + number)):
        raise CellError(Reason.ZERO_DIGIT_LOST, mended="0" + number)
    return number


_LETTERS = re.compile(r"[^\W\d_]")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_SEPARATORS = re.compile(r"[,，;；、/|\n]+")
_ABROAD = ("852", "853", "886")


def phone(text: str, region: str) -> str:
    """Return a phone number in E.164; `region` is the shop's country.

    Takes 13812345678.0, full-width digits, blanks, +86, and Hong Kong, Macau and Taiwan numbers with their country code
    (the + may be missing) or, where the shop stands there, without. Raises CellError.
    """
    if len(text) == 11 and region == "CN" and phones.is_mainland_mobile(text):
        return "+86" + text
    number = fold(clean(text))
    if _LETTERS.search(number.replace("E+", "")):
        raise CellError(Reason.PHONE_LETTERS)
    number = _restored(number)
    digits = _NOT_DIGITS.sub("", number)
    if not 7 <= len(digits) <= 17:
        raise CellError(Reason.PHONE_LENGTH, digits=len(digits))
    try:
        return phones.normalise(number, region)
    except phones.PhoneError:
        pass
    if digits.startswith(_ABROAD):
        try:
            return phones.normalise("+" + digits, region)
        except phones.PhoneError:
            pass
    if region == "CN" and digits.startswith("1") and len(digits) != 11:
        raise CellError(Reason.PHONE_LENGTH, digits=len(digits))
    raise CellError(Reason.PHONE)


def phone_list(text: str, region: str) -> tuple[str, ...]:
    """Return the phones of a cell such as 13812345678/13912345678, each once. Raises CellError."""
    if text.isdecimal():
        return (phone(text, region),)
    found = (phone(part, region) for part in _SEPARATORS.split(text) if part.strip())
    return tuple(dict.fromkeys(found))
