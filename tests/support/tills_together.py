"""Several real tills and a real platform in one process: what is said on the way is the wire's bytes.

Each till is a founded shop of its own on disk, with the real journal and sender; the platform is the real service on a
real database. Tests say when each of them syncs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import select

from pos_app.domain.desk import Choice, DeskItem
from pos_app.domain.facts.sync import DeskDecided
from pos_app.domain.values.ids import MemberId, TillId
from pos_app.domain.values.moments import to_ms
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.ports.syncing import SyncLink
from sync.client.applying import Gone
from sync.client.engine import PushEngine, Round
from sync.platform import tables
from sync.platform.__main__ import open_service
from sync.platform.service import Outside, PlatformService
from sync.protocol.codec import decode, encode
from sync.protocol.documents import DeskDocument, Kind, MemberDocument
from sync.protocol.errors import PlatformError
from sync.protocol.messages import (
    Answer,
    Ask,
    Asked,
    ClockReading,
    Document,
    Enrol,
    Hello,
    HelloReply,
    Pull,
    PullReply,
    Push,
    PushReply,
    Way,
)
from tests.support.bootstrap import HandClock
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop


class Wire:
    """The way to the platform, over the bytes of the wire."""

    def __init__(self, service: PlatformService, token: str) -> None:
        self.service, self._token = service, token

    def push(self, push: Push) -> PushReply:
        """Send facts."""
        asked = decode(encode(push), Push)
        return decode(encode(self.service.push(self.service.asker(self._token), asked)), PushReply)

    def hello(self, hello: Hello) -> HelloReply:
        """Say hello."""
        return self.service.hello(self.service.asker(self._token), hello)

    def pull(self, pull: Pull) -> PullReply:
        """Ask for documents."""
        asked = decode(encode(pull), Pull)
        return decode(encode(self.service.pull(self.service.asker(self._token), asked)), PullReply)

    def ask(self, ask: Ask) -> Answer:
        """Ask a question."""
        return decode(encode(self.service.ask(self.service.asker(self._token), ask)), Answer)


@dataclass
class LinkedTill:
    """A till that belongs to the platform; `shop` is its counter."""

    shop: DiskShop
    till: TillId
    wire: Wire
    gone: Gone = field(default_factory=Gone)

    def clock_reading(self) -> ClockReading:
        """Return the till's clocks."""
        now = to_ms(self.shop.clock.now())
        return ClockReading(now, now, "boot", now << 16)

    def engine(self) -> PushEngine:
        """Return a sender."""
        return PushEngine(self.shop.store, self.till, self.wire, self.clock_reading, Ed25519Verifier())

    def push(self) -> Round:
        """Send everything that waits; return the last round."""
        engine = self.engine()
        for _ in range(1_000):
            try:
                done = engine.push()
            except PlatformError as error:
                if error.cure.value in ("smaller", "from_there"):
                    continue
                raise
            if done.waiting == 0:
                return done
        raise AssertionError("the queue does not drain")

    def record(self, fact: msgspec.Struct) -> None:
        """Write a fact into the journal, as a service of the counter does."""
        with self.shop.store.write() as tx:
            self.shop.shop.members._work.recorder.record(tx, fact, self.shop.owner.staff_id)

    def decide(self, item: DeskItem, choice: Choice | None) -> None:
        """Settle an item of the desk."""
        self.record(DeskDecided(item=item.item_id, kind=item.kind, choice=choice))


@dataclass
class Together:
    """A platform and its tills."""

    service: PlatformService
    folder: Path
    clock: HandClock
    tills: list[LinkedTill] = field(default_factory=list)

    def till(self, which: int) -> LinkedTill:
        """Found the first, second … shop and enrol its till."""
        place_shop(self.folder / f"shop{which}", which)
        shop = open_shop(self.folder / f"shop{which}", which=which)
        made = link(self.service, shop)
        self.tills.append(made)
        return made

    def documents(self, kind: Kind) -> dict[UUID, Document]:
        """Return the living documents of a kind, by pulling the feed from its beginning."""
        found: dict[UUID, Document] = {}
        cursor = b""
        while True:
            reply = self.tills[0].wire.pull(Pull(p=1, cursor=cursor, limit=50))
            for row in reply.rows:
                if row.kind == kind.value:
                    found[UUID(bytes=row.id)] = row
            cursor = reply.cursor
            if not reply.more:
                return {key: row for key, row in found.items() if not row.gone}

    def members(self) -> dict[UUID, MemberDocument]:
        """Return the members as every shop sees them, aliases among them."""
        found = self.documents(Kind.MEMBER)
        return {key: msgspec.json.decode(row.body, type=MemberDocument) for key, row in found.items()}

    def member(self, member: MemberId) -> MemberDocument:
        """Return one member, by any of her ids."""
        document = self.members()[member]
        return document if document.alias_of is None else self.member(document.alias_of)

    def desk(self) -> list[DeskItem]:
        """Return the items of the desk."""
        rows = self.documents(Kind.DESK).values()
        return [msgspec.json.decode(row.body, type=DeskDocument).item for row in rows]

    def ask(self, what: Asked, text: str) -> Answer:
        """Ask a question as the first till does."""
        return self.tills[0].wire.ask(Ask(p=1, what=what, text=text))

    def states(self) -> dict[tuple[bytes, int], tuple[str, str]]:
        """Return what became of each fact, by till and seq."""
        query = select(tables.fact.c.till_id, tables.fact.c.seq, tables.fact.c.state, tables.fact.c.why)
        rows = self.service.database.read(lambda c: c.execute(query).all())
        return {(row.till_id, row.seq): (row.state, row.why) for row in rows}


def link(
    service: PlatformService, shop: DiskShop, way: Way = Way.JOIN, public_key: bytes = bytes(32)
) -> LinkedTill:
    """Enrol a shop's till and write the tie into its books."""
    settings = shop.shop.settings.value
    till = TillId(settings.till_id)
    enrolled = service.enrol(
        Enrol(
            p=1,
            code=service.new_code(service.only_merchant()),
            way=way,
            till=till,
            shop=settings.shop_id,
            shop_code=settings.shop_code,
            till_code=settings.till_code,
            shop_name=settings.shop_name,
            currency=settings.currency,
            public_key=public_key,
        )
    )
    with shop.store.write() as tx:
        tx.links.save(
            SyncLink(
                address="",
                merchant=enrolled.merchant,  # type: ignore[arg-type]
                platform_key=enrolled.platform_key,
                enrolled_at_ms=0,
                epoch=1,
                seq=0,
                hash=bytes(32),
                way=way.value,
            )
        )
    return LinkedTill(shop, till, Wire(service, enrolled.token))


def service_at(address: str, clock: HandClock) -> PlatformService:
    """Return the real service on a database, with a clock that the test moves."""
    service = open_service(address)
    outside = service.outside
    service.database.close()
    told = Outside(
        now_ms=lambda: to_ms(clock.now()),
        random=outside.random,
        new_id=outside.new_id,
        sign=outside.sign,
        unseal=outside.unseal,
        report=_raise,
    )
    return PlatformService(service.database, told)


def _raise(problem: Exception) -> None:
    raise problem


@contextmanager
def together(folder: Path, address: str) -> Iterator[Together]:
    """Open a platform on an empty database, and close it with all its tills."""
    clock = HandClock()
    made = Together(service_at(address, clock), folder, clock)
    try:
        yield made
    finally:
        for till in made.tills:
            till.shop.store.close()
        made.service.database.close()
