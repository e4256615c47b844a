"""A run: the platform, its tills, the time, and what is remembered of what was done.

Decides who can do something at a moment and what documents the platform holds; what happens is `acts` and
`happenings`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import select

from pos_app.domain.members import Member
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import MemberId
from sync.client.own_facts import UUIDS
from sync.platform import tables
from sync.protocol.documents import Kind, MemberDocument, digest_of
from sync.protocol.messages import Document, FactState
from tests.simulation.chance import Chance
from tests.simulation.hub import Hub
from tests.simulation.tills import SimTill
from tests.simulation.wire import Net

T = TypeVar("T")
_documents = msgspec.json.Decoder(MemberDocument)
_MOST_TILLS = 4


class World:
    """All there is in a run."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = Chance(seed)
        self.random: Random = self.chance.random
        self.folder = folder
        self.hub = Hub(folder, self.chance)
        self.net = Net(self.hub, self.chance)
        self.tills = [
            SimTill.founded(which, folder / f"shop{which}", self.hub, self.net)
            for which in range(1, self.random.randint(2, _MOST_TILLS) + 1)
        ]
        self.gone: list[SimTill] = []
        """Machines that do nothing any more: clones that were found and switched off."""
        self.platform_images: list[bytes] = [self.hub.image()]
        self.lost_online: set[UUID] = set()
        self._sales: dict[SimTill, list[Sale]] = {}

    @property
    def counts(self) -> Counter[str]:
        """How often what happened."""
        return self.chance.counts

    def pass_time(self, ms: int) -> None:
        """Let time go by, for everybody."""
        self.hub.now_ms += ms
        for till in self.tills:
            till.set_clock()

    # Chance.

    def happens(self, share: float) -> bool:
        """Whether something of a share of all times happens now."""
        return self.chance.happens(share)

    def choice(self, things: Sequence[T]) -> T:
        """Return one of some things."""
        return self.random.choice(things)

    def number(self, below: int) -> int:
        """Return a number from 0 on."""
        return self.random.randrange(below)

    # People at tills.

    def any_till(self) -> SimTill:
        """Return a till."""
        return self.choice(self.tills)

    def two_tills(self) -> tuple[SimTill, SimTill] | None:
        """Return two tills of different shops; None where there is only one."""
        one, other = self.random.sample(self.tills, 2)
        return None if one.id == other.id else (one, other)

    def living(self) -> list[SimTill]:
        """Return the tills that the platform believes, or may again once a manager opens an epoch."""
        return [till for till in self.tills if till.id not in self.hub.shut and not till.is_clone]

    def members(self, till: SimTill) -> Sequence[Member]:
        """Return whom a till knows, in an order that is the same every time."""
        return sorted(till.shop.shop.members.look_up("", 500).members, key=lambda m: m.member_id.bytes)

    def any_member(self, till: SimTill) -> Member | None:
        """Return one of those."""
        known = self.members(till)
        return self.choice(known) if known else None

    def sold(self, till: SimTill, sale: Sale) -> None:
        """Remember a sale, to be taken back one day."""
        self._sales.setdefault(till, []).append(sale)
        self.counts["sales"] += 1

    def any_sale(self, till: SimTill) -> Sale | None:
        """Return a sale that a till made and still has."""
        with till.shop.store.read() as tx:
            own = [sale for sale in self._sales.get(till, ()) if tx.sales.get(sale.sale_id) is not None]
        return self.choice(own) if own else None

    def is_quiet(self, till: SimTill) -> bool:
        """Whether nothing makes a till fetch anew: no older copies, no answers to another question."""
        loud = till.was_restored or till.was_cloned or till.wire.was_stale or till.head()[0] > 1
        return not loud and not self.hub.generation

    # The platform's documents.

    def feed(self) -> list[Document]:
        """Return all documents, tombstones among them."""
        table = tables.document
        rows = self.hub.rows(select(table).order_by(table.c.position))
        return [Document(r.kind, r.id, r.position, bool(r.gone), r.version, r.body) for r in rows]

    def documents(self) -> Mapping[MemberId, MemberDocument]:
        """Return the living documents of members."""
        return {
            MemberId(UUID(bytes=row.id)): _documents.decode(row.body)
            for row in self.feed()
            if row.kind == Kind.MEMBER and not row.gone
        }

    def hub_digest(self) -> int:
        """Return the digest of all living documents, reckoned from the table itself."""
        digest = 0
        for row in self.feed():
            digest ^= 0 if row.gone else digest_of(row.kind, row.id, row.position)
        return digest

    def unbelieved(self, till: SimTill) -> set[UUID]:
        """Return the members whom a till signed up or erased in facts that the platform put into quarantine."""
        fact = tables.fact
        query = select(fact.c.body).where(
            fact.c.till_id == till.id.bytes,
            fact.c.state == FactState.QUARANTINED.value,
            fact.c.kind.in_(("member.registered", "member.erased", "import.members_staged")),
        )
        bodies = [row.body for row in self.hub.rows(query)]
        return {UUID(found.decode()) for body in bodies for found in UUIDS.findall(body)}

    def close(self) -> None:
        """Close every file."""
        for till in (*self.tills, *self.gone):
            till.shop.store.close()
        self.hub.database.close()
