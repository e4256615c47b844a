"""Members as an import stages them: hidden versions without keys, found and dropped again by batch.

Decides how versions of members are written and told apart while an import is under way; search keys are sorted and
written by the import.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from pos_app.domain.members import Member
from pos_app.domain.search import member_keys
from pos_app.domain.values.ids import MemberId
from pos_app.persistence.base import to_id
from pos_app.persistence.imports import pending
from pos_app.persistence.members import MemberRow
from pos_app.persistence.members.bulk import INSERT
from pos_app.persistence.members.rows import member_of, profile_of, row_of
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.versions import SqlVersions, VersionTable
from pos_app.services.ports.imports import Keys

_ON_KEYS = Prepared(
    text(
        "SELECT k.value AS found, m.* FROM json_each(:asked) AS j"
        " CROSS JOIN member_key AS k ON k.kind = :kind AND k.value = j.value"
        " CROSS JOIN member AS m ON m.no = k.no"
        " WHERE m.since <> :hidden AND m.until IN (0, :hidden) AND m.body IS NOT NULL"
    )
)
_REPLACED = Prepared(
    text(
        "UPDATE member SET until = :batch WHERE member_id = :member AND since <> :batch AND until = 0"
        " AND body IS NOT NULL RETURNING seen_here_at, seen_at, last_visit_at, visits"
    )
)
_STAGED_ON_KEY = Prepared(
    text(
        "SELECT m.member_id FROM member_key AS k CROSS JOIN member AS m ON m.no = k.no"
        " WHERE k.kind = :kind AND k.value = :value AND m.since = :batch"
    )
)
_STAGED = Prepared(text("SELECT * FROM member WHERE member_id = :member AND since = :batch"))
_COUNTS_AGAIN = Prepared(text("UPDATE member SET until = 0 WHERE member_id = :member AND until = :batch"))
_FORGET_KEY = Prepared(text("DELETE FROM member_key WHERE kind = :kind AND value = :value AND no = :no"))
_FORGET_SEARCH = Prepared(text("DELETE FROM member_search WHERE key = :key AND no = :no"))
_FORGET_SUBJECT = Prepared(text("DELETE FROM subject_key WHERE subject_id = :subject"))


def _keys(_connection: Connection, rows: Sequence[Row[Any]]) -> Keys:
    """Return what stands in `member_key` and `member_search` of versions; of one erased or an alias nothing."""
    whole: list[tuple[object, ...]] = []
    search: list[tuple[int, Sequence[str]]] = []
    for row in rows:
        if row.body is None or row.search is None:
            continue
        no = row.no
        whole += {(key.kind.value, key.value, no) for key in profile_of(row.body).keys}
        search.append((no, member_keys(row.search)))
    return Keys({"member_key": whole}, {"member_search": search})


def _forget_subjects(connection: Connection, members: Sequence[bytes]) -> None:
    """Destroy the keys that sealed what the journal holds of members who were never the shop's own."""
    _FORGET_SUBJECT.run_many(connection, ({"subject": member} for member in members))


MEMBERS = VersionTable(MemberRow, "member_id", _keys, _forget_subjects)


class SqlStagedMembers(SqlVersions):
    """The versions of members in one transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, MEMBERS)

    def on_keys(self, kind: str, values: Sequence[str]) -> Mapping[str, Sequence[Member]]:
        """Return the members on each of some keys as they count now, refused cards among them."""
        hidden = pending(self._connection).hidden
        rows = _ON_KEYS.run(self._connection, asked=json.dumps(list(values)), kind=kind, hidden=hidden)
        found: dict[str, list[Member]] = {}
        for row in rows:
            found.setdefault(row.found, []).append(member_of(row))
        return found

    def counting(self, after: int, limit: int) -> Sequence[tuple[int, Member]]:
        """Return members that count, with their numbers, after a number; erased ones and aliases are left out."""
        rows = self.page_counting(after, limit, self._table.c.search.is_not(None))
        return [(row.no, member_of(row)) for row in rows]

    def stage(self, batch: int, new: Sequence[Member], changed: Sequence[Member]) -> None:
        """Write hidden versions without search keys; `changed` replace the ones that count, and keep their visits.

        A new member has not been seen yet, wherever she joined. Somebody who was erased meanwhile stays erased.
        """
        rows = [row_of(member, None) for member in new]
        for member in changed:
            seen = _REPLACED.run(self._connection, batch=batch, member=member.member_id.bytes).all()
            if seen:
                rows.append(row_of(member, None) | dict(seen[0]._mapping))
        for row in rows:
            row.update(no=None, since=batch, until=0)
        INSERT.run_many(self._connection, rows)

    def clashing(self, batch: int, members: Sequence[MemberId]) -> Sequence[MemberId]:
        """Return the members staged under a batch with a key that one of some others has taken meanwhile.

        `members` who stand in the batch themselves were edited meanwhile: they clash with what was staged of them.
        """
        hidden = pending(self._connection).hidden
        found: dict[MemberId, None] = {}
        for member in members:
            versions = self._connection.execute(
                self._table.select().where(self._table.c.member_id == member.bytes)
            ).all()
            if any(row.since == batch for row in versions):
                found[member] = None
            counting = next((r for r in versions if r.since != hidden and r.until in (0, hidden)), None)
            if counting is None or counting.body is None:
                continue
            for key in profile_of(counting.body).keys:
                rows = _STAGED_ON_KEY.run(self._connection, kind=key.kind.value, value=key.value, batch=batch)
                found |= {MemberId(to_id(row[0])): None for row in rows}
        return list(found)

    def leave_out(self, batch: int, members: Sequence[MemberId]) -> int:
        """Remove what was staged of some members, keys too; return how many there were."""
        gone: list[int] = []
        for member in members:
            for row in _STAGED.run(self._connection, member=member.bytes, batch=batch).all():
                keys = _keys(self._connection, [row])
                _FORGET_KEY.run_many(
                    self._connection,
                    ({"kind": k, "value": v, "no": no} for k, v, no in keys.rows["member_key"]),
                )
                _FORGET_SEARCH.run_many(
                    self._connection,
                    ({"key": k, "no": no} for no, texts in keys.texts["member_search"] for k in texts),
                )
                gone.append(row.no)
            _COUNTS_AGAIN.run(self._connection, member=member.bytes, batch=batch)
        self.remove(gone)
        return len(gone)
