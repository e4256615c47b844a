"""What is parked is shown at the desk: one item for each till, kind of fact and reason, however many facts there are.

Decides which reasons are told here; a sale that clashes with another has an item of its own. The item goes once none of
its facts is parked any more. What sealed words of somebody who was erased said is settled: her key is gone for good.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, select, update

from pos_app.domain.desk import DeskItem, ItemId, ItemKind, Version
from pos_app.domain.facts.envelope import Envelope, decode
from pos_app.domain.facts.members import MemberEdited, MemberRegistered
from pos_app.domain.values.ids import MerchantId
from pos_app.domain.values.moments import to_ms
from sync.platform import desk, tables
from sync.platform.books import Books, Room
from sync.platform.feed import hold
from sync.platform.projecting import UNKNOWN_KIND, UNREADABLE, Accepted, Origin, Outcome, content_of
from sync.platform.sales import SOLD_AGAIN
from sync.protocol.messages import FactState

BUG = "bug"
TOLD = frozenset((UNKNOWN_KIND, UNREADABLE, SOLD_AGAIN, BUG))
ERASED = "member.erased"
SEALED = ("member.registered", "member.edited")
"""Kinds of facts whose words only the member's key opens."""
_AT_ONCE = 400
_fact, _member = tables.fact, tables.member


def tell_parked(
    room: Room, origin: Origin, accepted: Sequence[Accepted], outcomes: Mapping[int, Outcome]
) -> None:
    """Put on the desk what was parked of a push."""
    firsts: dict[tuple[str, str], Accepted] = {}
    for fact in accepted:
        outcome = outcomes.get(fact.at.seq)
        if outcome is not None and outcome.state is FactState.PARKED and outcome.why in TOLD:
            firsts.setdefault((fact.envelope.kind, outcome.why), fact)
    if not firsts:
        return
    with room.connection.begin_nested():
        books = Books(room)
        for (kind, why), fact in firsts.items():
            desk.tell_parked(books, _item(books, origin, fact, (kind, why)), (origin.till, fact.at))
        books.close()


def _item(books: Books, origin: Origin, fact: Accepted, told: tuple[str, str]) -> DeskItem:
    kind, why = told
    version = Version(
        shop=origin.shop,
        till_code=origin.till_code,
        staff=fact.envelope.staff,
        at_ms=to_ms(fact.envelope.at),
        text=why,
    )
    return DeskItem(
        item_id=item_id(origin.till, kind, why),
        kind=ItemKind.PARKED,
        at_ms=books.room.now_ms,
        about=kind,
        first=version,
        second=version,
    )


def item_id(till: UUID, kind: str, why: str) -> ItemId:
    """Return the id of the item about a till's facts of a kind that are parked for a reason."""
    return desk.item_id(ItemKind.PARKED, till.bytes, kind.encode(), why.encode())


def clear_parked(room: Room, till: UUID, kinds: Sequence[str], why: str = UNKNOWN_KIND) -> None:
    """Take items off the desk whose facts were all read by now."""
    with room.connection.begin_nested():
        books = Books(room)
        for kind in dict.fromkeys(kinds):
            left = select(_fact.c.seq).where(
                _fact.c.merchant_id == room.merchant.bytes,
                _fact.c.till_id == till.bytes,
                _fact.c.state == FactState.PARKED.value,
                _fact.c.kind == kind,
                _fact.c.why == why,
            )
            if room.connection.execute(left.limit(1)).first() is None:
                desk.take_off(books, item_id(till, kind, why))
        books.close()


def settle_erased(room: Room, accepted: Sequence[Accepted], outcomes: dict[int, Outcome]) -> None:
    """Settle what cannot be read of people whom these facts erased: among these facts, and among those parked before.

    Who was signed up and erased before her till first reached the platform comes without a key: nobody is to be asked
    about her.
    """
    if all(fact.envelope.kind != ERASED for fact in accepted):
        return
    sealed = {
        fact.at.seq: about
        for fact in accepted
        if outcomes.get(fact.at.seq, Outcome()).why == UNREADABLE
        and (about := _about(fact.envelope)) is not None
    }
    gone = erased_among(room.connection, room.merchant, sealed.values())
    outcomes.update({seq: Outcome() for seq, about in sealed.items() if about in gone})
    settle_kept(room)


def settle_kept(room: Room) -> int:
    """Settle what was parked of people who were erased since, and take it off the desk; return how many facts."""
    hold(room.connection, room.merchant)
    parked = (
        _fact.c.merchant_id == room.merchant.bytes,
        _fact.c.state == FactState.PARKED.value,
        _fact.c.why == UNREADABLE,
        _fact.c.kind.in_(SEALED),
    )
    rows = room.connection.execute(select(_fact).where(*parked)).all()
    sealed = [(row, about) for row in rows if (about := _about(decode(row.body))) is not None]
    gone = erased_among(room.connection, room.merchant, (about for _row, about in sealed))
    settled = [row for row, about in sealed if about in gone]
    for row in settled:
        place = (_fact.c.till_id == row.till_id, _fact.c.epoch == row.epoch, _fact.c.seq == row.seq)
        done = {"state": FactState.PROJECTED.value, "why": ""}
        room.connection.execute(update(_fact).where(*parked, *place, _fact.c.hash == row.hash).values(**done))
    for till in dict.fromkeys(row.till_id for row in settled):
        kinds = [row.kind for row in settled if row.till_id == till]
        clear_parked(room, UUID(bytes=till), kinds, UNREADABLE)
    return len(settled)


def _about(envelope: Envelope) -> bytes | None:
    """Return whom a sealed fact is about; None for one of which not even that can be read."""
    content = content_of(envelope)
    return content.member.bytes if isinstance(content, MemberRegistered | MemberEdited) else None


def erased_among(connection: Connection, merchant: MerchantId, members: Iterable[bytes]) -> set[bytes]:
    """Return those of these members who were erased."""
    wanted, found = list(dict.fromkeys(members)), set[bytes]()
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(_member.c.member_id).where(
            _member.c.merchant_id == merchant.bytes,
            _member.c.member_id.in_(wanted[start : start + _AT_ONCE]),
            _member.c.erased == 1,
        )
        found |= set(connection.execute(query).scalars())
    return found
