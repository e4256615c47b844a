"""Members in SQLite: rows, look-up among a million, versions for imports, and the keys of sealed fields.

Decides what the rest of persistence sees of them.
"""

from pos_app.persistence.members.aliases import MemberAliasRow
from pos_app.persistence.members.bulk import MemberWrite, fill, key_rows, stage
from pos_app.persistence.members.repository import SqlMembers
from pos_app.persistence.members.rows import MemberKeyRow, MemberRow, MemberSearchRow
from pos_app.persistence.members.subjects import SqlSubjectKeys
from pos_app.persistence.members.traces import SqlTraces

__all__ = [
    "MemberAliasRow",
    "MemberKeyRow",
    "MemberRow",
    "MemberSearchRow",
    "MemberWrite",
    "SqlMembers",
    "SqlSubjectKeys",
    "SqlTraces",
    "fill",
    "key_rows",
    "stage",
]
