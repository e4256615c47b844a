"""The Chinese lunar calendar (农历) from 1900 to 2100: a lunar date to the solar day and back.

Decides by a table of months, reckoned by the rules of GB/T 33661-2017 (computation of the traditional calendar, UTC+8).
It does not say when a lunar birthday is kept in a year without that leap month.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

FIRST_YEAR = 1900
LAST_YEAR = 2100
_NEW_YEAR_1900 = date(1900, 1, 31)
_YEARS = """
    116d2 00752 00ea5 0b64a 0064b 00a9b 09556 0056a 00b59 05752 00752 0db25 00b25 00a4b 0b4ab 002ad
    0056b 04b69 00da9 0fd92 00e92 00d25 0ba4d 00a56 002b6 095b5 006d4 00ea9 05e92 00e92 0cd26 0052b
    00a57 0b2b6 00b5a 006d4 06ec9 00749 0f693 00a93 0052b 0ca5b 00aad 0056a 09b55 00ba4 00b49 05a93
    00a95 0f52d 00536 00aad 0b5aa 005b2 00da5 07d4a 00d4a 10a95 00a97 00556 0cab5 00ad5 006d2 08ea5
    00ea5 0064a 06c97 00a9b 0f55a 0056a 00b69 0b752 00b52 00b25 0964b 00a4b 114ab 002ad 0056d 0cb69
    00da9 00d92 09d25 00d25 15a4d 00a56 002b6 0c5b5 006d5 00ea9 0be92 00e92 00d26 06a56 00a57 114d6
    0035a 006d5 0b6c9 00749 00693 0952b 0052b 00a5b 0555a 0056a 0fb55 00ba4 00b49 0ba93 00a95 0052d
    08aad 00ab5 135aa 005d2 00da5 0dd4a 00d4a 00c95 0952e 00556 00ab5 055b2 006d2 0cea5 00725 0064b
    0ac97 00cab 0055a 06ad6 00b69 17752 00b52 00b25 0da4b 00a4b 004ab 0a55b 005ad 00b6a 05b52 00d92
    0fd25 00d25 00a55 0b4ad 004b6 005b5 06daa 00ec9 11e92 00e92 00d26 0ca56 00a57 004d6 086d5 00755
    00749 06e93 00693 0f52b 0052b 00a5b 0b55a 0056a 00b65 0974a 00b4a 11a95 00a95 0052d 0caad 00ab5
    005aa 08ba5 00da5 00d4a 07c95 00c96 0f94e 00556 00ab5 0b5b2 006d2 00ea5 08e4a 0068b 10c97 004ab
    0055b 0cad6 00b6a 00752 09725 00b45 00a8b 0549b 004ab
"""
"""A year as five hexadecimal digits: bits 0 to 12 say which of its months, in order, have 30 days (else 29).

The bits above say which month is followed by a leap month of the same number (0: none).
"""


class LunarDateError(ValueError):
    """There is no such day in the calendar, or the year is beyond the table."""


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day of the lunar calendar; `leap` when the month is the second of its number (闰月)."""

    year: int
    month: int
    day: int
    leap: bool = False


@cache
def _table() -> tuple[tuple[date, tuple[tuple[int, bool, int], ...]], ...]:
    """Return for each year its first day and its months as number, leap, days."""
    years = []
    start = _NEW_YEAR_1900
    for word in _YEARS.split():
        bits = int(word, 16)
        leap = bits >> 13
        numbers = [(month, False) for month in range(1, 13)]
        if leap:
            numbers.insert(leap, (leap, True))
        months = tuple((month, is_leap, 29 + (bits >> i & 1)) for i, (month, is_leap) in enumerate(numbers))
        years.append((start, months))
        start += timedelta(days=sum(days for _, _, days in months))
    return tuple(years)


def to_solar(day: LunarDate) -> date:
    """Return the solar date of a lunar day; raise LunarDateError when there is none."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise LunarDateError(day)
    start, months = _table()[day.year - FIRST_YEAR]
    for month, leap, days in months:
        if (month, leap) == (day.month, day.leap):
            if 1 <= day.day <= days:
                return start + timedelta(days=day.day - 1)
            break
        start += timedelta(days=days)
    raise LunarDateError(day)


def from_solar(day: date) -> LunarDate:
    """Return the lunar day of a solar date; raise LunarDateError beyond the table."""
    if not _NEW_YEAR_1900 <= day <= date(LAST_YEAR + 1, 1, 28):
        raise LunarDateError(day)
    year = day.year if day.year <= LAST_YEAR and _table()[day.year - FIRST_YEAR][0] <= day else day.year - 1
    start, months = _table()[year - FIRST_YEAR]
    left = (day - start).days
    for month, leap, days in months:
        if left < days:
            return LunarDate(year, month, left + 1, leap)
        left -= days
    raise LunarDateError(day)


_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_TENS = {"初": 0, "十": 10, "廿": 20, "卅": 30, "二十": 20, "三十": 30}
_MONTHS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_MONTH = r"([0-9]{1,2}|[正冬腊臘]|十?[一二]|[三四五六七八九十])"
_DAY = (
    r"([0-9]{1,2}|初[一二三四五六七八九十]|[一二三]?十[一二三四五六七八九]?"
    r"|[廿卅][一二三四五六七八九]?|[一二三四五六七八九])日?"
)
_WRITTEN = re.compile(
    r"([0-9]{4}|[〇○零一二三四五六七八九]{4})[年\-/.](闰|閏)?" + _MONTH + r"[月\-/.]" + _DAY
)
_WITHOUT_YEAR = re.compile(_MONTH + r"[月\-/]" + _DAY)


def parse(text: str) -> LunarDate:
    """Read a lunar date with its year: 1988年八月十五, 1988-08-15, 二〇二〇年闰四月初一; raise LunarDateError."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise LunarDateError(text)
    year = int(found[1]) if found[1].isascii() else int("".join(str(_DIGITS[c]) for c in found[1]))
    day = LunarDate(year, _number(found[3]), _number(found[4]), found[2] is not None)
    to_solar(day)
    return day


def parse_month_day(text: str) -> tuple[int, int]:
    """Read month and day where no year is told: 四月初九, 4-9, 腊月廿三; raise LunarDateError.

    A leap month is none: without its year nobody knows when there is one.
    """
    found = _WITHOUT_YEAR.fullmatch(text)
    if found is None:
        raise LunarDateError(text)
    month, day = _number(found[1]), _number(found[2])
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise LunarDateError(text)
    return month, day


def _number(text: str) -> int:
    """Read 8, 08, 八, 十五, 廿三, 初一, 腊."""
    if text.isascii():
        return int(text)
    if text in _MONTHS:
        return _MONTHS[text]
    if text == "初十":
        return 10
    if text in _DIGITS:
        return _DIGITS[text]
    for head in ("二十", "三十", "一十", "初", "十", "廿", "卅"):
        if text.startswith(head):
            rest = text.removeprefix(head)
            return _TENS.get(head, 10) + (_DIGITS[rest] if rest else 0)
    raise LunarDateError(text)


def written(day: LunarDate) -> str:
    """Return a lunar date as `parse` reads it: 1988年8月15日, 2020年闰4月1日."""
    return f"{day.year}年{'闰' if day.leap else ''}{day.month}月{day.day}日"
