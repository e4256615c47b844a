"""Payment attempts: money asked of a wallet (WeChat Pay, Alipay), or owed back to it.

Decides the shape of an attempt as it stands in facts, and its states. The code that the customer showed is never part
of it: it is good for a minute, belongs to the wallet, and is stored nowhere. Source: DESIGN.md §6a.
"""

from enum import StrEnum

import msgspec

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId, CartId, ShiftId
from pos_app.domain.values.money import Amount


class PaymentPurpose(StrEnum):
    """Whether money comes in or goes back."""

    CHARGE = "charge"
    REFUND = "refund"


class PaymentState(StrEnum):
    """How an attempt stands; the list can grow."""

    PENDING = "pending"
    """It is durable here; whether the request left is not known yet."""
    ENTERING = "entering"
    """The customer is asked for her password."""
    PAID = "paid"
    REFUSED = "refused"
    """Nothing was taken, and nothing will be under this number."""
    UNKNOWN = "unknown"
    """No answer, or one that cannot be believed: money may have moved."""
    REVERSED = "reversed"
    REFUNDED = "refunded"


class PaymentAttempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt under one number of ours; `amount` is positive whichever way it goes.

    `cart` is the cart that is paid, which is the id of its sale (of the return, for a refund). A refund names the
    charge that it gives back: by its attempt when that was made here, and always by its order number.
    """

    attempt: AttemptId
    purpose: PaymentPurpose
    provider: TenderKind
    order_number: str
    cart: CartId
    amount: Amount
    currency: str
    shift: ShiftId | None = None
    refund_of: AttemptId | None = None
    refund_of_number: str | None = None
