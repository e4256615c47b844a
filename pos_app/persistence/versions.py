"""Versions of goods, pieces and members, walked in chunks: found by the batch that brought or replaced them.

Decides how an import finds its rows again after a kill; which versions count is `imports`, what keys they have is said
by each table's repository.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, delete, exists, func, select, update

from pos_app.persistence.base import Base
from pos_app.persistence.imports import ImportBatchRow, pending
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.imports import KeyChunk, Keys, State

KeysOf = Callable[[Connection, Sequence[Row[Any]]], Keys]
_NO_KEYS = Keys({}, {})
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class VersionTable:
    """A table of versions: its row, the column of the thing's own id, what keys rows have, and what goes with them.

    `keys` returns what stands in the key tables; `removed` is told the things whose
    last version went, `removing` the numbers of versions before they go.
    """

    row: type[Base]
    thing: str
    keys: KeysOf
    removed: Callable[[Connection, Sequence[bytes]], None] = lambda _connection, _things: None
    removing: Callable[[Connection, Sequence[int]], None] = lambda _connection, _numbers: None

    @property
    def table(self) -> Table:
        """The table itself."""
        table = self.row.__table__
        assert isinstance(table, Table)
        return table


class SqlVersions:
    """The versions of one table in one transaction."""

    def __init__(self, connection: Connection, of: VersionTable) -> None:
        self._connection = connection
        self._of = of
        self._table = of.table
        self._thing = self._table.c[of.thing]

    def keys_brought(self, batch: int, after: int, limit: int) -> KeyChunk:
        """Return the keys of versions that a batch brought and that are its own still."""
        return self._keys(self._table.c.since == batch, after, limit)

    def keys_replaced(self, batch: int, after: int, limit: int) -> KeyChunk:
        """Return the keys of versions that a batch replaced, where what replaced them is its own still."""
        return self._keys((self._table.c.until == batch) & self._replaced_by(batch), after, limit)

    def _keys(self, condition: ColumnElement[bool], after: int, limit: int) -> KeyChunk:
        table = self._table
        query = select(table).where(condition, table.c.no > after).order_by(table.c.no).limit(limit)
        rows = self._connection.execute(query).all()
        return KeyChunk(
            rows[-1].no if rows else None, self._of.keys(self._connection, rows) if rows else _NO_KEYS
        )

    def _replaced_by(self, since: int) -> ColumnElement[bool]:
        """Whether a version `since` a batch stands beside a row of the same thing."""
        other = self._table.alias("other")
        return exists().where(other.c[self._of.thing] == self._thing, other.c.since == since)

    def page_counting(self, after: int, limit: int, *more: ColumnElement[bool]) -> Sequence[Row[Any]]:
        """Return the rows of versions that count now, after a number."""
        table, hidden = self._table, pending(self._connection).hidden
        query = table.select().where(
            table.c.no > after, table.c.since != hidden, table.c.until.in_((0, hidden)), *more
        )
        return self._connection.execute(query.order_by(table.c.no).limit(limit)).all()

    def brought(self, batch: int, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions that a batch brought and that are its own still."""
        return self._numbers(self._table.c.since == batch, after, limit)

    def replaced(self, batch: int, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions that a batch replaced."""
        return self._numbers(self._table.c.until == batch, after, limit)

    def superseded(self, batch: int, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions that a batch replaced by what is the shop's own now."""
        condition = (self._table.c.until == batch) & self._replaced_by(0) & ~self._replaced_by(batch)
        return self._numbers(condition, after, limit)

    def settled(self, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions replaced by batches that are done."""
        done = select(ImportBatchRow.number).where(ImportBatchRow.state == State.DONE.value)
        return self._numbers((self._table.c.until != 0) & self._table.c.until.in_(done), after, limit)

    def _numbers(self, condition: ColumnElement[bool], after: int, limit: int) -> Sequence[int]:
        no = self._table.c.no
        query = select(no).where(condition, no > after).order_by(no).limit(limit)
        return self._connection.execute(query).scalars().all()

    def numbers_of(self, batch: int, things: Sequence[UUID]) -> Sequence[int]:
        """Return the numbers of versions that a batch brought of some things."""
        found: list[int] = []
        for start in range(0, len(things), _AT_ONCE):
            ids = [each.bytes for each in things[start : start + _AT_ONCE]]
            query = select(self._table.c.no).where(self._thing.in_(ids), self._table.c.since == batch)
            found += self._connection.execute(query).scalars()
        return found

    def count_brought(self, batch: int) -> int:
        """Return how many versions a batch brought are its own still."""
        query = select(func.count()).select_from(self._table).where(self._table.c.since == batch)
        count: int = self._connection.execute(query).scalar_one()
        return count

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove versions, whose keys are gone already."""
        self._of.removing(self._connection, numbers)
        things = [
            row[0] for start in range(0, len(numbers), _AT_ONCE) for row in self._things(numbers, start)
        ]
        Prepared(delete(self._of.row).where(self._table.c.no == bindparam("which"))).run_many(
            self._connection, ({"which": number} for number in numbers)
        )
        left = set()
        for start in range(0, len(things), _AT_ONCE):
            query = select(self._thing).where(self._thing.in_(things[start : start + _AT_ONCE]))
            left |= set(self._connection.execute(query).scalars())
        self._of.removed(self._connection, [thing for thing in things if thing not in left])

    def _things(self, numbers: Sequence[int], start: int) -> Sequence[Row[Any]]:
        query = select(self._thing).where(self._table.c.no.in_(numbers[start : start + _AT_ONCE]))
        return self._connection.execute(query).all()

    def restore(self, batch: int, numbers: Sequence[int]) -> None:
        """Let versions that a batch replaced count again."""
        again = update(self._of.row).where(
            self._table.c.no == bindparam("which"), self._table.c.until == bindparam("by")
        )
        Prepared(again.values(until=0)).run_many(
            self._connection, ({"which": number, "by": batch} for number in numbers)
        )
