"""Many members at once: a shop's whole membership written in key order, or versions staged for an import.

Decides the order in which rows are written, not which version counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from pos_app.domain.members import Member
from pos_app.domain.search import member_keys
from pos_app.domain.values.ids import ShopId
from pos_app.persistence.members.rows import MemberKeyRow, MemberRow, MemberSearchRow, row_of
from pos_app.persistence.prepared import Prepared

CHUNK = 5_000
"""Members that are turned into rows at a time; at some 2 kB each, 10 MB."""

INSERT = Prepared(insert(MemberRow))
INSERT_KEY = Prepared(insert(MemberKeyRow))
INSERT_SEARCH = Prepared(insert(MemberSearchRow))


class MemberWrite(NamedTuple):
    """A member's version to be written under a number, with its keys and search keys."""

    row: dict[str, Any]
    keys: list[tuple[str, str, int]]
    search: list[tuple[str, int]]


def key_rows(member: Member, no: int, here: ShopId | None) -> MemberWrite:
    """Return a version's row and its rows of `member_key` and `member_search`, unversioned: since and until are 0."""
    row = row_of(member, here) | {"no": no, "since": 0, "until": 0}
    keys = sorted({(key.kind.value, key.value, no) for key in member.profile.keys})
    return MemberWrite(row, keys, [(key, no) for key in member_keys(row["search"])])


def stage(connection: Connection, writes: Sequence[MemberWrite], batch: int) -> None:
    """Insert versions of a batch without their keys, which the import sorts and writes itself."""
    INSERT.run_many(connection, ({**write.row, "since": batch} for write in writes))


def fill(connection: Connection, members: Iterable[Member], here: ShopId | None) -> int:
    """Write members into tables that hold none, with keys in their own order; return how many.

    For a new till and for measurements: rows first, keys sorted by SQLite, then put at the end of their tables one
    after the other. One transaction of the caller's.
    """
    run = connection.exec_driver_sql
    run("CREATE TEMP TABLE filling_key (kind, value, no)")
    run("CREATE TEMP TABLE filling_search (key, no)")
    run("DROP INDEX ix_member_member")
    run("INSERT INTO member_filling VALUES (0, 9223372036854775807)")
    count = 0
    for chunk in _chunks(members):
        writes = [key_rows(member, count + place, here) for place, member in enumerate(chunk, 1)]
        INSERT.run_many(connection, (write.row for write in writes))
        run("INSERT INTO temp.filling_key VALUES (?, ?, ?)", [key for w in writes for key in w.keys])
        run("INSERT INTO temp.filling_search VALUES (?, ?)", [key for w in writes for key in w.search])
        count += len(chunk)
    run("INSERT INTO member_key SELECT * FROM temp.filling_key ORDER BY kind, value, no")
    run("INSERT INTO member_search SELECT * FROM temp.filling_search ORDER BY key, no")
    run(
        "INSERT INTO member_walk SELECT seen_here_at, seen_at, no, since, until, search FROM member"
        " WHERE search IS NOT NULL ORDER BY seen_here_at, seen_at, no"
    )
    run("DELETE FROM member_filling")
    run("DROP TABLE temp.filling_key")
    run("DROP TABLE temp.filling_search")
    for index in MemberRow.__table__.indexes:  # type: ignore[attr-defined]
        index.create(connection)
    return count


def _chunks(members: Iterable[Member]) -> Iterator[list[Member]]:
    source = iter(members)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
