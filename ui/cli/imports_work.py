"""What the process of a till's window does for each job: reads, imports, takes back, writes files.

Decides how a job becomes calls of the services, and how refused rows are noted and written out; words are the page's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from pos_app.documents.import_report import spoken
from pos_app.documents.tables.errors import unread
from pos_app.documents.tables.exports import write_refused
from pos_app.documents.tables.layout import Table
from pos_app.documents.tables.opening import open_table
from pos_app.domain.imports import headings
from pos_app.domain.imports.faults import Refused
from pos_app.domain.imports.table import Row
from pos_app.services.acting import Actor
from pos_app.services.exports import Beside
from pos_app.services.imports.reading import Opened, digest_of
from pos_app.services.imports.values import CancelledError, FileChangedError, Progress, Stage, Watcher
from pos_app.services.ports.imports import Counts
from pos_app.services.shop import Shop
from ui.cli.export import watermark
from ui.importing import (
    Act,
    Export,
    Imported,
    Line,
    Rehearse,
    Rehearsed,
    Resume,
    Run,
    Saved,
    SaveRefused,
    Source,
    TakeBack,
)

_refused = msgspec.json.Decoder(Refused)
TELL_EVERY_ROWS = 200


def do(shop: Shop, who: Actor, act: Act, watcher: Watcher) -> Line:
    """Do what is asked and return the last line; raise ShukeError for what a person can act on."""
    work: dict[type, Callable[..., Line]] = {
        Rehearse: _rehearse,
        Run: _run,
        Resume: _resume,
        TakeBack: _take_back,
        SaveRefused: _save_refused,
        Export: _export,
    }
    return work[type(act)](shop, who, act, watcher)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Let a file that cannot be read any more be an expected error: moved, locked, its stick pulled."""
    try:
        yield
    except OSError as error:
        raise unread(path, error) from None


def _opened(shop: Shop, source: Source) -> Opened:
    opened = shop.imports.open(Path(source.path), source.kind, source.sheet)
    return opened.with_columns(source.columns)


@contextmanager
def _noting(notes: Path, watcher: Watcher) -> Iterator[Watcher]:
    """Give a watcher that notes each refused row in a file, a line each, in the order of the rows."""
    with notes.open("wb") as out:

        def refused(row: Refused) -> None:
            out.write(msgspec.json.encode(row) + b"\n")
            watcher.refused(row)

        yield replace(watcher, refused=refused)


def _rehearse(shop: Shop, who: Actor, act: Rehearse, watcher: Watcher) -> Line:
    path = Path(act.source.path)
    with _reading(path):
        sha256 = digest_of(path)
        opened = _opened(shop, act.source)
        with _noting(Path(act.refused_to), watcher) as noting:
            ended = shop.imports.rehearse(who, opened, noting)
    return Rehearsed(ended.told, sha256)


def _run(shop: Shop, who: Actor, act: Run, watcher: Watcher) -> Line:
    """Import what was rehearsed; a file that was written to since is refused: its report would not be true of it."""
    path = Path(act.source.path)
    with _reading(path):
        if digest_of(path) != act.sha256:
            raise FileChangedError(file=path.name)
        opened = _opened(shop, act.source)
        with _noting(Path(act.refused_to), watcher) as noting:
            ended = shop.imports.run(who, opened, noting)
    return Imported(ended.told, ended.batch, cancelled=ended.cancelled, nothing_new=ended.nothing_new)


def _resume(shop: Shop, who: Actor, act: Resume, watcher: Watcher) -> Line:
    """Go on with the batch that was cut off: with its file and columns, or with what is left to do."""
    batch = shop.imports.under_way()
    if batch is None or act.path is None:
        shop.imports.recover(watcher)
        return Imported(None, None if batch is None else shop.imports.batches(1)[0])
    path = Path(act.path)
    with _reading(path):
        opened = shop.imports.open(path, batch.kind)
        if batch.plan.sheet in opened.sheets:
            opened = shop.imports.open(path, batch.kind, opened.sheets.index(batch.plan.sheet))
        ended = shop.imports.run(who, opened.with_columns(batch.plan.columns), watcher)
    return Imported(ended.told, ended.batch, cancelled=ended.cancelled, nothing_new=ended.nothing_new)


def _take_back(shop: Shop, who: Actor, act: TakeBack, watcher: Watcher) -> Line:
    batch = shop.imports.withdraw(who, act.batch, watcher)
    return Imported(None, batch)


def _save_refused(shop: Shop, who: Actor, act: SaveRefused, watcher: Watcher) -> Line:
    """Write the refused rows as they stood in the file, with why and how beside them."""
    source, target = act.source, Path(act.target)
    path = Path(source.path)
    with _reading(path), open_table(path) as workbook, Path(act.refused_from).open("rb") as notes:
        table = Table(workbook, source.sheet, partial(headings.known_count, source.kind))
        rows = _refused_rows(table, notes, watcher)
        count = write_refused(target, source.kind, table.headings, rows, watermark(shop, who))
    return Saved(str(target), count)


def _refused_rows(table: Table, notes: BinaryIO, watcher: Watcher) -> Iterator[tuple[Row, Refused]]:
    """Yield the rows of a table that the notes name, both being in the order of the file."""
    wanted = _next(notes)
    for count, row in enumerate(table.rows()):
        if count % TELL_EVERY_ROWS == 0:
            watcher.progress(Progress(stage=Stage.READING, done=count, total=None, counts=Counts()))
            if watcher.cancelled():
                raise CancelledError
        while wanted is not None and wanted.row < row.number:
            wanted = _next(notes)
        if wanted is None:
            return
        if wanted.row == row.number:
            yield row, spoken(wanted)


def _next(notes: BinaryIO) -> Refused | None:
    line = notes.readline()
    return _refused.decode(line) if line else None


def _export(shop: Shop, who: Actor, act: Export, watcher: Watcher) -> Line:
    target = Path(act.target)
    beside = Beside(act.approval, watcher)
    count = shop.exports.write(who, act.kind, target, watermark(shop, who), beside)
    return Saved(act.target, count)
