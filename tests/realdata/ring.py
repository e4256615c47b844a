"""Ring a grocery chain's real weeks, then let three readers add them up.

    python -m tests.realdata.ring --weeks 1-4 [--baskets N] [--via services|keys]

Takes in all products, signs each household up, rings every basket, closes a shift a day; into SHUKE_HOME, or a
throw-away folder that it names. Then a new process reads the sales tables and the journal, another computes what the
source says, and `verify` walks the journal. Ends with 1 unless all three are equal to the cent, verify passes, and no
statement of the ring walked a table that grows. A folder that the ring has used before is gone on with: what it held
stands in no sum.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.money import Amount
from pos_app.hardware.clock import SystemIds
from tests.realdata import books, chain
from tests.realdata.chain import Basket
from tests.realdata.counter import ServiceCounter
from tests.realdata.shop import RingShop, goods_to_save, open_ring_shop
from tests.realdata.source import weeks_of
from tests.support.statements import watched

FLOAT = Amount(20_000)
SAY_EVERY_S = 10.0


class Counter(Protocol):
    """Whoever rings: by calls, or by keys."""

    signed_up: int

    def ring(self, basket: Basket) -> None:
        """Ring one basket to its end."""
        ...

    def close(self) -> None:
        """Go home: nothing is on its way any more."""
        ...


def take_in_goods(ring: RingShop, only: frozenset[str] | None = None) -> tuple[int, list[str]]:
    """Take all products in, once; return how many there are now, and the codes that no list held.

    `only` names the barcodes that a short ring needs.
    """
    _, there = ring.shop.catalogue.browse(limit=1)
    if there:
        return there, []
    ids, written = SystemIds(), 0
    missing = list(_wanted(chain.missing_goods(), only))
    for source, goods in (("products", _wanted(chain.goods(), only)), ("transactions", iter(missing))):
        written += ring.shop.catalogue.take_in(ring.owner, source, goods_to_save(goods, ids))
    return written, [each.code for each in missing]


def _wanted(goods: Iterable[chain.Goods], only: frozenset[str] | None) -> Iterator[chain.Goods]:
    return (each for each in goods if only is None or each.barcode in only)


def ring_baskets(ring: RingShop, counter: Counter, chosen: list[Basket]) -> None:
    """Ring baskets one after the other; the shift is closed on its count when the business date changes."""
    settings = ring.shop.settings.value
    shift = ring.shop.shifts.current()
    open_day: date | None = shift.business_date if shift else None
    started = said = time.perf_counter()
    for done, basket in enumerate(chosen):
        ring.clock.at = max(ring.clock.at, basket.at)
        day = business_date(ring.clock.at, settings.zone, settings.day_starts_at)
        if day != open_day:
            if open_day is not None:
                close_shift(ring)
            ring.shop.shifts.open(ring.owner, FLOAT)
            open_day = day
        counter.ring(basket)
        if time.perf_counter() - said > SAY_EVERY_S:
            said = time.perf_counter()
            print(f"  {done + 1} baskets, {(done + 1) / (said - started):.0f} a second", flush=True)
    if open_day is not None:
        close_shift(ring)


def close_shift(ring: RingShop) -> None:
    """Close the open shift on exactly what should be in the drawer."""
    expected = ring.shop.shifts.x_report()[1].expected_cash
    ring.shop.shifts.close(ring.owner, expected, None)


def sales_before(database: Path) -> int:
    """Return how many sales a database holds already."""
    if not database.exists():
        return 0
    with closing(books.open_books(database)) as here:
        return books.from_tables(here).baskets


def three_sums(database: Path, after: int, weeks: str, baskets: int | None) -> tuple[list[str], bool]:
    """Let new processes read books and source; return their three lines, and whether the figures are the same."""
    source = ["tests.realdata.source", "--weeks", weeks]
    if baskets is not None:
        source += ["--baskets", str(baskets)]
    lines: list[str] = []
    for command in (["tests.realdata.books", str(database), "--after", str(after)], source):
        ran = subprocess.run(
            [sys.executable, "-m", *command], stdout=subprocess.PIPE, encoding="utf-8", check=False
        )
        lines += ran.stdout.splitlines()
    figures = {line.partition(" ")[2] for line in lines}
    return lines, len(lines) == 3 and len(figures) == 1


def verified(folder: Path) -> bool:
    """Run `shuke verify` on a data folder, as a process of its own; it says what it finds."""
    command = [sys.executable, "-c", "import sys; from ui.cli import main; sys.exit(main())", "verify"]
    environment = {**os.environ, "SHUKE_HOME": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


@contextmanager
def ringing_in(folder: Path, chosen: list[Basket]) -> Iterator[RingShop]:
    """Open the ring's shop for baskets; close its store afterwards."""
    ring = open_ring_shop(folder, chosen[0].at)
    try:
        yield ring
    finally:
        ring.store.close()


def counter_of(ring: RingShop, via: str) -> Counter:
    """Return the cashier who rings by calls, or by keys."""
    if via == "keys":
        from tests.realdata.keys import KeyCounter

        return KeyCounter(ring)
    return ServiceCounter(ring.shop, ring.owner)


def run(folder: Path, weeks: str, baskets: int | None, via: str) -> bool:
    """Ring into a folder and prove it; say how it goes; return whether all sums agree and verify passes."""
    started = time.perf_counter()
    chosen = chain.baskets(weeks_of(weeks), baskets)
    print(f"{len(chosen)} baskets of weeks {weeks} into {folder}, via {via}", flush=True)
    before = sales_before(folder / "shop.db")
    with ringing_in(folder, chosen) as ring:
        clock = time.perf_counter()
        there, missing = take_in_goods(ring)
        print(f"{there} products in {time.perf_counter() - clock:.1f} s", flush=True)
        if missing:
            print(f"not in the source's list, added from its baskets: {' '.join(missing)}")
        clock = time.perf_counter()
        counter = counter_of(ring, via)
        with watched() as statements:
            ring_baskets(ring, counter, chosen)
            took = time.perf_counter() - clock
            counter.close()
        lines = sum(len(each.lines) for each in chosen)
        print(
            f"{len(chosen)} baskets, {lines} lines, {counter.signed_up} sign-ups in {took:.1f} s: "
            f"{len(chosen) / took:.0f} baskets and {lines / took:.0f} lines a second",
            flush=True,
        )
    walks = statements.walks(folder / "shop.db")
    print(f"{len(statements.seen)} different statements, {len(walks)} walk a table that grows")
    for table, statement, rows in walks:
        print(f"  {table} ({rows} rows): {statement}")
    texts, equal = three_sums(folder / "shop.db", before, weeks, baskets)
    print("\n".join(texts))
    print("equal to the cent" if equal else "NOT EQUAL")
    passed = verified(folder)
    print(f"{time.perf_counter() - started:.0f} s in all")
    return equal and passed and not walks


def main() -> int:
    """Run the ring from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", default="1-4")
    parser.add_argument("--baskets", type=int, default=None)
    parser.add_argument("--via", choices=("services", "keys"), default="services")
    asked = parser.parse_args()
    named = os.environ.get("SHUKE_HOME")
    folder = Path(named).expanduser().resolve() if named else Path(tempfile.mkdtemp(prefix="shuke-ring-"))
    return 0 if run(folder, asked.weeks, asked.baskets, asked.via) else 1


if __name__ == "__main__":
    sys.exit(main())
