"""What services ask of the rows of payment attempts, and what the counter asks of whoever drives them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.payments.attempts import Standing
from pos_app.domain.values.ids import AttemptId, CartId


class Payments(Protocol):
    """Payment attempts: how each stands."""

    def save(self, standing: Standing) -> None:
        """Write how an attempt stands, also a new one."""
        ...

    def get(self, attempt: AttemptId) -> Standing | None:
        """Return an attempt."""
        ...

    def of_cart(self, cart: CartId) -> tuple[Standing, ...]:
        """Return the attempts of a cart, oldest first."""
        ...

    def in_care(self) -> tuple[Standing, ...]:
        """Return what still has to be asked, reversed or sent, oldest first."""
        ...

    def between(self, first: datetime, last: datetime) -> tuple[Standing, ...]:
        """Return the attempts begun from `first` up to `last` (not included), newest first."""
        ...

    def all(self) -> Iterable[Standing]:
        """Return every attempt, read as they are walked."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """An attempt as far as is known: how it stands, when its wallet answered last, and why it does not if it does not.

    `trouble` is empty, or the code of a reason (`payments.trouble.…` has words for some).
    """

    standing: Standing
    asked_at: datetime | None = None
    trouble: str = ""


class Charging(Protocol):
    """Who takes attempts to their wallets; GUI thread only. Each call returns at once, what comes of it is told."""

    def charge(self, standing: Standing, code: str) -> None:
        """Send a charge that is in the books, with the customer's code; the code is kept nowhere."""
        ...

    def cancel(self, attempt: AttemptId) -> None:
        """Give a charge up: it is reversed, and asked about until it certainly is."""
        ...

    def drive(self, standing: Standing) -> None:
        """Do what has to be done for an attempt, now and until it needs no care."""
        ...

    def wake(self) -> None:
        """Take up what the books say is undecided or owed: at the start, after a return."""
        ...

    def attend(self, tell: Callable[[Seen], None]) -> None:
        """Tell the counter of each attempt whenever something is known of it; whoever attended before hears no more."""
        ...
