"""A new till of a merchant with 1,000,000 members: when it sells, when all are found, and what a cashier notices.

The platform runs as a process of its own over HTTP, on SQLite; the members are invented and written straight into its
tables. The till enrols, fetches the snapshot and is filled by the processes beside it, while sales are committed one
after the other; the same sales before it are the limit. Memory is what each process has to itself (PSS) at its most.

    python -m tests.benchmarks.new_till [--members N]
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread

from pos_app.domain.values.ids import MerchantId, ShopId
from pos_app.hardware.clock import SystemStopwatch
from sync.client.applying import appliers
from sync.client.filling import Filling, FillingDoors
from sync.client.filling_crew import ProcessCrew, crew_of
from sync.client.http import HttpPlatform
from sync.client.pulling import PullEngine
from sync.platform.__main__ import open_service
from sync.platform.feed import Draft
from sync.protocol.documents import digest_of
from sync.protocol.messages import Enrolled
from tests.benchmarks.start import pss_mb
from tests.benchmarks.table import Row, ms, percentile, run
from tests.support.feed import link_of, tie
from tests.support.filling_till import draft_of, shop_draft
from tests.support.many_members import NOW, many_members
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk
from tests.support.sync_journal import enrolment

MEMBERS = 1_000_000
SELLS_S, FOUND_S, MEMORY_MB, COMMIT_BAR = 5.0, 90.0, 400.0, 2.0
ALONE = 300
"""Sales before the filling begins."""
NOW_MS = int(NOW.timestamp() * 1000)


def write_members(file: Path, merchant: MerchantId, count: int, shop: DiskShop) -> None:
    """Write members, and one shop, into the platform's tables as its documents."""
    insert = (
        "INSERT INTO document (merchant_id, kind, id, position, gone, version, hlc, body)"
        " VALUES (?, ?, ?, ?, 0, 1, 0, ?)"
    )
    here, digest = shop.shop.settings.value.shop_id, 0
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for position, draft in enumerate(_all(count, here), 1):
            connection.execute(insert, (merchant.bytes, draft.kind, draft.id, position, draft.body))
            digest ^= digest_of(draft.kind, draft.id, position)
        signed = digest - (digest >> 63 << 64)
        connection.execute("UPDATE feed_head SET position = ?, digest = ?", (count + 1, signed))
        connection.execute("COMMIT")


def _all(count: int, here: ShopId) -> Iterator[Draft]:
    yield shop_draft(1)
    yield from map(draft_of, many_members(count, here))


@contextmanager
def platform(url: str) -> Iterator[tuple[str, int]]:
    """Serve in a process of its own; return its address and process id."""
    command = [sys.executable, "-m", "sync.platform", "--port", "0", "--database", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split(": ", 1)[1].strip(), process.pid
    finally:
        process.terminate()
        process.wait(30)


class Memory:
    """The most memory of processes, looked at five times a second."""

    def __init__(self, platform_pid: int, crew: ProcessCrew) -> None:
        self.till = self.platform = 0.0
        self._platform, self._crew, self._over = platform_pid, crew, Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            beside = sum(pss_mb(pid) or 0.0 for pid in self._crew.pids)
            self.till = max(self.till, (pss_mb(os.getpid()) or 0.0) + beside)
            self.platform = max(self.platform, pss_mb(self._platform) or 0.0)

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()


class Fill(Thread):
    """The filling on a thread of its own, as sync does it; notes when the till sold and when all were found."""

    def __init__(self, filling: Filling, crew: ProcessCrew) -> None:
        super().__init__(name="sync", daemon=True)
        self._filling, self._crew = filling, crew
        self.sells_s = self.found_s = self.all_s = 0.0
        self.error: Exception | None = None

    def run(self) -> None:
        """Step to the end."""
        began = time.perf_counter()
        try:
            while self._filling.step():
                now = time.perf_counter() - began
                state = self._crew.state() if self._crew.pids else None
                if state is not None:
                    self.sells_s = self.sells_s or now
                    if state.keys >= 1_000:
                        self.found_s = self.found_s or now
            self.all_s = time.perf_counter() - began
            self.found_s = self.found_s or self.all_s
        except Exception as error:
            self.error = error


def _joined(shop: DiskShop, address: str, code: str) -> Enrolled:
    settings = shop.shop.settings.value
    asked = enrolment(code, till=settings.till_id, shop=settings.shop_id)
    with closing(HttpPlatform(address)) as gate:
        enrolled = gate.enrol(asked)
    tie(shop)
    with shop.store.write() as tx:
        tx.links.save(
            replace(link_of(shop), way="join", merchant=MerchantId(enrolled.merchant), address=address)
        )
    return enrolled


def _sale(shop: DiskShop) -> float:
    cart = shop.paid(shop.cart(CANDY))
    began = time.perf_counter()
    shop.shop.checkout.commit(shop.cashier, cart)
    return time.perf_counter() - began


def measure(members: int = MEMBERS) -> list[Row]:
    """Fill one till."""
    with tempfile.TemporaryDirectory(prefix="new-till-") as made, shop_on_disk(Path(made) / "till") as shop:
        file = Path(made) / "platform.db"
        url = f"sqlite+pysqlite:///{file.as_posix()}"
        service = open_service(url)
        merchant = service.only_merchant()
        write_members(file, merchant, members, shop)
        code = service.new_code(merchant)
        service.database.close()
        with platform(url) as (address, pid):
            enrolled = _joined(shop, address, code)
            return _filled(shop, HttpPlatform(address, enrolled.token), pid, members)


def _filled(shop: DiskShop, line: HttpPlatform, pid: int, members: int) -> list[Row]:
    alone = [_sale(shop) for _ in range(ALONE)]
    crew = crew_of("ui.cli.filling_child")
    pull = PullEngine(shop.store, line, appliers(shop.shop.settings.value.shop_id, {}), SystemStopwatch())
    doors = FillingDoors(
        store=shop.store,
        folder=shop.folder,
        snapshots=line,
        clear=pull.clear,
        take_in=partial(pull.take_in, now_ms=NOW_MS),
        crew=crew,
        stopwatch=SystemStopwatch(),
        told=lambda _told: None,
    )
    memory = Memory(pid, crew)
    fill = Fill(Filling(doors), crew)
    fill.start()
    beside: list[float] = []
    while fill.is_alive():
        beside.append(_sale(shop))
        fill.join(0.05)
    memory.end()
    if fill.error is not None:
        raise fill.error
    assert shop.shop.members.count() == members
    return _rows(members, fill, memory, (alone, beside))


def _rows(members: int, fill: Fill, memory: Memory, sales: tuple[list[float], list[float]]) -> list[Row]:
    alone, beside = (percentile(times, 95) for times in sales)
    return [
        Row(name="new till sells after", figure="", measured=fill.sells_s, bar=SELLS_S, unit="s"),
        Row(
            name=f"  {members:,} members found after",
            figure=f"all done {fill.all_s:.1f} s",
            measured=fill.found_s,
            bar=FOUND_S,
            unit="s",
        ),
        Row(
            name="  memory of the till",
            figure="with its processes",
            measured=memory.till,
            bar=MEMORY_MB,
            unit="MB",
        ),
        Row(name="  memory of the platform", figure="", measured=memory.platform, bar=MEMORY_MB, unit="MB"),
        Row(
            name="  a sale's commit meanwhile",
            figure=f"p95 {ms(beside)} of {len(sales[1])}",
            limit=f"p95 {ms(alone)} without",
            measured=beside / alone,
            bar=COMMIT_BAR,
        ),
    ]


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=MEMBERS)
    asked = parser.parse_args()
    run(lambda: measure(asked.members))


if __name__ == "__main__":
    main()
