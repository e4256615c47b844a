"""What the sell page shows, as one frozen value of finished words.

Decides the shape of what is shown; presenters fill it, the page paints it. No text is made here.
"""

from dataclasses import dataclass, field
from typing import Literal

from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import ZERO, Amount

BoxMode = Literal["sell", "search", "member", "sign_up"]
"""What the box takes: anything, a search for goods, a member, the phone of a new member."""

HintTone = Literal["muted", "danger", "warning", "success", "primary"]


@dataclass(frozen=True, slots=True)
class Hint:
    """One line of words under the box."""

    text: str
    tone: HintTone = "muted"


@dataclass(frozen=True, slots=True)
class Detail:
    """A line under a cart line: a component of its price, or what was taken off."""

    words: str
    amount: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class CartRow:
    """A cart line as it is painted; `unknown` is the red line of a code the catalogue lacks."""

    line_id: LineId
    place: str
    name: str
    under: str
    quantity: str
    price: str
    amount: str
    details: tuple[Detail, ...] = ()
    unknown: bool = False

    @property
    def spoken(self) -> str:
        """What a screen reader says of the line."""
        parts = [self.name, self.under, self.quantity, self.price, self.amount]
        parts += [f"{d.words} {d.amount}" for d in self.details]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums at the right: `due` is what the customer pays. `parts` are (words, amount) above it."""

    parts: tuple[tuple[str, str], ...] = ()
    due: Amount = ZERO
    count: str = ""
    may_pay: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A row of a list under the box."""

    icon: str
    title: str
    under: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class ListView:
    """A list under the box; `current` is -1 while nothing is chosen: then Enter takes nothing."""

    title: str
    rows: tuple[ChoiceRow, ...]
    current: int
    count: str
    foot: str = ""


@dataclass(frozen=True, slots=True)
class AskView:
    """A question in place: a field, perhaps choices, and what the typed text would do."""

    title: str
    label: str
    kind: Literal["amount", "words"]
    serial: int
    """Rises with each question, so that the page knows a new one."""
    text: str = ""
    hint: str = ""
    preview: str = ""
    error: str = ""
    choices: tuple[str, ...] = ()
    chosen: int = -1


@dataclass(frozen=True, slots=True)
class MemberView:
    """The member strip."""

    name: str
    phone: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TenderRow:
    """A tender that was given."""

    icon: str
    words: str
    under: str
    amount: str


@dataclass(frozen=True, slots=True)
class TileView:
    """A way of paying; `name` is that of its key."""

    name: str
    icon: str
    words: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class PayView:
    """The Pay panel; `stage` names what the field takes: "amount", "confirm", or a stage of a way of paying."""

    stage: str
    due: Amount
    due_words: str
    box: str
    label: str
    tenders: tuple[TenderRow, ...]
    current: int
    quick: tuple[str, ...]
    default_words: str
    error: str = ""
    hint: str = ""
    offer: str = ""
    """Words of the one thing to do about the error, empty if there is none."""
    caution: str = ""
    """What is wrong with the day or the clock; it hinders nobody from paying."""
    busy: bool = False
    reckoned: str = ""
    """How the sum came about when something was taken off, empty else."""
    warns: bool = False
    """Whether the hint is a caution."""
    tiles: tuple[TileView, ...] = ()
    choices: tuple[ChoiceRow, ...] = ()
    chosen: int = -1
    """The marked choice, -1 for none."""
    by_digit: bool = False
    """Whether a digit takes the choice of that number: the field takes nothing else then."""


@dataclass(frozen=True, slots=True)
class DoneView:
    """A paid sale: the change stays until the next input."""

    change: Amount
    paid: str
    number: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that the sell page shows."""

    rows: tuple[CartRow, ...] = ()
    current: int = -1
    totals: Totals = field(default_factory=Totals)
    box: str = ""
    mode: BoxMode = "sell"
    hint: Hint | None = None
    listing: ListView | None = None
    ask: AskView | None = None
    member: MemberView | None = None
    pay: PayView | None = None
    done: DoneView | None = None
    undo: str = ""
    unsaved: bool = False
    """The cart is not on the disk; time must pass for the next try."""
    marks: tuple[str, ...] = ()
