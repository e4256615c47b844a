"""What a person asks to be taken off, and the one grammar of all price fields.

`95折` (or `95z`), `9.5折` and `95%` mean pay 95 %; `-5` is five off; `=1300` makes it 1,300; `.` drops 角分 (bill
only); a bare number is a new price where the field says so. Source: DESIGN.md §6. Decides what a text means and what
an asked discount makes of an amount; it does not decide who may give it (`pos_app.domain.staff`).
"""

import re
from decimal import Decimal
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.line import ComponentKind
from pos_app.domain.values import rate
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import ApprovalId, StaffId
from pos_app.domain.values.money import Amount, parse_amount, round_down_to

_ZHE = re.compile(r"[zZ]$")
_RATE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) *([折%])")


class DiscountTextError(ExpectedError):
    """The text is not in the grammar of price fields; `text` is what was typed."""

    code = "sales.error.discount_text"


class DiscountBeyondPriceError(ExpectedError):
    """The discount would take more than the price."""

    code = "sales.error.discount_beyond_price"


class AboveListPriceError(ExpectedError):
    """An agreed total may not be above what the goods cost."""

    code = "sales.error.above_list_price"


class NoDiscountError(ExpectedError):
    """The catalogue allows no discount on these goods; `name` says which."""

    code = "sales.error.no_discount"


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

    `digits` are the currency's decimals. A bare number means "make it". Full-width characters are folded, and `z`
    stands for 折, which no key types without an input method.
    """
    asked = _ZHE.sub("折", fold(text).replace("−", "-").replace("。", "."))
    if asked == ".":
        return Discount(kind=AskedKind.DROP_CHANGE, text=asked, step=10**digits)
    share = _RATE.fullmatch(asked)
    if share is not None:
        return Discount(kind=AskedKind.PAY_RATE, text=asked, pay_rate=_pay_rate(share[1], share[2], text))
    kind = AskedKind.OFF if asked.startswith("-") else AskedKind.MAKE_IT
    try:
        amount = parse_amount(asked[1:] if asked.startswith(("-", "=")) else asked, digits)
    except ExpectedError:
        raise DiscountTextError(text=text) from None
    if amount < 0:
        raise DiscountTextError(text=text)
    return Discount(kind=kind, text=asked, amount=amount)


def _pay_rate(digits: str, sign: str, text: str) -> Decimal:
    """Read 95折, 9.5折, 5折 or 95% as the rate that is paid; a 折 below ten counts tenths.

    10折 is refused: people mean the full price, two digits would mean a tenth of it. So are 0折 and 0 %, which
    may be meant as nothing off: who gives for nothing types =0.
    """
    number = Decimal(digits)
    pay = number / (10 if sign == "折" and number < 10 else 100)
    if not 0 < pay <= 1 or (sign == "折" and number == 10):
        raise DiscountTextError(text=text)
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
