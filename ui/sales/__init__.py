"""Selling and paying: the home page of the till."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _now_ms() -> float:
    return monotonic() * 1000


def sales_screen(
    now_ms: Callable[[], float] = _now_ms, soon: Callable[[Callable[[], None]], None] | None = None
) -> Screen:
    """Return the screen on a clock in milliseconds that never runs back; tests and the tour hand in their own.

    `soon` runs what may wait until the paint has ended; by default a timer does.
    """

    def build(context: ScreenContext) -> "QWidget":
        from ui.sales.page import SalesPage

        return SalesPage(context, now_ms, soon)

    return Screen(ScreenId("sales"), "sales.title", "shopping-cart", build, key="Ctrl+1")


SCREEN = sales_screen()

__all__ = ["SCREEN", "sales_screen"]
