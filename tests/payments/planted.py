"""Faults planted into the real code, each of which some run must catch; and the runs known to do so.

Each is one that a till of this kind had: a rule left out, a word believed, a thing forgotten. None of them touches
the runs, the wallets or what is checked.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from unittest.mock import patch

import msgspec

from pos_app.domain.payments import PaymentState
from pos_app.services import carts, checkout, payments
from pos_app.services.payments import PaymentService
from pos_app.services.ports.payments import PaymentAnswer
from sync.payments.alipay import Alipay
from sync.payments.wechat import WechatPay
from ui.payments.runner import PaymentRunner

Plant = Callable[[ExitStack], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: how it is planted, and the run of seed 1 that is known to catch it."""

    name: str
    plant: Plant
    run: int


def _put(stack: ExitStack, owner: Any, name: str, value: Any) -> None:
    stack.enter_context(patch.object(owner, name, value))


def _hears(stack: ExitStack, call: str, ear: Callable[[PaymentAnswer], PaymentAnswer]) -> None:
    """Let what a wallet answers to a call be heard otherwise."""
    for wallet in (WechatPay, Alipay):
        real = getattr(wallet, call)

        def heard(*asked: Any, real: Any = real) -> PaymentAnswer:
            return ear(real(*asked))

        _put(stack, wallet, call, heard)


def _taken_for(state: PaymentState, *reasons: str) -> Callable[[PaymentAnswer], PaymentAnswer]:
    """Take an UNKNOWN of one of the reasons (of any) for something else."""

    def ear(answer: PaymentAnswer) -> PaymentAnswer:
        is_meant = answer.state is PaymentState.UNKNOWN and (not reasons or answer.reason in reasons)
        return replace(answer, state=state) if is_meant else answer

    return ear


def charges_again_while_one_is_unknown(stack: ExitStack) -> None:
    """Another charge may begin though one is not decided; the cart itself is kept."""
    real = payments.check_free
    _put(stack, payments, "check_free", lambda _attempts: None)
    _put(stack, carts, "check_may_go", lambda tx, cart: real(tx.payments.of_cart(cart)))


def lets_a_cart_go_while_one_is_unknown(stack: ExitStack) -> None:
    """A cart may be held or given up though a charge is not decided."""
    _put(stack, carts, "check_may_go", lambda *_asked: None)


def sells_in_cash_while_one_is_unknown(stack: ExitStack) -> None:
    """A sale is made without a look at the charges of its cart."""
    _put(stack, checkout, "check_paid", lambda *_asked: None)


def believes_not_found(stack: ExitStack) -> None:
    """An order that its wallet does not know yet is taken for one that was never paid."""
    _hears(stack, "query", _taken_for(PaymentState.REFUSED, "not_found"))


def takes_silence_for_a_refusal(stack: ExitStack) -> None:
    """A charge without an answer is taken for refused."""
    _hears(stack, "charge", _taken_for(PaymentState.REFUSED, "cut_off", "timeout"))


def takes_a_fault_of_the_wallet_for_a_refusal(stack: ExitStack) -> None:
    """An error of the wallet's own system is taken for refused."""
    _hears(stack, "charge", _taken_for(PaymentState.REFUSED, "system_error"))


def takes_a_reversal_for_done(stack: ExitStack) -> None:
    """A reversal that was asked for is taken for made."""
    _hears(stack, "reverse", _taken_for(PaymentState.REVERSED))


def believes_a_reversal_that_found_nothing(stack: ExitStack) -> None:
    """A reversal of a charge that its wallet does not know yet is taken for made."""
    _hears(stack, "reverse", _taken_for(PaymentState.REVERSED, "not_found"))


def looks_at_no_amount(stack: ExitStack) -> None:
    """Whatever a wallet took is taken for the bill."""
    real = PaymentService.heard

    def heard(self: PaymentService, attempt: Any, said: Any) -> Any:
        asked = self.get(attempt).payment.amount
        if said.state is PaymentState.PAID or said.reason == "amount_mismatch":
            said = msgspec.structs.replace(said, state=PaymentState.PAID, amount=asked, reason=None)
        return real(self, attempt, said)

    _put(stack, PaymentService, "heard", heard)


def forgets_refunds(stack: ExitStack) -> None:
    """A return is booked, and nobody asks the wallet to give its money back."""
    _put(stack, checkout, "start_refunds", lambda *_asked: None)


def takes_a_refund_for_made(stack: ExitStack) -> None:
    """A refund that was asked for is taken for made."""
    _hears(stack, "refund", _taken_for(PaymentState.REFUNDED))


def refunds_under_a_new_number_each_time(stack: ExitStack) -> None:
    """A refund that was not confirmed is asked for anew."""
    real, numbers = PaymentService.refund_order, count(1)

    def order(self: PaymentService, standing: Any) -> Any:
        asked = real(self, standing)
        return replace(asked, refund_number=f"{asked.refund_number[:24]}{next(numbers)}")

    _put(stack, PaymentService, "refund_order", order)


def asks_nobody_after_a_restart(stack: ExitStack) -> None:
    """A till that was killed does not take up what was undecided."""
    _put(stack, PaymentRunner, "wake", lambda _self: None)


def forgets_what_was_paid(stack: ExitStack) -> None:
    """A till that was killed comes back without the tender of a charge that was paid."""
    _put(stack, carts, "as_booked", lambda _tx, cart: msgspec.structs.replace(cart, tenders=()))


FAULTS = (
    Fault("charges again while one is unknown", charges_again_while_one_is_unknown, 5),
    Fault("lets a cart go while one is unknown", lets_a_cart_go_while_one_is_unknown, 2),
    Fault("sells in cash while one is unknown", sells_in_cash_while_one_is_unknown, 2),
    Fault("believes not found", believes_not_found, 12),
    Fault("takes silence for a refusal", takes_silence_for_a_refusal, 15),
    Fault("takes a fault of the wallet for a refusal", takes_a_fault_of_the_wallet_for_a_refusal, 23),
    Fault("takes a reversal for done", takes_a_reversal_for_done, 35),
    Fault("believes a reversal that found nothing", believes_a_reversal_that_found_nothing, 35),
    Fault("looks at no amount", looks_at_no_amount, 3),
    Fault("forgets refunds", forgets_refunds, 1),
    Fault("takes a refund for made", takes_a_refund_for_made, 10),
    Fault("refunds under a new number each time", refunds_under_a_new_number_each_time, 1),
    Fault("asks nobody after a restart", asks_nobody_after_a_restart, 1),
    Fault("forgets what was paid", forgets_what_was_paid, 0),
)
