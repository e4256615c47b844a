"""What size costs: start, memory and commit with 1,000,000 members against 10,000, and commit after 1,000,000 sales.

Four shops with the whole real catalogue stand beside each other and take turns, so that the machine is as warm for the
one as for the other; SHUKE_BENCH_HOME keeps them, as they take minutes to fill.

    python -m tests.benchmarks.growth [--members N] [--sales N] [--commits N] [--rounds N]
"""

import argparse
import gc
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import delete

from pos_app.domain.members import MemberExistsError
from pos_app.persistence.database import open_store
from pos_app.persistence.members.bulk import fill
from pos_app.persistence.members.rows import MemberKeyRow, MemberRow, MemberSearchRow
from pos_app.services.members import SignUp
from tests.benchmarks.big_shop import (
    MEMBERS,
    OWNER_CODE,
    OWNER_PIN,
    BigShop,
    barcodes,
    copy_to,
    founded,
    phone_of,
)
from tests.benchmarks.commit_sale import Committer, paid_cart
from tests.benchmarks.start import started
from tests.benchmarks.table import Row, ms, percentile, run
from tests.support.many_members import many_members
from tests.support.many_sales import sell_before
from ui.main import Home, shop_on, tools_of

FEW, MANY, SALES, COMMITS, ROUNDS = 10_000, 1_000_000, 1_000_000, 1_000, 7
SEED = 20261123


def open_big(home: Home) -> BigShop:
    """Open a grown shop with its owner signed in; the caller closes the store."""
    store, tools = open_store(home.database), tools_of(home)
    shop = shop_on(store, home, tools)
    return BigShop(home, store, shop, shop.staff.sign_in(OWNER_CODE, OWNER_PIN), tools.clock)


def grown(name: str, grow: Callable[[BigShop], None]) -> Home:
    """Return the shop of a name, growing it from the founded one when it is not there."""
    home = Home(founded() / "grown" / name)
    if home.database.exists():
        return home
    aside = founded() / "grown" / f"{name}.making"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    here = open_big(copy_to(aside))
    grow(here)
    here.store.close()
    aside.rename(home.folder)
    return home


def with_members(count: int) -> Home:
    """Return the shop that has so many members more."""

    def grow(here: BigShop) -> None:
        shop_id = here.shop.settings.value.shop_id
        with here.store.engine.begin() as connection:
            # What fills wants empty tables; those whom the baskets name come back after it.
            for table in (MemberSearchRow, MemberKeyRow, MemberRow):
                connection.execute(delete(table))
            fill(connection, many_members(count, shop_id, SEED), shop_id)
        for number in range(MEMBERS):
            with suppress(MemberExistsError):
                here.shop.members.register(here.owner, SignUp(phone=phone_of(number), agreed=True))

    return grown(f"members-{count}", grow)


def with_sales(count: int) -> Home:
    """Return the shop that has made so many sales."""

    def grow(here: BigShop) -> None:
        first = here.shop.checkout.commit(here.owner, paid_cart(here, 0, barcodes(100))).sale
        sell_before(here.shop, here.owner, first, count, here.clock)

    return grown(f"sales-{count}", grow)


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds to the accepted scan, and megabytes when idle, of each round."""

    seconds: list[float]
    memory: list[float]


def starts(homes: tuple[Home, Home], rounds: int) -> tuple[Starts, Starts]:
    """Start two tills in turn."""
    code = barcodes(1, skip=11)[0]
    both = Starts([], []), Starts([], [])
    for number in range(rounds):
        for place in (0, 1) if number % 2 else (1, 0):
            words, pss = started("tests.benchmarks.start_child", str(homes[place].folder), code)
            both[place].seconds.append(words["accepted"])
            both[place].memory.append(pss or 0.0)
            _forget_cart(homes[place])
    return both


def _forget_cart(home: Home) -> None:
    """Leave the till as it was: without the cart that its start scanned."""
    store = open_store(home.database)
    with store.write() as tx:
        cart = tx.carts.open_cart()
        if cart is not None:
            tx.carts.drop(cart.cart_id)
    store.close()


def commits(homes: tuple[Home, Home], sales: int) -> tuple[list[float], list[float]]:
    """Commit sales at two tills in turn; return the seconds of each."""
    codes = barcodes(1_000)
    tills = [open_big(home) for home in homes]
    lanes = [Committer(here) for here in tills]
    times: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    for number in range(sales):
        carts = [paid_cart(here, number, codes) for here in tills]
        for here, cart in zip(tills, carts, strict=True):
            here.shop.carts.keep(cart)
        for place in (0, 1) if number % 2 else (1, 0):
            times[place].append(lanes[place].commit(carts[place]))
    for lane, here in zip(lanes, tills, strict=True):
        lane.close()
        here.store.close()
    return times


def _ratio(name: str, more: list[float], less: list[float], bar: float, unit: str = "ms") -> Row:
    many, few = percentile(more, 50), percentile(less, 50)
    said = ms if unit == "ms" else (lambda value: f"{value:.0f} MB")
    return Row(name=name, figure=said(many), limit=said(few), measured=many / few, bar=bar)


def measure(members: int = MANY, sales: int = SALES, count: int = COMMITS, rounds: int = ROUNDS) -> list[Row]:
    """Grow the shops, and return the ratios."""
    few, many = with_members(FEW), with_members(members)
    fewer, more = starts((few, many), rounds)
    before, after = commits((few, many), count)
    rows = [
        _ratio("start, members 1,000,000 : 10,000", more.seconds, fewer.seconds, 1.1),
        _ratio("idle memory, 1,000,000 : 10,000", more.memory, fewer.memory, 1.1, "MB"),
        _ratio("commit, members 1,000,000 : 10,000", after, before, 1.1),
    ]
    before, after = commits((with_sales(0), with_sales(sales)), count)
    return [*rows, _ratio("commit, sales 1,000,000 : 0", after, before, 2.0)]


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=MANY)
    parser.add_argument("--sales", type=int, default=SALES)
    parser.add_argument("--commits", type=int, default=COMMITS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    run(lambda: measure(asked.members, asked.sales, asked.commits, asked.rounds))


if __name__ == "__main__":
    main()
