"""What services ask of members, their keys, staff and approvals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.members import Member
from pos_app.domain.staff import Approval, Staff
from pos_app.domain.values.ids import (
    ApprovalId,
    MemberId,
    StaffId,
    SubjectId,
)


class Members(Protocol):
    """Members and their keys."""

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member."""
        ...

    def by_key(self, kind: str, value: str) -> Member | None:
        """Return the member that owns a key."""
        ...

    def search(self, text: str, limit: int) -> Sequence[Member]:
        """Return members by the last digits of a phone, a card number or the start of a name, last visit first."""
        ...

    def recent(self, limit: int) -> Sequence[Member]:
        """Return the members who came last."""
        ...

    def save(self, member: Member) -> None:
        """Write a member and the keys."""
        ...

    def visited(self, member_id: MemberId, at: datetime) -> None:
        """Count a visit."""
        ...

    def erase(self, member_id: MemberId, at: datetime) -> None:
        """Remove a member's personal fields and keys; the id stays as erased."""
        ...

    def count(self) -> int:
        """Return how many members there are."""
        ...


class SubjectKeys(Protocol):
    """The keys that seal personal fields, one a person."""

    def get(self, subject: SubjectId) -> bytes | None:
        """Return a key, or None when there is none (any more)."""
        ...

    def add(self, subject: SubjectId, key: bytes) -> None:
        """Keep a new key."""
        ...

    def delete(self, subject: SubjectId) -> None:
        """Destroy a key: what it sealed can never be read again."""
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
