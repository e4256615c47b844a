"""The members of one transaction in SQLite.

Decides what is written when a member is signed up, edited, seen or erased, and keeps versions apart while an import
is under way; look-up is `lookup`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, text, update

from pos_app.domain.members import Member, MemberKey, Replaced
from pos_app.domain.search import member_keys
from pos_app.domain.values.ids import MemberId
from pos_app.persistence.base import to_id, to_ms
from pos_app.persistence.imports import Pending, pending
from pos_app.persistence.members.aliases import UNLINK, beneath, canonical, link
from pos_app.persistence.members.bulk import INSERT, INSERT_KEY, INSERT_SEARCH
from pos_app.persistence.members.fetched import FetchedMembers
from pos_app.persistence.members.lookup import LookUp, is_refused
from pos_app.persistence.members.rows import (
    MemberKeyRow,
    MemberRow,
    MemberSearchRow,
    body_of,
    member_of,
    profile_of,
    row_of,
    text_of,
)
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.settings import SqlSettings
from pos_app.services.ports.people import FetchedMember, Listing

_VERSIONS = Prepared(text("SELECT * FROM member WHERE member_id = :member"))
_EDITED = Prepared(
    update(MemberRow)
    .where(MemberRow.no == bindparam("number"))
    .values(search=bindparam("texts"), body=bindparam("content"), since=0, until=0)
)
_VISITED = Prepared(
    text(
        "UPDATE member SET last_visit_at = :moment, seen_here_at = max(seen_here_at, :moment),"
        " seen_at = max(seen_at, :moment), visits = visits + 1 WHERE member_id = :member"
        " AND search IS NOT NULL RETURNING since, until"
    )
)
_ADOPTED = Prepared(update(MemberRow).where(MemberRow.no == bindparam("number")).values(since=0, until=0))
_ERASED = Prepared(
    text(
        "UPDATE member SET search = NULL, body = NULL, erased_at = :moment, since = 0, until = 0 WHERE no = :no"
    )
)
_HIDDEN = Prepared(text("UPDATE member SET search = NULL, since = 0, until = 0 WHERE no = :no"))
_REMOVE = Prepared(text("DELETE FROM member WHERE no = :no"))
_REMOVE_KEY = Prepared(
    delete(MemberKeyRow).where(
        MemberKeyRow.kind == bindparam("kind"),
        MemberKeyRow.value == bindparam("value"),
        MemberKeyRow.no == bindparam("no"),
    )
)
_REMOVE_SEARCH = Prepared(
    delete(MemberSearchRow).where(
        MemberSearchRow.key == bindparam("key"), MemberSearchRow.no == bindparam("no")
    )
)
_COUNT = Prepared(
    text("SELECT coalesce(sum(live), 0) FROM member_count WHERE since <> :hidden AND until IN (0, :hidden)")
)


class SqlMembers:
    """The members of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _pending(self) -> Pending:
        return pending(self._connection)

    @cached_property
    def _look_up(self) -> LookUp:
        return LookUp(self._connection, self._pending)

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member, for an alias her owner; None when unknown or erased."""
        row = self._counting(self._versions(member_id))
        if row is None or row.search is None:
            owner = self.canonical(member_id)
            row = None if owner == member_id else self._counting(self._versions(owner))
        return None if row is None or row.search is None else member_of(row)

    def _versions(self, member_id: MemberId) -> list[Row[Any]]:
        return list(_VERSIONS.run(self._connection, member=member_id.bytes))

    def _counting(self, versions: Sequence[Row[Any]]) -> Row[Any] | None:
        hidden = self._pending.hidden
        return next((v for v in versions if v.since != hidden and v.until in (0, hidden)), None)

    def by_key(self, kind: str, value: str) -> Member | None:
        """Return the member that owns a key; of several on a shared phone its owner, else who came last."""
        found = self.of_key(kind, value)
        return found[0] if found else None

    def of_key(self, kind: str, value: str) -> Sequence[Member]:
        """Return everybody on a key, the owner first, then by last visit; a refused card finds nobody."""
        rows = [r for r in self._look_up.of_key(kind, value) if not is_refused(r, kind, value)]
        rows.sort(key=lambda row: (row.seen_here_at, row.seen_at, row.no), reverse=True)
        members = [member_of(row) for row in rows]
        return sorted(members, key=lambda member: _key(member, kind, value).shared)

    def key_state(self, kind: str, value: str) -> MemberKey | None:
        """Return a key as its owner has it, refused or not; None when nobody has it."""
        members = [member_of(row) for row in self._look_up.of_key(kind, value)]
        keys = sorted((_key(m, kind, value) for m in members), key=lambda k: (k.shared, _is_refused(k)))
        return keys[0] if keys else None

    def look_up(self, text: str, limit: int, offset: int = 0) -> Listing:
        """Return members whom a text finds, `limit` after the first `offset` (see the port)."""
        return self._look_up.find(text, limit, offset)

    def save(self, member: Member) -> None:
        """Write a new member, or an edited one's fields and keys; visits are kept."""
        versions = self._versions(member.member_id)
        before = self._counting(versions)
        if before is None:
            self._insert(member)
            return
        self._edit(before, member)
        for other in versions:
            if other.no != before.no:
                self._remove(other)

    def _insert(self, member: Member) -> None:
        settings = SqlSettings(self._connection).load()
        row = row_of(member, settings.shop_id if settings else None)
        no = INSERT.run(self._connection, **row, no=None, since=0, until=0).lastrowid
        self._change_keys(no, (set(), _keys(member)), (set(), set(member_keys(row["search"]))))

    def _edit(self, before: Row[Any], member: Member) -> None:
        texts = text_of(member)
        _EDITED.run(self._connection, number=before.no, texts=texts, content=body_of(member))
        old = {(k.kind.value, k.value) for k in profile_of(before.body).keys} if before.body else set()
        found = set(member_keys(before.search or ""))
        self._change_keys(before.no, (old, _keys(member)), (found, set(member_keys(texts))))

    def _change_keys(
        self,
        no: int,
        keys: tuple[set[tuple[str, str]], set[tuple[str, str]]],
        search: tuple[set[str], set[str]],
    ) -> None:
        """Remove the keys that stand only before, write those that stand only after."""
        run = self._connection
        old, new = keys
        _REMOVE_KEY.run_many(run, ({"kind": k, "value": v, "no": no} for k, v in sorted(old - new)))
        INSERT_KEY.run_many(run, ({"kind": k, "value": v, "no": no} for k, v in sorted(new - old)))
        found, finds = search
        _REMOVE_SEARCH.run_many(run, ({"key": key, "no": no} for key in sorted(found - finds)))
        INSERT_SEARCH.run_many(run, ({"key": key, "no": no} for key in sorted(finds - found)))

    def _remove(self, version: Row[Any]) -> None:
        """Remove a version that no longer matters, with its keys."""
        self._forget_keys(version)
        _REMOVE.run(self._connection, no=version.no)

    def _forget_keys(self, version: Row[Any]) -> None:
        keys = {(k.kind.value, k.value) for k in profile_of(version.body).keys} if version.body else set()
        self._change_keys(version.no, (keys, set()), (set(member_keys(version.search or "")), set()))

    def visited(self, member_id: MemberId, at: datetime) -> None:
        """Count a visit to this shop, on every version; one that an import brought is the shop's own from now on."""
        found = _VISITED.run(self._connection, member=member_id.bytes, moment=to_ms(at)).all()
        if not found and (owner := self.canonical(member_id)) != member_id:
            self.visited(owner, at)
            return
        hidden = self._pending.hidden
        if any(since not in (0, hidden) and until in (0, hidden) for since, until in found):
            self._adopt(member_id)

    def _adopt(self, member_id: MemberId) -> None:
        versions = self._versions(member_id)
        counting = self._counting(versions)
        if counting is None:
            return
        for other in versions:
            if other.no != counting.no:
                self._remove(other)
        _ADOPTED.run(self._connection, number=counting.no)

    def put(self, members: Sequence[FetchedMember]) -> None:
        """Write members as a platform sent them (see the port)."""
        FetchedMembers(self._connection, self._pending).put(members)

    def alias(self, member_id: MemberId, owner: MemberId) -> None:
        """Let a member be an alias of another one; her fields stay, without any key that finds her."""
        if self.canonical(owner) == member_id:
            self.unalias(owner)
        versions = self._versions(member_id)
        before = self._counting(versions)
        if before is not None and before.search is not None:
            self._forget_keys(before)
            _HIDDEN.run(self._connection, no=before.no)
            for other in versions:
                if other.no != before.no:
                    self._remove(other)
        link(self._connection, member_id.bytes, owner.bytes)

    def unalias(self, member_id: MemberId) -> None:
        """Let an alias stand for herself again, as she was."""
        UNLINK.run(self._connection, member=member_id.bytes)
        before = self._counting(self._versions(member_id))
        if before is None or before.search is not None or before.body is None:
            return
        member = member_of(before)
        texts = text_of(member)
        _REMOVE.run(self._connection, no=before.no)
        INSERT.run(self._connection, **(dict(before._mapping) | {"search": texts}))
        self._change_keys(before.no, (set(), _keys(member)), (set(), set(member_keys(texts))))

    def canonical(self, member_id: MemberId) -> MemberId:
        """Return the id that an id stands for."""
        return MemberId(to_id(canonical(self._connection, member_id.bytes)))

    def also(self, member_id: MemberId) -> Sequence[MemberId]:
        """Return the aliases of a member, and theirs."""
        return [MemberId(to_id(each)) for each in beneath(self._connection, member_id.bytes)]

    def own(self, member_id: MemberId) -> Member | None:
        """Return the fields of an id itself (see the port)."""
        row = self._counting(self._versions(member_id))
        return None if row is None or row.body is None else member_of(row)

    def has_fields(self, member_id: MemberId) -> bool:
        """Whether personal fields of a member stand here."""
        return any(version.body is not None for version in self._versions(member_id))

    def erase(self, member_id: MemberId, at: datetime) -> None:
        """Remove a member's personal fields and keys from every version; one stays, without them."""
        versions = self._versions(member_id)
        kept = self._counting(versions)
        for version in versions:
            if kept is not None and version.no == kept.no:
                self._forget_keys(version)
                _ERASED.run(self._connection, moment=to_ms(at), no=version.no)
            else:
                self._remove(version)

    def drop_erased(self, member_id: MemberId) -> None:
        """Remove what is left of an erased member, and whose alias she was."""
        UNLINK.run(self._connection, member=member_id.bytes)
        for version in self._versions(member_id):
            if version.body is None:
                self._remove(version)

    def count(self) -> int:
        """Return how many members there are, erased ones left out."""
        count: int = _COUNT.run(self._connection, hidden=self._pending.hidden).scalar_one()
        return count


def _keys(member: Member) -> set[tuple[str, str]]:
    return {(key.kind.value, key.value) for key in member.profile.keys}


def _key(member: Member, kind: str, value: str) -> MemberKey:
    return next(k for k in member.profile.keys if k.kind.value == kind and k.value == value)


def _is_refused(key: MemberKey) -> bool:
    return key.replaced is Replaced.REFUSED
