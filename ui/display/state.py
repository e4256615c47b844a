"""What the customer's screen shows, as one frozen value of finished words. Decides nothing. Qt-free."""

from dataclasses import dataclass
from typing import Literal

PageName = Literal["idle", "counter", "paid", "ask", "pad"]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the bill; `off` is what was taken off it, empty for nothing."""

    name: str
    quantity: str
    amount: str
    off: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that the screen shows; what is empty is not there."""

    page: PageName = "idle"
    shop: str = ""
    welcome: str = ""
    other_language: str = ""
    """What the button says that turns the language."""
    rows: tuple[LineRow, ...] = ()
    current: int = -1
    due_words: str = ""
    due: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """Words and amounts above the sum: what was taken off, what was given."""
    message: str = ""
    icon: str = ""
    member: str = ""
    type_phone: str = ""
    """What the button says that opens the pad."""
    ask_title: str = ""
    ask_text: str = ""
    yes: str = ""
    no: str = ""
    pad_title: str = ""
    typed: str = ""
    problem: str = ""
    big_words: str = ""
    big: str = ""
    thanks: str = ""
