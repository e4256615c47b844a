"""A private place beside the database where an import sorts search keys before it writes them.

Keys go into the tables of search keys in their own order: a key at a random place costs a page of the log each, a
million sorted ones cost the pages that they fill. The tables here are SQLite's temporary ones: they live on a
connection of the import's own, in files that the system removes with the process, however it ends.
Decides nothing about what the keys mean.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import Table
from sqlalchemy.engine import Connection

from pos_app.persistence.base import Base
from pos_app.services.ports.imports import Keys

CACHE_KB = 8_000
"""Memory that the temporary tables may take."""
SORT_KB, WRITE_KB = 24_000, 8_000
"""Memory that a sort takes for its runs (SQLite measures them by the cache), and the cache while keys are written."""
_encoder = msgspec.json.Encoder()


TxT = TypeVar("TxT")


class SqlScratch(Generic[TxT]):
    """Temporary tables on one connection; one thread only. `transaction` runs one of the store's on it."""

    def __init__(
        self, connection: Connection, transaction: Callable[[Connection, str], Iterator[TxT]]
    ) -> None:
        self._connection = connection
        self._transaction = transaction
        self._sorting: dict[str, _Sorting] = {}
        self._run("PRAGMA temp_store=FILE")
        self._run(f"PRAGMA temp.cache_size=-{CACHE_KB}")
        self._run("CREATE TEMP TABLE excluded (no INTEGER PRIMARY KEY)")

    def _run(self, sql: str) -> None:
        self._connection.exec_driver_sql(sql).close()

    def _many(self, sql: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            self._connection.exec_driver_sql(sql, rows).close()

    def _earlier(self, keys: Sequence[tuple[str, int]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for key, line in keys:
            row = self._connection.exec_driver_sql("SELECT line FROM temp.seen WHERE hash = ?", (hash(key),))
            first: int = row.scalar_one()
            if first != line:
                found[key] = first
        return found

    def gather(self, keys: Keys) -> None:
        """Take rows of key tables in, in any order."""
        self._run("BEGIN")
        for name, each in keys.rows.items():
            self._many(self._of(name).gather, list(each))
        for name, texts in keys.texts.items():
            packed: list[tuple[object, ...]] = [(no, _encoder.encode(every)) for no, every in texts]
            self._many(self._of(name, packed=True).gather, packed)
        self._run("COMMIT")

    def _of(self, name: str, packed: bool = False) -> "_Sorting":
        if name not in self._sorting:
            table = Base.metadata.tables[name]
            self._sorting[name] = _Sorting(table, packed)
            self._run(self._sorting[name].create)
        return self._sorting[name]

    def sort(self) -> int:
        """Put all that was gathered in the order of its tables; return how many rows there are."""
        total = 0
        self._run(f"PRAGMA main.cache_size=-{SORT_KB}")
        for each in self._sorting.values():
            self._run(each.sort)
            self._run(each.forget)
            query = f"SELECT coalesce(max(rowid), 0) FROM temp.{each.ordered}"
            each.rows = self._connection.exec_driver_sql(query).scalar_one()
            total += each.rows
        self._run(f"PRAGMA main.cache_size=-{WRITE_KB}")
        return total

    @property
    def sorted_rows(self) -> Sequence[tuple[str, int]]:
        """The tables with their number of sorted rows."""
        return [(name, each.rows) for name, each in self._sorting.items()]

    @contextmanager
    def write(self) -> Iterator[TxT]:
        """Begin a writing transaction on the connection of the sorted rows (see the store)."""
        yield from self._transaction(self._connection, "BEGIN IMMEDIATE")

    def put(self, name: str, first: int, last: int) -> None:
        """Write sorted rows from `first` to `last` (from 1, both counted) into their table; known ones stay.

        Rows of versions that were excluded are left out. Only within `write`.
        """
        self._connection.exec_driver_sql(self._sorting[name].put, (first, last)).close()

    def drop(self, name: str, first: int, last: int) -> None:
        """Remove sorted rows from `first` to `last` from their table; only within `write`."""
        rows = self._connection.exec_driver_sql(self._sorting[name].read, (first, last)).all()
        self._many(self._sorting[name].drop, [tuple(row) for row in rows])

    def exclude(self, numbers: Sequence[int]) -> None:
        """Leave the rows of some versions out from now on: they were erased after their keys were gathered."""
        self._many("INSERT OR IGNORE INTO temp.excluded VALUES (?)", [(number,) for number in numbers])

    def clear(self) -> None:
        """Forget all sorted rows."""
        for each in self._sorting.values():
            self._run(f"DROP TABLE IF EXISTS temp.{each.ordered}")
            self._run(f"DROP TABLE IF EXISTS temp.{each.gathered}")
        self._sorting.clear()
        self._run("DELETE FROM temp.excluded")


class _Sorting:
    """The statements of one key table."""

    def __init__(self, table: Table, packed: bool) -> None:
        columns = [f'"{column.name}"' for column in table.columns]
        keys = [f'"{column.name}"' for column in table.primary_key.columns]
        listed, where = ", ".join(columns), " AND ".join(f"{key} = ?" for key in keys)
        self.rows = 0
        self.gathered, self.ordered = f"gathered_{table.name}", f"ordered_{table.name}"
        if packed:
            text, number = columns
            self.create = f"CREATE TEMP TABLE {self.gathered} ({number} INTEGER PRIMARY KEY, texts)"
            every = f"SELECT j.value AS {text}, g.{number} FROM temp.{self.gathered} AS g, json_each(g.texts) AS j"
        else:
            self.create = f"CREATE TEMP TABLE {self.gathered} ({listed})"
            every = f"SELECT * FROM temp.{self.gathered}"
        places = ", ".join("?" for _ in columns)
        self.gather = f"INSERT INTO temp.{self.gathered} VALUES ({places})"
        order = ", ".join(str(columns.index(key) + 1) for key in keys)
        self.sort = f"CREATE TEMP TABLE {self.ordered} AS {every} ORDER BY {order}"
        self.forget = f"DROP TABLE temp.{self.gathered}"
        self.put = (
            f"INSERT OR IGNORE INTO main.{table.name} ({listed}) SELECT {listed} FROM temp.{self.ordered}"
            " WHERE rowid BETWEEN ? AND ? AND no NOT IN (SELECT no FROM temp.excluded)"
        )
        self.read = f"SELECT {', '.join(keys)} FROM temp.{self.ordered} WHERE rowid BETWEEN ? AND ?"
        self.drop = f"DELETE FROM main.{table.name} WHERE {where}"
