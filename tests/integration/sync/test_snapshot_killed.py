"""A new till that is killed while it is filled, or whose processes are, ends as one that was not."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest

from sync.platform import snapshots as making
from sync.platform.database import Database
from tests.integration.sync.test_snapshot import here, joined, till_of
from tests.support.filling_process import real_till
from tests.support.filling_till import FeedOnDisk, Way, shop_draft, tables_of
from tests.support.shop_on_disk import DiskShop, shop_on_disk


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedOnDisk]:
    """A feed in SQLite, which a process beside this one opens too."""
    monkeypatch.setattr(making, "BLOCK_BYTES", 16_000)
    feed = FeedOnDisk(Database(f"sqlite+pysqlite:///{(tmp_path / 'p.db').as_posix()}"), tmp_path / "s")
    yield feed
    feed.snapshots.close()
    feed.database.close()


def killed(shop: DiskShop, feed: FeedOnDisk, at: int) -> bool:
    """Fill a till in a process of its own that dies at its so-manieth transaction; return whether it died there."""
    url = str(feed.database.engine.url)
    command = [sys.executable, "-m", "tests.support.filling_process"]
    process = Popen([*command, str(shop.folder), url, str(feed.folder), str(at)], stderr=DEVNULL)
    code = process.wait(120)
    assert code in (0, -9), code
    return code == -9


@pytest.mark.parametrize("at", [2, 5, 9, 13])
def test_a_till_killed_while_it_is_filled_ends_as_one_that_was_not(
    small: FeedOnDisk, tmp_path: Path, at: int
) -> None:
    with shop_on_disk(tmp_path / "whole") as whole, shop_on_disk(tmp_path / "killed") as cut:
        for shop in (whole, cut):
            joined(shop)
        small.publish([shop_draft(1)])
        small.members(1_500, here(whole))
        small.whole()
        till_of(whole, Way(small)).run()
        assert killed(cut, small, at), "it was not killed"
        # Where it goes on from, it is killed again.
        killed(cut, small, 3)
        till_of(cut, Way(small)).run()
        assert tables_of(cut.database) == tables_of(whole.database)
        assert cut.store.check() == []


def test_the_processes_beside_the_till_may_be_killed_as_well(small: FeedOnDisk, tmp_path: Path) -> None:
    with shop_on_disk(tmp_path / "whole") as whole, shop_on_disk(tmp_path / "killed") as cut:
        for shop in (whole, cut):
            joined(shop)
        small.members(1_500, here(whole))
        small.whole()
        till_of(whole, Way(small)).run()
        assert real_till(cut.store, cut.folder, here(cut), Way(small), killing=True) == 2
        assert tables_of(cut.database) == tables_of(whole.database)
