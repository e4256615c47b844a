"""Bringing files of goods, pieces, members and balances in, taking them back, and writing them out."""

from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.imports.desk import ImportDesk

IMPORTS = ScreenId("imports")


def imports_screen(desk: "ImportDesk") -> Screen:
    """Return the page of imports on the till's one desk, for the composition root to hand to the window.

    Opened with ``{"kind": "members"}`` it begins with that kind, with ``{"export": "members"}`` it writes one out.
    """

    def build(context: ScreenContext) -> "QWidget":
        from ui.imports.page import ImportsPage

        return ImportsPage(context, desk)

    return Screen(
        id=IMPORTS,
        title="imports_page.title",
        icon="upload",
        build=build,
        key="Ctrl+Shift+I",
        placement="hidden",
    )
