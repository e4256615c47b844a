"""Money: integer minor units, every rounding that the product knows, and exact splits.

An amount is an `Amount` (minor units: fen, cents) of the merchant's one currency, which stands once on the
cart, the sale, the shift and in the settings. This module decides how amounts are rounded and split; it does
not format them (`pos_app.words`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

from pos_app.domain.errors import InvalidValueError

Amount = NewType("Amount", int)
"""Signed integer minor units of the merchant's currency."""

ZERO = Amount(0)
LIMIT = Amount(10**13)
"""No amount, price or sum reaches this many minor units (100 billion yuan)."""
_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.([0-9]*))?")


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code, with its number of decimal digits and its sign."""

    code: str
    digits: int
    sign: str


CURRENCIES = {
    c.code: c
    for c in (
        Currency("CNY", 2, "¥"),
        Currency("HKD", 2, "HK$"),
        Currency("TWD", 2, "NT$"),
        Currency("MOP", 2, "MOP$"),
        Currency("SGD", 2, "S$"),
        Currency("MYR", 2, "RM"),
        Currency("USD", 2, "$"),
        Currency("EUR", 2, "€"),
        Currency("GBP", 2, "£"),
        Currency("JPY", 0, "¥"),
        Currency("KRW", 0, "₩"),
    )
}


def currency(code: str) -> Currency:
    """Return the currency of an ISO 4217 code; raise InvalidValueError for one the product does not know."""
    try:
        return CURRENCIES[code]
    except KeyError:
        raise InvalidValueError(field="currency", text=code) from None


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide two integers, rounding half away from zero (四舍五入); the denominator is positive."""
    quotient, rest = divmod(abs(numerator), denominator)
    if 2 * rest >= denominator:
        quotient += 1
    return quotient if numerator >= 0 else -quotient


def round_half_up(value: Decimal) -> Amount:
    """Round a Decimal number of minor units half away from zero."""
    return Amount(int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def round_down_to(amount: Amount, step: int) -> Amount:
    """Round towards zero to a multiple of `step` minor units (抹零: 10 = 角, 100 = 元)."""
    whole = abs(amount) // step * step
    return Amount(whole if amount >= 0 else -whole)


def round_half_up_to(amount: Amount, step: int) -> Amount:
    """Round to the nearest multiple of `step` minor units, half away from zero (cash rounding)."""
    return Amount(divide_half_up(amount, step) * step)


def split(amount: Amount, weights: Sequence[int]) -> list[Amount]:
    """Split an amount in proportion to non-negative weights by the largest-remainder method.

    The parts sum to the amount to the last minor unit; equal remainders go to the earlier part. With all
    weights zero the first part takes everything. Raises ValueError for a negative weight or no weights.
    """
    if not weights or min(weights) < 0:
        raise ValueError("split needs weights, none of them negative")
    total = sum(weights)
    if total == 0:
        return [amount, *[ZERO] * (len(weights) - 1)]
    size, sign = abs(amount), (1 if amount >= 0 else -1)
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    left = size - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return [Amount(sign * part) for part in parts]


def parse_amount(text: str, digits: int) -> Amount:
    """Read an amount such as "1299", "1,299.5" or "¥12.00" with at most `digits` decimals.

    A comma stands before three digits only: "12,50" is refused, it must not become 1250. Full-width characters
    must be folded before. Raises InvalidValueError for anything else, for more decimals than the currency has,
    and from LIMIT up.
    """
    cleaned = text.strip().removesuffix("元").strip()
    unsigned = cleaned[1:] if cleaned[:1] in ("-", "−") else cleaned
    number = _NUMBER.fullmatch(unsigned[1:] if unsigned[:1] in ("¥", "￥") else unsigned)
    whole, fraction = (number[1].replace(",", ""), number[2] or "") if number else ("", "")
    if not whole + fraction or len(fraction) > digits or len(whole) > 12:
        raise InvalidValueError(field="amount", text=text)
    minor = int(whole or "0") * 10**digits + int(fraction.ljust(digits, "0") or "0")
    if minor >= LIMIT:
        raise InvalidValueError(field="amount", text=text)
    return Amount(-minor if unsigned != cleaned else minor)
