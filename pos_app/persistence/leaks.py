"""The leak report's questions to SQLite, each one statement over an index.

Decides the statements. They are text: the index of the facts (`ix_journal_leak`) is used only by a condition that
stands there word for word, and 20,000 rows through the expression language take three times as long.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from sqlite3 import Cursor
from typing import cast

import msgspec
from sqlalchemy import Connection

from pos_app.domain.facts.shop import DrawerOpened
from pos_app.domain.values.ids import SaleId, ShiftId, StaffId
from pos_app.persistence.journal import SEQ_BITS
from pos_app.persistence.tables import LEAK_FACTS
from pos_app.services.ports.leaks import FactRow, SaleRow

AT_ONCE = 500
_SEQ = (1 << SEQ_BITS) - 1
_FACTS = f"FROM journal WHERE {LEAK_FACTS} AND happened_at >= ? AND happened_at < ?"
_FACT = (
    f"SELECT position >> {SEQ_BITS}, position & {_SEQ}, kind, version, happened_at, staff_id, body {_FACTS} "
    "ORDER BY happened_at"
)
_WHERE = f"fact_position >> {SEQ_BITS}, fact_position & {_SEQ}"
_SOLD = (
    "SELECT cashier_id, count(*) FROM sale "
    "WHERE business_date BETWEEN ? AND ? AND kind = 'sale' GROUP BY cashier_id"
)
_TAKEN_BACK = (
    f"SELECT s.kind, s.sale_id, s.number, s.cashier_id, s.committed_at, s.total, {_WHERE}, NULL, j.body, s.returns_id "
    "FROM sale s JOIN journal j ON j.position = s.fact_position "
    "WHERE s.business_date BETWEEN ? AND ? AND s.kind IN ('return', 'void')"
)
_GIVEN_AWAY = (
    # Off a line and off the bill: one sale with a discount.
    "SELECT CASE r.kind WHEN 'round_off' THEN r.kind ELSE 'discount' END AS what, "
    "s.sale_id, s.number, s.cashier_id, s.committed_at, sum(r.amount), "
    f"{_WHERE}, max(r.approver_id), max(r.reason), NULL "
    "FROM sale s JOIN sale_reduction r ON r.sale_id = s.sale_id "
    "JOIN sale_line l ON l.sale_id = r.sale_id AND l.place = r.line_place "
    "WHERE s.business_date BETWEEN ? AND ? AND s.kind = 'sale' AND r.kind IN ('line', 'bill', 'round_off') "
    "AND l.kind <> 'return' GROUP BY s.sale_id, what"
)
_SEEN = (
    "SELECT t.kind, s.sale_id, s.number, s.cashier_id, s.committed_at, -t.amount, "
    f"{_WHERE}, NULL, t.reference, NULL "
    "FROM sale s JOIN sale_tender t ON t.sale_id = s.sale_id "
    "WHERE s.business_date BETWEEN ? AND ? AND t.kind = 'static_code' AND t.role = 'given'"
)
_OPENINGS = (
    "SELECT body FROM journal WHERE position > (SELECT opened_position FROM shift WHERE shift_id = ?) "
    "AND kind = 'drawer.opened' AND staff_id = ?"
)


class _Opening(msgspec.Struct):
    content: DrawerOpened


_opening = msgspec.json.Decoder(_Opening)


class _Cause(msgspec.Struct):
    reason: str | None = None


class _Line(msgspec.Struct):
    cause: _Cause | None = None


class _Lines(msgspec.Struct):
    lines: tuple[_Line, ...]


class _Taken(msgspec.Struct):
    sale: _Lines


class _TakenBack(msgspec.Struct):
    content: _Taken


_taken_back = msgspec.json.Decoder(_TakenBack)


def _why(body: bytes) -> str | None:
    lines = _taken_back.decode(body).content.sale.lines
    return next((line.cause.reason for line in lines if line.cause is not None and line.cause.reason), None)


class SqlLeaks:
    """The leak report's questions in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def own_openings(self, shift: ShiftId, staff: StaffId) -> int:
        """Return how often a person opened the drawer in a shift without a sale and without anybody's yes."""
        rows = self._connection.exec_driver_sql(_OPENINGS, (shift.bytes, staff.bytes))
        return sum(_opening.decode(body).content.approval is None for (body,) in rows)

    def facts(self, first_ms: int, until_ms: int) -> Iterator[FactRow]:
        """Walk the facts the report looks at, from a moment until before another, by time."""
        return map(FactRow._make, self._walk(_FACT, (first_ms, until_ms)))

    def count_facts(self, first_ms: int, until_ms: int) -> int:
        """Return how many there are."""
        rows = self._connection.exec_driver_sql(f"SELECT count(*) {_FACTS}", (first_ms, until_ms))
        count: int = rows.scalar_one()
        return count

    def number_of(self, sale: SaleId) -> str | None:
        """Return the receipt number of a sale of this till."""
        rows = self._connection.exec_driver_sql("SELECT number FROM sale WHERE sale_id = ?", (sale.bytes,))
        number: str | None = rows.scalar_one_or_none()
        return number

    def sold(self, first: date, last: date) -> Sequence[tuple[bytes, int]]:
        """Return how many sales proper each cashier made."""
        return [(cast(bytes, person), cast(int, sales)) for person, sales in self._rows(_SOLD, first, last)]

    def taken_back(self, first: date, last: date) -> Iterator[SaleRow]:
        """Walk returns and voids."""
        for row in map(SaleRow._make, self._rows(_TAKEN_BACK, first, last)):
            # Why something came back stands in the fact only, at its lines.
            yield row._replace(reason=_why(cast(bytes, row.reason)))

    def given_away(self, first: date, last: date) -> Iterator[SaleRow]:
        """Walk what was taken off by hand in sales proper: a sale's "discount" and its "round_off"."""
        return map(SaleRow._make, self._rows(_GIVEN_AWAY, first, last))

    def seen_payments(self, first: date, last: date) -> Iterator[SaleRow]:
        """Walk tenders that no device confirmed: a person saw them."""
        return map(SaleRow._make, self._rows(_SEEN, first, last))

    def _rows(self, statement: str, first: date, last: date) -> Iterator[tuple[object, ...]]:
        return self._walk(statement, (first.isoformat(), last.isoformat()))

    def _walk(self, statement: str, given: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
        # The driver's own rows: SQLAlchemy's cost as much again.
        result = self._connection.exec_driver_sql(statement, given)
        cursor = cast(Cursor, result.cursor)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows
        result.close()
