"""The shop that is measured: the whole real catalogue, 2,500 members, a cashier signed in, a shift open.

Decides what stands in the database before a measurement, and on which disk: the system's folder for throw-away files.
SHUKE_BENCH_HOME keeps the founded shop between runs.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from pos_app.domain.values.money import Amount
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.services.acting import Actor
from pos_app.services.catalogue import GoodsToSave
from pos_app.services.founding import found_shop, new_settings
from pos_app.services.members import SignUp
from pos_app.services.ports.clock import Clock
from pos_app.services.shop import Shop
from tests.realdata import chain
from tests.realdata.shop import goods_to_save
from ui.main import DATABASE, Home, shop_on, tools_of

MEMBERS = 2_500
OWNER_CODE, OWNER_PIN = "1", "24680"


@dataclass(frozen=True, slots=True)
class BigShop:
    """An open copy of the big shop."""

    home: Home
    store: SqlStore
    shop: Shop
    owner: Actor
    clock: Clock


def price_of(product_id: int) -> Amount:
    """Return an invented price, so that goods scan without a question: from 1.00 to 98.99."""
    return Amount(100 + product_id * 37 % 9_800)


def _priced(goods: Iterator[GoodsToSave]) -> Iterator[GoodsToSave]:
    for each in goods:
        variant = each.variant
        flags = type(variant.flags)()
        values = {name: getattr(variant, name) for name in type(variant).__dataclass_fields__}
        values |= {"retail": price_of(int(variant.code)), "flags": flags}
        yield GoodsToSave(type(variant)(**values), each.barcodes)


@lru_cache(maxsize=1)
def founded() -> Path:
    """Return the folder of the founded shop, founding it when it is not there."""
    os.environ["SHUKE_KEY_STORE"] = "file"
    kept = os.environ.get("SHUKE_BENCH_HOME")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="shuke-bench-"))
    home = Home(folder)
    if home.database.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    aside = Home(folder / "making")
    shutil.rmtree(aside.folder, ignore_errors=True)
    aside.folder.mkdir()
    _found(aside)
    shutil.move(aside.keys, home.keys)
    aside.database.replace(home.database)
    return folder


def _found(home: Home) -> None:
    store = open_store(home.database)
    tools = tools_of(home)
    settings = msgspec.structs.replace(new_settings(tools.ids, "熟客大卖场"), time_zone="UTC")
    owner = found_shop(store, settings, (OWNER_CODE, "Owner", OWNER_PIN), tools)
    shop = shop_on(store, home, tools)
    shop.catalogue.take_in(owner, "bench", _priced(goods_to_save(chain.goods(), tools.ids)))
    for number in range(MEMBERS):
        shop.members.register(owner, SignUp(phone=phone_of(number), agreed=True, name="王小满"))
    shop.shifts.open(owner, Amount(50_000))
    store.close()


def phone_of(number: int) -> str:
    """Return a member's invented number."""
    return f"1900000{number:04d}"


@contextmanager
def big_shop() -> Iterator[BigShop]:
    """Open a copy of the big shop in a folder that is thrown away, beside the founded one."""
    made = founded()
    with tempfile.TemporaryDirectory(prefix="copy-", dir=made) as folder:
        home = copy_to(Path(folder))
        tools = tools_of(home)
        store = open_store(home.database)
        shop = shop_on(store, home, tools)
        try:
            yield BigShop(home, store, shop, shop.staff.sign_in(OWNER_CODE, OWNER_PIN), tools.clock)
        finally:
            store.close()


def copy_to(folder: Path) -> Home:
    """Copy the founded shop into a folder."""
    made = founded()
    shutil.copyfile(made / DATABASE, folder / DATABASE)
    shutil.copytree(made / "keys", folder / "keys", dirs_exist_ok=True)
    return Home(folder)


def barcodes(count: int, skip: int = 0) -> list[str]:
    """Return barcodes of the catalogue, spread over it evenly, `skip` places further on."""
    every = [each.barcode for each in chain.goods()]
    step = len(every) // count
    return [every[(place * step + skip) % len(every)] for place in range(count)]
