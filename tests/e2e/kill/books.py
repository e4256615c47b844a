"""What stands in the books of a killed till: read from a copy of its files, so that the till itself recovers them.

Decides nothing about right or wrong but what SQLite and `verify` say; `client` compares.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pos_app.persistence.backups import ZipBackups
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.persistence.store import SqlStore
from pos_app.services.backups import NotABackupError
from pos_app.services.proof import verify
from tests.support.shop_on_disk import DATABASE

_SALES = """
    SELECT sale.number, sale.total, hex(sale.sale_id), line.quantity / 1000
    FROM sale LEFT JOIN sale_line AS line ON line.sale_id = sale.sale_id AND line.code = ?
    ORDER BY sale.number
"""
_PHONES = "SELECT value FROM member_key WHERE kind = 'phone'"
_SEALS = "SELECT 'SHUKE-Z ' || lower(epoch || '.' || seq || ' ' || hex(hash) || ' ' || hex(signature)) FROM signed_head"


@dataclass(frozen=True, slots=True)
class SaleInBooks:
    """A sale as the tables have it; `basket` is how many sweets are on it."""

    number: str
    total: int
    sale_id: str
    basket: int


@dataclass(frozen=True, slots=True)
class Books:
    """The books after a kill. `wrong` is what integrity check and `verify` find."""

    sales: tuple[SaleInBooks, ...]
    phones: tuple[str, ...]
    sign_ups: int
    closed: tuple[int, ...]
    seals: tuple[str, ...]
    """What the codes of the closed shifts' Z reports say."""
    backup_sales: int | None
    wrong: tuple[str, ...]

    @property
    def last_basket(self) -> int:
        """The highest basket that was sold, 0 before the first."""
        return max((sale.basket for sale in self.sales), default=0)


def read_books(folder: Path, scratch: Path) -> Books:
    """Read the books of a till that is not running, through a copy in `scratch`."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for suffix in ("", "-wal"):
        source = folder / (DATABASE + suffix)
        if source.exists():
            shutil.copyfile(source, scratch / source.name)
    store = SqlStore(scratch / DATABASE)
    try:
        wrong = [f"integrity: {found}" for found in store.check()]
        wrong += [f"verify: {finding}" for finding in verify(store, Ed25519Verifier()).findings]
        with store.read() as tx:
            signed = tx.journal.count_kinds((0, 0)).get("member.registered", 0)
            closed = tuple(number for _, number, _ in tx.shifts.closed(1000))
    finally:
        store.close()
    backup, broken = _backup(folder / "backup.zip")
    # Sales and members with a few words of SQL of our own: no code of the till has a say in it.
    with closing(sqlite3.connect(scratch / DATABASE)) as connection:
        sales = tuple(SaleInBooks(*row) for row in connection.execute(_SALES, ("B002",)))
        phones = tuple(str(row[0]) for row in connection.execute(_PHONES))
        seals = tuple(str(row[0]) for row in connection.execute(_SEALS))
    return Books(sales, phones, signed, closed, seals, backup, (*wrong, *broken))


def _backup(file: Path) -> tuple[int | None, tuple[str, ...]]:
    """Return how many sales the backup holds, None when there is none yet; a broken one is wrong at any time."""
    if not file.exists():
        return None, ()
    try:
        return ZipBackups().read_info(file).sales, ()
    except NotABackupError as error:
        return None, (f"backup: {error!r}",)
