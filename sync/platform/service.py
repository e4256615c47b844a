"""What the platform does for tills: each use case is one transaction. Decides who may; the rules stand beside it.

Time, chance and signatures are handed in. Holds no business state: two servers on one database serve the same tills.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from pos_app.domain.desk import ItemId
from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from sync.platform import tables, tidying
from sync.platform.asking import answer
from sync.platform.books import Books, Room, Unseal
from sync.platform.database import Database, one_at_a_time
from sync.platform.feed import (
    Draft,
    cursor_of,
    digest_bytes,
    documents_after,
    head_of,
    leap,
    position_of,
    publish,
    take_positions,
)
from sync.platform.imports import fold_some, has_work
from sync.platform.parking import settle_kept
from sync.platform.receiving import state_for
from sync.platform.rereading import reread_some
from sync.platform.storing import (
    Means,
    Report,
    Sign,
    line_of,
    next_of,
    note_pulled,
    parked_of,
    pulled_of,
    seed_of,
    store,
)
from sync.platform.till_keys import publish_till, tell, told_in_journal, untold
from sync.platform.tills import (
    Asker,
    RandomBytes,
    asker_of,
    called,
    enrol,
    found_merchant,
    new_code,
    set_state,
)
from sync.protocol.documents import Kind, ShopDocument
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    Answer,
    Ask,
    Enrol,
    Enrolled,
    Hello,
    HelloReply,
    Pull,
    PullReply,
    Push,
    PushReply,
    TillState,
)
from sync.protocol.versions import LEAST, NEWEST, spoken

CHUNKS_AT_ONCE = 4
"""Chunks of an import that are folded after a push; a chunk holds some hundred members."""
MOST_DOCUMENTS = 5_000
SHUT_OUT = (TillState.REVOKED, TillState.CLOSED)
"""Tills that learn nothing of the records any more: a dead one may be stolen."""
LEAP_BYTES = 2
"""A leap by chance at each beginning: 2^47 of them fit into the numbers of a feed."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the platform is given: the wall clock in milliseconds, random bytes, new ids, how a message is signed.

    `unseal` opens what facts seal, `report` is told of bugs that parked a fact.
    """

    now_ms: Callable[[], int]
    random: RandomBytes
    new_id: Callable[[], UUID]
    sign: Sign
    unseal: Unseal
    report: Report


class PlatformService:
    """Use cases of the platform; safe to use from several threads."""

    def __init__(self, database: Database, outside: Outside) -> None:
        self.database = database
        self._outside = outside

    @property
    def outside(self) -> Outside:
        """What it was given: its neighbours of the same process take time and chance from there too."""
        return self._outside

    def begin(self) -> None:
        """Begin to serve: this database may be a backup that was put back, which nobody tells; see `feed.leap`."""
        by = 1 + int.from_bytes(self._outside.random(LEAP_BYTES), "big")
        self.database.write(lambda c: leap(c, by))

    def only_merchant(self, currency: str = "CNY") -> MerchantId:
        """Return the merchant of a platform that serves one, made when there is none: once, by whichever server."""
        now, random = self._outside.now_ms(), self._outside.random
        table = tables.merchant
        first = select(table.c.merchant_id).order_by(table.c.founded_at, table.c.merchant_id).limit(1)

        def work(connection: Connection) -> MerchantId:
            known = connection.execute(first).scalar()
            if known is None:
                one_at_a_time(connection)
                known = connection.execute(first).scalar()
            if known is not None:
                return MerchantId(UUID(bytes=known))
            merchant = MerchantId(self._outside.new_id())
            found_merchant(connection, merchant, currency, random(32), now)
            return merchant

        return self.database.write(work)

    def new_code(self, merchant: MerchantId, shop: ShopId | None = None) -> str:
        """Return a one-time code for a till."""
        now = self._outside.now_ms()
        return self.database.write(lambda c: new_code(c, merchant, self._outside.random, now, shop))

    def enrol(self, asked: Enrol) -> Enrolled:
        """Make a till one of a merchant's; raises as `tills.enrol` does, VERSION for a version not spoken here."""
        if not LEAST <= asked.p <= NEWEST:
            raise _other_version()

        def work(connection: Connection) -> Enrolled:
            enrolled = enrol(connection, asked, self._outside.random, self._outside.now_ms())
            merchant, shop = MerchantId(enrolled.merchant), ShopId(enrolled.shop)
            known = called(connection, merchant, shop) or (asked.shop_code, asked.shop_name)
            body = ShopDocument(shop=shop, code=known[0], name=known[1])
            draft = Draft(Kind.SHOP.value, shop.bytes, msgspec.json.encode(body))
            first = take_positions(connection, merchant, 1)
            publish(connection, merchant, first, [draft])
            publish_till(connection, merchant, TillId(asked.till))
            return enrolled

        return self.database.write(work)

    def asker(self, token: str) -> Asker:
        """Return whose token it is; raises PlatformError TOKEN."""
        return self.database.read(lambda c: asker_of(c, token))

    def revoke(self, merchant: MerchantId, till: TillId) -> None:
        """Shut a till out: it learns nothing more, and what it still sends is quarantined for a while."""
        now = self._outside.now_ms()
        self.database.write(lambda c: set_state(c, merchant, till, TillState.REVOKED, now))

    def hello(self, asker: Asker, hello: Hello) -> HelloReply:
        """Greet a till; raises VERSION when there is none that both speak, REVOKED."""
        version = spoken(hello.least, hello.newest)
        if version is None:
            raise _other_version()
        if asker.state is TillState.REVOKED:
            raise PlatformError(Number.REVOKED)
        line, following = self.database.read(
            lambda c: (line_of(c, asker.merchant, asker.till), next_of(c, asker.merchant))
        )
        return HelloReply(
            p=version,
            merchant=asker.merchant,
            shop=asker.shop,
            wall_ms=self._outside.now_ms(),
            ack=line.end,
            state=state_for(line, hello.head.epoch),
            next=following,
        )

    def push(self, asker: Asker, push: Push) -> PushReply:
        """Store facts and project them; raises as `storing.store` does."""
        if not LEAST <= push.p <= NEWEST:
            raise _other_version()
        outside = self._outside
        means = Means(outside.sign, outside.unseal, outside.now_ms(), outside.report)
        reply = self.database.write(lambda c: store(c, asker, push, means))
        self.work(asker.merchant)
        return reply

    def work(self, merchant: MerchantId, limit: int = CHUNKS_AT_ONCE) -> int:
        """Do some of what is left over of imports; return how many chunks were folded, 0 when nothing waits."""

        def fold(connection: Connection) -> int:
            books = Books(self.room(connection, merchant))
            done = fold_some(books, limit)
            books.close()
            return done

        waits = self.database.read(lambda c: has_work(c, merchant))
        return self.database.write(fold) if waits else 0

    def reread_parked(self, merchant: MerchantId) -> int:
        """Project what an older platform parked and this one knows, in slices; return how many facts.

        Also settles what it left parked of people who were erased.
        """
        done = 0

        def slice_(connection: Connection) -> int:
            return reread_some(self.room(connection, merchant), self._outside.report)

        while count := self.database.write(slice_):
            done += count
        return done + self.database.write(lambda c: settle_kept(self.room(c, merchant)))

    def reread_all(self) -> int:
        """Read again, for every merchant, what was parked; return how many facts: done when a platform begins."""
        return sum(self.reread_parked(merchant) for merchant in self._merchants())

    def _merchants(self) -> list[MerchantId]:
        query = select(tables.merchant.c.merchant_id)
        found = self.database.read(lambda c: c.execute(query).scalars().all())
        return [MerchantId(UUID(bytes=merchant)) for merchant in found]

    def tell_tills(self) -> int:
        """Publish the tills that came in while no platform told of them; return how many: done when one begins."""
        return sum(self._tell_tills(merchant) for merchant in self._merchants())

    def _tell_tills(self, merchant: MerchantId) -> int:
        tills = self.database.read(lambda c: untold(c, merchant))
        for till in tills:
            self._tell_till(merchant, till)
        return len(tills)

    def _tell_till(self, merchant: MerchantId, till: TillId) -> None:
        told = self.database.read(lambda c: told_in_journal(c, merchant, till))
        self.database.write(lambda c: tell(c, merchant, till, told))

    def tidy_desks(self) -> int:
        """Take off every merchant's desk what stood there long enough, in slices; return how many items."""
        return sum(self._tidy_desk(merchant) for merchant in self._merchants())

    def _tidy_desk(self, merchant: MerchantId) -> int:
        now = self._outside.now_ms()
        old = self.database.read(lambda c: tidying.outdated(c, merchant, now))
        slices = [old[start : start + tidying.A_SLICE] for start in range(0, len(old), tidying.A_SLICE)]
        return sum(self._take_off(merchant, some) for some in slices)

    def _take_off(self, merchant: MerchantId, items: list[ItemId]) -> int:
        return self.database.write(lambda c: tidying.tidy(self.room(c, merchant), items))

    def pull(self, asker: Asker, pull: Pull) -> PullReply:
        """Return documents after a cursor.

        Raises REVOKED, VERSION, CURSOR_FOREIGN for a cursor that is not of this feed (any more).
        """
        if not LEAST <= pull.p <= NEWEST:
            raise _other_version()
        if asker.state in SHUT_OUT:
            raise PlatformError(Number.REVOKED)
        reply, position = self.database.read(lambda c: self._page(c, asker, pull))
        if position is not None:
            self.database.write(lambda c: note_pulled(c, asker, position))
        return reply

    def _page(self, connection: Connection, asker: Asker, pull: Pull) -> tuple[PullReply, int | None]:
        """Return a page, everything in it from one state of the database, and the position that is to be noted.

        That is where the feed ends for now, unless it is noted already: a till may have come there by a snapshot.
        """
        seed, head = seed_of(connection, asker.merchant), head_of(connection, asker.merchant)
        after = position_of(seed, asker.merchant, pull.cursor)
        if after > head.position:
            # The platform was restored from an older backup: this till knows more of the feed than there is.
            raise PlatformError(Number.CURSOR_FOREIGN)
        limit = max(1, min(pull.limit, MOST_DOCUMENTS))
        rows = documents_after(connection, asker.merchant, after, limit + 1)
        page = rows[:limit]
        end = page[-1].position if page else after
        more = len(rows) > limit
        place = end if more else head.position
        line = line_of(connection, asker.merchant, asker.till)
        reply = PullReply(
            rows=tuple(page),
            cursor=cursor_of(seed, asker.merchant, place),
            projected=line.end,
            parked=parked_of(connection, asker),
            digest=digest_bytes(head.digest),
            more=more,
            head=head.position,
            next=next_of(connection, asker.merchant),
        )
        is_noted = more or pulled_of(connection, asker) == place
        return reply, None if is_noted else place

    def ask(self, asker: Asker, ask: Ask) -> Answer:
        """Look up what a till does not hold; raises REVOKED, VERSION, INVALID."""
        if not LEAST <= ask.p <= NEWEST:
            raise _other_version()
        if asker.state in SHUT_OUT:
            raise PlatformError(Number.REVOKED)
        return self.database.read(lambda c: answer(Books(self.room(c, asker.merchant), reads_only=True), ask))

    def room(self, connection: Connection, merchant: MerchantId) -> Room:
        """Return what projecting works in, for a transaction of this database."""
        outside = self._outside
        return Room(connection, merchant, seed_of(connection, merchant), outside.unseal, outside.now_ms())


def _other_version() -> PlatformError:
    return PlatformError(Number.VERSION, least=LEAST, newest=NEWEST)
