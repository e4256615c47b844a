"""Days of members in words: a birthday by the sun and by the moon, and in how many days it comes again.

Decides wording only. Qt-free.
"""

from datetime import date

from pos_app.domain.anniversaries import MonthDay, lunar_of, next_time
from pos_app.domain.members import ImportantDate
from pos_app.words import format_date, format_lunar_day, format_month_day, translate


def moon_words(day: date) -> str:
    """Return the lunar day of a solar day, as 农历八月十五; empty beyond the calendar's table."""
    moon = lunar_of(day)
    return "" if moon is None else format_lunar_day(moon.month, moon.day, leap=moon.leap)


def yearly_words(on: date | MonthDay, *, by_moon: bool) -> str:
    """Return a day that comes each year, in the calendar by which it is kept, without its year."""
    if isinstance(on, MonthDay):
        return format_month_day(on, by_moon=by_moon)
    return (moon_words(on) if by_moon else "") or format_date(on, year=False)


def next_words(on: date | MonthDay, today: date, *, by_moon: bool) -> str:
    """Return when a day comes again: today, tomorrow, in 12 days."""
    coming = next_time(on, today, by_moon=by_moon)
    days = (coming - today).days
    if days == 0:
        return translate("members.next.today")
    if days <= 60 and not by_moon and (coming.month, coming.day) == (on.month, on.day):
        # The day itself stands before these words already.
        return translate("members.next.in_days", count=days)
    if days <= 60:
        return translate("members.next.days", count=days, day=format_date(coming, year=False))
    return translate("members.next.day", day=format_date(coming))


def date_words(day: ImportantDate) -> str:
    """Return an important date with its year where that is known, by the moon too where it is kept so."""
    if day.day is None and not day.lunar:
        return format_date(day.on)
    return born_words(day.kept, by_moon=day.lunar)


def born_words(born: date | MonthDay, *, by_moon: bool) -> str:
    """Return a birthday by both calendars: 1990年5月3日 · 农历四月初九; without its year by the one that tells it."""
    if isinstance(born, MonthDay):
        return format_month_day(born, by_moon=by_moon)
    moon = moon_words(born)
    return f"{format_date(born)} · {moon}" if moon else format_date(born)
