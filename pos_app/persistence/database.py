"""Opening a till's database: made new, brought up to date, or refused.

Decides when migrations run: before any window, on a file of which a copy was kept, in one transaction. A database of
a newer program is refused. Alembic is loaded only when there is something to do.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from pos_app.domain.errors import NewerDatabaseError
from pos_app.domain.settings import Settings
from pos_app.persistence.backups_aside import before_schema, remove_before_schemas
from pos_app.persistence.failures import meaning
from pos_app.persistence.store import SqlStore

SCHEMA = 15
"""The number of the newest migration; stands in the file as `user_version`."""


def open_store(path: Path) -> SqlStore:
    """Open the database at `path`, making or migrating it first.

    Raises NewerDatabaseError, StorageFullError, StorageReadOnlyError or StorageDamagedError.
    """
    try:
        version = _version(path)
        if version > SCHEMA:
            raise NewerDatabaseError(found=version, known=SCHEMA)
        if version < SCHEMA:
            _migrate(path, version)
        remove_before_schemas(path, SCHEMA)
    except (sqlite3.Error, OSError) as error:
        expected = meaning(error)
        if expected is None:
            raise
        raise expected from error
    return SqlStore(path)


def settings_in(path: Path) -> Settings | None:
    """Return the settings of a database as it stands, of whatever schema; None where none can be read.

    Nothing is made, migrated or written: for a command that only wants to know how to speak.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT body FROM settings").fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Settings)
    except (sqlite3.Error, OSError, msgspec.MsgspecError):
        return None


def _version(path: Path) -> int:
    """Return the schema number of the file, 0 when there is none; raise sqlite3.DatabaseError for another file."""
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as connection:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return version


def _migrate(path: Path, version: int) -> None:
    """Run the migrations that lack; keep a copy of an older file beside it until they are through."""
    from pos_app.persistence.migrations.run import upgrade

    path.parent.mkdir(parents=True, exist_ok=True)
    kept = before_schema(path, SCHEMA)
    if version > 0:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(kept)) as copy:
            source.backup(copy)
    try:
        upgrade(path)
    except BaseException:
        if version > 0:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            shutil.move(kept, path)
        else:
            path.unlink(missing_ok=True)
        raise
