"""A till sells while a file comes in: no sale fails, and nobody sees half of the file."""

import threading
from pathlib import Path

from pos_app.domain.imports.kinds import Kind
from pos_app.hardware.clock import SystemStopwatch
from pos_app.services.imports.service import ImportService
from pos_app.services.workplace import Workplace
from tests.support.import_files import MEMBER_HEADINGS, goods_file, write_csv
from tests.support.shop_on_disk import NECKLACE, DiskShop, open_shop

SALES = 25


def timed_imports(shop: DiskShop) -> ImportService:
    """Return the shop's imports on the computer's own stopwatch, so that they rest as they do in a shop."""
    service = shop.shop.imports
    work: Workplace = service._work
    return ImportService(work, SystemStopwatch())


def test_sales_go_through_while_members_come_in(shop: DiskShop, tmp_path: Path) -> None:
    rows = (("王" + "一二三四五六七八九十"[n % 10], f"1381234{n:04d}", "", "", "") for n in range(3_000))
    file = write_csv(tmp_path / "members.csv", MEMBER_HEADINGS, rows)
    counter = open_shop(shop.folder, first_id=1 << 40)
    sold: list[str] = []
    counts: set[int] = set()
    through = threading.Event()

    def sell() -> None:
        while len(sold) < SALES or not through.is_set():
            sold.append(counter.sell(NECKLACE).sale.number)
            with counter.store.read() as tx:
                counts.add(tx.members.count())

    seller = threading.Thread(target=sell)
    seller.start()
    imports = timed_imports(shop)
    ended = imports.run(shop.owner, imports.open(file, Kind.MEMBERS))
    through.set()
    seller.join()
    counter.store.close()
    assert ended.told.new == 3_000
    assert len(set(sold)) == len(sold) >= SALES
    assert counts <= {0, 3_000}
    assert shop.verify().passed


def test_the_chains_real_goods_come_in_and_go(shop: DiskShop, tmp_path: Path) -> None:
    file = goods_file(tmp_path / "goods.csv", 1_500)
    imports = shop.shop.imports
    ended = imports.run(shop.owner, imports.open(file, Kind.CATALOGUE))
    assert (ended.told.new, ended.told.refused_count) == (1_500, 0)
    barcode = file.read_text("utf-8").splitlines()[700].split(",")[-3]
    assert shop.shop.catalogue.find(barcode) is not None
    shop.sell(barcode)
    imports.withdraw(shop.owner)
    assert shop.shop.catalogue.find(barcode) is None
    assert shop.shop.catalogue.find(NECKLACE) is not None
    assert shop.store.check() == []
