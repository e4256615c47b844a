"""Printer and drawer: the page, the status light, and the runner that takes the print queue to the paper."""

from PySide6.QtWidgets import QWidget

from ui.devices.mail_runner import MailRunner
from ui.devices.runner import PrintRunner
from ui.shell.screens import Screen, ScreenContext, ScreenId


def devices_screen(runner: PrintRunner, mail: MailRunner | None = None) -> Screen:
    """Return the page of devices on the till's one runner, for the composition root to hand to the window.

    `mail` is the one that sends letters; without it the page says nothing of them.
    """

    def build(context: ScreenContext) -> QWidget:
        from ui.devices.page import DevicesPage

        return DevicesPage(context, runner, mail)

    return Screen(
        id=ScreenId("devices"), title="devices.page.short", icon="printer", build=build, key="Ctrl+8"
    )
