"""Cells of numbers: money, weights, quantities, rates and whole numbers, read exactly or refused.

Decides which spellings of a number are taken. No value is rounded: digits that the unit has no place for are refused,
unless they are zeros.
"""

import re
from decimal import Decimal

from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import CURRENCIES, LIMIT, Amount, Currency
from pos_app.domain.values.quantity import QUANTITY_LIMIT, Milligrams, Quantity

WEIGHT_LIMIT = Milligrams(100_000_000)
"""A piece weighs less than 100 kg."""
WHOLE_LIMIT = 10**12

_NUMBER = re.compile(r"([-\u2212\u2013]?)([0-9]*)(?:\.([0-9]*))?")
_GROUPED = re.compile(r"([-\u2212\u2013]?)([0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]*))?")
_EXPONENT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+")
_YUAN = {
    "CNY": ("¥", "RMB", "CNY", "人民币"),
    "JPY": ("¥", "JPY"),
    "HKD": ("HK$", "$"),
    "TWD": ("NT$", "$", "NTD"),
}
_SUFFIXES = ("元整", "元", "圆", "块钱", "块", "蚊", "RMB", "CNY", "HKD", "TWD")
_SIGNS = tuple(
    dict.fromkeys((*(c.sign for c in CURRENCIES.values()), *CURRENCIES, "RMB", "人民币", "$", "£"))
)


def _digits(text: str, places: int) -> int:
    """Return a decimal number times 10**places, exactly; `text` is folded and without unit. Raises CellError."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        found = _grouped(text)
    sign, whole, fraction = found[1], found[2].replace(",", ""), found[3] or ""
    if len(fraction) > places:
        if fraction[places:].strip("0"):
            raise CellError(Reason.TOO_MANY_DECIMALS, limit=places)
        fraction = fraction[:places]
    if len(whole) > 15:
        raise CellError(Reason.TOO_LARGE)
    value = int(whole + fraction.ljust(places, "0") or "0")
    return -value if sign else value


def _grouped(text: str) -> re.Match[str]:
    """Return the parts of a number with commas, or raise the CellError that says what is wrong with it."""
    found = _GROUPED.fullmatch(text)
    if found is not None:
        return found
    if _EXPONENT.fullmatch(text):
        raise CellError(Reason.DIGITS_LOST)
    if "," in text and _NUMBER.fullmatch(text.replace(",", "")):
        raise CellError(Reason.COMMA)
    raise CellError(Reason.NOT_A_NUMBER)


def money(text: str, currency: Currency) -> Amount:
    """Read ¥1,299.00, 1299元, 1,299, full-width digits or (12.50) for minus; return minor units, never negative.

    Raises CellError for a negative sum, more decimals than the currency has, and another currency's sign.
    """
    if text.isdecimal() and text.isascii() and len(text) < 12:
        return Amount(int(text) * 10**currency.digits)
    value = _digits(_without_sign(fold(text).replace(" ", "").replace("￥", "¥"), currency), currency.digits)
    if value < 0:
        raise CellError(Reason.NEGATIVE)
    if value >= LIMIT:
        raise CellError(Reason.TOO_LARGE)
    return Amount(value)


def _without_sign(text: str, currency: Currency) -> str:
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    minus = text[:1] if text[:1] in ("-", "\u2212", "\u2013") else ""
    rest = text[len(minus) :]
    for suffix in _SUFFIXES:
        if rest.endswith(suffix):
            if suffix in CURRENCIES and suffix != currency.code:
                raise CellError(Reason.CURRENCY, currency=currency.code)
            rest = rest.removesuffix(suffix)
            break
    if rest[:1].isdecimal() or rest[:1] in (".", ""):
        return minus + rest
    for sign in (*_YUAN.get(currency.code, ()), currency.sign, currency.code):
        if rest.upper().startswith(sign):
            after = rest[len(sign) :]
            return ("-" if minus or after[:1] == "-" else "") + after.removeprefix("-")
    if rest.upper().startswith(_SIGNS):
        raise CellError(Reason.CURRENCY, currency=currency.code)
    return minus + rest


_WEIGHT = re.compile(
    r"(.*?)(kg|公斤|千克|mg|毫克|ct|克拉|两|钱|斤|oz|盎司|g|gr|gram|grams|克|公克)?", re.IGNORECASE
)
_GRAM_UNITS = {
    "": 3,
    "g": 3,
    "gr": 3,
    "gram": 3,
    "grams": 3,
    "克": 3,
    "公克": 3,
    "kg": 6,
    "公斤": 6,
    "千克": 6,
}
_GRAM_UNITS |= {"mg": 0, "毫克": 0}


def weight(text: str) -> Milligrams:
    """Read 3.25g, 3.25克, 3.250 (grams) or 0.5kg; return milligrams, never negative, 0 for 0.

    Raises CellError for carats and ounces, for less than a milligram, and from WEIGHT_LIMIT up.
    """
    found = _WEIGHT.fullmatch(fold(text).replace(" ", ""))
    number, unit = (found[1], (found[2] or "").lower()) if found else (text, "")
    if unit not in _GRAM_UNITS:
        raise CellError(Reason.WEIGHT_UNIT)
    value = _digits(number, _GRAM_UNITS[unit])
    if value < 0:
        raise CellError(Reason.NEGATIVE)
    if value >= WEIGHT_LIMIT:
        raise CellError(Reason.TOO_LARGE)
    return Milligrams(value)


_QUANTITY = re.compile(r"(?:1\s*[*x×]\s*)?([-0-9.,]+)\s*[^\W\d_]{0,4}", re.IGNORECASE)


def quantity(text: str) -> Quantity:
    """Read 6, 6罐, 1*6 or 0.5 as thousandths, above zero. Raises CellError."""
    found = _QUANTITY.fullmatch(fold(text))
    value = _digits(found[1] if found else text, 3)
    if value <= 0:
        raise CellError(Reason.NEGATIVE)
    if value >= QUANTITY_LIMIT:
        raise CellError(Reason.TOO_LARGE)
    return Quantity(value)


def whole(text: str, suffixes: tuple[str, ...] = ("积分", "分", "points", "pts")) -> int:
    """Read a whole number that is not negative, such as 1,240 or 1240.00 or 1240分. Raises CellError."""
    if text.isdecimal() and text.isascii() and len(text) <= 12:
        return int(text)
    number = fold(text).replace(" ", "")
    for suffix in suffixes:
        number = number.removesuffix(suffix)
    try:
        value = _digits(number, 0)
    except CellError as error:
        raise CellError(Reason.NOT_WHOLE) if error.reason is Reason.TOO_MANY_DECIMALS else error from None
    if value < 0:
        raise CellError(Reason.NEGATIVE)
    if value >= WHOLE_LIMIT:
        raise CellError(Reason.TOO_LARGE)
    return value


_FREE = frozenset(("免税", "零税率", "不征税", "exempt", "zero"))


def rate(text: str) -> Decimal:
    """Read a tax rate: 13%, 13 and 0.13 are all 0.13; below 1 and without % it is the rate itself. Raises CellError."""
    folded = fold(text).replace(" ", "").casefold()
    if folded in _FREE:
        return Decimal(0)
    number = folded.removesuffix("%")
    try:
        millionths = _digits(number, 6)
    except CellError:
        raise CellError(Reason.RATE) from None
    value = Decimal(millionths).scaleb(-6)
    if number != folded or value >= 1:
        value = value.scaleb(-2)
    if not 0 <= value <= 1:
        raise CellError(Reason.RATE)
    return value.normalize()
