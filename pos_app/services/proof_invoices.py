"""Proof of requests for invoices: each row stands as the journal tells it, and there is no row besides.

Decides what is compared; `services.proof` walks the journal and asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from pos_app.domain.facts.envelope import Envelope
from pos_app.domain.facts.invoices import InvoiceAsked, InvoiceChanged
from pos_app.domain.invoices import InvoiceRequest, InvoiceStateError
from pos_app.domain.values.ids import InvoiceId
from pos_app.services.invoices.telling import change_of, request_of
from pos_app.services.ports.journal import Head
from pos_app.services.ports.store import Tx

ROWS = "proof.invoice_rows"


@dataclass(frozen=True, slots=True)
class _Told:
    """A request as told so far, and the fact that asked for it."""

    request: InvoiceRequest
    head: Head


class ToldInvoices:
    """What the journal tells of requests for invoices."""

    def __init__(self) -> None:
        self._told: dict[InvoiceId, _Told] = {}
        self._odd: list[str] = []

    def tell(self, fact: msgspec.Struct, envelope: Envelope) -> None:
        """Take in a fact; others than those of invoices say nothing here."""
        if isinstance(fact, InvoiceAsked):
            head = Head(envelope.epoch, envelope.seq, b"", envelope.hlc)
            self._told[fact.invoice] = _Told(request_of(fact, envelope.at, None), head)
        elif isinstance(fact, InvoiceChanged):
            told = self._told.get(fact.invoice)
            try:
                if told is not None:
                    after = told.request.after(change_of(fact, envelope.at))
                    self._told[fact.invoice] = replace(told, request=after)
            except InvoiceStateError:
                told = None
            if told is None:
                # No request of that name was told of, or it cannot come to that state.
                self._odd.append(f"{envelope.epoch}/{envelope.seq}")

    def differences(self, tx: Tx) -> Iterator[tuple[str, str]]:
        """Yield the code and the place of everything that the tables hold otherwise."""
        for place in self._odd:
            yield ROWS, place
        for told in self._told.values():
            sale = tx.sales.get(told.request.sale)
            member = sale.member.member if sale is not None and sale.member is not None else None
            if not tx.invoices.matches(replace(told.request, member=member), told.head):
                yield ROWS, told.request.sale_number
        if tx.invoices.count() != len(self._told):
            yield ROWS, f"{tx.invoices.count()}/{len(self._told)}"
