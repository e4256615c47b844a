"""Shifts in SQLite; every total is summed from entries that never change."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, or_, select, update

from pos_app.domain.shifts import (
    EDITION,
    CashDirection,
    SaleSums,
    Shift,
    ShiftClosedError,
    ShiftTotals,
    expected_cash,
)
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import ZERO, Amount
from pos_app.persistence import shifts_sums
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.journal import position
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CashMoveRow, JournalRow, SaleRow, ShiftRow
from pos_app.services.ports.counter import ShiftHistory
from pos_app.services.ports.journal import Head

_shift = ShiftRow.__table__
_sale = SaleRow.__table__
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
                taken_over_from=_bytes(shift.taken_over_from),
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
        shift = self._connection.execute(select(_shift).where(_shift.c.shift_id == shift_id.bytes)).one()
        sums = shifts_sums.sums(self._connection, shifts_sums.of_shift(shift_id))
        cash_in, cash_out = self._cash(shift_id)
        events = self._events(shift.opened_position)
        return ShiftTotals(
            **msgspec.structs.asdict(sums),
            float_amount=Amount(shift.float_amount),
            cash_in=cash_in,
            cash_out=cash_out,
            expected_cash=expected_cash(Amount(shift.float_amount), sums.tenders, cash_in, cash_out),
            drawer_openings=events.get("drawer.opened", 0),
            reprints=events.get("receipt.reprinted", 0),
            lines_removed=events.get("cart.line_removed", 0),
            carts_cancelled=events.get("cart.cancelled", 0),
            edition=EDITION,
        )

    def day_sums(self, day: date) -> tuple[SaleSums, Sequence[tuple[int, int, Amount]]]:
        """Return the sums of a business date, and its quarters of hours."""
        scope = shifts_sums.of_day(day)
        return shifts_sums.sums(self._connection, scope), shifts_sums.quarters(self._connection, scope)

    def of_day(self, day: date) -> Sequence[tuple[Shift, bytes | None]]:
        """Return the shifts that opened on a business date or sold on it, in their order, with their reports."""
        sold = select(_sale.c.shift_id).where(_sale.c.business_date == day.isoformat())
        query = (
            select(_shift)
            .where(or_(_shift.c.business_date == day.isoformat(), _shift.c.shift_id.in_(sold)))
            .order_by(_shift.c.opened_position)
        )
        return [(_from_row(row), row.report) for row in self._connection.execute(query)]

    def _cash(self, shift_id: ShiftId) -> tuple[Amount, Amount]:
        query = (
            select(_move.c.direction, func.sum(_move.c.amount))
            .where(_move.c.shift_id == shift_id.bytes)
            .group_by(_move.c.direction)
        )
        moved = {direction: Amount(amount) for direction, amount in self._connection.execute(query)}
        return moved.get(CashDirection.IN.value, ZERO), moved.get(CashDirection.OUT.value, ZERO)

    def _events(self, opened_position: int) -> dict[str, int]:
        query = (
            select(_journal.c.kind, func.count())
            .where(_journal.c.position >= opened_position)
            .group_by(_journal.c.kind)
        )
        return {str(kind): int(count) for kind, count in self._connection.execute(query)}

    def close(self, shift_id: ShiftId, at: datetime, z_number: int, report: bytes) -> None:
        """Mark an open shift closed; raise ShiftClosedError for one that is closed: it is never rewritten."""
        done = self._connection.execute(
            update(ShiftRow)
            .where(ShiftRow.shift_id == shift_id.bytes, ShiftRow.closed_at.is_(None))
            .values(closed_at=to_ms(at), z_number=z_number, report=report)
        )
        if done.rowcount != 1:
            raise ShiftClosedError()

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
            "taken_over_from": _bytes(shift.taken_over_from),
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


def _from_row(row: Row[Any]) -> Shift:
    return Shift(
        shift_id=ShiftId(to_id(row.shift_id)),
        opened_at=from_ms(row.opened_at),
        opened_by=StaffId(to_id(row.opened_by)),
        business_date=date.fromisoformat(row.business_date),
        float_amount=Amount(row.float_amount),
        closed_at=from_ms(row.closed_at) if row.closed_at else None,
        taken_over_from=ShiftId(to_id(row.taken_over_from)) if row.taken_over_from else None,
    )


def _bytes(shift_id: ShiftId | None) -> bytes | None:
    return None if shift_id is None else shift_id.bytes
