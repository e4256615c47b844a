"""`shuke bench`: how fast this computer sells, on a copy of the shop (or the demo shop) that is thrown away.

Measures the use cases that a cashier waits for: looking a barcode up, searching a name, keeping the cart, committing a
sale. The copy lies on the same disk as the data folder, so its speed counts. Screens are measured by `make bench`.
"""

import argparse
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from msgspec.structs import replace

from pos_app.domain.errors import ExpectedError, NotFoundError
from pos_app.domain.sales.cart import add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Role
from pos_app.domain.values.money import ZERO
from pos_app.services.acting import Actor
from pos_app.services.shop import Shop
from ui.cli.speech import say, show

T = TypeVar("T")
LINES = 5
MOST_GOODS = 200


@dataclass
class Figures:
    """Times in microseconds, by what was measured."""

    taken_us: dict[str, list[int]] = field(default_factory=dict)

    def measure(self, name: str, work: Callable[..., T], *given: object) -> T:
        """Do some work on what is given and note how long it took."""
        began = time.perf_counter_ns()
        result = work(*given)
        self.taken_us.setdefault(name, []).append((time.perf_counter_ns() - began) // 1000)
        return result

    def quantile_us(self, name: str, percent: int) -> int:
        """Return the time that `percent` of the measurements did not exceed."""
        times = sorted(self.taken_us[name])
        return times[min(len(times) - 1, len(times) * percent // 100)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many sales, and --json."""
    from pos_app.words import translate

    parser.add_argument("--sales", type=int, default=200, metavar="N", help=translate("cli.help.bench_sales"))
    parser.add_argument("--json", action="store_true", help=translate("cli.help.json"))


def run(chosen: argparse.Namespace) -> int:
    """Measure on a copy and show the figures."""
    from ui.main import home

    place = home()
    near = place.folder if place.folder.is_dir() else None
    with TemporaryDirectory(prefix="shuke-bench-", dir=near) as folder:
        figures = measured(Path(folder), place.database, max(chosen.sales, 1))
    rows = {
        name: {"count": len(times), **{f"p{p}_us": figures.quantile_us(name, p) for p in (50, 95, 99)}}
        for name, times in figures.taken_us.items()
    }
    if chosen.json:
        show(json.dumps(rows))
        return 0
    for name, row in rows.items():
        shown = {key: f"{row[f'{key}_us'] / 1000:.2f}" for key in ("p50", "p95", "p99")}
        say(f"cli.bench.{name}", count=row["count"], **shown)
    return 0


def measured(folder: Path, original: Path, sales: int) -> Figures:
    """Sell on a throw-away copy of a database, on the demo shop when there is none, and return the figures."""
    from pos_app.persistence.database import open_store
    from pos_app.persistence.secrets import TillSigner
    from pos_app.services.demo_founding import found_demo
    from ui.main import Home, shop_on, tools_of

    copy = Home(folder)
    if original.exists():
        source = open_store(original)
        try:
            source.copy_to(copy.database)
        finally:
            source.close()
    # The copy's key never reaches the system's key store.
    tools = replace(tools_of(copy), signer=TillSigner(copy.keys, use_key_store=False))
    store = open_store(copy.database)
    try:
        with store.read() as tx:
            founded = tx.settings.load() is not None
        if not founded:
            found_demo(store, tools)
        return _sell(shop_on(store, copy, tools), sales)
    finally:
        store.close()


def _sell(shop: Shop, sales: int) -> Figures:
    """Ring, search, keep and commit, as often as asked, and note each time."""
    from pos_app.services.ringing import Goods

    figures = Figures()
    person = shop.staff.everybody()[0]
    who = Actor(person.staff_id, person.name, Role.OWNER)
    if shop.shifts.current() is None:
        shop.shifts.open(who, ZERO)
    goods = _goods(shop)
    for number in range(sales):
        cart = shop.carts.new()
        for place in range(LINES):
            code, name = goods[(number * LINES + place) % len(goods)]
            meaning = figures.measure("look_up", shop.ringing.meaning, code)
            assert isinstance(meaning, Goods)
            cart, _ = add_line(cart, meaning.line)
        figures.measure("search", shop.catalogue.search, name[:2])
        figures.measure("keep", shop.carts.keep, cart)
        due = shop.checkout.price(cart).total
        tender = shop.checkout.tender(TenderKind.CASH, due)
        paid = replace(cart, tenders=(tender,), paper=False)
        figures.measure("commit", shop.checkout.commit, who, paid)
    return figures


def _goods(shop: Shop) -> list[tuple[str, str]]:
    """Return codes and names of goods that can be sold as they are."""
    from pos_app.services.ringing import Goods

    found: list[tuple[str, str]] = []
    after = ""
    while len(found) < MOST_GOODS:
        page, _ = shop.catalogue.browse(after, 500)
        if not page:
            break
        after = page[-1].code
        for variant in page:
            with suppress(ExpectedError):
                if isinstance(shop.ringing.meaning(variant.code), Goods):
                    found.append((variant.code, variant.name))
    if not found:
        raise NotFoundError(what="")
    return found[:MOST_GOODS]
