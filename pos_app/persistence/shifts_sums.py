"""Sums of sales in SQLite, of a shift or of a business date; each from entries that never change.

Most come from the columns of the sales tables. What those do not keep (who sold a line, whose price it is, what a
platform keeps of its voucher) is read from the journal's bytes, of which only these fields are decoded.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.line import LineKind, PriceBasis, ReductionKind, SalespersonShare
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.shifts import SaleSums, StaffSum, TaxTotal, TenderSum
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import ZERO, Amount, split
from pos_app.persistence.base import to_id
from pos_app.persistence.tables import JournalRow, SaleLineRow, SaleReductionRow, SaleRow, SaleTenderRow

_sale = SaleRow.__table__
_line = SaleLineRow.__table__
_tender = SaleTenderRow.__table__
_reduction = SaleReductionRow.__table__
_journal = JournalRow.__table__

Scope = ColumnElement[bool]
"""Which sales are summed, as a condition on their table."""
QUARTER_MS = 15 * 60 * 1000
"""Offsets of time zones are whole quarters of an hour: from these any clock's hours are put together."""


class _Voucher(msgspec.Struct):
    fee: int = 0


class _Tender(msgspec.Struct):
    voucher: _Voucher | None = None


class _Line(msgspec.Struct):
    kind: str
    basis: str
    net: int
    tax: int = 0
    salespeople: tuple[SalespersonShare, ...] = ()


class _Sale(msgspec.Struct):
    tax_mode: str
    lines: tuple[_Line, ...]
    tenders: tuple[_Tender, ...]


class _Content(msgspec.Struct):
    sale: _Sale


class _Fact(msgspec.Struct):
    """What is read of a fact `sale.committed`."""

    content: _Content


_decoder = msgspec.json.Decoder(_Fact)


def of_shift(shift_id: ShiftId) -> Scope:
    """Return the sales of a shift."""
    found: Scope = _sale.c.shift_id == shift_id.bytes
    return found


def of_day(day: date) -> Scope:
    """Return the sales of a business date."""
    found: Scope = _sale.c.business_date == day.isoformat()
    return found


def sums(connection: Connection, scope: Scope) -> SaleSums:
    """Return the sums of some sales."""
    row = connection.execute(_sales_query(scope)).one()
    read = _read(connection, scope)
    off = _off(connection, scope)
    return SaleSums(
        sales_count=row.sales_count,
        sales=Amount(row.sales),
        returns_count=row.returns_count,
        returns=Amount(row.returned),
        subtotal=Amount(row.subtotal),
        reductions=Amount(row.reductions),
        round_off=Amount(off.get(ReductionKind.ROUND_OFF, 0)),
        cash_rounding=Amount(row.rounding),
        tax=Amount(row.tax),
        tenders=_tenders(connection, scope),
        taxes=_taxes(connection, scope),
        staff=_staff(connection, scope),
        voids_count=row.voids_count,
        first_number=row.first_number,
        last_number=row.last_number,
        voids=Amount(row.voided),
        off_by_hand=Amount(off.get(ReductionKind.LINE, 0) + off.get(ReductionKind.BILL, 0)),
        prices_overridden=read.prices_overridden,
        voucher_fees=read.voucher_fees,
        deposits_taken=_deposits(connection, scope),
        salespeople=read.salespeople(),
    )


def quarters(connection: Connection, scope: Scope) -> Sequence[tuple[int, int, Amount]]:
    """Return (quarter of an hour since 1970 in UTC, sales that are no returns, amount) of some sales, in order."""
    quarter = (_sale.c.committed_at // QUARTER_MS).label("quarter")
    sold = func.sum(case((_sale.c.kind == "sale", 1), else_=0))
    query = select(quarter, sold, func.sum(_sale.c.total)).where(scope)
    rows = connection.execute(query.group_by(quarter).order_by(quarter))
    return [(int(at), int(count), Amount(amount)) for at, count, amount in rows]


class _Read:
    """What the bytes of some sales say."""

    def __init__(self) -> None:
        self.prices_overridden = 0
        self.voucher_fees = ZERO
        self._sold: dict[StaffId, list[int]] = {}

    def take(self, sale: _Sale) -> None:
        """Add one sale."""
        added = sale.tax_mode == TaxMode.ADDED
        people: set[StaffId] = set()
        for line in sale.lines:
            if line.basis == PriceBasis.OVERRIDE and line.kind != LineKind.RETURN:
                self.prices_overridden += 1
            if not line.salespeople:
                continue
            amount = Amount(line.net + line.tax if added else line.net)
            parts = split(amount, [share.percent for share in line.salespeople])
            for share, part in zip(line.salespeople, parts, strict=True):
                self._sold.setdefault(share.staff, [0, 0])[1] += part
                people.add(share.staff)
        for staff in people:
            self._sold[staff][0] += 1
        fees = sum(tender.voucher.fee for tender in sale.tenders if tender.voucher is not None)
        self.voucher_fees = Amount(self.voucher_fees + fees)

    def salespeople(self) -> tuple[StaffSum, ...]:
        """Return who sold what, in the order of their ids."""
        return tuple(
            StaffSum(staff=staff, count=count, amount=Amount(amount))
            for staff, (count, amount) in sorted(self._sold.items())
        )


def _read(connection: Connection, scope: Scope) -> _Read:
    query = select(_journal.c.body).join(_sale, _sale.c.fact_position == _journal.c.position).where(scope)
    read = _Read()
    for (body,) in connection.execute(query):
        read.take(_decoder.decode(body).content.sale)
    return read


def _tenders(connection: Connection, scope: Scope) -> tuple[TenderSum, ...]:
    given = case((_tender.c.role == TenderRole.CHANGE.value, 0), else_=1)
    query = (
        select(_tender.c.kind, func.sum(given), func.sum(_tender.c.amount))
        .join(_sale, _sale.c.sale_id == _tender.c.sale_id)
        .where(scope)
        .group_by(_tender.c.kind)
        .order_by(_tender.c.kind)
    )
    rows = connection.execute(query)
    return tuple(TenderSum(kind=TenderKind(k), count=n, amount=Amount(a)) for k, n, a in rows)


def _taxes(connection: Connection, scope: Scope) -> tuple[TaxTotal, ...]:
    inside = case((_sale.c.tax_added, 0), else_=_line.c.tax)
    query = (
        select(_line.c.tax_code, _line.c.tax_rate, func.sum(_line.c.net - inside), func.sum(_line.c.tax))
        .join(_sale, _sale.c.sale_id == _line.c.sale_id)
        .where(scope, _line.c.tax_code.is_not(None))
        .group_by(_line.c.tax_code, _line.c.tax_rate)
        .order_by(_line.c.tax_code, _line.c.tax_rate)
    )
    rows = connection.execute(query)
    return tuple(TaxTotal(code=c, rate=r, base=Amount(n), tax=Amount(t)) for c, r, n, t in rows)


def _staff(connection: Connection, scope: Scope) -> tuple[StaffSum, ...]:
    query = (
        select(_sale.c.cashier_id, func.count(), func.sum(_sale.c.total))
        .where(scope)
        .group_by(_sale.c.cashier_id)
    )
    rows = connection.execute(query)
    return tuple(StaffSum(staff=StaffId(to_id(s)), count=n, amount=Amount(a)) for s, n, a in rows)


def _off(connection: Connection, scope: Scope) -> dict[ReductionKind, int]:
    """Return what was taken off, by its cause."""
    query = (
        select(_reduction.c.kind, func.sum(_reduction.c.amount))
        .join(_sale, _sale.c.sale_id == _reduction.c.sale_id)
        .where(scope)
        .group_by(_reduction.c.kind)
    )
    return {ReductionKind(kind): int(amount) for kind, amount in connection.execute(query)}


def _deposits(connection: Connection, scope: Scope) -> Amount:
    query = (
        select(func.coalesce(func.sum(_line.c.net), 0))
        .join(_sale, _sale.c.sale_id == _line.c.sale_id)
        .where(scope, _line.c.kind == LineKind.DEPOSIT.value)
    )
    return Amount(connection.execute(query).scalar_one())


def _sales_query(scope: Scope) -> Select[Any]:
    sold, void = _sale.c.kind == "sale", _sale.c.kind == "void"

    def total(column: Any) -> Any:
        return func.coalesce(func.sum(column), 0)

    return select(
        total(case((sold, 1), else_=0)).label("sales_count"),
        total(case((sold, _sale.c.total), else_=0)).label("sales"),
        total(case((sold, 0), else_=1)).label("returns_count"),
        total(case((sold, 0), else_=_sale.c.total)).label("returned"),
        total(case((void, 1), else_=0)).label("voids_count"),
        total(case((void, _sale.c.total), else_=0)).label("voided"),
        total(_sale.c.subtotal).label("subtotal"),
        total(_sale.c.reductions).label("reductions"),
        total(_sale.c.cash_rounding).label("rounding"),
        total(_sale.c.tax).label("tax"),
        func.min(_sale.c.number).label("first_number"),
        func.max(_sale.c.number).label("last_number"),
    ).where(scope)
