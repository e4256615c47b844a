"""What accepted facts mean for a merchant's records, in the order of the till's journal.

Decides which kinds of facts touch records, and that one which cannot be made sense of is parked and stands in nobody's
way (SYNC.md §3). Runs in the transaction that stores the facts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from pos_app.domain.facts import codec, members, sales, sync
from pos_app.domain.facts.envelope import Envelope
from pos_app.domain.facts.imports import ImportPublished, ImportWithdrawn, MembersStaged
from pos_app.domain.facts.shop import KeyChanged, ShopFounded
from pos_app.domain.records import Changed
from pos_app.domain.values.ids import MemberId, ShopId, TillId
from pos_app.domain.values.moments import to_ms
from sync.platform import claims, deciding, desk, imports, together
from sync.platform.books import Books
from sync.platform.claims import Claim
from sync.platform.database import leave_no_trace
from sync.platform.folding import Folded, MemberState, Said, changed, consented, registered
from sync.platform.imports import published, staged, withdrawn
from sync.platform.sales import Placed, SalesBook
from sync.platform.subjects import Keys, keys_of, opened
from sync.platform.till_keys import told_key
from sync.protocol.messages import FactState, Position

UNKNOWN_KIND, UNREADABLE, NO_ITEM = "unknown_kind", "unreadable", "no_item"
TOUCHING = frozenset(
    (
        "sale.committed",
        "member.registered",
        "member.edited",
        "member.consent_changed",
        "member.erased",
        "member.merged",
        "member.unmerged",
        "card.issued",
        "card.replaced",
        "import.members_staged",
        "import.published",
        "import.withdrawn",
        "desk.decided",
        "shop.founded",
        "till.key_changed",
    )
)
"""Kinds of facts that change records; all others are kept as they are."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose facts are projected: the till, its code and shop, and how its clock is to be read."""

    till: TillId
    till_code: str
    shop: ShopId
    clock: Callable[[int], int]
    """From an HLC of the till to the one that counts (SYNC.md §7)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A fact that was accepted: its place, its envelope, its content (None for what cannot be read)."""

    at: Position
    envelope: Envelope
    content: msgspec.Struct | None = None


@dataclass(slots=True)
class Outcome:
    """What became of a fact."""

    state: FactState = FactState.PROJECTED
    why: str = ""


@dataclass(slots=True)
class _Work:
    books: Books
    origin: Origin
    sales: SalesBook
    keys: Keys
    claims: list[Claim] = field(default_factory=list)


def project(books: Books, origin: Origin, facts: Sequence[Accepted]) -> list[Outcome]:
    """Project facts in their order; return what became of each."""
    read = [Accepted(f.at, f.envelope, content_of(f.envelope)) for f in facts]
    books.load(_members(read))
    placed = [
        Placed(f.content.sale, origin.till, f.at) for f in read if isinstance(f.content, sales.SaleCommitted)
    ]
    work = _Work(books, origin, SalesBook(books, placed), _keys(books, read))
    outcomes = [_one(work, fact) for fact in read]
    work.sales.write()
    claims.settle(books, work.claims)
    return outcomes


def is_unknown(envelope: Envelope) -> bool:
    """Whether a newer program made a fact: it is kept, and read when this one is as new."""
    known = codec.KINDS.get(envelope.kind)
    return known is None or envelope.version > known[1]


def content_of(envelope: Envelope) -> msgspec.Struct | None:
    """Return what a fact that touches records says; None for what cannot be read, and for all other facts."""
    if is_unknown(envelope) or envelope.kind not in TOUCHING:
        return None
    try:
        return codec.decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    except (msgspec.MsgspecError, codec.UnknownFactError, ValueError, RecursionError):
        return None


def _members(facts: Sequence[Accepted]) -> list[bytes]:
    """Return the members whom facts name, to be read at once."""
    named: list[bytes] = []
    for fact in facts:
        content: Any = fact.content
        if isinstance(content, sales.SaleCommitted):
            if content.sale.member is not None:
                named.append(content.sale.member.member.bytes)
        elif isinstance(getattr(content, "member", None), UUID):
            named.append(content.member.bytes)
    return named


def _keys(books: Books, facts: Sequence[Accepted]) -> Keys:
    """Return the keys that open what members' facts seal."""
    wanted = [
        fact.content.member.bytes
        for fact in facts
        if isinstance(fact.content, members.MemberRegistered | members.MemberEdited)
    ]
    return keys_of(books, wanted)


def _one(work: _Work, fact: Accepted) -> Outcome:
    if is_unknown(fact.envelope):
        return Outcome(FactState.PARKED, UNKNOWN_KIND)
    if fact.envelope.kind not in TOUCHING:
        return Outcome()
    if fact.content is None:
        return Outcome(FactState.PARKED, UNREADABLE)
    why = _DOING[type(fact.content)](work, fact, fact.content)
    return Outcome(FactState.PARKED, why) if why else Outcome()


def said_of(origin: Origin, envelope: Envelope, seen: int | None = None) -> Said:
    """Return who says what an envelope holds, with its clock as the platform takes it."""
    return Said(
        till=origin.till,
        till_code=origin.till_code,
        shop=origin.shop,
        staff=envelope.staff,
        at_ms=to_ms(envelope.at),
        hlc=origin.clock(envelope.hlc),
        seen=seen,
    )


def _sale(work: _Work, fact: Accepted, content: sales.SaleCommitted) -> str:
    return work.sales.take(Placed(content.sale, work.origin.till, fact.at))


def _registered(work: _Work, fact: Accepted, content: members.MemberRegistered) -> str:
    member = content.member.bytes
    if work.books.is_erased(member):
        return ""
    profile = opened(work.books, work.keys, content.member, content.sealed)
    if profile is None:
        return UNREADABLE
    before = work.books.state(member)
    if before.registered:
        return ""
    said = said_of(work.origin, fact.envelope)
    folded = registered(before, said, profile, content.consents, Changed.REGISTERED)
    work.books.save(folded.state)
    _tell(work, before, folded, said)
    return ""


def _edited(work: _Work, fact: Accepted, content: members.MemberEdited) -> str:
    member = content.member.bytes
    if work.books.is_erased(member):
        return ""
    news = opened(work.books, work.keys, content.member, content.sealed)
    if news is None:
        return UNREADABLE
    before = work.books.state(member)
    said = said_of(work.origin, fact.envelope, content.seen)
    _tell(work, before, together.edit(work.books, member, said, content.fields, news), said)
    return ""


def _tell(work: _Work, before: MemberState, folded: Folded, said: Said) -> None:
    """Claim the keys that are new, let go of those that were given up, tell what was lost."""
    state = folded.state
    claimed, given_up = claims.keys_moved(before, state)
    claims.release(work.books, (state.member.bytes,), given_up, said)
    work.claims += [Claim(key, state.member.bytes, said) for key in claimed]
    for loss in folded.losses:
        desk.tell_loss(work.books, state.member.bytes, loss)


def _consent(work: _Work, fact: Accepted, content: members.ConsentChanged) -> str:
    if not work.books.is_erased(content.member.bytes):
        said = said_of(work.origin, fact.envelope, content.seen)
        work.books.save(consented(work.books.state(content.member.bytes), said, content.consent))
    return ""


def _erased(work: _Work, fact: Accepted, content: members.MemberErased) -> str:
    """Erase a person: every id that she is known by, and what the desk holds of her."""
    everything = work.books.group(content.member.bytes)
    keys = [key for one in everything for key in work.books.state(one).profile.keys if not key.shared]
    claims.release(work.books, everything, keys, said_of(work.origin, fact.envelope))
    desk.forget(work.books, everything)
    imports.forget(work.books, [MemberId(UUID(bytes=one)) for one in everything])
    for member in everything:
        work.books.erase(member)
    leave_no_trace(work.books.room.connection)
    return ""


def _card(work: _Work, fact: Accepted, content: members.CardIssued | members.CardReplaced) -> str:
    if not work.books.is_erased(content.member.bytes):
        state = work.books.state(content.member.bytes)
        work.books.save(changed(state, said_of(work.origin, fact.envelope), Changed.CARD))
    return ""


def _merged(work: _Work, fact: Accepted, content: members.MembersMerged) -> str:
    claims.merge(work.books, content.member.bytes, content.other.bytes, said_of(work.origin, fact.envelope))
    for member in (content.member, content.other):
        work.books.name(member.bytes)
    return ""


def _unmerged(work: _Work, fact: Accepted, content: members.MembersUnmerged) -> str:
    said = said_of(work.origin, fact.envelope)
    joined = claims.parted_from(work.books, content.member.bytes, content.other.bytes)
    if joined is not None:
        claims.unmerge(work.books, joined, said)
    for member in (content.member, content.other):
        work.books.name(member.bytes)
    return ""


def _decided(work: _Work, fact: Accepted, content: sync.DeskDecided) -> str:
    # What is decided about may be a sale of this very push.
    work.sales.write()
    done = deciding.decided(work.books, said_of(work.origin, fact.envelope), content)
    return "" if done else NO_ITEM


def _staged(work: _Work, fact: Accepted, content: MembersStaged) -> str:
    staged(work.books, work.origin.till, fact.at, content)
    return ""


def _published(work: _Work, fact: Accepted, content: ImportPublished) -> str:
    published(work.books, content.batch)
    return ""


def _withdrawn(work: _Work, fact: Accepted, content: ImportWithdrawn) -> str:
    withdrawn(work.books, content.batch)
    return ""


def _key(work: _Work, fact: Accepted, content: ShopFounded | KeyChanged) -> str:
    since_ms = to_ms(fact.envelope.at)
    return "" if told_key(work.books, work.origin.till, content, since_ms) else UNREADABLE


_DOING: dict[type[msgspec.Struct], Callable[[_Work, Accepted, Any], str]] = {
    sales.SaleCommitted: _sale,
    members.MemberRegistered: _registered,
    members.MemberEdited: _edited,
    members.ConsentChanged: _consent,
    members.MemberErased: _erased,
    members.CardIssued: _card,
    members.CardReplaced: _card,
    members.MembersMerged: _merged,
    members.MembersUnmerged: _unmerged,
    MembersStaged: _staged,
    ImportPublished: _published,
    ImportWithdrawn: _withdrawn,
    sync.DeskDecided: _decided,
    ShopFounded: _key,
    KeyChanged: _key,
}
