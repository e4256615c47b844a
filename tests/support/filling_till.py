"""A new till that is filled from a real platform's snapshot: with cuts on the way, and its crew in this process or not.

Decides what stands in the platform's feed and how a till's tables are compared; everything else is the real thing.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec

from pos_app.domain.members import Member
from pos_app.domain.records import Change, Changed, MemberRecord, ShopVisits
from pos_app.domain.values.ids import MerchantId, ShopId
from pos_app.domain.values.moments import to_ms
from pos_app.persistence.members_filling import SqlFiller
from pos_app.persistence.store import SqlStore
from pos_app.services.ports.clock import StillWatch
from sync.client.applying import MemberApplier, appliers
from sync.client.filling import CrewState, Filling, FillingDoors, Job
from sync.client.filling_goods import GoodsKeyWriter
from sync.client.filling_keys import KeyDoors, KeyWriter
from sync.client.filling_rows import RowDoors, RowWriter, WalkWriter, begin
from sync.client.goods_applying import VariantApplier
from sync.client.pulling import PullEngine
from sync.client.snapshot_file import packed_in
from sync.platform.database import Database
from sync.platform.feed import Draft, publish, take_positions
from sync.platform.snapshots import Snapshots
from sync.platform.tills import found_merchant
from sync.protocol.documents import Kind, MemberDocument, ShopDocument
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Document, SnapshotReady
from tests.support.feed import NOW_MS, Feed
from tests.support.many_members import many_members

MERCHANT = MerchantId(UUID(int=0x3E))
TABLES = (
    *("member", "member_key", "member_search", "member_rank", "member_walk", "member_count", "member_alias"),
    *("member_filling", "member_touched", "document", "product_key"),
)
_encode = msgspec.json.Encoder().encode


def draft_of(member: Member) -> Draft:
    """Return a member as the platform publishes her, with what all shops know of her."""
    at = member.last_visit_at
    shops = (ShopVisits(shop=member.joined_shop, visits=member.visits, last_ms=to_ms(at)),) if at else ()
    change = Change(what=Changed.REGISTERED, at_ms=to_ms(member.joined_at), shop=member.joined_shop)
    record = MemberRecord(shops=shops, changes=(change,))
    return Draft(Kind.MEMBER, member.member_id.bytes, _encode(MemberDocument(member=member, record=record)))


def shop_draft(number: int) -> Draft:
    """Return a shop of the merchant."""
    shop = ShopId(UUID(int=0x5A0 + number))
    return Draft(
        Kind.SHOP, shop.bytes, _encode(ShopDocument(shop=shop, code=f"S{number}", name=f"店{number}"))
    )


@dataclass
class FeedOnDisk:
    """A merchant's feed in a real database, and the snapshots of it."""

    database: Database
    folder: Path
    now_ms: int = NOW_MS
    snapshots: Snapshots = field(init=False)

    def __post_init__(self) -> None:
        self.database.migrate()
        self.database.write(lambda c: found_merchant(c, MERCHANT, "CNY", bytes(32), 0))
        self.snapshots = self.again()

    def again(self) -> Snapshots:
        """Return the snapshots as another server, or the same one started again, sees them."""
        return Snapshots(self.database, self.folder, lambda: self.now_ms, os.urandom)

    def publish(self, drafts: Sequence[Draft]) -> None:
        """Publish documents."""
        self.database.write(lambda c: publish(c, MERCHANT, take_positions(c, MERCHANT, len(drafts)), drafts))

    def members(self, count: int, here: ShopId, first: int = 0) -> list[Member]:
        """Publish invented members and return them."""
        made = list(many_members(count, here, first=first))
        self.publish([draft_of(member) for member in made])
        return made

    def whole(self) -> SnapshotReady:
        """Return a snapshot once it is made."""
        ready = self.snapshots.prepare(MERCHANT)
        while not ready.sha256:
            ready = self.snapshots.prepare(MERCHANT)
        return ready


@dataclass
class Way:
    """The way to the platform; each fetch breaks off after the next number of bytes of `cuts`, while there are any."""

    feed: FeedOnDisk
    cuts: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    sent: int = 0

    def prepare(self) -> SnapshotReady:
        """Make a snapshot."""
        return self.feed.snapshots.prepare(MERCHANT)

    def fetch(self, name: str, offset: int) -> Iterator[bytes]:
        """Send a file as far as the line holds."""
        self.offsets.append(offset)
        left = self.cuts.pop(0) if self.cuts else None
        for part in self.feed.snapshots.fetch(MERCHANT, name, offset):
            sent = part if left is None else part[:left]
            self.sent += len(sent)
            yield sent
            if left is not None:
                left -= len(sent)
                if left == 0:
                    raise PlatformError(Number.UNREACHABLE)


def _nothing(_place: str) -> None:
    """Nothing happens meanwhile."""


@dataclass
class InlineCrew:
    """Both halves of the work, one after the other in this process; `meanwhile` is told each place it comes to."""

    store: SqlStore
    here: ShopId
    take_in: Callable[[Sequence[Document]], None]
    meanwhile: Callable[[str], None] = _nothing
    job: Job | None = None
    is_whole: bool = False
    has_done: bool = False

    def start(self, job: Job) -> None:
        """Remember the job."""
        self.job, self.is_whole, self.has_done = job, False, False

    def tell_whole(self) -> None:
        """The file is whole."""
        self.is_whole = True

    def stop(self) -> None:
        """Nothing runs."""

    def state(self) -> CrewState:
        """Do all of it, the first time."""
        if self.is_whole and not self.has_done:
            self._work()
            self.has_done = True
        return CrewState(is_done=self.has_done)

    def _told(self, filler: SqlFiller) -> SqlFiller:
        sort = filler.sort_goods

        def sort_goods() -> int:
            count = sort()
            self.meanwhile("goods")
            return count

        filler.sort_goods = sort_goods  # type: ignore[method-assign]
        return filler

    def _work(self) -> None:
        job, filler, watch = self.job, SqlFiller(self.store), StillWatch()
        assert job is not None

        def packed() -> Iterator[bytes]:
            return packed_in(Path(job.folder) / job.file, lambda: True, lambda: None)

        try:
            state = begin(self.store, filler, job.name, job.documents)
            rows = RowDoors(
                store=self.store,
                filler=filler,
                appliers={Kind.MEMBER: MemberApplier(self.here, keys=lambda _text: ())},
                take_in=self.take_in,
                stopwatch=watch,
                told=lambda _done: self.meanwhile("rows"),
            )
            GoodsKeyWriter(self.store, self._told(filler), watch).write()
            if not state.is_listed:
                RowWriter(rows, state).write(packed())
                WalkWriter(filler, watch, state.name).write()
            if not state.is_done:
                keys = KeyDoors(
                    store=self.store,
                    filler=filler,
                    stopwatch=watch,
                    wait_for_rows=lambda: self.meanwhile("sorted"),
                    told=lambda _done, _total: self.meanwhile("keys"),
                )
                KeyWriter(keys, state, packed).write()
            self.meanwhile("done")
        finally:
            filler.close()


@dataclass
class FillingTill:
    """A till that is being filled, and what it said of how far it is."""

    filling: Filling
    crew: InlineCrew
    pull: PullEngine
    told: list[tuple[int, int] | None]

    def run(self, tries: int = 50) -> int:
        """Fill it to the end; return how often the line broke."""
        broken = 0
        while broken < tries:
            try:
                while self.filling.step():
                    pass
                return broken
            except PlatformError:
                broken += 1
        raise AssertionError("the till does not come to the end")


def filling_till(
    store: SqlStore, folder: Path, here: ShopId, way: Way, meanwhile: Callable[[str], None] = _nothing
) -> FillingTill:
    """Return a till that begins to be filled, or goes on."""
    known = {**appliers(here, {}), Kind.VARIANT: VariantApplier()}
    pull = PullEngine(store, Feed(), known, StillWatch())

    def take_in(documents: Sequence[Document]) -> None:
        pull.take_in(documents, NOW_MS)

    crew = InlineCrew(store, here, take_in, meanwhile)
    told: list[tuple[int, int] | None] = []
    doors = FillingDoors(
        store=store,
        folder=folder,
        snapshots=way,
        clear=pull.clear,
        take_in=take_in,
        crew=crew,
        stopwatch=StillWatch(),
        told=told.append,
    )
    return FillingTill(Filling(doors), crew, pull, told)


def tables_of(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what stands in the tables that a filling writes, and where the tie stands in the feed."""
    with closing(sqlite3.connect(database)) as connection:
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
        found["tie"] = connection.execute("SELECT cursor, digest FROM sync_link").fetchall()
        return found
