"""Which price holds: the shop's list, days, packs, member and level lists; and how changed prices end."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.catalogue import (
    MEMBER,
    RETAIL,
    Barcode,
    Customer,
    Flags,
    Found,
    NoPriceError,
    PriceListError,
    PriceRow,
    Variant,
    check_list,
    choose_price,
    level_list,
    shop_list,
)
from pos_app.domain.catalogue.bulk import (
    BulkEdit,
    BulkRow,
    PriceMove,
    Rounding,
    check_bulk_edit,
    edited,
    goes_below_cost,
    goes_below_lowest,
    moved,
    rounded,
)
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.line import LineKind, PriceBasis
from pos_app.domain.values.ids import PriceId, ShopId, StyleId, VariantId
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.domain.values.quantity import ONE, Quantity

TODAY = date(2026, 11, 22)
SHOP = ShopId(UUID(int=7))
VARIANT = VariantId(UUID(int=1))
CASE = "16901234567899"
ANYBODY, MEMBER_HERE = Customer(shop=SHOP), Customer(member=True, shop=SHOP)


def variant(retail: int | None = 1_000, **flags: object) -> Variant:
    """Return goods at 10.00."""
    return Variant(
        variant_id=VARIANT,
        style_id=StyleId(UUID(int=2)),
        code="B001",
        name="奶粉",
        unit="罐",
        category="母婴",
        kind=LineKind.GOODS,
        retail=None if retail is None else Amount(retail),
        tax_code=None,
        tax_rate=None,
        flags=Flags(**flags),  # type: ignore[arg-type]
    )


def row(name: str, price: int, *days: date | None, barcode: str | None = None, number: int = 1) -> PriceRow:
    """Return a price on a list, from a day to a day."""
    since, until = (*days, None, None)[:2]
    return PriceRow(
        price_id=PriceId(UUID(int=number)),
        variant_id=VARIANT,
        list=name,
        price=Amount(price),
        barcode=barcode,
        valid_from=since,
        valid_to=until,
    )


def price(*rows: PriceRow, customer: Customer = ANYBODY, found: Found | None = None) -> int | None:
    """Return the unit price that holds today."""
    return choose_price(found or Found(variant=variant()), rows, customer, TODAY).unit_price


def case(own: int | None = None) -> Found:
    """Return a case of six, with a price of its own or without."""
    price = None if own is None else Amount(own)
    code = Barcode(code=CASE, variant_id=VARIANT, pack_quantity=Quantity(6 * ONE), price=price)
    return Found(variant=variant(), barcode=code)


def test_the_shops_own_list_replaces_retail() -> None:
    rows = (row(RETAIL, 900), row(shop_list(SHOP), 1_100), row(shop_list(ShopId(UUID(int=8))), 1))
    assert price(*rows) == 1_100
    assert price(*rows, customer=Customer(shop=ShopId(UUID(int=9)))) == 900
    assert price() == 1_000


def test_within_its_days_the_row_that_begins_last_holds() -> None:
    day = timedelta(days=1)
    rows = (
        row(RETAIL, 950),
        row(RETAIL, 900, TODAY - 9 * day, TODAY),
        row(RETAIL, 800, TODAY - day, TODAY - day),
        row(RETAIL, 700, TODAY + day),
        row(RETAIL, 850, TODAY),
    )
    assert price(*rows) == 850
    assert price(*rows[:4]) == 900, "the last day counts"
    assert price(rows[2], rows[3]) == 1_000


def test_a_member_pays_the_lowest_of_what_she_is_offered() -> None:
    rows = (row(MEMBER, 920), row(level_list(1), 900), row(level_list(2), 940), row(level_list(3), 500))
    third = choose_price(Found(variant=variant()), rows, Customer(member=True, level=2, shop=SHOP), TODAY)
    assert (third.basis, third.unit_price, third.list_price) == (PriceBasis.MEMBER, 900, 1_000)
    assert price(*rows, customer=MEMBER_HERE) == 920
    assert price(*rows) == 1_000
    dearer = choose_price(Found(variant=variant()), (row(MEMBER, 1_200),), MEMBER_HERE, TODAY)
    assert (dearer.basis, dearer.unit_price) == (PriceBasis.RETAIL, 1_000)


def test_a_pack_keeps_its_own_price_unless_its_barcode_has_a_row() -> None:
    assert price(row(RETAIL, 900), found=case()) == 5_400
    assert price(row(RETAIL, 900), row(MEMBER, 800), found=case(5_000), customer=MEMBER_HERE) == 5_000
    assert price(row(MEMBER, 800), found=case(), customer=MEMBER_HERE) == 4_800
    rows = (row(RETAIL, 4_900, barcode=CASE), row(MEMBER, 4_500, barcode=CASE))
    assert price(*rows, found=case(5_000)) == 4_900
    assert price(*rows, found=case(5_000), customer=MEMBER_HERE) == 4_500


def test_goods_with_a_list_price_alone_can_be_sold_and_without_any_cannot() -> None:
    assert price(row(RETAIL, 900), found=Found(variant=variant(None))) == 900
    with pytest.raises(NoPriceError):
        price(found=Found(variant=variant(None)))
    opened = choose_price(Found(variant=variant(None, open_price=True)), (), ANYBODY, TODAY)
    assert opened.basis is PriceBasis.OPEN and opened.unit_price is None


PRICES = st.integers(1, 5_000)
DAYS = st.none() | st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
LISTS = st.sampled_from([RETAIL, MEMBER, level_list(1), level_list(3), shop_list(SHOP)])
ROWS = st.lists(
    st.builds(
        row, LISTS, PRICES, DAYS, DAYS, barcode=st.none() | st.just(CASE), number=st.integers(1, 1 << 60)
    ),
    max_size=8,
)


@given(rows=ROWS, level=st.integers(0, 5), packed=st.booleans(), own=st.none() | PRICES)
def test_a_member_never_pays_more_and_no_price_comes_from_nowhere(
    rows: list[PriceRow], level: int, packed: bool, own: int | None
) -> None:
    found = case(own) if packed else Found(variant=variant())
    anybody = choose_price(found, rows, ANYBODY, TODAY)
    member = choose_price(found, rows, Customer(member=True, level=level, shop=SHOP), TODAY)
    assert anybody.unit_price is not None and member.unit_price is not None
    assert member.unit_price <= anybody.unit_price
    assert (member.basis is PriceBasis.MEMBER) == (member.unit_price < anybody.unit_price)
    known = {1_000, 6_000, own} | {r.price for r in rows} | {6 * r.price for r in rows}
    assert {anybody.unit_price, member.unit_price} <= known
    assert choose_price(found, list(reversed(rows)), ANYBODY, TODAY) == anybody or len(
        {r.price_id for r in rows}
    ) < len(rows), "the order of rows decides nothing"


@given(rows=ROWS, level=st.integers(0, 4))
def test_a_higher_level_never_pays_more(rows: list[PriceRow], level: int) -> None:
    found = Found(variant=variant())
    lower, higher = (
        choose_price(found, rows, Customer(member=True, level=each, shop=SHOP), TODAY).unit_price
        for each in (level, level + 1)
    )
    assert lower is not None and higher is not None and higher <= lower


@pytest.mark.parametrize("name", ["", "vip", "level:0", "level:6", "level:x", "shop:", "shop:1"])
def test_a_list_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(PriceListError):
        check_list(name)
    for good in (RETAIL, MEMBER, level_list(5), shop_list(SHOP)):
        check_list(good)


@pytest.mark.parametrize(
    ("before", "how", "after"),
    [
        (1_234, Rounding.NONE, 1_234),
        (1_249, Rounding.WHOLE, 1_200),
        (1_250, Rounding.WHOLE, 1_300),
        (1_234, Rounding.NINE, 1_190),
        (1_240, Rounding.NINE, 1_290),
        (1_248, Rounding.NINETY_NINE, 1_199),
        (1_250, Rounding.NINETY_NINE, 1_299),
        (5, Rounding.NINETY_NINE, 99),
        (0, Rounding.NINE, 0),
    ],
)
def test_a_changed_price_ends_as_it_was_asked(before: int, how: Rounding, after: int) -> None:
    assert rounded(Amount(before), how, 2) == after
    assert rounded(Amount(before), how, 0) == before or how is Rounding.NONE


@given(price=st.integers(1, 10_000_000), how=st.sampled_from(Rounding))
def test_rounding_moves_a_price_by_less_than_one_and_once_only(price: int, how: Rounding) -> None:
    once = rounded(Amount(price), how, 2)
    assert abs(once - price) < 100 and rounded(once, how, 2) == once


def test_prices_move_by_a_share_or_an_amount_and_not_below_zero() -> None:
    assert moved(Amount(999), PriceMove(percent=Decimal("7.5")), 2) == 1_074
    assert moved(Amount(999), PriceMove(percent=Decimal(-10), rounding=Rounding.NINE), 2) == 890
    assert moved(Amount(999), PriceMove(amount=Amount(-1_500)), 2) == 0
    with pytest.raises(InvalidValueError):
        moved(Amount(LIMIT - 1), PriceMove(amount=Amount(1)), 2)


def test_a_change_of_many_touches_what_it_names_and_tells_prices_too_low() -> None:
    goods = Variant(
        **{
            **{name: getattr(variant(), name) for name in Variant.__dataclass_fields__},
            "flags": Flags(lowest_price=Amount(950), no_points=True),
            "cost": Amount(920),
        }
    )
    edit = BulkEdit(
        category="", tax_code="9", flags=(("no_coupon", True),), price=PriceMove(percent=Decimal(-10))
    )
    after = edited(goods, edit, Decimal("0.09"), 2)
    assert (after.category, after.tax_rate, after.retail) == (None, Decimal("0.09"), 900)
    assert after.flags == Flags(lowest_price=Amount(950), no_points=True, no_coupon=True)
    assert goes_below_lowest(BulkRow(goods, after)) and goes_below_cost(BulkRow(goods, after))
    assert not goes_below_lowest(BulkRow(goods, goods))


@pytest.mark.parametrize(
    "edit",
    [
        BulkEdit(),
        BulkEdit(flags=(("by_weight", True),)),
        BulkEdit(price=PriceMove()),
        BulkEdit(price=PriceMove(percent=Decimal(1), amount=Amount(1))),
        BulkEdit(price=PriceMove(percent=Decimal(-101))),
    ],
)
def test_a_change_of_many_that_says_nothing_or_too_much_is_refused(edit: BulkEdit) -> None:
    with pytest.raises(InvalidValueError):
        check_bulk_edit(edit)
