"""Questions to the platform while there is a network: whom a text finds, what a member bought, a receipt of any shop.

Decides what is taken in of an answer: members found come into the books at once, under the rules of a pull, so that
they can be used. An answer is older than what comes in while it is under way: it brings nobody back who was erased
meanwhile. Sales of other shops are shown as they are and written nowhere. On the net lane; loads requests.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

import msgspec

from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import LineId, MemberId
from pos_app.domain.values.quantity import Quantity
from pos_app.services.ports.store import Store, Tx
from pos_app.services.ports.syncing import (
    OnlineMember,
    OnlineSale,
    PlatformUnavailableError,
    SyncLink,
)
from sync.client.applying import Appliers, Arrival, Gone, read
from sync.client.enrolling import unavailable
from sync.client.own_facts import UUIDS, OwnFacts
from sync.protocol.documents import Kind, MemberDocument, digest_of
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Answer, Ask, Asked, Document, SaleSeen
from sync.protocol.versions import NEWEST

TRIES = 3
"""So often one question is asked while members go under it."""
_sale = msgspec.json.Decoder(Sale)


class AskLine(Protocol):
    """A connection that answers questions."""

    def ask(self, ask: Ask) -> Answer:
        """Ask; raises PlatformError."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDoors:
    """What asking works with; `connect` opens a connection for a tie, and raises PlatformError without a token."""

    store: Store
    connect: Callable[[SyncLink], AskLine]
    appliers: Callable[[], Appliers]
    gone: Gone
    now_ms: Callable[[], int]


@dataclass(frozen=True, slots=True)
class _Since:
    """How many members had gone, and how far this till's journal was, when a question was asked."""

    gone: int
    head: tuple[int, int]

    def erased(self, tx: Tx) -> frozenset[bytes]:
        """Return whom this till erased since."""
        facts = tx.imports.happened(self.head, ("member.erased",))
        return frozenset(UUID(one.decode()).bytes for fact in facts for one in UUIDS.findall(fact.body))


class PlatformAnswers:
    """Questions to the platform, as an `AskOnline`."""

    def __init__(self, doors: AskDoors) -> None:
        self._doors = doors

    def members(self, text: str) -> Sequence[OnlineMember]:
        """Return whom a text finds; those found can be used here at once."""
        for tries_left in reversed(range(TRIES)):
            since, answer = self._asked(Asked.MEMBERS, text)
            found = self._found(since, answer, is_last=not tries_left)
            if found is not None:
                return found
        raise AssertionError("the last try is taken as it is")

    def _found(self, since: _Since, answer: Answer, *, is_last: bool) -> Sequence[OnlineMember] | None:
        """Take in whom an answer found; None when members went meanwhile, and the question is to be asked again.

        Nothing tells which ids went. So the last answer counts only for those who are known here still. What else the
        feed brings meanwhile is no reason: while a till is filled that never ends.
        """
        appliers = self._doors.appliers()
        arrivals = [read(document, appliers) for document in answer.members if document.kind == Kind.MEMBER]
        known = [arrival for arrival in arrivals if arrival is not None]
        with self._doors.store.write() as tx:
            if tx.links.load() is None or self._doors.gone.count != since.gone:
                if not is_last:
                    return None
                held = tx.documents.positions(Kind.MEMBER, [arrival.document.id for arrival in known])
                known = [arrival for arrival in known if arrival.document.id in held]
            erased = since.erased(tx)
            known = [arrival for arrival in known if arrival.document.id not in erased]
            here = {a.document.id for a in known if tx.members.has_fields(_member(a.document))}
            self._take(tx, known, appliers)
        return [
            OnlineMember(member=body.member, record=body.record, here=arrival.document.id in here)
            for arrival in known
            if isinstance(body := arrival.body, MemberDocument) and body.member is not None
        ]

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        """Return what a member bought in any shop, newest first."""
        _, answer = self._asked(Asked.SALES, str(member))
        return sorted(
            (_seen(each) for each in answer.sales), key=lambda each: each.sale.committed_at, reverse=True
        )

    def receipt(self, number: str) -> OnlineSale | None:
        """Return a sale by its receipt number; None when the platform has none."""
        _, answer = self._asked(Asked.RECEIPT, number)
        return _seen(answer.sales[0]) if answer.sales else None

    def _asked(self, what: Asked, text: str) -> tuple[_Since, Answer]:
        """Ask; return from when on things may have happened that the answer does not know, and the answer."""
        with self._doors.store.read() as tx:
            link, head = tx.links.load(), tx.journal.head()
            since = _Since(self._doors.gone.count, (head.epoch, head.seq))
        if link is None:
            raise PlatformUnavailableError(number=0)
        try:
            with closing(self._doors.connect(link)) as line:
                return since, line.ask(Ask(p=NEWEST, what=what, text=text))
        except PlatformError as error:
            raise unavailable(error) from error

    def _take(self, tx: Tx, arrivals: Sequence[Arrival], appliers: Appliers) -> None:
        """Write members whose documents are newer than what is here, and whom no fact that waits names."""
        link = tx.links.load()
        if link is None:
            return
        own = OwnFacts()
        own.read(tx, link)
        held = tx.documents.positions(Kind.MEMBER, [arrival.document.id for arrival in arrivals])
        new = [
            arrival
            for arrival in arrivals
            if arrival.document.id not in own
            and not arrival.document.gone
            and arrival.document.position > held.get(arrival.document.id, 0)
        ]
        kept = appliers[Kind.MEMBER].apply(tx, new, self._doors.now_ms())
        digest = link.digest
        for arrival, body in zip(new, kept, strict=True):
            document = arrival.document
            if document.id in held:
                digest ^= digest_of(Kind.MEMBER, document.id, held[document.id])
            digest ^= digest_of(Kind.MEMBER, document.id, document.position)
            tx.documents.put(Kind.MEMBER, document.id, document.position, body)
        tx.documents.settle(Kind.MEMBER, [arrival.document.id for arrival in new])
        tx.links.save(replace(link, digest=digest))


def _member(document: Document) -> MemberId:
    return MemberId(UUID(bytes=document.id))


def _seen(sale: SaleSeen) -> OnlineSale:
    """Return a sale as screens know it; raise PlatformUnavailableError for one that this program cannot read."""
    try:
        read_sale = _sale.decode(sale.sale)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PlatformUnavailableError(number=Number.VERSION.value) from error
    return OnlineSale(
        sale=read_sale,
        shop_name=sale.shop_name,
        counts=sale.counts,
        returned=tuple((LineId(line), Quantity(amount)) for line, amount in sale.returned),
    )
