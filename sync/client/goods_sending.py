"""How many facts go in a push, and which documents go beside them.

The documents of a fact go with it or before it, never after: whoever knows the fact has the goods. What is brought
along as a whole fills what room is left. Decides how much fits; reads one state of the books, so that facts and
documents agree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec

from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import VariantId
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import EnrolWay, SyncLink
from sync.client.goods import Thing, gone, offered, offered_together, touched
from sync.client.goods_bringing import BACK, Progress, Walk, joined, progress_of, step, walk_from
from sync.protocol.documents import Kind
from sync.protocol.messages import Offered

MOST_DOCUMENTS = 500
MOST_BYTES = 1_000_000
Place = tuple[int, int]
"""Epoch and seq of a fact."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a push may hold: facts, documents, and bytes of each; and whether goods are brought along beside them."""

    facts: int
    documents: int = MOST_DOCUMENTS
    size: int = MOST_BYTES
    carries: bool = True


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many documents of a fact went ahead of it, since it has more than a push holds."""

    place: Place = (0, 0)
    count: int = 0


NONE_AHEAD = Ahead()


@dataclass(frozen=True, slots=True)
class Luggage:
    """What goes: facts, documents, and what is to be remembered once they are there."""

    entries: tuple[JournalEntry, ...]
    documents: tuple[Offered, ...]
    progress: Progress
    ahead: Ahead = NONE_AHEAD


@dataclass(slots=True)
class _Case:
    """What is packed so far."""

    tx: Tx
    room: Room
    documents: dict[Thing, Offered] = field(default_factory=dict)
    size: int = 0

    def put(self, thing: Thing, document: Offered | None) -> bool:
        """Pack a document unless there is no room; the first one always has room."""
        if document is None or thing in self.documents:
            return True
        size = len(document.body)
        full = len(self.documents) >= self.room.documents or self.size + size > self.room.size
        if full and self.documents:
            return False
        self.documents[thing] = document
        self.size += size
        return True


def pack(
    tx: Tx, link: SyncLink, entries: Iterable[JournalEntry], room: Room, ahead: Ahead = NONE_AHEAD
) -> Luggage:
    """Return what the next push holds; `ahead` is what the one before left.

    The progress is what `SyncLink.uploading` says once all of it was acknowledged.
    """
    case, hlc = _Case(tx, room), tx.journal.head().hlc
    progress = progress_of(link.uploading)
    taken: list[JournalEntry] = []
    started: Walk | None = None
    size, left = 0, NONE_AHEAD
    for entry in entries:
        size += len(entry.body)
        if taken and (size > room.size or entry.epoch != taken[0].epoch):
            break
        place = (entry.epoch, entry.seq)
        if place > progress.silent:
            things = _things(tx, link, entry)
            done = ahead.count if ahead.place == place else 0
            put = _put_all(case, things[done:], hlc)
            if done + put < len(things):
                left = Ahead(place, done + put)
                break
            started = joined(started, walk_from(tx, entry))
        taken.append(entry)
    if room.carries:
        progress = replace(progress, walk=_bring(case, progress.walk))
    progress = replace(progress, walk=joined(progress.walk, started))
    return Luggage(tuple(taken), tuple(case.documents.values()), progress, left)


def _put_all(case: _Case, things: Sequence[Thing], hlc: Hlc) -> int:
    """Pack the documents of a fact; return how many found room."""
    for count, thing in enumerate(things):
        seen = case.tx.documents.seen(thing.kind.value, thing.id) or 0
        if not case.put(thing, offered(case.tx, thing, hlc, seen)):
            return count
    return len(things)


def _bring(case: _Case, walk: Walk | None) -> Walk | None:
    """Fill the room that is left with what is brought along as a whole; return where the walk stands then."""
    while walk is not None:
        left = case.room.documents - len(case.documents)
        if left <= 0:
            return walk
        next_step = step(case.tx, walk, left)
        things = next_step.things
        if next_step.are_gone:
            documents: list[Offered | None] = [gone(thing, walk.hlc) for thing in things]
        else:
            documents = offered_together(case.tx, things, walk.hlc)
        if walk.since == BACK:
            documents = [document and _with_seen(case.tx, document) for document in documents]
        for thing, document, place in zip(things, documents, next_step.places, strict=True):
            if not case.put(thing, document):
                return walk
            walk = place
        walk = next_step.after
    return None


def _with_seen(tx: Tx, offer: Offered) -> Offered:
    return msgspec.structs.replace(offer, seen=tx.documents.seen(offer.kind, offer.id) or 0)


def _things(tx: Tx, link: SyncLink, entry: JournalEntry) -> Sequence[Thing]:
    things = touched(tx, entry)
    if link.way != EnrolWay.JOIN:
        return things
    return [thing for thing in things if not _stays_here(tx, thing)]


def _stays_here(tx: Tx, thing: Thing) -> bool:
    """Whether goods of a till that joined are none of the merchant's: nobody else has them, and they are held back."""
    if thing.kind is not Kind.VARIANT or tx.documents.position(thing.kind.value, thing.id) is not None:
        return False
    variant = tx.catalogue.variant(VariantId(UUID(bytes=thing.id)))
    return variant is not None and variant.flags.quarantined
