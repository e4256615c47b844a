"""Questions to the platform while there is a network: whom a text finds, what a member bought, a receipt of any shop.

Decides what is taken in of an answer: members found come into the books at once, under the rules of a pull, so that
they can be used. Sales of other shops are shown as they are and written nowhere. On the net lane; loads requests.
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
from sync.client.applying import Appliers, Arrival, read
from sync.client.enrolling import unavailable
from sync.client.own_facts import OwnFacts
from sync.protocol.documents import Kind, MemberDocument, digest_of
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Answer, Ask, Asked, Document, SaleSeen
from sync.protocol.versions import NEWEST

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
    now_ms: Callable[[], int]


class PlatformAnswers:
    """Questions to the platform, as an `AskOnline`."""

    def __init__(self, doors: AskDoors) -> None:
        self._doors = doors

    def members(self, text: str) -> Sequence[OnlineMember]:
        """Return whom a text finds; those found can be used here at once."""
        answer = self._asked(Asked.MEMBERS, text)
        appliers = self._doors.appliers()
        arrivals = [read(document, appliers) for document in answer.members if document.kind == Kind.MEMBER]
        known = [arrival for arrival in arrivals if arrival is not None]
        with self._doors.store.write() as tx:
            here = {a.document.id for a in known if tx.members.has_fields(_member(a.document))}
            self._take(tx, known, appliers)
        return [
            OnlineMember(member=body.member, record=body.record, here=arrival.document.id in here)
            for arrival in known
            if isinstance(body := arrival.body, MemberDocument) and body.member is not None
        ]

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        """Return what a member bought in any shop, newest first."""
        answer = self._asked(Asked.SALES, str(member))
        return sorted(
            (_seen(each) for each in answer.sales), key=lambda each: each.sale.committed_at, reverse=True
        )

    def receipt(self, number: str) -> OnlineSale | None:
        """Return a sale by its receipt number; None when the platform has none."""
        answer = self._asked(Asked.RECEIPT, number)
        return _seen(answer.sales[0]) if answer.sales else None

    def _asked(self, what: Asked, text: str) -> Answer:
        with self._doors.store.read() as tx:
            link = tx.links.load()
        if link is None:
            raise PlatformUnavailableError(number=0)
        try:
            with closing(self._doors.connect(link)) as line:
                return line.ask(Ask(p=NEWEST, what=what, text=text))
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
