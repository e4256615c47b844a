"""Days begin at the cut-off, clocks never run back, ids are in the order they were made."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import RFC_4122
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.values.business_date import DEFAULT_DAY_STARTS_AT, business_date
from pos_app.domain.values.hlc import Hlc, tick, wall_ms
from pos_app.domain.values.ids import uuid7

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kathmandu",
    "UTC",
]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("local", "day"),
    [
        (datetime(2026, 11, 22, 4, 59, 59, 999_999), date(2026, 11, 21)),
        (datetime(2026, 11, 22, 5), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 23, 59), date(2026, 11, 22)),
        (datetime(2027, 1, 1, 0, 30), date(2026, 12, 31)),
        (datetime(2028, 3, 1, 2, 0), date(2028, 2, 29)),
    ],
)
def test_a_sale_before_five_in_the_morning_belongs_to_the_day_before(local: datetime, day: date) -> None:
    moment = local.replace(tzinfo=SHANGHAI)
    assert business_date(moment, SHANGHAI, DEFAULT_DAY_STARTS_AT) == day
    assert business_date(moment.astimezone(UTC), SHANGHAI, DEFAULT_DAY_STARTS_AT) == day


def test_a_shop_may_close_its_day_at_midnight() -> None:
    moment = datetime(2026, 11, 22, 0, 0, tzinfo=SHANGHAI)
    assert business_date(moment, SHANGHAI, time(0)) == date(2026, 11, 22)
    assert business_date(moment - timedelta(microseconds=1), SHANGHAI, time(0)) == date(2026, 11, 21)


def test_the_hour_that_autumn_repeats_does_not_bring_yesterday_back() -> None:
    berlin, cut_off = ZoneInfo("Europe/Berlin"), time(2, 30)
    first = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    again = first + timedelta(minutes=30)
    assert (first.astimezone(berlin).time(), again.astimezone(berlin).time()) == (time(2, 45), time(2, 15))
    assert (
        business_date(first, berlin, cut_off) == business_date(again, berlin, cut_off) == date(2026, 10, 25)
    )


@given(MOMENTS, st.integers(0, 7200), st.sampled_from(ZONES), st.integers(0, 1439))
def test_business_dates_never_run_back(moment: datetime, seconds: int, name: str, minute: int) -> None:
    zone, cut_off = ZoneInfo(name), time(minute // 60, minute % 60)
    later = moment + timedelta(seconds=seconds)
    assert business_date(moment, zone, cut_off) <= business_date(later, zone, cut_off)
    assert abs((business_date(moment, zone, cut_off) - moment.date()).days) <= 2


@given(st.lists(st.integers(0, 2**47), min_size=1))
def test_the_hybrid_clock_rises_whatever_the_wall_clock_does(walls: list[int]) -> None:
    last, seen = Hlc(0), []
    for wall in walls:
        last = tick(last, wall)
        seen.append(last)
        assert wall_ms(last) >= wall
    assert seen == sorted(set(seen))


def test_a_clock_set_back_a_year_goes_on_counting_from_where_it_was() -> None:
    now = 1_795_000_000_000
    last = tick(Hlc(0), now)
    back = tick(last, now - 365 * 86_400_000)
    assert back == last + 1
    assert wall_ms(back) == now
    assert back < 2**63, "it stands in a signed column"


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_an_id_is_a_uuid_of_version_seven_that_holds_its_time(ms: int, bits: int) -> None:
    made = uuid7(ms, bits)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == ms
    assert (made.int >> 64 & 0xFFF) << 62 | made.int & 2**62 - 1 == bits


@given(st.integers(0, 2**48 - 2), st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_later_ids_sort_later(ms: int, first: int, second: int) -> None:
    assert uuid7(ms, first) < uuid7(ms + 1, second)
    assert uuid7(ms, first).bytes < uuid7(ms + 1, second).bytes
