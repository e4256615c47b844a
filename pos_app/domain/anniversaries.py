"""Days that come again each year, by the sun or by the moon: birthdays, wedding days.

Decides on which day of a year such a day is kept. The calendar itself is `values.lunar`.
"""

from datetime import date

import msgspec

from pos_app.domain.values import lunar
from pos_app.domain.values.lunar import LunarDate, LunarDateError

_LEAP_YEAR = 2000
_LUNAR_DAYS = 30
_SURELY_WITHIN = 60
"""Years in which each day of both calendars comes at least once."""


class MonthDay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day whose year nobody told, such as a birthday on 3 May: by the sun, or by the moon where a flag says so."""

    month: int
    day: int


def is_month_day(day: MonthDay, *, by_moon: bool = False) -> bool:
    """Say whether some year has such a day: 29 February and a lunar 30th are, 31 April is not."""
    if by_moon:
        return 1 <= day.month <= 12 and 1 <= day.day <= _LUNAR_DAYS
    try:
        date(_LEAP_YEAR, day.month, day.day)
    except ValueError:
        return False
    return True


def lunar_of(day: date) -> LunarDate | None:
    """Return the lunar day of a solar day, None beyond the calendar's table."""
    try:
        return lunar.from_solar(day)
    except LunarDateError:
        return None


def falls_on(on: date, day: MonthDay, *, by_moon: bool = False) -> bool:
    """Say whether a whole date is that day of that month, by the sun or by the moon; a leap month counts as its own."""
    known = lunar_of(on) if by_moon else on
    return known is not None and (known.month, known.day) == (day.month, day.day)


def next_time(on: date | MonthDay, today: date, *, by_moon: bool = False) -> date:
    """Return when a day that comes each year is kept next, today included; its own year may not be known.

    29 February is kept on 1 March in other years. A lunar day of a leap month is kept in the month of the same number
    where a year has no such leap month, and the 30th on the last day of a month of 29.
    """
    born, here = (_born_by_moon(on), lunar_of(today)) if by_moon else (None, None)
    if born is not None and here is not None:
        for year in range(here.year, min(here.year + 1, lunar.LAST_YEAR) + 1):
            kept = _kept_in(born, year)
            if kept >= today:
                return kept
    solar = _same_day(on, today.year)
    return solar if solar >= today else _same_day(on, today.year + 1)


def last_time(day: MonthDay, today: date, *, by_moon: bool = False) -> date:
    """Return the latest date, today included, that was this very day: of 29 February one in a leap year."""
    for year in range(today.year, today.year - _SURELY_WITHIN, -1):
        try:
            on = (
                lunar.to_solar(LunarDate(year, day.month, day.day))
                if by_moon
                else date(year, day.month, day.day)
            )
        except (LunarDateError, ValueError):
            continue
        if on <= today:
            return on
    raise ValueError(day)


def _born_by_moon(on: date | MonthDay) -> LunarDate | None:
    if isinstance(on, MonthDay):
        return LunarDate(lunar.FIRST_YEAR, on.month, min(on.day, _LUNAR_DAYS))
    return lunar_of(on)


def _same_day(on: date | MonthDay, year: int) -> date:
    try:
        return date(year, on.month, on.day)
    except ValueError:
        return date(year, on.month % 12 + 1, 1)


def _kept_in(born: LunarDate, year: int) -> date:
    for leap in (born.leap, False):
        for day in (born.day, born.day - 1):
            try:
                return lunar.to_solar(LunarDate(year, born.month, day, leap))
            except LunarDateError:
                continue
    raise LunarDateError(born)
