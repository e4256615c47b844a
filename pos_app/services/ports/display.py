"""The screen that faces the customer, as the sell page sees it: what it is to show, and what she may answer.

Values only, no words: the screen may speak another language than the till.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import ZERO, Amount
from pos_app.domain.values.quantity import Quantity


class CustomerStage(StrEnum):
    """What goes on at the counter."""

    IDLE = "idle"
    CART = "cart"
    PAY = "pay"
    SCAN = "scan"
    """The customer's payment code is awaited."""
    WAIT = "wait"
    """A wallet decides."""
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLine:
    """A line of the bill: `amount` after what was taken off it, `off` what that was (negative or zero)."""

    name: str
    quantity: Quantity
    unit: str = ""
    amount: Amount
    off: Amount = ZERO


@dataclass(frozen=True, slots=True)
class CustomerMember:
    """Who the till takes her for; the screen masks both."""

    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """What the customer may know now.

    `off` is all that was taken off the bill (negative or zero), `open` what is left to pay. `asked` is the phone for
    which she is asked to agree to be a member. `may_type` is whether a phone that she types is heard.
    """

    stage: CustomerStage = CustomerStage.IDLE
    lines: tuple[CustomerLine, ...] = ()
    current: int = -1
    total: Amount = ZERO
    off: Amount = ZERO
    open: Amount = ZERO
    given: tuple[tuple[TenderKind, Amount], ...] = ()
    change: Amount = ZERO
    takes_codes: bool = False
    member: CustomerMember | None = None
    asked: str = ""
    may_type: bool = False


class CustomerAnswers(Protocol):
    """What the customer does on her screen; on the GUI thread."""

    def phone(self, number: str) -> bool:
        """Take a phone as if the cashier had typed it; say whether it was heard."""
        ...

    def agree(self) -> None:
        """Take her yes to what she is asked."""
        ...

    def decline(self) -> None:
        """Take her no."""
        ...


class Display(Protocol):
    """The screen; on the GUI thread. Its trouble is its own: nothing here raises."""

    def listen(self, answers: CustomerAnswers) -> None:
        """Hand what the customer does to somebody."""
        ...

    def show(self, view: CustomerView) -> None:
        """Show what goes on."""
        ...

    def settle(self) -> None:
        """Follow the settings, which were changed."""
        ...

    def screens(self) -> tuple[tuple[str, str], ...]:
        """Return the screens that are plugged in beside the till's own, each with what a person knows it by."""
        ...


class NoDisplay:
    """A till without one."""

    def listen(self, answers: CustomerAnswers) -> None:
        """Nobody answers."""

    def show(self, view: CustomerView) -> None:
        """Show nothing."""

    def settle(self) -> None:
        """There is nothing to follow."""

    def screens(self) -> tuple[tuple[str, str], ...]:
        """Return none."""
        return ()
