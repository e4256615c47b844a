"""A post between tills for tests of goods, staff and settings: it keeps the newest of what each till offers.

The tills are real shops on disk with the real sending and taking in; the post stands for the platform and its feed in
memory: facts are acknowledged, of two states of a thing the newer by clock stays, and a till whose state lost gets the
other once more. Facts mean nothing to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec

from pos_app.domain.settings import Settings
from pos_app.domain.staff import Role
from pos_app.domain.values.ids import MerchantId, ShopId, StaffId, TillId
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.services.acting import Actor
from pos_app.services.founding import found_shop, found_to_join
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import EnrolWay, SyncLink
from sync.client.engine import PushEngine
from sync.client.goods import SETTINGS, Thing, document_of, gold_thing, touched
from sync.client.goods_applying import APPLIERS
from sync.client.goods_bringing import at_first, progress_of
from sync.client.pace import Pace
from sync.protocol.codec import decode, encode
from sync.protocol.documents import GOODS, Kind
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    ClockReading,
    Document,
    Hello,
    HelloReply,
    Next,
    Offered,
    Position,
    Pull,
    PullReply,
    Push,
    PushReply,
)
from tests.support.bootstrap import CountedKeys, HandClock, OneSigner, QuickPins
from tests.support.fixed_clock import SharedIds
from tests.support.shop_on_disk import (
    CASHIER_PIN,
    DATABASE,
    FLOAT,
    MANAGER_PIN,
    OWNER_PIN,
    DiskShop,
    SharedOutside,
    goods,
    open_shop,
    place_shop,
    shop_of,
)

MERCHANT = MerchantId(UUID(int=77))


class EverybodySigns:
    """Signatures are not what these tests are about."""

    def verify(self, _public_key: bytes, _message: bytes, _signature: bytes) -> bool:
        """Take every signature."""
        return True


@dataclass
class Post:
    """What the platform keeps: the newest state of each thing, and its place in the feed."""

    kept: dict[tuple[str, bytes], tuple[int, Document]] = field(default_factory=dict)
    head: int = 0
    refused: int = 0
    most_documents: int = 10_000
    next: Next = field(default_factory=Next)
    pushes: list[Push] = field(default_factory=list)

    def push(self, push: Push) -> PushReply:
        """Keep what is newer, and acknowledge the facts."""
        push = decode(encode(push), Push)
        if len(push.documents) > self.most_documents:
            self.refused += 1
            raise PlatformError(Number.TOO_LARGE)
        self.pushes.append(push)
        for offered in push.documents:
            self._offer(offered)
        last = push.facts[-1] if push.facts else None
        ack = Position(push.base.epoch, last.seq, last.hash) if last else push.base
        return PushReply(ack=ack, signature=b"", next=self.next)

    def _offer(self, offered: Offered) -> None:
        key = (offered.kind, offered.id)
        had = self.kept.get(key)
        if had is not None and (had[1].body, had[1].gone) == (offered.body, offered.gone):
            return
        self.head += 1
        if had is not None and offered.seen == had[1].position:
            offered = msgspec.structs.replace(offered, hlc=max(offered.hlc, had[0]))
        if had is not None and had[0] > offered.hlc:
            self.kept[key] = (had[0], msgspec.structs.replace(had[1], position=self.head))
            return
        document = Document(offered.kind, offered.id, self.head, offered.gone, offered.version, offered.body)
        self.kept[key] = (offered.hlc, document)

    def after(self, position: int) -> list[Document]:
        """Return the feed after a place."""
        rows = [each[1] for each in self.kept.values() if each[1].position > position]
        return sorted(rows, key=lambda document: document.position)

    def hello(self, hello: Hello) -> HelloReply:
        """Nobody says hello here."""
        raise NotImplementedError

    def pull(self, pull: Pull) -> PullReply:
        """Nobody pulls by the wire here."""
        raise NotImplementedError

    def ask(self, ask: object) -> object:
        """Nobody asks here."""
        raise NotImplementedError


@dataclass
class PostTill:
    """A shop's till that sends to a post and takes from it."""

    at: DiskShop
    post: Post
    position: int = 0

    def __post_init__(self) -> None:
        self.engine = self.sending()

    def sending(self, pace: Pace | None = None) -> PushEngine:
        """Return what sends, as of a new start."""
        till = TillId(self.at.shop.settings.value.till_id)
        clock = ClockReading(0, 0, "", 0)
        engine = PushEngine(self.at.store, till, self.post, lambda: clock, EverybodySigns())  # type: ignore[arg-type]
        engine.pace = pace or engine.pace
        return engine

    def come_in(self, way: EnrolWay) -> None:
        """Become one of the merchant's tills."""
        with self.at.store.write() as tx:
            head = tx.journal.head()
            tx.links.save(
                SyncLink(
                    address="",
                    merchant=MERCHANT,
                    platform_key=b"",
                    enrolled_at_ms=0,
                    epoch=1,
                    seq=0,
                    hash=bytes(32),
                    way=way.value,
                    uploading=at_first(way, head),
                )
            )

    def link(self) -> SyncLink:
        """The tie as it stands."""
        with self.at.store.read() as tx:
            link = tx.links.load()
        assert link is not None
        return link

    def is_bringing(self) -> bool:
        """Whether something is still to be brought along."""
        return progress_of(self.link().uploading).walk is not None

    def send(self, rounds: int = 1_000) -> None:
        """Send until nothing waits."""
        for _ in range(rounds):
            try:
                if self.engine.push().waiting == 0:
                    return
            except PlatformError:
                continue
        raise AssertionError("the queue does not drain")

    def take(self) -> None:
        """Take in what is new, but for what facts that were not sent yet are about."""
        with self.at.store.write() as tx:
            pending = self._pending(tx)
            for document in self.post.after(self.position):
                body = tx.documents.body(document.kind, document.id)
                if (document.kind, document.id) not in pending:
                    body = APPLIERS[Kind(document.kind)](tx, document)
                if document.gone:
                    tx.documents.remove(document.kind, document.id)
                else:
                    tx.documents.put(document.kind, document.id, document.position, body)
                self.position = document.position
        self.at.shop.settings.look_again()

    def _pending(self, tx: Tx) -> set[tuple[str, bytes]]:
        link = tx.links.load()
        assert link is not None
        entries = tx.journal.entries((link.epoch, link.seq))
        return {(thing.kind.value, thing.id) for entry in entries for thing in touched(tx, entry)}

    def restarted(self) -> None:
        """Kill the till and start it again: what was only remembered is forgotten."""
        self.at.reopened()
        self.engine = self.sending()


def sync(*tills: PostTill, rounds: int = 3) -> None:
    """Let each send and take until nobody has anything new."""
    for _ in range(rounds):
        for till in tills:
            till.send()
            till.take()


def state_of(till: PostTill, *kinds: Kind) -> dict[tuple[str, bytes], msgspec.Struct]:
    """Return every thing of a till that travels, as it stands there."""
    wanted = kinds or GOODS
    with till.at.store.read() as tx:
        things = _things(tx, wanted)
        found = {(thing.kind.value, thing.id): document_of(tx, thing) for thing in things}
    return {key: document for key, document in found.items() if document is not None}


def _things(tx: Tx, kinds: Sequence[Kind]) -> list[Thing]:
    goods_here = tx.catalogue
    things = [Thing(Kind.VARIANT, each.bytes) for each in goods_here.variants_after(b"", 0, 100_000)]
    things += [Thing(Kind.PIECE, each.bytes) for each in goods_here.pieces_after(b"", 0, 100_000)]
    things += [gold_thing(*each) for each in goods_here.gold_days(None, 100_000)]
    things += [Thing(Kind.STAFF, each.staff_id.bytes) for each in tx.staff.all()]
    return [thing for thing in (*things, SETTINGS) if thing.kind in kinds]


def founding_till(folder: Path, post: Post) -> PostTill:
    """The merchant's first till: the shop of the tests, with its goods, people and an open shift."""
    place_shop(folder)
    till = PostTill(open_shop(folder), post)
    till.come_in(EnrolWay.FOUND)
    return till


def new_till(folder: Path, post: Post, number: int = 1) -> PostTill:
    """A till that was set up by joining: nothing of its own but who and where it is."""
    outside, store = _outside(folder, number)
    found_to_join(store, _settings(number, outside), outside.tools)
    shop = shop_of(store, outside.tools)
    nobody = Actor(StaffId(outside.ids.new()), "", Role.OWNER)
    till = PostTill(DiskShop(folder, store, shop, nobody, nobody, nobody, outside), post)
    till.come_in(EnrolWay.JOIN)
    return till


def till_of_its_own(folder: Path, post: Post, number: int = 1) -> PostTill:
    """A shop that stood alone and joins: goods of the same codes and barcodes under ids of its own, its own people."""
    outside, store = _outside(folder, number)
    owner = found_shop(store, _settings(number, outside), ("1", "林老板", OWNER_PIN), outside.tools)
    shop = shop_of(store, outside.tools)
    for code, name, role, pin in (
        ("2", "赵店长", Role.MANAGER, MANAGER_PIN),
        ("9", "小钱", Role.CASHIER, CASHIER_PIN),
    ):
        shop.staff.save(owner, shop.staff.new_staff(code, name, role), pin)
    shop.catalogue.take_in(owner, "test", goods(outside.ids))
    manager, cashier = shop.staff.sign_in("2", MANAGER_PIN), shop.staff.sign_in("9", CASHIER_PIN)
    shop.shifts.open(cashier, FLOAT)
    return PostTill(DiskShop(folder, store, shop, owner, cashier, manager, outside), post)


def _outside(folder: Path, number: int) -> tuple[SharedOutside, SqlStore]:
    folder.mkdir(parents=True, exist_ok=True)
    outside = SharedOutside(
        clock=HandClock(),
        ids=SharedIds((100 + number) << 24),
        pins=QuickPins(),
        cipher=CountedKeys(number << 24),
        signer=OneSigner(),
    )
    return outside, open_store(folder / DATABASE)


def _settings(number: int, outside: SharedOutside) -> Settings:
    return Settings(
        shop_id=ShopId(outside.ids.new()),
        till_id=TillId(outside.ids.new()),
        shop_name=f"熟客{number}号店",
        shop_code=f"S{number:02d}",
    )
