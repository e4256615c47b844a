"""The keys that open what facts seal: sent beside the facts, destroyed with an erasure.

Each till that says something of a person has a key of its own for her, unless she signed up there: so there may be
several, and one of them opens what was sealed.
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select

from pos_app.domain.members import Profile
from sync.platform import tables
from sync.platform.books import Books

_AT_ONCE = 400
_profiles = msgspec.json.Decoder(Profile)
Keys = Mapping[bytes, Sequence[bytes]]
"""The keys of each subject, in an order that is the same every time."""


def keys_of(books: Books, wanted: Sequence[bytes]) -> Keys:
    """Return the keys of subjects, those that there are."""
    table, found = tables.subject_key, dict[bytes, list[bytes]]()
    for start in range(0, len(wanted), _AT_ONCE):
        query = (
            select(table.c.subject_id, table.c.key)
            .where(
                table.c.merchant_id == books.room.merchant.bytes,
                table.c.subject_id.in_(wanted[start : start + _AT_ONCE]),
            )
            .order_by(table.c.subject_id, table.c.key)
        )
        for row in books.room.connection.execute(query):
            held = found.setdefault(row.subject_id, [])
            if row.key not in held:
                held.append(row.key)
    return found


def opened(books: Books, keys: Keys, subject: UUID, sealed: str) -> Profile | None:
    """Return a sealed profile; None when its key is gone or none of them fits."""
    for key in keys.get(subject.bytes, ()):
        try:
            return _profiles.decode(books.room.unseal(key, b64decode(sealed), subject.bytes))
        except (ValueError, msgspec.MsgspecError):
            continue
    return None
