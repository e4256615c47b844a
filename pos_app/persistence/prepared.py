"""Core statements compiled once.

A sale runs a dozen statements; compiling and caching them anew through SQLAlchemy took longer than SQLite itself.
A `Prepared` compiles a Core statement on first use and then hands SQL and positional values to the connection.
Decides nothing about data.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql import ClauseElement, Insert, Update

_DIALECT = SQLiteDialect_pysqlite(paramstyle="qmark")


class Prepared:
    """A Core statement with named parameters, compiled once to SQL with positional ones."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._sql = ""
        self._names: list[str] = []
        self._fixed: dict[str, Any] = {}

    def _compile(self) -> None:
        keys = list(self._columns) if self._columns is not None else None
        compiled: Any
        if isinstance(self._statement, (Insert, Update)):
            compiled = self._statement.compile(dialect=_DIALECT, column_keys=keys)
        else:
            compiled = self._statement.compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._names = list(compiled.positiontup or ())
        self._fixed = {k: v for k, v in compiled.params.items() if v is not None}

    def _values(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(params[n] if n in params else self._fixed[n] for n in self._names)

    def run(self, connection: Connection, **params: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run the statement once with named values."""
        if not self._sql:
            self._compile()
        return connection.exec_driver_sql(self._sql, self._values(params))

    def run_many(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run the statement once for each row; nothing happens without rows."""
        if not self._sql:
            self._compile()
        values = [self._values(row) for row in rows]
        if values:
            connection.exec_driver_sql(self._sql, values)
