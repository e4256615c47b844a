"""Rates: exact decimals such as a tax rate of 0.13 or a discount of 0.95; never a float."""

from decimal import Decimal, InvalidOperation

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values.money import Amount, round_half_up


def apply(rate: Decimal, amount: Amount) -> Amount:
    """Return rate × amount, rounded half up to the minor unit."""
    return round_half_up(rate * amount)


def included_tax(rate: Decimal, gross: Amount) -> Amount:
    """Return the tax inside an amount that includes it: gross − gross ÷ (1 + rate), rounded half up."""
    return Amount(gross - round_half_up(Decimal(gross) / (1 + rate)))


def parse_rate(text: str) -> Decimal:
    """Read a rate between 0 and 1; raise InvalidValueError for anything else.

    0.130 is read as 0.13, so that one rate has one spelling in facts and one place in a tax table.
    """
    try:
        rate = Decimal(text.strip())
    except InvalidOperation:
        raise InvalidValueError(field="rate", text=text) from None
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise InvalidValueError(field="rate", text=text)
    return rate.normalize()
