"""What becomes of a document here, by its kind: a table of small functions, and members, who come by the thousand.

Decides what is written and what is kept of a document; when, and what waits for this till's own facts, is `pulling`.
What can be made ready without the books is made ready before a transaction begins.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from uuid import UUID

import msgspec

from pos_app.domain.members import KeyKind, Member
from pos_app.domain.records import Changed, MemberRecord
from pos_app.domain.search import member_keys, member_text
from pos_app.domain.values.ids import MemberId, ShopId, SubjectId
from pos_app.domain.values.moments import from_ms, to_ms
from pos_app.services.member_traces import forget
from pos_app.services.ports.people import FetchedMember
from pos_app.services.ports.store import Tx
from sync.protocol.documents import BODIES, VERSION, Kind, MemberDocument
from sync.protocol.messages import Document


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that came in: its body as read, None when it is gone; `ready` is what was made of it before."""

    document: Document
    body: msgspec.Struct | None
    ready: FetchedMember | None = None


ApplyOne = Callable[[Tx, Document, msgspec.Struct | None], bytes | None]
"""Writes one document, whose body is None when it is gone; returns what is to be kept of it among the documents, None
for nothing. Applied twice, it has the same outcome."""


class Applier(Protocol):
    """What applies the documents of a kind."""

    def ready(self, arrival: Arrival) -> Arrival:
        """Make a document ready to be written, with no transaction open."""
        ...

    def apply(self, tx: Tx, arrivals: Sequence[Arrival], now_ms: int) -> Sequence[bytes | None]:
        """Write documents, each of another thing; return what is to be kept of each."""
        ...


class OneByOne:
    """Applies documents with a function for one of them."""

    def __init__(self, apply: ApplyOne) -> None:
        self._apply = apply

    def ready(self, arrival: Arrival) -> Arrival:
        """There is nothing to make ready."""
        return arrival

    def apply(self, tx: Tx, arrivals: Sequence[Arrival], _now_ms: int) -> Sequence[bytes | None]:
        """Write documents one after the other."""
        return [self._apply(tx, arrival.document, arrival.body) for arrival in arrivals]


Appliers = Mapping[Kind, Applier]


class Gone:
    """How often the feed took members away from this till since it was started.

    Counted before the transaction that does it is committed: whoever looks within a later one knows of it.
    """

    def __init__(self) -> None:
        self.count = 0

    def note(self) -> None:
        """Count one."""
        self.count += 1


def appliers(here: ShopId, goods: Mapping[Kind, ApplyOne], gone: Gone | None = None) -> Appliers:
    """Return what applies each kind at a till of the shop `here`; `goods` are the kinds that tills write whole.

    `gone` counts the members that the feed takes away.
    """
    members = MemberApplier(here)
    members.gone = gone or members.gone
    table: dict[Kind, Applier] = {
        Kind.MEMBER: members,
        Kind.DESK: OneByOne(as_it_is),
        Kind.SHOP: OneByOne(as_it_is),
        Kind.TILL: OneByOne(as_it_is),
    }
    return table | {kind: OneByOne(function) for kind, function in goods.items()}


def read(document: Document, known: Appliers) -> Arrival | None:
    """Return a document as it is read here, made ready; None for what this program does not understand."""
    if document.kind not in known:
        return None
    kind = Kind(document.kind)
    if document.gone:
        return Arrival(document, None)
    if document.version > VERSION:
        return None
    try:
        body = _decoder(kind).decode(document.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return known[kind].ready(Arrival(document, body))


@cache
def _decoder(kind: Kind) -> msgspec.json.Decoder[msgspec.Struct]:
    return msgspec.json.Decoder(BODIES[kind])


def as_it_is(_tx: Tx, document: Document, body: msgspec.Struct | None) -> bytes | None:
    """Keep a document whole, for there is no table of its own."""
    return None if body is None else document.body


class MemberApplier:
    """Applies members at a till of the shop `here`; what all shops know of one is kept as a MemberRecord (JSON)."""

    def __init__(self, here: ShopId, keys: Callable[[str], Sequence[str]] = member_keys) -> None:
        self._here, self._keys = here, keys
        self.gone = Gone()

    def ready(self, arrival: Arrival) -> Arrival:
        """Compute what finds a member: it takes longer than writing her."""
        body = arrival.body
        if not isinstance(body, MemberDocument) or body.member is None:
            return arrival
        return Arrival(arrival.document, body, self._fetched(body.member, body.record))

    def _fetched(self, member: Member, record: MemberRecord) -> FetchedMember:
        profile = member.profile
        text = member_text(profile.name, [k.value for k in profile.keys if k.kind is KeyKind.PHONE])
        done = {change.what for change in record.changes}
        is_imported = Changed.IMPORTED in done and Changed.REGISTERED not in done
        seen_here = max((each.last_ms for each in record.shops if each.shop == self._here), default=0)
        if member.joined_shop == self._here and not is_imported:
            seen_here = max(seen_here, to_ms(member.joined_at))
        return FetchedMember(
            member=member,
            text=text,
            search=tuple(self._keys(text)),
            seen_here_ms=seen_here,
            is_own=not is_imported or bool(record.shops) or done != {Changed.IMPORTED},
        )

    def apply(self, tx: Tx, arrivals: Sequence[Arrival], now_ms: int) -> Sequence[bytes | None]:
        """Write members, then who is an alias now, then who is gone."""
        tx.members.put([arrival.ready for arrival in arrivals if arrival.ready is not None])
        for arrival in arrivals:
            member = MemberId(UUID(bytes=arrival.document.id))
            if isinstance(arrival.body, MemberDocument) and arrival.body.alias_of is not None:
                tx.members.alias(member, arrival.body.alias_of)
            elif arrival.body is None:
                self.gone.note()
                if _is_here(tx, member):
                    forget(tx, member, from_ms(now_ms))
                # The platform may tell of the same id again one day, such as of an import that was taken back.
                tx.members.drop_erased(member)
        return [kept_of(arrival.body) for arrival in arrivals]


def _is_here(tx: Tx, member: MemberId) -> bool:
    """Whether anything personal of a member is here: nobody else needs to be scrubbed from the files."""
    return tx.members.has_fields(member) or tx.subject_keys.get(SubjectId(member)) is not None


_NOTHING = MemberRecord()
_encode = msgspec.json.Encoder().encode


def kept_of(body: msgspec.Struct | None) -> bytes | None:
    """Return what is kept of a member's document among the documents: what all shops know, None for nothing."""
    if not isinstance(body, MemberDocument) or body.record == _NOTHING:
        return None
    return _encode(body.record)
