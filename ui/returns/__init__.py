"""Sales history, return by receipt, void, reprint."""

from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _build(context: ScreenContext) -> "QWidget":
    # The page is loaded when it is first opened: nothing but Sell may cost time at the start.
    from ui.returns.page import ReturnsPage

    return ReturnsPage(context)


SCREEN = Screen(
    id=ScreenId("returns"), title="returns.title", icon="receipt-text", build=_build, key="Ctrl+4"
)
