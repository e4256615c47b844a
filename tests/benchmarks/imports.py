"""Imports beside a till that sells: the real 92,331 products, and 1,000,000 invented members.

`shuke import` runs as a process of its own on a shop whose till, in this process, scans on; measured are the whole
time of the process, its memory above what it had before the first row, and from a scan's last key to its painted line.

    python -m tests.benchmarks.imports [--members N] [--only members|products] [--alone]
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO

import msgspec

from pos_app.domain.values.money import Amount
from pos_app.persistence.database import open_store
from pos_app.services.founding import found_shop, new_settings
from tests.benchmarks.big_shop import OWNER_CODE, OWNER_PIN, copy_to, founded
from tests.benchmarks.scan_to_paint import ScanWatch
from tests.benchmarks.start import pss_mb
from tests.benchmarks.table import Row, ms, percentile, run
from tests.realdata import chain
from tests.realdata.window import TillWindow
from tests.support.import_files import goods_file, members_file
from ui.main import Home, shop_on, tools_of

MEMBERS = 1_000_000
KNOWN_GOODS = 400
PRODUCTS_S, MEMBERS_S, MEMORY_MB, SCAN_MS = 60.0, 300.0, 300.0, 50.0
_COMMAND = "import sys; from ui.cli import main; sys.exit(main())"


@dataclass
class Import:
    """A running `shuke import`: how it went, and the most memory it took above its first figure."""

    process: subprocess.Popen[str]
    began: float
    took_s: float = 0.0
    ended: dict[str, object] = field(default_factory=dict)
    idle_mb: float = 0.0
    most_mb: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)

    def watch(self) -> None:
        """Read the process's lines to their end; look at its memory ten times a second at most."""
        looked = 0.0
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            now = time.perf_counter()
            if "progress" in told:
                self.stages.setdefault(told["progress"]["stage"], now - self.began)
            if now - looked > 0.1:
                self._look()
                looked = now
            self.ended = told.get("ended", self.ended)
        self.process.wait()
        self.took_s = time.perf_counter() - self.began

    def _look(self) -> None:
        memory = pss_mb(self.process.pid)
        if memory is not None:
            self.idle_mb = self.idle_mb or memory
            self.most_mb = max(self.most_mb, memory - self.idle_mb)


def started(home: Home, kind: str, file: Path) -> Import:
    """Start `shuke import` on a data folder, its owner signing in."""
    environment = os.environ | {"SHUKE_HOME": str(home.folder), "SHUKE_KEY_STORE": "file"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "import", kind, str(file), "--staff", OWNER_CODE, "--progress"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stdin is not None
    _say(process.stdin, OWNER_PIN)
    return Import(process, began)


def _say(to: IO[str], line: str) -> None:
    to.write(line + "\n")
    to.flush()


@contextmanager
def small_shop(folder: Path) -> Iterator[Home]:
    """Found a shop with the first of the real goods, so that its till has something to scan."""
    home = Home(folder)
    store, tools = open_store(home.database), tools_of(home)
    settings = msgspec.structs.replace(new_settings(tools.ids, "熟客小店"), time_zone="UTC")
    owner = found_shop(store, settings, (OWNER_CODE, "Owner", OWNER_PIN), tools)
    shop = shop_on(store, home, tools)
    first = goods_file(folder / "first.csv", KNOWN_GOODS)
    from pos_app.domain.imports.kinds import Kind

    shop.imports.run(owner, shop.imports.open(first, Kind.CATALOGUE))
    shop.shifts.open(owner, Amount(50_000))
    store.close()
    yield home


def scanned_beside(home: Home, running: Callable[[], Import], codes: list[str]) -> tuple[Import, list[float]]:
    """Scan at a till while an import runs; return how it went and the seconds of each scan."""
    tools = tools_of(home)
    store = open_store(home.database)
    window = TillWindow(home, shop_on(store, home, tools), tools.clock)
    window.sign_in(OWNER_CODE, OWNER_PIN)
    watch = ScanWatch(window)
    watch.scan(codes[0])
    watch.remove()
    gc.collect()
    beside = running()
    reader = Thread(target=beside.watch, daemon=True)
    reader.start()
    times: list[float] = []
    while reader.is_alive():
        times.append(watch.scan(codes[len(times) % len(codes)]))
        watch.remove()
        reader.join(0.1)
    window.close()
    return beside, times


def measure(members: int = MEMBERS, only: str = "", alone: bool = False) -> list[Row]:
    """Import both files, each into a shop of its own."""
    rows: list[Row] = []
    # In the founded shop's folder, so that everything lies on one disk.
    with tempfile.TemporaryDirectory(prefix="imports-", dir=founded()) as made:
        folder = Path(made)
        codes = [each.barcode for place, each in enumerate(chain.goods()) if place < KNOWN_GOODS]
        if only != "members":
            place = folder / "products"
            place.mkdir()
            with small_shop(place) as home:
                file = goods_file(folder / "goods.csv")
                rows += _rows("92,331 products", PRODUCTS_S, *_ran(home, "catalogue", file, codes, alone))
        if only != "products":
            place = folder / "members"
            place.mkdir()
            home = copy_to(place)
            file = members_file(folder / "members.csv", members)
            rows += _rows(f"{members:,} members", MEMBERS_S, *_ran(home, "members", file, codes, alone))
    return rows


def _ran(home: Home, kind: str, file: Path, codes: list[str], alone: bool) -> tuple[Import, list[float]]:
    if not alone:
        return scanned_beside(home, lambda: started(home, kind, file), codes)
    beside = started(home, kind, file)
    beside.watch()
    return beside, []


def _rows(what: str, bar_s: float, beside: Import, scans: list[float]) -> list[Row]:
    told = beside.ended
    stages = " ".join(f"{name} {at:.0f}" for name, at in beside.stages.items())
    rows = [
        Row(
            name=f"import {what}",
            figure=f"{told.get('new')} new, {told.get('refused')} refused",
            limit=stages,
            measured=beside.took_s,
            bar=bar_s,
            unit="s",
        ),
        Row(
            name="  memory above its idle",
            figure=f"idle {beside.idle_mb:.0f} MB",
            measured=beside.most_mb,
            bar=MEMORY_MB,
            unit="MB",
        ),
    ]
    if scans:
        rows.append(
            Row(
                name="  scan to painted line meanwhile",
                figure=f"p50 {ms(percentile(scans, 50))} of {len(scans)}",
                measured=percentile(scans, 95) * 1000,
                bar=SCAN_MS,
                unit="ms",
            )
        )
    return rows


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--only", choices=("members", "products"), default="")
    parser.add_argument("--alone", action="store_true", help="without a till beside it")
    asked = parser.parse_args()
    run(lambda: measure(asked.members, asked.only, asked.alone))


if __name__ == "__main__":
    main()
