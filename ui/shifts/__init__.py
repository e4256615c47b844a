"""Shifts: opening, cash, the drawer, X, the blind count, Z."""

from PySide6.QtWidgets import QWidget

from ui.shell.screens import Screen, ScreenContext, ScreenId


def _build(context: ScreenContext) -> QWidget:
    from ui.shifts.page import ShiftsPage

    return ShiftsPage(context)


SCREEN = Screen(id=ScreenId("shifts"), title="shifts.screen.title", icon="clock", build=_build, key="Ctrl+6")
