"""The page of imports is reached by one key from everywhere, and the rail shows where the way back is."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.support.import_till import ImportTill, import_till
from tests.support.screen_till import CounterTill
from ui.imports import IMPORTS
from ui.members import SCREEN as MEMBERS
from ui.shifts import SCREEN as SHIFTS

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def lit(till: ImportTill) -> list[str]:
    """Return the names of the pages that the rail shows as in front."""
    return [
        button.objectName()
        for button in till.screen.shell.findChildren(QToolButton)
        if button.isCheckable() and button.isChecked()
    ]


def test_one_key_opens_the_imports_from_any_page_and_that_page_stays_lit(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    with import_till(counter, tmp_path, qtbot, more=[SHIFTS, MEMBERS]) as till:
        shell = till.screen.shell
        for page in (SHIFTS, MEMBERS):
            shell.navigation.open(page.id)
            till.screen.keys.press(Qt.Key.Key_I, CTRL | SHIFT)
            assert shell.navigation.current == IMPORTS
            assert lit(till) == [f"rail_{page.id}"]
        shell.refresh()
        assert lit(till) == [f"rail_{MEMBERS.id}"], "also after somebody else signed in"
