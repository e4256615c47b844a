"""Tills and platforms of different releases: whatever is newer, no fact is lost, and what is not known waits.

Today there is one version of the protocol; the next is made up here: its number, fields that nobody knows, and kinds of
facts and documents that only a newer program makes. Files of this release are kept in `tests/data`: every later one
opens them, brings them up to date and syncs with them.
"""

import lzma
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.facts import codec as facts
from pos_app.domain.facts.envelope import FORMAT, Envelope, chain
from pos_app.domain.facts.envelope import encode as encode_envelope
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import FactId, TillId
from pos_app.domain.values.moments import from_ms, to_ms
from pos_app.persistence.secrets import Ed25519Verifier
from sync.client import engine, pulling
from sync.client.applying import appliers
from sync.client.engine import PushEngine
from sync.client.http import HttpPlatform
from sync.client.pulling import PullEngine
from sync.platform import tables
from sync.platform.__main__ import open_service
from sync.platform.books import Books
from sync.platform.feed import Draft
from sync.protocol import codec, versions
from sync.protocol.documents import Kind
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import ClockReading, Pull, Push, PushReply, SentFact
from sync.protocol.versions import Version
from tests.support.busy_day import busy_day
from tests.support.golden_sync import PLATFORM_FILE, TILL_FILE, token, unpack
from tests.support.platform_process import PlatformProcess, platform_process
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop
from tests.support.sync_journal import SHOP, TILL, Journal, enrolment, journal
from tests.support.tills_together import LinkedTill, Together, Wire, link, together

NEXT = Version(2, date(2027, 11, 28), "made up")
_NEWER = (
    "from datetime import date; from sync.protocol import versions as v; "
    "v.VERSIONS += (v.Version(2, date(2027, 11, 28), 'made up'),); v.NEWEST = 2; {more}"
    "from sync.platform.__main__ import main; raise SystemExit(main())"
)
RELEASES = {
    "this platform": (sys.executable, "-m", "sync.platform"),
    "the next platform": (sys.executable, "-c", _NEWER.format(more="")),
    "a platform that forgot version 1": (sys.executable, "-c", _NEWER.format(more="v.LEAST = 2; ")),
}


@pytest.fixture(params=list(RELEASES)[:2])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PlatformProcess]:
    """The platform of this release and of the next, each a process."""
    with platform_process(tmp_path, command=RELEASES[request.param]) as made:
        yield made


@pytest.fixture(params=[1, 2], ids=["this till", "the next till"])
def release(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The till of this release and of the next."""
    if request.param == NEXT.number:
        monkeypatch.setattr(versions, "VERSIONS", (*versions.VERSIONS, NEXT))
        for module in (versions, engine, pulling):
            monkeypatch.setattr(module, "NEWEST", NEXT.number)
    return int(request.param)


class _Stopwatch:
    def micros(self) -> int:
        return 0

    def rest(self, micros: int) -> None:
        return None


def _sync(shop: DiskShop, way: Any) -> None:
    """Push and pull until nothing waits."""
    clock = lambda: ClockReading(to_ms(shop.clock.now()), 0, "boot", to_ms(shop.clock.now()) << 16)  # noqa: E731
    push = PushEngine(shop.store, TillId(shop.shop.settings.value.till_id), way, clock, Ed25519Verifier())
    while push.push().waiting:
        pass
    pull = PullEngine(shop.store, way, appliers(shop.shop.settings.value.shop_id, {}), _Stopwatch())
    while pull.pull(to_ms(shop.clock.now())).more:
        pass


def _stands_whole(shop: DiskShop, beside: Any) -> None:
    """Check that the platform has each fact of a till, byte for byte, and has counted every sale."""
    till = shop.shop.settings.value.till_id.bytes
    fact, sale = tables.fact, tables.sale
    with shop.store.read() as tx:
        mine = [(entry.seq, entry.body) for entry in tx.journal.entries((1, 0), 10_000)]
    query = select(fact.c.seq, fact.c.body).where(fact.c.till_id == till).order_by(fact.c.seq)
    assert [tuple(row) for row in beside.database.read(lambda c: c.execute(query).all())] == mine
    sold = sum(b'"kind":"sale.committed"' in body for _, body in mine)
    counted = select(sale.c.sale_id).where(sale.c.till_id == till, sale.c.counted == 1)
    assert len(beside.database.read(lambda c: c.execute(counted).all())) == sold > 0


def test_tills_and_platforms_of_neighbouring_releases_sync_with_nothing_lost(
    platform: PlatformProcess, release: int, tmp_path: Path
) -> None:
    which = 2 + release
    place_shop(tmp_path / "shop", which)
    shop = open_shop(tmp_path / "shop", which=which)
    linked = link(platform.beside, shop)
    busy_day(shop, closes=False)
    with closing(HttpPlatform(platform.address, linked.wire._token)) as way:
        _sync(shop, way)
        shop.sell()
        _sync(shop, way)
    _stands_whole(shop, platform.beside)
    shop.store.close()


def test_a_platform_that_no_longer_speaks_with_a_till_says_so_and_the_till_keeps_everything(
    tmp_path: Path,
) -> None:
    command = RELEASES["a platform that forgot version 1"]
    with platform_process(tmp_path, command=command) as platform:
        place_shop(tmp_path / "shop")
        shop = open_shop(tmp_path / "shop")
        linked = link(platform.beside, shop)
        busy_day(shop)
        way = HttpPlatform(platform.address, linked.wire._token)
        with closing(way), pytest.raises(PlatformError) as refused:
            _sync(shop, way)
        assert refused.value.number is Number.VERSION
        assert (refused.value.told["least"], refused.value.told["newest"]) == (2, 2)
        with shop.store.read() as tx:
            assert tx.links.load().seq == 0  # type: ignore[union-attr]
        # The same till after an update has everything still to send.
        with closing(HttpPlatform(platform.address, linked.wire._token)) as way:
            way._older = 2
            _sync(shop, way)
        _stands_whole(shop, platform.beside)
        shop.store.close()


# -- what a newer end says besides ------------------------------------------------------------------------


def test_fields_that_a_newer_end_adds_are_left_aside(tmp_path: Path) -> None:
    service = open_service(f"sqlite+pysqlite:///{(tmp_path / 'p.db').as_posix()}")
    token = service.enrol(enrolment(service.new_code(service.only_merchant()))).token
    said = journal("a", "b")
    wide = msgspec.msgpack.decode(codec.encode(said.push(0)))
    wide["mood"] = {"of": "a later release"}
    wide["facts"] = [[*fact, "and more"] for fact in wide["facts"]]
    wide["clock"]["leap"] = 1
    reply = service.push(service.asker(token), codec.decode(msgspec.msgpack.encode(wide), Push))
    assert reply.ack == said.head
    answer = msgspec.msgpack.decode(codec.encode(reply))
    answer["results"] = [[1, "parked", "", "more"]]
    answer["next"]["mood"] = 2
    answer["later"] = True
    assert codec.decode(msgspec.msgpack.encode(answer), PushReply).ack == said.head
    service.database.close()


def _of_kind(kind: str, version: int, content: bytes, after: Journal) -> SentFact:
    seq = len(after.facts) + 1
    body = encode_envelope(
        Envelope(
            format=FORMAT,
            till=TILL,
            epoch=1,
            seq=seq,
            fact=FactId(UUID(int=seq)),
            kind=kind,
            version=version,
            at=from_ms(0),
            hlc=Hlc(seq),
            staff=None,
            content=msgspec.Raw(content),
        )
    )
    return SentFact(seq, chain(after.at(seq - 1).hash, body), body)


def test_facts_of_a_newer_till_are_kept_and_parked_and_those_behind_them_go_on(
    tmp_path: Path, address: str
) -> None:
    service = open_service(address)
    merchant = service.only_merchant()
    token = service.enrol(enrolment(service.new_code(merchant))).token
    said = journal("a")
    said.facts.append(_of_kind("queue.ticket_drawn", 1, b'{"number":7}', said))
    said.facts.append(_of_kind("sale.committed", 99, b'{"sale":{"new":true}}', said))
    reply = service.push(service.asker(token), said.push(0))
    assert reply.ack == said.head
    assert {result.seq: result.why for result in reply.results if result.seq > 1} == {
        2: "unknown_kind",
        3: "unknown_kind",
    }
    assert service.reread_parked(merchant) == 0, "this release knows them no better than before"
    pulled = service.pull(service.asker(token), Pull(p=1))
    assert {2, 3} <= set(pulled.parked)
    service.database.close()


@pytest.fixture
def shops(tmp_path: Path, address: str) -> Iterator[Together]:
    with together(tmp_path, address) as made:
        made.till(1)
        yield made


def test_what_an_older_platform_parked_counts_once_it_knows_the_kind(
    shops: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    a: LinkedTill = shops.tills[0]
    known = dict(facts.KINDS)
    with monkeypatch.context() as older:
        for kind in ("sale.committed", "member.registered"):
            older.delitem(facts.KINDS, kind)
        member = a.shop.sign_up("13800138000", "林小满")
        sales = [a.shop.sell(member=member).sale for _ in range(5)]
        a.push()
        a.shop.sell(member=member)
        a.push()
        assert member.member_id not in shops.members()
        assert sum(why == "unknown_kind" for _, why in shops.states().values()) == 7
    assert known == facts.KINDS
    assert shops.service.reread_all() == 7
    assert {state for state, _ in shops.states().values()} == {"projected"}
    document = shops.member(member.member_id)
    months = document.record.months
    assert sum(month.visits for month in months) == 6
    assert sum(month.spend for month in months) == 6 * sales[0].total
    assert shops.service.reread_all() == 0, "each is read once"


def test_documents_of_a_newer_platform_are_kept_aside_and_both_ends_agree(
    shops: Together,
) -> None:
    a = shops.tills[0]
    merchant = shops.service.only_merchant()

    def newer(connection: Any) -> None:
        books = Books(shops.service.room(connection, merchant))
        books.draft(Draft("voucher", UUID(int=5).bytes, b'{"worth":100}'))
        books.draft(Draft(Kind.SHOP.value, SHOP.bytes, b'{"name":7,"planet":"Mars"}', version=9))
        books.close()

    shops.service.database.write(newer)
    a.push()
    pull = PullEngine(a.shop.store, a.wire, appliers(a.shop.shop.settings.value.shop_id, {}), _Stopwatch())
    while pull.pull(to_ms(a.shop.clock.now())).more:
        pass
    with a.shop.store.read() as tx:
        held = tx.links.load()
    assert held is not None
    assert held.digest.to_bytes(8, "big") == a.wire.pull(Pull(p=1, cursor=held.cursor)).digest


# -- files of every release -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1])
def test_files_of_every_release_are_opened_brought_up_to_date_and_synced(tmp_path: Path, number: int) -> None:
    unpack(number, tmp_path)
    service = open_service(f"sqlite+pysqlite:///{(tmp_path / PLATFORM_FILE).as_posix()}")
    shop = open_shop(tmp_path, first_id=7 << 20)
    assert (tmp_path / TILL_FILE) == shop.database
    wire = Wire(service, token(number))
    with shop.store.read() as tx:
        head, held = tx.journal.head(), tx.links.load()
    assert held is not None and 0 < held.seq < head.seq, "some was sent, some still waits"
    shop.sell()
    _sync(shop, wire)
    _stands_whole(shop, service)
    assert shop.verify().passed
    with shop.store.read() as tx:
        held = tx.links.load()
    assert held is not None
    assert held.digest.to_bytes(8, "big") == wire.pull(Pull(p=1, cursor=held.cursor)).digest
    shop.store.close()
    service.database.close()


def test_the_kept_files_are_small() -> None:
    folder = Path(__file__).parents[2] / "data"
    for file in folder.glob("sync-release-*.xz"):
        assert file.stat().st_size < 100_000
        assert lzma.decompress(file.read_bytes())[:15] == b"SQLite format 3"
