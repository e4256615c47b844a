"""How a payment attempt stands, and what an answer makes of it.

`step` decides what an answer is worth, `told` how a recorded answer changes the standing: replaying the facts of an
attempt with `told` gives its row. Rules that hold whatever comes, in any order, also twice:

- a charge that is refused, reversed or given back stays so; money that shows up on it later is flagged, and has to go
  back;
- PAID of another amount than asked is not believed: the charge is to be reversed;
- while a charge is to be reversed only the end of it is heard: it cannot become paid any more;
- a refund is owed until it was made, whatever a wallet says.
"""

from datetime import datetime

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.payments import PaymentAttempt, PaymentPurpose, PaymentState
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderRole
from pos_app.domain.values.ids import AttemptId, CartId, TenderId
from pos_app.domain.values.money import Amount

CANCELLED = "cancelled"
"""The reason of an attempt that somebody gave up: it is to be reversed."""
OTHER_AMOUNT = "other_amount"
"""The reason of an attempt of which the wallet names another amount: it is to be reversed."""
GIVEN_BACK = "given_back"
"""The reason of a paid attempt whose money goes back before a sale was made of it: it is to be reversed."""
_TO_REVERSE = (CANCELLED, OTHER_AMOUNT, GIVEN_BACK)
_MONEY_MOVED = (OTHER_AMOUNT, GIVEN_BACK)
_OPEN = (PaymentState.PENDING, PaymentState.ENTERING, PaymentState.UNKNOWN)
_MONEY_IS_BACK = (PaymentState.REFUSED, PaymentState.REVERSED, PaymentState.REFUNDED)


class PaymentOpenError(ExpectedError):
    """A charge of this cart is not decided yet: neither another one nor the end of the cart before that."""

    code = "payments.error.open"


class PaymentTakenError(ExpectedError):
    """Money was taken by wallet on this cart: it goes back first; `amount` says how much."""

    code = "payments.error.taken"


class PaymentMissingError(ExpectedError):
    """A tender by wallet without a paid charge behind it, or a paid charge that is no tender."""

    code = "payments.error.missing"


class PaymentAmountError(ExpectedError):
    """Nothing, or more than is open, cannot be charged."""

    code = "payments.error.amount"


class PaymentLimitError(ExpectedError):
    """The amount is above what one charge may be; `limit` is that."""

    code = "payments.error.limit"


class WalletOffError(ExpectedError):
    """The code is of a wallet that this shop does not take; `wallet` names it."""

    code = "payments.error.wallet_off"


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attempt and how it stands. `flagged`: money moved on it after it had come to an end without."""

    payment: PaymentAttempt
    started_at: datetime
    changed_at: datetime
    state: PaymentState = PaymentState.PENDING
    provider_number: str | None = None
    amount: Amount | None = None
    reason: str | None = None
    by_hand: bool = False
    flagged: bool = False

    @property
    def attempt(self) -> AttemptId:
        """The attempt's id."""
        return self.payment.attempt

    @property
    def is_charge(self) -> bool:
        """Whether it brings money in."""
        return self.payment.purpose is PaymentPurpose.CHARGE

    @property
    def is_open(self) -> bool:
        """Whether a charge is not decided yet: its cart cannot be let go."""
        return self.is_charge and self.state in _OPEN

    @property
    def is_paid(self) -> bool:
        """Whether a charge brought its money."""
        return self.is_charge and self.state is PaymentState.PAID

    @property
    def is_owed(self) -> bool:
        """Whether a refund is still to be made."""
        return not self.is_charge and self.state is not PaymentState.REFUNDED

    @property
    def to_reverse(self) -> bool:
        """Whether nothing is to be heard of a charge but that its money is not, or no longer, with us."""
        return self.is_charge and (self.flagged or (self.is_open and self.reason in _TO_REVERSE))

    @property
    def needs_care(self) -> bool:
        """Whether the till has still to ask, reverse or send something."""
        return self.is_open or self.is_owed or self.flagged


def begun(payment: PaymentAttempt, at: datetime) -> Standing:
    """Return how an attempt stands when it was just written."""
    return Standing(payment=payment, started_at=at, changed_at=at)


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What was heard of an attempt, by a wallet or by hand; and what of it is recorded (`facts.payments`)."""

    state: PaymentState
    provider_number: str | None = None
    amount: Amount | None = None
    reason: str | None = None
    by_hand: bool = False


def told(now: Standing, fact: Heard, at: datetime) -> Standing:
    """Return how an attempt stands after a recorded answer; an end stays an end."""
    ended = now.state in _MONEY_IS_BACK and not now.is_owed
    if ended:
        flagged = fact.state is PaymentState.PAID if now.is_charge else False
        return msgspec.structs.replace(now, flagged=flagged, changed_at=at)
    return msgspec.structs.replace(
        now,
        state=fact.state,
        changed_at=at,
        provider_number=fact.provider_number or now.provider_number,
        amount=fact.amount if fact.amount is not None else now.amount,
        reason=fact.reason,
        by_hand=fact.by_hand,
    )


def step(now: Standing, heard: Heard) -> Heard | None:
    """Return what is to be recorded of an answer, None when it tells nothing new."""
    fact = _charge_heard(now, heard) if now.is_charge else _refund_heard(now, heard)
    if fact is None:
        return None
    after = told(now, fact, now.changed_at)
    return None if after == now else fact


def _fact(heard: Heard, state: PaymentState, reason: str | None) -> Heard:
    return msgspec.structs.replace(heard, state=state, reason=reason)


def _charge_heard(now: Standing, heard: Heard) -> Heard | None:
    if not now.is_open:
        return _late(now, heard)
    if heard.state is PaymentState.REFUSED and now.reason in _MONEY_MOVED:
        return None
    if heard.state in _MONEY_IS_BACK:
        return _fact(heard, heard.state, now.reason if now.to_reverse else heard.reason)
    if now.to_reverse:
        return None
    if heard.state is PaymentState.UNKNOWN and heard.amount not in (None, now.payment.amount):
        return _fact(heard, PaymentState.UNKNOWN, OTHER_AMOUNT)
    if heard.state is PaymentState.PAID:
        if heard.amount is None:
            return _fact(heard, PaymentState.UNKNOWN, "no_amount")
        if heard.amount != now.payment.amount:
            return _fact(heard, PaymentState.UNKNOWN, OTHER_AMOUNT)
        return _fact(heard, PaymentState.PAID, None)
    if heard.state is PaymentState.ENTERING:
        return _fact(heard, PaymentState.ENTERING, None)
    if heard.state is PaymentState.UNKNOWN and now.state is PaymentState.PENDING:
        # Later, that one question more found no answer is no news.
        return _fact(heard, PaymentState.UNKNOWN, heard.reason)
    return None


def _late(now: Standing, heard: Heard) -> Heard | None:
    """Hear something of a charge that is decided."""
    if now.state is PaymentState.PAID:
        return None
    came = heard.state is PaymentState.PAID and not now.flagged
    went = now.flagged and heard.state in _MONEY_IS_BACK
    return _fact(heard, heard.state, "late") if came or went else None


def _refund_heard(now: Standing, heard: Heard) -> Heard | None:
    if not now.is_owed:
        return None
    if heard.state is PaymentState.REFUNDED and heard.amount not in (None, now.payment.amount):
        return _fact(heard, PaymentState.UNKNOWN, OTHER_AMOUNT)
    if heard.state is PaymentState.REFUNDED:
        return _fact(heard, PaymentState.REFUNDED, None)
    if heard.state in (PaymentState.PENDING, PaymentState.UNKNOWN, PaymentState.REFUSED):
        return _fact(heard, heard.state, heard.reason)
    return None


def given_up(now: Standing) -> Heard | None:
    """Return what is recorded when a charge is to be reversed, None when it is decided, or to be reversed already."""
    if not now.is_open or now.to_reverse:
        return None
    return Heard(state=PaymentState.UNKNOWN, reason=CANCELLED)


def to_give_back(now: Standing) -> Heard | None:
    """Return what is recorded when the money of a paid charge goes back before a sale was made of it."""
    if not now.is_paid:
        return None
    return Heard(state=PaymentState.UNKNOWN, reason=GIVEN_BACK)


def may_be_settled(now: Standing) -> tuple[PaymentState, ...]:
    """Return what a person may note of an attempt that nobody can ask about: what it may have come to."""
    if now.flagged or now.to_reverse:
        return (PaymentState.REVERSED,)
    if now.is_open:
        return (PaymentState.PAID, PaymentState.REFUSED)
    return (PaymentState.REFUNDED,) if now.is_owed else ()


def tender_of(now: Standing) -> Tender:
    """Return the tender that a paid charge is; always the same for one attempt."""
    return Tender(
        tender_id=TenderId(now.attempt),
        kind=now.payment.provider,
        amount=now.payment.amount,
        attempt=now.attempt,
    )


def reconciled(cart: Cart, attempts: tuple[Standing, ...]) -> Cart:
    """Return a cart whose tenders by wallet are the paid charges of its attempts, each once, the others as they were.

    What is shown at the counter may be older than the books; the books know what was paid.
    """
    paid = {x.attempt: x for x in attempts if x.is_paid and x.payment.cart == cart.cart_id}
    known = {x.attempt for x in attempts}
    kept = [t for t in cart.tenders if t.attempt is None or t.attempt in paid or t.attempt not in known]
    there = {t.attempt for t in kept}
    new = [tender_of(x) for key, x in paid.items() if key not in there]
    tenders = (*kept, *new)
    return cart if tenders == cart.tenders else msgspec.structs.replace(cart, tenders=tenders)


def check_free(attempts: tuple[Standing, ...]) -> None:
    """Raise PaymentOpenError while a charge of a cart is undecided, PaymentTakenError while money is taken on it."""
    if any(x.is_open for x in attempts):
        raise PaymentOpenError()
    taken = sum(x.payment.amount for x in attempts if x.is_paid)
    if taken:
        raise PaymentTakenError(amount=Amount(taken))


def check_tenders(
    cart: CartId, tenders: tuple[Tender, ...], attempts: tuple[Standing, ...], wallets: tuple[TenderKind, ...]
) -> None:
    """Raise unless the tenders by wallet of a cart are exactly its paid charges, each once, and nothing is undecided.

    Raises PaymentOpenError, PaymentMissingError.
    """
    if any(x.is_open for x in attempts):
        raise PaymentOpenError()
    paid = {x.attempt: x for x in attempts if x.is_paid and x.payment.cart == cart}
    given = [
        t for t in tenders if t.role is TenderRole.GIVEN and (t.kind in wallets or t.attempt is not None)
    ]
    for tender in given:
        charge = paid.pop(AttemptId(tender.attempt), None) if tender.attempt is not None else None
        if charge is None or (charge.payment.provider, charge.payment.amount) != (tender.kind, tender.amount):
            raise PaymentMissingError()
    if paid:
        raise PaymentMissingError()
