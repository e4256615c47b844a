"""Databases put aside: before a migration, and before a restore.

Decides their names, and when each goes (docs/decisions/0011). They hold whole shops with everybody who was in them.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SIDE_FILES = ("-wal", "-shm", "-journal")


def beside(database: Path, suffix: str) -> Path:
    """Return the path of a file that SQLite keeps beside a database."""
    return database.with_name(database.name + suffix)


def before_schema(database: Path, schema: int) -> Path:
    """Return where a database is copied to before it is migrated to a schema."""
    return database.with_name(f"{database.name}.before-{schema}")


def remove_before_schemas(database: Path, schema: int) -> None:
    """Remove the copies that migrations up to this schema left when they were cut off after they were through."""
    for number in range(1, schema + 1):
        _remove(before_schema(database, number))


@dataclass(frozen=True, slots=True)
class Kept:
    """A database that a restore put aside; its file's time is that of the restore."""

    path: Path

    def remove(self) -> bool:
        """Remove it with its log; return whether it is gone."""
        return _remove(self.path)


def name_kept(database: Path, stamp: str) -> Iterator[Path]:
    """Yield names under which a database may be put aside by a restore, the best first, without end."""
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        yield database.with_name(f"{database.stem}.before-restore-{stamp}{more}{database.suffix}")
        number += 1


def all_kept(database: Path) -> list[Kept]:
    """Return the databases that restores put aside."""
    stem, suffix = re.escape(database.stem), re.escape(database.suffix)
    pattern = re.compile(rf"{stem}\.before-restore-\d{{8}}-\d{{6}}(-\d+)?{suffix}")
    with suppress(OSError):
        return [Kept(path) for path in database.parent.iterdir() if pattern.fullmatch(path.name)]
    return []


def kept_before(database: Path, moment: datetime) -> list[Kept]:
    """Return those that restores before a moment put aside."""
    found = []
    for kept in all_kept(database):
        with suppress(OSError):
            if datetime.fromtimestamp(kept.path.stat().st_mtime, UTC) < moment:
                found.append(kept)
    return found


def _remove(database: Path) -> bool:
    """Remove a database with its log; one that is held open or may not be removed stays for the next time."""
    with suppress(OSError):
        for suffix in (*SIDE_FILES, ""):
            beside(database, suffix).unlink(missing_ok=True)
        return True
    return False
