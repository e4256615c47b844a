"""A shop that files are imported into again and again, and all that its tables hold, apart from ids and times.

Decides what two shops must agree in: everything but ids, row numbers, moments and what the journal says of them.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from pos_app.domain.imports.kinds import Kind
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.acting import Actor
from pos_app.services.founding import found_shop, new_settings
from pos_app.services.imports.values import Ended
from pos_app.services.proof import verify
from pos_app.services.shop import Shop
from ui.main import Home, shop_on, tools_of

OWNER_CODE, OWNER_PIN = "1", "24680"
_IDS = frozenset(
    ("consent_id", "variant_id", "style_id", "piece_id", "member_id", "price_id", "by", "at", "joined_at")
)


def found(folder: Path) -> Home:
    """Found a shop in a folder."""
    folder.mkdir(parents=True)
    home = Home(folder)
    os.environ["SHUKE_KEY_STORE"] = "file"
    store, tools = open_store(home.database), tools_of(home)
    settings = msgspec.structs.replace(new_settings(tools.ids, "熟客试店"), language="en")
    found_shop(store, settings, (OWNER_CODE, "Owner", OWNER_PIN), tools)
    store.close()
    return home


def copied(home: Home, folder: Path) -> Home:
    """Copy a shop."""
    shutil.copytree(home.folder, folder)
    return Home(folder)


def run(home: Home, point: str, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run `shuke …` in a process that is killed at a point; see `child`."""
    environment = os.environ | {"SHUKE_HOME": str(home.folder), "SHUKE_KEY_STORE": "file"}
    command = [sys.executable, "-m", "tests.e2e.import_kill.child", point, *argv, "--staff", OWNER_CODE]
    return subprocess.run(
        command, input=OWNER_PIN + "\n", capture_output=True, text=True, env=environment, check=False
    )


@contextmanager
def opened(home: Home) -> Iterator[tuple[Shop, Actor]]:
    """Open a shop in this process, its owner signed in."""
    store = open_store(home.database)
    try:
        shop = shop_on(store, home)
        yield shop, shop.staff.actor(shop.staff.everybody()[0].staff_id)
    finally:
        store.close()


def bring_in(home: Home, kind: str, file: Path) -> Ended:
    """Import a file in this process."""
    with opened(home) as (shop, owner):
        return shop.imports.run(owner, shop.imports.open(file, Kind(kind)))


def take_back(home: Home) -> None:
    """Take the last import back in this process, if it was not taken back already."""
    with opened(home) as (shop, owner):
        if shop.imports.undoable() is not None:
            shop.imports.withdraw(owner)


def is_true(home: Home) -> bool:
    """Whether the books verify."""
    store = open_store(home.database)
    try:
        return verify(store, Ed25519Verifier()).passed
    finally:
        store.close()


def contents(home: Home) -> dict[str, list[str]]:
    """Return what each table of imports holds, each row as a text, in order."""
    with closing(sqlite3.connect(home.database)) as connection:
        return {name: sorted(map(_text, connection.execute(sql))) for name, sql in _QUERIES.items()}


def _text(row: Sequence[object]) -> str:
    return " | ".join(_plain(json.loads(cell)) if isinstance(cell, bytes) else str(cell) for cell in row)


def _plain(value: object) -> str:
    """Return a JSON value as text without ids and moments."""
    if isinstance(value, dict):
        value = {key: _plain(each) for key, each in sorted(value.items()) if key not in _IDS}
    elif isinstance(value, list):
        value = [_plain(each) for each in value]
    return str(value)


_QUERIES = {
    "member": "SELECT search, since <> 0, until, visits, seen_here_at, erased_at, body FROM member",
    "member_key": "SELECT k.kind, k.value, m.search, m.until FROM member_key k LEFT JOIN member m ON m.no = k.no",
    "member_search": "SELECT s.key, m.search, m.until FROM member_search s LEFT JOIN member m ON m.no = s.no",
    "subject_key": "SELECT count(*) FROM subject_key",
    "variant": "SELECT code, name, category, retail, since <> 0, until, body FROM variant",
    "product_key": "SELECT k.key, v.code, v.until FROM product_key k LEFT JOIN variant v ON v.no = k.no",
    "barcode": "SELECT b.code, b.pack_quantity, b.price, v.code, v.until FROM barcode b"
    " LEFT JOIN variant v ON v.no = b.no",
    "price": "SELECT v.code, p.list, p.price, p.since <> 0, p.until FROM price p"
    " LEFT JOIN variant v ON v.variant_id = p.variant_id AND v.until = 0",
    "price_change": "SELECT v.code, c.list, c.before, c.after FROM price_change c"
    " LEFT JOIN variant v ON v.variant_id = c.variant_id AND v.until = 0",
    "style": "SELECT code, name, category FROM style",
    "piece": "SELECT code, certificate, state, since <> 0, until, body FROM piece",
    "opening_balance": 'SELECT o."row", o.points, o.principal, o.bonus, m.search FROM opening_balance o'
    " LEFT JOIN member m ON m.member_id = o.member_id AND m.until = 0",
    "import_batch": "SELECT kind, state, sha256, rows_done FROM import_batch",
    "import_counts": "SELECT json_extract(CAST(body AS TEXT), '$.counts') FROM import_batch",
    "import_refusal": 'SELECT number, "row", body FROM import_refusal',
}
