"""A till that is filled in a process of its own, and dies at one of its transactions as the system would end it.

python -m tests.support.filling_process FOLDER DATABASE-OF-THE-PLATFORM FOLDER-OF-SNAPSHOTS TRANSACTION
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from pos_app.domain.values.ids import ShopId
from pos_app.hardware.clock import SystemStopwatch
from pos_app.persistence.database import open_store
from pos_app.persistence.import_scratch import SqlScratch
from pos_app.persistence.members_filling import SqlFiller
from pos_app.persistence.store import SqlStore
from pos_app.services.ports.clock import StillWatch
from sync.client import filling_rows
from sync.client.applying import appliers
from sync.client.filling import Filling, FillingDoors, FillingFailedError
from sync.client.filling_crew import crew_of
from sync.client.pulling import PullEngine
from sync.platform.database import Database
from sync.platform.snapshots import Snapshots
from tests.support.feed import NOW_MS, Feed
from tests.support.filling_till import FeedOnDisk, Way, filling_till

MODULE = "ui.cli.filling_child"


def real_till(store: SqlStore, folder: Path, here: ShopId, way: Way, *, killing: bool = False) -> int:
    """Fill a till with the real processes, each of which is killed once if asked for; return how often it failed."""
    failed = 0
    while True:
        pull = PullEngine(store, Feed(), appliers(here, {}), StillWatch())
        crew = crew_of(MODULE)
        doors = FillingDoors(
            store=store,
            folder=folder,
            snapshots=way,
            clear=pull.clear,
            take_in=partial(pull.take_in, now_ms=NOW_MS),
            crew=crew,
            stopwatch=SystemStopwatch(),
            told=lambda _told: None,
        )
        filling = Filling(doors)
        due = killing and failed < 2
        try:
            while filling.step():
                if due and len(crew.pids) == 2:
                    os.kill(crew.pids[failed], signal.SIGKILL)
                    due = False
            return failed
        except FillingFailedError:
            failed += 1


def die_at(count: int) -> None:
    """End this process before the commit of its `count`-th transaction that fills; rows come 200 at a time."""
    filling_rows.MOST = 200
    passed = 0

    def dying(real: Callable[[Any], AbstractContextManager[Any]]) -> Callable[[Any], Any]:
        @contextmanager
        def write(self: object) -> Iterator[Any]:
            nonlocal passed
            with real(self) as tx:
                yield tx
                passed += 1
                if passed == count:
                    os.kill(os.getpid(), signal.SIGKILL)

        return write

    SqlFiller.write = dying(SqlFiller.write)  # type: ignore[method-assign, assignment]
    SqlScratch.write = dying(SqlScratch.write)  # type: ignore[method-assign, assignment]


def feed_at(url: str, snapshots: Path) -> FeedOnDisk:
    """Return the feed that another process has made."""
    feed = FeedOnDisk.__new__(FeedOnDisk)
    feed.database, feed.folder, feed.now_ms = Database(url), snapshots, NOW_MS
    feed.snapshots = Snapshots(feed.database, snapshots, lambda: NOW_MS, os.urandom)
    return feed


def main(folder: Path, url: str, snapshots: Path, count: int) -> None:
    """Fill the till of a folder."""
    die_at(count)
    store = open_store(folder / "shop.db")
    with store.read() as tx:
        settings = tx.settings.load()
    assert settings is not None
    filling_till(store, folder, settings.shop_id, Way(feed_at(url, snapshots))).run()
    with suppress(Exception):
        store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
