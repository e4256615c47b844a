"""A till's journal reaches the platform: every fact once, whatever is lost on the way, and both ends know how far."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.values.ids import SubjectId, TillId
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.ports.syncing import SyncLink
from sync.client.engine import NotLinkedError, PushEngine
from sync.platform import tables
from sync.platform.__main__ import open_service
from sync.platform.service import PlatformService
from sync.protocol.codec import decode, encode
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    ClockReading,
    Enrol,
    Hello,
    HelloReply,
    Pull,
    PullReply,
    Push,
    PushReply,
    TillState,
    Way,
)
from tests.support.busy_day import busy_day
from tests.support.shop_on_disk import CANDY, DiskShop, open_shop, place_shop


class Wire:
    """The way to a platform in this process, over the wire's bytes; a test says what is lost, doubled or late."""

    def __init__(self, service: PlatformService, token: str, random: Random | None = None) -> None:
        self._service, self._token, self._random = service, token, random
        self.late: list[bytes] = []
        self.most = 0

    def push(self, push: Push) -> PushReply:
        body = encode(push)
        fault = self._random.choice(("", "", "lost", "answer", "twice", "late")) if self._random else ""
        if fault == "lost":
            raise PlatformError(Number.UNREACHABLE)
        if fault == "late":
            self.late.append(body)
            raise PlatformError(Number.UNREACHABLE)
        if self.late and self._random is not None and self._random.random() < 0.5:
            self._arrive(self.late.pop(0))
        reply = self._arrive(body)
        if fault == "twice":
            reply = self._arrive(body)
        if fault == "answer":
            raise PlatformError(Number.UNREACHABLE)
        return decode(reply, PushReply)

    def _arrive(self, body: bytes) -> bytes:
        push = decode(body, Push)
        if self.most and len(push.facts) > self.most:
            raise PlatformError(Number.TOO_LARGE)
        return encode(self._service.push(self._service.asker(self._token), push))

    def hello(self, hello: Hello) -> HelloReply:
        return self._service.hello(self._service.asker(self._token), hello)

    def pull(self, pull: Pull) -> PullReply:
        return self._service.pull(self._service.asker(self._token), pull)


class Linked:
    """A shop's till that came in, and the platform it belongs to."""

    def __init__(self, shop: DiskShop, service: PlatformService) -> None:
        self.shop, self.service = shop, service
        settings = shop.shop.settings.value
        self.till = TillId(settings.till_id)
        merchant = service.only_merchant()
        enrolled = service.enrol(
            Enrol(
                p=1,
                code=service.new_code(merchant),
                way=Way.FOUND,
                till=self.till,
                shop=settings.shop_id,
                shop_code=settings.shop_code,
                till_code=settings.till_code,
                shop_name=settings.shop_name,
                currency=settings.currency,
                public_key=bytes(32),
            )
        )
        self.token = enrolled.token
        with shop.store.write() as tx:
            tx.links.save(
                SyncLink(
                    address="",
                    merchant=enrolled.merchant,
                    platform_key=enrolled.platform_key,
                    enrolled_at_ms=0,
                    epoch=1,
                    seq=0,
                    hash=bytes(32),
                )
            )

    def engine(self, wire: Wire | None = None) -> PushEngine:
        wire = wire or Wire(self.service, self.token)
        clock = ClockReading(0, 0, "", 0)
        return PushEngine(self.shop.store, self.till, wire, lambda: clock, Ed25519Verifier())

    def link(self) -> SyncLink:
        with self.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None
        return link

    def drain(self, wire: Wire | None = None, rounds: int = 400) -> None:
        engine = self.engine(wire)
        for _ in range(rounds):
            try:
                if engine.push().waiting == 0:
                    return
            except PlatformError:
                continue
        raise AssertionError("the queue does not drain")

    def stored(self, *states: str) -> list[bytes]:
        query = select(tables.fact.c.body).order_by(tables.fact.c.epoch, tables.fact.c.seq)
        if states:
            query = query.where(tables.fact.c.state.in_(states))
        return list(self.service.database.read(lambda c: c.execute(query).scalars().all()))

    def journal(self) -> list[bytes]:
        with self.shop.store.read() as tx:
            return [entry.body for entry in tx.journal.entries()]


@pytest.fixture
def linked(tmp_path: Path) -> Iterator[Linked]:
    """A founded shop whose till belongs to a platform."""
    place_shop(tmp_path / "shop")
    shop = open_shop(tmp_path / "shop")
    service = open_service(f"sqlite+pysqlite:///{(tmp_path / 'platform.db').as_posix()}")
    yield Linked(shop, service)
    shop.store.close()
    service.database.close()


def test_a_busy_day_stands_on_the_platform_byte_for_byte(linked: Linked) -> None:
    busy_day(linked.shop)
    linked.drain()
    assert linked.stored("projected") == linked.journal()
    with linked.shop.store.read() as tx:
        head = tx.journal.head()
    link = linked.link()
    assert (link.epoch, link.seq, link.hash) == (head.epoch, head.seq, head.hash)
    assert link.signature and not link.is_restored


def test_what_was_sold_since_goes_next_and_nothing_else(linked: Linked) -> None:
    linked.drain()
    linked.shop.sell(CANDY)
    sent = linked.engine().push()
    assert 0 < sent.sent < 10 and sent.waiting == 0
    assert linked.engine().push().sent == 0


def test_the_keys_of_personal_fields_go_along(linked: Linked) -> None:
    member = linked.shop.sign_up("13800138000", "林小满")
    linked.drain()
    query = select(tables.subject_key.c.key).where(tables.subject_key.c.subject_id == member.member_id.bytes)
    key = linked.service.database.read(lambda c: c.execute(query).scalar_one())
    with linked.shop.store.read() as tx:
        assert key == tx.subject_keys.get(SubjectId(member.member_id))
    assert not any("林小满".encode() in body for body in linked.stored())


def test_a_till_that_stands_alone_sends_nothing(tmp_path: Path) -> None:
    place_shop(tmp_path / "alone")
    shop = open_shop(tmp_path / "alone")
    engine = PushEngine(
        shop.store,
        TillId(UUID(int=1)),
        Wire(None, ""),  # type: ignore[arg-type]
        lambda: ClockReading(0, 0, "", 0),
        Ed25519Verifier(),
    )
    with pytest.raises(NotLinkedError):
        engine.push()
    shop.store.close()


@pytest.mark.parametrize("seed", range(12))
def test_lost_doubled_and_late_pushes_lose_and_double_nothing(linked: Linked, seed: int) -> None:
    random = Random(seed)
    wire = Wire(linked.service, linked.token, random)
    for _ in range(6):
        linked.shop.sell(CANDY)
        engine = linked.engine(wire)
        for _ in range(random.randrange(4)):
            try:
                engine.push()
            except PlatformError:
                continue
    linked.drain(wire)
    assert linked.stored() == linked.journal()


def test_too_large_a_push_is_halved_until_it_passes(linked: Linked) -> None:
    busy_day(linked.shop)
    wire = Wire(linked.service, linked.token)
    wire.most = 3
    linked.drain(wire)
    assert linked.stored() == linked.journal()


def test_a_restored_till_is_found_and_loses_no_sale(linked: Linked, tmp_path: Path) -> None:
    linked.drain()
    folder = tmp_path / "shop"
    kept = tmp_path / "kept"
    linked.shop.store.copy_to(kept)
    linked.shop.sell(CANDY)
    linked.drain()
    linked.shop.store.close()
    for file in folder.glob("shop.db*"):
        file.unlink()
    shutil.copyfile(kept, folder / "shop.db")
    linked.shop = open_shop(folder, first_id=900_000)
    assert linked.engine().push().state is TillState.OK
    assert linked.link().is_restored, "the platform knew more than this till"
    sale = linked.shop.sell(CANDY)
    assert linked.engine().push().state is TillState.FORKED
    aside = linked.stored("quarantined")
    assert any(str(sale.sale.sale_id).encode() in body for body in aside)
    assert linked.engine().push().waiting == 0


def test_a_platform_that_was_restored_is_filled_up_again(linked: Linked, tmp_path: Path) -> None:
    linked.drain()
    database = tmp_path / "platform.db"
    linked.service.database.close()
    kept = database.read_bytes()
    linked.shop.sell(CANDY)
    linked.shop.sell(CANDY)
    linked.drain()
    linked.service.database.close()
    for file in tmp_path.glob("platform.db*"):
        file.unlink()
    database.write_bytes(kept)
    linked.shop.sell(CANDY)
    linked.drain()
    assert linked.stored() == linked.journal() and not linked.link().is_restored


def test_an_acknowledgement_that_the_platform_did_not_sign_is_not_taken(linked: Linked) -> None:
    class Forger(Wire):
        def push(self, push: Push) -> PushReply:
            return msgspec.structs.replace(super().push(push), signature=bytes(64))

    with pytest.raises(PlatformError) as refused:
        linked.engine(Forger(linked.service, linked.token)).push()
    assert refused.value.number is Number.SIGNATURE and linked.link().seq == 0
