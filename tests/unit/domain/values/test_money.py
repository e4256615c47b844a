"""Money is rounded as people round, and split without losing a cent."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values import rate
from pos_app.domain.values.money import (
    CURRENCIES,
    LIMIT,
    Amount,
    currency,
    divide_half_up,
    parse_amount,
    round_down_to,
    round_half_up,
    round_half_up_to,
    split,
)
from pos_app.domain.values.quantity import (
    QUANTITY_LIMIT,
    Milligrams,
    Quantity,
    parse_quantity,
    quantity_price,
    weight_price,
)

AMOUNTS = st.integers(-(10**13), 10**13).map(Amount)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@given(AMOUNTS, WEIGHTS)
def test_the_parts_of_a_split_sum_to_the_whole(amount: Amount, weights: list[int]) -> None:
    assert sum(split(amount, weights)) == amount


@given(AMOUNTS, WEIGHTS.filter(any))
def test_each_part_is_its_exact_share_to_within_one_cent(amount: Amount, weights: list[int]) -> None:
    total = sum(weights)
    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(part * total - amount * weight) < total


@given(AMOUNTS, WEIGHTS.filter(any))
def test_the_cent_left_over_goes_to_the_largest_remainder_and_among_equals_to_the_first(
    amount: Amount, weights: list[int]
) -> None:
    total, size = sum(weights), abs(amount)
    floors = [size * w // total for w in weights]
    got = [abs(p) - f for p, f in zip(split(amount, weights), floors, strict=True)]
    rank = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
    assert [got[i] for i in rank] == sorted(got, reverse=True)


@given(AMOUNTS, WEIGHTS)
def test_a_negative_amount_splits_like_its_mirror(amount: Amount, weights: list[int]) -> None:
    assert split(Amount(-amount), weights) == [-part for part in split(amount, weights)]


@given(st.integers(0, 10**12).map(Amount), WEIGHTS)
def test_a_discount_not_above_the_goods_never_exceeds_any_of_them(amount: Amount, weights: list[int]) -> None:
    amount = min(amount, Amount(sum(weights)))
    if any(weights):
        assert all(p <= w for p, w in zip(split(amount, weights), weights, strict=True))


def test_ten_yuan_over_three_equal_lines_gives_the_first_the_odd_cent() -> None:
    assert split(Amount(1000), [1, 1, 1]) == [334, 333, 333]
    assert split(Amount(-1000), [1, 1, 1]) == [-334, -333, -333]
    assert split(Amount(5), [0, 0]) == [5, 0]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_a_split_over_nothing_or_less_is_a_bug(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Amount(1), weights)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_half_goes_away_from_zero(numerator: int, denominator: int) -> None:
    got = divide_half_up(numerator, denominator)
    assert abs(2 * (got * denominator - numerator)) <= denominator
    assert divide_half_up(-numerator, denominator) == -got
    assert divide_half_up(2 * abs(numerator) + 1, 2) == abs(numerator) + 1


@given(st.decimals(-(10**12), 10**12, places=6))
def test_a_decimal_is_rounded_as_decimal_rounds_half_up(value: Decimal) -> None:
    assert round_half_up(value) == int(value.to_integral_value(ROUND_HALF_UP))


@given(AMOUNTS, st.sampled_from([1, 5, 10, 50, 100]))
def test_round_off_never_asks_more_and_cash_rounding_never_moves_more_than_half_a_coin(
    amount: Amount, step: int
) -> None:
    down, near = round_down_to(amount, step), round_half_up_to(amount, step)
    assert down % step == near % step == 0
    assert 0 <= abs(amount) - abs(down) < step
    assert 2 * abs(near - amount) <= step


@given(st.integers(-(10**9), 10**9).map(Amount), st.sampled_from(["0", "0.06", "0.09", "0.13", "0.2"]))
def test_the_tax_inside_a_price_is_what_the_price_without_it_would_bear(gross: Amount, percent: str) -> None:
    tax = rate.included_tax(Decimal(percent), gross)
    assert abs(Decimal(gross - tax) * Decimal(percent) - tax) <= Decimal("0.5") * (1 + Decimal(percent))
    assert rate.included_tax(Decimal(percent), Amount(-gross)) == -tax


def test_known_tax_inside_a_price() -> None:
    assert rate.included_tax(Decimal("0.13"), Amount(11300)) == 1300
    assert rate.included_tax(Decimal("0.13"), Amount(100)) == 12
    assert rate.apply(Decimal("0.13"), Amount(50)) == 7


def test_one_rate_has_one_spelling() -> None:
    assert str(rate.parse_rate(" 0.130 ")) == "0.13"
    assert str(rate.parse_rate("0.00")) == "0"
    for text in ("", "13%", "1.01", "-0.1", "NaN", "Infinity"):
        with pytest.raises(InvalidValueError):
            rate.parse_rate(text)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1299", 129_900),
        ("1,299.5", 129_950),
        ("¥12.00", 1200),
        ("￥12", 1200),
        ("12元", 1200),
        (".5", 50),
        ("5.", 500),
        ("-3.2", -320),
        ("−3.2", -320),
        ("-¥3", -300),
        (" 0 ", 0),
        ("1,234,567.89", 123_456_789),
        ("0012", 1200),
        ("99999999999.99", 9_999_999_999_999),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, minor: int) -> None:
    assert parse_amount(text, 2) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-",
        "¥",
        "元",
        ",",
        "12,50",
        "1,2,3",
        "1,2345",
        ",123",
        "1.234",
        "1e3",
        "--5",
        "5-",
        "1 000",
        "½",
        "٣",
        "abc",
        "100000000000",
        "999999999999999999999999",
        "0x10",
        "1_000",
        "+5",
        "nan",
        "1.2.3",
    ],
)
def test_what_is_no_amount_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        parse_amount(text, 2)
    assert refused.value.params["text"] == text


@given(st.integers(-(LIMIT - 1), LIMIT - 1).map(Amount), st.sampled_from([0, 2, 3]), st.booleans())
def test_every_amount_that_is_written_is_read_back(amount: Amount, digits: int, commas: bool) -> None:
    whole, rest = divmod(abs(amount), 10**digits)
    text = f"{whole:,}" if commas else str(whole)
    text += f".{rest:0{digits}d}" if digits else ""
    if len(str(whole)) <= 12:
        assert parse_amount("-" + text if amount < 0 else text, digits) == amount


@given(st.text(max_size=20))
def test_rubbish_is_read_or_refused_but_never_a_crash(text: str) -> None:
    for read in (lambda t: parse_amount(t, 2), parse_quantity, rate.parse_rate, currency):
        try:
            read(text)
        except InvalidValueError as refused:
            assert text in refused.params.values()


def test_yen_has_no_decimals() -> None:
    assert parse_amount("1500", currency("JPY").digits) == 1500
    with pytest.raises(InvalidValueError):
        parse_amount("1500.5", 0)
    with pytest.raises(InvalidValueError):
        currency("XXX")
    assert all(code == c.code for code, c in CURRENCIES.items())


def test_a_weight_times_the_gold_price_is_rounded_once() -> None:
    assert weight_price(Milligrams(3260), Amount(101_200)) == 329_912
    assert weight_price(Milligrams(3260), Amount(2800)) == 9128
    assert quantity_price(Quantity(452), Amount(1990)) == 899
    assert quantity_price(Quantity(500), Amount(1)) == 1


@pytest.mark.parametrize(
    ("text", "thousandths"), [("3", 3000), (" 0.452 ", 452), (".5", 500), ("99999.999", 99_999_999)]
)
def test_a_quantity_is_read(text: str, thousandths: int) -> None:
    assert parse_quantity(text) == thousandths < QUANTITY_LIMIT


@pytest.mark.parametrize(
    "text", ["0", "0.000", "-1", "100000", "1000000000", "1.2345", "", ".", "1e3", "三", "6901234567892"]
)
def test_a_quantity_of_nothing_or_a_scanned_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError):
        parse_quantity(text)
