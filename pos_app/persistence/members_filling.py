"""A snapshot in SQLite, its members above all: rows in the order of ids first, walk and keys in theirs afterwards.

Decides how numbers are kept free and which rows are written; keys are sorted and put by `import_scratch`. An erased row
stands under the last number while members come in, so that sign-ups get numbers behind it. A row put at a random place
of the walk would cost a page of the log each: a million rows eight times the pages that they fill.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import msgspec
from sqlalchemy import bindparam, select, text

from pos_app.domain.search import member_keys
from pos_app.persistence.base import to_ms
from pos_app.persistence.catalogue.filling import GoodsKeys
from pos_app.persistence.members.bulk import INSERT_KEY, INSERT_SEARCH
from pos_app.persistence.members.rows import MemberRow, body_of, profile_of
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.store import WRITE, SqlStore, SqlTx, run_transaction
from pos_app.services.ports.people import FetchedMember

CACHE_KB, SORT_KB = 8_000, 24_000
"""Memory for pages, and for sorting the walk."""
_PRAGMAS = (
    f"PRAGMA cache_size=-{CACHE_KB}",
    # What a power cut takes is fetched again, and where it was is lost with it; a sale's own commit writes all before
    # it through (the log is one file). So nobody waits for the disk while the database is held.
    "PRAGMA synchronous=NORMAL",
    # `settle` does it, with no transaction open: else it would fall to a cashier's commit, or lengthen ours.
    "PRAGMA wal_autocheckpoint=0",
)
_AT_ONCE = 64
_READ = 2_000
_NOBODY = bytes(16)
_TABLE = MemberRow.__table__
_LAST = Prepared(text("SELECT coalesce(max(no), 0) FROM member"))
_KEEP_FREE = Prepared(
    text(
        "INSERT INTO member (no, seen_here_at, seen_at, since, until, member_id, joined_at, joined_shop_id, visits,"
        " erased_at) VALUES (:no, 0, 0, 0, 0, :nobody, 0, :nobody, 0, 0)"
    )
)
_FREE = Prepared(text("DELETE FROM member WHERE no = :no AND member_id = :nobody"))
_PUT = (
    "INSERT INTO member (no, seen_here_at, seen_at, since, until, member_id, joined_at, joined_shop_id, last_visit_at,"
    " visits, erased_at, search, body) VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?, ?, NULL, ?, ?)"
)
_NUMBERS = Prepared(text("SELECT no FROM member_rank WHERE no BETWEEN :first AND :last ORDER BY no"))
_STAND = Prepared(text("SELECT no, search, body FROM member WHERE no BETWEEN :first AND :last ORDER BY no"))
_ONE = Prepared(text("SELECT search, body FROM member WHERE no = :no"))
_FORGET_KEY = Prepared(text("DELETE FROM member_key WHERE kind = :kind AND value = :value AND no = :no"))
_FORGET_SEARCH = Prepared(text("DELETE FROM member_search WHERE key = :key AND no = :no"))


# Nobody is put under two numbers of one filling: its file holds each document once, and how far it is is written down.
_OUTSIDE = (
    "SELECT member_id FROM member WHERE no < ? UNION ALL SELECT member_id FROM"
    " (SELECT member_id FROM member WHERE no > ? LIMIT 500) LIMIT 500"
)
_FEW = 500
_BEGIN_WALK = Prepared(text("INSERT INTO member_filling VALUES (:first, :last)"))
_END_WALK = ("DELETE FROM member_filling", "DELETE FROM member_touched")
_SORT_WALK = (
    "CREATE TEMP TABLE walk AS SELECT m.seen_here_at, m.seen_at, m.no, m.since, m.until, m.search"
    " FROM main.member_filling AS f CROSS JOIN main.member AS m ON m.no BETWEEN f.first AND f.last"
    " WHERE m.search IS NOT NULL ORDER BY 1, 2, 3"
)
_PUT_WALK = (
    "INSERT OR IGNORE INTO main.member_walk SELECT * FROM temp.walk WHERE rowid BETWEEN ? AND ?"
    " AND no NOT IN (SELECT no FROM main.member_touched)"
)


class _Key(msgspec.Struct, frozen=True, gc=False):
    kind: str
    value: str


class _Profile(msgspec.Struct, frozen=True):
    keys: tuple[_Key, ...] = ()


class _Body(msgspec.Struct, frozen=True):
    """Of a body, only what finds a member: reading it whole takes five times as long."""

    profile: _Profile


_keys = msgspec.json.Decoder(_Body)


@lru_cache(maxsize=1)
def _known() -> Prepared:
    asked = _TABLE.c.member_id.in_([bindparam(f"m{place}") for place in range(_AT_ONCE)])
    return Prepared(select(_TABLE.c.member_id).where(asked))


class SqlFiller:
    """The bulk of members, on one connection to a store's file (see the port)."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._connection = store.engine.connect()
        self._connection.detach()
        for pragma in _PRAGMAS:
            self._connection.exec_driver_sql(pragma).close()
        self._goods = GoodsKeys(self._connection)

    @contextmanager
    def write(self) -> Iterator[SqlTx]:
        """Begin IMMEDIATE; commit at the end, roll back when the block raises."""
        with self._store._translated():
            yield from run_transaction(self._connection, WRITE)

    def settle(self) -> None:
        """Copy what was committed from the log into the database, as far as nobody reads an older state."""
        with self._store._translated():
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def reserve(self, count: int) -> int:
        """Keep numbers free by an erased row behind them, and what is put there out of the walk."""
        first: int = _LAST.run(self._connection).scalar_one() + 1
        _KEEP_FREE.run(self._connection, no=first + count, nobody=_NOBODY)
        _BEGIN_WALK.run(self._connection, first=first, last=first + count - 1)
        return first

    def release(self, first: int, count: int) -> None:
        """Remove the row behind them."""
        _FREE.run(self._connection, no=first + count, nobody=_NOBODY)

    def known(self, members: Sequence[bytes]) -> set[bytes]:
        """Return those of some ids who stand here; where few stand outside the numbers kept free, look at those."""
        filled = self._connection.exec_driver_sql("SELECT first, last FROM member_filling").all()
        if len(filled) == 1:
            others = self._connection.exec_driver_sql(_OUTSIDE, tuple(filled[0])).scalars().all()
            if len(others) < _FEW:
                return set(others).intersection(members)
        found: set[bytes] = set()
        for start in range(0, len(members), _AT_ONCE):
            ids = list(members[start : start + _AT_ONCE])
            ids += ids[:1] * (_AT_ONCE - len(ids))
            asked = {f"m{place}": each for place, each in enumerate(ids)}
            found.update(_known().run(self._connection, **asked).scalars())
        return found

    def put(self, members: Sequence[tuple[int, FetchedMember]]) -> None:
        """Insert rows."""
        if members:
            self._connection.exec_driver_sql(_PUT, [_values(no, each) for no, each in members]).close()

    def sort_walk(self) -> int:
        """Sort in a temporary table: on a file of its own, which the system removes with the process."""
        with self._store._translated():
            self._run(f"PRAGMA main.cache_size=-{SORT_KB}")
            self._run("DROP TABLE IF EXISTS temp.walk")
            self._run(_SORT_WALK)
            self._run(f"PRAGMA main.cache_size=-{CACHE_KB}")
            query = "SELECT coalesce(max(rowid), 0) FROM temp.walk"
            count: int = self._connection.exec_driver_sql(query).scalar_one()
            return count

    def _run(self, sql: str) -> None:
        self._connection.exec_driver_sql(sql).close()

    def put_walk(self, first: int, last: int) -> None:
        """Insert some; a change of a row, which triggers note, has put what it says now."""
        self._connection.exec_driver_sql(_PUT_WALK, (first, last)).close()

    def end_walk(self) -> None:
        """Remove the mark and the notes."""
        for statement in _END_WALK:
            self._run(statement)

    def sort_goods(self) -> int:
        """Let `GoodsKeys` do it."""
        with self._store._translated():
            return self._goods.sort()

    def put_goods(self, first: int, last: int) -> None:
        """Let `GoodsKeys` do it."""
        self._goods.put(first, last)

    def changed_goods(self) -> Sequence[int]:
        """Let `GoodsKeys` do it."""
        return self._goods.changed()

    def rekey_goods(self, number: int) -> None:
        """Let `GoodsKeys` do it."""
        self._goods.rekey(number)

    def unused(self, first: int, count: int) -> Sequence[int]:
        """Compare the numbers with those that stand here."""
        with self._store.engine.connect() as reading:
            reading.exec_driver_sql("BEGIN").close()
            stand = set(_NUMBERS.run(reading, first=first, last=first + count - 1).scalars())
            reading.rollback()
        return [number for number in range(first, first + count) if number not in stand]

    def stand(self, first: int, count: int) -> Iterator[tuple[int, str, Sequence[tuple[str, str]]]]:
        """Read some at a time, so that no transaction is open for long."""
        for start in range(first, first + count, _READ):
            last = min(start + _READ, first + count) - 1
            with self._store.engine.connect() as reading:
                reading.exec_driver_sql("BEGIN").close()
                rows = _STAND.run(reading, first=start, last=last).all()
                reading.rollback()
            for no, search, body in rows:
                if search is None or body is None:
                    yield no, "", ()
                else:
                    keys = _keys.decode(body).profile.keys
                    yield no, search, [(key.kind, key.value) for key in keys]

    def rekey(self, number: int, before: tuple[str, Sequence[tuple[str, str]]]) -> None:
        """Remove what stood only before, write what lacks."""
        row = _ONE.run(self._connection, no=number).first()
        texts, keys = before
        old_keys, old_search = set(keys), set(member_keys(texts))
        new_keys: set[tuple[str, str]] = set()
        new_search: set[str] = set()
        if row is not None and row.search is not None and row.body is not None:
            new_keys = {(key.kind.value, key.value) for key in profile_of(row.body).keys}
            new_search = set(member_keys(row.search))
        run = self._connection
        _FORGET_KEY.run_many(run, (_key(each, number) for each in sorted(old_keys | new_keys)))
        _FORGET_SEARCH.run_many(run, ({"key": k, "no": number} for k in sorted(old_search | new_search)))
        INSERT_KEY.run_many(run, (_key(each, number) for each in sorted(new_keys)))
        INSERT_SEARCH.run_many(run, ({"key": k, "no": number} for k in sorted(new_search)))


def _key(key: tuple[str, str], number: int) -> dict[str, object]:
    return {"kind": key[0], "value": key[1], "no": number}


def _values(no: int, fetched: FetchedMember) -> tuple[object, ...]:
    member = fetched.member
    visited = to_ms(member.last_visit_at) if member.last_visit_at else None
    return (
        no,
        fetched.seen_here_ms,
        max(visited or 0, fetched.seen_here_ms),
        member.member_id.bytes,
        to_ms(member.joined_at),
        member.joined_shop.bytes,
        visited,
        member.visits,
        fetched.text,
        body_of(member),
    )
