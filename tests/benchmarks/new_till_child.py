"""The till of `new_till`: a process that joins a platform, is filled and sells; reads a task, tells figures."""

import resource
import sys
import time
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Thread

import msgspec

from pos_app.domain.values.ids import MerchantId
from pos_app.hardware.clock import SystemStopwatch
from sync.client.applying import appliers
from sync.client.filling import Filling, FillingDoors
from sync.client.filling_crew import ProcessCrew, crew_of
from sync.client.goods_applying import VariantApplier
from sync.client.http import HttpPlatform
from sync.client.pulling import PullEngine
from sync.protocol.documents import Kind
from sync.protocol.messages import Enrolled
from tests.support.feed import NOW_MS, link_of, tie
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk
from tests.support.sync_journal import enrolment

ALONE = 100
"""Sales before the filling begins, with the same pauses as later: no cashier pays back to back."""
PAUSE_S = 0.05
OWN_GOODS = (
    "variant",
    "barcode",
    "scale_item",
    "product_key",
    "price",
    "piece",
    "batch",
    "style",
    "price_change",
)


class Task(msgspec.Struct):
    """What the till does: its folder, how it comes in, how many members it must have, what is scanned."""

    folder: str
    code: str
    address: str
    members: int
    last: str
    codes: list[str]


class Figures(msgspec.Struct):
    """What it took, in seconds."""

    goods: int
    sells_s: float
    found_s: float
    all_s: float
    cpu_s: float
    crew_cpu_s: float
    alone_s: list[float]
    beside_s: list[float]


class Fill(Thread):
    """The filling on a thread of its own, as sync does it; notes when all were found."""

    def __init__(self, filling: Filling, crew: ProcessCrew) -> None:
        super().__init__(name="sync", daemon=True)
        self._filling, self._crew = filling, crew
        self.found_s = self.all_s = 0.0
        self.error: Exception | None = None

    def run(self) -> None:
        """Step to the end."""
        began = time.perf_counter()
        try:
            while self._filling.step():
                if self._crew.pids and self._crew.state().keys >= 1_000:
                    self.found_s = self.found_s or time.perf_counter() - began
            self.all_s = time.perf_counter() - began
            self.found_s = self.found_s or self.all_s
        except Exception as error:
            self.error = error


def _joined(shop: DiskShop, task: Task) -> Enrolled:
    settings = shop.shop.settings.value
    asked = enrolment(task.code, till=settings.till_id, shop=settings.shop_id)
    with closing(HttpPlatform(task.address)) as gate:
        enrolled = gate.enrol(asked)
    tie(shop)
    with shop.store.write() as tx:
        merchant = MerchantId(enrolled.merchant)
        tx.links.save(replace(link_of(shop), way="join", merchant=merchant, address=task.address))
    return enrolled


def _sale(shop: DiskShop, code: str) -> float:
    cart = shop.paid(shop.cart(code))
    began = time.perf_counter()
    shop.shop.checkout.commit(shop.cashier, cart)
    return time.perf_counter() - began


def _without_goods(shop: DiskShop) -> None:
    with shop.store.engine.connect() as connection:
        for table in OWN_GOODS:
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.commit()


def _filling(shop: DiskShop, line: HttpPlatform, crew: ProcessCrew) -> Filling:
    known = {**appliers(shop.shop.settings.value.shop_id, {}), Kind.VARIANT: VariantApplier()}
    pull = PullEngine(shop.store, line, known, SystemStopwatch())
    return Filling(
        FillingDoors(
            store=shop.store,
            folder=shop.folder,
            snapshots=line,
            clear=pull.clear,
            take_in=partial(pull.take_in, now_ms=NOW_MS),
            crew=crew,
            stopwatch=SystemStopwatch(),
            told=lambda _told: None,
        )
    )


def fill(shop: DiskShop, task: Task) -> Figures:
    """Join, be filled and sell."""
    alone = []
    for _ in range(ALONE):
        alone.append(_sale(shop, CANDY))
        time.sleep(PAUSE_S)
    _without_goods(shop)
    began = time.perf_counter()
    line = HttpPlatform(task.address, _joined(shop, task).token)
    crew = crew_of("ui.cli.filling_child")
    work = Fill(_filling(shop, line, crew), crew)
    work.start()
    beside, sells_s, codes = list[float](), 0.0, cycle(task.codes)
    while work.is_alive():
        if sells_s:
            beside.append(_sale(shop, next(codes)))
        elif _can_scan(shop, task.last):
            beside.append(_sale(shop, task.last))
            sells_s = time.perf_counter() - began
        work.join(PAUSE_S)
    if work.error is not None:
        raise work.error
    assert shop.shop.members.count() == task.members
    with shop.store.engine.connect() as connection:
        goods = connection.exec_driver_sql("SELECT count(*) FROM variant").scalar_one()
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Figures(
        goods=goods,
        sells_s=sells_s,
        found_s=work.found_s,
        all_s=work.all_s,
        cpu_s=own.ru_utime + own.ru_stime,
        crew_cpu_s=others.ru_utime + others.ru_stime,
        alone_s=alone,
        beside_s=beside,
    )


def _can_scan(shop: DiskShop, code: str) -> bool:
    with shop.store.read() as tx:
        return tx.catalogue.find_barcode([code]) is not None


def main() -> None:
    """Do the task on stdin; tell the figures on stdout."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    with shop_on_disk(Path(task.folder)) as shop:
        sys.stdout.buffer.write(msgspec.json.encode(fill(shop, task)))


if __name__ == "__main__":
    main()
