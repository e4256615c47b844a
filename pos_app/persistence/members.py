"""Members and the keys of their sealed fields in SQLite.

Decides storage and look-up by index, not who is shown what.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Row,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.members import Consent, Member, Profile
from pos_app.domain.search import folded
from pos_app.domain.values.ids import MemberId, ShopId, SubjectId
from pos_app.persistence.base import (
    Base,
    Id,
    Moment,
    OptionalMoment,
    OptionalStr,
    Str,
    from_ms,
    to_id,
    to_ms,
)
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED, SubjectKeyRow


class MemberRow(Base):
    """A member; `body` holds the personal fields, None once erased."""

    __tablename__ = "member"
    __table_args__ = (
        Index("ix_member_name", "name", "last_visit_at"),
        Index("ix_member_last_visit", "last_visit_at"),
        CLUSTERED,
    )
    member_id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[OptionalStr]
    joined_at: Mapped[Moment]
    joined_shop_id: Mapped[Id]
    last_visit_at: Mapped[OptionalMoment]
    visits: Mapped[int]
    erased_at: Mapped[OptionalMoment]
    body: Mapped[bytes | None]


class MemberKeyRow(Base):
    """A key of a member; `reversed` finds a phone by its last digits."""

    __tablename__ = "member_key"
    __table_args__ = (
        Index("ix_member_key_reversed", "reversed"),
        Index("ix_member_key_member", "member_id"),
        CLUSTERED,
    )
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    member_id: Mapped[Id] = mapped_column(ForeignKey("member.member_id"))
    reversed: Mapped[Str]


_member = MemberRow.__table__
_key = MemberKeyRow.__table__
_HIGHEST = "\U0010ffff"


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands in a member's body column."""

    profile: Profile
    consents: tuple[Consent, ...] = ()


_decoder = msgspec.json.Decoder(_Body)
_VISITED = Prepared(
    update(MemberRow)
    .where(MemberRow.member_id == bindparam("member"))
    .values(last_visit_at=bindparam("moment"), visits=MemberRow.visits + bindparam("more"))
)


class SqlMembers:
    """The members of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member; None when unknown or erased."""
        row = self._connection.execute(
            select(_member).where(_member.c.member_id == member_id.bytes, _member.c.body.is_not(None))
        ).one_or_none()
        return None if row is None else _from_row(row)

    def by_key(self, kind: str, value: str) -> Member | None:
        """Return the member that owns a key."""
        owner = self._connection.execute(
            select(_key.c.member_id).where(_key.c.kind == kind, _key.c.value == value)
        ).scalar_one_or_none()
        return None if owner is None else self.get(MemberId(to_id(owner)))

    def search(self, text: str, limit: int) -> Sequence[Member]:
        """Return members by the last digits of a key or the start of a name, last visit first."""
        if text.isascii() and text.isdigit():
            tail = text[::-1]
            owners = select(_key.c.member_id).where(
                _key.c.reversed >= tail, _key.c.reversed < tail + _HIGHEST
            )
            return self._list(_member.c.member_id.in_(owners), limit)
        asked = folded(text)
        if not asked:
            return []
        return self._list((_member.c.name >= asked) & (_member.c.name < asked + _HIGHEST), limit)

    def _list(self, condition: ColumnElement[bool], limit: int) -> Sequence[Member]:
        query = (
            select(_member)
            .where(condition, _member.c.body.is_not(None))
            .order_by(_member.c.last_visit_at.desc(), _member.c.member_id)
            .limit(limit)
        )
        return [_from_row(row) for row in self._connection.execute(query)]

    def recent(self, limit: int) -> Sequence[Member]:
        """Return the members who came last."""
        query = (
            select(_member)
            .where(_member.c.body.is_not(None))
            .order_by(_member.c.last_visit_at.desc())
            .limit(limit)
        )
        return [_from_row(row) for row in self._connection.execute(query)]

    def save(self, member: Member) -> None:
        """Write a member and the keys."""
        new = upsert(MemberRow).values(
            member_id=member.member_id.bytes,
            name=folded(member.profile.name) if member.profile.name else None,
            joined_at=to_ms(member.joined_at),
            joined_shop_id=member.joined_shop.bytes,
            last_visit_at=to_ms(member.last_visit_at) if member.last_visit_at else None,
            visits=member.visits,
            erased_at=None,
            body=msgspec.json.encode(_Body(member.profile, member.consents)),
        )
        self._connection.execute(
            new.on_conflict_do_update(
                index_elements=["member_id"], set_={"name": new.excluded.name, "body": new.excluded.body}
            )
        )
        self._connection.execute(delete(MemberKeyRow).where(MemberKeyRow.member_id == member.member_id.bytes))
        for key in member.profile.keys:
            self._connection.execute(
                insert(MemberKeyRow).values(
                    kind=key.kind.value,
                    value=key.value,
                    member_id=member.member_id.bytes,
                    reversed=key.value[::-1],
                )
            )

    def visited(self, member_id: MemberId, at: datetime) -> None:
        """Count a visit."""
        _VISITED.run(self._connection, member=member_id.bytes, moment=to_ms(at), more=1)

    def erase(self, member_id: MemberId, at: datetime) -> None:
        """Remove a member's personal fields and keys."""
        self._connection.execute(delete(MemberKeyRow).where(MemberKeyRow.member_id == member_id.bytes))
        self._connection.execute(
            update(MemberRow)
            .where(MemberRow.member_id == member_id.bytes)
            .values(name=None, body=None, erased_at=to_ms(at))
        )

    def count(self) -> int:
        """Return how many members there are, erased ones left out."""
        count: int = self._connection.execute(
            select(func.count()).select_from(_member).where(_member.c.body.is_not(None))
        ).scalar_one()
        return count


class SqlSubjectKeys:
    """The keys of sealed fields of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, subject: SubjectId) -> bytes | None:
        """Return a key, or None when there is none (any more)."""
        query = select(SubjectKeyRow.key).where(SubjectKeyRow.subject_id == subject.bytes)
        return self._connection.execute(query).scalar_one_or_none()

    def add(self, subject: SubjectId, key: bytes) -> None:
        """Keep a new key."""
        self._connection.execute(insert(SubjectKeyRow).values(subject_id=subject.bytes, key=key))

    def delete(self, subject: SubjectId) -> None:
        """Destroy a key."""
        self._connection.execute(delete(SubjectKeyRow).where(SubjectKeyRow.subject_id == subject.bytes))


def _from_row(row: Row[Any]) -> Member:
    body = _decoder.decode(row.body)
    return Member(
        member_id=MemberId(to_id(row.member_id)),
        joined_at=from_ms(row.joined_at),
        joined_shop=ShopId(to_id(row.joined_shop_id)),
        profile=body.profile,
        consents=body.consents,
        last_visit_at=from_ms(row.last_visit_at) if row.last_visit_at else None,
        visits=row.visits,
    )
