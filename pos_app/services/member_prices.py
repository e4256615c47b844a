"""The lines of a cart at what its member pays: when one is attached, and back when she is taken off.

Decides which lines change: none with a price given by hand, by amount, or of a piece; a price that the customer has
seen goes down for a member and back to what it was, never up with the catalogue.
"""

import dataclasses
from datetime import date

import msgspec

from pos_app.domain.catalogue import Customer, Found, Price, choose_price
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart, CartLine, MemberRef, TaxMode, can_be_repriced, repriced
from pos_app.domain.sales.line import PriceBasis
from pos_app.domain.sales.pricing import price_cart
from pos_app.domain.values.ids import ShopId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from pos_app.services.ports.store import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where and when prices are asked."""

    shop: ShopId
    on: date
    tax_mode: TaxMode


def with_member(tx: Tx, cart: Cart, member: MemberRef | None, place: Place) -> tuple[Cart, Amount]:
    """Return the cart with a member, or without one, its lines at her prices; and by how much the bill changed.

    The difference is negative when the bill became smaller. A line whose discount would not fit its new price stays.
    """
    customer = customer_of(member, place.shop)
    lines = tuple(_line(tx, cart, line, place, customer) for line in cart.lines)
    changed = msgspec.structs.replace(cart, member=member, lines=lines)
    return changed, Amount(total_of(changed, place) - total_of(cart, place))


def customer_of(member: MemberRef | None, shop: ShopId | None = None) -> Customer:
    """Return who buys, as prices ask."""
    return Customer(member=member is not None, level=member.level if member else 0, shop=shop)


def _line(tx: Tx, cart: Cart, line: CartLine, place: Place, customer: Customer) -> CartLine:
    if not can_be_repriced(line):
        return line
    price = _price(tx, line, customer, place) if customer.member else None
    listed = line.product.list_price if line.product else None
    if listed is None or (price is None and customer.member):
        return line
    if (
        price is not None
        and price.basis is PriceBasis.MEMBER
        and price.unit_price is not None
        and price.unit_price < listed
    ):
        new = repriced(line, price.unit_price, PriceBasis.MEMBER)
    elif line.basis is PriceBasis.MEMBER:
        new = repriced(line, listed, PriceBasis.PACK if line.pack_quantity else PriceBasis.RETAIL)
    else:
        return line
    return new if fits(cart, new, place) else line


def _price(tx: Tx, line: CartLine, customer: Customer, place: Place) -> Price | None:
    """Return what the catalogue asks of a customer for what a line was rung by; None when it no longer knows it.

    A pack whose barcode is gone or counts differently now is no longer known: one unit's price is not the pack's.
    """
    assert line.product is not None
    variant = tx.catalogue.variant(line.product.variant)
    if variant is None:
        return None
    codes = tx.catalogue.barcodes(variant.variant_id) if line.barcode else ()
    barcode = next((code for code in codes if code.code == line.barcode), None)
    if (barcode.pack_quantity if barcode is not None else ONE) != (line.pack_quantity or ONE):
        return None
    rows = tx.catalogue.prices(variant.variant_id)
    try:
        return choose_price(Found(variant=variant, barcode=barcode), rows, customer, place.on)
    except ExpectedError:
        return None


def fits(cart: Cart, line: CartLine, place: Place) -> bool:
    """Whether the discounts of a line still fit its price."""
    if not line.discounts:
        return True
    alone = msgspec.structs.replace(cart, lines=(line,), bill_discount=None, round_off=None)
    try:
        price_cart(alone, place.tax_mode)
    except ExpectedError:
        return False
    return True


def total_of(cart: Cart, place: Place) -> Amount:
    """Return what a cart costs; without what was taken off the bill where that does not fit it."""
    try:
        return price_cart(cart, place.tax_mode).total
    except ExpectedError:
        plain = msgspec.structs.replace(cart, bill_discount=None, round_off=None)
        return price_cart(plain, place.tax_mode).total
