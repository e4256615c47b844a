"""The customer's screen as the counter holds it: made when it is first wanted, so that a till without one loads none.

Decides when it is made. Qt-free.
"""

from collections.abc import Callable
from typing import Protocol

from pos_app.services.ports.display import CustomerAnswers, CustomerView, Display


class Stoppable(Display, Protocol):
    """A screen that can be closed."""

    def stop(self) -> None:
        """Close it for good."""
        ...


class LateDisplay:
    """A `Display` that stands from the beginning; `make` puts the real one together once the till's window stands."""

    def __init__(self, make: Callable[[], Stoppable], is_on: Callable[[], bool]) -> None:
        self._make, self._is_on = make, is_on
        self._made: Stoppable | None = None
        self._answers: CustomerAnswers | None = None
        self._view = CustomerView()
        self._begun = False

    def begin(self) -> None:
        """The till's window stands: show the screen if there is to be one."""
        self._begun = True
        self.settle()

    def listen(self, answers: CustomerAnswers) -> None:
        """Hand what the customer does to somebody."""
        self._answers = answers
        if self._made is not None:
            self._made.listen(answers)

    def show(self, view: CustomerView) -> None:
        """Show what goes on."""
        self._view = view
        if self._made is not None:
            self._made.show(view)

    def settle(self) -> None:
        """Follow the settings."""
        if self._begun and (self._made is not None or self._is_on()):
            self._whole().settle()

    def screens(self) -> tuple[tuple[str, str], ...]:
        """Return the screens beside the till's own."""
        return self._whole().screens() if self._begun else ()

    def stop(self) -> None:
        """Close it for good."""
        self._begun = False
        if self._made is not None:
            self._made.stop()

    def _whole(self) -> Stoppable:
        if self._made is None:
            self._made = self._make()
            if self._answers is not None:
                self._made.listen(self._answers)
            self._made.show(self._view)
        return self._made
