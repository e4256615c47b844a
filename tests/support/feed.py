"""A platform that has nothing but a feed: tests put documents into it, a till pulls them page by page.

It answers as the real one does: each thing once, at its latest place; a cursor; a digest of all that lives.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import msgspec

from pos_app.domain.desk import DeskItem
from pos_app.domain.members import Consent, KeyKind, Member, MemberKey, Profile, Purpose
from pos_app.domain.records import MemberRecord
from pos_app.domain.values.ids import ConsentId, MemberId, ShopId, StaffId
from pos_app.services.ports.clock import StillWatch
from pos_app.services.ports.syncing import SyncLink
from sync.client.applying import ApplyOne, appliers
from sync.client.pulling import PullEngine
from sync.protocol.documents import DeskDocument, Kind, MemberDocument, ShopDocument, digest_of
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    Answer,
    Ask,
    Document,
    Hello,
    HelloReply,
    Position,
    Pull,
    PullReply,
    Push,
    PushReply,
)
from tests.support.bootstrap import NOON
from tests.support.shop_on_disk import DiskShop

ELSEWHERE = ShopId(UUID(int=0xE1))
NOW_MS = 1_800_000_000_000


def member_id(number: int) -> MemberId:
    """Return the id of a member of another shop."""
    return MemberId(UUID(int=0xA << 100 | number))


def member(number: int, name: str, *phones: str, visits: int = 0, joined: datetime = NOON) -> Member:
    """Return a member who joined in another shop; phones as eleven digits."""
    consent = Consent(
        consent_id=ConsentId(UUID(int=0xC << 100 | number)),
        purpose=Purpose.MEMBERSHIP,
        given=True,
        text_version="2026-01",
        how="spoken",
        by=StaffId(UUID(int=7)),
        at=joined,
    )
    keys = tuple(MemberKey(kind=KeyKind.PHONE, value=f"+86{phone}") for phone in phones)
    return Member(
        member_id=member_id(number),
        joined_at=joined,
        joined_shop=ELSEWHERE,
        profile=Profile(name=name, keys=keys),
        consents=(consent,),
        last_visit_at=joined if visits else None,
        visits=visits,
    )


@dataclass
class Feed:
    """The feed of a merchant; `limit` is how many documents a page holds at most."""

    limit: int = 2_000
    documents: dict[tuple[str, bytes], Document] = field(default_factory=dict)
    head: int = 0
    asked: list[bytes] = field(default_factory=list)
    refusing: Number | None = None
    lying: bool = False

    def put(self, kind: str, document: bytes, body: msgspec.Struct, version: int = 1) -> int:
        """Publish the latest state of a thing; return its place."""
        return self.put_bytes(kind, document, msgspec.json.encode(body), version)

    def put_bytes(self, kind: str, document: bytes, body: bytes, version: int = 1) -> int:
        """Publish something by its bytes."""
        self.head += 1
        self.documents[kind, document] = Document(kind, document, self.head, False, version, body)
        return self.head

    def member(self, who: Member, record: MemberRecord | None = None) -> int:
        """Publish a member."""
        body = MemberDocument(member=who, record=record or MemberRecord())
        return self.put(Kind.MEMBER, who.member_id.bytes, body)

    def alias(self, who: MemberId, owner: MemberId) -> int:
        """Publish that a member is another one's alias."""
        return self.put(Kind.MEMBER, who.bytes, MemberDocument(alias_of=owner))

    def item(self, item: DeskItem) -> int:
        """Publish an item of the desk."""
        return self.put(Kind.DESK, item.item_id.bytes, DeskDocument(item=item))

    def shop(self, shop: ShopId, code: str, name: str) -> int:
        """Publish a shop."""
        return self.put(Kind.SHOP, shop.bytes, ShopDocument(shop=shop, code=code, name=name))

    def gone(self, kind: str, document: bytes) -> int:
        """Publish that a thing is no more."""
        self.head += 1
        self.documents[kind, document] = Document(kind, document, self.head, True, 1, b"")
        return self.head

    @property
    def digest(self) -> int:
        """The digest of all that lives."""
        digest = 0
        for each in self.documents.values():
            digest ^= 0 if each.gone else digest_of(each.kind, each.id, each.position)
        return digest

    def pull(self, pull: Pull) -> PullReply:
        """Answer with the next page."""
        self.asked.append(pull.cursor)
        if self.refusing is not None:
            number, self.refusing = self.refusing, None
            raise PlatformError(number)
        after = int.from_bytes(pull.cursor, "big")
        rows = sorted((d for d in self.documents.values() if d.position > after), key=lambda d: d.position)
        most = min(self.limit, pull.limit)
        page, more = rows[:most], len(rows) > most
        last = page[-1].position if more else self.head
        return PullReply(
            rows=tuple(page),
            cursor=last.to_bytes(8, "big"),
            projected=Position(1, 0, bytes(32)),
            digest=(self.digest ^ self.lying).to_bytes(8, "big"),
            more=more,
            head=self.head,
        )

    def push(self, push: Push) -> PushReply:
        """Nothing is pushed to a feed."""
        raise NotImplementedError

    def hello(self, hello: Hello) -> HelloReply:
        """Nobody says hello to a feed."""
        raise NotImplementedError

    def ask(self, ask: Ask) -> Answer:
        """Nothing is asked of a feed."""
        raise NotImplementedError


def tie(shop: DiskShop, *, acknowledged: bool = True) -> SyncLink:
    """Let a shop's till belong to a platform, which knows all of its journal so far, or nothing."""
    with shop.store.write() as tx:
        head, before = tx.journal.head(), tx.links.load()
        link = before or SyncLink(
            address="",
            merchant=UUID(int=1),  # type: ignore[arg-type]
            platform_key=bytes(32),
            enrolled_at_ms=0,
            epoch=1,
            seq=0,
            hash=bytes(32),
        )
        if acknowledged:
            link = replace(link, epoch=head.epoch, seq=head.seq, hash=head.hash)
        tx.links.save(link)
    return link


def puller(shop: DiskShop, feed: Feed, goods: dict[Kind, ApplyOne] | None = None) -> PullEngine:
    """Return what pulls a feed into a shop."""
    table = appliers(shop.shop.settings.value.shop_id, goods or {})
    return PullEngine(shop.store, feed, table, StillWatch())


def pull_all(shop: DiskShop, feed: Feed, now_ms: int = NOW_MS) -> int:
    """Pull until nothing more waits; return how many documents came."""
    engine, came = puller(shop, feed), 0
    while True:
        pulled = engine.pull(now_ms)
        came += pulled.applied
        if not pulled.more:
            return came


def link_of(shop: DiskShop) -> SyncLink:
    """Return a till's tie."""
    with shop.store.read() as tx:
        link = tx.links.load()
    assert link is not None
    return link
