"""Backup files: a zip with a checked copy of the database and a note of what it is.

Decides the file's form. The till's signing key is not in it: a restored till signs with the key of its own computer.
"""

import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pos_app.domain.errors import StorageDamagedError, StorageFullError, StorageReadOnlyError
from pos_app.persistence.backups_aside import SIDE_FILES, beside, name_kept
from pos_app.persistence.failures import meaning
from pos_app.persistence.store import SqlStore
from pos_app.services.backups import BackupInfo, NotABackupError, TargetFullError, TargetReadOnlyError
from pos_app.services.ports.store import Store

FORMAT = 1
DATABASE = "shop.db"
NOTE = "backup.json"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)
"""What `zipfile` raises over a file that was cut, changed or is no zip."""


class _Note(msgspec.Struct, frozen=True):
    format: int
    info: BackupInfo


class ZipBackups:
    """Backups as zip files."""

    def write(self, store: Store, describe: Callable[[Store], BackupInfo], target: Path) -> BackupInfo:
        """Write a backup beside its place and move it there when it is whole, checked and on disk.

        Raises StorageDamagedError when the copy does not pass SQLite's check: a backup that cannot be restored is none.
        """
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=target.parent) as folder:
                copy = Path(folder) / DATABASE
                _copied(store, copy, target)
                info = _described(copy, describe)
                with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                    archive.write(copy, DATABASE)
                    archive.writestr(NOTE, msgspec.json.encode(_Note(FORMAT, info)))
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(meaning(error), StorageFullError):
                raise TargetFullError(path=str(target)) from error
            raise TargetReadOnlyError(path=str(target)) from error
        return info

    def read_info(self, source: Path) -> BackupInfo:
        """Return what a backup says of itself, after checking every byte of it."""
        try:
            with zipfile.ZipFile(source) as archive:
                if archive.testzip() is not None or DATABASE not in archive.namelist():
                    raise NotABackupError(path=source.name)
                note = msgspec.json.decode(archive.read(NOTE), type=_Note)
        except (OSError, *_DAMAGED, msgspec.MsgspecError) as error:
            raise NotABackupError(path=source.name) from error
        if note.format > FORMAT:
            raise NotABackupError(path=source.name)
        return note.info

    def unpack(self, source: Path, database: Path) -> Path:
        """Unpack the backup's database beside the till's, put it on disk, and check it."""
        fresh = database.with_name(database.name + ".restoring")
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            self.discard(fresh)
            with (
                zipfile.ZipFile(source) as archive,
                archive.open(DATABASE) as packed,
                fresh.open("wb") as file,
            ):
                shutil.copyfileobj(packed, file)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):
                self.discard(fresh)
            raise _expected(error) from error
        except _DAMAGED as error:
            self.discard(fresh)
            raise NotABackupError(path=source.name) from error
        if not _reads_well(fresh):
            self.discard(fresh)
            raise NotABackupError(path=source.name)
        return fresh

    def discard(self, fresh: Path) -> None:
        """Remove an unpacked database with its log."""
        for suffix in ("", *SIDE_FILES):
            beside(fresh, suffix).unlink(missing_ok=True)

    def swap(self, fresh: Path, database: Path) -> Path | None:
        """Keep the old database under a name with the time of its last change, and put the new one in its place.

        There is a database at every moment of it: the old one is linked (or copied) to its new name first.
        """
        try:
            kept = _keep(database) if database.exists() else None
            for suffix in SIDE_FILES:
                beside(database, suffix).unlink(missing_ok=True)
            fresh.replace(database)
        except OSError as error:
            raise _expected(error) from error
        return kept


def _copied(store: Store, copy: Path, target: Path) -> None:
    """Copy a database to where its backup goes; what refuses to be written is that place, not the data folder."""
    try:
        store.copy_to(copy)
    except StorageFullError:
        raise TargetFullError(path=str(target)) from None
    except StorageReadOnlyError:
        raise TargetReadOnlyError(path=str(target)) from None


def _described(copy: Path, describe: Callable[[Store], BackupInfo]) -> BackupInfo:
    opened = SqlStore(copy)
    try:
        if opened.check():
            raise StorageDamagedError()
        return describe(opened)
    finally:
        opened.close()


def _reads_well(fresh: Path) -> bool:
    with closing(sqlite3.connect(fresh)) as connection:
        try:
            return [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        except sqlite3.DatabaseError:
            return False


def _keep(database: Path) -> Path:
    """Give the old database another name beside its present one, with whatever its log still holds."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        # A damaged file cannot be folded: then its log is kept beside it as it is.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    stamp = datetime.fromtimestamp(database.stat().st_mtime).strftime("%Y%m%d-%H%M%S")
    kept = next(path for path in name_kept(database, stamp) if not path.exists())
    for suffix in ("", *SIDE_FILES):
        old = beside(database, suffix)
        if not old.exists():
            continue
        try:
            os.link(old, beside(kept, suffix))
        except OSError:
            shutil.copy2(old, beside(kept, suffix))
    # From now on its time says when it was put aside, by which it is removed one day.
    kept.touch()
    return kept


def _expected(error: OSError) -> Exception:
    return meaning(error) or error
