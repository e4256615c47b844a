"""Backup and restore: the whole till in one file, and back, never losing newer sales by mistake.

A backup holds a checked copy of the database and what it is; a restored till opens a new epoch of its journal, so
that two lives of one till can be told apart (DESIGN.md §5). Decides what a restore may overwrite; files are a port.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec

from pos_app.domain.errors import (
    ExpectedError,
    NewerDatabaseError,
    StorageDamagedError,
    StorageFullError,
    StorageReadOnlyError,
)
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.members import MemberErased
from pos_app.domain.facts.shop import EpochOpened
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.moments import from_ms
from pos_app.services.member_traces import forget
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.journal import Head, JournalEntry
from pos_app.services.ports.store import Store, Tx
from pos_app.services.recording import Recorder

MOST_FACTS = 1 << 40
"""More facts than an epoch can hold."""


class LosesSalesError(ExpectedError):
    """What stands here holds `facts` facts that the backup lacks, `count` of them sales; `latest` is the last sale."""

    code = "common.error.loses_sales"


class LosesRecordsError(LosesSalesError):
    """What stands here holds `count` facts that the backup lacks, no sale among them; `latest` is the last one."""

    code = "common.error.loses_records"


class TargetReadOnlyError(StorageReadOnlyError):
    """The place where a backup should go cannot be written, or is gone; `path` names it."""

    code = "common.error.target_read_only"


class TargetFullError(StorageFullError):
    """The disk where a backup should go has no room; `path` names the file."""

    code = "common.error.target_full"


class PresentUnreadableError(ExpectedError):
    """The data that stands here cannot be read, so nobody can say what a restore would lose."""

    code = "common.error.present_unreadable"


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

    def write(self, store: Store, describe: Callable[[Store], BackupInfo], target: Path) -> BackupInfo:
        """Write a checked copy of a store and what `describe` says of that copy, whole or not at all."""
        ...

    def read_info(self, source: Path) -> BackupInfo:
        """Return what a backup says of itself, after checking it; raise NotABackupError."""
        ...

    def unpack(self, source: Path, database: Path) -> Path:
        """Put the backup's checked database beside `database` and return it; raise NotABackupError."""
        ...

    def discard(self, fresh: Path) -> None:
        """Remove an unpacked database that will not be used."""
        ...

    def swap(self, fresh: Path, database: Path) -> Path | None:
        """Put an unpacked database in the place of `database`; return where the old one was kept."""
        ...


def describe(store: Store, clock: Clock) -> BackupInfo:
    """Return what a backup of this store says of itself; raise NotABackupError before a shop was founded."""
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

    Raises TargetFullError, TargetReadOnlyError or StorageDamagedError; an earlier file at `target` stays until the new
    one is whole.
    """
    return files.write(store, lambda copy: describe(copy, clock), target)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTools:
    """What a restore needs: the files, how a database is opened, time and ids, and the place it goes to.

    `open_present` returns the store that stands there, None when there is none.
    """

    files: BackupFiles
    open_store: Callable[[Path], Store]
    open_present: Callable[[], Store | None]
    clock: Clock
    ids: Ids
    database: Path


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore that was done: what came back, and where the old database was kept."""

    info: BackupInfo
    kept: Path | None


def restore(tools: RestoreTools, source: Path, *, force: bool = False) -> Restored:
    """Put a backup in the place of the till's database, in a new epoch of the journal.

    The new epoch is written before the files are swapped, so a power cut leaves the old till or the restored one.
    Raises NotABackupError, OtherTillError, NewerDatabaseError, and, without `force`, LosesSalesError when the
    present journal goes on beyond the backup or PresentUnreadableError when nobody can tell. Whoever was erased here
    since the backup was made is erased in it before it counts.
    """
    info = tools.files.read_info(source)
    fresh = tools.files.unpack(source, tools.database)
    try:
        store = tools.open_store(fresh)
        try:
            if describe(store, tools.clock).head != info.head:
                raise NotABackupError(path=source.name)
            _begin_anew(store, tools, _present(tools, store, info, force))
        finally:
            store.close()
    except BaseException:
        tools.files.discard(fresh)
        raise
    return Restored(info, tools.files.swap(fresh, tools.database))


@dataclass(frozen=True, slots=True)
class _Present:
    """The till that stands here: its epoch, 0 when there is none, and whom it erased since the backup, by whom."""

    epoch: int = 0
    erased: tuple[tuple[MemberErased, StaffId | None], ...] = ()


def _present(tools: RestoreTools, fresh: Store, info: BackupInfo, force: bool) -> _Present:
    """Return what the restored till must know of the one that stands here; refuse to lose what it sold."""
    try:
        present = tools.open_present()
    except (StorageDamagedError, NewerDatabaseError):
        if force:
            return _Present()
        raise PresentUnreadableError() from None
    if present is None:
        return _Present()
    try:
        with present.read() as here, fresh.read() as there:
            settings, head = here.settings.load(), here.journal.head()
            if settings is None:
                return _Present()
            if str(settings.till_id) != info.till:
                raise OtherTillError(shop=info.shop_name)
            if force:
                return _Present(head.epoch, _erased(here, there, head))
            _check_nothing_lost(here, there)
            return _Present(head.epoch)
    finally:
        present.close()


def _erased(here: Tx, there: Tx, head: Head) -> tuple[tuple[MemberErased, StaffId | None], ...]:
    """Return whom the journal here tells of as erased since the backup, and who did it; nobody where it is damaged."""
    try:
        entries = here.imports.happened(_last_common(here, there, head), ("member.erased",))
        return tuple(_erasure(entry) for entry in entries)
    except (StorageDamagedError, msgspec.MsgspecError):
        return ()


def _erasure(entry: JournalEntry) -> tuple[MemberErased, StaffId | None]:
    envelope = decode(entry.body)
    fact = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    assert isinstance(fact, MemberErased)
    return fact, envelope.staff


def _check_nothing_lost(here: Tx, there: Tx) -> None:
    """Raise LosesSalesError when the journal here goes on beyond its last fact in common with the backup's."""
    head = here.journal.head()
    common = _last_common(here, there, head)
    if common == (head.epoch, head.seq):
        return
    lost = here.journal.count_kinds(common)
    facts, sales = sum(lost.values()), lost.get("sale.committed", 0)
    if sales:
        raise LosesSalesError(count=sales, facts=facts, latest=here.sales.history(1)[0].committed_at)
    last = here.journal.entry(head.epoch, head.seq)
    raise LosesRecordsError(count=facts, latest=from_ms(last.happened_at_ms) if last else None)


def _last_common(here: Tx, there: Tx, head: Head) -> tuple[int, int]:
    """Return the last (epoch, seq) at which two journals agree.

    The hashes are chained, so where they agree once they agree in all before: the place is found by halving.
    """

    def differs(epoch: int, seq: int) -> bool:
        mine, other = here.journal.entry(epoch, seq), there.journal.entry(epoch, seq)
        return mine is None or other is None or mine.hash != other.hash

    for epoch in range(head.epoch, 0, -1):
        if differs(epoch, 1):
            continue
        return epoch, 1 + bisect(range(2, MOST_FACTS), False, key=partial(differs, epoch))
    return 0, 0


def _begin_anew(store: Store, tools: RestoreTools, present: _Present) -> None:
    """Begin the restored till's new life: an epoch after any that the till has had here, with nobody who was erased."""
    with store.write() as tx:
        settings = tx.settings.load()
        assert settings is not None  # `describe` has refused a store without
        head = tx.journal.head()
        tx.journal.open_epoch(max(head.epoch, present.epoch) + 1)
        fact = EpochOpened(
            reason="restored",
            previous_epoch=head.epoch,
            previous_seq=head.seq,
            previous_hash=head.hash.hex(),
        )
        recorder = Recorder(settings.till_id, tools.clock, tools.ids)
        recorder.record(tx, fact, None)
        for erased, staff in present.erased:
            if tx.members.get(erased.member) is not None:
                recorder.record(tx, erased, staff)
                forget(tx, erased.member, tools.clock.now())
