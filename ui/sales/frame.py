"""The shell as the sell page's presenters see it.

Decides nothing: each call goes to the part of the shell that does it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.sales.ports import NoticeKind
from ui.shell.notices import Notice
from ui.shell.screens import ScreenId
from ui.shell.tones import Tone

if TYPE_CHECKING:
    from ui.shell.window import Shell


class ShellFront:
    """Implements `ports.Front`."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell

    def sound(self, tone: Tone) -> None:
        """Sound a tone."""
        self._shell.tones.sound(tone)

    def say(
        self, kind: NoticeKind, text: str, about: str = "", again: Callable[[], str] | None = None
    ) -> None:
        """Show a notice."""
        self._shell.notices.show_notice(Notice(kind, text, about, again=again))

    def unsay(self, about: str) -> None:
        """Take away what was said about a cause."""
        self._shell.notices.clear(about)

    def has_screen(self, screen: str) -> bool:
        """Say whether this person may open a screen."""
        return self._shell.navigation.may_open(ScreenId(screen))

    def open_screen(self, screen: str, args: object = None) -> None:
        """Show another screen."""
        self._shell.navigation.open(ScreenId(screen), args)
