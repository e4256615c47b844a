"""Signing in and approvals. Opening the screen signs out whoever is in: Ctrl+L anywhere."""

from PySide6.QtWidgets import QWidget

from ui.shell.screens import Screen, ScreenContext, ScreenId


def _build(context: ScreenContext) -> QWidget:
    from ui.staff.page import SignInPage

    return SignInPage(context)


SCREEN = Screen(
    id=ScreenId("staff"),
    title="staff.action.switch",
    icon="log-out",
    build=_build,
    key="Ctrl+L",
    placement="full",
)
