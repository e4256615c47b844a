"""Shifts in SQLite; every total is summed from entries that never change."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, select, update

from pos_app.domain.sales.line import ReductionKind
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.shifts import (
    CashDirection,
    Shift,
    ShiftTotals,
    StaffSum,
    TaxTotal,
    TenderSum,
    expected_cash,
)
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import ZERO, Amount
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.journal import position
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import (
    CashMoveRow,
    JournalRow,
    SaleLineRow,
    SaleReductionRow,
    SaleRow,
    SaleTenderRow,
    ShiftRow,
)
from pos_app.services.ports.counter import ShiftHistory
from pos_app.services.ports.journal import Head

_shift = ShiftRow.__table__
_sale = SaleRow.__table__
_line = SaleLineRow.__table__
_tender = SaleTenderRow.__table__
_reduction = SaleReductionRow.__table__
_journal = JournalRow.__table__
_move = CashMoveRow.__table__

_CURRENT = Prepared(select(_shift).where(_shift.c.closed_at.is_(None)))


class SqlShifts:
    """The shifts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> Shift | None:
        """Return the open shift."""
        row = _CURRENT.run(self._connection).one_or_none()
        return None if row is None else _from_row(row)

    def get(self, shift_id: ShiftId) -> Shift | None:
        """Return a shift."""
        row = self._connection.execute(
            select(_shift).where(_shift.c.shift_id == shift_id.bytes)
        ).one_or_none()
        return None if row is None else _from_row(row)

    def add(self, shift: Shift, head: Head) -> None:
        """Write a newly opened shift."""
        self._connection.execute(
            insert(ShiftRow).values(
                shift_id=shift.shift_id.bytes,
                opened_at=to_ms(shift.opened_at),
                opened_by=shift.opened_by.bytes,
                business_date=shift.business_date.isoformat(),
                float_amount=shift.float_amount,
                opened_position=position(head.epoch, head.seq),
                closed_at=None,
                z_number=None,
                report=None,
            )
        )

    def move_cash(self, shift_id: ShiftId, direction: CashDirection, amount: Amount, reason: str) -> None:
        """Write a cash movement."""
        self._connection.execute(
            insert(CashMoveRow).values(
                shift_id=shift_id.bytes, direction=direction.value, amount=amount, reason=reason
            )
        )

    def totals(self, shift_id: ShiftId) -> ShiftTotals:
        """Return a shift's sums."""
        c = self._connection
        shift = c.execute(select(_shift).where(_shift.c.shift_id == shift_id.bytes)).one()
        sums = c.execute(_sales_query(shift_id)).one()
        tenders = self._tenders(shift_id)
        cash_in, cash_out = self._cash(shift_id)
        events = self._events(shift.opened_position)
        return ShiftTotals(
            sales_count=sums.sales_count,
            sales=Amount(sums.sales),
            returns_count=sums.returns_count,
            returns=Amount(sums.returned),
            subtotal=Amount(sums.subtotal),
            reductions=Amount(sums.reductions),
            round_off=Amount(self._round_off(shift_id)),
            cash_rounding=Amount(sums.rounding),
            tax=Amount(sums.tax),
            tenders=tenders,
            taxes=self._taxes(shift_id),
            staff=self._staff(shift_id),
            float_amount=Amount(shift.float_amount),
            cash_in=cash_in,
            cash_out=cash_out,
            expected_cash=expected_cash(Amount(shift.float_amount), tenders, cash_in, cash_out),
            voids_count=sums.voids_count,
            drawer_openings=events.get("drawer.opened", 0),
            reprints=events.get("receipt.reprinted", 0),
            lines_removed=events.get("cart.line_removed", 0),
            carts_cancelled=events.get("cart.cancelled", 0),
            first_number=sums.first_number,
            last_number=sums.last_number,
        )

    def _tenders(self, shift_id: ShiftId) -> tuple[TenderSum, ...]:
        given = case((_tender.c.role == TenderRole.CHANGE.value, 0), else_=1)
        query = (
            select(_tender.c.kind, func.sum(given), func.sum(_tender.c.amount))
            .join(_sale, _sale.c.sale_id == _tender.c.sale_id)
            .where(_sale.c.shift_id == shift_id.bytes)
            .group_by(_tender.c.kind)
            .order_by(_tender.c.kind)
        )
        rows = self._connection.execute(query)
        return tuple(TenderSum(kind=TenderKind(k), count=n, amount=Amount(a)) for k, n, a in rows)

    def _taxes(self, shift_id: ShiftId) -> tuple[TaxTotal, ...]:
        inside = case((_sale.c.tax_added, 0), else_=_line.c.tax)
        query = (
            select(_line.c.tax_code, _line.c.tax_rate, func.sum(_line.c.net - inside), func.sum(_line.c.tax))
            .join(_sale, _sale.c.sale_id == _line.c.sale_id)
            .where(_sale.c.shift_id == shift_id.bytes, _line.c.tax_code.is_not(None))
            .group_by(_line.c.tax_code, _line.c.tax_rate)
            .order_by(_line.c.tax_code, _line.c.tax_rate)
        )
        rows = self._connection.execute(query)
        return tuple(TaxTotal(code=c, rate=r, base=Amount(n), tax=Amount(t)) for c, r, n, t in rows)

    def _staff(self, shift_id: ShiftId) -> tuple[StaffSum, ...]:
        query = (
            select(_sale.c.cashier_id, func.count(), func.sum(_sale.c.total))
            .where(_sale.c.shift_id == shift_id.bytes)
            .group_by(_sale.c.cashier_id)
        )
        rows = self._connection.execute(query)
        return tuple(StaffSum(staff=StaffId(to_id(s)), count=n, amount=Amount(a)) for s, n, a in rows)

    def _cash(self, shift_id: ShiftId) -> tuple[Amount, Amount]:
        query = (
            select(_move.c.direction, func.sum(_move.c.amount))
            .where(_move.c.shift_id == shift_id.bytes)
            .group_by(_move.c.direction)
        )
        moved = {direction: Amount(amount) for direction, amount in self._connection.execute(query)}
        return moved.get(CashDirection.IN.value, ZERO), moved.get(CashDirection.OUT.value, ZERO)

    def _round_off(self, shift_id: ShiftId) -> int:
        query = (
            select(func.coalesce(func.sum(_reduction.c.amount), 0))
            .join(_sale, _sale.c.sale_id == _reduction.c.sale_id)
            .where(_sale.c.shift_id == shift_id.bytes, _reduction.c.kind == ReductionKind.ROUND_OFF.value)
        )
        return int(self._connection.execute(query).scalar_one())

    def _events(self, opened_position: int) -> dict[str, int]:
        query = (
            select(_journal.c.kind, func.count())
            .where(_journal.c.position >= opened_position)
            .group_by(_journal.c.kind)
        )
        return {str(kind): int(count) for kind, count in self._connection.execute(query)}

    def close(self, shift_id: ShiftId, at: datetime, z_number: int, report: bytes) -> None:
        """Mark a shift closed."""
        self._connection.execute(
            update(ShiftRow)
            .where(ShiftRow.shift_id == shift_id.bytes)
            .values(closed_at=to_ms(at), z_number=z_number, report=report)
        )

    def report(self, shift_id: ShiftId) -> bytes | None:
        """Return the Z report of a closed shift."""
        query = select(_shift.c.report).where(_shift.c.shift_id == shift_id.bytes)
        return self._connection.execute(query).scalar_one_or_none()

    def next_z(self) -> int:
        """Return the number of the next Z report."""
        last = self._connection.execute(select(func.max(_shift.c.z_number))).scalar_one()
        return (last or 0) + 1

    def matches(self, told: ShiftHistory) -> bool:
        """Whether the rows of a shift are exactly what the journal tells."""
        shift, head = told.shift, told.opened
        expected = {
            "shift_id": shift.shift_id.bytes,
            "opened_at": to_ms(shift.opened_at),
            "opened_by": shift.opened_by.bytes,
            "business_date": shift.business_date.isoformat(),
            "float_amount": shift.float_amount,
            "opened_position": position(head.epoch, head.seq),
            "closed_at": to_ms(shift.closed_at) if shift.closed_at else None,
            "z_number": told.z_number,
            "report": told.report,
        }
        rows = self._connection.execute(select(_shift).where(_shift.c.shift_id == shift.shift_id.bytes))
        if [dict(row) for row in rows.mappings()] != [expected]:
            return False
        moves = self._connection.execute(
            select(_move.c.direction, _move.c.amount, _move.c.reason)
            .where(_move.c.shift_id == shift.shift_id.bytes)
            .order_by(_move.c.id)
        )
        return [tuple(row) for row in moves] == [(m.direction.value, m.amount, m.reason) for m in told.moves]

    def count(self) -> int:
        """Return how many shifts there are."""
        count: int = self._connection.execute(select(func.count()).select_from(_shift)).scalar_one()
        return count

    def closed(self, limit: int) -> Sequence[tuple[Shift, int, bytes]]:
        """Return closed shifts with Z number and report, newest first."""
        query = select(_shift).where(_shift.c.z_number > 0).order_by(_shift.c.z_number.desc()).limit(limit)
        return [(_from_row(r), r.z_number, r.report) for r in self._connection.execute(query)]


def _sales_query(shift_id: ShiftId) -> Select[Any]:
    sold = _sale.c.kind == "sale"

    def total(column: Any) -> Any:
        return func.coalesce(func.sum(column), 0)

    return select(
        total(case((sold, 1), else_=0)).label("sales_count"),
        total(case((sold, _sale.c.total), else_=0)).label("sales"),
        total(case((sold, 0), else_=1)).label("returns_count"),
        total(case((sold, 0), else_=_sale.c.total)).label("returned"),
        total(case((_sale.c.kind == "void", 1), else_=0)).label("voids_count"),
        total(_sale.c.subtotal).label("subtotal"),
        total(_sale.c.reductions).label("reductions"),
        total(_sale.c.cash_rounding).label("rounding"),
        total(_sale.c.tax).label("tax"),
        func.min(_sale.c.number).label("first_number"),
        func.max(_sale.c.number).label("last_number"),
    ).where(_sale.c.shift_id == shift_id.bytes)


def _from_row(row: Row[Any]) -> Shift:
    return Shift(
        shift_id=ShiftId(to_id(row.shift_id)),
        opened_at=from_ms(row.opened_at),
        opened_by=StaffId(to_id(row.opened_by)),
        business_date=date.fromisoformat(row.business_date),
        float_amount=Amount(row.float_amount),
        closed_at=from_ms(row.closed_at) if row.closed_at else None,
    )
