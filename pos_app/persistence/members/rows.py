"""The tables of members, and what stands in their columns.

Decides shape and indexes, and how a member becomes a row; which rows count is `persistence.imports`.
"""

from typing import Any

import msgspec
from sqlalchemy import Index, Row, Text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.members import Consent, KeyKind, Member, Profile
from pos_app.domain.search import member_text
from pos_app.domain.values.ids import MemberId, ShopId
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
from pos_app.persistence.tables import CLUSTERED


class MemberRow(Base):
    """A version of a member; `search` and `body` hold the personal fields, None once erased. An alias has a body only.

    `search` holds the texts she matches by (`domain.search.member_text`): from it her search keys are computed again
    when they are to be removed, so that no index leads from a member to her keys. `seen_here_at` is the last visit to
    this shop, `seen_at` the last one anywhere, 0 for never; what ranks stands before the long columns, and not in the
    search keys, so that a visit moves one entry of the walk (`MemberWalkRow`).
    """

    __tablename__ = "member"
    __table_args__ = (Index("ix_member_member", "member_id"),)
    no: Mapped[int] = mapped_column(primary_key=True)
    seen_here_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    since: Mapped[int]
    until: Mapped[int]
    member_id: Mapped[Id]
    joined_at: Mapped[Moment]
    joined_shop_id: Mapped[Id]
    last_visit_at: Mapped[OptionalMoment]
    visits: Mapped[int]
    erased_at: Mapped[OptionalMoment]
    search: Mapped[OptionalStr]
    body: Mapped[bytes | None]


class MemberRankRow(Base):
    """What ranks a version, apart from its long columns; three triggers keep it as `member` says (migration 0002).

    Two hundred stand on a page, so that all of a million fit a small cache: gathering a thousand from the table itself
    would read a thousand pages.
    """

    __tablename__ = "member_rank"
    no: Mapped[int] = mapped_column(primary_key=True)
    seen_here_at: Mapped[Moment]
    seen_at: Mapped[Moment]


class MemberWalkRow(Base):
    """Versions whose fields are there in the order of rank; three triggers keep it as `member` says (migration 0009).

    A question that matches a good part of all members is answered from its end, without a page of `member`. It is no
    index of `member` because then a million rows could not be put in two orders: those that `member_filling` names
    come later, sorted, and a row of theirs that changes before that is noted in `member_touched`.
    """

    __tablename__ = "member_walk"
    __table_args__ = CLUSTERED
    seen_here_at: Mapped[Moment] = mapped_column(primary_key=True)
    seen_at: Mapped[Moment] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[int]
    until: Mapped[int]
    search: Mapped[Str]


class MemberFillingRow(Base):
    """Numbers, both counted, whose new rows are left out of the walk until they are put there sorted."""

    __tablename__ = "member_filling"
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class MemberTouchedRow(Base):
    """A number being filled whose row was changed or removed: the walk has what it says now."""

    __tablename__ = "member_touched"
    no: Mapped[int] = mapped_column(primary_key=True)


class MemberCountRow(Base):
    """How many members whose fields are there stand in each pair of versions; triggers keep it (migration 0006)."""

    __tablename__ = "member_count"
    __table_args__ = CLUSTERED
    since: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    live: Mapped[int]


class MemberTraceRow(Base):
    """A member who was erased and of whom a page or the log may still hold a copy."""

    __tablename__ = "member_trace"
    __table_args__ = CLUSTERED
    member_id: Mapped[Id] = mapped_column(primary_key=True)
    erased_at: Mapped[Moment]


class MemberKeyRow(Base):
    """A whole key of a version of a member; a phone may stand for several members."""

    __tablename__ = "member_key"
    __table_args__ = CLUSTERED
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)


class MemberSearchRow(Base):
    """A search key of a version of a member (`domain.search.member_keys`): what is typed begins it."""

    __tablename__ = "member_search"
    __table_args__ = CLUSTERED
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands in a member's body column."""

    profile: Profile
    consents: tuple[Consent, ...] = ()


_decoder = msgspec.json.Decoder(_Body)
_encoder = msgspec.json.Encoder()


def text_of(member: Member) -> str:
    """Return the texts that a member matches by."""
    profile = member.profile
    return member_text(profile.name, [k.value for k in profile.keys if k.kind is KeyKind.PHONE])


def row_of(member: Member, here: ShopId | None) -> dict[str, Any]:
    """Return a member as a new row without number and versions, seen from the shop `here`.

    What is known of a member of this shop, the sign-up and the last visit, was here.
    """
    visited = to_ms(member.last_visit_at) if member.last_visit_at else None
    seen_here = max(visited or 0, to_ms(member.joined_at)) if member.joined_shop == here else 0
    return {
        "seen_here_at": seen_here,
        "seen_at": max(visited or 0, seen_here),
        "member_id": member.member_id.bytes,
        "joined_at": to_ms(member.joined_at),
        "joined_shop_id": member.joined_shop.bytes,
        "last_visit_at": visited,
        "visits": member.visits,
        "erased_at": None,
        "search": text_of(member),
        "body": body_of(member),
    }


def body_of(member: Member) -> bytes:
    """Return what stands in a member's body column."""
    return _encoder.encode(_Body(member.profile, member.consents))


def profile_of(body: bytes) -> Profile:
    """Return the profile in a body column."""
    return _decoder.decode(body).profile


def member_of(row: Row[Any]) -> Member:
    """Return the member of a row that was not erased."""
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
