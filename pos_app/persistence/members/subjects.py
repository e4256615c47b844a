"""The keys that seal the personal fields of facts, in SQLite.

Decides storage; sealing is a port.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from pos_app.domain.values.ids import SubjectId
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import SubjectKeyRow

_AT_ONCE = 500
_ADD = Prepared(insert(SubjectKeyRow))


class SqlSubjectKeys:
    """The keys of sealed fields of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, subjects: Sequence[SubjectId]) -> Mapping[SubjectId, bytes]:
        """Return the keys of those who have one."""
        table = SubjectKeyRow.__table__
        found: dict[SubjectId, bytes] = {}
        for first in range(0, len(subjects), _AT_ONCE):
            chunk = [subject.bytes for subject in subjects[first : first + _AT_ONCE]]
            rows = self._connection.execute(select(table).where(table.c.subject_id.in_(chunk)))
            found |= {SubjectId(UUID(bytes=row.subject_id)): row.key for row in rows}
        return found

    def get(self, subject: SubjectId) -> bytes | None:
        """Return a key, or None when there is none (any more)."""
        query = select(SubjectKeyRow.key).where(SubjectKeyRow.subject_id == subject.bytes)
        return self._connection.execute(query).scalar_one_or_none()

    def add(self, subject: SubjectId, key: bytes) -> None:
        """Keep a new key."""
        self._connection.execute(insert(SubjectKeyRow).values(subject_id=subject.bytes, key=key))

    def add_many(self, keys: Sequence[tuple[SubjectId, bytes]]) -> None:
        """Keep new keys."""
        _ADD.run_many(self._connection, ({"subject_id": s.bytes, "key": key} for s, key in keys))

    def delete(self, subject: SubjectId) -> None:
        """Destroy a key: what it sealed can never be read again."""
        self._connection.execute(delete(SubjectKeyRow).where(SubjectKeyRow.subject_id == subject.bytes))
