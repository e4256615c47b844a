"""Finding, signing up and showing members."""

from typing import TYPE_CHECKING

from ui.shell.screens import Screen, ScreenContext, ScreenId

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def _build(context: ScreenContext) -> "QWidget":
    # The page is loaded when it is first opened: nothing but Sell may cost time at the start.
    from ui.members.page import MembersPage

    return MembersPage(context)


SCREEN = Screen(id=ScreenId("members"), title="members.title", icon="users", build=_build, key="Ctrl+2")
