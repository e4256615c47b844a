"""Whose last traces may still stand in the files, in SQLite: marked by an erasure, taken off by a scrub that succeeded.

Decides storage; when the files are scrubbed is `services.member_traces`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.values.ids import MemberId
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.members.rows import MemberTraceRow

_table = MemberTraceRow.__table__
_AT_ONCE = 500


class SqlTraces:
    """The marks of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self, member_id: MemberId, at: datetime) -> None:
        """Say that the files may hold a member who was erased at that time."""
        new = upsert(MemberTraceRow).values(member_id=member_id.bytes, erased_at=to_ms(at))
        self._connection.execute(new.on_conflict_do_nothing())

    def left(self) -> Mapping[MemberId, datetime]:
        """Return who was erased, and when, since the files were scrubbed last; the first erasure first."""
        query = select(_table).order_by(_table.c.erased_at, _table.c.member_id)
        rows = self._connection.execute(query)
        return {MemberId(to_id(row.member_id)): from_ms(row.erased_at) for row in rows}

    def gone(self, members: Sequence[MemberId]) -> None:
        """Take marks off: no file holds these members any more."""
        for start in range(0, len(members), _AT_ONCE):
            ids = [member.bytes for member in members[start : start + _AT_ONCE]]
            self._connection.execute(delete(MemberTraceRow).where(_table.c.member_id.in_(ids)))
