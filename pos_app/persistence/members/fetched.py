"""Members as a platform sends them, many at once: new ones, known ones, and those who were an alias until now.

Decides what becomes of the row that stands here, and of its versions while an import is under way. Statements are
gathered and run by kind, keys in their order, so that a page costs little more than its rows.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from pos_app.domain.search import member_keys
from pos_app.persistence.base import to_ms
from pos_app.persistence.imports import NOTHING_HIDDEN, Pending
from pos_app.persistence.members.aliases import UNLINK
from pos_app.persistence.members.bulk import INSERT
from pos_app.persistence.members.rows import MemberRow, body_of, profile_of
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.people import FetchedMember

AT_ONCE = 64
"""Ids that one statement asks for; a shorter list is filled up, so that one statement serves all."""
_LAST = Prepared(text("SELECT coalesce(max(no), 0) FROM member"))
_CHANGED = Prepared(
    text(
        "UPDATE member SET seen_here_at = :seen_here_at, seen_at = :seen_at, since = :since, until = :until,"
        " joined_at = :joined_at, joined_shop_id = :joined_shop_id, last_visit_at = :last_visit_at,"
        " visits = :visits, search = :search, body = :body WHERE no = :no"
    )
)
_REMOVE = Prepared(text("DELETE FROM member WHERE no = :no"))
# Keys are many, and written as plain tuples: in the order of the columns of their tables.
_ADD_KEY = "INSERT INTO member_key VALUES (?, ?, ?)"
_ADD_SEARCH = "INSERT INTO member_search VALUES (?, ?)"
_REMOVE_KEY = "DELETE FROM member_key WHERE kind = ? AND value = ? AND no = ?"
_REMOVE_SEARCH = "DELETE FROM member_search WHERE key = ? AND no = ?"

Values = dict[str, Any]
Key = tuple[str, str, int]
SearchKey = tuple[str, int]


@lru_cache(maxsize=1)
def _asked() -> Prepared:
    table = MemberRow.__table__
    return Prepared(select(table).where(table.c.member_id.in_([bindparam(f"m{n}") for n in range(AT_ONCE)])))


class FetchedMembers:
    """What a number of fetched members change, gathered and then written."""

    def __init__(self, connection: Connection, pending: Pending) -> None:
        self._connection = connection
        self._hidden = pending.hidden
        self._new: list[Values] = []
        self._changed: list[Values] = []
        self._gone: list[Values] = []
        self._old_keys: list[Key] = []
        self._new_keys: list[Key] = []
        self._old_search: list[SearchKey] = []
        self._new_search: list[SearchKey] = []

    def put(self, members: Sequence[FetchedMember]) -> None:
        """Write members as they are sent, each at most once; one who was erased here stays so."""
        here = self._here(members)
        last: int = _LAST.run(self._connection).scalar_one()
        for fetched in members:
            versions = here.get(fetched.member.member_id.bytes, ())
            before = next(
                (v for v in versions if v.since != self._hidden and v.until in (0, self._hidden)), None
            )
            if before is None:
                last += 1
                self._insert(fetched, last)
            elif before.body is not None:
                self._over(fetched, before, [v for v in versions if v.no != before.no])
        self._write(members)

    def _here(self, members: Sequence[FetchedMember]) -> dict[bytes, list[Row[Any]]]:
        """Return the versions that stand here of some members."""
        found: dict[bytes, list[Row[Any]]] = {}
        for start in range(0, len(members), AT_ONCE):
            ids = [each.member.member_id.bytes for each in members[start : start + AT_ONCE]]
            ids += ids[:1] * (AT_ONCE - len(ids))
            for row in _asked().run(self._connection, **{f"m{n}": each for n, each in enumerate(ids)}):
                found.setdefault(row.member_id, []).append(row)
        return found

    def _insert(self, fetched: FetchedMember, no: int) -> None:
        self._new.append(_values(fetched) | {"no": no, "erased_at": None, "since": 0, "until": 0})
        self._new_keys += [(*key, no) for key in _keys(fetched)]
        self._new_search += [(key, no) for key in fetched.search]

    def _over(self, fetched: FetchedMember, before: Row[Any], others: Sequence[Row[Any]]) -> None:
        """Write a member over the version that counts.

        What an import staged stands beside it still: it counts or goes when the import says so.
        """
        if before.search is None:  # She was an alias, without any keys.
            self._gone.append({"no": before.no})
            self._insert(fetched, before.no)
            return
        since = 0 if fetched.is_own else before.since
        values = _values(fetched) | {"no": before.no, "since": since, "until": before.until}
        self._changed.append(values)
        if values["body"] != before.body:
            old, new = {(k.kind.value, k.value) for k in profile_of(before.body).keys}, _keys(fetched)
            self._old_keys += [(*key, before.no) for key in old - new]
            self._new_keys += [(*key, before.no) for key in new - old]
        if values["search"] != before.search:
            found, finds = set(member_keys(before.search)), set(fetched.search)
            self._old_search += [(key, before.no) for key in found - finds]
            self._new_search += [(key, before.no) for key in finds - found]
        if fetched.is_own and self._hidden == NOTHING_HIDDEN:
            for other in others:
                self._remove(other)

    def _remove(self, version: Row[Any]) -> None:
        """Remove a version that no longer matters, with its keys."""
        self._gone.append({"no": version.no})
        if version.body is not None and version.search is not None:
            keys = {(key.kind.value, key.value) for key in profile_of(version.body).keys}
            self._old_keys += [(*key, version.no) for key in keys]
            self._old_search += [(key, version.no) for key in member_keys(version.search)]

    def _write(self, members: Sequence[FetchedMember]) -> None:
        run = self._connection
        UNLINK.run_many(run, ({"member": each.member.member_id.bytes} for each in members))
        _many(run, _REMOVE_KEY, self._old_keys)
        _many(run, _REMOVE_SEARCH, self._old_search)
        _REMOVE.run_many(run, self._gone)
        _CHANGED.run_many(run, self._changed)
        INSERT.run_many(run, self._new)
        _many(run, _ADD_KEY, self._new_keys)
        _many(run, _ADD_SEARCH, self._new_search)


def _many(connection: Connection, statement: str, rows: Sequence[Key] | Sequence[SearchKey]) -> None:
    """Run a statement for each row, in their order: the pages of one key after those of the one before."""
    if rows:
        connection.exec_driver_sql(statement, sorted(rows))


def _values(fetched: FetchedMember) -> Values:
    member = fetched.member
    visited = to_ms(member.last_visit_at) if member.last_visit_at else None
    return {
        "seen_here_at": fetched.seen_here_ms,
        "seen_at": max(visited or 0, fetched.seen_here_ms),
        "member_id": member.member_id.bytes,
        "joined_at": to_ms(member.joined_at),
        "joined_shop_id": member.joined_shop.bytes,
        "last_visit_at": visited,
        "visits": member.visits,
        "search": fetched.text,
        "body": body_of(member),
    }


def _keys(fetched: FetchedMember) -> set[tuple[str, str]]:
    return {(key.kind.value, key.value) for key in fetched.member.profile.keys}
