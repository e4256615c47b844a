"""Requests for invoices in SQLite: how each stands, in columns; what is sealed of it is read from the journal's bytes.

Decides storage. Which state may follow which stands in `domain.invoices`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.invoices import InvoiceAsked
from pos_app.domain.invoices import InvoiceRequest, InvoiceState, TitleKind
from pos_app.domain.values.ids import InvoiceId, MemberId, SaleId
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import (
    Base,
    Id,
    Minor,
    Moment,
    OptionalId,
    OptionalStr,
    Str,
    from_ms,
    to_id,
    to_ms,
)
from pos_app.persistence.journal import SqlJournal, position
from pos_app.persistence.members.aliases import beneath
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED
from pos_app.services.ports.journal import Head


class InvoiceRow(Base):
    """A request; `fact_position` is where the journal holds what was asked, sealed."""

    __tablename__ = "invoice"
    __table_args__ = (
        Index("ix_invoice_sale", "sale_id"),
        Index("ix_invoice_sale_number", "sale_number"),
        Index("ix_invoice_request_no", "request_no"),
        Index("ix_invoice_state", "state", "asked_at"),
        Index("ix_invoice_asked", "asked_at"),
        Index("ix_invoice_title_kind", "title_kind", "asked_at"),
        Index("ix_invoice_number", "number", sqlite_where=text("number IS NOT NULL")),
        Index("ix_invoice_red_number", "red_number", sqlite_where=text("red_number IS NOT NULL")),
        Index("ix_invoice_member", "member_id", "asked_at", sqlite_where=text("member_id IS NOT NULL")),
        CLUSTERED,
    )
    invoice_id: Mapped[Id] = mapped_column(primary_key=True)
    request_no: Mapped[Str]
    sale_id: Mapped[Id]
    sale_number: Mapped[Str]
    member_id: Mapped[OptionalId]
    title_kind: Mapped[Str]
    later: Mapped[bool]
    state: Mapped[Str]
    amount: Mapped[Minor]
    red_due: Mapped[Minor]
    red_done: Mapped[Minor]
    number: Mapped[OptionalStr]
    issued_on: Mapped[OptionalStr]
    red_number: Mapped[OptionalStr]
    red_on: Mapped[OptionalStr]
    reason: Mapped[OptionalStr]
    file_sha256: Mapped[OptionalStr]
    asked_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    fact_position: Mapped[Minor]


_table = InvoiceRow.__table__
_of = _table.c
_ADD = Prepared(insert(InvoiceRow))
_SAVE = Prepared(
    update(InvoiceRow).where(_of.invoice_id == bindparam("invoice")),
    [column.name for column in _of if column.name not in ("invoice_id", "fact_position")],
)
_GET = Prepared(select(_table).where(_of.invoice_id == bindparam("invoice")))
_OF_SALE = Prepared(
    select(_table)
    .where(_of.sale_id == bindparam("sale"))
    .order_by(_of.asked_at.desc(), _of.invoice_id.desc())
)
_POSITION = Prepared(select(_of.fact_position).where(_of.invoice_id == bindparam("invoice")))


class SqlInvoices:
    """The requests for invoices of one transaction."""

    def __init__(self, connection: Connection, journal: SqlJournal) -> None:
        self._connection = connection
        self._journal = journal

    def add(self, request: InvoiceRequest, head: Head) -> None:
        """Write a new request; `head` is the fact that records it."""
        values = _values(request)
        _ADD.run(self._connection, **values, fact_position=position(head.epoch, head.seq))

    def save(self, request: InvoiceRequest) -> None:
        """Write how a request stands now."""
        _SAVE.run(self._connection, invoice=request.invoice.bytes, **_values(request))

    def get(self, invoice: InvoiceId) -> InvoiceRequest | None:
        """Return a request."""
        row = _GET.run(self._connection, invoice=invoice.bytes).one_or_none()
        return None if row is None else _request(row)

    def of_sale(self, sale: SaleId) -> Sequence[InvoiceRequest]:
        """Return the requests of a sale, the newest first."""
        return [_request(row) for row in _OF_SALE.run(self._connection, sale=sale.bytes)]

    def named(self, request_no: str) -> Sequence[InvoiceRequest]:
        """Return the requests of a request number; there is one as a rule."""
        return self._found(select(_table).where(_of.request_no == request_no))

    def of_receipt(self, number: str) -> Sequence[InvoiceRequest]:
        """Return the requests of a receipt number, the newest first."""
        return self._found(
            select(_table)
            .where(_of.sale_number == number)
            .order_by(_of.asked_at.desc(), _of.invoice_id.desc())
        )

    def numbered(self, number: str) -> Sequence[InvoiceRequest]:
        """Return the requests that were issued, or taken back, under an invoice number."""
        return self._found(select(_table).where((_of.number == number) | (_of.red_number == number)))

    def listed(self, state: InvoiceState | None, part: str, limit: int) -> Sequence[InvoiceRequest]:
        """Return the newest requests in a state (None for all) whose receipt number holds a part."""
        query = select(_table).order_by(_of.asked_at.desc(), _of.invoice_id.desc()).limit(limit)
        return self._found(query.where(*_conditions(state, part)))

    def waiting(self, state: InvoiceState, limit: int) -> Sequence[InvoiceRequest]:
        """Return the oldest requests in a state, in the order they were asked."""
        query = select(_table).where(_of.state == state).order_by(_of.asked_at, _of.invoice_id)
        return self._found(query.limit(limit))

    def counts(self, part: str = "") -> Mapping[InvoiceState, int]:
        """Return how many requests stand in each state, of those whose receipt number holds a part."""
        query = select(_of.state, func.count()).where(*_conditions(None, part)).group_by(_of.state)
        return {InvoiceState(state): count for state, count in self._connection.execute(query)}

    def of_member(self, member: MemberId, limit: int) -> Sequence[InvoiceRequest]:
        """Return the newest requests of a member and of her aliases."""
        ids = [member.bytes, *beneath(self._connection, member.bytes)]
        return self._found(
            select(_table).where(_of.member_id.in_(ids)).order_by(_of.asked_at.desc()).limit(limit)
        )

    def of_companies(self, limit: int) -> Sequence[InvoiceRequest]:
        """Return the newest requests with a company's title."""
        return self._found(
            select(_table)
            .where(_of.title_kind == TitleKind.COMPANY)
            .order_by(_of.asked_at.desc())
            .limit(limit)
        )

    def asked(self, invoice: InvoiceId) -> InvoiceAsked:
        """Return what was asked, sealed, from the journal's bytes."""
        at = _POSITION.run(self._connection, invoice=invoice.bytes).scalar_one()
        envelope = decode(self._journal.body_at(at))
        fact = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
        assert isinstance(fact, InvoiceAsked)
        return fact

    def matches(self, request: InvoiceRequest, head: Head) -> bool:
        """Whether the row of a request is exactly what `add` and `save` write for it."""
        row = _GET.run(self._connection, invoice=request.invoice.bytes).mappings().one_or_none()
        expected = {**_values(request), "fact_position": position(head.epoch, head.seq)}
        return row is not None and {**row, "later": bool(row["later"])} == expected

    def count(self) -> int:
        """Return how many requests there are."""
        return self._connection.execute(select(func.count()).select_from(_table)).scalar_one()

    def _found(self, query: Select[Any]) -> list[InvoiceRequest]:
        rows: Iterator[Row[Any]] = iter(self._connection.execute(query))
        return [_request(row) for row in rows]


def _conditions(state: InvoiceState | None, part: str) -> list[ColumnElement[bool]]:
    out: list[ColumnElement[bool]] = []
    if state is not None:
        out.append(_of.state == state)
    if part:
        out.append(_of.sale_number.contains(part, autoescape=True))
    return out


def _values(request: InvoiceRequest) -> dict[str, Any]:
    return {
        "invoice_id": request.invoice.bytes,
        "request_no": request.request_no,
        "sale_id": request.sale.bytes,
        "sale_number": request.sale_number,
        "member_id": request.member.bytes if request.member else None,
        "title_kind": request.title_kind.value,
        "later": request.later,
        "state": request.state.value,
        "amount": request.amount,
        "red_due": request.red_due,
        "red_done": request.red_done,
        "number": request.number,
        "issued_on": _day(request.issued_on),
        "red_number": request.red_number,
        "red_on": _day(request.red_on),
        "reason": request.reason,
        "file_sha256": request.file_sha256,
        "asked_at": to_ms(request.asked_at),
        "changed_at": to_ms(request.changed_at),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _request(row: Row[Any]) -> InvoiceRequest:
    return InvoiceRequest(
        invoice=InvoiceId(to_id(row.invoice_id)),
        sale=SaleId(to_id(row.sale_id)),
        sale_number=row.sale_number,
        member=None if row.member_id is None else MemberId(to_id(row.member_id)),
        title_kind=TitleKind(row.title_kind),
        later=bool(row.later),
        state=InvoiceState(row.state),
        amount=Amount(row.amount),
        red_due=Amount(row.red_due),
        red_done=Amount(row.red_done),
        number=row.number,
        issued_on=_read_day(row.issued_on),
        red_number=row.red_number,
        red_on=_read_day(row.red_on),
        reason=row.reason,
        file_sha256=row.file_sha256,
        asked_at=from_ms(row.asked_at),
        changed_at=from_ms(row.changed_at),
    )
