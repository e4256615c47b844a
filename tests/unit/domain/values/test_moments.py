"""Moments as milliseconds: nothing is lost on the way there and back."""

from datetime import UTC, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.values.moments import from_ms, to_ms

YEAR_10000_MS = 253_402_300_800_000


@given(st.integers(0, YEAR_10000_MS - 1))
def test_every_millisecond_comes_back_as_itself(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds


@given(st.integers(0, YEAR_10000_MS - 1), st.integers(0, 999))
def test_microseconds_are_rounded_down(milliseconds: int, more: int) -> None:
    assert to_ms(from_ms(milliseconds) + timedelta(microseconds=more)) == milliseconds


@given(st.integers(0, YEAR_10000_MS - 1), st.integers(-12, 14))
def test_a_moment_is_the_same_in_every_zone(milliseconds: int, hours: int) -> None:
    moment = from_ms(milliseconds)
    try:
        there = moment.astimezone(timezone(timedelta(hours=hours)))
    except OverflowError:
        return
    assert to_ms(there) == milliseconds and moment.tzinfo is UTC


@given(st.integers(1_104_537_600_000, 2_147_483_647_999))
def test_books_from_2005_to_2038_that_were_written_by_way_of_a_float_have_the_same_milliseconds(
    at: int,
) -> None:
    assert int(from_ms(at).timestamp() * 1000) == at
