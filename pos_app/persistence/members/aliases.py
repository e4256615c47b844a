"""Members who became one with another: only a way from an id to its owner's, so that it can be taken back.

Decides storage and how a chain is walked; what is hidden of a member who is an alias is `repository`.
"""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.persistence.base import Base, Id
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED


class MemberAliasRow(Base):
    """An id that stands for another member; she may be an alias herself, and no chain leads back to its beginning."""

    __tablename__ = "member_alias"
    __table_args__ = CLUSTERED
    member_id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(index=True)


_OWNER = Prepared(text("SELECT owner_id FROM member_alias WHERE member_id = :member"))
_BENEATH = Prepared(
    text(
        "WITH RECURSIVE beneath (id) AS (SELECT member_id FROM member_alias WHERE owner_id = :member"
        " UNION SELECT a.member_id FROM member_alias AS a JOIN beneath AS b ON a.owner_id = b.id)"
        " SELECT id FROM beneath ORDER BY id"
    )
)
_LINK = Prepared(text("INSERT OR REPLACE INTO member_alias (member_id, owner_id) VALUES (:member, :owner)"))
UNLINK = Prepared(text("DELETE FROM member_alias WHERE member_id = :member"))


def owner_of(connection: Connection, member: bytes) -> bytes | None:
    """Return of whom an id is an alias, None for one that stands for itself."""
    found: bytes | None = _OWNER.run(connection, member=member).scalar_one_or_none()
    return found


def canonical(connection: Connection, member: bytes) -> bytes:
    """Return the id that an id stands for in the end: its own, unless it is an alias."""
    while (owner := owner_of(connection, member)) is not None:
        member = owner
    return member


def beneath(connection: Connection, member: bytes) -> list[bytes]:
    """Return every id that stands for a member, itself left out, whatever chain leads there."""
    return list(_BENEATH.run(connection, member=member).scalars())


def link(connection: Connection, member: bytes, owner: bytes) -> None:
    """Let an id stand for another; the caller has made sure that no circle comes of it."""
    _LINK.run(connection, member=member, owner=owner)
