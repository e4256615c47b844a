"""What a person asks to be taken off, and the one grammar of all price fields.

`95折`, `9.5折` and `95%` mean pay 95 %; `-5` is five off; `=1300` makes it 1,300; `.` drops 角分 (bill only);
a bare number is a new price where the field says so. Source: DESIGN.md §6. Decides what a text means and what
an asked discount makes of an amount; it does not decide who may give it (`pos_app.domain.staff`).
"""

from decimal import Decimal, InvalidOperation
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.line import ComponentKind
from pos_app.domain.values import rate
from pos_app.domain.values.ids import ApprovalId, StaffId
from pos_app.domain.values.money import Amount, parse_amount, round_down_to


class DiscountTextError(ExpectedError):
    """The text is not in the grammar of price fields; `text` is what was typed."""

    code = "sales.error.discount_text"


class DiscountBeyondPriceError(ExpectedError):
    """The discount would take more than the price."""

    code = "sales.error.discount_beyond_price"


class AboveListPriceError(ExpectedError):
    """An agreed total may not be above what the goods cost."""

    code = "sales.error.above_list_price"


class AskedKind(StrEnum):
    """The three ways to ask."""

    PAY_RATE = "pay_rate"
    OFF = "off"
    MAKE_IT = "make_it"
    DROP_CHANGE = "drop_change"


class Discount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A discount as asked: exactly one of `pay_rate`, `amount`, or `step` (round-off) is set by its kind."""

    kind: AskedKind
    text: str
    pay_rate: Decimal | None = None
    amount: Amount | None = None
    step: int | None = None
    component: ComponentKind | None = None
    reason: str | None = None
    approver: StaffId | None = None
    approval: ApprovalId | None = None


def parse_discount(text: str, digits: int) -> Discount:
    """Read a price field; raise DiscountTextError when it is not in the grammar.

    `digits` are the currency's decimals. A bare number means "make it".
    """
    asked = text.strip().replace("−", "-").replace("％", "%")
    try:
        if asked == ".":
            return Discount(kind=AskedKind.DROP_CHANGE, text=asked, step=10**digits)
        if asked.endswith(("折", "%")):
            return Discount(kind=AskedKind.PAY_RATE, text=asked, pay_rate=_pay_rate(asked))
        if asked.startswith("-"):
            return Discount(kind=AskedKind.OFF, text=asked, amount=parse_amount(asked[1:], digits))
        price = parse_amount(asked.removeprefix("="), digits)
    except (ExpectedError, InvalidOperation):
        raise DiscountTextError(text=text) from None
    if price < 0:
        raise DiscountTextError(text=text)
    return Discount(kind=AskedKind.MAKE_IT, text=asked, amount=price)


def _pay_rate(asked: str) -> Decimal:
    """Read 95折, 9.5折, 5折 or 95% as the rate that is paid; a 折 below ten counts tenths."""
    number = Decimal(asked[:-1].strip())
    tenths = asked.endswith("折") and number < 10
    pay = number / (10 if tenths else 100)
    if not pay.is_finite() or not 0 <= pay <= 1:
        raise InvalidOperation
    return pay


def reduced(amount: Amount, discount: Discount) -> Amount:
    """Return what is left to pay of a non-negative amount.

    Raises DiscountBeyondPriceError when more than the amount would be taken off, AboveListPriceError when an
    agreed price is above it.
    """
    if discount.kind is AskedKind.PAY_RATE and discount.pay_rate is not None:
        return rate.apply(discount.pay_rate, amount)
    if discount.kind is AskedKind.DROP_CHANGE and discount.step is not None:
        return round_down_to(amount, discount.step)
    asked = discount.amount or Amount(0)
    left = Amount(amount - asked) if discount.kind is AskedKind.OFF else asked
    if left < 0:
        raise DiscountBeyondPriceError(asked=asked, price=amount)
    if left > amount:
        raise AboveListPriceError(asked=asked, price=amount)
    return left
