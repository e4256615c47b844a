"""Facts of payment attempts: what was asked of a wallet before the request left, and what was found out since.

Decides their version 1. The customer's code is in none of them.
"""

import msgspec

from pos_app.domain.payments import PaymentAttempt, PaymentState
from pos_app.domain.values.ids import ApprovalId, AttemptId, StaffId
from pos_app.domain.values.money import Amount


class PaymentStarted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attempt is about to be sent."""

    payment: PaymentAttempt


class PaymentAnswered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attempt came to another state.

    `provider_number` is the wallet's own number, `amount` what it says it moved, `reason` its code or ours.
    `by_hand`: a person looked it up with the wallet, since nothing could be asked; `approver` allowed it.
    """

    attempt: AttemptId
    state: PaymentState
    provider_number: str | None = None
    amount: Amount | None = None
    reason: str | None = None
    by_hand: bool = False
    approver: StaffId | None = None
    approval: ApprovalId | None = None
