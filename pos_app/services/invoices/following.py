"""What a return does to the invoice of what it takes back, in the return's own transaction.

A request that was not handed over asks for less, or is withdrawn when nothing is left; one that is with the office
notes what has to be taken back once it is issued; an issued one asks for a red invoice. Decides which of these.
"""

from datetime import datetime

from pos_app.domain.facts.invoices import InvoiceChanged
from pos_app.domain.invoices import InvoiceRequest, InvoiceState
from pos_app.domain.invoices.amounts import invoiceable
from pos_app.domain.sales.line import LineKind
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.invoices.telling import came_back, change_request, of_sale
from pos_app.services.ports.store import Tx
from pos_app.services.recording import Recorder

RETURNED = "returned"
"""The reason of what a return brought about."""


def follow_invoices(tx: Tx, recorder: Recorder, who: Actor, sale: Sale) -> None:
    """Let the invoices of what a sale takes back follow it; a sale that takes nothing back touches none."""
    taken_from = {x.cause.sale for x in sale.lines if x.kind is LineKind.RETURN and x.cause is not None}
    for bought_id in sorted(each for each in taken_from if each is not None):
        _follow(tx, recorder, who, bought_id, sale)


def _follow(tx: Tx, recorder: Recorder, who: Actor, bought_id: SaleId, back: Sale) -> None:
    request = of_sale(tx, bought_id)
    bought = tx.sales.get(bought_id) if request is not None else None
    if bought is None or request is None:
        return
    left = invoiceable(bought, came_back(tx, bought_id))
    if left < request.worth:
        fact = _lowered(request, left, back.sale_id)
        change_request(tx, recorder, who.staff_id, request, (fact, back.committed_at))


def _lowered(request: InvoiceRequest, left: Amount, back: SaleId) -> InvoiceChanged:
    """Return the fact that lets a request stand for what is left."""
    due = Amount(request.red_due + request.worth - left)
    state, amount = InvoiceState.RED_ASKED, due
    if request.state is InvoiceState.ASKED:
        state, amount = (InvoiceState.ASKED, left) if left else (InvoiceState.WITHDRAWN, request.amount)
    elif request.state is InvoiceState.SENT:
        state = InvoiceState.SENT
    return InvoiceChanged(
        invoice=request.invoice, state=state, amount=amount, taken_back=back, reason=RETURNED
    )


def red_after_issue(request: InvoiceRequest, at: datetime) -> tuple[InvoiceChanged, datetime] | None:
    """Return what asks for a red invoice at once, where goods came back while the request was with the office."""
    if request.state is not InvoiceState.ISSUED or not request.red_due:
        return None
    fact = InvoiceChanged(
        invoice=request.invoice, state=InvoiceState.RED_ASKED, amount=request.red_due, reason=RETURNED
    )
    return fact, at
