"""The power goes while a new till is filled and sells: what was paid is there, and the filling comes to its end."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from pos_app.domain.errors import StorageDamagedError
from pos_app.domain.values.ids import MemberId, SaleId, ShopId
from pos_app.services.proof import verify
from sync.client.filling import FILE
from sync.platform import snapshots as making
from sync.platform.database import Database
from tests.disk.record import Step, image
from tests.disk.test_power import watched, words
from tests.support.bootstrap import OneSigner
from tests.support.feed import link_of, tie
from tests.support.filling_till import FeedOnDisk, Way, filling_till, tables_of
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop

COUNT, MOST_CUTS = 300, 100


@dataclass(frozen=True)
class Filled:
    """A till's disk before it was filled, what it did to it, and the feed that it was filled from."""

    before: Path
    steps: list[Step]
    feed: FeedOnDisk
    digest: int


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A new till that was filled to the end and sold meanwhile, under the eyes of the witness."""
    folder = tmp_path_factory.mktemp("filling")
    url = f"sqlite+pysqlite:///{(folder / 'platform.db').as_posix()}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(making, "BLOCK_BYTES", 16_000)
        feed = FeedOnDisk(Database(url), folder / "snapshots")
        feed.members(COUNT, ShopId(UUID(int=0xE15E)))
        feed.whole()
    before, worked = folder / "before", folder / "worked"
    place_shop(before)
    shop = open_shop(before)
    tie(shop)
    with shop.store.write() as tx:
        tx.links.save(replace(link_of(shop), way="join"))
    shop.store.close()
    steps = fill(before, worked, feed)
    said = words(steps)
    assert said[-1] == "filled" and sum(word.startswith("sold") for word in said) > 10
    after = open_shop(worked, first_id=1 << 31)
    digest = link_of(after).digest
    after.store.close()
    assert digest
    yield Filled(before, steps, feed, digest)
    feed.snapshots.close()
    feed.database.close()


def fill(before: Path, worked: Path, feed: FeedOnDisk, *words: str) -> list[Step]:
    """Fill a copy of a till in a process of its own; return what it did to its disk."""
    shutil.copytree(before, worked)
    url = feed.database.engine.url.render_as_string()
    return watched("tests.disk.filling_process", worked, url, str(feed.folder), *words)


def missing(shop: DiskShop, said: list[str]) -> list[str]:
    """Return what was told as safe and is not in the books."""
    with shop.store.read() as tx:
        found = {
            "sold": lambda word: tx.sales.get(SaleId(UUID(word))),
            "signed": lambda word: tx.members.get(MemberId(UUID(word))),
        }
        told = [word.split() for word in said if word != "filled"]
        return [f"{what} {which}" for what, which in told if found[what](which) is None]


def cut_and_go_on(at: Filled, seed: int, into: Path) -> None:
    """Cut the power anywhere, look at the books, fill to the end, and look again."""
    random = Random(seed)
    cut = random.randrange(1, len(at.steps) + 1)
    image(at.before, at.steps[:cut], random, into)
    said = words(at.steps[:cut])
    shop = open_shop(into, first_id=1 << 31)
    try:
        assert list(shop.store.check()) == [], seed
        assert verify(shop.store, OneSigner()).passed, seed
        assert missing(shop, said) == [], seed
        filling_till(shop.store, into, shop.shop.settings.value.shop_id, Way(at.feed)).run()
        assert link_of(shop).digest == at.digest, seed
        assert list(shop.store.check()) == [] and missing(shop, said) == [], seed
        _look(shop, seed)
    finally:
        shop.store.close()


def _look(shop: DiskShop, seed: int) -> None:
    """Everybody stands there once, and everybody is found."""
    tables = tables_of(shop.database)
    here = {row[0] for row in tables["member"]}
    assert COUNT <= len(here) == shop.shop.members.count(), seed
    assert {row[-1] for row in tables["member_search"]} == here, seed
    assert not (shop.folder / FILE).exists(), "a snapshot names everybody; it does not stay"


def test_a_power_cut_while_a_till_is_filled_loses_no_sale_and_the_filling_ends(
    filled: Filled, tmp_path: Path
) -> None:
    for seed in range(12):
        cut_and_go_on(filled, seed, tmp_path / str(seed))


@pytest.mark.prove
def test_a_hundred_power_cuts_while_a_till_is_filled_lose_no_sale(filled: Filled, tmp_path: Path) -> None:
    for seed in range(1_000, 1_100):
        cut_and_go_on(filled, seed, tmp_path / str(seed))
        shutil.rmtree(tmp_path / str(seed))


def test_a_filling_that_never_waits_for_its_disk_is_found_out(filled: Filled, tmp_path: Path) -> None:
    hasty = replace(filled, steps=fill(filled.before, tmp_path / "hasty", filled.feed, "OFF"))
    for seed in range(MOST_CUTS):
        try:
            cut_and_go_on(hasty, seed, tmp_path / str(seed))
        except (AssertionError, StorageDamagedError):
            return
    raise AssertionError("a cut finds what is never synced")
