"""The tie to a platform on the screen: the status light, the sync page with enrolment, and the sync desk."""

from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.sync.ports import SyncParts

SYNC = ScreenId("sync")


def sync_screen(parts: "SyncParts") -> Screen:
    """Return the page of sync on the till's one runner, for the composition root to hand to the window."""

    def build(context: ScreenContext) -> "QWidget":
        from ui.sync.page import SyncPage

        return SyncPage(context, parts)

    return Screen(
        id=SYNC, title="sync.page.title", icon="cloud", build=build, key="Ctrl+0", placement="hidden"
    )
