"""Invented products, carts and sales, and hypothesis strategies of them, for every test that needs some.

Builders take what matters to a test and invent the rest, always the same. Strategies are bounded so that every cart
they make can be priced; discounts that may not fit stand apart in `any_discounts`.
"""

import types
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from pos_app.domain.sales.cart import Cart, CartLine, SoldPiece, SoldProduct, TaxMode
from pos_app.domain.sales.discount import AskedKind, Discount, parse_discount
from pos_app.domain.sales.line import Component, ComponentKind, Line, LineKind, Per, PriceBasis, RungBy
from pos_app.domain.sales.pricing import component, price_cart
from pos_app.domain.sales.returns import TakenBack, returned_line
from pos_app.domain.sales.sale import Sale, SaleKind, Stamp, make_sale
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.values.ids import (
    CartId,
    LineId,
    PieceId,
    ShiftId,
    ShopId,
    StaffId,
    TenderId,
    TillId,
    VariantId,
)
from pos_app.domain.values.money import ZERO, Amount
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""
TAX_RATES = {"13": Decimal("0.13"), "9": Decimal("0.09"), "6": Decimal("0.06"), "0": Decimal(0)}


def number_id(number: int) -> UUID:
    """Return an id that is the same for the same number."""
    return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + number)


def product(number: int = 1, *, tax_code: str | None = "13", no_discount: bool = False) -> SoldProduct:
    """Return what the catalogue says of the n-th product."""
    return SoldProduct(
        variant=VariantId(number_id(1000 + number)),
        code=f"P{number:05d}",
        name=f"商品{number}",
        unit="件",
        list_price=Amount(9900),
        tax_code=tax_code,
        tax_rate=None if tax_code is None else TAX_RATES[tax_code],
        no_discount=no_discount,
    )


def unit_line(
    number: int,
    price: int,
    quantity: int = ONE,
    *,
    of: SoldProduct | None = None,
    discounts: Sequence[str] = (),
) -> CartLine:
    """Return a line rung by unit price (minor units) and quantity (thousandths), with typed discounts."""
    return CartLine(
        line_id=LineId(number_id(number)),
        quantity=Quantity(quantity),
        product=of or product(number),
        unit_price=Amount(price),
        discounts=tuple(parse_discount(text, 2) for text in discounts),
    )


def amount_line(number: int, amount: int, quantity: int = ONE, *, of: SoldProduct | None = None) -> CartLine:
    """Return a line rung by amount."""
    return CartLine(
        line_id=LineId(number_id(number)),
        quantity=Quantity(quantity),
        product=of or product(number),
        rung_by=RungBy.AMOUNT,
        basis=PriceBasis.EMBEDDED,
        amount=Amount(amount),
    )


def trade_in_line(number: int, amount: int) -> CartLine:
    """Return a line that takes old goods for `amount` (positive minor units)."""
    return CartLine(
        line_id=LineId(number_id(number)),
        kind=LineKind.TRADE_IN,
        rung_by=RungBy.AMOUNT,
        amount=Amount(-amount),
    )


def ring_line(
    number: int = 1,
    *,
    weight_mg: int = 3260,
    gold: int = 101_200,
    labour: int = 2_800,
    discounts: tuple[Discount, ...] = (),
) -> CartLine:
    """Return a gold piece by weight × price of the day, with labour per gram."""
    weight = Milligrams(weight_mg)
    return CartLine(
        line_id=LineId(number_id(number)),
        product=product(number),
        piece=SoldPiece(
            piece=PieceId(number_id(2000 + number)),
            code=f"G{number:05d}",
            net_weight_mg=weight,
            fineness="足金999",
        ),
        rung_by=RungBy.AMOUNT,
        basis=PriceBasis.GOLD,
        components=ring_parts(weight, gold, labour),
        net_weight_mg=weight,
        discounts=discounts,
    )


def ring_parts(weight: Milligrams, gold: int, labour: int) -> tuple[Component, ...]:
    """Return metal and labour of a piece."""
    return (
        component(ComponentKind.METAL, weight, Amount(gold), Per.GRAM, "足金999"),
        component(ComponentKind.LABOUR, weight, Amount(labour), Per.GRAM),
    )


def cart_of(*lines: CartLine, bill: str | None = None, round_off: int | None = None) -> Cart:
    """Return a cart of the lines, with a typed bill discount and a round-off step in minor units."""
    return Cart(
        cart_id=CartId(number_id(9)),
        opened_at=NOON,
        lines=lines,
        bill_discount=None if bill is None else parse_discount(bill, 2),
        round_off=None
        if round_off is None
        else Discount(kind=AskedKind.DROP_CHANGE, text=".", step=round_off),
    )


def tender(kind: TenderKind, amount: int, *, reference: str | None = None, number: int = 1) -> Tender:
    """Return a tender."""
    return Tender(
        tender_id=TenderId(number_id(3000 + number)), kind=kind, amount=Amount(amount), reference=reference
    )


def stamp(kind: SaleKind = SaleKind.SALE, mode: TaxMode = TaxMode.INCLUDED) -> Stamp:
    """Return where, when and by whom a sale is made."""
    return Stamp(
        number="N01-1-2026-000001",
        kind=kind,
        shop=ShopId(number_id(1)),
        till=TillId(number_id(2)),
        shift=ShiftId(number_id(3)),
        business_date=date(2026, 11, 22),
        committed_at=NOON,
        cashier=StaffId(number_id(4)),
        currency="CNY",
        tax_mode=mode,
    )


def sale_of(cart: Cart, *tenders: Tender, mode: TaxMode = TaxMode.INCLUDED) -> Sale:
    """Return the sale of a cart; without tenders it is paid in exact cash."""
    priced = price_cart(cart, mode)
    paid = tenders or ((tender(TenderKind.CASH, priced.total),) if priced.total else ())
    return make_sale(cart, priced, paid, ZERO, stamp(mode=mode))


def taken_back(bought: Line, sale: Sale, before: int, quantity: int, number: int = 500) -> Line:
    """Return the line that takes `quantity` of a line back, after `before` of it came back (thousandths)."""
    back = TakenBack(
        sale=sale.sale_id,
        before=Quantity(before),
        quantity=Quantity(quantity),
        line_id=LineId(number_id(number)),
        reason="size",
    )
    return returned_line(bought, back)


PRICES = st.integers(0, 500_000)
COUNTS = st.one_of(st.integers(1, 30).map(lambda n: n * 1000), st.integers(1, 30_000))
TAX_MODES = st.sampled_from(TaxMode)
PAY_RATES = st.integers(1, 99).map(lambda n: parse_discount(f"{n}%", 2))


@st.composite
def cart_lines(draw: st.DrawFn, number: int, *, discounts: bool = True) -> CartLine:
    """Draw the n-th line of a cart: by price, by amount or a gold piece, perhaps at a rate below the price."""
    of = product(number, tax_code=draw(st.sampled_from([*TAX_RATES, None])), no_discount=draw(st.booleans()))
    asked = tuple(draw(st.lists(PAY_RATES, max_size=2))) if discounts and not of.no_discount else ()
    match draw(st.sampled_from(["price", "amount", "ring"])):
        case "price":
            line = unit_line(number, draw(PRICES), draw(COUNTS), of=of)
        case "amount":
            line = amount_line(number, draw(PRICES), draw(COUNTS), of=of)
        case _:
            line = ring_line(
                number, weight_mg=draw(st.integers(1, 200_000)), labour=draw(st.integers(0, 9_900))
            )
            line = msgspec.structs.replace(line, product=of)
            if asked and draw(st.booleans()):
                asked = tuple(msgspec.structs.replace(d, component=ComponentKind.LABOUR) for d in asked)
    return msgspec.structs.replace(line, discounts=asked)


@st.composite
def carts(draw: st.DrawFn, *, min_lines: int = 0, max_lines: int = 6) -> Cart:
    """Draw a cart that can be priced: lines, perhaps a rate on the bill and a round-off."""
    count = draw(st.integers(min_lines, max_lines))
    cart = cart_of(
        *(draw(cart_lines(number)) for number in range(1, count + 1)),
        round_off=draw(st.sampled_from([None, 10, 100])),
    )
    return msgspec.structs.replace(cart, bill_discount=draw(st.none() | PAY_RATES))


def any_discounts() -> st.SearchStrategy[Discount]:
    """Draw a discount that may or may not fit what it is asked on."""
    amounts = st.integers(0, 2_000_000).map(Amount)
    return st.one_of(
        PAY_RATES,
        amounts.map(lambda a: Discount(kind=AskedKind.OFF, text="-", amount=a)),
        amounts.map(lambda a: Discount(kind=AskedKind.MAKE_IT, text="=", amount=a)),
        st.sampled_from([10, 100]).map(lambda s: Discount(kind=AskedKind.DROP_CHANGE, text=".", step=s)),
    )


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
_PLAIN: dict[type, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**63 - 1),
    bool: st.booleans(),
    str: TEXTS,
    UUID: st.uuids(),
    datetime: _MOMENTS,
    date: st.dates(),
    Decimal: st.decimals(0, 1, places=4),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Draw values of a type that facts are made of: Structs whole, with every field drawn."""
    if isinstance(kind, NewType):
        return values_of(kind.__supertype__)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if part is type(None) else values_of(part) for part in parts))
    if origin is tuple:
        return st.lists(values_of(parts[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(values_of(parts[0]), values_of(parts[1]), max_size=3)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if issubclass(kind, msgspec.Struct):
        return st.builds(kind, **{name: values_of(part) for name, part in get_type_hints(kind).items()})
    return _PLAIN[kind]
