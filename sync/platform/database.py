"""The platform's database: SQLite in a file, or PostgreSQL by its address; the same tables and code on both.

Decides how it is opened and migrated, and how a transaction runs: whole, and again when the database asks for it
(serialization failure, deadlock, a locked file), for a while. What a database complains of is told as a number: no
room, not there, a value that it cannot keep. Values never stand in what its errors say. Holds no business state.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import as_file, files
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from sync.protocol.errors import Number, PlatformError

T = TypeVar("T")

TRIES, TRIED_S = 8, 10.0
"""How often, and for how long, a transaction is begun again: who asked is gone after that."""
_TRACES = "traces"
_SET_UP_KEY = int.from_bytes(b"shuke up", "big")
"""Names the lock among all that programs may hold in this database."""
_SETTING_UP = text("SELECT pg_advisory_xact_lock(:key)")
CONNECT_S, STATEMENT_S, POOL_S = 3, 60, 5.0
_PRAGMAS = (
    "PRAGMA busy_timeout=10000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    # For each of sixteen connections: with more, a herd makes all of them full; the system keeps pages anyway.
    "PRAGMA cache_size=-4000",
)
_ASKED_AGAIN = ("40001", "40P01")
"""SQLSTATE: serialization_failure, deadlock_detected."""
_NO_ROOM = ("53100", "58030", "25006")
"""SQLSTATE: disk_full, io_error, read_only_sql_transaction (a database that takes no writes)."""
_ALL_TAKEN = ("53300", "55P03", "57014")
"""SQLSTATE: too_many_connections, lock_not_available, query_canceled (by its time-out)."""
_NOT_KEPT = "22"
"""SQLSTATE class: data_exception (a number out of range, a text with NUL)."""


class Database:
    """One database; safe to use from several threads."""

    def __init__(self, url: str) -> None:
        self.engine = _open(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._owes_emptying = False

    def migrate(self) -> None:
        """Bring the schema up to date, in one transaction; of several servers that begin at once one does it."""
        from alembic import command
        from alembic.config import Config

        with as_file(files("sync.platform.migrations")) as scripts, self.engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", scripts.as_posix().replace("%", "%%"))
            config.attributes["connection"] = connection
            self._begin(connection, writes=True)
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            one_at_a_time(connection)
            command.upgrade(config, "head")
            connection.commit()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run work in one transaction and commit; run it again, from the beginning, when the database asks for that.

        Raises PlatformError BUSY after TRIES times, STORAGE when there is no room, DATABASE when it cannot be reached.
        """
        end = monotonic() + TRIED_S
        for _ in range(TRIES):
            try:
                return self._told(work, writes=True)
            except DBAPIError as error:
                if not _asks_again(error):
                    raise _meaning(error) from error
            if monotonic() > end:
                break
        raise PlatformError(Number.BUSY)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run work that only reads, on one state of the database; raises as `write` does."""
        try:
            return self._told(work, writes=False)
        except DBAPIError as error:
            raise _meaning(error) from error

    def _told(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        """Run work once; tell as a number what is no error of the database's own."""
        try:
            return self._once(work, writes=writes)
        except NoConnectionError:
            raise PlatformError(Number.BUSY) from None
        except OverflowError:
            # SQLite's driver: a number of more than 64 bits.
            raise PlatformError(Number.INVALID) from None

    def _once(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        with self.engine.connect() as connection:
            self._begin(connection, writes=writes)
            try:
                outcome = work(connection)
                connection.commit()
            except BaseException:
                if not connection.invalidated:
                    connection.info.pop(_TRACES, None)
                connection.rollback()
                raise
            if self.is_sqlite and writes:
                self._empty_log(connection)
            return outcome

    def _empty_log(self, connection: Connection) -> None:
        """Cut SQLite's log to nothing after an erasure: it holds the pages as they were.

        Somebody who reads an older state keeps it from that: then the next transaction tries again.
        """
        self._owes_emptying |= connection.info.pop(_TRACES, False)
        if not self._owes_emptying:
            return
        with suppress(DBAPIError):
            connection.exec_driver_sql("PRAGMA busy_timeout=0")
            try:
                is_held = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                self._owes_emptying = bool(is_held)
            finally:
                connection.exec_driver_sql(_PRAGMAS[0])

    def _begin(self, connection: Connection, *, writes: bool) -> None:
        if self.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        elif not writes:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def leave_no_trace(connection: Connection) -> None:
    """Say that no file shall keep what this transaction deletes once it has committed."""
    connection.info[_TRACES] = True


def one_at_a_time(connection: Connection) -> None:
    """Keep every other server that sets this database up waiting until this transaction ends.

    Before there are tables there is no row to lock; SQLite lets one write at a time anyhow.
    """
    if connection.dialect.name != "sqlite":
        connection.execute(_SETTING_UP, {"key": _SET_UP_KEY})


def _open(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        options = f"-c statement_timeout={STATEMENT_S}s"
        named = {"connect_timeout": CONNECT_S, "options": options}
        arguments = {name: value for name, value in named.items() if name not in address.query}
        return create_engine(
            address,
            connect_args=arguments,
            pool_size=8,
            max_overflow=8,
            pool_timeout=POOL_S,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    ours: dict[str, Any] = {"check_same_thread": False, "isolation_level": None}
    engine = create_engine(
        address, connect_args=ours, pool_size=8, max_overflow=8, pool_timeout=POOL_S, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    return engine


def _asks_again(error: DBAPIError) -> bool:
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        return getattr(origin, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(origin, "sqlstate", "") in _ASKED_AGAIN


def _meaning(error: DBAPIError) -> Exception:
    """Return what a database's error means to who asked; what means nothing to them stays a bug."""
    origin = error.orig
    number = _of_sqlite(origin) if isinstance(origin, sqlite3.Error) else _of_postgresql(error)
    return error if number is None else PlatformError(number)


def _of_sqlite(origin: sqlite3.Error) -> Number | None:
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR):
        return Number.STORAGE
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Number.BUSY
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return Number.DATABASE
    return None


def _of_postgresql(error: DBAPIError) -> Number | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _NO_ROOM:
        return Number.STORAGE
    if state in _ALL_TAKEN or state in _ASKED_AGAIN:
        return Number.BUSY
    if state.startswith(_NOT_KEPT):
        return Number.INVALID
    # A server that cannot be reached at all gives no state.
    is_gone = error.connection_invalidated or state.startswith(("08", "57P", "28", "3D"))
    return Number.DATABASE if is_gone or (isinstance(error, OperationalError) and not state) else None
