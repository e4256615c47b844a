"""The leak report: who did how much of what may cost the shop, when, and the journal's own entries behind it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from pos_app.services.ports.lane import Lane


def leaks_screen(lane: "Lane") -> Screen:
    """Return the page for managers and owners; its reading runs on `lane`, a thread of its own."""

    def build(context: ScreenContext) -> QWidget:
        from ui.leaks.page import LeaksPage

        return LeaksPage(context, lane)

    return Screen(
        id=ScreenId("leaks"),
        title="leaks.screen.short",
        icon="chart-column",
        build=build,
        permission="see_leaks",
        key="Ctrl+7",
    )
