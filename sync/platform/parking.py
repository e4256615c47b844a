"""What is parked is shown at the desk: one item for each till, kind of fact and reason, however many facts there are.

Decides which reasons are told here; a sale that clashes with another has an item of its own. The item goes once none of
its facts is parked any more.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from pos_app.domain.desk import DeskItem, ItemId, ItemKind, Version
from pos_app.domain.values.moments import to_ms
from sync.platform import desk, tables
from sync.platform.books import Books, Room
from sync.platform.projecting import UNKNOWN_KIND, UNREADABLE, Accepted, Origin, Outcome
from sync.platform.sales import SOLD_AGAIN
from sync.protocol.messages import FactState

BUG = "bug"
TOLD = frozenset((UNKNOWN_KIND, UNREADABLE, SOLD_AGAIN, BUG))
_fact = tables.fact


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
