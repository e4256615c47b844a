"""A new till gets everything at once: the snapshot is made while others push, fetched whatever is cut off, and taken
in while the till sells; killed at any point, nothing is lost and nothing stands twice."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Thread

import msgspec
import pytest

from pos_app.domain.members import Member
from pos_app.domain.values.ids import ShopId
from sync.client.snapshot_file import Blocks, DamagedSnapshotError, document, packed_in
from sync.platform import snapshots as making
from sync.platform.database import Database
from sync.platform.feed import Draft, cursor_of, documents_after, head_of
from sync.platform.snapshots import Keeping, Snapshots
from sync.protocol.documents import Kind, digest_of
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Document
from tests.support.feed import NOW_MS, link_of, tie
from tests.support.filling_till import (
    MERCHANT,
    FeedOnDisk,
    FillingTill,
    Way,
    draft_of,
    filling_till,
    shop_draft,
    tables_of,
)
from tests.support.many_members import many_members
from tests.support.shop_on_disk import DiskShop, shop_on_disk

COUNT = 400


@pytest.fixture
def feed(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedOnDisk]:
    """A merchant's feed on each database; a block of a snapshot holds some twenty members."""
    monkeypatch.setattr(making, "BLOCK_BYTES", 16_000)
    monkeypatch.setattr(making, "AT_ONCE", 7)
    database = Database(address)
    feed = FeedOnDisk(database, tmp_path / "snapshots")
    yield feed
    feed.snapshots.close()
    database.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A till that has just joined."""
    with shop_on_disk(tmp_path / "till") as shop:
        joined(shop)
        yield shop


def joined(shop: DiskShop) -> None:
    tie(shop)
    with shop.store.write() as tx:
        tx.links.save(replace(link_of(shop), way="join"))


def here(shop: DiskShop) -> ShopId:
    return shop.shop.settings.value.shop_id


def till_of(shop: DiskShop, way: Way, **more: object) -> FillingTill:
    return filling_till(shop.store, shop.folder, here(shop), way, **more)  # type: ignore[arg-type]


def documents_in(path: Path) -> list[Document]:
    return [document(each) for each in packed_in(path, lambda: True, lambda: None)]


def digest_in(documents: list[Document]) -> bytes:
    digest = 0
    for each in documents:
        digest ^= digest_of(each.kind, each.id, each.position)
    return digest.to_bytes(8, "big")


# -- the platform --------------------------------------------------------------------------------------------


def test_a_snapshot_holds_every_living_document_once_what_sells_before_the_members(
    feed: FeedOnDisk, shop: DiskShop
) -> None:
    made = feed.members(60, here(shop))
    feed.publish([shop_draft(number) for number in range(3)])
    feed.publish([Draft("novelty", bytes(16), b"{}")])
    gone = made[7].member_id.bytes
    feed.publish([Draft(Kind.MEMBER, gone, b"", gone=True)])
    ready = feed.whole()
    path = feed.snapshots.path(MERCHANT, ready.name)
    found = documents_in(path)
    assert [each.kind for each in found] == ["shop"] * 3 + ["novelty"] + ["member"] * 59
    assert (ready.first, ready.documents) == (4, 63)
    assert gone not in {each.id for each in found}
    assert not any(each.gone for each in found)
    head = feed.database.read(lambda c: head_of(c, MERCHANT))
    assert ready.digest == digest_in(found) == head.digest.to_bytes(8, "big")
    assert ready.cursor == cursor_of(bytes(32), MERCHANT, head.position)
    assert ready.size == path.stat().st_size
    assert gzip.decompress(path.read_bytes()).count(b"shop") >= 3, "it is one gzip to everybody else"


def test_what_is_pushed_while_it_is_made_stands_behind_its_cursor(
    feed: FeedOnDisk, shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.members(COUNT, here(shop))
    late = [draft_of(member) for member in many_members(30, here(shop), first=COUNT, seed=2)]
    seen = 0
    real = making._Packer.add

    def add(self: making._Packer, each: Document) -> bool:
        nonlocal seen
        seen += 1
        if seen % 20 == 0 and late:
            feed.publish([late.pop()])
        return real(self, each)

    monkeypatch.setattr(making._Packer, "add", add)
    ready = feed.whole()
    assert len(late) < 30, "nothing was pushed meanwhile"
    found = documents_in(feed.snapshots.path(MERCHANT, ready.name))
    assert len(found) == COUNT
    assert ready.digest == digest_in(found)
    last = max(each.position for each in found)
    behind = feed.database.read(lambda c: documents_after(c, MERCHANT, last, 1_000))
    assert len(behind) == 30 - len(late)
    assert ready.cursor == cursor_of(bytes(32), MERCHANT, last)


def test_many_who_ask_at_once_get_one_snapshot(feed: FeedOnDisk, shop: DiskShop) -> None:
    feed.members(COUNT, here(shop))
    named: list[str] = []
    asking = [Thread(target=lambda: named.append(feed.snapshots.prepare(MERCHANT).name)) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    feed.whole()
    assert len(set(named)) == 1
    assert len(list(feed.folder.glob("*.gz"))) == 1


def test_a_snapshot_is_handed_out_again_until_it_is_old_or_far_behind(
    feed: FeedOnDisk, shop: DiskShop
) -> None:
    feed.members(20, here(shop))
    first = feed.whole()
    feed.snapshots = Snapshots(
        feed.database, feed.folder, lambda: feed.now_ms, lambda n: b"\1" * n, Keeping(behind=5)
    )
    assert feed.whole() == first, "also by another server of the same folder"
    feed.members(5, here(shop), first=20)
    assert feed.whole() == first
    feed.members(1, here(shop), first=25)
    second = feed.whole()
    assert second.name != first.name
    feed.now_ms += Keeping().fresh_ms
    third = feed.whole()
    assert third.name != second.name
    feed.now_ms += Keeping().kept_ms
    feed.snapshots.tidy()
    assert list(feed.folder.iterdir()) == []


def test_a_snapshot_that_holds_somebody_erased_since_is_handed_out_no_more_and_goes(
    feed: FeedOnDisk, shop: DiskShop
) -> None:
    members = feed.members(20, here(shop))
    first = feed.whole()
    feed.publish([Draft(Kind.MEMBER.value, members[3].member_id.bytes, b"", gone=True)])
    second = feed.whole()
    assert second.name != first.name
    feed.snapshots.tidy()
    assert {file.name.partition(".")[0] for file in feed.folder.iterdir()} == {second.name}
    feed.publish([Draft(Kind.VARIANT.value, bytes(16), b"", gone=True)])
    assert feed.whole() == second, "goods that went are nobody's secret"


def test_a_platform_that_died_over_a_snapshot_begins_anew_and_clears_up(
    feed: FeedOnDisk, shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.members(COUNT, here(shop))
    real = making._Packer.end_block

    def full(self: making._Packer) -> bool:
        if self.size > 10_000:
            raise OSError(28, "no space left")
        return real(self)

    with monkeypatch.context() as broken:
        broken.setattr(making._Packer, "end_block", full)
        with pytest.raises(PlatformError) as refused:
            feed.whole()
        assert refused.value.number is Number.STORAGE
    assert list(feed.folder.iterdir()) == [], "what could not be finished is gone"
    left = feed.folder / f"{MERCHANT.hex}-5-{NOW_MS - 1}-00000000.gz"
    left.write_bytes(b"half a file of a process that was killed")
    ready = feed.whole()
    assert left.exists(), "it may be another server's, which works still"
    feed.now_ms += Keeping().stale_ms
    feed.snapshots.tidy()
    assert not left.exists()
    assert feed.snapshots.path(MERCHANT, ready.name).exists()


@pytest.mark.parametrize("name", ["", "..", "../platform.db", "0" * 32 + "-1-1-00000000", "a/b", "x" * 300])
def test_a_name_that_is_none_of_the_merchants_finds_nothing(feed: FeedOnDisk, name: str) -> None:
    with pytest.raises(PlatformError) as refused:
        feed.snapshots.path(MERCHANT, name)
    assert refused.value.number is Number.SNAPSHOT_GONE


# -- the file ------------------------------------------------------------------------------------------------


def test_a_file_may_be_cut_at_any_byte_and_is_read_as_if_it_was_not(feed: FeedOnDisk, shop: DiskShop) -> None:
    feed.members(45, here(shop))
    plain = feed.snapshots.path(MERCHANT, feed.whole().name).read_bytes()
    whole = list(Blocks().feed(plain))
    assert len(whole) == 45
    cut = shop.folder / "cut.gz"
    for place in range(len(plain)):
        blocks = Blocks()
        assert [*blocks.feed(plain[:place]), *blocks.feed(plain[place:])] == whole, place
        if place % 37 == 0:
            cut.write_bytes(plain[:place])
            found: list[bytes] = []
            try:
                found.extend(packed_in(cut, lambda: True, lambda: None))
            except DamagedSnapshotError:
                found = []
            assert found in ([], whole[: len(found)]), "half a block is none"


def test_a_till_fetches_on_from_the_byte_it_has(feed: FeedOnDisk, shop: DiskShop) -> None:
    feed.members(COUNT, here(shop))
    ready = feed.whole()
    random = Random(4)
    cuts = [random.randrange(1, 900) for _ in range(40)]
    way = Way(feed, list(cuts))
    assert till_of(shop, way).run() >= 10
    assert way.sent == ready.size, "no byte twice"
    assert len(set(way.offsets)) == len(way.offsets)
    assert shop.shop.members.count() == COUNT


def test_a_file_that_was_damaged_here_is_fetched_anew(feed: FeedOnDisk, shop: DiskShop) -> None:
    feed.members(COUNT, here(shop))
    ready = feed.whole()
    till = till_of(shop, Way(feed, [ready.size // 2]))
    with pytest.raises(PlatformError):
        while till.filling.step():
            pass
    file = shop.folder / "snapshot.gz"
    plain = bytearray(file.read_bytes())
    plain[len(plain) // 3] ^= 0xFF
    file.write_bytes(plain)
    way = Way(feed)
    assert till_of(shop, way).run() == 1
    assert 0 in way.offsets
    assert shop.shop.members.count() == COUNT


# -- the till ------------------------------------------------------------------------------------------------


def test_a_filled_till_holds_what_a_till_that_pulled_holds(
    feed: FeedOnDisk, shop: DiskShop, tmp_path: Path
) -> None:
    feed.publish([shop_draft(1)])
    made = feed.members(COUNT, here(shop))
    till = till_of(shop, Way(feed))
    assert till.filling.is_due()
    till.run()
    assert not till.filling.is_due()
    assert till.told[-1] is None
    with shop_on_disk(tmp_path / "other") as other:
        joined(other)
        every = feed.database.read(lambda c: documents_after(c, MERCHANT, 0, 10_000))
        filling_till(other.store, other.folder, here(other), Way(feed)).pull.take_in(every, NOW_MS)
        assert link_of(other).digest == link_of(shop).digest
        for text in ("", "1380", "王", "wang", "l", made[3].phone or ""):
            ours, theirs = shop.shop.members.look_up(text), other.shop.members.look_up(text)
            assert ours == theirs, text
        ours_at, theirs_at = tables_of(shop.database), tables_of(other.database)
        for table in ("document", "member_alias", "member_count"):
            assert ours_at[table] == theirs_at[table], table
        assert len(ours_at["member_search"]) == len(theirs_at["member_search"])
        assert [row[1:] for row in sorted(ours_at["member"], key=by_id)] == [
            row[1:] for row in sorted(theirs_at["member"], key=by_id)
        ]
    head = feed.database.read(lambda c: head_of(c, MERCHANT))
    assert link_of(shop).digest == head.digest
    assert link_of(shop).cursor == cursor_of(bytes(32), MERCHANT, head.position)
    assert not (shop.folder / "snapshot.gz").exists(), "what it was made from is gone"


def by_id(row: tuple[object, ...]) -> bytes:
    found = row[5]
    assert isinstance(found, bytes)
    return found


def test_a_till_that_sells_meanwhile_keeps_what_it_did(feed: FeedOnDisk, shop: DiskShop) -> None:
    made = feed.members(COUNT, here(shop))
    named = [member for member in made if member.profile.name and len(member.profile.keys) == 1]
    changed, erased = named[:2]
    new: list[Member] = []

    def counter(place: str) -> None:
        if len(new) < 3:
            shop.sell()
            new.append(shop.sign_up(f"1391234567{len(new)}", "欧阳新"))
        if place == "sorted":
            after = msgspec.structs.replace(changed.profile, name="诸葛改名")
            shop.shop.members.edit(shop.owner, changed.member_id, after)
            shop.shop.members.erase(shop.owner, erased.member_id, "asked")

    till_of(shop, Way(feed), meanwhile=counter).run()
    assert shop.shop.members.count() == COUNT + len(new) - 1
    assert len(new) == 3
    assert shop.shop.members.look_up("欧阳新").total == 3
    assert [m.member_id for m in shop.shop.members.look_up("诸葛改名").members] == [changed.member_id]
    before = shop.shop.members.look_up(changed.profile.name or "", limit=500)
    assert changed.member_id not in {m.member_id for m in before.members}
    tables = tables_of(shop.database)
    numbers = {row[0] for row in tables["member"]}
    gone = next(row[0] for row in tables["member"] if row[5] == erased.member_id.bytes)
    assert gone not in {row[-1] for row in tables["member_search"]}
    assert {row[-1] for row in tables["member_search"]} <= numbers
    assert shop.store.check() == []


def test_a_member_whom_a_fact_of_this_till_names_is_not_written_over(
    feed: FeedOnDisk, shop: DiskShop
) -> None:
    made = feed.members(COUNT, here(shop))
    one = made[5]
    with shop.store.write() as tx:
        tx.members.save(one)
    mine = shop.shop.members.edit(
        shop.owner, one.member_id, msgspec.structs.replace(one.profile, name="自己改的", notes="只在这里")
    )
    till_of(shop, Way(feed)).run()
    assert shop.shop.members.get(one.member_id) == mine
    assert shop.shop.members.count() == COUNT
    head = feed.database.read(lambda c: head_of(c, MERCHANT))
    assert link_of(shop).digest == head.digest, "its place is noted all the same"


def test_a_snapshot_that_is_gone_is_asked_for_anew(feed: FeedOnDisk, shop: DiskShop) -> None:
    feed.members(COUNT, here(shop))
    ready = feed.whole()
    till = till_of(shop, Way(feed, [ready.size // 2]))
    with pytest.raises(PlatformError):
        while till.filling.step():
            pass
    for path in feed.folder.iterdir():
        path.unlink()
    feed.members(10, here(shop), first=COUNT)
    assert till.run() == 0
    assert shop.shop.members.count() == COUNT + 10


def test_nothing_is_due_at_a_till_that_founded_the_merchant(shop: DiskShop, feed: FeedOnDisk) -> None:
    with shop.store.write() as tx:
        tx.links.save(replace(link_of(shop), way="found"))
    assert not till_of(shop, Way(feed)).filling.is_due()
