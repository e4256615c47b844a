"""A founded shop's till with its sync as the composition root puts it together, for a real platform on a real port.

Decides what stands in for the outside (secrets in memory, no processes beside the till); runner, engines, HTTP and the
store are the real ones.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event

from pos_app.hardware.clock import SystemStopwatch
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.ports.syncing import EnrolWay, SyncLink, SyncStatus
from sync.client.filling import CrewState, Job
from sync.client.till import SyncOutside, TillSync, make_sync
from tests.support.platform_server import RunningPlatform
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop

PATIENCE_S = 30.0


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

    def enrol(self, at: RunningPlatform, address: str = "", *, begin: bool = True) -> None:
        """Found the merchant's records with a code of the platform."""
        code = at.service.new_code(at.merchant)
        self.sync.enrolling.enrol(address or at.address, code, EnrolWay.FOUND, begin=begin)

    def link(self) -> SyncLink:
        """Return the tie."""
        with self.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None
        return link

    def await_status(self, fits: Callable[[SyncStatus], bool], patience_s: float = PATIENCE_S) -> SyncStatus:
        """Wait for a status; fail when it does not come in time."""
        arrived = Event()

        def look(status: SyncStatus) -> None:
            if fits(status):
                arrived.set()

        self.sync.runner.watch(look)
        look(self.sync.runner.status())
        assert arrived.wait(patience_s), self.sync.runner.status()
        return self.sync.runner.status()


@contextmanager
def synced_till(folder: Path) -> Iterator[SyncedTill]:
    """Found a shop in a folder and put its sync together; all is stopped and closed at the end."""
    if not (folder / "shop.db").exists():
        place_shop(folder)
    shop = open_shop(folder)
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
            lock=partial(folder_lock, folder / "sync.lock"),
            on_bug=bugs.append,
            folder=folder,
            crew=NoCrew,
        )
    )
    try:
        yield SyncedTill(shop, sync, tokens, bugs)
    finally:
        sync.runner.stop()
        shop.store.close()
