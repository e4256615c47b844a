"""`shuke import KIND FILE`: bring goods, pieces, members or opening balances in from a table, or take that back.

An ordinary writer beside a till that sells (DESIGN.md §7). With --progress it speaks JSON lines, for the till's window;
the line "cancel" on its standard input, or SIGTERM, ends it cleanly.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.imports.faults import Refused
from pos_app.domain.imports.kinds import FIELDS, Kind
from pos_app.services.acting import Actor
from pos_app.services.imports.reading import Opened
from pos_app.services.imports.values import Ended, MappingNeededError, Progress, Watcher
from pos_app.services.shop import Shop
from ui.cli import signing_in
from ui.cli.import_alone import BooksReplacedError, books_in, no_other_import
from ui.cli.speech import end_progress, note, progress, say, show, speak_like

SHOWN_REFUSALS = 20
"""Refused rows that are told one by one."""
_refused = msgspec.json.Decoder(Refused)


class FieldUnknownError(ExpectedError):
    """--map names no field of the kind."""

    code = "importing.error.field_unknown"


class SheetUnknownError(ExpectedError):
    """--sheet names no sheet of the file."""

    code = "importing.error.sheet_unknown"


class SameFileError(ExpectedError):
    """--refused names the file that is imported."""

    code = "importing.error.same_file"


class NoFileError(ExpectedError):
    """Neither a kind and a file nor --undo was given."""

    code = "importing.error.no_file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the kind and the file, --dry-run, how columns are read, --undo, and who imports."""
    from pos_app.words import translate

    kinds = [kind.value for kind in Kind]
    parser.add_argument(
        "kind", metavar="KIND", nargs="?", choices=kinds, help=translate("importing.help.kind")
    )
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help=translate("importing.help.file"))
    parser.add_argument("--dry-run", action="store_true", help=translate("importing.help.dry_run"))
    parser.add_argument("--sheet", metavar="NAME", help=translate("importing.help.sheet"))
    parser.add_argument(
        "--map", metavar="FIELD=HEADING", action="append", default=[], help=translate("importing.help.map")
    )
    parser.add_argument("--refused", metavar="FILE", type=Path, help=translate("importing.help.refused"))
    parser.add_argument(
        "--undo", metavar="NUMBER", nargs="?", type=int, const=0, help=translate("importing.help.undo")
    )
    parser.add_argument("--progress", action="store_true", help=translate("importing.help.progress"))
    signing_in.add_arguments(parser)


def run(chosen: argparse.Namespace) -> int:
    """Rehearse, import or take back; 1 when it was cancelled."""
    from ui.main import home, open_shop

    if chosen.undo is None and (chosen.kind is None or chosen.file is None):
        raise NoFileError()
    if chosen.refused is not None and chosen.file is not None and _is_one(chosen.refused, chosen.file):
        raise SameFileError()
    place = home()
    books = books_in(place.database)
    shop = open_shop(place)
    try:
        speak_like(shop.current.value)
        who = signing_in.signed_in(shop, chosen)
        with (
            no_other_import(place.folder),
            _stoppable(chosen.progress) as cancelled,
            TemporaryFile() as refused,
        ):
            if books != books_in(place.database):
                # A restore came in between: what is open here is the file that was put aside.
                raise BooksReplacedError()
            watch = _Watch(chosen.progress, cancelled, refused)
            if chosen.undo is not None:
                return _undo(shop, who, chosen.undo or None, watch)
            return _import(shop, who, chosen, watch)
    finally:
        shop.store.close()


def _is_one(first: Path, second: Path) -> bool:
    """Say whether two paths lead to one file, through links too."""
    return first.exists() and second.exists() and first.samefile(second)


@contextmanager
def _stoppable(by_line: bool) -> Iterator[Callable[[], bool]]:
    """Give a question whether somebody said to stop: by Ctrl+C, SIGTERM, or the line "cancel"."""
    told = threading.Event()
    signals = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(each, lambda _number, _frame: told.set()) for each in signals]
    if by_line:
        threading.Thread(target=_listen, args=(sys.stdin, told), daemon=True).start()
    try:
        yield told.is_set
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)


def _listen(lines: IO[str], told: threading.Event) -> None:
    for line in lines:
        if line.strip() == "cancel":
            told.set()


@dataclass(slots=True)
class _Watch:
    """Tells how far an import is, to a person or a program, and keeps the refused rows aside."""

    for_program: bool
    cancelled: Callable[[], bool]
    refused: IO[bytes]

    @property
    def watcher(self) -> Watcher:
        """What the service is given."""
        return Watcher(progress=self._tell, cancelled=self.cancelled, refused=self._keep)

    def _keep(self, refused: Refused) -> None:
        self.refused.write(msgspec.json.encode(refused) + b"\n")

    def refusals(self) -> Iterator[Refused]:
        """Yield the refused rows that were kept."""
        self.refused.seek(0)
        for line in self.refused:
            yield _refused.decode(line)

    def _tell(self, told: Progress) -> None:
        if self.for_program:
            show_now({"progress": msgspec.to_builtins(told)})
            return
        from pos_app.words import format_count, translate

        words = {
            "stage": translate(f"importing.stage.{told.stage}"),
            "done": format_count(told.done),
            "rate": format_count(round(told.rate)),
        }
        if told.total is None:
            progress("importing.progress" if told.done else "importing.progress.stage", **words)
        else:
            left = "–" if told.left_s is None else format_count(round(told.left_s))
            progress("importing.progress.left", total=format_count(told.total), left=left, **words)

    def say(self, code: str, **params: object) -> None:
        """Tell a person something; a program is told by values instead."""
        if not self.for_program:
            say(code, **params)

    def show(self, lines: Iterator[str]) -> None:
        """Show a person some lines."""
        if not self.for_program:
            for line in lines:
                show(line)


def show_now(value: dict[str, object]) -> None:
    """Write one JSON line, at once."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _undo(shop: Shop, who: Actor, number: int | None, watch: _Watch) -> int:
    """Take the last import back."""
    from pos_app.words import format_count

    gone = shop.imports.withdraw(who, number, watch.watcher)
    end_progress()
    if watch.for_program:
        show_now({"ended": {"undone": gone.number, "kept": gone.counts.kept}})
        return 0
    say("importing.notice.undone", batch=gone.number, file=gone.file_name)
    if gone.counts.kept:
        say("importing.notice.kept", count=format_count(gone.counts.kept))
    return 0


def _opened(shop: Shop, chosen: argparse.Namespace) -> Opened:
    """Open the file with the columns that were asked for; raise what is wrong with either."""
    kind = Kind(chosen.kind)
    opened = shop.imports.open(chosen.file, kind)
    if chosen.sheet is not None and chosen.sheet not in opened.sheets:
        raise SheetUnknownError(text=chosen.sheet, sheets="、".join(opened.sheets))
    if chosen.sheet is not None:
        opened = shop.imports.open(chosen.file, kind, opened.sheets.index(chosen.sheet))
    asked = dict(each.partition("=")[::2] for each in chosen.map)
    for name in asked:
        if name not in FIELDS[kind]:
            raise FieldUnknownError(text=name, fields="、".join(FIELDS[kind]))
    return opened.with_headings(asked) if asked else opened


def _import(shop: Shop, who: Actor, chosen: argparse.Namespace, watch: _Watch) -> int:
    opened = _opened(shop, chosen)
    watch.show(_file_lines(opened))
    _check(opened)
    if chosen.dry_run:
        ended = shop.imports.rehearse(who, opened, watch.watcher)
    else:
        ended = shop.imports.run(who, opened, watch.watcher)
    end_progress()
    _tell_end(shop, opened, ended, watch)
    if chosen.refused is not None:
        _write_refused(shop, who, opened, chosen.refused, _all_refused(shop, ended, watch))
        watch.say("importing.report.refused_written", path=chosen.refused)
    return 1 if ended.cancelled else 0


def _check(opened: Opened) -> None:
    from pos_app.domain.imports.kinds import title_key
    from pos_app.words import translate

    try:
        opened.check()
    except MappingNeededError as error:
        missing = opened.mapping.missing
        named = "、".join(f"{translate(title_key(opened.kind, f))} ({f})" for f in missing)
        raise MappingNeededError(fields=named) from error


def _file_lines(opened: Opened) -> Iterator[str]:
    """Yield how the file is read: sheet, program, columns."""
    from pos_app.documents.import_report import mapping_lines
    from pos_app.words import translate

    if len(opened.sheets) > 1:
        yield translate("importing.mapping.sheet", sheet=opened.sheets[opened.sheet])
    program = opened.mapping.program
    if program is not None:
        yield translate("importing.mapping.program", program=translate(f"imports.program.{program}"))
    if opened.remembered:
        yield translate("importing.mapping.remembered")
    yield from mapping_lines(opened.mapping)


def _all_refused(shop: Shop, ended: Ended, watch: _Watch) -> Iterator[Refused]:
    """Yield every refused row, those before a cut among them."""
    if ended.batch is not None and (ended.resumed or ended.nothing_new):
        return shop.imports.refusals(ended.batch.number)
    return watch.refusals()


def _tell_end(shop: Shop, opened: Opened, ended: Ended, watch: _Watch) -> None:
    from pos_app.documents.import_report import refused_lines, report_lines
    from pos_app.words import format_count

    report, counts = ended.told, ended.batch.counts if ended.batch else None
    if watch.for_program:
        show_now({"ended": _ended_values(ended)})
        return
    if report.rows:
        watch.show(report_lines(report, shop.current.value.money))
    watch.show(refused_lines(opened.kind, report.refused[:SHOWN_REFUSALS]))
    if report.refused_count > SHOWN_REFUSALS:
        say("importing.report.more_refused", count=format_count(report.refused_count - SHOWN_REFUSALS))
    if counts is not None and counts.left_out:
        say("importing.report.left_out_clash", count=format_count(counts.left_out))
    if ended.resumed:
        note("importing.notice.resumed")
    if ended.batch is None:
        say("importing.notice.dry_run")
    elif ended.cancelled:
        say("importing.notice.cancelled")
    elif ended.nothing_new and ended.batch.counts.refused:
        left = ended.batch.counts.refused
        say("importing.notice.nothing_else", count=left, number=format_count(left))
    elif ended.nothing_new:
        say("importing.notice.nothing_new")
    else:
        say("importing.notice.done", batch=ended.batch.number)


def _ended_values(ended: Ended) -> dict[str, object]:
    """Return how an import ended, for a program."""
    report = ended.told
    return {
        "batch": ended.batch.number if ended.batch else None,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "refused": report.refused_count,
        "left_out": ended.batch.counts.left_out if ended.batch else 0,
        "cancelled": ended.cancelled,
        "nothing_new": ended.nothing_new,
        "resumed": ended.resumed,
    }


def _write_refused(shop: Shop, who: Actor, opened: Opened, path: Path, refused: Iterator[Refused]) -> None:
    from pos_app.documents.import_report import write_refused_rows
    from pos_app.documents.tables.opening import open_table
    from ui.cli.export import watermark

    with open_table(opened.path) as workbook:
        source: tuple[object, int, Sequence[str]] = (workbook, opened.sheet, opened.headings)
        write_refused_rows(path, opened.kind, source, refused, watermark(shop, who))  # type: ignore[arg-type]
