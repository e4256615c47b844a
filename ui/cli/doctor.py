"""`shuke doctor`: what this computer has, and what is wrong with it.

Shows versions, the data folder, space, the database, the printer, the key store, the clock and the fonts; never a
person's name, phone or PIN. Each line says by its mark whether it is well.
"""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pos_app.domain.errors import NotFoundError, ShukeError
from pos_app.domain.values.money import currency
from pos_app.persistence.secrets import TillSigner
from pos_app.services.ports.imports import State
from pos_app.services.shop import Shop
from pos_app.words import format_count, translate
from ui.cli.import_alone import ImportRunningError, no_other_import
from ui.cli.speech import say, show, speak_like, time_text
from ui.main import Home, home, open_shop, tools_of
from ui.shell.wording import words_of
from ui.version import version

LEAST_FREE_MB = 500
NEVER_PRINTS = "none"
LONGEST_DUE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing looked at: its name (`cli.doctor.<name>`), what was seen, and whether it is well.

    `due`: nothing is wrong with it, but it waits for somebody.
    """

    name: str
    text: str
    well: bool = True
    due: bool = False

    @property
    def mark(self) -> str:
        """What stands before it."""
        return "✗" if not self.well else "!" if self.due else "✓"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(chosen: argparse.Namespace) -> int:
    """Look at everything; 1 when something is not well."""
    place = home()
    shop: Shop | None = None
    refused: ShukeError | None = None
    try:
        shop = open_shop(place)
        speak_like(shop.current.value)
    except ShukeError as error:
        refused = error
    seen: list[Seen] = []
    try:
        for thing in look(place, shop, refused):
            seen.append(thing)
            show(f"{thing.mark} {translate(f'cli.doctor.{thing.name}')}: {thing.text}")
    finally:
        if shop is not None:
            shop.store.close()
    return _verdict(seen)


def _verdict(seen: Sequence[Seen]) -> int:
    """Say how many things are wrong and how many wait for somebody; 1 when something is wrong."""
    wrong = sum(thing.mark == "✗" for thing in seen)
    due = sum(thing.mark == "!" for thing in seen)
    if wrong:
        say("cli.doctor.found", count=wrong)
    if due:
        say("cli.doctor.noted_too" if wrong else "cli.doctor.noted", count=due)
    if not wrong and not due:
        say("cli.doctor.well")
    return 1 if wrong else 0


def look(place: Home, shop: Shop | None, refused: ShukeError | None) -> Iterator[Seen]:
    """Yield what is seen, one thing after another; a look that fails is a thing that is not well."""
    looks: list[tuple[str, Callable[[], Seen]]] = [
        ("program", _program),
        ("libraries", _libraries),
        ("folder", lambda: _folder(place)),
        ("space", lambda: _space(place)),
        ("shop", lambda: _shop(shop, refused)),
        ("key_store", lambda: _key_store(place)),
        ("fonts", _fonts),
        ("display", _display),
    ]
    if shop is not None:
        looks += [
            ("database", lambda: _database(shop, place)),
            ("clock", lambda: _clock(shop)),
            ("import", lambda: _import(shop, place)),
            ("traces", lambda: _traces(shop)),
            ("printer", lambda: _printer(shop)),
        ]
    for name, one in looks:
        try:
            yield one()
        except Exception as problem:
            yield Seen(name, type(problem).__name__, well=False)


def _program() -> Seen:
    return Seen("program", f"Shuke {version()} · Python {platform.python_version()} · {platform.platform()}")


def _libraries() -> Seen:
    qt = version("PySide6-Essentials")
    text = f"Qt {qt} · SQLite {sqlite3.sqlite_version} · SQLAlchemy {version('SQLAlchemy')}"
    return Seen("libraries", text, well=qt != "?")


def _folder(place: Home) -> Seen:
    """Show the folder without the name of the person whose home it lies in."""
    text = str(place.folder)
    at_home = str(Path.home())
    if len(at_home) > 1 and text.startswith(at_home):
        text = "~" + text[len(at_home) :]
    standing = place.folder if place.folder.exists() else _above(place.folder)
    return Seen("folder", text, well=os.access(standing, os.W_OK))


def _above(folder: Path) -> Path:
    return next((above for above in folder.parents if above.exists()), folder)


def _space(place: Home) -> Seen:
    standing = place.folder if place.folder.exists() else _above(place.folder)
    free_mb = shutil.disk_usage(standing).free // 1_000_000
    return Seen("space", f"{format_count(free_mb)} MB", well=free_mb >= LEAST_FREE_MB)


def _shop(shop: Shop | None, refused: ShukeError | None) -> Seen:
    if shop is not None:
        settings = shop.current.value
        text = f"{settings.shop_code}-{settings.till_code} · {settings.currency} · {settings.time_zone}"
        return Seen("shop", text)
    told = refused if refused is not None else NotFoundError()
    return Seen("shop", words_of(told, currency("CNY")), well=False)


def _database(shop: Shop, place: Home) -> Seen:
    found = shop.store.check()
    megabytes = place.database.stat().st_size // 1_000_000
    text = f"{format_count(megabytes)} MB · " + ("; ".join(found[:3]) if found else "ok")
    return Seen("database", text, well=not found)


def _clock(shop: Shop) -> Seen:
    now = tools_of(home()).clock.now()
    behind = shop.shifts.clock_behind()
    if behind is None:
        return Seen("clock", time_text(now))
    text = translate("cli.doctor.clock_behind", now=time_text(now), fact=time_text(behind))
    return Seen("clock", text, well=False)


def _traces(shop: Shop) -> Seen:
    """Say whether the files may still hold somebody who was erased; after a week a till has had its rest."""
    since = shop.member_traces.due_since()
    if since is None:
        return Seen("traces", translate("cli.doctor.no_traces"))
    late = tools_of(home()).clock.now() - since > LONGEST_DUE
    text = translate("cli.doctor.traces_due", since=time_text(since))
    return Seen("traces", text, well=not late, due=True)


def _import(shop: Shop, place: Home) -> Seen:
    """Say whether an import stands half finished, and what finishes it."""
    batch = shop.imports.under_way()
    if batch is None:
        return Seen("import", translate("cli.doctor.no_import"))
    try:
        with no_other_import(place.folder):
            pass
    except ImportRunningError:
        return Seen("import", translate("cli.doctor.import_running", file=batch.file_name))
    except ShukeError:
        pass  # A folder that cannot be written is told on a line of its own.
    code = "import_cut_off" if batch.state is State.STAGING else "import_unfinished"
    text = translate(f"cli.doctor.{code}", file=batch.file_name, since=time_text(batch.started_at))
    return Seen("import", text, due=True)


def _printer(shop: Shop) -> Seen:
    from pos_app.hardware.opening import open_printer

    setting = shop.current.value.printer
    if setting.partition("?")[0] == NEVER_PRINTS:
        return Seen("printer", translate("cli.doctor.no_printer"))
    status = open_printer(setting).status()
    text = f"{setting} · {translate(f'devices.status.{status.value}')}"
    return Seen("printer", text, well=status.prints)


def _key_store(place: Home) -> Seen:
    signer = tools_of(place).signer
    assert isinstance(signer, TillSigner)
    return Seen("key_store", signer.kept_in())


def _fonts() -> Seen:
    from pos_app.documents.fonts import coverage

    counts = [len(coverage(bold)) for bold in (False, True)]
    return Seen("fonts", f"Noto Sans SC · {' / '.join(format_count(n) for n in counts)}", well=all(counts))


def _display() -> Seen:
    """Say what a window would be shown on; Qt itself is not loaded."""
    if sys.platform in ("win32", "darwin"):
        return Seen("display", sys.platform)
    named = [n for n in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(n)]
    text = " · ".join(f"{n}={os.environ[n]}" for n in named) or translate("cli.doctor.no_display")
    return Seen("display", text, well=bool(named))
