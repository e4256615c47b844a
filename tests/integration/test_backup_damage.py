"""What is no whole backup of this till and this program is refused, and nothing is touched."""

import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.errors import NewerDatabaseError
from pos_app.persistence.database import SCHEMA
from pos_app.services.backups import (
    NotABackupError,
    PresentUnreadableError,
)
from tests.support.backups import brought_back, files_of, saved
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where the backup goes: another folder, such as a stick."""
    return tmp_path / "stick" / "shop.zip"


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def _without_note(path: Path) -> None:
    _rewrite(path, {"backup.json": None})


def _other_database(path: Path) -> None:
    _rewrite(path, {"shop.db": b"this is no database" * 1000})


def _newer_format(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        note = archive.read("backup.json").replace(b'"format":1', b'"format":2')
    _rewrite(path, {"backup.json": note})


def _false_note(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        note = msgspec.json.decode(archive.read("backup.json"))
    note["info"]["head"] = "00" * 32
    _rewrite(path, {"backup.json": msgspec.json.encode(note)})


def _rewrite(path: Path, changes: dict[str, bytes | None]) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, old in content.items():
            new = changes.get(name, old)
            if new is not None:
                archive.writestr(name, new)


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _flip,
        _without_note,
        _other_database,
        _newer_format,
        _false_note,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("not a zip", "utf-8"),
        Path.unlink,
    ],
)
def test_what_is_no_whole_backup_is_refused_and_nothing_is_touched(
    shop: DiskShop, backup: Path, damage: Callable[[Path], object]
) -> None:
    shop.sell(CANDY)
    saved(shop, backup)
    shop.store.close()
    before = files_of(shop.folder)
    damage(backup)
    for force in (False, True):
        with pytest.raises(NotABackupError):
            brought_back(backup, shop.folder, force=force)
    assert files_of(shop.folder) == before


def test_a_backup_of_a_newer_program_is_refused_and_nothing_is_touched(shop: DiskShop, backup: Path) -> None:
    saved(shop, backup)
    shop.store.close()
    before = files_of(shop.folder)
    with zipfile.ZipFile(backup) as archive:
        (backup.parent / "db").write_bytes(archive.read("shop.db"))
    with closing(sqlite3.connect(backup.parent / "db")) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA + 1}")
        connection.commit()
    _rewrite(backup, {"shop.db": (backup.parent / "db").read_bytes()})
    for force in (False, True):
        with pytest.raises(NewerDatabaseError):
            brought_back(backup, shop.folder, force=force)
    assert files_of(shop.folder) == before


def test_a_damaged_till_is_restored_by_force_only_and_kept_aside(shop: DiskShop, backup: Path) -> None:
    shop.sell(CANDY)
    saved(shop, backup)
    shop.store.close()
    shop.database.write_bytes(b"\xff" * 8192)
    with pytest.raises(PresentUnreadableError):
        brought_back(backup, shop.folder)
    assert shop.database.read_bytes() == b"\xff" * 8192
    done = brought_back(backup, shop.folder, force=True)
    assert done.kept is not None and done.kept.read_bytes() == b"\xff" * 8192
    shop.reopened()
    assert shop.verify().passed and shop.verify().sales == 1
