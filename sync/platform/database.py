"""The platform's database: SQLite in a file, or PostgreSQL by its address; the same tables and code on both.

Decides how it is opened and migrated, and how a transaction runs: whole, and again when the database asks for it
(serialization failure, deadlock, a locked file). Holds no business state.
"""

import sqlite3
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from sync.protocol.errors import Number, PlatformError

T = TypeVar("T")

TRIES = 8
_PRAGMAS = (
    "PRAGMA busy_timeout=10000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-64000",
)
_ASKED_AGAIN = ("40001", "40P01")
"""SQLSTATE: serialization_failure, deadlock_detected."""
_NO_ROOM = ("53100",)
"""SQLSTATE: disk_full."""


class Database:
    """One database; safe to use from several threads."""

    def __init__(self, url: str) -> None:
        self.engine = _open(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    def migrate(self) -> None:
        """Bring the schema up to date, in one transaction."""
        from alembic import command
        from alembic.config import Config

        with as_file(files("sync.platform.migrations")) as scripts, self.engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", scripts.as_posix().replace("%", "%%"))
            config.attributes["connection"] = connection
            self._begin(connection, writes=True)
            command.upgrade(config, "head")
            connection.commit()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run work in one transaction and commit; run it again, from the beginning, when the database asks for that.

        Raises PlatformError BUSY after TRIES times, STORAGE when there is no room, DATABASE when it cannot be reached.
        """
        for _ in range(TRIES):
            try:
                return self._once(work, writes=True)
            except DBAPIError as error:
                if not _asks_again(error):
                    raise _meaning(error) from error
        raise PlatformError(Number.BUSY)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run work that only reads, on one state of the database; raises as `write` does."""
        try:
            return self._once(work, writes=False)
        except DBAPIError as error:
            raise _meaning(error) from error

    def _once(self, work: Callable[[Connection], T], *, writes: bool) -> T:
        with self.engine.connect() as connection:
            self._begin(connection, writes=writes)
            try:
                outcome = work(connection)
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            return outcome

    def _begin(self, connection: Connection, *, writes: bool) -> None:
        if self.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        elif not writes:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _open(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_size=8, max_overflow=8, pool_pre_ping=True)
    arguments: dict[str, Any] = {"check_same_thread": False, "isolation_level": None}
    engine = create_engine(address, connect_args=arguments, pool_size=8, max_overflow=8)

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
    """Return what a database's error means to a till; what means nothing to it stays a bug."""
    origin = error.orig
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    state = getattr(origin, "sqlstate", None) or ""
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR) or state in _NO_ROOM:
        return PlatformError(Number.STORAGE)
    unreachable = error.connection_invalidated or state.startswith(("08", "57P"))
    if unreachable or (isinstance(error, OperationalError) and code == sqlite3.SQLITE_CANTOPEN):
        return PlatformError(Number.DATABASE)
    return error
