"""The keys that open what facts seal: one a person, sent beside the facts, destroyed with an erasure."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from sync.platform import tables
from sync.platform.books import Books

_AT_ONCE = 400


def keys_of(books: Books, wanted: Sequence[bytes]) -> Mapping[bytes, bytes]:
    """Return the keys of subjects, those that there are."""
    table, found = tables.subject_key, dict[bytes, bytes]()
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(table.c.subject_id, table.c.key).where(
            table.c.merchant_id == books.room.merchant.bytes,
            table.c.subject_id.in_(wanted[start : start + _AT_ONCE]),
        )
        found |= {row.subject_id: row.key for row in books.room.connection.execute(query)}
    return found
