"""The till's end of sync: what it sends next, and what an answer means for its books (SYNC.md §3, rules 5-7).

One call is one round: read, ask with no transaction open, write. Every call may be made again, after a crash as after a
lost answer. Decides nothing about when (the runner does) nor how bytes travel.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.shop import EpochOpened
from pos_app.domain.values.ids import SubjectId, TillId
from pos_app.services.ports.clock import Verifier
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Store, Tx
from pos_app.services.ports.syncing import SyncLink
from sync.client.goods_bringing import once_more
from sync.client.goods_sending import NONE_AHEAD, Luggage, Room, pack
from sync.client.own_facts import UUIDS
from sync.client.pace import Pace
from sync.protocol.errors import Cure, Number, PlatformError
from sync.protocol.messages import (
    ClockReading,
    Next,
    Platform,
    Position,
    Push,
    PushReply,
    SentFact,
    SubjectKey,
    TillState,
)
from sync.protocol.signing import ack_text
from sync.protocol.versions import NEWEST


@dataclass(frozen=True, slots=True)
class Round:
    """What a push came to: how many facts were sent, how many wait still, what the platform takes this till for.

    Goods that are still to be brought along count as one that waits.
    """

    sent: int
    waiting: int
    state: TillState
    next: Next


class NotLinkedError(Exception):
    """This till belongs to no platform."""


class PushEngine:
    """Sends the journal; one at a time, on the thread of sync."""

    def __init__(
        self,
        store: Store,
        till: TillId,
        platform: Platform,
        clock: Callable[[], ClockReading],
        verifier: Verifier,
    ) -> None:
        self._store = store
        self._till = till
        self._platform = platform
        self._clock = clock
        self._verifier = verifier
        self.pace = Pace(lambda: 0.0)
        """When goods may be brought along; as it is made, nobody sells here meanwhile."""
        self._room = _room(Next())
        self._ahead = NONE_AHEAD

    def push(self) -> Round:
        """Send the next facts, and take the acknowledgement in.

        Raises PlatformError when it was refused or not answered, NotLinkedError.
        """
        push, luggage = self._next_push()
        try:
            reply = self._platform.push(push)
        except PlatformError as error:
            self._cured(error, push)
            raise
        self._room = self._grown(reply.next)
        waiting = self._take(push, luggage, reply)
        if luggage.documents:
            self.pace.note_carried()
        return Round(len(push.facts), waiting, reply.state, reply.next)

    def _next_push(self) -> tuple[Push, Luggage]:
        with self._store.read() as tx:
            link = _back_to_common(tx, _link(tx))
            after = tx.journal.entries((link.epoch, link.seq), self._room.facts)
            room = replace(self._room, carries=not self.pace.carries_in_s)
            luggage = pack(tx, link, after, room, self._ahead)
            entries = luggage.entries
            base = _base(tx, link, entries)
            facts = tuple(SentFact(entry.seq, entry.hash, entry.body) for entry in entries)
            keys = tx.subject_keys.of(_subjects(entries))
        push = Push(
            p=NEWEST,
            till=self._till,
            base=base,
            letters=link.letters,
            clock=self._clock(),
            facts=facts,
            keys=tuple(SubjectKey(subject, key) for subject, key in keys.items()),
            documents=luggage.documents,
        )
        return push, luggage

    def _cured(self, error: PlatformError, push: Push) -> None:
        """Do what makes the next push another one: smaller, or from where the platform stands."""
        if error.cure is Cure.SMALLER or error.told.get("connected"):
            # A line that breaks with a push on it may carry a smaller one: a slow uplink, or a server that cuts off
            # what is too large for it without a word.
            halves = len(push.facts) // 2, len(push.documents) // 2
            self._room = replace(self._room, facts=max(1, halves[0]), documents=max(1, halves[1]))
        elif error.cure is Cure.FROM_THERE and isinstance(error.told.get("expected"), Position):
            with self._store.write() as tx:
                link = _link(tx)
                expected = _beginning(tx, error.told["expected"])
                is_restored = (expected.epoch, expected.seq) < (link.epoch, link.seq)
                if _stand_at(tx, link, expected, b"") and is_restored:
                    tx.links.save(replace(_link(tx), uploading=once_more(tx, link)))

    def _grown(self, told: Next) -> Room:
        """Return how much goes next: no more than twice of what has just gone through."""
        whole, gone = _room(told), self._room
        return replace(
            whole,
            facts=min(whole.facts, 2 * gone.facts),
            documents=min(whole.documents, 2 * gone.documents),
        )

    def _take(self, push: Push, luggage: Luggage, reply: PushReply) -> int:
        """Write the acknowledgement down, and how far goods were brought along; return how many facts wait still."""
        with self._store.write() as tx:
            link = _link(tx)
            signed = self._verifier.verify(
                link.platform_key, ack_text(self._till, reply.ack), reply.signature
            )
            if not signed:
                raise PlatformError(Number.SIGNATURE)
            if not _stand_at(tx, link, reply.ack, reply.signature):
                # What was sent is kept there all the same, and need not be sent again.
                _stand_at(tx, _link(tx), _last(push), b"")
            elif reply.state is TillState.OK and reply.ack.epoch > link.epoch:
                _begin_anew(tx)
            told = luggage.progress.text()
            if told != link.uploading:
                tx.links.save(replace(_link(tx), uploading=told))
            waiting = _waiting(tx, _link(tx)) + (luggage.progress.walk is not None)
        self._ahead = luggage.ahead
        return waiting


def _room(told: Next) -> Room:
    return Room(told.max_facts, size=told.max_bytes)


def _stand_at(tx: Tx, link: SyncLink, ack: Position, signature: bytes) -> bool:
    """Take a place that the platform names, if it is one of this journal; else this till was restored or cloned.

    A lower place than before is taken too: then it is the platform that was restored, and gets the rest again.
    """
    if _hash_at(tx, ack) != ack.hash:
        tx.links.save(replace(link, is_restored=True))
        return False
    tx.links.save(replace(link, epoch=ack.epoch, seq=ack.seq, hash=ack.hash, signature=signature))
    return True


def _beginning(tx: Tx, place: Position) -> Position:
    """Return a place that the platform asks for; without a hash it is the beginning of an epoch of this journal."""
    if place.seq or place.hash:
        return place
    return Position(place.epoch, 0, _opened_at(tx, place.epoch))


def _opened_at(tx: Tx, epoch: int) -> bytes:
    """Return the hash that an epoch is chained to, as its first fact says: the row before it may have been cut."""
    first = tx.journal.entry(epoch, 1)
    if first is not None:
        fact = decode(first.body)
        opened = decode_content(fact.kind, fact.version, fact.content)
        if isinstance(opened, EpochOpened):
            return bytes.fromhex(opened.previous_hash)
    return tx.journal.base_of(epoch)


def _back_to_common(tx: Tx, link: SyncLink) -> SyncLink:
    """Return where to push from when a later epoch stands here and the one before it is another than is acknowledged.

    It was cut, and went on before a backup of it was restored. From its beginning the platform sees where it forks,
    keeps what it does not believe, and takes the later one.
    """
    here = Position(link.epoch, link.seq, link.hash)
    if tx.journal.head().epoch <= link.epoch or _hash_at(tx, here) in (link.hash, None):
        return link
    return replace(link, seq=0, hash=_opened_at(tx, link.epoch))


def _begin_anew(tx: Tx) -> None:
    """Go on in a new epoch that is believed: what the one before it said in vain gives way to what the platform has."""
    tx.links.save(replace(_link(tx), is_restored=False, cursor=b""))


def _last(push: Push) -> Position:
    if not push.facts:
        return push.base
    return Position(push.base.epoch, push.facts[-1].seq, push.facts[-1].hash)


def _link(tx: Tx) -> SyncLink:
    link = tx.links.load()
    if link is None:
        raise NotLinkedError
    return link


def _hash_at(tx: Tx, place: Position) -> bytes | None:
    """Return the hash at a place of this journal, at seq 0 what the epoch is chained to; None beyond its end."""
    if place.seq == 0:
        return _opened_at(tx, place.epoch)
    entry = tx.journal.entry(place.epoch, place.seq)
    return None if entry is None else entry.hash


def _base(tx: Tx, link: SyncLink, entries: Sequence[JournalEntry]) -> Position:
    """Return what the facts to be sent are chained to: what was acknowledged, or the beginning of a new epoch.

    A new epoch begins at the head that the journal had then, which lies below what was acknowledged where the journal
    had been cut.
    """
    if entries and entries[0].epoch != link.epoch:
        return Position(entries[0].epoch, 0, _opened_at(tx, entries[0].epoch))
    return Position(link.epoch, link.seq, link.hash)


def _waiting(tx: Tx, link: SyncLink) -> int:
    head = tx.journal.head()
    if head.epoch == link.epoch:
        return head.seq - link.seq
    return sum(tx.journal.count_kinds((link.epoch, link.seq)).values())


def _subjects(entries: Iterable[JournalEntry]) -> list[SubjectId]:
    """Return every id that facts name: whose of them have a key, the store knows."""
    named = {found for entry in entries for found in UUIDS.findall(entry.body)}
    return [SubjectId(UUID(found.decode())) for found in sorted(named)]
