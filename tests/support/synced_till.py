"""A founded shop's till with its sync as the composition root puts it together, for a real platform on a real port.

Decides what stands in for the outside (secrets in memory, no processes beside the till); runner, engines, HTTP and the
store are the real ones.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event

from sqlalchemy import select

from pos_app.hardware.clock import SystemStopwatch
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.ports.syncing import EnrolWay, SyncLink, SyncStatus
from sync.client.filling import Crew, CrewState, Job
from sync.client.till import SyncOutside, TillSync, make_sync
from sync.platform import tables
from tests.support.platform_server import RunningPlatform
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop

PATIENCE_S, LOOK_EVERY_S = 30.0, 0.02


@dataclass
class MemoryTokens:
    """A token that nobody finds on the disk."""

    token: str | None = field(default=None, repr=False)

    def load(self) -> str | None:
        """Return it."""
        return self.token

    def save(self, token: str) -> None:
        """Keep it."""
        self.token = token

    def forget(self) -> None:
        """Keep it no longer."""
        self.token = None


class NoCrew:
    """Nobody beside the till: only a joining till needs somebody."""

    def start(self, job: Job) -> None:
        """Do nothing."""

    def tell_whole(self) -> None:
        """Do nothing."""

    def state(self) -> CrewState:
        """Return that nobody works."""
        return CrewState(is_broken=True)

    def stop(self) -> None:
        """Do nothing."""


@dataclass
class SyncedTill:
    """A till with its sync."""

    shop: DiskShop
    sync: TillSync
    tokens: MemoryTokens
    bugs: list[Exception] = field(default_factory=list)

    def enrol(
        self,
        at: RunningPlatform,
        address: str = "",
        way: EnrolWay = EnrolWay.FOUND,
        *,
        begin: bool = True,
    ) -> None:
        """Come in with a code of the platform."""
        code = at.service.new_code(at.merchant)
        self.sync.enrolling.enrol(address or at.address, code, way, begin=begin)

    def link(self) -> SyncLink:
        """Return the tie."""
        with self.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None
        return link

    def await_status(self, fits: Callable[[SyncStatus], bool], patience_s: float = PATIENCE_S) -> SyncStatus:
        """Wait for a status; fail when it does not come in time."""
        changed = Event()
        self.sync.runner.watch(lambda _status: changed.set())
        end = time.monotonic() + patience_s
        while not fits(status := self.sync.runner.status()):
            # What a test waits for may stand in the books without a change of the status.
            changed.wait(LOOK_EVERY_S)
            changed.clear()
            assert time.monotonic() < end, status
        return status


@contextmanager
def synced_till(folder: Path, which: int = 1, crew: Callable[[], Crew] = NoCrew) -> Iterator[SyncedTill]:
    """Found the first, second … shop in a folder and put its sync together; all is stopped and closed at the end."""
    if not (folder / "shop.db").exists():
        place_shop(folder, which)
    shop = open_shop(folder, which=which)
    tokens, bugs = MemoryTokens(), list[Exception]()
    sync = make_sync(
        SyncOutside(
            store=shop.store,
            settings=lambda: shop.shop.current.value,
            clock=shop.clock,
            stopwatch=SystemStopwatch(),
            ids=shop.outside.ids,
            signer=shop.outside.signer,
            verifier=Ed25519Verifier(),
            tokens=tokens,
            adopt_shop=shop.shop.settings.adopt_shop,
            remember=shop.shop.settings.remember_platform,
            lock=partial(folder_lock, folder / "sync.lock"),
            on_bug=bugs.append,
            folder=folder,
            crew=crew,
        )
    )
    try:
        yield SyncedTill(shop, sync, tokens, bugs)
    finally:
        sync.runner.stop()
        shop.store.close()


def stored_at(platform: RunningPlatform) -> list[bytes]:
    """Return the facts that a platform holds, as they were sent."""
    query = select(tables.fact.c.body).order_by(tables.fact.c.epoch, tables.fact.c.seq)
    return list(platform.service.database.read(lambda c: c.execute(query).scalars().all()))


def journal_of(till: SyncedTill) -> list[bytes]:
    """Return the facts of a till's journal."""
    with till.shop.store.read() as tx:
        return [entry.body for entry in tx.journal.entries()]


@contextmanager
def founder(folder: Path, platform: RunningPlatform) -> Iterator[SyncedTill]:
    """Open a merchant's first till, whose goods, people and one member stand on the platform."""
    with synced_till(folder) as till:
        till.shop.sign_up("13800138000", "林小满")
        till.enrol(platform)
        till.await_status(lambda status: bool(status.answered_at_ms) and not status.unsent)
        yield till
