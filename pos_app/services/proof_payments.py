"""Proof of payment attempts: their rows are what their facts come to, and each tender by wallet is one of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from pos_app.domain.facts.payments import PaymentAnswered, PaymentStarted
from pos_app.domain.payments import PaymentPurpose
from pos_app.domain.payments.attempts import Heard, Standing, begun, told
from pos_app.domain.payments.settings import WALLETS
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import Tender, TenderRole
from pos_app.domain.values.ids import AttemptId, CartId
from pos_app.domain.values.moments import from_ms, to_ms
from pos_app.services.ports.store import Tx


class ToldPayments:
    """The attempts that a walk through the journal tells of, and the sales that use them."""

    def __init__(self) -> None:
        self._standings: dict[AttemptId, Standing] = {}
        self._in_care: dict[AttemptId, Standing] = {}
        self._on_cart: dict[CartId, list[AttemptId]] = {}
        self._used: set[AttemptId] = set()

    @property
    def in_care(self) -> Iterable[Standing]:
        """What is not settled so far: few, however many attempts there were."""
        return self._in_care.values()

    def take(self, fact: msgspec.Struct, at: datetime) -> bool:
        """Follow a fact of an attempt; say whether it fits those before it."""
        if isinstance(fact, PaymentStarted):
            new = fact.payment.attempt not in self._standings
            if new:
                self._put(begun(fact.payment, from_ms(to_ms(at))))
            self._on_cart.setdefault(fact.payment.cart, []).append(fact.payment.attempt)
            return new
        if isinstance(fact, PaymentAnswered):
            now = self._standings.get(fact.attempt)
            if now is None:
                return False
            heard = Heard(
                state=fact.state,
                provider_number=fact.provider_number,
                amount=fact.amount,
                reason=fact.reason,
                by_hand=fact.by_hand,
            )
            self._put(told(now, heard, from_ms(to_ms(at))))
        return True

    def _put(self, standing: Standing) -> None:
        self._standings[standing.attempt] = standing
        if standing.needs_care:
            self._in_care[standing.attempt] = standing
        else:
            self._in_care.pop(standing.attempt, None)

    def take_sale(self, sale: Sale) -> bool:
        """Follow a sale; say whether each of its tenders by wallet is a paid charge, or a refund begun with it.

        A charge must be of the very cart and amount, and is used once; a sale uses all that were paid on its cart.
        """
        tenders = [t for t in sale.tenders if t.kind in WALLETS and t.attempt is not None]
        fine = all(self._fits(sale, tender) for tender in tenders)
        here = [self._standings[key] for key in self._on_cart.get(CartId(sale.sale_id), ())]
        return fine and not any(x.is_open or (x.is_paid and x.attempt not in self._used) for x in here)

    def _fits(self, sale: Sale, tender: Tender) -> bool:
        back = tender.role is TenderRole.REFUND
        key = AttemptId(tender.tender_id if back else tender.attempt) if tender.attempt else None
        found = self._standings.get(key) if key is not None else None
        if found is None or key is None or key in self._used:
            return False
        self._used.add(key)
        payment = found.payment
        amount = -tender.amount if back else tender.amount
        same = (payment.cart, payment.amount, payment.provider) == (CartId(sale.sale_id), amount, tender.kind)
        if back:
            return same and payment.purpose is PaymentPurpose.REFUND and payment.refund_of == tender.attempt
        return same and found.is_paid

    def differences(self, tx: Tx) -> Iterator[tuple[str, str]]:
        """Yield a code of `words` (`proof.…`) and a place for each row that the journal does not tell so."""
        told_ones = dict(self._standings)
        for row in tx.payments.all():
            if told_ones.pop(row.attempt, None) != row:
                yield "proof.payment_rows", row.payment.order_number
        yield from (("proof.payment_rows", x.payment.order_number) for x in told_ones.values())
