"""Backup files: a zip with a checked copy of the database and a note of what it is.

Decides the file's form. The till's signing key is not in it: a restored till signs with the key of its own computer.
"""

import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from pos_app.persistence.failures import meaning
from pos_app.services.backups import BackupInfo, NotABackupError
from pos_app.services.ports.store import Store

FORMAT = 1
DATABASE = "shop.db"
NOTE = "backup.json"


class _Note(msgspec.Struct, frozen=True):
    format: int
    info: BackupInfo


class ZipBackups:
    """Backups as zip files."""

    def write(self, store: Store, info: BackupInfo, target: Path) -> None:
        """Write a backup beside its place and move it there when it is whole and on disk."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        try:
            with TemporaryDirectory(dir=target.parent) as folder:
                copy = Path(folder) / DATABASE
                store.copy_to(copy)
                with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                    archive.write(copy, DATABASE)
                    archive.writestr(NOTE, msgspec.json.encode(_Note(FORMAT, info)))
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            expected = meaning(error)
            if expected is None:
                raise
            raise expected from error

    def read_info(self, source: Path) -> BackupInfo:
        """Return what a backup says of itself, after checking every byte of it."""
        try:
            with zipfile.ZipFile(source) as archive:
                if archive.testzip() is not None or DATABASE not in archive.namelist():
                    raise NotABackupError(path=source.name)
                note = msgspec.json.decode(archive.read(NOTE), type=_Note)
        except (OSError, zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
            raise NotABackupError(path=source.name) from error
        if note.format > FORMAT:
            raise NotABackupError(path=source.name)
        return note.info

    def put_back(self, source: Path, database: Path) -> Path | None:
        """Unpack the backup beside the database, check it, and swap the two; the old one is kept by time."""
        database.parent.mkdir(parents=True, exist_ok=True)
        fresh = database.with_name(database.name + ".restoring")
        try:
            with (
                zipfile.ZipFile(source) as archive,
                archive.open(DATABASE) as packed,
                fresh.open("wb") as file,
            ):
                shutil.copyfileobj(packed, file)
                file.flush()
                os.fsync(file.fileno())
            self._check(fresh, source)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            expected = meaning(error)
            if expected is None:
                raise
            raise expected from error
        kept = self._keep(database)
        fresh.replace(database)
        return kept

    @staticmethod
    def _check(fresh: Path, source: Path) -> None:
        with closing(sqlite3.connect(fresh)) as connection:
            try:
                answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            except sqlite3.DatabaseError:
                answer = "damaged"
        if answer != "ok":
            fresh.unlink(missing_ok=True)
            raise NotABackupError(path=source.name)

    @staticmethod
    def _keep(database: Path) -> Path | None:
        """Fold the old database's log into it and move it aside."""
        if not database.exists():
            return None
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
        stamp = datetime.fromtimestamp(database.stat().st_mtime).strftime("%Y%m%d-%H%M%S")
        kept = database.with_name(f"{database.stem}.before-restore-{stamp}{database.suffix}")
        database.replace(kept)
        return kept
