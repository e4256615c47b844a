"""What a cashier feels of sync that runs flat out: the commit of a sale, and how long the window stands still.

The real till in its window, first without a tie, then founding at a real platform: it brings its 92,000 goods along and
takes in hundreds of thousands of members of other shops, while a sale is committed on the till's own lane every
twentieth of a second. A timer of the window that should fire every five milliseconds tells how late it was. The
platform is another computer's: its files stand in memory here where there is such a disk, so that the till has its own.

    python -m tests.benchmarks.sync_beside [--seconds N]
"""

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

import msgspec
from PySide6.QtCore import QEventLoop, Qt, QTimer
from sqlalchemy import Connection

from pos_app.domain.members import Member
from pos_app.domain.sales.cart import Cart
from pos_app.domain.values.ids import ShopId
from pos_app.services.ports.syncing import EnrolWay, SyncLight
from sync.platform.__main__ import open_service
from sync.platform.feed import Draft, publish, take_positions
from sync.protocol.documents import Kind, MemberDocument
from tests.benchmarks.big_shop import OWNER_CODE, OWNER_PIN, BigShop, barcodes, big_shop
from tests.benchmarks.commit_sale import paid_cart
from tests.benchmarks.table import Row, ms, percentile, run
from tests.realdata.window import TillWindow
from tests.support.many_members import many_members
from tests.support.platform_process import platform_process
from ui.main import settle, tools_of

SECONDS = 60
MEMBERS = 400_000
CHUNK = 5_000
HEARTBEAT_MS, SALE_EVERY_MS = 5, 50
IN_MEMORY = Path("/dev/shm")
ELSEWHERE = ShopId(UUID(int=0xE15E))


@dataclass
class Counter:
    """Commits sales on the till's lane, one at a time, and watches the window meanwhile. GUI thread only."""

    here: BigShop
    window: TillWindow
    codes: list[str]
    commits: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    _number: int = 0
    _busy: bool = False
    _beat_at: float = 0.0

    def work(self, seconds: float) -> None:
        """Sell for so long."""
        loop = QEventLoop()
        timers = [self._timer(HEARTBEAT_MS, self._beat), self._timer(SALE_EVERY_MS, self._sell)]
        self._beat_at = time.perf_counter()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()
        for timer in timers:
            timer.stop()
        while self._busy:
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    @staticmethod
    def _timer(every_ms: int, work: Callable[[], None]) -> QTimer:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(work)
        timer.start(every_ms)
        return timer

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._beat_at - HEARTBEAT_MS / 1000))
        self._beat_at = now

    def _sell(self) -> None:
        if self._busy:
            return
        self._busy = True
        self._number += 1
        number = self._number
        # What a cashier does before she takes the money is no part of it: it is done on the lane too.
        lane = self.window.till.counter.db
        lane.run(lambda: paid_cart(self.here, number, self.codes), self._commit, self._broken)

    def _commit(self, cart: Cart) -> None:
        began = time.perf_counter()

        def done(_committed: object) -> None:
            self.commits.append(time.perf_counter() - began)
            self._busy = False

        shop, owner = self.here.shop, self.here.owner
        self.window.till.counter.db.run(
            lambda: shop.checkout.commit(owner, cart),
            done,
            self._broken,
        )

    def _broken(self, problem: Exception) -> None:
        raise problem


def _in_memory() -> Path | None:
    """Return a disk in memory; None for the usual place."""
    return IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None


def fill_feed(url: str, members: int) -> None:
    """Put members of other shops into a platform's feed."""
    service = open_service(url)
    merchant = service.only_merchant()
    source = many_members(members, ELSEWHERE)
    while chunk := list(islice(source, CHUNK)):
        drafts = [_draft(member) for member in chunk]

        def write(connection: Connection, drafts: list[Draft] = drafts) -> None:
            first = take_positions(connection, merchant, len(drafts))
            publish(connection, merchant, first, drafts)

        service.database.write(write)
    service.database.close()


def _draft(member: Member) -> Draft:
    body = msgspec.json.encode(MemberDocument(member=member))
    return Draft(Kind.MEMBER.value, member.member_id.bytes, body)


def sold(seconds: float, members: int) -> Iterator[tuple[str, Counter, str]]:
    """Sell without a tie, then beside sync; yield what was measured, and how far sync came."""
    codes = barcodes(1_000)
    with (
        tempfile.TemporaryDirectory(prefix="beside-", dir=_in_memory()) as made,
        platform_process(Path(made)) as platform,
    ):
        fill_feed(platform.url, members)
        with big_shop() as here:
            window = TillWindow(here.home, here.shop, here.clock, tools_of(here.home))
            window.sign_in(OWNER_CODE, OWNER_PIN)
            gc.collect()
            settle()
            alone = Counter(here, window, codes)
            alone.work(min(seconds, 20))
            yield "alone", alone, ""
            service = platform.beside
            code = service.new_code(service.only_merchant())
            side = window.till.parts.sync
            assert side.enrolling is not None
            side.enrolling.enrol(platform.address, code, EnrolWay.FOUND)
            beside = Counter(here, window, codes, _number=alone._number)
            beside.work(seconds)
            status = side.control.status()
            with here.store.read() as tx:
                documents = tx.members.count()
            busy = "busy to the end" if status.light is SyncLight.BUSY else f"light {status.light.value}"
            yield "beside", beside, f"{documents:,} members there, {busy}"
            window.close()


def measure(seconds: float = SECONDS, members: int = MEMBERS) -> list[Row]:
    """Measure commits and stalls, without and with sync."""
    told = {name: (counter, note) for name, counter, note in sold(seconds, members)}
    alone, (beside, note) = told["alone"][0], told["beside"]
    p95 = [percentile(counter.commits, 95) for counter in (alone, beside)]
    stalls = [beside.late, alone.late]
    rows = [
        Row(
            name="commit while sync runs, p95",
            figure=f"{ms(p95[1])} of {len(beside.commits)}",
            limit=f"without {ms(p95[0])}",
            measured=p95[1] / p95[0],
            bar=2.0,
        )
    ]
    for percent, bar in ((99, 16.0), (100, 50.0)):
        late = [percentile(times, percent) for times in stalls]
        rows.append(
            Row(
                name="window stands still, " + ("max" if percent == 100 else f"p{percent}"),
                figure=note if percent == 99 else f"{len(beside.late)} beats",
                limit=f"without {ms(late[1])}",
                measured=late[0] * 1000,
                bar=bar,
                unit="ms",
            )
        )
    return rows


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--members", type=int, default=MEMBERS)
    asked = parser.parse_args()
    run(lambda: measure(asked.seconds, asked.members))


if __name__ == "__main__":
    main()
