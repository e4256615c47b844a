"""What a noun gives the shell: a screen by name, and what the shell gives the noun to build it.

Decides the shape of that exchange only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NewType, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from ui.shell.scan_recogniser import Scan

if TYPE_CHECKING:
    from ui.shell.window import Shell

ScreenId = NewType("ScreenId", str)

Placement = Literal["rail", "hidden", "full"]
"""On the rail; reached by ``navigation.open`` only; without rail and status bar (signing in, first run)."""


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """Handed to ``Screen.build``: the frame, and the use cases that ``ui.main`` has wired."""

    shell: "Shell"
    services: Any


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the till. ``title`` is a code of ``words``; ``icon`` a file of ``resources/icons``.

    The page is built when first opened and keeps its state when left. It may have any of these methods:
    ``opened(args)`` at each opening, ``on_scan(scan)``, ``retranslate()`` (without it the page is built anew
    when the language changes), ``carry()`` and ``take_over(carried)``. Its ``focusProxy`` gets
    the focus the first time.
    """

    id: ScreenId
    title: str
    icon: str
    build: Callable[[ScreenContext], QWidget]
    permission: str | None = None
    key: str | None = None
    placement: Placement = "rail"


@runtime_checkable
class TakesScans(Protocol):
    """A page or overlay that understands scans; others refuse them with the tone."""

    def on_scan(self, scan: Scan) -> None:
        """Act on a whole code."""


@runtime_checkable
class Opens(Protocol):
    """A page that wants to know that it was opened and with what."""

    def opened(self, args: object) -> None:
        """Prepare for being shown."""


@runtime_checkable
class Retranslates(Protocol):
    """A page or part that says its texts anew after the language changed."""

    def retranslate(self) -> None:
        """Set every text again."""


@runtime_checkable
class CarriesOver(Protocol):
    """A page that is built anew when the language changes and hands what is being written to its successor."""

    def carry(self) -> object | None:
        """Return what would be lost, None for nothing."""

    def take_over(self, carried: object) -> None:
        """Go on with what the page before carried; it was opened just now."""
