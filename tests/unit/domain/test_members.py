"""Who a member is, how old her children are, and what a clerk may see."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.members import (
    Child,
    Consent,
    ConsentMissingError,
    KeyKind,
    Member,
    MemberKey,
    Profile,
    Purpose,
    Stage,
    check_consents,
    stage_of,
    strip_of,
)
from pos_app.domain.values.ids import ConsentId, MemberId, ShopId, StaffId
from tests.support.shop_values import number_id

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def _consent(purpose: Purpose, given_: bool = True) -> Consent:
    return Consent(
        consent_id=ConsentId(number_id(1)),
        purpose=purpose,
        given=given_,
        text_version="2026-1",
        how="spoken",
        by=StaffId(number_id(4)),
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("born", "stage"),
    [
        (date(2026, 11, 23), Stage.EXPECTING),
        (date(2026, 11, 22), Stage.MONTHS_0_12),
        (date(2025, 11, 23), Stage.MONTHS_0_12),
        (date(2025, 11, 22), Stage.MONTHS_12_36),
        (date(2023, 11, 23), Stage.MONTHS_12_36),
        (date(2023, 11, 22), Stage.MONTHS_36_72),
        (date(2020, 11, 23), Stage.MONTHS_36_72),
        (date(2020, 11, 22), None),
    ],
)
def test_a_child_moves_to_the_next_stage_on_the_very_day(born: date, stage: Stage | None) -> None:
    assert stage_of(Child(born_on=born), TODAY) == stage
    assert stage_of(Child(due_on=born), TODAY) == stage, "a due date that has passed counts as the birthday"


def test_the_birthday_wins_over_the_due_date_and_a_child_without_dates_has_no_stage() -> None:
    assert stage_of(Child(born_on=date(2026, 11, 1), due_on=date(2026, 12, 20)), TODAY) is Stage.MONTHS_0_12
    assert stage_of(Child(name="小宝"), TODAY) is None


@pytest.mark.parametrize(
    ("today", "stage"), [(date(2025, 2, 28), Stage.MONTHS_0_12), (date(2025, 3, 1), Stage.MONTHS_12_36)]
)
def test_a_child_of_the_29th_of_february_is_a_year_old_on_the_first_of_march(
    today: date, stage: Stage
) -> None:
    assert stage_of(Child(born_on=date(2024, 2, 29)), today) is stage


@given(DAYS, DAYS, st.integers(0, 4000))
def test_a_child_never_grows_younger(born: date, today: date, later: int) -> None:
    order = [Stage.EXPECTING, Stage.MONTHS_0_12, Stage.MONTHS_12_36, Stage.MONTHS_36_72, None]
    child = Child(born_on=born)
    now, then = stage_of(child, today), stage_of(child, today + timedelta(days=later))
    assert order.index(now) <= order.index(then)
    assert (now is Stage.EXPECTING) == (today < born)


def test_a_phone_and_a_yes_are_enough_to_join() -> None:
    check_consents((_consent(Purpose.MEMBERSHIP),), ())


@pytest.mark.parametrize(
    ("consents", "children"),
    [
        ((), ()),
        ((_consent(Purpose.MEMBERSHIP, False),), ()),
        ((_consent(Purpose.MARKETING),), ()),
        ((_consent(Purpose.MEMBERSHIP),), (Child(name="小宝"),)),
        ((_consent(Purpose.MEMBERSHIP), _consent(Purpose.CHILDREN, False)), (Child(),)),
    ],
)
def test_nobody_joins_without_her_yes_nor_a_child_without_its_own(
    consents: tuple[Consent, ...], children: tuple[Child, ...]
) -> None:
    with pytest.raises(ConsentMissingError):
        check_consents(consents, children)


def test_the_sell_page_shows_the_name_in_full_and_the_phone_masked() -> None:
    profile = Profile(
        name="陈䶮",
        keys=(
            MemberKey(kind=KeyKind.CARD, value="80001234"),
            MemberKey(kind=KeyKind.PHONE, value="+8613812345678"),
            MemberKey(kind=KeyKind.PHONE, value="+8613900000000", owner="father"),
        ),
        children=(Child(born_on=date(2026, 1, 1)), Child(born_on=date(2026, 1, 1)), Child()),
    )
    member = Member(
        member_id=MemberId(number_id(5)),
        joined_at=datetime(2026, 1, 1, tzinfo=UTC),
        joined_shop=ShopId(number_id(1)),
        profile=profile,
    )
    strip = strip_of(member, TODAY)
    assert (strip.name, strip.masked_phone) == ("陈䶮", "138****5678")
    assert strip.stages == (Stage.MONTHS_0_12,), "twins are one stage"
    assert member.phone == "+8613812345678"
    assert "12345678" not in repr(strip).replace("138****5678", "")


def test_a_member_without_phone_shows_none() -> None:
    member = Member(
        member_id=MemberId(number_id(5)),
        joined_at=datetime(2026, 1, 1, tzinfo=UTC),
        joined_shop=ShopId(number_id(1)),
        profile=Profile(name="李"),
    )
    assert strip_of(member, TODAY).masked_phone is None
