"""Which page is in front, and how pages reach each other.

Decides whether a screen may be opened, who opened it and where its result goes. Does not build or show pages:
the window does, through ``show``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.shell.screens import Screen, ScreenId

OnResult = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class _Visit:
    opener: ScreenId | None
    on_result: OnResult | None


class Navigation:
    """The way between screens. GUI thread only."""

    def __init__(
        self,
        screens: Sequence[Screen],
        show: Callable[[Screen, object], None],
        allowed: Callable[[str], bool],
        refused: Callable[[Screen], None],
    ) -> None:
        self._screens = {screen.id: screen for screen in screens}
        self._show = show
        self._allowed = allowed
        self._refused = refused
        self._visits: list[_Visit] = []
        self.current: ScreenId | None = None

    def screens(self) -> list[Screen]:
        """Return the screens that the person signed in may open, in the order of the rail."""
        return [screen for screen in self._screens.values() if self.may_open(screen.id)]

    def has(self, screen: ScreenId) -> bool:
        """Say whether the till has such a screen at all; a key to one it lacks is not shown."""
        return screen in self._screens

    def may_open(self, screen: ScreenId) -> bool:
        """Say whether the screen exists and the person signed in may see it."""
        found = self._screens.get(screen)
        return found is not None and (found.permission is None or self._allowed(found.permission))

    def open(self, screen: ScreenId, args: object = None, on_result: OnResult | None = None) -> bool:
        """Show a screen; say whether it was allowed. KeyError for a screen that the till does not have.

        With ``on_result`` the opener waits: ``finish`` brings it back and hands it the result. Without it
        whoever waited is forgotten, as a person who chose another page has moved on.
        """
        found = self._screens[screen]
        if not self.may_open(screen):
            self._refused(found)
            return False
        if on_result is None:
            self._visits.clear()
        else:
            self._visits.append(_Visit(self.current, on_result))
        self.current = screen
        self._show(found, args)
        return True

    def finish(self, result: object = None) -> None:
        """Leave a screen that was opened for a result and go back; None means that nothing was chosen."""
        if not self._visits:
            return
        visit = self._visits.pop()
        if visit.opener is not None:
            self.current = visit.opener
            self._show(self._screens[visit.opener], None)
        if visit.on_result is not None:
            visit.on_result(result)
