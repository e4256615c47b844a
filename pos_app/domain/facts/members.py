"""Facts of members. Personal fields stand sealed in `sealed` (a Profile as JSON, see `services.sealing`).

Decides their version 1.
"""

import msgspec

from pos_app.domain.members import Consent, Replaced
from pos_app.domain.values.ids import ApprovalId, MemberId, ShopId, StaffId


class MemberRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody became a member."""

    member: MemberId
    shop: ShopId
    sealed: str
    consents: tuple[Consent, ...]


class MemberEdited(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member's fields were changed; `fields` names them, `sealed` holds their new values.

    `seen` is the position of the platform's document that the editor had before her; None where none was sent yet.
    """

    member: MemberId
    fields: tuple[str, ...]
    sealed: str
    seen_hlc: int
    seen: int | None = None


class ConsentChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A consent was given or withdrawn; `seen` is as in MemberEdited."""

    member: MemberId
    consent: Consent
    seen: int | None = None


class MemberErased(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member's personal fields were erased; the ledgers stay, anonymous."""

    member: MemberId
    reason: str
    approver: StaffId | None = None
    approval: ApprovalId | None = None


class MemberRevealed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who sees masked numbers looked at a whole one; `field` says what was shown."""

    member: MemberId
    field: str


class MemberExported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is kept of one member was written out, for her."""

    member: MemberId


class MembersExported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Members were written to a file, which names who and when."""

    members: int


class CardIssued(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member got a card; its number stands among her keys, sealed in `member.edited`."""

    member: MemberId


class CardReplaced(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member's card was lost and replaced; the old number finds her still, or is refused."""

    member: MemberId
    replaced: Replaced


class CardsPrinted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Cards of members were set into a file to be printed, `cards` in all; no number of a card is ever in a fact."""

    members: tuple[MemberId, ...]
    cards: int


class MembersMerged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Two records were found to be one person's: `other` is an alias of `member` from now on."""

    member: MemberId
    other: MemberId


class MembersUnmerged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A merge was taken back: `other` stands for itself again."""

    member: MemberId
    other: MemberId
