"""The tour: the real till, offscreen, driven through a day by key events only.

    python -m tests.e2e.tour [FOLDER]

leaves receipts, reports and pictures of every page in FOLDER (./tour), Chinese and English, light and dark, with an
index.html that shows them. Needs only what the till needs. Exits with 1 when a step failed, the books do not prove, or
a page has something wrong; what, is said. Each language has a day and a process of its own, and a platform, to which
the demo's till and then a second one belong; its wallets are played beside it. The steps stand in `tour_steps`,
`tour_money`, `tour_office` and `tour_sync`, the tills in `tour_shop`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

# Before Qt is loaded: the tour takes no real screen and no real keyboard.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from pos_app.words import set_language
from tests.e2e.tour_album import THEMES, Album, bind, clear
from tests.e2e.tour_eyes import OwnWords
from tests.e2e.tour_guide import Guide
from tests.e2e.tour_hands import Hands, TourError
from tests.e2e.tour_shop import NotAtRestError, OpenTill, TourFirstRun, TourTill
from tests.e2e.tour_steps import Day, FirstRun
from tests.e2e.tour_sync import Synced, TourPlatform, found, join, send_once, settle
from tests.support.statements import Statements, watched
from ui.demo_platform import DemoPlatformError
from ui.kit.tokens import Theme
from ui.main import Home
from ui.shell.window import Shell

LANGUAGES = ("zh_CN", "en")
BRIEF: dict[str, tuple[Theme, ...]] = {"zh_CN": ("light",), "en": ("dark",)}
"""The themes of a brief tour. To dress a window anew takes a second, which is half of the whole tour."""
MOST_TOLD = 100
"""Faults that an exit status tells apart."""


class Teller:
    """Says each step with the time it took, and remembers what went wrong."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.faults: list[str] = []
        self._began = self._last = monotonic()

    def tell(self, words: str) -> None:
        """Say a step as a sentence."""
        now = monotonic()
        line = f"{now - self._began:6.2f} s  +{now - self._last:5.2f}  {words}."
        self._last = now
        self.told.append(line.strip())
        print(line, flush=True)

    def blame(self, words: str) -> None:
        """Say what is wrong, once."""
        if words not in self.faults:
            self.faults.append(words)
            print(f"WRONG: {words}", flush=True)


def set_up(folder: Path, language: str, album: Album, teller: Teller) -> None:
    """Drive the first run: an empty folder becomes a shop."""
    first = TourFirstRun(folder)
    try:
        first.start()
        shell, nobody = first.shell, OwnWords()
        FirstRun(
            Guide(
                hands=Hands(shell, first.clock, first.settle),
                look=lambda name, words: _look(album, teller, (shell, name, words, nobody)),
                themes=album.themes,
                look_in=lambda theme, name, words: _look(
                    album, teller, (shell, name, words, nobody), (theme,)
                ),
                tell=teller.tell,
                language=language,
                paper_out=lambda _out: None,
                folder=folder,
                save_as=lambda _name: None,
                rest=first.settle,
            )
        ).run()
        if not first.founded:
            teller.blame("the set-up page founded no shop")
    finally:
        first.close()


def _look(
    album: Album,
    teller: Teller,
    what: tuple[Shell, str, str, OwnWords],
    themes: Sequence[Theme] = (),
) -> None:
    for fault in album.look(*what, themes):
        teller.blame(fault)


def live_a_day(at: TourTill, platform: TourPlatform, album: Album, teller: Teller) -> None:
    """Drive a demo shop's till through a day."""
    with _opened(at, album, teller):
        teller.tell(f"The demo shop is open in a new folder; the window speaks {album.language}")
        guide = replace(
            _guide(at, album, teller),
            paper_out=at.take_paper_out,
            save_as=lambda name: at.save_to(album.place(name)),
            payment_code=at.payment_code,
        )
        Day(guide, lambda: found(Synced(guide, platform))).run()
        at.rest()
        album.keep(at.printer.sheets)
        teller.tell(f"{len(at.printer.sheets)} documents were printed")
        sums = at.sums()
        bills = ", ".join(f"{number} {total / 100:,.2f}" for number, total in sums)
        together = sum(total for _, total in sums) / 100
        teller.tell(f"The books hold {len(sums)} bills: {bills}; together {together:,.2f}")


def live_beside(at: OpenTill, first: Home, album: Album, teller: Teller, platform: TourPlatform) -> None:
    """Drive a second till; that of the `first` folder is closed and has something to send."""
    with _opened(at, album, teller):
        synced = Synced(_guide(at, album, teller), platform)
        join(synced)
        settle(synced, lambda: send_once(first.folder))


@contextmanager
def _opened(at: OpenTill, album: Album, teller: Teller) -> Iterator[None]:
    """Open a till, prove its books when the block ends, and close it."""
    try:
        with watched() as statements:
            at.start()
            try:
                yield
            except TourError:
                album.look(at.shell, "failed", "Where the tour failed", at.own_words)
                raise
        at.rest()
        _prove(at, teller)
        _walk(at.home, statements, teller)
    finally:
        for crash in at.crashes():
            teller.blame(f"a crash was reported:\n{crash}")
        for lane in at.close():
            teller.blame(f"lane {lane} did not end")


def _guide(at: OpenTill, album: Album, teller: Teller) -> Guide:
    def look(name: str, words: str, themes: Sequence[Theme] = ()) -> None:
        at.rest()
        _look(album, teller, (at.shell, name, words, at.own_words), themes)

    return Guide(
        hands=Hands(at.shell, at.clock, at.settle),
        look=look,
        themes=album.themes,
        look_in=lambda theme, name, words: look(name, words, (theme,)),
        tell=teller.tell,
        language=album.language,
        paper_out=lambda _out: None,
        folder=at.home.folder,
        save_as=lambda _name: None,
        rest=at.rest,
    )


def _prove(at: OpenTill, teller: Teller) -> None:
    """Verify the books."""
    proof = at.verify()
    for finding in proof.findings:
        teller.blame(f"verify: {finding.code} at {finding.place}")
    if proof.passed:
        teller.tell(f"verify walked {proof.facts} facts and {proof.sales} sales and found nothing wrong")


def _walk(home: Home, statements: Statements, teller: Teller) -> None:
    """Blame each statement of the day that walks a table which can grow."""
    walks = statements.walks(home.database)
    for table, statement, _ in walks:
        teller.blame(f"walks the whole of {table}: {statement}")
    if not walks:
        teller.tell(
            f"{len(statements.seen)} different statements were run, and none walks a table that grows"
        )


def take(folder: Path, language: str, themes: Sequence[Theme]) -> int:
    """Take the tour in one language, and leave what it told beside its pictures; return how many things are wrong."""
    app = QApplication.instance() or QApplication(["shuke"])
    teller, album = Teller(), Album(folder, language, themes)
    with tempfile.TemporaryDirectory(prefix="shuke-tour-", ignore_cleanup_errors=True) as place:
        first, demo = Home(Path(place) / "first"), Home(Path(place) / "demo")
        platform = TourPlatform(Path(place) / "platform")
        try:
            set_up(first.folder, language, album, teller)
            live_a_day(TourTill(demo.folder, language), platform, album, teller)
            live_beside(OpenTill(first), demo, album, teller, platform)
        except (TourError, NotAtRestError, DemoPlatformError) as failure:
            teller.blame(str(failure) or repr(failure))
        finally:
            platform.stop()
    set_language("zh_CN")
    app.processEvents()
    album.leave(teller.told)
    return len(teller.faults)


def take_all(folder: Path, languages: Sequence[str], brief: bool) -> int:
    """Take the tour in each language in a process of its own, side by side; return an exit status.

    A process each, because windows that were closed are dressed with the others as long as a process lives.
    """
    clear(folder)
    command = [sys.executable, "-m", "tests.e2e.tour", str(folder), "--part"]
    command += [*(["--brief"] if brief else []), "--language"]
    parts = [subprocess.Popen([*command, language]) for language in languages]
    ended = [part.wait() for part in parts]
    faults = sum(status for status in ended if status >= 0) + sum(status < 0 for status in ended)
    print(f"Pictures and paper stand in {bind(folder, languages)}", flush=True)
    print(f"{faults} things are wrong." if faults else "Nothing is wrong.", flush=True)
    return 1 if faults else 0


def main(arguments: list[str] | None = None) -> int:
    """Take the tour; return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.tour", description="Drive the till by keys.")
    parser.add_argument("folder", nargs="?", default="./tour", type=Path)
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="only this one")
    parser.add_argument(
        "--brief", action="store_true", help="Chinese in light, English in dark: half the time"
    )
    parser.add_argument("--part", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    folder, languages = chosen.folder.resolve(), chosen.language or LANGUAGES
    if not chosen.part:
        return take_all(folder, languages, chosen.brief)
    themes = BRIEF[languages[0]] if chosen.brief else THEMES
    return min(take(folder, languages[0], themes), MOST_TOLD)


if __name__ == "__main__":
    sys.exit(main())
