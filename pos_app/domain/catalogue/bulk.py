"""One change to many goods: category, tax, flags, and the price by a share or an amount, rounded as the shop likes.

Decides what a variant becomes and what should make a person think again; who may and in which steps is a service's.
"""

import dataclasses
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from pos_app.domain.catalogue.goods import Variant
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values.money import LIMIT, Amount

FLAGS = (
    "open_price",
    "quarantined",
    "no_discount",
    "no_points",
    "no_coupon",
    "batch_required",
)
"""What a change of many may turn on and off."""
MOST_PERCENT = 1_000


class Rounding(StrEnum):
    """How a changed price ends."""

    NONE = "none"
    WHOLE = "whole"
    NINE = "nine"
    NINETY_NINE = "ninety_nine"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMove:
    """A price up or down: by per cent (7.5 is up 7.5 %, -10 is down 10 %) or by minor units, then rounded."""

    percent: Decimal | None = None
    amount: Amount | None = None
    rounding: Rounding = Rounding.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEdit:
    """What many goods become; what is None stays. A category of "" takes it away."""

    category: str | None = None
    tax_code: str | None = None
    flags: tuple[tuple[str, bool], ...] = ()
    price: PriceMove | None = None


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One of the goods before and after."""

    before: Variant
    after: Variant


def check_bulk_edit(edit: BulkEdit) -> None:
    """Raise InvalidValueError for a change that says nothing or cannot be."""
    if edit.category is None and edit.tax_code is None and not edit.flags and edit.price is None:
        raise InvalidValueError(field="edit", text="")
    for name, _ in edit.flags:
        if name not in FLAGS:
            raise InvalidValueError(field="flags", text=name)
    move = edit.price
    if move is None:
        return
    if (move.percent is None) == (move.amount is None):
        raise InvalidValueError(field="price", text="")
    if move.percent is not None and not -100 <= move.percent <= MOST_PERCENT:
        raise InvalidValueError(field="percent", text=str(move.percent))


def edited(variant: Variant, edit: BulkEdit, tax_rate: Decimal | None, digits: int) -> Variant:
    """Return what a variant becomes; `tax_rate` is that of the edit's tax code, `digits` those of the currency.

    A variant without a retail price keeps none.
    """
    changed = variant
    if edit.category is not None:
        changed = dataclasses.replace(changed, category=edit.category or None)
    if edit.tax_code is not None:
        changed = dataclasses.replace(changed, tax_code=edit.tax_code, tax_rate=tax_rate)
    if edit.flags:
        flags: dict[str, Any] = dict(edit.flags)
        changed = dataclasses.replace(changed, flags=dataclasses.replace(changed.flags, **flags))
    if edit.price is not None and variant.retail is not None:
        changed = dataclasses.replace(changed, retail=moved(variant.retail, edit.price, digits))
    return changed


def moved(price: Amount, move: PriceMove, digits: int) -> Amount:
    """Return a moved price: half a minor unit goes up, never below zero; raise InvalidValueError beyond LIMIT."""
    if move.percent is not None:
        exact = Decimal(price) * (100 + move.percent) / 100
        price = Amount(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))
    elif move.amount is not None:
        price = Amount(price + move.amount)
    price = rounded(Amount(max(0, price)), move.rounding, digits)
    if price >= LIMIT:
        raise InvalidValueError(field="price", text=str(price))
    return price


def rounded(price: Amount, how: Rounding, digits: int) -> Amount:
    """Return the nearest price that ends so, the higher of two equally near; a price of zero stays.

    x.9 and x.99 are never below 0.9 and 0.99. A currency without minor units knows whole prices only.
    """
    unit = 10**digits
    if how is Rounding.NONE or price == 0 or digits == 0:
        return price
    if how is Rounding.WHOLE:
        return Amount((price + unit // 2) // unit * unit)
    end = unit * 9 // 10 if how is Rounding.NINE else unit - 1
    below = (price - end) // unit * unit + end
    nearest = below if price - below < below + unit - price else below + unit
    return Amount(max(nearest, end))


def goes_below_lowest(row: BulkRow) -> bool:
    """Whether a changed price stands below the lowest price of the goods."""
    lowest, price = row.after.flags.lowest_price, row.after.retail
    return price != row.before.retail and lowest is not None and price is not None and price < lowest


def goes_below_cost(row: BulkRow) -> bool:
    """Whether a changed price stands below what the goods cost the shop."""
    cost, price = row.after.cost, row.after.retail
    return price != row.before.retail and cost is not None and price is not None and price < cost
