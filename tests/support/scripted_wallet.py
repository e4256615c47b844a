"""A wallet that answers what a test has told it to, and remembers what it was asked.

It keeps books like a real one: what it charged, what it made void, what it gave back. An answer can be lost on its
way although the money moved.
"""

from collections import deque
from dataclasses import dataclass, field

from pos_app.domain.payments import PaymentState
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.services.ports.payments import (
    ChargeOrder,
    PaymentAnswer,
    ProviderUnreachableError,
    RefundOrder,
)

LOST = PaymentAnswer(state=PaymentState.UNKNOWN, reason="timeout")
NOT_FOUND = PaymentAnswer(state=PaymentState.UNKNOWN, reason="not_found")
ENTERING = PaymentAnswer(state=PaymentState.ENTERING)
REVERSED = PaymentAnswer(state=PaymentState.REVERSED)


@dataclass
class ScriptedWallet:
    """A wallet of one merchant. By itself it takes every charge at once."""

    kind: TenderKind = TenderKind.WECHAT_PAY
    charges: dict[str, Amount] = field(default_factory=dict)
    """What it took under each number and has not given back whole by making it void."""
    void: set[str] = field(default_factory=set)
    refunds: dict[str, Amount] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Each call's name and number."""
    script: deque[object] = field(default_factory=deque)
    """What the next calls answer: an answer, or an error to raise; the money moves as the books say."""
    reachable: bool = True
    enters: int = 0
    """How many questions find the customer at her password before a charge is taken."""
    waiting: dict[str, Amount] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def say(self, *answers: object) -> None:
        """Answer this next."""
        self.script.extend(answers)

    def _answer(self, call: str, number: str, otherwise: PaymentAnswer) -> PaymentAnswer:
        self.asked.append((call, number))
        if not self.script:
            return otherwise
        told = self.script.popleft()
        if isinstance(told, Exception):
            raise told
        assert isinstance(told, PaymentAnswer)
        return told

    def _paid(self, number: str) -> PaymentAnswer:
        return PaymentAnswer(
            state=PaymentState.PAID, provider_number=f"W{number[:8]}", amount=self.charges[number]
        )

    def _reach(self) -> None:
        if not self.reachable:
            raise ProviderUnreachableError()

    def charge(self, order: ChargeOrder, code: str) -> PaymentAnswer:
        """Take the money, unless the number is void or the script refuses."""
        self._reach()
        self.codes.append(code)
        number = order.order_number
        told = self.script[0] if self.script else None
        refused = isinstance(told, PaymentAnswer) and told.state is PaymentState.REFUSED
        if self.enters:
            self.waiting[number] = order.amount
            return self._answer("charge", number, ENTERING)
        if not refused and told is not NOT_FOUND and number not in self.void:
            self.charges[number] = order.amount
            return self._answer("charge", number, self._paid(number))
        return self._answer("charge", number, PaymentAnswer(state=PaymentState.REFUSED, reason="void"))

    def query(self, order_number: str) -> PaymentAnswer:
        """Say how a charge stands."""
        self._reach()
        if order_number in self.waiting:
            self.enters -= 1
            if self.enters > 0:
                return self._answer("query", order_number, ENTERING)
            self.charges[order_number] = self.waiting.pop(order_number)
        if order_number in self.void:
            return self._answer("query", order_number, REVERSED)
        if order_number in self.charges:
            return self._answer("query", order_number, self._paid(order_number))
        return self._answer("query", order_number, NOT_FOUND)

    def reverse(self, order_number: str) -> PaymentAnswer:
        """Make a charge void."""
        self._reach()
        self.waiting.pop(order_number, None)
        told = self.script[0] if self.script else None
        if told is None or told is LOST or (isinstance(told, PaymentAnswer) and told.state is REVERSED.state):
            self.charges.pop(order_number, None)
            self.void.add(order_number)
        return self._answer("reverse", order_number, REVERSED)

    def refund(self, order: RefundOrder) -> PaymentAnswer:
        """Give money back, once for one number."""
        self._reach()
        told = self.script[0] if self.script else None
        if told is None or told is LOST:
            self.refunds[order.refund_number] = order.amount
        done = PaymentAnswer(state=PaymentState.REFUNDED, provider_number="R1", amount=order.amount)
        return self._answer("refund", order.refund_number, done)

    def query_refund(self, order_number: str, refund_number: str) -> PaymentAnswer:
        """Say how a refund stands."""
        self._reach()
        if refund_number in self.refunds:
            done = PaymentAnswer(state=PaymentState.REFUNDED, amount=self.refunds[refund_number])
            return self._answer("query_refund", refund_number, done)
        return self._answer("query_refund", refund_number, NOT_FOUND)

    @property
    def taken(self) -> Amount:
        """What it holds for the merchant."""
        return Amount(sum(self.charges.values()) - sum(self.refunds.values()))
