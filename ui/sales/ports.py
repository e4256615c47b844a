"""What the sell page's presenters ask of the frame around them, without knowing Qt.

Decides the shape only; `page` implements it on the shell, tests with a plain object.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from ui.shell.counter import Counter
from ui.shell.tones import Tone

Soon = Callable[[Callable[[], None]], None]
NoticeKind = Literal["info", "success", "warning", "error"]


class Front(Protocol):
    """The frame as presenters see it."""

    def sound(self, tone: Tone) -> None:
        """Sound a tone."""

    def say(
        self, kind: NoticeKind, text: str, about: str = "", again: Callable[[], str] | None = None
    ) -> None:
        """Show a notice; the same `about` replaces it, `again` says it in another language."""

    def unsay(self, about: str) -> None:
        """Take away what was said about a cause that is gone."""

    def has_screen(self, screen: str) -> bool:
        """Say whether the till has a screen that this person may open."""

    def open_screen(self, screen: str, args: object = None) -> None:
        """Show another screen."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The counter, the frame, a clock in milliseconds that never runs back, and what may wait for a paint."""

    counter: Counter
    front: Front
    now_ms: Callable[[], float]
    soon: Soon = lambda act: act()
    """Do something once what was changed has been painted: the save of a cart must not delay its line."""
