"""Rows of members and opening balances become drafts, or are refused; nobody is lost without a word."""

from datetime import date

import pytest

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.imports.drafts import BalanceDraft, ChildDraft, MemberDraft, Note, Rules
from pos_app.domain.imports.faults import Reason, Refused
from pos_app.domain.imports.kinds import Kind
from tests.unit.domain.imports.samples import TODAY, read_row, reasons


def _member(rules: Rules | None = None, **cells: str) -> MemberDraft | Refused:
    named = {"姓名": "王小满", "手机号": "13812345678", **cells}
    found = read_row(Kind.MEMBERS, named) if rules is None else read_row(Kind.MEMBERS, named, rules=rules)
    assert isinstance(found, MemberDraft | Refused)
    return found


def _balance(**cells: str) -> BalanceDraft | Refused:
    found = read_row(Kind.BALANCES, {"手机号": "13812345678", **cells})
    assert isinstance(found, BalanceDraft | Refused)
    return found


def test_a_member_with_everything_is_read_exactly() -> None:
    found = _member(
        其他电话="139 1234 5678、+852 9123 4567",
        卡号="8866001",
        性别="女",
        生日="1988年5月3日",
        入会日期="45231",
        会员等级="金卡",
        地址="上海市南京东路1号",
        职业="教师",
        爱好="瑜伽、烘焙",
        备注="喜欢安静",
        来源="孕妇学校",
        宝宝小名="安安",
        宝宝生日="2025-05-01",
        预产期="",
        同意营销="是",
        微信号="wx_1",
        邮箱="w@example.cn",
    )
    assert found == MemberDraft(
        row=7,
        phones=("+8613812345678", "+8613912345678", "+85291234567"),
        card="8866001",
        name="王小满",
        gender="female",
        birthday=date(1988, 5, 3),
        joined_on=date(2023, 11, 1),
        address="上海市南京东路1号",
        occupation="教师",
        interests=("瑜伽", "烘焙"),
        notes="喜欢安静",
        origin="孕妇学校",
        wechat="wx_1",
        email="w@example.cn",
        children=(ChildDraft(name="安安", born_on=date(2025, 5, 1)),),
        marketing=True,
        not_taken=(("level", "金卡"),),
    )


def test_a_card_without_a_phone_is_enough_and_neither_is_not() -> None:
    found = _member(手机号="", 卡号="8866001")
    assert isinstance(found, MemberDraft) and found.phones == () and found.card == "8866001"
    assert reasons(_member(手机号="")) == [("phone", Reason.NO_PHONE_NO_CARD)]
    assert reasons(_member(手机号="无")) == [("phone", Reason.PHONE_LETTERS)]


def test_a_name_of_forty_characters_is_taken_and_one_more_is_told_with_its_length() -> None:
    found = _member(姓名="阿" * 40)
    assert isinstance(found, MemberDraft) and found.name == "阿" * 40
    found = _member(姓名="阿" * 41)
    assert isinstance(found, Refused) and found.faults[0].params == {"length": 41, "limit": 40}


def test_emoji_rare_characters_and_markup_are_names() -> None:
    for name in ("小满😀", "👩‍👧", "<script>alert(1)</script>", "𠮷祎赟喆", "O'Brien"):
        found = _member(姓名=name)
        assert isinstance(found, MemberDraft) and found.name == name


def test_a_report_shows_the_last_four_digits_and_the_first_of_a_name_and_no_more_of_a_person() -> None:
    found = _member(手机号="138123456789", 姓名="王小满" * 20, 生日="1988-02-30", 地址="路" * 2001)
    assert isinstance(found, Refused)
    shown = {fault.field: fault.shown for fault in found.faults}
    assert shown == {"phone": "****6789", "name": "王****", "birthday": "****", "address": "****"}


def test_a_birthday_in_the_future_or_before_anyone_alive_is_refused() -> None:
    assert reasons(_member(生日="2026-11-24")) == [("birthday", Reason.IN_FUTURE)]
    assert reasons(_member(生日="1890-01-01")) == [("birthday", Reason.TOO_LONG_AGO)]
    assert isinstance(_member(生日="2026-11-23"), MemberDraft)


def test_a_lunar_birthday_is_told_by_the_cell_or_by_a_column() -> None:
    for cells in ({"生日": "农历1988-08-15"}, {"生日": "1988-08-15", "生日类型": "农历"}):
        found = _member(**cells)
        assert isinstance(found, MemberDraft)
        assert (found.birthday, found.birthday_lunar) == (date(1988, 9, 25), True)
    assert reasons(_member(生日="1988-08-31", 生日类型="农历")) == [("birthday", Reason.LUNAR)]
    assert reasons(_member(生日="1988-08-15", 生日类型="0")) == [("birthday_kind", Reason.NOT_UNDERSTOOD)]


def test_a_birthday_without_its_year_is_taken_as_it_is_told() -> None:
    for cells, told in (
        ({"生日": "05-03"}, (MonthDay(month=5, day=3), False)),
        ({"生日": "5月3日"}, (MonthDay(month=5, day=3), False)),
        ({"生日": "农历四月初九"}, (MonthDay(month=4, day=9), True)),
        ({"生日": "4月9日", "生日类型": "农历"}, (MonthDay(month=4, day=9), True)),
        ({"生日": "四月九日", "生日类型": "农历"}, (MonthDay(month=4, day=9), True)),
        ({"生日": "2月30日", "生日类型": "农历"}, (MonthDay(month=2, day=30), True)),
    ):
        found = _member(**cells)
        assert isinstance(found, MemberDraft), cells
        assert (found.birthday, found.birthday_day, found.birthday_lunar) == (None, *told)


def test_a_day_of_a_spreadsheet_that_hides_its_year_is_no_birthday() -> None:
    for calendar in ("", "农历"):
        cells = {"手机号": "13812345678", "生日": "05-03", "生日类型": calendar}
        assert reasons(read_row(Kind.MEMBERS, cells, "tdt")) == [("birthday", Reason.NO_YEAR)]
        found = read_row(Kind.MEMBERS, cells, "ttt")
        assert isinstance(found, MemberDraft) and found.birthday_day == MonthDay(month=5, day=3)


def test_a_due_date_that_is_past_may_be_the_birthday() -> None:
    for over in ("2026-11-22", "2026-10"):
        kept = _member(预产期=over)
        assert isinstance(kept, MemberDraft) and kept.told == (Note.DUE_DATE_PAST,) and kept.children
    due = _member(预产期="2026-11")
    assert isinstance(due, MemberDraft) and due.told == ()
    born = _member(预产期="2026-10-03", 宝宝生日="2026-10-01")
    assert isinstance(born, MemberDraft) and [(c.due_on, str(c.born_on)) for c in born.children] == [
        (None, "2026-10-01")
    ]
    assert reasons(_member(预产期="2028-01-01")) == [("due_date", Reason.DUE_DATE_FAR)]
    found = _member(预产期="2026-11")
    assert isinstance(found, MemberDraft)
    assert found.children == (ChildDraft(due_on=date(2026, 11, 1), month_only=True),)
    found = _member(预产期=TODAY.isoformat())
    assert isinstance(found, MemberDraft) and found.children[0].due_on == TODAY


def test_several_children_stand_in_lists_of_equal_length() -> None:
    found = _member(宝宝小名="大宝；二宝；-", 宝宝生日="2020-01-02；2022-03；-", 预产期="-；-；2027-02-03")
    assert isinstance(found, MemberDraft)
    assert found.children == (
        ChildDraft(name="大宝", born_on=date(2020, 1, 2)),
        ChildDraft(name="二宝", born_on=date(2022, 3, 1), month_only=True),
        ChildDraft(due_on=date(2027, 2, 3)),
    )
    assert reasons(_member(宝宝小名="大宝；二宝", 宝宝生日="2020-01-02")) == [
        ("child_birthday", Reason.CHILDREN_COUNT)
    ]


def test_a_born_child_and_an_expected_one_in_one_row_are_two_children() -> None:
    found = _member(宝宝小名="安安", 宝宝生日="2025-05-01", 预产期="2027-02-03")
    assert isinstance(found, MemberDraft)
    assert found.children == (
        ChildDraft(name="安安", born_on=date(2025, 5, 1)),
        ChildDraft(due_on=date(2027, 2, 3)),
    )


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"性别": "1"}, ("gender", Reason.GENDER)),
        ({"入会日期": "2027-01-01"}, ("joined_on", Reason.IN_FUTURE)),
        ({"同意营销": "看情况"}, ("marketing", Reason.YES_NO)),
        ({"手机号": "13812345678.5"}, ("phone", Reason.PHONE_LENGTH)),
        ({"卡号": "8.86E+15"}, ("card", Reason.DIGITS_LOST)),
    ],
)
def test_what_cannot_be_told_of_a_member_is_refused(cells: dict[str, str], fault: tuple[str, Reason]) -> None:
    assert reasons(_member(**cells)) == [fault]


def test_unknown_gender_is_no_gender() -> None:
    found = _member(性别="保密")
    assert isinstance(found, MemberDraft) and found.gender is None


def test_a_shop_in_hong_kong_reads_its_own_numbers() -> None:
    found = _member(rules=Rules(today=TODAY, region="HK"), 手机号="9123 4567")
    assert isinstance(found, MemberDraft) and found.phones == ("+85291234567",)


def test_opening_balances_are_whole_points_and_exact_money() -> None:
    found = _balance(积分="1,240.00", 储值本金="¥320.50", 储值赠金="", 截至日期="2026-10-31", 姓名="王小满")
    assert found == BalanceDraft(
        row=7, phone="+8613812345678", name="王小满", points=1240, principal=32050, as_of=date(2026, 10, 31)
    )
    assert reasons(_balance(积分="-5", 储值本金="1.234")) == [
        ("points", Reason.NEGATIVE),
        ("principal", Reason.TOO_MANY_DECIMALS),
    ]
    assert reasons(_balance(手机号="", 积分="5")) == [("phone", Reason.NO_PHONE_NO_CARD)]
