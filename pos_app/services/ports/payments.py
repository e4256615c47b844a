"""Payment providers (wallets): what is asked of WeChat Pay, Alipay and their like, and what comes back.

Decides the shapes only; `sync.payments` implements them. Every call may block for seconds: run it on the lane of
payments, never on the GUI thread and never inside a transaction.
"""

from dataclasses import dataclass
from typing import Protocol

from pos_app.domain.errors import ExpectedError, UnavailableError
from pos_app.domain.payments import PaymentState
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount


class ProviderUnreachableError(UnavailableError):
    """The request certainly did not leave: no network, no name, nobody listens. No money has moved because of it."""

    code = "payments.error.unreachable"


class ProviderSettingError(ExpectedError):
    """The provider is not set up: `field` is missing or cannot be read. Nothing was sent."""

    code = "payments.error.setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOrder:
    """A charge under one number of ours; `amount` in minor units of `currency`, above zero.

    `subject` is what the customer reads in her wallet; `device` is the till's code.
    """

    order_number: str
    amount: Amount
    currency: str
    subject: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """Part of a charge, or all of it, given back under a number of its own; `paid` is what the charge took."""

    order_number: str
    refund_number: str
    amount: Amount
    paid: Amount
    currency: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAnswer:
    """What a provider said, or what can be made of what it said.

    `state` is UNKNOWN for everything that cannot be believed or says nothing of the money: a time-out after the
    request left, an answer that is no JSON, is signed wrongly or names another order, an error of the provider's own
    system, an order that it does not know (`reason` "not_found": the charge may still be on its way). `amount` is what
    it says it moved, in minor units. `reason` is one of our own short codes (`payments.reason.<code>` has its words),
    or the provider's where we have none.
    """

    state: PaymentState
    provider_number: str | None = None
    amount: Amount | None = None
    reason: str | None = None


class PaymentProvider(Protocol):
    """One wallet, by the merchant's keys.

    Each call raises ProviderUnreachableError or ProviderSettingError; everything else is an answer.
    """

    @property
    def kind(self) -> TenderKind:
        """The tender it brings."""
        ...

    def charge(self, order: ChargeOrder, code: str) -> PaymentAnswer:
        """Charge the customer who showed a code. PAID, ENTERING, REFUSED or UNKNOWN."""
        ...

    def query(self, order_number: str) -> PaymentAnswer:
        """Ask how a charge stands. PAID, ENTERING, REFUSED, REVERSED, REFUNDED or UNKNOWN."""
        ...

    def reverse(self, order_number: str) -> PaymentAnswer:
        """Make a charge void, whether it was paid or waits. REVERSED or UNKNOWN: ask again then.

        Once it said REVERSED, no money is taken under the number any more. "not_found" says that no charge stood under
        it: one that is still on its way would be taken, as long as its code is good.
        """
        ...

    def refund(self, order: RefundOrder) -> PaymentAnswer:
        """Give money back, once for one refund number. REFUNDED, PENDING, REFUSED or UNKNOWN."""
        ...

    def query_refund(self, order_number: str, refund_number: str) -> PaymentAnswer:
        """Ask how a refund stands. REFUNDED, PENDING, REFUSED or UNKNOWN."""
        ...
