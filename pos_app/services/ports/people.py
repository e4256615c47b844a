"""What services ask of members, their keys, staff and approvals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.members import Member, MemberKey
from pos_app.domain.staff import Approval, Staff
from pos_app.domain.values.ids import (
    ApprovalId,
    MemberId,
    StaffId,
    SubjectId,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the members that a text finds; `total` counts all of them, up to 1,000: there are more if `capped`."""

    members: tuple[Member, ...]
    total: int
    capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMember:
    """A member as a platform sent her, with what finds her here.

    `text` and `search` are `domain.search.member_text` and `member_keys` of her name and phones. `seen_here_ms` is her
    last visit to this shop or her sign-up here, 0 for never. `is_own` says that somebody did something to her in any
    shop: taking back the import that brought her leaves her.
    """

    member: Member
    text: str
    search: tuple[str, ...]
    seen_here_ms: int
    is_own: bool


class Members(Protocol):
    """Members and their keys.

    What a person does to a member (an edit, a visit) makes her the shop's own: taking an import back leaves her. A
    member may be an alias of another one, her owner: then no key finds her, and her id stands for the owner's.
    """

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member, for an alias her owner; None when unknown or erased."""
        ...

    def by_key(self, kind: str, value: str) -> Member | None:
        """Return the member that owns a key; of several on a shared phone its owner, else who came last.

        A card that was replaced and is refused finds nobody; one that is forwarded finds its member.
        """
        ...

    def of_key(self, kind: str, value: str) -> Sequence[Member]:
        """Return everybody on a key, the owner first, then by last visit; a refused card finds nobody."""
        ...

    def key_state(self, kind: str, value: str) -> MemberKey | None:
        """Return a key as its owner has it, refused or not; None when nobody has it."""
        ...

    def look_up(self, text: str, limit: int, offset: int = 0) -> Listing:
        """Return members whom a text finds (the rule stands in `domain.search`), `limit` after the first `offset`.

        Ranked by the last visit to this shop (a sign-up here counts as one), then the last one anywhere, then newest
        first. A blank text finds everybody.
        """
        ...

    def save(self, member: Member) -> None:
        """Write a new member, or an edited one's fields and keys; visits are kept."""
        ...

    def visited(self, member_id: MemberId, at: datetime) -> None:
        """Count a visit to this shop, for an alias as her owner's."""
        ...

    def put(self, members: Sequence[FetchedMember]) -> None:
        """Write members as a platform sent them, each at most once: fields, keys, consents and visits.

        One who was an alias stands for herself from now on; one who was erased here and not dropped stays erased.
        """
        ...

    def alias(self, member_id: MemberId, owner: MemberId) -> None:
        """Let a member be an alias of another one: no key finds her. Her fields are kept, in case it is taken back.

        Where the owner was an alias of hers, that ends.
        """
        ...

    def unalias(self, member_id: MemberId) -> None:
        """Let an alias stand for herself again, with the fields and keys she had; to others nothing happens."""
        ...

    def canonical(self, member_id: MemberId) -> MemberId:
        """Return the id that an id stands for: her owner's for an alias, else itself."""
        ...

    def also(self, member_id: MemberId) -> Sequence[MemberId]:
        """Return the aliases of a member, and theirs."""
        ...

    def own(self, member_id: MemberId) -> Member | None:
        """Return the fields of an id itself, as they were kept of an alias; None where none stand here."""
        ...

    def has_fields(self, member_id: MemberId) -> bool:
        """Whether personal fields of a member stand here, be she an alias or hidden by an import."""
        ...

    def erase(self, member_id: MemberId, at: datetime) -> None:
        """Remove a member's personal fields and keys; the id stays as erased. Her aliases are the caller's to erase."""
        ...

    def drop_erased(self, member_id: MemberId) -> None:
        """Forget that an erased member ever was: from now on she is unknown, as the platform says."""
        ...

    def count(self) -> int:
        """Return how many members there are, erased ones left out; counts them all, so not while somebody waits."""
        ...


class SubjectKeys(Protocol):
    """The keys that seal personal fields, one a person."""

    def of(self, subjects: Sequence[SubjectId]) -> Mapping[SubjectId, bytes]:
        """Return the keys of those who have one."""
        ...

    def get(self, subject: SubjectId) -> bytes | None:
        """Return a key, or None when there is none (any more)."""
        ...

    def add(self, subject: SubjectId, key: bytes) -> None:
        """Keep a new key."""
        ...

    def add_many(self, keys: Sequence[tuple[SubjectId, bytes]]) -> None:
        """Keep new keys."""
        ...

    def delete(self, subject: SubjectId) -> None:
        """Destroy a key: what it sealed can never be read again."""
        ...


class Traces(Protocol):
    """Of whom a file may still hold a copy after she was erased, until the files are scrubbed."""

    def mark(self, member_id: MemberId, at: datetime) -> None:
        """Say that the files may hold a member who was erased at that time."""
        ...

    def left(self) -> Mapping[MemberId, datetime]:
        """Return who was erased, and when, since the files were scrubbed last; the first erasure first."""
        ...

    def gone(self, members: Sequence[MemberId]) -> None:
        """Take marks off: no file holds these members any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRecord:
    """A person with the hash of the PIN and the wrong tries."""

    staff: Staff
    pin_hash: str
    wrong_tries: int = 0
    locked_until: datetime | None = None
    badge: bytes | None = None
    """SHA-256 of what the badge says; the badge itself is not kept."""


class StaffList(Protocol):
    """Staff and approvals."""

    def all(self) -> Sequence[Staff]:
        """Return everybody, by code."""
        ...

    def by_code(self, code: str) -> StaffRecord | None:
        """Return a person by the sign-in code."""
        ...

    def by_badge(self, badge: bytes) -> StaffRecord | None:
        """Return a person by the SHA-256 of a badge."""
        ...

    def get(self, staff_id: StaffId) -> StaffRecord | None:
        """Return a person."""
        ...

    def save(self, record: StaffRecord) -> None:
        """Write a person."""
        ...

    def add_approval(self, approval: Approval) -> None:
        """Keep an approval, unused."""
        ...

    def approval(self, approval_id: ApprovalId) -> Approval | None:
        """Return an approval, spent or not."""
        ...

    def use_approval(self, approval_id: ApprovalId, at: datetime) -> bool:
        """Spend an approval; return False when it was spent before."""
        ...
