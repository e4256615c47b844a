"""Browsing and searching goods, their detail, the gold price of the day."""

from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _build(context: ScreenContext) -> "QWidget":
    # The page is loaded when it is first opened: nothing but Sell may cost time at the start.
    from ui.catalogue.page import CataloguePage

    return CataloguePage(context)


SCREEN = Screen(
    id=ScreenId("catalogue"), title="catalogue.page.title", icon="package", build=_build, key="Ctrl+3"
)
