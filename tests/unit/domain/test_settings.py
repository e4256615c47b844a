"""A setting that the till could not work with is refused, and the field is named."""

from datetime import time
from decimal import Decimal

import msgspec
import pytest

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.settings import Settings, TaxClass, check_settings
from pos_app.domain.values.ids import ShopId, TillId
from tests.support.shop_values import number_id

SHOP = Settings(shop_id=ShopId(number_id(1)), till_id=TillId(number_id(2)), shop_name="周记金行")


def test_a_shop_needs_only_its_name() -> None:
    check_settings(SHOP)
    assert (SHOP.money.code, SHOP.zone.key, SHOP.day_starts_at) == ("CNY", "Asia/Shanghai", time(5))
    assert msgspec.json.decode(msgspec.json.encode(SHOP), type=Settings) == SHOP


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shop_name", "  "),
        ("shop_code", ""),
        ("shop_code", "N-01"),
        ("shop_code", "店1"),
        ("shop_code", "N01234567"),
        ("till_code", "１"),
        ("till_code", "1 "),
        ("currency", "XXX"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "Asia"),
        ("cash_step", 0),
        ("cash_step", -5),
        ("cash_step", 3),
        ("paper_mm", 57),
        ("default_tax_code", "17"),
        ("tax_classes", ()),
        ("tax_classes", (TaxClass(code="13", rate=Decimal("13")),)),
        ("tax_classes", (TaxClass(code="13", rate=Decimal("-0.13")),)),
        (
            "tax_classes",
            (TaxClass(code="13", rate=Decimal("0.13")), TaxClass(code="13", rate=Decimal("0.09"))),
        ),
        ("tax_classes", (TaxClass(code=" ", rate=Decimal("0.13")),)),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidValueError) as refused:
        check_settings(msgspec.structs.replace(SHOP, **{field: value}))
    assert refused.value.params["field"] in (field, "default_tax_code")


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "JPY"},
        {"currency": "HKD", "time_zone": "Asia/Hong_Kong", "region": "HK"},
        {"cash_step": 5},
        {"paper_mm": 58},
        {"shop_code": "A"},
        {"tax_classes": (TaxClass(code="13", rate=Decimal(0)),)},
    ],
)
def test_other_shops_are_fine(changes: dict[str, object]) -> None:
    check_settings(msgspec.structs.replace(SHOP, **changes))
