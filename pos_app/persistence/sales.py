"""Sales in SQLite: columns to sum and look up; the whole sale is read from the journal's bytes.

Decides storage. What a sale is stands in `domain.sales.sale`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from string import digits
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.line import CauseKind, Line, LineKind
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import LineId, MemberId, PieceId, SaleId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.persistence import sales_elsewhere
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.journal import SqlJournal, position
from pos_app.persistence.members.aliases import beneath
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import (
    COUNTER_DIGITS,
    ReceiptCopyRow,
    ReceiptCounterRow,
    SaleLineRow,
    SaleReductionRow,
    SaleReturnedRow,
    SaleRow,
    SaleTenderRow,
)
from pos_app.services.ports.journal import Head
from pos_app.services.ports.selling import ElsewhereSale, PieceSale, SalesSums, SaleSummary

_sale = SaleRow.__table__
_line = SaleLineRow.__table__
_reduction = SaleReductionRow.__table__
_tender = SaleTenderRow.__table__
_taken_back = SaleReturnedRow.__table__
_AFTER_ALL = 2**63 - 1
_MOST_ASKED = 500
_COUNT = Prepared(
    upsert(ReceiptCounterRow)
    .values(epoch=bindparam("epoch"), year=bindparam("year"), last=literal(1))
    .on_conflict_do_update(
        index_elements=["epoch", "year"], set_={"last": ReceiptCounterRow.__table__.c.last + literal(1)}
    )
    .returning(ReceiptCounterRow.last)
)
_COPIED = Prepared(
    upsert(ReceiptCopyRow)
    .values(sale_id=bindparam("sale_id"), copies=literal(1))
    .on_conflict_do_update(
        index_elements=["sale_id"], set_={"copies": ReceiptCopyRow.__table__.c.copies + literal(1)}
    )
    .returning(ReceiptCopyRow.copies)
)
_ADD_SALE = Prepared(insert(SaleRow))
_ADD_LINE = Prepared(insert(SaleLineRow))
_ADD_REDUCTION = Prepared(insert(SaleReductionRow))
_ADD_TENDER = Prepared(insert(SaleTenderRow))
_ADD_RETURNED = Prepared(insert(SaleReturnedRow))
_FIND = Prepared(select(SaleRow.fact_position).where(SaleRow.sale_id == bindparam("sale")))

_ROWS_OF = [
    Prepared(
        select(table)
        .where(table.c.sale_id == bindparam("sale"))
        .order_by(*([table.c.place] if "place" in table.c else []))
    )
    for table in (_sale, _line, _reduction, _tender)
] + [
    Prepared(
        select(_taken_back)
        .where(_taken_back.c.return_sale_id == bindparam("sale"))
        .order_by(_taken_back.c.bought_sale_id, _taken_back.c.bought_line_id)
    )
]


class SqlSales:
    """The sales of one transaction."""

    def __init__(self, connection: Connection, journal: SqlJournal) -> None:
        self._connection = connection
        self._journal = journal

    def next_counter(self, epoch: int, year: int) -> int:
        """Take the next receipt counter of a year."""
        taken: int = _COUNT.run(self._connection, epoch=epoch, year=year).scalar_one()
        return taken

    def counters(self) -> Mapping[tuple[int, int], int]:
        """Return the last counter of each (epoch, year)."""
        rows = self._connection.execute(
            select(ReceiptCounterRow.epoch, ReceiptCounterRow.year, ReceiptCounterRow.last)
        )
        return {(r.epoch, r.year): r.last for r in rows}

    def add(self, sale: Sale, head: Head) -> None:
        """Write a sale with its lines, reductions, tenders and what it takes back."""
        c, sale_id = self._connection, sale.sale_id.bytes
        _ADD_SALE.run(c, **_sale_values(sale, position(head.epoch, head.seq)))
        _ADD_LINE.run_many(c, _lines(sale_id, sale.lines))
        _ADD_REDUCTION.run_many(c, _reductions(sale_id, sale.lines))
        _ADD_TENDER.run_many(c, _tenders(sale_id, sale))
        _ADD_RETURNED.run_many(c, _returned(sale_id, sale.lines))

    def matches(self, sale: Sale, head: Head) -> bool:
        """Whether the rows of a sale are exactly what `add` writes for it."""
        sale_id = sale.sale_id.bytes
        expected: list[list[dict[str, object]]] = [
            [_sale_values(sale, position(head.epoch, head.seq))],
            list(_lines(sale_id, sale.lines)),
            list(_reductions(sale_id, sale.lines)),
            list(_tenders(sale_id, sale)),
            sorted(_returned(sale_id, sale.lines), key=_bought),
        ]
        for query, values in zip(_ROWS_OF, expected, strict=True):
            rows = query.run(self._connection, sale=sale_id).mappings().all()
            if [dict(row) for row in rows] != values:
                return False
        return True

    def get(self, sale_id: SaleId) -> Sale | None:
        """Return a sale from the journal's bytes."""
        at = _FIND.run(self._connection, sale=sale_id.bytes).scalar_one_or_none()
        if at is None:
            return None
        envelope = decode(self._journal.body_at(at))
        fact = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
        assert isinstance(fact, SaleCommitted)
        return fact.sale

    def find_number(self, number: str) -> SaleId | None:
        """Return the sale of a receipt number."""
        found = self._connection.execute(
            select(_sale.c.sale_id).where(_sale.c.number == number)
        ).scalar_one_or_none()
        return None if found is None else SaleId(to_id(found))

    def history(self, limit: int, text: str = "", before: datetime | None = None) -> Sequence[SaleSummary]:
        """Return the latest sales, newest first; `text` is how a number begins, or the digits that it ends with."""
        query = select(_sale).where(_sale.c.fact_position < _AFTER_ALL)
        if text:
            query = query.where(_sale.c.sale_id.in_(_numbered(text.upper())))
        if before is not None:
            query = query.where(_sale.c.committed_at < to_ms(before))
        return self._summaries(query.order_by(_sale.c.fact_position.desc()).limit(limit))

    def of_member(self, member: MemberId, limit: int) -> Sequence[SaleSummary]:
        """Return the latest sales of a member and of her aliases, newest first."""
        ids = [member.bytes, *beneath(self._connection, member.bytes)]
        return self._summaries(
            select(_sale).where(_sale.c.member_id.in_(ids)).order_by(_sale.c.committed_at.desc()).limit(limit)
        )

    def of_pieces(self, pieces: Sequence[PieceId]) -> Mapping[PieceId, PieceSale]:
        """Return the latest sale of each of some pieces; none of one that was never sold, or that came back."""
        found: dict[PieceId, PieceSale] = {}
        for start in range(0, len(pieces), _MOST_ASKED):
            asked = [piece.bytes for piece in pieces[start : start + _MOST_ASKED]]
            rows = self._connection.execute(
                select(_line.c.piece_id, _line.c.kind, _sale.c.number, _sale.c.business_date)
                .join(_sale, _sale.c.sale_id == _line.c.sale_id)
                .where(_line.c.piece_id.in_(asked))
                .order_by(_sale.c.fact_position)
            )
            for row in rows:
                piece = PieceId(to_id(row.piece_id))
                found.pop(piece, None)
                if row.kind != LineKind.RETURN.value:
                    found[piece] = PieceSale(row.number, date.fromisoformat(row.business_date))
        return found

    def _summaries(self, query: Select[Any]) -> Sequence[SaleSummary]:
        return [
            SaleSummary(
                sale_id=SaleId(to_id(r.sale_id)),
                number=r.number,
                kind=r.kind,
                committed_at=from_ms(r.committed_at),
                total=Amount(r.total),
                lines=r.lines,
                member=MemberId(to_id(r.member_id)) if r.member_id else None,
            )
            for r in self._connection.execute(query)
        ]

    def returned(self, sale: SaleId) -> Mapping[LineId, Quantity]:
        """Return how much of each line came back already."""
        table = SaleReturnedRow.__table__
        rows = self._connection.execute(
            select(table.c.bought_line_id, func.sum(table.c.quantity))
            .where(table.c.bought_sale_id == sale.bytes)
            .group_by(table.c.bought_line_id)
        )
        return {LineId(to_id(line)): Quantity(quantity) for line, quantity in rows}

    def refunded(self, sale: SaleId) -> Mapping[TenderKind, Amount]:
        """Return what was given back of a sale, per kind, as positive amounts."""
        rows = self._connection.execute(
            select(_tender.c.kind, func.sum(_tender.c.amount))
            .join(_sale, _sale.c.sale_id == _tender.c.sale_id)
            .where(_sale.c.returns_id == sale.bytes)
            .group_by(_tender.c.kind)
        )
        return {TenderKind(kind): Amount(-amount) for kind, amount in rows}

    def keep_elsewhere(self, found: ElsewhereSale) -> None:
        """Write a sale of another shop."""
        sales_elsewhere.keep(self._connection, found)

    def elsewhere(self, sale_id: SaleId) -> ElsewhereSale | None:
        """Return a sale of another shop that was kept."""
        return sales_elsewhere.find(self._connection, sale_id)

    def find_elsewhere(self, number: str) -> SaleId | None:
        """Return a kept sale of another shop by its receipt number."""
        return sales_elsewhere.find_number(self._connection, number)

    def numbers(self) -> Iterator[str]:
        """Walk the receipt numbers of all sales."""
        for row in self._connection.execute(select(_sale.c.number)):
            yield row[0]

    def copied(self, sale: SaleId) -> int:
        """Count one more copy of a receipt and return its number, from 1."""
        copies: int = _COPIED.run(self._connection, sale_id=sale.bytes).scalar_one()
        return copies

    def last_of_till(self) -> SaleId | None:
        """Return the latest sale."""
        query = select(_sale.c.sale_id).where(_sale.c.fact_position < _AFTER_ALL)
        query = query.order_by(_sale.c.fact_position.desc()).limit(1)
        found = self._connection.execute(query).scalar_one_or_none()
        return None if found is None else SaleId(to_id(found))

    def sums(self, first: date | None = None, last: date | None = None) -> SalesSums:
        """Return sums between two business dates, both included."""
        row = self._connection.execute(_between(_sums_query(), first, last)).one()
        return _sums(row)

    def by_day(self, first: date | None, last: date | None) -> Sequence[tuple[date, SalesSums]]:
        """Return the sums of each business date."""
        query = _between(_sums_query().add_columns(_sale.c.business_date), first, last)
        rows = self._connection.execute(query.group_by(_sale.c.business_date).order_by(_sale.c.business_date))
        return [(date.fromisoformat(r.business_date), _sums(r)) for r in rows]


def _sums_query() -> Select[Any]:
    return select(
        func.count().label("baskets"),
        func.coalesce(func.sum(_sale.c.lines), 0).label("line_count"),
        func.coalesce(func.sum(_sale.c.total), 0).label("amount"),
        func.coalesce(func.sum(-_sale.c.reductions), 0).label("discount"),
    )


def _numbered(text: str) -> CompoundSelect[bytes]:
    """Return the sales whose number begins with a text, or holds it and has the counter that it ends with.

    Each is found by an index: a shop keeps a million numbers.
    """
    begins = select(_sale.c.sale_id).where(_sale.c.number >= text, _sale.c.number < text + "\U0010ffff")
    counter = text[len(text.rstrip(digits)) :].zfill(COUNTER_DIGITS)[-COUNTER_DIGITS:]
    ends = select(_sale.c.sale_id).where(
        func.substr(_sale.c.number, literal_column(f"-{COUNTER_DIGITS}")) == counter,
        _sale.c.number.contains(text, autoescape=True),
    )
    return begins.union(ends)


def _between(query: Select[Any], first: date | None, last: date | None) -> Select[Any]:
    if first is not None:
        query = query.where(_sale.c.business_date >= first.isoformat())
    if last is not None:
        query = query.where(_sale.c.business_date <= last.isoformat())
    return query


def _sums(row: Any) -> SalesSums:
    return SalesSums(
        baskets=row.baskets, lines=row.line_count, amount=Amount(row.amount), discount=Amount(row.discount)
    )


def _sale_values(sale: Sale, fact_position: int) -> dict[str, object]:
    return {
        "sale_id": sale.sale_id.bytes,
        "number": sale.number,
        "kind": sale.kind.value,
        "shift_id": sale.shift.bytes,
        "business_date": sale.business_date.isoformat(),
        "committed_at": to_ms(sale.committed_at),
        "cashier_id": sale.cashier.bytes,
        "member_id": sale.member.member.bytes if sale.member else None,
        "lines": len(sale.lines),
        "subtotal": sale.subtotal,
        "reductions": sale.reductions,
        "tax": sale.tax,
        "tax_added": sale.tax_mode is TaxMode.ADDED,
        "total": sale.total,
        "cash_rounding": sale.cash_rounding,
        "returns_id": sale.returns.bytes if sale.returns else None,
        "fact_position": fact_position,
    }


def _lines(sale_id: bytes, lines: Sequence[Line]) -> Iterator[dict[str, object]]:
    return (_line_values(sale_id, place, line) for place, line in enumerate(lines))


def _tenders(sale_id: bytes, sale: Sale) -> Iterator[dict[str, object]]:
    for place, tender in enumerate(sale.tenders):
        yield {
            "sale_id": sale_id,
            "place": place,
            "kind": tender.kind.value,
            "role": tender.role.value,
            "amount": tender.amount,
            "reference": tender.reference,
        }


def _line_values(sale_id: bytes, place: int, line: Line) -> dict[str, object]:
    return {
        "sale_id": sale_id,
        "place": place,
        "line_id": line.line_id.bytes,
        "kind": line.kind.value,
        "variant_id": line.variant.bytes if line.variant else None,
        "piece_id": line.piece.bytes if line.piece else None,
        "code": line.code,
        "name": line.name,
        "quantity": line.quantity,
        "net_weight_mg": line.net_weight_mg,
        "gross": line.gross,
        "net": line.net,
        "tax": line.tax,
        "tax_code": line.tax_code,
        "tax_rate": None if line.tax_rate is None else str(line.tax_rate),
    }


def _reductions(sale_id: bytes, lines: Sequence[Line]) -> Iterator[dict[str, object]]:
    place = 0
    for line_place, line in enumerate(lines):
        for r in line.reductions:
            yield {
                "sale_id": sale_id,
                "place": place,
                "line_place": line_place,
                "kind": r.kind.value,
                "amount": r.amount,
                "rule": r.rule,
                "reason": r.reason,
                "approver_id": r.approver.bytes if r.approver else None,
            }
            place += 1


def _bought(row: dict[str, object]) -> tuple[object, object]:
    return row["bought_sale_id"], row["bought_line_id"]


def _returned(sale_id: bytes, lines: Sequence[Line]) -> Iterator[dict[str, object]]:
    for line in lines:
        cause = line.cause
        if cause is not None and cause.kind is CauseKind.RETURN and cause.sale and cause.line:
            yield {
                "bought_sale_id": cause.sale.bytes,
                "bought_line_id": cause.line.bytes,
                "return_sale_id": sale_id,
                "quantity": -line.quantity,
            }
