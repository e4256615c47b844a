"""Which wallet a scanned code belongs to, by rules that a shop can change."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.payments.codes import order_number, wallet_of
from pos_app.domain.payments.settings import (
    WALLET_RULES,
    PaymentSettings,
    WalletRule,
    WalletSettings,
    check_payment_settings,
)
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId
from pos_app.domain.values.money import Amount

WECHAT, ALIPAY = TenderKind.WECHAT_PAY, TenderKind.ALIPAY


@pytest.mark.parametrize(
    ("code", "wallet"),
    [
        ("10" + "0" * 16, WECHAT),
        ("15" + "9" * 16, WECHAT),
        ("16" + "0" * 16, None),
        ("10" + "0" * 15, None),
        ("10" + "0" * 17, None),
        ("25" + "0" * 14, ALIPAY),
        ("30" + "0" * 22, ALIPAY),
        ("30" + "0" * 23, None),
        ("31" + "0" * 14, None),
        ("6931201000176", None),
        ("２８１２３４５６７８９０１２３４５６", None),
        ("28123456789012345a", None),
        ("", None),
    ],
)
def test_a_code_is_of_the_wallet_whose_form_it_has(code: str, wallet: TenderKind | None) -> None:
    assert wallet_of(code, WALLET_RULES) is wallet


def test_a_wallet_that_changes_its_codes_needs_another_setting_only() -> None:
    rules = (WalletRule(provider=WECHAT, prefixes=("91",), shortest=20, longest=21),)
    assert wallet_of("91" + "0" * 18, rules) is WECHAT and wallet_of("10" + "0" * 16, rules) is None


@given(st.uuids())
def test_an_order_number_is_short_plain_and_tells_its_attempt(key: UUID) -> None:
    number = order_number(AttemptId(key))
    assert len(number) == 32 and number.isascii() and number.isalnum() and UUID(number) == key


def test_a_till_works_only_with_settings_that_make_sense() -> None:
    fine = PaymentSettings(wechat_pay=WalletSettings(enabled=True, app_id="wx1", merchant_id="19"))
    check_payment_settings(fine)
    wrong = (
        (PaymentSettings(wechat_pay=WalletSettings(enabled=True, app_id="wx1")), "wechat_pay_merchant_id"),
        (PaymentSettings(alipay=WalletSettings(enabled=True)), "alipay_app_id"),
        (msgspec.structs.replace(fine, limit=Amount(0)), "payment_limit"),
        (PaymentSettings(alipay=WalletSettings(address="http://example.com")), "alipay_address"),
        (
            msgspec.structs.replace(
                fine, rules=(WalletRule(provider=WECHAT, prefixes=("1a",), shortest=18, longest=18),)
            ),
            "payment_rules",
        ),
    )
    for settings, field in wrong:
        with pytest.raises(InvalidValueError) as error:
            check_payment_settings(settings)
        assert error.value.params["field"] == field
