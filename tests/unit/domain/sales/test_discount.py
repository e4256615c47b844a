"""Price fields speak one grammar, and take nothing that could be misread."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.discount import (
    AboveListPriceError,
    AskedKind,
    Discount,
    DiscountBeyondPriceError,
    DiscountTextError,
    parse_discount,
    reduced,
)
from pos_app.domain.values.money import Amount
from tests.support.shop_values import any_discounts


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("95折", "0.95"),
        ("9.5折", "0.95"),
        ("9折", "0.9"),
        ("5折", "0.5"),
        ("88折", "0.88"),
        ("8.8折", "0.88"),
        ("0.5折", "0.05"),
        ("95%", "0.95"),
        ("5%", "0.05"),
        ("100%", "1"),
        ("12.5%", "0.125"),
        ("９５折", "0.95"),
        ("９．５折", "0.95"),
        ("95％", "0.95"),
        (" 95 折 ", "0.95"),
        ("9。5折", "0.95"),
    ],
)
def test_a_rate_is_what_the_customer_pays(text: str, share: str) -> None:
    asked = parse_discount(text, 2)
    assert (asked.kind, asked.pay_rate) == (AskedKind.PAY_RATE, Decimal(share))


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("-5", AskedKind.OFF, 500),
        ("−5", AskedKind.OFF, 500),
        ("－５", AskedKind.OFF, 500),
        ("-0.01", AskedKind.OFF, 1),
        ("-¥5", AskedKind.OFF, 500),
        ("=1300", AskedKind.MAKE_IT, 130_000),
        ("＝１３００", AskedKind.MAKE_IT, 130_000),
        ("=1,300.50", AskedKind.MAKE_IT, 130_050),
        ("1300", AskedKind.MAKE_IT, 130_000),
        ("1300元", AskedKind.MAKE_IT, 130_000),
        ("=0", AskedKind.MAKE_IT, 0),
    ],
)
def test_an_amount_off_or_a_new_price_is_read(text: str, kind: AskedKind, amount: int) -> None:
    asked = parse_discount(text, 2)
    assert (asked.kind, asked.amount) == (kind, amount)


@pytest.mark.parametrize(
    ("text", "digits", "step"), [(".", 2, 100), ("．", 2, 100), ("。", 2, 100), (".", 0, 1)]
)
def test_a_dot_drops_the_small_change(text: str, digits: int, step: int) -> None:
    asked = parse_discount(text, digits)
    assert (asked.kind, asked.step, asked.text) == (AskedKind.DROP_CHANGE, step, ".")


@pytest.mark.parametrize("text", ["10折", "10.0折", "0折", "0%", "0.0折"])
def test_what_two_people_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(DiscountTextError) as refused:
        parse_discount(text, 2)
    assert refused.value.params["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "折",
        "%",
        "-",
        "=",
        "--5",
        "=-5",
        "-=5",
        "==5",
        "105折",
        "101%",
        "-5%",
        "+95折",
        "1_0折",
        "1e1折",
        "NaN折",
        "Infinity折",
        "95折折",
        "5折%",
        "九折",
        "٩٥折",
        "abc",
        "=1300.555",
        "12,50",
        "..",
        "1300 500",
        "=99999999999999",
    ],
)
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(DiscountTextError):
        parse_discount(text, 2)


@given(st.text(st.sampled_from("0123456789.-=%折,¥元 ０９．－＝％e_+"), max_size=10), st.sampled_from([0, 2]))
def test_whatever_is_typed_never_raises_a_price(text: str, digits: int) -> None:
    try:
        asked = parse_discount(text, digits)
    except DiscountTextError:
        return
    try:
        assert 0 <= reduced(Amount(10_000), asked) <= 10_000
    except ExpectedError as refused:
        assert isinstance(refused, AboveListPriceError | DiscountBeyondPriceError)


@given(st.integers(0, 10**9).map(Amount), any_discounts())
def test_what_is_left_lies_between_nothing_and_the_price(amount: Amount, asked: Discount) -> None:
    try:
        left = reduced(amount, asked)
    except DiscountBeyondPriceError:
        assert asked.kind is AskedKind.OFF
        assert asked.amount is not None
        assert asked.amount > amount
    except AboveListPriceError:
        assert asked.kind is AskedKind.MAKE_IT
        assert asked.amount is not None
        assert asked.amount > amount
    else:
        assert 0 <= left <= amount


def test_z_types_zhe_where_there_is_no_input_method() -> None:
    assert parse_discount("95z", 2) == parse_discount("95折", 2)
    assert parse_discount("9.5Z", 2).pay_rate == Decimal("0.95")
    with pytest.raises(DiscountTextError):
        parse_discount("z", 2)
