"""Backup and restore: the whole till in one file, and back, never losing newer sales by mistake.

A backup holds a checked copy of the database and what it is; a restored till opens a new epoch of its journal, so
that two lives of one till can be told apart (DESIGN.md §5). Decides what a restore may overwrite; files are a port.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.shop import EpochOpened
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.store import Store
from pos_app.services.recording import Recorder


class LosesSalesError(ExpectedError):
    """The data folder holds sales that the backup does not; `count` of them, the latest at `latest`."""

    code = "common.error.loses_sales"


class NotABackupError(ExpectedError):
    """The file is not a backup of this program, or it is damaged."""

    code = "common.error.not_a_backup"


class OtherTillError(ExpectedError):
    """The backup is of another till than the one in the data folder."""

    code = "common.error.other_till"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupInfo:
    """What a backup file says of itself; `made_at` is aware and in UTC."""

    till: str
    shop_name: str
    made_at: datetime
    epoch: int
    seq: int
    head: str
    sales: int


class BackupFiles(Protocol):
    """How backups are written and read."""

    def write(self, store: Store, info: BackupInfo, target: Path) -> None:
        """Write a backup, whole or not at all."""
        ...

    def read_info(self, source: Path) -> BackupInfo:
        """Return what a backup says of itself, after checking it; raise NotABackupError."""
        ...

    def put_back(self, source: Path, database: Path) -> Path | None:
        """Replace the database by the backup's; return where the old one was kept, None when there was none."""
        ...


def describe(store: Store, clock: Clock) -> BackupInfo:
    """Return what a backup made now would say of itself; raise NotABackupError before a shop was founded."""
    with store.read() as tx:
        settings, head, sums = tx.settings.load(), tx.journal.head(), tx.sales.sums()
    if settings is None:
        raise NotABackupError(path="")
    return BackupInfo(
        till=str(settings.till_id),
        shop_name=settings.shop_name,
        made_at=clock.now(),
        epoch=head.epoch,
        seq=head.seq,
        head=head.hash.hex(),
        sales=sums.baskets,
    )


def make_backup(store: Store, files: BackupFiles, clock: Clock, target: Path) -> BackupInfo:
    """Write a backup of a store that may be in use; return what it holds.

    Raises StorageFullError and its kin; an earlier file at `target` stays until the new one is whole.
    """
    info = describe(store, clock)
    files.write(store, info, target)
    return info


def check_restore(present: Store | None, files: BackupFiles, source: Path) -> BackupInfo:
    """Return what a restore would bring; refuse one that would lose facts.

    Raises NotABackupError, OtherTillError, or LosesSalesError when the present journal goes on beyond the backup.
    """
    info = files.read_info(source)
    if present is None:
        return info
    with present.read() as tx:
        settings, head = tx.settings.load(), tx.journal.head()
        entry = tx.journal.entry(info.epoch, info.seq)
        sums = tx.sales.sums()
        last = tx.sales.history(1)
    if settings is None:
        return info
    if str(settings.till_id) != info.till:
        raise OtherTillError(shop=info.shop_name)
    same_line = entry is not None and entry.hash.hex() == info.head
    if (head.epoch, head.seq) != (info.epoch, info.seq) or not same_line:
        latest = last[0].committed_at if last else None
        newer = max(sums.baskets - info.sales, 0)
        raise LosesSalesError(count=newer, facts=head.seq - info.seq, latest=latest)
    return info


def restore(
    files: BackupFiles,
    source: Path,
    database: Path,
    open_store: Callable[[Path], Store],
    tools: tuple[Clock, Ids],
) -> Path | None:
    """Put a backup back and open a new epoch; return where the old database was kept."""
    files.read_info(source)
    kept = files.put_back(source, database)
    store = open_store(database)
    clock, ids = tools
    try:
        with store.write() as tx:
            settings = tx.settings.load()
            if settings is None:
                raise NotABackupError(path=source.name)
            head = tx.journal.head()
            tx.journal.open_epoch(head.epoch + 1)
            fact = EpochOpened(
                reason="restored",
                previous_epoch=head.epoch,
                previous_seq=head.seq,
                previous_hash=head.hash.hex(),
            )
            Recorder(settings.till_id, clock, ids).record(tx, fact, None)
    finally:
        store.close()
    return kept
