"""Snapshots for new tills: every living document of a merchant in one file, with the cursor that goes on from there.

Decides what stands in a file, which file is new enough, and when one is removed. A file is a row of gzip members of
BLOCK_BYTES each, which together are one gzip: a till checks and uses a block before the next one has come. A file can
be fetched while it is being made: the till sells from its beginning. It is whole once its notes stand beside it; files
without notes are left over from a crash. Names hold ids and times only. Source: SYNC.md §8.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import BinaryIO
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from pos_app.domain.values.ids import MerchantId
from sync.platform import tables
from sync.platform.database import Database
from sync.platform.feed import cursor_of, digest_bytes, head_of, is_gone_since
from sync.protocol import codec
from sync.protocol.documents import Kind
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Document, SnapshotReady

BLOCK_BYTES = 1_000_000
"""Bytes that are packed together: some 1,300 members."""
PACKING = 1
"""The level of compression: the next ones take twice as long for a tenth less."""
AT_ONCE = 1_000
"""Rows that are read at a time."""
_FIRST = (Kind.SETTINGS, Kind.STAFF, Kind.SHOP, Kind.TILL, Kind.GOLD, Kind.VARIANT, Kind.PIECE, Kind.DESK)
_NAME = re.compile(r"([0-9a-f]{32})-(\d{1,19})-(\d{1,15})-([0-9a-f]{8})")
_NOTES = ".notes"
_document = tables.document


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a snapshot serves.

    It is handed out while it is younger than `fresh_ms` and no more than `behind` positions behind, and can be fetched
    to its end for `kept_ms`.
    """

    fresh_ms: int = 10 * 60_000
    behind: int = 20_000
    kept_ms: int = 6 * 3_600_000
    stale_ms: int = 3_600_000
    """Age of a file that is no whole snapshot, after which nobody is making it any more."""


@dataclass(frozen=True, slots=True)
class _Name:
    """What the name of a file says."""

    merchant: str
    position: int
    made_ms: int

    @classmethod
    def of(cls, text: str) -> "_Name | None":
        found = _NAME.fullmatch(text)
        return None if found is None else cls(found[1], int(found[2]), int(found[3]))


class Snapshots:
    """The snapshots in a folder, which servers of one database may share; safe to use from several threads."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        now_ms: Callable[[], int],
        random: Callable[[int], bytes],
        keeping: Keeping = Keeping(),
    ) -> None:
        self._database, self._folder, self._now_ms, self._random = database, folder, now_ms, random
        self._keeping = keeping
        self._changed = Condition()
        self._making: dict[MerchantId, _Making] = {}

    def prepare(self, merchant: MerchantId) -> SnapshotReady:
        """Name a snapshot that is new enough; begin to make one where there is none.

        Returns as soon as there is something in it: while more is to come, `sha256` is empty, `size` says how much is
        there, and `documents` counts tombstones that will not come. Raises STORAGE, DATABASE, BUSY, also where the one
        that was being made has failed since the last call: the next call begins another.
        """
        head = self._database.read(lambda c: head_of(c, merchant).position)
        with self._changed:
            making = self._making.get(merchant)
            if making is None:
                ready = self._fresh(merchant, head)
                if ready is not None:
                    return ready
                making = self._making[merchant] = _Making(self, merchant)
                making.thread.start()
            self._changed.wait_for(lambda: making.is_begun)
            if making.error is not None:
                if self._making.get(merchant) is making:
                    del self._making[merchant]
                raise making.error
            assert making.ready is not None
            return making.ready

    def path(self, merchant: MerchantId, name: str) -> Path:
        """Return a file of a merchant's, whole or being made; raises SNAPSHOT_GONE."""
        told = _Name.of(name)
        path = self._folder / f"{name}.gz"
        if told is None or told.merchant != merchant.hex or not path.is_file():
            raise PlatformError(Number.SNAPSHOT_GONE)
        return path

    def fetch(self, merchant: MerchantId, name: str, offset: int) -> Iterator[bytes]:
        """Read a file from a byte on, as far as it goes now; raises SNAPSHOT_GONE."""
        path = self.path(merchant, name)
        try:
            file = path.open("rb")
        except OSError:
            raise PlatformError(Number.SNAPSHOT_GONE) from None
        with file:
            file.seek(offset)
            while part := file.read(BLOCK_BYTES):
                yield part

    def tidy(self) -> None:
        """Remove snapshots that are too old, hold somebody who is no more, and what a crash left.

        One that somebody reads goes the next time. Raises DATABASE, BUSY.
        """
        with self._changed:
            busy = {making.name for making in self._making.values()}
        files: dict[str, list[Path]] = {}
        for path in self._folder.glob("*-*-*-*.*") if self._folder.is_dir() else ():
            files.setdefault(path.name.partition(".")[0], []).append(path)
        for plain, paths in files.items():
            name, suffixes = _Name.of(plain), {path.suffix for path in paths}
            is_made = plain in busy and _NOTES not in suffixes
            if name is None or is_made or not self._is_over(name, suffixes):
                continue
            for path in paths:
                with suppress(OSError):
                    path.unlink()

    def _is_over(self, name: _Name, suffixes: set[str]) -> bool:
        is_whole = _NOTES in suffixes
        oldest = self._keeping.kept_ms if is_whole else self._keeping.stale_ms
        is_old = not 0 <= self._now_ms() - name.made_ms < oldest
        return is_old or (is_whole and self._holds_erased(name))

    def close(self) -> None:
        """Stop what is being made; a till that fetches it is told to begin anew."""
        with self._changed:
            working = list(self._making.values())
        for making in working:
            making.is_stopped = True
            making.thread.join()

    def _holds_erased(self, name: _Name) -> bool:
        """Whether a member was erased since a snapshot was made: no file may hold her."""
        merchant = MerchantId(UUID(hex=name.merchant))
        return self._database.read(lambda c: is_gone_since(c, merchant, Kind.MEMBER.value, name.position))

    def _fresh(self, merchant: MerchantId, head: int) -> SnapshotReady | None:
        """Return the newest whole snapshot, if it is new enough; one that is ahead is of a database restored since."""
        now, best = self._now_ms(), None
        for path in self._folder.glob(f"{merchant.hex}-*{_NOTES}"):
            name = _Name.of(path.name.removesuffix(_NOTES))
            if name is None or not 0 <= now - name.made_ms < self._keeping.fresh_ms:
                continue
            if 0 <= head - name.position <= self._keeping.behind and not self._holds_erased(name):
                best = max(best, (name.position, path)) if best else (name.position, path)
        try:
            ready = codec.decode(best[1].read_bytes(), SnapshotReady) if best else None
            if ready is None or best is None or head - best[0] > ready.documents:
                # More has come than is in it: of a merchant who begins, a till could not be worked with it.
                return None
            if self.path(merchant, ready.name).stat().st_size != ready.size:
                return None
            return ready
        except (OSError, PlatformError):
            return None


class _Making:
    """A snapshot being made, on a thread of its own: on one state of the database, in bounded memory."""

    def __init__(self, of: Snapshots, merchant: MerchantId) -> None:
        self._of, self._merchant = of, merchant
        self.name = ""
        self.ready: SnapshotReady | None = None
        self.error: Exception | None = None
        self.is_stopped = False
        self.thread = Thread(target=self._run, name="snapshot", daemon=True)

    @property
    def is_begun(self) -> bool:
        """Whether there is something to be told: what a till sells with, or what went wrong."""
        return self.ready is not None or self.error is not None

    def _run(self) -> None:
        of = self._of
        error: Exception | None = None
        try:
            of.tidy()
            of._folder.mkdir(parents=True, exist_ok=True)
            of._database.read(self._make)
        except OSError:
            error = PlatformError(Number.STORAGE)
        except Exception as raised:
            error = raised
        with of._changed:
            self.error = error
            # From now on the notes speak for it. What failed stays until somebody is told, or a till that fetched it
            # would begin anew for ever and nobody would know why.
            if error is None:
                del of._making[self._merchant]
            of._changed.notify_all()
        if error is not None and self.name:
            with suppress(OSError):
                (of._folder / f"{self.name}.gz").unlink(missing_ok=True)

    def _make(self, connection: Connection) -> None:
        """Write the file, then its notes."""
        of, draft = self._of, self._draft(connection)
        with (of._folder / f"{self.name}.gz").open("xb") as file:
            packer = _Packer(file)
            with closing(_rows(connection, self._merchant, is_first=True)) as first:
                for document in first:
                    if packer.add(document):
                        self._tell(draft, packer)
            packer.end_block()
            self._tell(draft, packer)
            with closing(_rows(connection, self._merchant, is_first=False)) as members:
                for document in members:
                    if packer.add(document):
                        self._tell(draft, packer)
            packer.end_block()
        whole = msgspec.structs.replace(
            draft, size=packer.size, documents=packer.count, sha256=packer.sha256.digest()
        )
        temporary = of._folder / f"{self.name}.noting"
        temporary.write_bytes(codec.encode(whole))
        temporary.replace(of._folder / f"{self.name}{_NOTES}")
        with of._changed:
            self.ready = whole

    def _draft(self, connection: Connection) -> SnapshotReady:
        """Return what is known before the first document is read, on the same state of the database."""
        of, key = self._of, self._merchant
        head = head_of(connection, key)
        seed = connection.execute(
            select(tables.merchant.c.seed).where(tables.merchant.c.merchant_id == key.bytes)
        ).scalar_one()
        self.name = f"{key.hex}-{head.position}-{of._now_ms()}-{of._random(4).hex()}"
        return SnapshotReady(
            name=self.name,
            size=0,
            documents=_count(connection, key),
            first=_count_first(connection, key),
            cursor=cursor_of(seed, key, head.position),
            digest=digest_bytes(head.digest),
            sha256=b"",
        )

    def _tell(self, draft: SnapshotReady, packer: "_Packer") -> None:
        if self.is_stopped:
            raise PlatformError(Number.SNAPSHOT_GONE)
        with self._of._changed:
            self.ready = msgspec.structs.replace(draft, size=packer.size)
            self._of._changed.notify_all()


class _Packer:
    """Writes documents into a file, block by block."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._block = bytearray()
        self.sha256 = hashlib.sha256()
        self.count = self.size = 0

    def add(self, document: Document) -> bool:
        """Add a document; return whether a block was written."""
        packed = codec.encode(document)
        self._block += len(packed).to_bytes(4, "big") + packed
        self.count += 1
        return len(self._block) >= BLOCK_BYTES and self.end_block()

    def end_block(self) -> bool:
        """Write what was added so far as a gzip of its own."""
        if self._block:
            packed = zlib.compress(self._block, PACKING, wbits=31)
            self._file.write(packed)
            self._file.flush()
            self.sha256.update(packed)
            self.size += len(packed)
            self._block.clear()
        return True


def _count(connection: Connection, merchant: MerchantId) -> int:
    """Return how many documents there are, tombstones too: counted on an index, without reading the rows."""
    query = select(func.count(_document.c.position)).where(_document.c.merchant_id == merchant.bytes)
    count: int = connection.execute(query).scalar_one()
    return count


def _count_first(connection: Connection, merchant: MerchantId) -> int:
    """Return how many living documents there are that are no members."""
    columns, count = _document.c, 0
    # Two ranges of the key: asked for what is no member, a database would look at every member.
    for beside in (columns.kind < Kind.MEMBER.value, columns.kind > Kind.MEMBER.value):
        query = select(func.count()).where(columns.merchant_id == merchant.bytes, beside, columns.gone == 0)
        count += connection.execute(query).scalar_one()
    return count


def _rows(connection: Connection, merchant: MerchantId, *, is_first: bool) -> Generator[Document, None, None]:
    """Read the living documents in the order of their ids: those a till sells with, kind by kind, or the members."""
    kind = _document.c.kind
    if not is_first:
        yield from _of(connection, merchant, kind == Kind.MEMBER.value)
        return
    for each in _FIRST:
        yield from _of(connection, merchant, kind == each.value)
    # A kind that a newer server of this database knows.
    yield from _of(connection, merchant, kind.not_in([*Kind]))


def _of(
    connection: Connection, merchant: MerchantId, condition: ColumnElement[bool]
) -> Generator[Document, None, None]:
    columns = _document.c
    query = (
        select(columns.kind, columns.id, columns.position, columns.version, columns.body)
        .where(columns.merchant_id == merchant.bytes, condition, columns.gone == 0)
        .order_by(columns.kind, columns.id)
    )
    # A cursor of the server's own: the driver would else fetch all rows before the first is read.
    options = {"stream_results": True, "yield_per": AT_ONCE}
    with closing(connection.execute(query, execution_options=options)) as rows:
        for row in rows:
            yield Document(row[0], row[1], row[2], False, row[3], row[4])
