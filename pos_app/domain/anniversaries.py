"""Days that come again each year, by the sun or by the moon: birthdays, wedding days.

Decides on which day of a year such a day is kept. The calendar itself is `values.lunar`.
"""

from datetime import date

from pos_app.domain.values import lunar
from pos_app.domain.values.lunar import LunarDate, LunarDateError


def lunar_of(day: date) -> LunarDate | None:
    """Return the lunar day of a solar day, None beyond the calendar's table."""
    try:
        return lunar.from_solar(day)
    except LunarDateError:
        return None


def next_time(on: date, today: date, *, by_moon: bool = False) -> date:
    """Return when a day that comes each year is kept next, today included.

    29 February is kept on 1 March in other years. A lunar day of a leap month is kept in the month of the same number
    where a year has no such leap month, and the 30th on the last day of a month of 29.
    """
    born, here = (lunar_of(on), lunar_of(today)) if by_moon else (None, None)
    if born is not None and here is not None:
        for year in range(here.year, min(here.year + 1, lunar.LAST_YEAR) + 1):
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


def _kept_in(born: LunarDate, year: int) -> date:
    for leap in (born.leap, False):
        for day in (born.day, born.day - 1):
            try:
                return lunar.to_solar(LunarDate(year, born.month, day, leap))
            except LunarDateError:
                continue
    raise LunarDateError(born)
