"""Requests for tax invoices: asked with the receipt at hand, handed over, and what came of each."""

from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _build(context: ScreenContext) -> "QWidget":
    from ui.invoices.page import InvoicesPage

    return InvoicesPage(context)


SCREEN = Screen(
    id=ScreenId("invoices"), title="invoices.page.title", icon="file-text", build=_build, key="Ctrl+I"
)
"""Opened with ``{"last": True}`` it asks for the latest sale, with ``{"sale": id}`` for that one; ``home`` names the
screen to go back to once it was asked."""
