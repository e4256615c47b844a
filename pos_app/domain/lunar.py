"""The Chinese lunar calendar, 1900–2100, and days that come again each year in either calendar.

Decides which lunar day a solar day is, which solar day a lunar day is, and when an anniversary is kept. The months are
those of the Purple Mountain Observatory's calendar (GB/T 33661-2017); a table, because the rule needs the moon's place.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pos_app.domain.errors import InvalidValueError

FIRST_YEAR, LAST_YEAR = 1900, 2100
_FIRST_DAY = date(1900, 1, 31)
"""New year's day of the lunar year 1900."""

# One number a year: bits 15…4 say which of the months 1…12 has 30 days and not 29, the lowest four which month is
# followed by a leap month (0: none), and bit 16 that the leap month has 30 days.
_TABLE = """
    04BD8 04AE0 0A570 054D5 0D260 0D950 16554 056A0 09AD0 055D2 04AE0 0A5B6 0A4D0 0D250 1D255
    0B540 0D6A0 0ADA2 095B0 14977 04970 0A4B0 0B4B5 06A50 06D40 1AB54 02B60 09570 052F2 04970
    06566 0D4A0 0EA50 16A95 05AD0 02B60 186E3 092E0 1C8D7 0C950 0D4A0 1D8A6 0B550 056A0 1A5B4
    025D0 092D0 0D2B2 0A950 0B557 06CA0 0B550 15355 04DA0 0A5B0 14573 052B0 0A9A8 0E950 06AA0
    0AEA6 0AB50 04B60 0AAE4 0A570 05260 0F263 0D950 05B57 056A0 096D0 04DD5 04AD0 0A4D0 0D4D4
    0D250 0D558 0B540 0B6A0 195A6 095B0 049B0 0A974 0A4B0 0B27A 06A50 06D40 0AF46 0AB60 09570
    04AF5 04970 064B0 074A3 0EA50 06B58 05AC0 0AB60 096D5 092E0 0C960 0D954 0D4A0 0DA50 07552
    056A0 0ABB7 025D0 092D0 0CAB5 0A950 0B4A0 0BAA4 0AD50 055D9 04BA0 0A5B0 15176 052B0 0A930
    07954 06AA0 0AD50 05B52 04B60 0A6E6 0A4E0 0D260 0EA65 0D530 05AA0 076A3 096D0 04AFB 04AD0
    0A4D0 1D0B6 0D250 0D520 0DD45 0B5A0 056D0 055B2 049B0 0A577 0A4B0 0AA50 1B255 06D20 0ADA0
    14B63 09370 049F8 04970 064B0 168A6 0EA50 06B20 1A6C4 0AAE0 092E0 0D2E3 0C960 0D557 0D4A0
    0DA50 05D55 056A0 0A6D0 055D4 052D0 0A9B8 0A950 0B4A0 0B6A6 0AD50 055A0 0ABA4 0A5B0 052B0
    0B273 06930 07337 06AA0 0AD50 14B55 04B60 0A570 054E4 0D160 0E968 0D520 0DAA0 16AA6 056D0
    04AE0 0A9D4 0A2D0 0D150 0F252 0D520
"""
_YEARS = tuple(int(year, 16) for year in _TABLE.split())


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar; `leap` tells the second of two months of one number."""

    year: int
    month: int
    day: int
    leap: bool = False


def leap_month(year: int) -> int:
    """Return which month of a lunar year is followed by a leap month, 0 for none. Raises InvalidValueError."""
    return _bits(year) & 0xF


def _bits(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidValueError(field="lunar", text=str(year))
    return _YEARS[year - FIRST_YEAR]


def _months(year: int) -> list[tuple[int, bool, int]]:
    """Return number, leap or not, and days of each month of a lunar year, in order."""
    bits = _bits(year)
    months = []
    for number in range(1, 13):
        months.append((number, False, 30 if bits >> (16 - number) & 1 else 29))
        if bits & 0xF == number:
            months.append((number, True, 30 if bits >> 16 else 29))
    return months


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def _new_year(year: int) -> date:
    days = sum(sum(month[2] for month in _months(past)) for past in range(FIRST_YEAR, year))
    return _FIRST_DAY + timedelta(days=days)


def lunar_of(day: date) -> LunarDay | None:
    """Return the lunar day of a solar day; None outside of the lunar years 1900 to 2100."""
    for year in (day.year - 1, day.year):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            continue
        left = (day - _new_year(year)).days
        for number, leap, days in _months(year):
            if 0 <= left < days:
                return LunarDay(year, number, left + 1, leap)
            left -= days
    return None


def solar_of(lunar: LunarDay) -> date:
    """Return the solar day of a lunar day; raise InvalidValueError for one that the calendar has not."""
    before = 0
    for number, leap, days in _months(lunar.year):
        if (number, leap) == (lunar.month, lunar.leap):
            if 1 <= lunar.day <= days:
                return _new_year(lunar.year) + timedelta(days=before + lunar.day - 1)
            break
        before += days
    raise InvalidValueError(field="lunar", text=f"{lunar.year}-{lunar.month}-{lunar.day}")


def next_time(on: date, today: date, *, lunar: bool = False) -> date:
    """Return when a day that comes each year is kept next, today included.

    29 February is kept on 1 March in other years. A lunar day of a leap month is kept in the month of the same number
    where a year has no such leap month, and the 30th on the last day of a month of 29.
    """
    born = lunar_of(on) if lunar else None
    if born is not None:
        here = lunar_of(today)
        years = range(here.year, min(here.year + 2, LAST_YEAR + 1)) if here is not None else range(0)
        for year in years:
            kept = _kept_in(born, year)
            if kept >= today:
                return kept
    solar = _same_day(on, today.year)
    return solar if solar >= today else _same_day(on, today.year + 1)


def _same_day(on: date, year: int) -> date:
    try:
        return on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _kept_in(born: LunarDay, year: int) -> date:
    leap = born.leap and leap_month(year) == born.month
    days = next(days for number, is_leap, days in _months(year) if (number, is_leap) == (born.month, leap))
    return solar_of(LunarDay(year, born.month, min(born.day, days), leap))
