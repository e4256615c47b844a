"""Quantities in integer thousandths, weights in integer milligrams, and amounts made from them.

Decides how a quantity or a weight times a price is rounded (half up, once, at the end). Does not format.
"""

from typing import NewType

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values.money import Amount, divide_half_up

Quantity = NewType("Quantity", int)
"""Signed integer thousandths of the selling unit: one piece is 1000, 0.452 kg is 452."""

Milligrams = NewType("Milligrams", int)
"""A net weight in milligrams: 3.260 g is 3260."""

ONE = Quantity(1000)
QUANTITY_LIMIT = Quantity(100_000_000)
"""A line holds less than 100,000 units; more is a slip of the hand or a scanned number."""


def quantity_price(quantity: Quantity, unit_price: Amount) -> Amount:
    """Return quantity × price per unit, rounded half up to the minor unit."""
    return Amount(divide_half_up(quantity * unit_price, 1000))


def weight_price(weight: Milligrams, price_per_gram: Amount) -> Amount:
    """Return weight × price per gram, rounded half up to the minor unit."""
    return Amount(divide_half_up(weight * price_per_gram, 1000))


def parse_quantity(text: str) -> Quantity:
    """Read a positive quantity with at most three decimals, below 100,000 units.

    Raises InvalidValueError for zero, a negative number, more decimals, or anything that is not a number.
    """
    whole, _, fraction = text.strip().partition(".")
    ok = text.isascii() and (whole + fraction).isdigit() and len(fraction) <= 3 and len(whole) <= 12
    value = int(whole or "0") * 1000 + int(fraction.ljust(3, "0") or "0") if ok else 0
    if not 0 < value < QUANTITY_LIMIT:
        raise InvalidValueError(field="quantity", text=text)
    return Quantity(value)
