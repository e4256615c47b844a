"""Amounts, quantities, weights and times as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.values.money import Currency, currency
from pos_app.words import (
    format_age,
    format_amount,
    format_count,
    format_date,
    format_date_time,
    format_percent,
    format_quantity,
    format_time,
    format_weight,
    format_zhe,
    speaking,
)

YUAN = currency("CNY")
YEN = currency("JPY")
DINAR = Currency("KWD", 3, "KWD ")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 16, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (129900, "¥1,299.00"),
        (-6495, "−¥64.95"),
        (0, "¥0.00"),
        (5, "¥0.05"),
        (123456789012, "¥1,234,567,890.12"),
    ],
)
def test_an_amount_has_its_sign_before_the_yuan(amount: int, written: str) -> None:
    assert format_amount(amount, YUAN) == written


def test_currencies_keep_their_own_digits() -> None:
    assert format_amount(1299, YEN) == "¥1,299"
    assert format_amount(1299, DINAR) == "KWD 1.299"


def test_the_sign_can_be_forced_or_dropped() -> None:
    assert format_amount(500, YUAN, sign="always") == "+¥5.00"
    assert format_amount(-500, YUAN, sign="never") == "¥5.00"
    assert format_amount(0, YUAN, sign="always") == "¥0.00"
    assert format_amount(-500, YUAN, symbol=False) == "−5.00"


@given(st.integers(-(10**15), 10**15))
def test_an_amount_read_back_is_the_same(amount: int) -> None:
    text = format_amount(amount, YUAN, symbol=False).replace(",", "").replace("−", "-")
    assert int(Decimal(text) * 100) == amount


@given(st.integers(-(10**12), 10**12))
def test_a_quantity_read_back_is_the_same(thousandths: int) -> None:
    text = format_quantity(thousandths).replace(",", "").replace("−", "-")
    assert int(Decimal(text) * 1000) == thousandths
    assert not text.endswith(".") and not (("." in text) and text.endswith("0"))


def test_a_weight_keeps_three_decimals() -> None:
    assert format_weight(3260) == "3.260 g"
    assert format_weight(-1, unit=False) == "−0.001"


def test_rates_are_written_as_the_trade_says_them() -> None:
    with speaking("zh_CN"):
        assert format_zhe(Decimal("0.95")) == "9.5折"
        assert format_zhe(Decimal("0.5")) == "5折"
        assert format_zhe(Decimal("0.885")) == "8.85折"
    with speaking("en"):
        assert format_zhe(Decimal("0.95")) == "5% off"
    assert format_percent(Decimal("0.065")) == "6.5%"
    assert format_percent(Decimal("1E+1")) == "1000%"


def test_the_day_is_the_day_of_the_shop() -> None:
    with speaking("zh_CN"):
        assert format_date(NOON, SHANGHAI) == "2026年11月23日"
        assert format_date(date(2026, 3, 9), year=False) == "3月9日"
    with speaking("en"):
        assert format_date(NOON, SHANGHAI) == "23 Nov 2026"
    assert format_time(NOON, SHANGHAI) == "00:05"
    assert format_date_time(NOON, SHANGHAI, seconds=True) == "2026-11-23 00:05:09"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        format_time(datetime(2026, 1, 1), SHANGHAI)
    with pytest.raises(ValueError, match="zone"):
        format_date(NOON)


@pytest.mark.parametrize(
    ("age", "written"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(age: timedelta, written: str) -> None:
    with speaking("en"):
        assert format_age(age) == written


def test_counts_have_separators() -> None:
    assert format_count(1240) == "1,240"
    assert format_count(-1240) == "−1,240"
