"""The sale: paid, numbered, never changed and never deleted.

Decides the shape of a sale in the books and in facts, and its number. A return or a void is a sale of its own
with a negative total, that names the sale it takes back.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart, MemberRef, TaxMode
from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.sales.pricing import PricedCart, TaxSum
from pos_app.domain.sales.tenders import Tender
from pos_app.domain.values.ids import SaleId, ShiftId, ShopId, StaffId, TillId
from pos_app.domain.values.money import ZERO, Amount


class SaleKind(StrEnum):
    """What a sale is in the books."""

    SALE = "sale"
    RETURN = "return"
    VOID = "void"


class Sale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sale as it stands for ever.

    Always: Σ tenders = total + cash_rounding; total = subtotal + reductions (+ tax when added on top). Times
    are aware and in UTC; `business_date` is the shop's. `note` is sealed. `returns` is the sale that its returned
    lines were bought in, when there is one only; each line names its own (`Line.cause`).
    """

    sale_id: SaleId
    number: str
    kind: SaleKind
    shop: ShopId
    till: TillId
    shift: ShiftId
    business_date: date
    opened_at: datetime
    committed_at: datetime
    cashier: StaffId
    currency: str
    tax_mode: TaxMode
    lines: tuple[Line, ...]
    tenders: tuple[Tender, ...]
    subtotal: Amount
    reductions: Amount
    tax: Amount
    total: Amount
    taxes: tuple[TaxSum, ...] = ()
    cash_rounding: Amount = ZERO
    member: MemberRef | None = None
    returns: SaleId | None = None
    returns_number: str | None = None
    note: str | None = None


LARGEST_ROUNDING = 50
"""Half of the largest coin step that a shop can set (settings.cash_step), in minor units."""


class CartUnsettledError(ExpectedError):
    """The cart holds a code that the catalogue does not know; settle or remove it first."""

    code = "sales.error.unsettled"


class CartEmptyError(ExpectedError):
    """There is nothing to pay."""

    code = "sales.error.empty_cart"


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """Where, when and by whom a sale is made, and the number it gets."""

    number: str
    kind: SaleKind
    shop: ShopId
    till: TillId
    shift: ShiftId
    business_date: date
    committed_at: datetime
    cashier: StaffId
    currency: str
    tax_mode: TaxMode


def make_sale(
    cart: Cart, priced: PricedCart, tenders: tuple[Tender, ...], rounding: Amount, stamp: Stamp
) -> Sale:
    """Make the sale of a priced, paid cart.

    Raises CartEmptyError or CartUnsettledError. Raises ValueError (a bug) when the books would not add up: tenders
    that do not meet the total, a line that breaks its law, a time not in UTC.
    """
    _check_books(cart, priced, tenders, rounding, stamp)
    taken_back = {line.cause.sale for line in priced.lines if line.cause and line.kind is LineKind.RETURN}
    return Sale(
        sale_id=SaleId(cart.cart_id),
        number=stamp.number,
        kind=stamp.kind,
        shop=stamp.shop,
        till=stamp.till,
        shift=stamp.shift,
        business_date=stamp.business_date,
        opened_at=cart.opened_at,
        committed_at=stamp.committed_at,
        cashier=stamp.cashier,
        currency=stamp.currency,
        tax_mode=stamp.tax_mode,
        lines=priced.lines,
        tenders=tenders,
        subtotal=priced.subtotal,
        reductions=priced.reductions,
        tax=priced.tax,
        total=priced.total,
        taxes=priced.taxes,
        cash_rounding=rounding,
        member=cart.member,
        returns=taken_back.pop() if len(taken_back) == 1 else None,
        note=cart.note,
        returns_number=cart.returns_number,
    )


def _check_books(
    cart: Cart, priced: PricedCart, tenders: tuple[Tender, ...], rounding: Amount, stamp: Stamp
) -> None:
    """Raise what `make_sale` says when the sale could not stand in the books."""
    if not priced.lines:
        raise CartEmptyError()
    if priced.unsettled:
        raise CartUnsettledError(count=priced.unsettled)
    if sum(t.amount for t in tenders) != priced.total + rounding:
        raise ValueError("tenders do not meet the total")
    # Of several part returns one may make up for what another rounded away: twice a half step.
    if abs(rounding) > LARGEST_ROUNDING * (1 if priced.total >= 0 else 2):
        raise ValueError("what is missing is no rounding of cash")
    if cart.opened_at.utcoffset() != timedelta(0) or stamp.committed_at.utcoffset() != timedelta(0):
        raise ValueError("times are kept in UTC")
    for line in priced.lines:
        _check_line(line)


def _check_line(line: Line) -> None:
    """Raise ValueError for a line whose amounts or shares do not add up: it may never reach the books."""
    if line.net != line.gross + sum(r.amount for r in line.reductions):
        raise ValueError("net is not gross and reductions")
    if line.components and line.gross != sum(c.amount for c in line.components):
        raise ValueError("components are not the gross")
    if line.salespeople and sum(s.percent for s in line.salespeople) != 100:
        raise ValueError("shares of salespeople are not 100 %")


def receipt_number(shop: str, till: str, year: int, epoch: int, counter: int) -> str:
    """Return shop–till–year–[epoch letter from the second on]–counter, such as N01-1-2026-000123.

    Source: DESIGN.md §6a. Epochs count from 1; the second is B, the 27th AA.
    """
    letters, rest = "", epoch
    while rest > 0 and epoch > 1:
        rest, index = divmod(rest - 1, 26)
        letters = chr(ord("A") + index) + letters
    return f"{shop}-{till}-{year}-{letters}{counter:06d}"
