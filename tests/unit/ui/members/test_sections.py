"""What is typed of a member's profile and dates, and what it means; nothing that was not touched is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.members import Child, ImportantDate, Member, Profile
from pos_app.domain.values.ids import MemberId, ShopId
from ui.members.draft import ChildDraft, whole_phone
from ui.members.sections import (
    DatesDraft,
    DayDraft,
    ProfileDraft,
    birthday_of,
    date_of,
    dates_draft,
    day_of,
    profile_draft,
    profile_with,
    section_faults,
)

TODAY = date(2026, 11, 22)
ONE = UUID(int=1)
FULL = Profile(
    name="王小满",
    gender="female",
    birthday=date(1990, 5, 3),
    birthday_lunar=True,
    occupation="医生",
    interests=("旅行", "古法金"),
    character="先看再问",
    important_dates=(ImportantDate(label="妈妈生日", on=date(1962, 8, 20), lunar=True),),
    origin="门店",
    address="上海市静安区南京西路1200号",
    notes="两行\n备注",
    children=(
        Child(name="小豆", born_on=date(2025, 3, 1), month_only=True),
        Child(due_on=date(2027, 1, 5)),
    ),
)


def member(profile: Profile = FULL) -> Member:
    return Member(
        member_id=MemberId(ONE),
        joined_at=datetime(2026, 1, 1, tzinfo=UTC),
        joined_shop=ShopId(ONE),
        profile=profile,
    )


def test_a_form_that_was_only_opened_changes_nothing() -> None:
    who = member()
    for draft in (profile_draft(who), profile_draft(who, revealed=True), dates_draft(who)):
        assert profile_with(draft, who, TODAY) == FULL


@pytest.mark.parametrize(
    "typed", ["1990-4-9", "1990年四月初九", "１９９０－４－９", "1990.04.09", "19900409"]
)
def test_a_lunar_day_is_understood_however_it_is_written(typed: str) -> None:
    assert day_of(DayDraft(typed, by_moon=True)) == date(1990, 5, 3)


@pytest.mark.parametrize("typed", ["1990-13-1", "1990-2-31", "4-9", "", "农历", "2101-1-1"])
def test_what_is_no_lunar_day_is_none(typed: str) -> None:
    assert day_of(DayDraft(typed, by_moon=True)) is None


def test_the_year_of_an_anniversary_may_be_left_out() -> None:
    wedding = date_of(DayDraft("12-4", label="结婚"), TODAY)
    assert wedding == ImportantDate(label="结婚", on=date(2025, 12, 4), day=MonthDay(month=12, day=4))
    moon = date_of(DayDraft("8月15日", by_moon=True, label="中秋"), TODAY)
    assert moon == ImportantDate(
        label="中秋", on=date(2026, 9, 25), lunar=True, day=MonthDay(month=8, day=15)
    )
    assert day_of(DayDraft("12-4")) is None


@pytest.mark.parametrize(
    ("typed", "by_moon", "day"),
    [
        ("2-29", False, (2, 29)),
        ("8-30", True, (8, 30)),
        ("农历8-30", False, (8, 30)),
        ("四月初九", False, (4, 9)),
    ],
)
def test_a_day_that_some_years_lack_is_an_important_date_too(
    typed: str, by_moon: bool, day: tuple[int, int]
) -> None:
    draft = DatesDraft(dates=(DayDraft(typed, by_moon, "纪念日"),))
    assert not section_faults(draft, member(Profile()), TODAY)
    kept = profile_with(draft, member(Profile()), TODAY)
    told = kept.important_dates[0]
    assert told.day == MonthDay(month=day[0], day=day[1]) and told.on <= TODAY
    assert profile_with(dates_draft(member(kept)), member(kept), TODAY) == kept


@pytest.mark.parametrize(
    ("typed", "by_moon", "code"),
    [
        ("闰6-3", True, "leap_year"),
        ("农历闰六月初三", False, "leap_year"),
        ("4-31", True, "date_lunar"),
        ("4-31", False, "date"),
        ("1850-01-01", False, "date_year"),
        ("2202-12-04", False, "date_year"),
        ("2037-01-01", False, "date_year"),
    ],
)
def test_what_is_no_important_date_is_told_by_its_own_calendar(typed: str, by_moon: bool, code: str) -> None:
    draft = DatesDraft(dates=(DayDraft(typed, by_moon, "纪念日"),))
    assert section_faults(draft, member(Profile()), TODAY).dates == {0: f"members.fault.{code}"}


@pytest.mark.parametrize("by_moon", [True, False])
def test_a_birthday_in_a_leap_month_without_its_year_says_why_not(by_moon: bool) -> None:
    draft = DatesDraft(birthday=DayDraft("闰6-3" if by_moon else "农历闰六月初三", by_moon))
    faults = section_faults(draft, member(Profile()), TODAY)
    assert faults.fields == {"birthday": "members.fault.leap_year"}


def test_an_important_date_as_it_stands_in_the_books_is_saved_whatever_its_year() -> None:
    old = member(Profile(important_dates=(ImportantDate(label="老店", on=date(1888, 5, 1)),)))
    shown = dates_draft(old)
    draft = replace(shown, birthday=DayDraft("5-3"), dates=(replace(shown.dates[0], label="老店开张"),))
    assert not section_faults(draft, old, TODAY)
    assert profile_with(draft, old, TODAY).important_dates == (
        ImportantDate(label="老店开张", on=date(1888, 5, 1)),
    )


@pytest.mark.parametrize("typed", ["5-3", "05-03", "5/3", "5.3", "5月3日", "５月３号", "公历5-3"])
def test_the_year_of_a_birthday_may_be_left_out_where_nobody_knows_it(typed: str) -> None:
    after = profile_with(DatesDraft(birthday=DayDraft(typed)), member(), TODAY)
    assert (after.birthday, after.birthday_day, after.birthday_lunar) == (
        None,
        MonthDay(month=5, day=3),
        False,
    )


@pytest.mark.parametrize("by_moon", [True, False])
@pytest.mark.parametrize("typed", ["四月初九", "农历4-9", "农历四月九日"])
def test_a_lunar_birthday_without_its_year_is_understood_whatever_calendar_is_chosen(
    typed: str, by_moon: bool
) -> None:
    after = profile_with(DatesDraft(birthday=DayDraft(typed, by_moon=by_moon)), member(), TODAY)
    assert (after.birthday, after.birthday_day, after.birthday_lunar) == (
        None,
        MonthDay(month=4, day=9),
        True,
    )


@pytest.mark.parametrize("typed", ["2-30", "13-1", "5", "503", "45231", "农历4-31"])
def test_what_is_no_birthday_is_told(typed: str) -> None:
    assert birthday_of(DayDraft(typed), TODAY) is None
    faults = section_faults(DatesDraft(birthday=DayDraft(typed)), member(Profile()), TODAY)
    assert faults.fields == {"birthday": "members.fault.birthday"}


@pytest.mark.parametrize("by_moon", [True, False])
def test_a_form_with_a_birthday_without_its_year_that_was_only_opened_changes_nothing(by_moon: bool) -> None:
    known = Profile(birthday_day=MonthDay(month=4, day=9), birthday_lunar=by_moon)
    assert profile_with(dates_draft(member(known)), member(known), TODAY) == known


def test_a_year_that_is_told_later_takes_the_place_of_the_day_alone() -> None:
    known = member(Profile(birthday_day=MonthDay(month=5, day=3)))
    after = profile_with(DatesDraft(birthday=DayDraft("1990-05-03")), known, TODAY)
    assert (after.birthday, after.birthday_day) == (date(1990, 5, 3), None)


def test_faults_name_each_field_and_its_place() -> None:
    draft = DatesDraft(
        birthday=DayDraft("2026-11-23"),
        dates=(DayDraft("12-4", label="纪念日"), DayDraft("x", label="某日"), DayDraft("12-4")),
        children=(ChildDraft("小豆", "2020-13"), ChildDraft("", "2024-01-01", expected=True)),
    )
    faults = section_faults(draft, member(Profile()), TODAY)
    assert set(faults.fields) == {"birthday", "children_agreed"}
    assert faults.dates == {1: "members.fault.date", 2: "members.fault.date_label"}
    assert faults.children == {0: "members.fault.born", 1: "members.fault.due_past"}


OVERDUE = member(Profile(birthday=date(1990, 5, 3), children=(Child(name="小豆", due_on=date(2025, 6, 1)),)))


def test_a_due_date_long_past_keeps_no_other_change_from_being_saved() -> None:
    shown = dates_draft(OVERDUE)
    draft = replace(shown, birthday=DayDraft("1991-05-03"), children_agreed=True)
    assert not section_faults(draft, OVERDUE, TODAY)
    after = profile_with(draft, OVERDUE, TODAY)
    assert (after.birthday, after.children) == (date(1991, 5, 3), OVERDUE.profile.children)
    named = replace(draft, children=(replace(shown.children[0], name="豆豆"),))
    assert not section_faults(named, OVERDUE, TODAY)
    assert profile_with(named, OVERDUE, TODAY).children == (Child(name="豆豆", due_on=date(2025, 6, 1)),)


def test_a_due_date_typed_long_past_asks_for_the_birthday() -> None:
    typed = replace(
        dates_draft(OVERDUE), children=(ChildDraft("", "2025-05-01", expected=True),), children_agreed=True
    )
    assert section_faults(typed, OVERDUE, TODAY).children == {0: "members.fault.due_past"}


def test_rows_left_empty_are_no_fault_and_not_kept() -> None:
    draft = DatesDraft(dates=(DayDraft(),), children=(ChildDraft(),))
    assert not section_faults(draft, member(Profile()), TODAY)
    assert profile_with(draft, member(Profile()), TODAY) == Profile()


def test_texts_are_kept_plain_on_one_line_and_interests_once_each() -> None:
    draft = ProfileDraft(name=" 王\u0000小 满 ", interests="旅行，旅行、 古法金;", notes="  ")
    told = profile_with(draft, member(Profile()), TODAY)
    assert (told.name, told.interests, told.notes) == ("王 小 满", ("旅行", "古法金"), None)


def test_a_masked_address_is_neither_saved_nor_half_overwritten() -> None:
    who = member()
    draft = profile_draft(who)
    assert "南京" not in draft.address
    wrong = ProfileDraft(address="上海市****3号")
    assert section_faults(wrong, who, TODAY).fields == {"address": "members.fault.address_masked"}
    assert profile_with(ProfileDraft(address="新地址"), who, TODAY).address == "新地址"


@pytest.mark.parametrize(
    ("text", "region", "whole"),
    [
        ("1391234567", "CN", False),
        ("13912345678", "CN", True),
        ("+852 9123 4567", "CN", True),
        ("91234567", "HK", True),
        ("9123", "HK", False),
        ("abc", "CN", False),
    ],
)
def test_nobody_is_looked_for_by_half_a_phone(text: str, region: str, whole: bool) -> None:
    assert whole_phone(text, region) is whole
