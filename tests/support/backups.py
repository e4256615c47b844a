"""Backing a shop on disk up and bringing it back, as the command line does."""

from pathlib import Path

from pos_app.persistence.backups import ZipBackups
from pos_app.persistence.database import open_store
from pos_app.services.backups import BackupInfo, Restored, RestoreTools, make_backup, restore
from tests.support.fixed_clock import HandClock, SharedIds
from tests.support.shop_on_disk import DiskShop


def saved(shop: DiskShop, target: Path) -> BackupInfo:
    """Back a shop up."""
    return make_backup(shop.store, ZipBackups(), shop.clock, target)


def brought_back(source: Path, folder: Path, *, force: bool = False) -> Restored:
    """Restore a backup into a folder."""
    database = folder / "shop.db"
    tools = RestoreTools(
        files=ZipBackups(),
        open_store=open_store,
        open_present=lambda: open_store(database) if database.exists() else None,
        clock=HandClock(),
        ids=SharedIds(5 << 20),
        database=database,
    )
    return restore(tools, source, force=force)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what stands in a folder."""
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}
