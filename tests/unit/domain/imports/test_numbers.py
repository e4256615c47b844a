"""Numbers in cells are read exactly or refused with what is wrong; nothing is rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.imports import numbers
from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.values.money import CURRENCIES

YUAN, YEN, HK = CURRENCIES["CNY"], CURRENCIES["JPY"], CURRENCIES["HKD"]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("¥1,299.00", 129900),
        ("￥1299", 129900),
        ("1299元", 129900),
        ("1,299", 129900),
        ("１，２９９．５０", 129950),
        ("RMB 12.5", 1250),
        ("12 元", 1200),
        (".5", 50),
        ("0", 0),
        ("12.5000", 1250),
        ("1299.", 129900),
        ("人民币12元", 1200),
        ("12CNY", 1200),
        ("1,234,567.89", 123456789),
    ],
)
def test_a_price_is_read_however_it_is_written(text: str, fen: int) -> None:
    assert numbers.money(text, YUAN) == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12.505", Reason.TOO_MANY_DECIMALS),
        ("-5", Reason.NEGATIVE),
        ("(12.50)", Reason.NEGATIVE),
        ("−5", Reason.NEGATIVE),
        ("¥-3", Reason.NEGATIVE),
        ("-¥3", Reason.NEGATIVE),
        ("12,50", Reason.COMMA),
        ("1,2999", Reason.COMMA),
        ("$12", Reason.CURRENCY),
        ("HK$12", Reason.CURRENCY),
        ("12HKD", Reason.CURRENCY),
        ("1.2万", Reason.NOT_A_NUMBER),
        ("面议", Reason.NOT_A_NUMBER),
        ("1.2E+3", Reason.DIGITS_LOST),
        ("9" * 14, Reason.TOO_LARGE),
        ("1e400", Reason.DIGITS_LOST),
        ("1_000", Reason.NOT_A_NUMBER),
        ("٣", Reason.NOT_A_NUMBER),
        ("9" * 40, Reason.TOO_LARGE),
        ("1.2.3", Reason.NOT_A_NUMBER),
    ],
)
def test_a_price_that_is_none_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    with pytest.raises(CellError) as caught:
        numbers.money(text, YUAN)
    assert caught.value.reason is reason


def test_money_follows_the_currency_of_the_shop() -> None:
    assert numbers.money("¥1,299", YEN) == 1299
    assert numbers.money("HK$12.5", HK) == numbers.money("$12.5", HK) == 1250
    with pytest.raises(CellError) as caught:
        numbers.money("12.5", YEN)
    assert caught.value.params == {"limit": 0}


@given(
    st.integers(0, 10**13 - 1),
    st.booleans(),
    st.sampled_from(["", "元"]),
    st.sampled_from(["", "¥", "￥", "RMB"]),
)
def test_any_amount_reads_back_as_itself(fen: int, grouped: bool, suffix: str, sign: str) -> None:
    whole, fraction = divmod(fen, 100)
    text = f"{whole:,}" if grouped else str(whole)
    assert numbers.money(f"{sign}{text}.{fraction:02}{suffix}", YUAN) == fen


@given(st.text(max_size=12))
def test_no_text_at_all_breaks_the_readers_of_numbers(text: str) -> None:
    for read in (
        lambda t: numbers.money(t, YUAN),
        numbers.weight,
        numbers.quantity,
        numbers.whole,
        numbers.rate,
    ):
        try:
            assert read(text) >= 0
        except CellError as error:
            assert error.reason in Reason


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("3.25g", 3250),
        ("3.25克", 3250),
        ("3.250", 3250),
        ("３．２６０", 3260),
        ("3.25 G", 3250),
        ("0.5kg", 500000),
        ("350mg", 350),
        ("0", 0),
        ("3.2500", 3250),
    ],
)
def test_a_weight_is_read_in_grams(text: str, mg: int) -> None:
    assert numbers.weight(text) == mg


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.5ct", Reason.WEIGHT_UNIT),
        ("1两", Reason.WEIGHT_UNIT),
        ("3.2555", Reason.TOO_MANY_DECIMALS),
        ("-1", Reason.NEGATIVE),
        ("200kg", Reason.TOO_LARGE),
        ("约3克", Reason.NOT_A_NUMBER),
        ("g", Reason.NOT_A_NUMBER),
    ],
)
def test_a_weight_that_is_none_is_refused(text: str, reason: Reason) -> None:
    with pytest.raises(CellError) as caught:
        numbers.weight(text)
    assert caught.value.reason is reason


@given(st.integers(0, 99_999_999))
def test_any_weight_reads_back_as_itself(mg: int) -> None:
    assert numbers.weight(f"{mg // 1000}.{mg % 1000:03}克") == mg


def test_quantities_of_packs_are_read_as_people_write_them() -> None:
    assert [numbers.quantity(t) for t in ("6", "6罐", "1*12", "1×12", "0.5")] == [
        6000,
        6000,
        12000,
        12000,
        500,
    ]
    for text in ("0", "-1", "六", ""):
        with pytest.raises(CellError):
            numbers.quantity(text)


def test_points_are_whole_and_never_negative() -> None:
    assert [numbers.whole(t) for t in ("1240", "1,240", "1240.00", "1,240分", "１２")] == [
        1240,
        1240,
        1240,
        1240,
        12,
    ]
    for text, reason in (
        ("1240.5", Reason.NOT_WHOLE),
        ("-3", Reason.NEGATIVE),
        ("许多", Reason.NOT_A_NUMBER),
    ):
        with pytest.raises(CellError) as caught:
            numbers.whole(text)
        assert caught.value.reason is reason


def test_a_tax_rate_is_read_as_percent_or_as_fraction() -> None:
    assert {numbers.rate(t) for t in ("13%", "13", "0.13", "13.0%", "１３％", "0.130")} == {Decimal("0.13")}
    assert numbers.rate("免税") == numbers.rate("0") == 0
    assert numbers.rate("0.5%") == Decimal("0.005")
    for text in ("101", "-1", "十三"):
        with pytest.raises(CellError):
            numbers.rate(text)
