"""Requests and the facts that tell them: one into the other, and what is sealed opened again.

Decides whose key seals a request: the member's of the sale while she is one, else the sale's own. Once a member is
erased her requests show nothing. Everybody who changes a request does it here, so that row and journal say the same.
"""

from datetime import datetime

import msgspec

from pos_app.domain.errors import NotFoundError
from pos_app.domain.facts.invoices import InvoiceAsked, InvoiceChanged
from pos_app.domain.invoices import Change, InvoiceRequest
from pos_app.domain.invoices.amounts import CameBack
from pos_app.domain.invoices.titles import InvoiceTitle
from pos_app.domain.values.ids import InvoiceId, MemberId, SaleId, StaffId, SubjectId
from pos_app.services.ports.store import Tx
from pos_app.services.recording import Recorder
from pos_app.services.sealing import Sealer

_SEALED = ("title", "tax_number", "email", "phone", "address", "bank", "account")


def request_of(fact: InvoiceAsked, at: datetime, member: MemberId | None) -> InvoiceRequest:
    """Return the request that a fact tells of; `member` is the sale's."""
    return InvoiceRequest(
        invoice=fact.invoice,
        sale=fact.sale,
        sale_number=fact.sale_number,
        member=member,
        title_kind=fact.title_kind,
        amount=fact.amount,
        later=fact.later,
        asked_at=at,
        changed_at=at,
    )


def change_of(fact: InvoiceChanged, at: datetime) -> Change:
    """Return the change that a fact tells of."""
    return Change(
        state=fact.state,
        at=at,
        number=fact.number,
        issued_on=fact.issued_on,
        amount=fact.amount,
        reason=fact.reason,
        file_sha256=fact.file_sha256,
    )


def change_request(
    tx: Tx, recorder: Recorder, staff: StaffId, request: InvoiceRequest, told: tuple[InvoiceChanged, datetime]
) -> InvoiceRequest:
    """Record a change with its time, write the request as it stands then, and return it. Raises InvoiceStateError."""
    fact, at = told
    after = request.after(change_of(fact, at))
    recorder.record(tx, fact, staff, at)
    tx.invoices.save(after)
    return after


def standing(tx: Tx, invoice: InvoiceId) -> InvoiceRequest:
    """Return a request as it stands; raise NotFoundError."""
    request = tx.invoices.get(invoice)
    if request is None:
        raise NotFoundError(what=str(invoice))
    return request


def of_sale(tx: Tx, sale: SaleId) -> InvoiceRequest | None:
    """Return the request of a sale that stands; None where it may be asked for."""
    return next((each for each in tx.invoices.of_sale(sale) if each.stands), None)


def came_back(tx: Tx, sale: SaleId) -> CameBack:
    """Return what came back of a sale."""
    return CameBack(lines=tx.sales.returned(sale), refunded=tx.sales.refunded(sale))


def sealed(
    tx: Tx, sealer: Sealer, fact: InvoiceAsked, title: InvoiceTitle, member: MemberId | None
) -> InvoiceAsked:
    """Return a fact with a title's texts in it, sealed."""
    alive = member is not None and tx.members.get(member) is not None
    subject = SubjectId(member if alive and member is not None else fact.sale)
    texts = {name: getattr(title, name) for name in _SEALED}
    return msgspec.structs.replace(
        fact,
        **{
            name: None if text is None else sealer.seal_text(tx, subject, text)
            for name, text in texts.items()
        },
    )


def opened(tx: Tx, sealer: Sealer, request: InvoiceRequest) -> InvoiceTitle | None:
    """Return what a request was asked with, None once the key is destroyed."""
    fact = tx.invoices.asked(request.invoice)
    for subject in (request.member, request.sale):
        if subject is None:
            continue
        try:
            texts = sealer.open_texts(tx, SubjectId(subject), {name: getattr(fact, name) for name in _SEALED})
        except ValueError:
            # Another key sealed it, which is gone.
            continue
        if texts is not None and texts["title"] is not None:
            return InvoiceTitle(kind=fact.title_kind, **texts)  # type: ignore[arg-type]
    return None
