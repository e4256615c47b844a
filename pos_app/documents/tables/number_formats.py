"""Numbers of a spreadsheet as the person sees them: plain decimals, days, percents and padded codes.

Decides what a number format shows (ECMA-376, 18.8.30 and 18.8.31), as far as it decides what a cell means: a day whose
year is not shown is no birthday, and 0000 keeps the zeros of a code. How many decimals are shown is left aside: the
value counts.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from pos_app.domain.imports.table import CellKind


class Shows(StrEnum):
    """What a number format makes of a number."""

    NUMBER = "number"
    PERCENT = "percent"
    PADDED = "padded"
    DAY = "day"
    DAY_TIME = "day_time"
    MONTH_DAY = "month_day"
    YEAR_MONTH = "year_month"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a format shows; `width` is the number of digits of a padded one."""

    shows: Shows
    width: int = 0


GENERAL = NumberFormat(Shows.NUMBER)
_BUILT_IN = {
    **dict.fromkeys((9, 10), Shows.PERCENT),
    **dict.fromkeys((14, 15, 30, 31), Shows.DAY),
    **dict.fromkeys((16, 28, 29, 51, 53, 54, 58), Shows.MONTH_DAY),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), Shows.YEAR_MONTH),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), Shows.TIME),
    22: Shows.DAY_TIME,
}
"""Formats that files name by number only; 27 to 58 as Chinese Excel shows them."""

_LITERAL = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am/pm|a/p|上午/下午|general|e[+-]', re.IGNORECASE
)
_PADDED = re.compile(r"0{2,}")
_EXACT = Context(prec=15)
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_SERIAL = 2958465
_DAY_SECONDS = 86400


@lru_cache(maxsize=4096)
def format_of(number: int, code: str | None) -> NumberFormat:
    """Return what a format shows, by its number where it is built in, else by its code such as yyyy-mm-dd."""
    if code is None:
        return NumberFormat(_BUILT_IN.get(number, Shows.NUMBER))
    section = _LITERAL.sub("", code.split(";")[0]).lower().strip()
    if _PADDED.fullmatch(section):
        return NumberFormat(Shows.PADDED, len(section))
    has_year, has_day = "y" in section or "e" in section, "d" in section
    has_time = "h" in section or "s" in section
    has_month = "m" in section and not (has_time and not has_year and not has_day)
    if has_year and has_day:
        return NumberFormat(Shows.DAY_TIME if has_time else Shows.DAY)
    if has_year:
        return NumberFormat(Shows.YEAR_MONTH)
    if has_month or has_day:
        return NumberFormat(Shows.MONTH_DAY)
    if has_time:
        return NumberFormat(Shows.TIME)
    return NumberFormat(Shows.PERCENT) if "%" in section else GENERAL


def plain_number(text: str) -> str:
    """Return a stored number as a plain decimal of at most fifteen digits, as a spreadsheet reckons it.

    1299.0999999999999 is 1299.1, 6.9012345678920E+12 is 6901234567892, 5.0 is 5; whole digits are kept as they are.
    """
    if text.isdecimal():
        return text
    try:
        value = _EXACT.create_decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return text
    plain = format(value, "f")
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain


def shown(text: str, number_format: NumberFormat, from_1904: bool = False) -> tuple[str, CellKind]:
    """Return a stored number as its format shows it, and what that makes of the cell; `from_1904` is the day system."""
    shows = number_format.shows
    if shows is Shows.NUMBER:
        return plain_number(text), CellKind.NUMBER
    if shows is Shows.PADDED:
        plain = plain_number(text)
        return (plain.zfill(number_format.width) if plain.isdecimal() else plain), CellKind.TEXT
    if shows is Shows.PERCENT:
        return plain_number(str(Decimal(plain_number(text)).scaleb(2))) + "%", CellKind.TEXT
    return _shown_day(text, shows, from_1904)


def _shown_day(text: str, shows: Shows, from_1904: bool) -> tuple[str, CellKind]:
    value = Decimal(plain_number(text))
    days, seconds = divmod(int((value * _DAY_SECONDS).to_integral_value()), _DAY_SECONDS)
    if not 0 <= days <= _LAST_SERIAL - 1462 * from_1904:
        return plain_number(text), CellKind.NUMBER
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if shows is Shows.TIME:
        return clock, CellKind.DATE
    if from_1904:
        day = _EPOCH_1904 + timedelta(days=days)
    else:
        # The 1900 system has a 29 February 1900 that never was; days before it are one further on.
        day = _EPOCH_1900 + timedelta(days=days + (0 < days < 60))
    iso = day.isoformat()
    by_part = {
        Shows.MONTH_DAY: iso[5:],
        Shows.YEAR_MONTH: iso[:7],
        Shows.DAY_TIME: f"{iso} {clock}" if seconds else iso,
    }
    return by_part.get(shows, iso), CellKind.DATE
