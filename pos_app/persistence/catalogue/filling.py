"""What finds the goods of a new till, sorted in temporary tables of one connection and then put in order.

Decides how keys are sorted and which goods changed meanwhile; what finds goods is `domain.catalogue.keys`.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.domain.catalogue.keys import goods_keys
from pos_app.persistence.catalogue.rows import variant_decoder

READ = 2_000
_BEFORE = "CREATE TEMP TABLE goods AS SELECT no, body FROM main.variant ORDER BY no"
_READ = "SELECT no, body FROM temp.goods WHERE rowid BETWEEN ? AND ?"
_SORT = "CREATE TEMP TABLE goods_sorted AS SELECT key, no FROM temp.goods_key ORDER BY key, no"
_COUNT = "SELECT coalesce(max(rowid), 0) FROM temp."
_PUT = (
    "INSERT OR IGNORE INTO main.product_key SELECT key, no FROM temp.goods_sorted WHERE rowid BETWEEN ? AND ?"
)
_CHANGED = (
    "SELECT g.no FROM temp.goods AS g LEFT JOIN main.variant AS v ON v.no = g.no WHERE v.body IS NOT g.body"
    " UNION ALL SELECT no FROM main.variant WHERE no > (SELECT coalesce(max(no), 0) FROM temp.goods)"
)
_WAS, _IS = "SELECT body FROM temp.goods WHERE no = ?", "SELECT body FROM main.variant WHERE no = ?"


class GoodsKeys:
    """The keys of all goods that stand here, on the connection of whoever fills a till."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _run(self, sql: str) -> None:
        self._connection.exec_driver_sql(sql).close()

    def sort(self) -> int:
        """Make the keys of the goods as they are now, and sort them; return how many there are."""
        for name in ("goods", "goods_key", "goods_sorted"):
            self._run(f"DROP TABLE IF EXISTS temp.{name}")
        self._run(_BEFORE)
        self._run("CREATE TEMP TABLE goods_key (key, no)")
        count: int = self._connection.exec_driver_sql(_COUNT + "goods").scalar_one()
        for first in range(1, count + 1, READ):
            rows = self._connection.exec_driver_sql(_READ, (first, first + READ - 1)).all()
            keys = [(key, no) for no, body in rows for key in goods_keys(variant_decoder.decode(body))]
            if keys:
                self._run("SAVEPOINT goods")
                self._connection.exec_driver_sql("INSERT INTO temp.goods_key VALUES (?, ?)", keys).close()
                self._run("RELEASE goods")
        self._run(_SORT)
        self._run("DROP TABLE temp.goods_key")
        sorted_rows: int = self._connection.exec_driver_sql(_COUNT + "goods_sorted").scalar_one()
        return sorted_rows

    def put(self, first: int, last: int) -> None:
        """Insert some; those that stand stay."""
        self._connection.exec_driver_sql(_PUT, (first, last)).close()

    def changed(self) -> Sequence[int]:
        """Return numbers of goods that are not as they were when keys were made."""
        return list(self._connection.exec_driver_sql(_CHANGED).scalars())

    def rekey(self, number: int) -> None:
        """Let the keys of goods be those of their row."""
        for body in self._connection.exec_driver_sql(_WAS, (number,)).scalars().all():
            old = [(key, number) for key in goods_keys(variant_decoder.decode(body))]
            if old:
                forget = "DELETE FROM main.product_key WHERE key = ? AND no = ?"
                self._connection.exec_driver_sql(forget, old).close()
        for body in self._connection.exec_driver_sql(_IS, (number,)).scalars().all():
            new = [(key, number) for key in goods_keys(variant_decoder.decode(body))]
            if new:
                put = "INSERT OR IGNORE INTO main.product_key VALUES (?, ?)"
                self._connection.exec_driver_sql(put, new).close()
