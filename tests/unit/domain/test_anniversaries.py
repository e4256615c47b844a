"""The lunar calendar against published almanac days, and the anniversaries that hang on it."""

from datetime import date, timedelta

import pytest

from pos_app.domain.anniversaries import MonthDay, falls_on, is_month_day, last_time, lunar_of, next_time
from pos_app.domain.values.lunar import LunarDate, LunarDateError, to_solar

# New year's days as the almanacs of the Hong Kong Observatory and the Purple Mountain Observatory print them.
NEW_YEARS = {
    1900: date(1900, 1, 31),
    1912: date(1912, 2, 18),
    1949: date(1949, 1, 29),
    1966: date(1966, 1, 21),
    1985: date(1985, 2, 20),
    2000: date(2000, 2, 5),
    2008: date(2008, 2, 7),
    2020: date(2020, 1, 25),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2033: date(2033, 1, 31),
    2034: date(2034, 2, 19),
    2050: date(2050, 1, 23),
    2100: date(2100, 2, 9),
}
LEAP_MONTHS = {
    1984: 10,
    1995: 8,
    2004: 2,
    2006: 7,
    2009: 5,
    2012: 4,
    2014: 9,
    2017: 6,
    2020: 4,
    2023: 2,
    2025: 6,
}
FESTIVALS = {
    "mid-autumn 2020 fell on the national day": (LunarDate(2020, 8, 15), date(2020, 10, 1)),
    "dragon boat 2025": (LunarDate(2025, 5, 5), date(2025, 5, 31)),
    "mid-autumn 2025": (LunarDate(2025, 8, 15), date(2025, 10, 6)),
    "double ninth 2026": (LunarDate(2026, 9, 9), date(2026, 10, 18)),
    "the leap month of 2033 follows the eleventh": (LunarDate(2033, 11, 1, leap=True), date(2033, 12, 22)),
}


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_a_year_begins_on_the_day_of_the_almanac(year: int, day: date) -> None:
    assert to_solar(LunarDate(year, 1, 1)) == day
    assert lunar_of(day) == LunarDate(year, 1, 1)


@pytest.mark.parametrize(("year", "month"), LEAP_MONTHS.items())
def test_a_leap_month_follows_the_month_of_the_almanac(year: int, month: int) -> None:
    first = to_solar(LunarDate(year, month, 1, leap=True))
    assert lunar_of(first - timedelta(days=1)) in (LunarDate(year, month, 29), LunarDate(year, month, 30))


@pytest.mark.parametrize(("lunar", "day"), FESTIVALS.values(), ids=list(FESTIVALS))
def test_festivals_fall_on_the_days_of_the_almanac(lunar: LunarDate, day: date) -> None:
    assert to_solar(lunar) == day and lunar_of(day) == lunar


def test_every_day_of_two_centuries_goes_there_and_back() -> None:
    day = date(1900, 1, 31)
    while day < date(2101, 1, 1):
        lunar = lunar_of(day)
        assert lunar is not None and to_solar(lunar) == day
        day += timedelta(days=53)


@pytest.mark.parametrize(
    "day", [LunarDate(2026, 13, 1), LunarDate(2026, 1, 31), LunarDate(2026, 6, 1, leap=True)]
)
def test_a_day_that_the_calendar_has_not_is_refused(day: LunarDate) -> None:
    with pytest.raises(LunarDateError):
        to_solar(day)


def test_years_outside_of_the_table_are_not_guessed() -> None:
    assert lunar_of(date(1899, 12, 31)) is None and lunar_of(date(2102, 1, 1)) is None
    with pytest.raises(LunarDateError):
        to_solar(LunarDate(2101, 1, 1))


def test_a_birthday_comes_again_on_its_day_and_the_29th_of_february_on_the_1st_of_march() -> None:
    today = date(2026, 11, 22)
    assert next_time(date(1990, 11, 22), today) == today
    assert next_time(date(1990, 11, 21), today) == date(2027, 11, 21)
    assert next_time(date(1992, 2, 29), today) == date(2027, 3, 1)
    assert next_time(date(1992, 2, 29), date(2028, 1, 1)) == date(2028, 2, 29)


def test_a_lunar_birthday_is_kept_by_the_moon() -> None:
    born = to_solar(LunarDate(1990, 10, 20))
    assert next_time(born, date(2026, 11, 22), by_moon=True) == to_solar(LunarDate(2026, 10, 20))
    assert next_time(born, date(2026, 12, 22), by_moon=True) == to_solar(LunarDate(2027, 10, 20))


def test_a_lunar_birthday_at_the_end_of_the_lunar_year_is_found_in_january() -> None:
    born = to_solar(LunarDate(1990, 12, 8))
    assert next_time(born, date(2027, 1, 2), by_moon=True) == to_solar(LunarDate(2026, 12, 8))


def test_who_is_born_in_a_leap_month_or_on_a_30th_keeps_the_day_that_the_year_has() -> None:
    leap = to_solar(LunarDate(2020, 4, 10, leap=True))
    assert next_time(leap, date(2026, 3, 1), by_moon=True) == to_solar(LunarDate(2026, 4, 10))
    thirtieth = to_solar(LunarDate(2025, 12, 29)) + timedelta(days=1)
    kept = next_time(to_solar(LunarDate(2024, 8, 30)), date(2026, 9, 1), by_moon=True)
    assert lunar_of(kept) == LunarDate(2026, 8, 29) or lunar_of(kept) == LunarDate(2026, 8, 30)
    assert lunar_of(thirtieth) == LunarDate(2026, 1, 1)


def test_a_birthday_without_its_year_is_kept_like_one_with_it() -> None:
    third_of_may, by_moon = MonthDay(month=5, day=3), MonthDay(month=4, day=9)
    assert next_time(third_of_may, date(2026, 5, 3)) == date(2026, 5, 3)
    assert next_time(third_of_may, date(2026, 5, 4)) == date(2027, 5, 3)
    assert next_time(by_moon, date(2026, 1, 1), by_moon=True) == to_solar(LunarDate(2026, 4, 9))
    for today in (date(2026, 1, 1), date(2026, 6, 1), date(2027, 2, 5)):
        assert next_time(by_moon, today, by_moon=True) == next_time(date(1990, 5, 3), today, by_moon=True)


def test_29_february_and_the_lunar_30th_without_a_year_follow_the_same_rules() -> None:
    assert next_time(MonthDay(month=2, day=29), date(2027, 2, 1)) == date(2027, 3, 1)
    assert next_time(MonthDay(month=2, day=29), date(2028, 2, 1)) == date(2028, 2, 29)
    short = next(
        LunarDate(2026, month, 29)
        for month in range(1, 13)
        if lunar_of(to_solar(LunarDate(2026, month, 29)) + timedelta(days=1)) != LunarDate(2026, month, 30)
    )
    day = MonthDay(month=short.month, day=30)
    assert next_time(day, to_solar(LunarDate(2026, 1, 1)), by_moon=True) == to_solar(short)


def test_beyond_the_table_a_lunar_day_without_a_year_still_has_a_next_time() -> None:
    assert next_time(MonthDay(month=2, day=30), date(2150, 1, 1), by_moon=True) == date(2150, 3, 1)


def test_no_calendar_has_31_april_but_the_moon_has_30_february() -> None:
    assert not is_month_day(MonthDay(month=4, day=31))
    assert is_month_day(MonthDay(month=2, day=29))
    assert is_month_day(MonthDay(month=2, day=30), by_moon=True)
    assert not is_month_day(MonthDay(month=13, day=1), by_moon=True)


def test_a_whole_birthday_tells_whether_it_falls_on_a_day_in_either_calendar() -> None:
    born = date(1990, 5, 3)
    assert falls_on(born, MonthDay(month=5, day=3))
    assert falls_on(born, MonthDay(month=4, day=9), by_moon=True)
    assert not falls_on(born, MonthDay(month=4, day=9))


@pytest.mark.parametrize(
    ("month", "day", "by_moon", "last"),
    [
        (2, 29, False, date(2024, 2, 29)),
        (11, 22, False, date(2026, 11, 22)),
        (11, 23, False, date(2025, 11, 23)),
        (8, 15, True, date(2026, 9, 25)),
    ],
)
def test_a_day_without_its_year_was_last_on_that_very_day(
    month: int, day: int, by_moon: bool, last: date
) -> None:
    assert last_time(MonthDay(month=month, day=day), date(2026, 11, 22), by_moon=by_moon) == last
