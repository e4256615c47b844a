"""A new till gets the merchant's goods from a snapshot: it scans them first, words find them once they are sorted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from pos_app.domain.values.ids import MerchantId, ShopId, VariantId
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.services.ports.syncing import SyncLink
from sync.client.filling_goods import is_waiting
from sync.client.goods import variant_documents
from sync.platform.database import Database
from sync.platform.feed import Draft, documents_after
from sync.protocol.documents import Kind, VariantDocument
from tests.support.filling_till import MERCHANT, FeedOnDisk, Way, filling_till
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk

HERE = ShopId(UUID(int=77))
TIE = SyncLink(
    address="",
    merchant=MerchantId(UUID(int=1)),
    platform_key=bytes(32),
    enrolled_at_ms=0,
    epoch=1,
    seq=0,
    hash=bytes(32),
    way="join",
)


@pytest.fixture
def merchants(tmp_path: Path) -> Iterator[DiskShop]:
    """A shop of the merchant's that sells already."""
    with shop_on_disk(tmp_path / "merchants") as shop:
        yield shop


@pytest.fixture
def feed(merchants: DiskShop, tmp_path: Path) -> Iterator[FeedOnDisk]:
    """The merchant's feed with that shop's goods, and some members."""
    database = Database(f"sqlite+pysqlite:///{(tmp_path / 'platform.db').as_posix()}")
    feed = FeedOnDisk(database, tmp_path / "snapshots")
    with merchants.store.read() as tx:
        goods = variant_documents(tx, tx.catalogue.variants_after(b"", -1, 100))
    feed.publish([Draft(Kind.VARIANT, v.bytes, msgspec.json.encode(each)) for v, each in goods.items()])
    feed.members(50, HERE)
    yield feed
    feed.snapshots.close()
    database.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A new till's, without any goods."""
    opened = open_store(tmp_path / "new.db")
    with opened.write() as tx:
        tx.links.save(TIE)
    yield opened
    opened.close()


def keys(store: SqlStore) -> set[tuple[str, bytes]]:
    query = "SELECT k.key, v.variant_id FROM product_key AS k JOIN variant AS v ON v.no = k.no"
    with store.engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.exec_driver_sql(query)}


def document(store: SqlStore, code: str) -> VariantDocument:
    with store.read() as tx:
        found = tx.catalogue.find_barcode([code])
        assert found is not None, code
        return variant_documents(tx, [found.variant.variant_id])[found.variant.variant_id]


def test_goods_are_scanned_before_words_find_them_and_found_by_words_at_the_end(
    feed: FeedOnDisk, merchants: DiskShop, store: SqlStore, tmp_path: Path
) -> None:
    till = filling_till(store, tmp_path / "new", HERE, Way(feed))
    while till.crew.job is None:
        assert till.filling.step()
    assert document(store, CANDY) == document(merchants.store, CANDY)
    assert keys(store) == set(), "what finds them by words takes longer than a cashier waits"
    till.run()
    assert keys(store) == keys(merchants.store)
    with store.read() as tx:
        assert not is_waiting(tx)


def test_goods_that_are_changed_meanwhile_are_found_as_they_are_now(
    feed: FeedOnDisk, store: SqlStore, tmp_path: Path
) -> None:
    done: list[VariantId] = []

    def change(place: str) -> None:
        if place == "goods" and not done:
            variant = document(store, CANDY).variant
            with store.write() as tx:
                tx.catalogue.save([replace(variant, name="青梅")], [])
            done.append(variant.variant_id)

    filling_till(store, tmp_path / "new", HERE, Way(feed), meanwhile=change).run()
    assert len(done) == 1
    found = {key for key, variant in keys(store) if variant == done[0].bytes}
    assert {"青梅", "qingmei", "qm"} <= found
    with store.write() as tx:
        tx.catalogue.remove_variant(done[0])
    with store.engine.connect() as connection:
        query = "SELECT count(*) FROM product_key WHERE no NOT IN (SELECT no FROM variant)"
        assert connection.exec_driver_sql(query).scalar_one() == 0, "no key of its name before is left"


def test_goods_that_come_after_a_filling_are_found_at_once(
    feed: FeedOnDisk, merchants: DiskShop, store: SqlStore, tmp_path: Path
) -> None:
    till = filling_till(store, tmp_path / "new", HERE, Way(feed))
    till.run()
    one = document(merchants.store, CANDY)
    with store.write() as tx:
        tx.catalogue.remove_variant(one.variant.variant_id)
        tx.documents.remove(Kind.VARIANT, one.variant.variant_id.bytes)
    every = feed.database.read(lambda c: documents_after(c, MERCHANT, 0, 1_000))
    till.pull.take_in([row for row in every if row.id == one.variant.variant_id.bytes], 0)
    assert keys(store) == keys(merchants.store)
