"""What members brought along from another program, in SQLite: entries that are added and never changed.

An entry is keyed by its file and row, so that the same file counts once; what the same row brings of another kind later
is keyed by that kind too, behind the file. Decides storage; what may be spent is not decided here.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Index, Text, bindparam, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.values.ids import MemberId
from pos_app.persistence.base import Base, Id, Minor, OptionalStr, to_id
from pos_app.persistence.imports import pending
from pos_app.persistence.members.rows import MemberRow
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED
from pos_app.services.ports.imports import BalanceEntry


class OpeningBalanceRow(Base):
    """What one row of a file brought a member; `since` is its batch, `sha256` its file (and kind, if it came later)."""

    __tablename__ = "opening_balance"
    __table_args__ = (
        Index("ix_opening_balance_member", "member_id"),
        Index("ix_opening_balance_since", "since"),
        CLUSTERED,
    )
    sha256: Mapped[str] = mapped_column(Text, primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[Id]
    points: Mapped[Minor]
    principal: Mapped[Minor]
    bonus: Mapped[Minor]
    as_of: Mapped[OptionalStr]
    since: Mapped[int]


_AT_ONCE = 500
_table = OpeningBalanceRow.__table__
_member = MemberRow.__table__
_SUMS = (func.sum(_table.c.points), func.sum(_table.c.principal), func.sum(_table.c.bonus))
_KINDS = ("points", "principal", "bonus")
_ADD = Prepared(upsert(OpeningBalanceRow).on_conflict_do_nothing())
_OF_MEMBER = Prepared(
    select(*_table.c)
    .where(_table.c.member_id == bindparam("member"), _table.c.since != bindparam("hidden"))
    .order_by(_table.c.sha256, _table.c.row)
)


def _files(sha256: str) -> list[str]:
    """Return what stands for a file in the keys of its entries."""
    return [sha256, *(f"{sha256}/{kind}" for kind in _KINDS)]


class SqlOpeningBalances:
    """The opening balances of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_rows(self, sha256: str, rows: Sequence[int]) -> Mapping[int, tuple[int, int, int]]:
        """Return points, principal and bonus that rows of a file brought already, staged ones among them."""
        of = _table.c
        query = select(of.row, *_SUMS).where(of.sha256.in_(_files(sha256)), of.row.in_(rows)).group_by(of.row)
        found: Iterator[Any] = iter(self._connection.execute(query))
        return {each[0]: (each[1], each[2], each[3]) for each in found}

    def in_all(self, members: Sequence[MemberId]) -> Mapping[MemberId, tuple[int, int, int]]:
        """Return points, principal and bonus of members that count already, from whatever file."""
        hidden = pending(self._connection).hidden
        rows = self._by_member(members, _table.c.since != hidden, *_SUMS)
        return {MemberId(to_id(each[0])): (each[1], each[2], each[3]) for each in rows}

    def first_rows(self, sha256: str, members: Sequence[MemberId]) -> Mapping[MemberId, int]:
        """Return the first row of a file that brought each of some members something, staged ones among them."""
        rows = self._by_member(members, _table.c.sha256.in_(_files(sha256)), func.min(_table.c.row))
        return {MemberId(to_id(member)): first for member, first in rows}

    def _by_member(
        self, members: Sequence[MemberId], condition: ColumnElement[bool], *what: ColumnElement[Any]
    ) -> Iterator[Any]:
        of, ids = _table.c, [member.bytes for member in dict.fromkeys(members)]
        for start in range(0, len(ids), _AT_ONCE):
            some = of.member_id.in_(ids[start : start + _AT_ONCE])
            query = select(of.member_id, *what).where(some, condition).group_by(of.member_id)
            yield from self._connection.execute(query)

    def stage(self, batch: int, entries: Sequence[BalanceEntry]) -> None:
        """Add entries that do not count until the batch is published."""
        rows = (
            {
                "sha256": f"{each.sha256}/{each.only}" if each.only else each.sha256,
                "row": each.row,
                "member_id": each.member.bytes,
                "points": each.points,
                "principal": each.principal,
                "bonus": each.bonus,
                "as_of": each.as_of.isoformat() if each.as_of else None,
                "since": batch,
            }
            for each in entries
        )
        _ADD.run_many(self._connection, rows)

    def of_member(self, member: MemberId) -> Sequence[BalanceEntry]:
        """Return the entries of a member that count, in the order of files and rows."""
        hidden = pending(self._connection).hidden
        return [
            BalanceEntry(
                sha256=row.sha256,
                row=row.row,
                member=MemberId(to_id(row.member_id)),
                points=row.points,
                principal=row.principal,
                bonus=row.bonus,
                as_of=date.fromisoformat(row.as_of) if row.as_of else None,
            )
            for row in _OF_MEMBER.run(self._connection, member=member.bytes, hidden=hidden)
        ]

    def by_member(self, after: bytes, limit: int) -> Sequence[BalanceEntry]:
        """Return what members brought along in all, one entry a member in the order of ids, after an id."""
        hidden = pending(self._connection).hidden
        of = _table.c
        query = (
            select(
                of.member_id,
                func.sum(of.points),
                func.sum(of.principal),
                func.sum(of.bonus),
                func.max(of.as_of),
            )
            .where(of.member_id > after, of.since != hidden)
            .group_by(of.member_id)
            .order_by(of.member_id)
            .limit(limit)
        )
        return [
            BalanceEntry(
                sha256="",
                row=place,
                member=MemberId(to_id(member)),
                points=points,
                principal=principal,
                bonus=bonus,
                as_of=date.fromisoformat(as_of) if as_of else None,
            )
            for place, (member, points, principal, bonus, as_of) in enumerate(
                self._connection.execute(query), 1
            )
        ]

    def count_members(self) -> int:
        """Return how many members brought something along; erased ones are left out."""
        hidden = pending(self._connection).hidden
        is_here = exists().where(
            _member.c.member_id == _table.c.member_id,
            _member.c.search.is_not(None),
            _member.c.since != hidden,
            _member.c.until.in_((0, hidden)),
        )
        query = select(func.count(_table.c.member_id.distinct())).where(_table.c.since != hidden, is_here)
        return self._connection.execute(query).scalar_one()

    def totals(self, batch: int) -> tuple[int, int, int, int]:
        """Return entries, points, principal and bonus of a batch."""
        query = select(
            func.count(),
            func.coalesce(func.sum(_table.c.points), 0),
            func.coalesce(func.sum(_table.c.principal), 0),
            func.coalesce(func.sum(_table.c.bonus), 0),
        ).where(_table.c.since == batch)
        count, points, principal, bonus = self._connection.execute(query).one()
        return count, points, principal, bonus

    def remove(self, batch: int, limit: int) -> int:
        """Remove entries of a batch that is taken back; return how many were."""
        query = select(_table.c.sha256, _table.c.row).where(_table.c.since == batch).limit(limit)
        rows = self._connection.execute(query).all()
        for sha256, row in rows:
            self._connection.execute(
                delete(OpeningBalanceRow).where(_table.c.sha256 == sha256, _table.c.row == row)
            )
        return len(rows)
