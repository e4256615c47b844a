"""The SQLite store: connections, transactions, and the repositories of one transaction.

Decides how the database is opened (WAL, FULL, foreign keys, secure_delete) and how a transaction begins and ends:
a writer takes the write lock at once, since a reader that becomes a writer fails under contention (DESIGN.md §3).
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from pos_app.persistence.backups_aside import kept_before
from pos_app.persistence.carts import SqlCarts
from pos_app.persistence.catalogue import SqlCatalogue
from pos_app.persistence.catalogue_staging import SqlStagedGoods, SqlStagedPieces, SqlStagedPrices
from pos_app.persistence.deposits import SqlDeposits, SqlVouchers
from pos_app.persistence.documents import SqlDocuments
from pos_app.persistence.failures import meaning
from pos_app.persistence.import_batches import SqlImports
from pos_app.persistence.import_scratch import SqlScratch
from pos_app.persistence.invoices import SqlInvoices
from pos_app.persistence.journal import SqlJournal
from pos_app.persistence.leaks import SqlLeaks
from pos_app.persistence.mail import SqlMailJobs
from pos_app.persistence.members import SqlMembers, SqlSubjectKeys, SqlTraces
from pos_app.persistence.members_staging import SqlStagedMembers
from pos_app.persistence.opening_balances import SqlOpeningBalances
from pos_app.persistence.payments import SqlPayments
from pos_app.persistence.printing import SqlPrintJobs
from pos_app.persistence.sales import SqlSales
from pos_app.persistence.settings import SqlSettings
from pos_app.persistence.shifts import SqlShifts
from pos_app.persistence.staff import SqlStaff
from pos_app.persistence.sync_link import SqlLinks

WRITE = "BEGIN IMMEDIATE"
BUSY_TIMEOUT_MS = 5_000
ASK_AGAIN_US = 500
SCRUB_WAIT_MS = 1_000
"""How long the scrubbing of the log waits for somebody who reads."""
PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA wal_autocheckpoint=1000",
    "PRAGMA journal_size_limit=8388608",
)
UNHURRIED = ("PRAGMA synchronous=NORMAL", "PRAGMA wal_autocheckpoint=500")
"""For what is done again when a power cut takes it: the log is written through by whoever commits after it, and copied
into the database before a cashier's commit has to."""


class SqlTx:
    """The repositories of one transaction, made when first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def has_new_facts(self) -> bool:
        """Whether something was appended to the journal in this transaction."""
        return "journal" in self.__dict__ and self.journal.is_longer

    @cached_property
    def journal(self) -> SqlJournal:
        """The journal."""
        return SqlJournal(self._connection)

    @cached_property
    def sales(self) -> SqlSales:
        """Sales."""
        return SqlSales(self._connection, self.journal)

    @cached_property
    def carts(self) -> SqlCarts:
        """Carts."""
        return SqlCarts(self._connection)

    @cached_property
    def catalogue(self) -> SqlCatalogue:
        """Goods."""
        return SqlCatalogue(self._connection)

    @cached_property
    def members(self) -> SqlMembers:
        """Members."""
        return SqlMembers(self._connection)

    @cached_property
    def subject_keys(self) -> SqlSubjectKeys:
        """Keys of sealed fields."""
        return SqlSubjectKeys(self._connection)

    @cached_property
    def traces(self) -> SqlTraces:
        """Who was erased and may still stand in the files."""
        return SqlTraces(self._connection)

    @cached_property
    def staff(self) -> SqlStaff:
        """Staff and approvals."""
        return SqlStaff(self._connection)

    @cached_property
    def shifts(self) -> SqlShifts:
        """Shifts."""
        return SqlShifts(self._connection)

    @cached_property
    def leaks(self) -> SqlLeaks:
        """The questions of the leak report."""
        return SqlLeaks(self._connection)

    @cached_property
    def print_jobs(self) -> SqlPrintJobs:
        """The print queue."""
        return SqlPrintJobs(self._connection)

    @cached_property
    def mail_jobs(self) -> SqlMailJobs:
        """The queue of letters."""
        return SqlMailJobs(self._connection)

    @cached_property
    def settings(self) -> SqlSettings:
        """The settings."""
        return SqlSettings(self._connection)

    @cached_property
    def imports(self) -> SqlImports:
        """Import batches."""
        return SqlImports(self._connection)

    @cached_property
    def staged_members(self) -> SqlStagedMembers:
        """Members as an import brings them."""
        return SqlStagedMembers(self._connection)

    @cached_property
    def staged_goods(self) -> SqlStagedGoods:
        """Goods as an import brings them."""
        return SqlStagedGoods(self._connection)

    @cached_property
    def staged_pieces(self) -> SqlStagedPieces:
        """Pieces as an import brings them."""
        return SqlStagedPieces(self._connection)

    @cached_property
    def staged_prices(self) -> SqlStagedPrices:
        """Prices as an import brings them."""
        return SqlStagedPrices(self._connection)

    @cached_property
    def opening_balances(self) -> SqlOpeningBalances:
        """What members brought along."""
        return SqlOpeningBalances(self._connection)

    @cached_property
    def payments(self) -> SqlPayments:
        """Payment attempts."""
        return SqlPayments(self._connection)

    @cached_property
    def deposits(self) -> SqlDeposits:
        """Deposits."""
        return SqlDeposits(self._connection)

    @cached_property
    def vouchers(self) -> SqlVouchers:
        """Coupons that were taken."""
        return SqlVouchers(self._connection)

    @cached_property
    def links(self) -> SqlLinks:
        """The tie to a platform."""
        return SqlLinks(self._connection)

    @cached_property
    def documents(self) -> SqlDocuments:
        """What the platform sent."""
        return SqlDocuments(self._connection)

    @cached_property
    def invoices(self) -> SqlInvoices:
        """Requests for invoices."""
        return SqlInvoices(self._connection, self.journal)


def open_engine(path: Path) -> Engine:
    """Return an engine on a database file whose every connection carries the pragmas."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=path.as_posix()),  # Parsed as text, a "?" would end the path.
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)

    return engine


def _tell_nobody() -> None:
    """Nobody waits for facts."""


def _take_turn(connection: Connection) -> None:
    """Begin to write; ask again every half millisecond while somebody else does.

    SQLite itself sleeps for up to 25 ms between two looks, and so a sale would miss one after the other of the rests
    that whoever fills a till leaves it. Raises sqlite3.OperationalError after BUSY_TIMEOUT_MS.
    """
    driver: Any = connection.connection.dbapi_connection  # Also of a connection that was detached.
    driver.execute("PRAGMA busy_timeout=0")
    try:
        until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        while True:
            try:
                driver.execute(WRITE)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(ASK_AGAIN_US / 1_000_000)
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def run_transaction(
    connection: Connection, begin: str, on_facts: Callable[[], None] = _tell_nobody
) -> Iterator[SqlTx]:
    """Begin, hand the repositories out, commit at the end; roll back when the block raises.

    Once facts are committed `on_facts` is called; that it fails is no concern of who wrote them.
    """
    if not connection.in_transaction():
        connection.begin()
    tx = SqlTx(connection)
    try:
        if begin == WRITE:
            _take_turn(connection)
        else:
            connection.exec_driver_sql(begin)
        yield tx
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    if tx.has_new_facts:
        with suppress(Exception):
            on_facts()


def _log_emptied(connection: Connection, wait_ms: int) -> bool:
    """Fold the log into the database and cut it to nothing; return False when somebody kept it from that."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={wait_ms}")
    try:
        return bool(connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


class SqlStore:
    """The store on one SQLite file; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = open_engine(path)
        self.on_facts: Callable[[], None] = _tell_nobody

    @contextmanager
    def write(self) -> Iterator[SqlTx]:
        """Begin IMMEDIATE; commit at the end, roll back when the block raises (see the port for errors)."""
        yield from self._transaction(WRITE)

    @contextmanager
    def read(self) -> Iterator[SqlTx]:
        """Begin a reading transaction."""
        yield from self._transaction("BEGIN")

    def _transaction(self, begin: str) -> Iterator[SqlTx]:
        with self._translated(), self.engine.connect() as connection:
            yield from self._run(connection, begin)

    def _run(self, connection: Connection, begin: str) -> Iterator[SqlTx]:
        return run_transaction(connection, begin, self.on_facts)

    @contextmanager
    def scratch(self, *, is_lasting: bool = True) -> Iterator[SqlScratch[SqlTx]]:
        """Open a private place to sort and to remember in, on a connection of its own; gone when the block ends."""
        with self._translated(), self.engine.connect() as connection:
            connection.detach()
            for pragma in () if is_lasting else UNHURRIED:
                connection.exec_driver_sql(pragma).close()
            yield SqlScratch(connection, self._run)

    @staticmethod
    @contextmanager
    def _translated() -> Iterator[None]:
        """Raise what a database error means to the person at the till; what means nothing to her stays a bug."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            expected = meaning(error)
            if expected is None:
                raise
            raise expected from error

    def check(self) -> Sequence[str]:
        """Run SQLite's integrity and foreign key checks; return what they find."""
        with self._translated(), self.engine.connect() as connection:
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
            broken = [
                f"foreign key: {row[0]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
            ]
        return [text for text in found if text != "ok"] + broken

    def size(self) -> int:
        """Return how many bytes the database and its log hold."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def scrub(self) -> bool:
        """Rewrite the database and empty its log, so that no file keeps a deleted value; return whether none does.

        `secure_delete` zeroes what is freed, but a page that was rebalanced may keep an old copy in its gap. Somebody
        who still reads an older state keeps the log from being emptied: then it is emptied when the store is closed.
        Raises StorageFullError and its kin.
        """
        with self._translated(), self.engine.connect() as connection:
            connection.exec_driver_sql("VACUUM")
            return _log_emptied(connection, SCRUB_WAIT_MS)

    def empty_log(self) -> bool:
        """Empty the log unless somebody reads; waits for nobody."""
        with self._translated(), self.engine.connect() as connection:
            return _log_emptied(connection, wait_ms=0)

    def forget_kept(self, before: datetime) -> int:
        """Remove the databases that restores before a moment put aside; one that cannot be removed stays."""
        return sum(kept.remove() for kept in kept_before(self.path, before))

    def copy_to(self, target: Path) -> None:
        """Copy the database with SQLite's backup interface while it is in use.

        In one step: a writer goes on beside it (WAL), and a copy in parts would begin anew with each of its sales.
        Raises StorageFullError and its kin; nothing is left at `target` on failure.
        """
        try:
            with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy, pages=-1)
                copy.execute("PRAGMA journal_mode=DELETE")
        except (sqlite3.Error, OSError) as error:
            target.unlink(missing_ok=True)
            expected = meaning(error)
            if expected is None:
                raise
            raise expected from error

    def close(self) -> None:
        """Close every connection; the last one folds the log into the file."""
        self.engine.dispose()
