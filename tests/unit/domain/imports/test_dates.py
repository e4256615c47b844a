"""Days are read however they are written; a day that needs a guess is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.imports import dates
from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.values import lunar

THIRD_OF_MAY = date(2024, 5, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-03",
        "2024/5/3",
        "2024.5.3",
        "2024年5月3日",
        "2024年05月03号",
        "20240503",
        "45415",
        "45415.75",
        "２０２４－５－３",
        "2024-05-03 14:30",
        "2024-05-03T14:30:00Z",
        "2024/5/3 2:30:00 PM",
        "3 May 2024",
        "May 3, 2024",
        "3rd May 2024",
        "公历2024-5-3",
    ],
)
def test_one_day_in_all_its_dresses(text: str) -> None:
    assert dates.day(text) == THIRD_OF_MAY


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("05-03", Reason.NO_YEAR),
        ("5月3日", Reason.NO_YEAR),
        ("5/3", Reason.NO_YEAR),
        ("2024-05", Reason.NO_DAY),
        ("2024年", Reason.NO_DAY),
        ("1990", Reason.NO_DAY),
        ("24-05-03", Reason.SHORT_YEAR),
        ("3-May-24", Reason.SHORT_YEAR),
        ("05/03/2024", Reason.DATE_AMBIGUOUS),
        ("2024-02-30", Reason.NO_SUCH_DAY),
        ("20241332", Reason.NO_SUCH_DAY),
        ("昨天", Reason.DATE),
        ("100", Reason.DATE),
        ("99999", Reason.DATE),
        ("3 Foo 2024", Reason.DATE),
        ("0000-00-00", Reason.NO_SUCH_DAY),
    ],
)
def test_a_day_that_needs_a_guess_is_refused(text: str, reason: Reason) -> None:
    with pytest.raises(CellError) as caught:
        dates.day(text)
    assert caught.value.reason is reason


def test_a_day_past_the_twelfth_tells_day_from_month() -> None:
    assert dates.day("13/05/2024") == dates.day("05/13/2024") == date(2024, 5, 13)
    assert dates.day("05/05/2024") == date(2024, 5, 5)


def test_excels_number_of_a_day_is_that_day() -> None:
    assert dates.day("45231") == date(2023, 11, 1)
    assert dates.day("18264") == date(1950, 1, 1)


def test_a_month_is_enough_for_a_child() -> None:
    assert dates.day_or_month("2024-05") == dates.day_or_month("2024年5月") == (date(2024, 5, 1), True)
    assert dates.day_or_month("2024-05-03") == (THIRD_OF_MAY, False)


@pytest.mark.parametrize(
    "text",
    ["农历1988年八月十五", "1988-08-15(农历)", "阴历1988年8月15日", "农历 1988/8/15", "lunar 1988-08-15"],
)
def test_a_lunar_birthday_becomes_the_solar_day_of_birth(text: str) -> None:
    assert dates.birthday(text) == (date(1988, 9, 25), True)


def test_a_column_may_say_that_birthdays_are_lunar() -> None:
    assert dates.birthday("1988-08-15", is_lunar=True) == (date(1988, 9, 25), True)
    assert dates.birthday("1988-08-15") == (date(1988, 8, 15), False)
    assert dates.birthday("19880815", is_lunar=True) == (date(1988, 9, 25), True)
    assert [dates.birthday_kind(t) for t in ("农历", "公历", "阴历", "solar")] == [True, False, True, False]


def test_a_lunar_day_that_is_none_or_needs_its_year_is_refused() -> None:
    for text, reason in (
        ("农历闰四月初九", Reason.NO_YEAR),
        ("农历4.9", Reason.NO_YEAR),
        ("农历四月三十一", Reason.NO_YEAR),
        ("农历1988-08-31", Reason.LUNAR),
        ("农历中秋", Reason.LUNAR),
    ):
        with pytest.raises(CellError) as caught:
            dates.birthday(text)
        assert caught.value.reason is reason


@pytest.mark.parametrize(
    "text", ["5月3日", "5月3号", "05-03", "5-3", "０５－０３", "公历5月3日", "3 May", "3-May", "3rd may"]
)
def test_a_birthday_may_be_told_without_its_year(text: str) -> None:
    assert dates.birthday(text) == (MonthDay(month=5, day=3), False)


@pytest.mark.parametrize(
    "text", ["农历四月初九", "四月初九", "农历4-9", "阴历4月9日", "4月9日(农历)", "lunar 4-9"]
)
def test_a_lunar_birthday_may_be_told_without_its_year(text: str) -> None:
    assert dates.birthday(text) == (MonthDay(month=4, day=9), True)
    assert dates.birthday("四月九", is_lunar=True) == (MonthDay(month=4, day=9), True)
    assert dates.birthday("腊月廿三") == (MonthDay(month=12, day=23), True)


def test_of_a_birthday_with_slashes_month_and_day_must_be_plain() -> None:
    assert dates.birthday("5/13") == dates.birthday("13/5") == (MonthDay(month=5, day=13), False)
    assert dates.birthday("5/5") == (MonthDay(month=5, day=5), False)
    for text, reason in (
        ("5/3", Reason.DATE_AMBIGUOUS),
        ("13-5", Reason.DATE_AMBIGUOUS),
        ("5.3", Reason.NO_YEAR),
        ("2月30日", Reason.NO_SUCH_DAY),
        ("13月5日", Reason.NO_SUCH_DAY),
        ("May 24", Reason.DATE),
        ("503", Reason.DATE),
    ):
        with pytest.raises(CellError) as caught:
            dates.birthday(text)
        assert caught.value.reason is reason, text


def test_the_lunar_calendar_agrees_with_days_that_everybody_knows() -> None:
    new_years = {1950: (2, 17), 1988: (2, 17), 2000: (2, 5), 2024: (2, 10), 2026: (2, 17), 2033: (1, 31)}
    for year, (month, day) in new_years.items():
        assert lunar.to_solar(lunar.LunarDate(year, 1, 1)) == date(year, month, day)
    assert lunar.to_solar(lunar.LunarDate(2020, 4, 1, leap=True)) == date(2020, 5, 23)
    assert lunar.to_solar(lunar.LunarDate(2033, 11, 1, leap=True)) == date(2033, 12, 22)


@given(st.dates(date(1900, 1, 31), date(2101, 1, 28)))
def test_every_day_has_one_lunar_date_that_reads_back(day: date) -> None:
    written = lunar.from_solar(day)
    assert lunar.to_solar(written) == day
    assert lunar.parse(lunar.written(written)) == written
    assert dates.birthday("农历" + lunar.written(written)) == (day, True)


def test_beyond_the_table_there_is_no_lunar_date() -> None:
    for day in (date(1900, 1, 30), date(2101, 1, 29)):
        with pytest.raises(lunar.LunarDateError):
            lunar.from_solar(day)
    with pytest.raises(lunar.LunarDateError):
        lunar.to_solar(lunar.LunarDate(2101, 1, 1))
    with pytest.raises(lunar.LunarDateError):
        lunar.to_solar(lunar.LunarDate(2021, 4, 1, leap=True))


@given(
    st.dates(date(1927, 5, 19), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d"]),
)
def test_any_day_reads_back_as_itself(day: date, spelling: str) -> None:
    assert dates.day(day.strftime(spelling)) == day
    assert dates.day(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers_of_days(text: str) -> None:
    for read in (dates.day, dates.day_or_month, dates.birthday, dates.birthday_kind):
        try:
            read(text)
        except CellError as error:
            assert error.reason in Reason
