"""Codes of coupons, what a face value pays, and what the platform keeps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.payments.settings import WALLET_RULES
from pos_app.domain.sales.tenders import BillEndError, bill_end
from pos_app.domain.values.money import Amount
from pos_app.domain.vouchers import (
    VoucherAmountError,
    VoucherCodeError,
    VoucherIsPaymentError,
    VoucherPlatform,
    VoucherSettings,
    check_voucher_settings,
    voucher,
    voucher_code,
    worth_on,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1234 5678 9012", "123456789012"),
        ("１２３４５６７８９０", "1234567890"),
        ("ab-12cd34", "AB12CD34"),
        ("  998877  ", "998877"),
    ],
)
def test_a_code_is_kept_without_its_gaps(text: str, code: str) -> None:
    assert voucher_code(text, WALLET_RULES) == code


@pytest.mark.parametrize("text", ["", "12345", "1" * 33, "券码123456", "12_345678", "https://t.cn/abc"])
def test_what_no_code_looks_like_is_refused(text: str) -> None:
    with pytest.raises(VoucherCodeError):
        voucher_code(text, WALLET_RULES)


@pytest.mark.parametrize("code", ["134567890123456789", "2812345678901234"])
def test_a_payment_code_is_never_kept_as_a_coupon(code: str) -> None:
    with pytest.raises(VoucherIsPaymentError):
        voucher_code(code, WALLET_RULES)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_no_change_is_given_for_a_coupon(face: int, open_: int) -> None:
    worth = worth_on(Amount(face), Amount(open_))
    assert worth.amount + worth.forfeited == face
    assert 0 < worth.amount <= open_ and (worth.forfeited == 0 or worth.amount == open_)


@pytest.mark.parametrize(("face", "open_"), [(0, 100), (100, 0), (-1, 100)])
def test_a_coupon_over_nothing_is_refused(face: int, open_: int) -> None:
    with pytest.raises(VoucherAmountError):
        worth_on(Amount(face), Amount(open_))


@pytest.mark.parametrize(
    ("amount", "rate", "fee"), [(8_800, "0.06", 528), (8_825, "0.02", 177), (1, "0.5", 1)]
)
def test_the_fee_is_rounded_half_up(amount: int, rate: str, fee: int) -> None:
    assert voucher("meituan", "123456", Amount(amount), Decimal(rate)).fee == fee


@given(st.integers(0, 10**9), st.decimals(0, 1, places=4))
def test_a_fee_is_never_more_than_the_coupon_pays(amount: int, rate: Decimal) -> None:
    assert 0 <= voucher("douyin", "123456", Amount(amount), rate).fee <= amount


@pytest.mark.parametrize(
    "platforms",
    [
        (VoucherPlatform(key=""),),
        (VoucherPlatform(key=" 口碑"),),
        (VoucherPlatform(key="x" * 13),),
        (VoucherPlatform(key="口碑"), VoucherPlatform(key="口碑")),
        (VoucherPlatform(key="口碑", fee_rate=Decimal("1.01")),),
        (VoucherPlatform(key="口碑", fee_rate=Decimal("-0.01")),),
        (VoucherPlatform(key="口碑", fee_rate=Decimal("NaN")),),
    ],
)
def test_platforms_that_cannot_be_told_apart_or_reckoned_are_refused(
    platforms: tuple[VoucherPlatform, ...],
) -> None:
    with pytest.raises(InvalidValueError):
        check_voucher_settings(VoucherSettings(platforms=platforms))


@pytest.mark.parametrize(("text", "end"), [("12a4", "12A4"), (" 0042 ", "0042"), ("１２３４", "1234")])
def test_the_end_of_a_bill_is_four_letters_or_digits(text: str, end: str) -> None:
    assert bill_end(text) == end


@pytest.mark.parametrize("text", ["", "123", "12345", "12 4", "一二三四", "12-4"])
def test_any_other_end_of_a_bill_is_refused(text: str) -> None:
    with pytest.raises(BillEndError):
        bill_end(text)
