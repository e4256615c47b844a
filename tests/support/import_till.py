"""The page of imports in the real window over the real store, with the real process beside it; and files to import.

Decides what a file of members or goods looks like in tests; all people are invented.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pytestqt.qtbot import QtBot

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.members import KeyKind
from tests.support.lanes import InlineLane
from tests.support.screen_till import CounterTill, ScreenTill, screen_till
from ui.imports import IMPORTS, imports_screen
from ui.imports.child import start_child
from ui.imports.desk import DeskDoors, ImportDesk
from ui.imports.light import show_imports
from ui.imports.page import ImportsPage
from ui.imports.state import State, Step
from ui.shell.screens import Screen

PATIENCE_MS = 60_000
"""A process on a busy machine may take its time to start."""
FIRST = 17740000000
"""The demo's people have other numbers."""
HEADINGS = "会员姓名,手机号,生日,推荐人"


def members_file(path: Path, count: int, *, bad: Sequence[int] = ()) -> Path:
    """Write a table of members; those at the places in `bad` have a phone that is too short."""
    lines = [HEADINGS]
    for place in range(count):
        phone = "1390000" if place in bad else f"{FIRST + place}"
        lines.append(f"李试{place},{phone},1990-05-{place % 28 + 1:02d},王五")
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return path


def phone_of(place: int) -> str:
    """Return the phone of the member at a place of `members_file`, in E.164."""
    return f"+86{FIRST + place}"


@dataclass
class ImportTill:
    """The window at the page of imports."""

    at: CounterTill
    screen: ScreenTill
    desk: ImportDesk
    qtbot: QtBot

    @property
    def page(self) -> ImportsPage:
        """The page as it stands now."""
        found = self.screen.shell.page(IMPORTS)
        assert isinstance(found, ImportsPage)
        return found

    @property
    def state(self) -> State:
        """What the page shows."""
        return self.page._presenter.state

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        self.qtbot.waitUntil(until, timeout=PATIENCE_MS)

    def wait_for(self, step: Step) -> State:
        """Let the window live until the page is at a step."""
        self.wait(lambda: self.state.step is step)
        return self.state

    def open_file(self, kind: Kind, path: Path) -> State:
        """Choose a kind and a file, as a drop does."""
        self.page._presenter.choose_kind(kind)
        self.page._presenter.take_file(path)
        return self.state

    def rehearse(self, kind: Kind, path: Path) -> State:
        """Go as far as the report."""
        self.open_file(kind, path)
        self.page._presenter.go_on()
        return self.wait_for(Step.REPORT)

    def run(self, kind: Kind, path: Path) -> State:
        """Import a file."""
        self.rehearse(kind, path)
        self.page._presenter.go_on()
        return self.wait_for(Step.DONE)

    def knows(self, place: int) -> bool:
        """Whether the shop knows the member at a place of `members_file`."""
        with self.at.counter.shop.store.read() as tx:
            return tx.members.by_key(KeyKind.PHONE, phone_of(place)) is not None

    def notices(self) -> list[str]:
        """What the window tells at the top."""
        return [str(text) for text in self.screen.shell.notices.texts()]


@contextmanager
def import_till(
    at: CounterTill, folder: Path, qtbot: QtBot, *, lang: str = "zh_CN", more: Sequence[Screen] = ()
) -> Iterator[ImportTill]:
    """Open the page of imports of a demo till in a folder; the process beside it is ended at the end."""
    doors = DeskDoors(files=InlineLane(), start=start_child, folder=folder, notes=folder / "imports")
    desk = ImportDesk(doors)
    with screen_till(at, [imports_screen(desk), *more], lang=lang) as screen:
        show_imports(screen.shell, desk, at.counter.shop)
        try:
            yield ImportTill(at, screen, desk, qtbot)
        finally:
            desk.stop()
