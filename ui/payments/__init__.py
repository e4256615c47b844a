"""Payments by wallet: the runner that talks to wallets, the page of the attempts, and what the status bar says."""

from typing import TYPE_CHECKING

from ui.payments.runner import PaymentRunner
from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def payments_screen(runner: PaymentRunner) -> Screen:
    """Return the page of payments on the till's one runner, for the composition root to hand to the window."""

    def build(context: ScreenContext) -> "QWidget":
        from ui.payments.page import PaymentsPage

        return PaymentsPage(context, runner)

    return Screen(
        id=ScreenId("payments"),
        title="payments.page.title",
        icon="smartphone",
        build=build,
        key="Ctrl+Shift+P",
        placement="hidden",
    )
