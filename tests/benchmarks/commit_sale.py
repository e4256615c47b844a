"""How long a sale takes to be safe: five lines and a member, from the call to the answer, against bare SQLite.

The product's side is `checkout.commit` on the till's own database lane, its answer brought back by the queued signal.
The bare side replays the very statements captured from the product, with the same pragmas, on a copy of the same file
on the same disk. Both sides take turns, sale by sale. A log sync is counted by strace, where there is one.

    python -m tests.benchmarks.commit_sale [--sales N]
"""

import argparse
import gc
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import event

from pos_app.domain.sales.cart import Cart, MemberRef, add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.persistence.store import PRAGMAS, WRITE
from pos_app.services.ringing import Goods
from tests.benchmarks.big_shop import MEMBERS, OWNER_CODE, OWNER_PIN, BigShop, barcodes, big_shop, phone_of
from tests.benchmarks.table import Row, ms, percentile, run
from tests.realdata.window import TillWindow
from ui.shell.lanes import ThreadLane

SALES = 2_000
KEYED = 200
LINES = 5


@dataclass(slots=True)
class Script:
    """The statements of one sale: those that keep its cart, and those of its commit."""

    keep: list[tuple[str, Any, bool]] = field(default_factory=list)
    commit: list[tuple[str, Any, bool]] = field(default_factory=list)


class Captor:
    """Writes down every statement that the product's engine runs."""

    def __init__(self, here: BigShop) -> None:
        self.into: list[tuple[str, Any, bool]] = []
        self._begun = False
        event.listen(here.store.engine, "before_cursor_execute", self._statement)
        event.listen(here.store.engine, "commit", self._commit)

    def _statement(self, *told: Any) -> None:
        # SQLAlchemy tells: connection, cursor, statement, parameters, context, whether there are many.
        _, _, statement, parameters, _, many = told
        # A writer waits for its turn on the driver itself, which no event tells.
        if not self._begun and not statement.startswith("BEGIN"):
            self.into.append((WRITE, (), False))
        self._begun = True
        self.into.append((statement, parameters, many))

    def _commit(self, _connection: Any) -> None:
        if self._begun:
            self.into.append(("COMMIT", (), False))
        self._begun = False


def paid_cart(here: BigShop, number: int, codes: list[str]) -> Cart:
    """Return a paid cart of five lines with a member."""
    cart = here.shop.carts.new()
    for place in range(LINES):
        meaning = here.shop.ringing.meaning(codes[(number * LINES + place) % len(codes)])
        assert isinstance(meaning, Goods)
        cart, _ = add_line(cart, meaning.line)
    member = here.shop.members.find_phone(phone_of(number % MEMBERS))
    assert member is not None
    cart = msgspec.structs.replace(cart, member=MemberRef(member=member.member_id, found_by="phone"))
    cash = here.shop.checkout.tender(TenderKind.CASH, here.shop.checkout.price(cart).total)
    return msgspec.structs.replace(cart, tenders=(cash,))


def captured(sales: int, codes: list[str]) -> list[Script]:
    """Sell on a copy that is thrown away, and return what ran."""
    scripts = []
    with big_shop() as here:
        captor = Captor(here)
        for number in range(sales):
            script = Script()
            cart = paid_cart(here, number, codes)
            captor.into = script.keep
            here.shop.carts.keep(cart)
            captor.into = script.commit
            here.shop.checkout.commit(here.owner, cart)
            captor.into = []
            scripts.append(script)
    return scripts


class Committer:
    """The product's side: the lane's thread does the work, the queued signal brings the answer."""

    def __init__(self, here: BigShop) -> None:
        self._here = here
        self._application = QCoreApplication.instance() or QApplication([])
        self._lane = ThreadLane("db", self._failed)
        # A waiting window sleeps in its event loop; spinning here would take the interpreter from the lane.
        self._loop = QEventLoop()

    def commit(self, cart: Cart) -> float:
        """Commit a cart; return the seconds from the call to the answer on the thread that called."""
        began = time.perf_counter()
        self._lane.run(
            lambda: self._here.shop.checkout.commit(self._here.owner, cart), self._done, self._failed
        )
        self._loop.exec()
        return time.perf_counter() - began

    def close(self) -> None:
        """End the lane."""
        self._lane.close()

    def _done(self, _committed: object) -> None:
        self._loop.quit()

    def _failed(self, problem: Exception) -> None:
        raise problem


class Bare:
    """The limit: sqlite3 alone, running the same statements."""

    def __init__(self, database: Path) -> None:
        self.connection = sqlite3.connect(database, isolation_level=None, cached_statements=256)
        for pragma in PRAGMAS:
            self.connection.execute(pragma)

    def replay(self, script: list[tuple[str, Any, bool]]) -> float:
        """Run statements; return the seconds."""
        cursor = self.connection.cursor()
        began = time.perf_counter()
        for statement, parameters, many in script:
            if many:
                cursor.executemany(statement, parameters)
            else:
                cursor.execute(statement, parameters)
                if cursor.description:
                    cursor.fetchall()
        return time.perf_counter() - began


def interleaved(sales: int) -> tuple[list[float], list[float]]:
    """Return the times of the product and of bare SQLite, sale by sale in turn."""
    codes = barcodes(1_000)
    scripts = captured(sales, codes)
    product: list[float] = []
    limit: list[float] = []
    with big_shop() as here, tempfile.TemporaryDirectory(dir=here.home.folder.parent) as folder:
        copy = Path(folder) / "bare.db"
        shutil.copyfile(here.home.database, copy)
        committer, bare = Committer(here), Bare(copy)
        with closing(bare.connection):
            for number, script in enumerate(scripts):
                cart = paid_cart(here, number, codes)
                here.shop.carts.keep(cart)
                bare.replay(script.keep)
                turns: list[Callable[[], None]] = [
                    lambda cart=cart: product.append(committer.commit(cart)),  # type: ignore[misc]
                    lambda script=script: limit.append(bare.replay(script.commit)),  # type: ignore[misc]
                ]
                for turn in turns if number % 2 else reversed(turns):
                    turn()
            committer.close()
            same = bare.connection.execute("SELECT count(*), sum(total) FROM sale").fetchone()
        sums = _sums(here)
        assert (sums[0], sums[1]) == same, "the bare side did not do the same work"
    return product, limit


class Told:
    """Notes when the presenter says that a sale is committed, before anything is painted."""

    def __init__(self, window: TillWindow) -> None:
        presenter: Any = window.page.presenter  # type: ignore[attr-defined]
        self._show, self.at = presenter._on_change, 0.0
        presenter._on_change = self._told

    def _told(self, state: Any) -> None:
        if state.done is not None and not self.at:
            self.at = time.perf_counter()
        self._show(state)


def by_keys(sales: int) -> tuple[list[float], list[float], list[float]]:
    """Return the times from Enter in Pay to "committed", to the change on the page, and of the bare replay, in turn."""
    codes = barcodes(1_000)
    scripts = captured(sales, codes)
    committed: list[float] = []
    shown: list[float] = []
    limit: list[float] = []
    with big_shop() as here, tempfile.TemporaryDirectory(dir=here.home.folder.parent) as folder:
        copy = Path(folder) / "bare.db"
        shutil.copyfile(here.home.database, copy)
        bare, window = Bare(copy), TillWindow(here.home, here.shop, here.clock)
        window.sign_in(OWNER_CODE, OWNER_PIN)
        told: Told | None = None
        with closing(bare.connection):
            for number, script in enumerate(scripts):
                window.keys.type(phone_of(number % MEMBERS))
                window.keys.press(Qt.Key.Key_Return)
                for place in range(LINES):
                    window.keys.scan(codes[(number * LINES + place) % len(codes)])
                window.keys.press(Qt.Key.Key_F12)
                window.rest()
                told = told or Told(window)
                bare.replay(script.keep)
                handle = window.till.shell.windowHandle()
                told.at, began = 0.0, time.perf_counter()
                QTest.keyClick(handle, Qt.Key.Key_Return)
                window.until(lambda: window.state().done is not None, "the sale is not paid")
                shown.append(time.perf_counter() - began)
                committed.append(told.at - began)
                limit.append(bare.replay(script.commit))
        window.close()
    return committed, shown, limit


def _sums(here: BigShop) -> tuple[int, int]:
    with here.store.read() as tx:
        sums = tx.sales.sums()
    return sums.baskets, sums.amount


def log_syncs(few: int = 100, many: int = 1_100) -> float | None:
    """Return how often a sale syncs its log, from two runs under strace; None where there is no strace."""
    if shutil.which("strace") is None:
        return None
    return (_syncs(many) - _syncs(few)) / (many - few)


def _syncs(sales: int) -> int:
    """Count the syncs of a process that commits so many sales (and keeps no carts before)."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "strace"
        traced = ["strace", "-f", "-c", "-o", str(report), "-e", "trace=fsync,fdatasync"]
        command = [*traced, sys.executable, "-m", "tests.benchmarks.commit_sale", "--only", str(sales)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        counts = re.findall(r"^\s*\S+\s+\S+\s+\S+\s+(\d+).*f(?:data)?sync$", report.read_text(), re.MULTILINE)
    return sum(int(count) for count in counts)


def only_commits(sales: int) -> None:
    """Commit so many sales and nothing else: what is counted."""
    codes = barcodes(1_000)
    with big_shop() as here:
        for number in range(sales):
            here.shop.checkout.commit(here.owner, paid_cart(here, number, codes))


def measure(sales: int = SALES) -> list[Row]:
    """Measure the commit, and count its syncs."""
    gc.collect()
    rows = _rows("commit of a sale", *interleaved(sales), bar=4.0)
    committed, shown, limit = by_keys(min(sales, KEYED))
    rows += _rows("Enter in Pay to committed", committed, limit, bar=4.0)
    rows += _rows("Enter in Pay to change shown", shown, limit, bar=None)
    os.environ.setdefault("SHUKE_BENCH_HOME", str(_founded_folder()))
    syncs = log_syncs()
    if syncs is not None:
        figure = "fsync and fdatasync, strace"
        rows.append(Row(name="log syncs a sale", figure=figure, limit="1", measured=syncs, bar=1.1, unit=""))
    return rows


def _rows(name: str, product: list[float], limit: list[float], bar: float | None) -> list[Row]:
    return [
        Row(
            name=f"{name}, p{percent}",
            figure=f"{ms(percentile(product, percent))} of {len(product)}",
            limit=f"bare sqlite3 {ms(percentile(limit, percent))}",
            measured=percentile(product, percent) / percentile(limit, percent),
            bar=bar if percent == 50 else None,
        )
        for percent in (50, 95)
    ]


def _founded_folder() -> Path:
    from tests.benchmarks.big_shop import founded

    return founded()


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sales", type=int, default=SALES)
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only is not None:
        only_commits(asked.only)
    else:
        run(lambda: measure(asked.sales))


if __name__ == "__main__":
    main()
