"""A step of Pay that needs more than an amount: what the panel asks of it, and what it may ask of Pay.

Decides the shape only. Each way of paying that asks for something (a slip's reference, a voucher's code, which
deposit) is a stage in a module of its own; Pay keeps the bill, what was given, and the commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.tenders import Settlement, Tender, TenderTooMuchError
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount, parse_amount
from pos_app.words import translate
from ui.sales.desk import Desk
from ui.sales.state import ChoiceRow


@dataclass(frozen=True, slots=True)
class StageView:
    """What the panel shows of a stage: `name` tells stages apart, `label` stands above the field.

    `placeholder` says what Enter on an empty field does; `hint` stands under the field. `choices` are rows to choose
    from with ↑↓ Enter, their digit or a click; `chosen` is -1 while none is marked. `writes` is whether the field
    takes a text at all; `waits` that an answer is awaited and nothing can be done meanwhile.
    """

    name: str
    label: str
    placeholder: str = ""
    hint: str = ""
    tone: Literal["muted", "warning"] = "muted"
    choices: tuple[ChoiceRow, ...] = ()
    chosen: int = -1
    writes: bool = True
    waits: bool = False


class Stage(Protocol):
    """A step of Pay in front of the field of amounts. Qt-free; every call comes on the GUI thread."""

    @property
    def view(self) -> StageView:
        """What is shown now."""
        ...

    @property
    def may_leave(self) -> bool:
        """Whether Esc may lead away: not while money is on its way."""
        ...

    def typed(self, text: str) -> None:
        """Follow what stands in the field."""
        ...

    def enter(self, text: str) -> None:
        """Take Enter, with what stands in the field."""
        ...

    def scan(self, text: str) -> bool:
        """Take a scan, and say whether it takes scans at all: else Pay refuses it with the tone."""
        ...

    def step(self, step: int) -> None:
        """Mark another of the choices."""
        ...

    def choose(self, place: int) -> None:
        """Take one of the choices."""
        ...

    def back(self) -> bool:
        """Go a step back within the stage; say whether there was one, else the stage is left."""
        ...


class PayHost(Protocol):
    """Pay, as a stage or a way of paying sees it."""

    @property
    def desk(self) -> Desk:
        """What the sell page shares: the cart, the lanes, the tones."""
        ...

    @property
    def settlement(self) -> Settlement:
        """How the bill stands."""
        ...

    def push(self, stage: Stage) -> None:
        """Put a stage in front, with an empty field."""
        ...

    def leave(self, stage: Stage) -> None:
        """Take a stage away with all that stands in front of it; nothing if it is gone already."""
        ...

    def holds(self, stage: Stage) -> bool:
        """Whether a stage still stands: an answer that comes late may find Pay closed."""
        ...

    def give(self, tender: Tender) -> None:
        """Put a tender on the bill, all stages left; the one that closes it makes the sale."""
        ...

    def ask(self, words: str, act: Callable[[], None]) -> None:
        """Ask for an Enter before something is done; Esc or another figure gives it up."""
        ...

    def refuse(self, words: str) -> None:
        """Say under the field why not, with the refused tone; what was typed stays."""
        ...

    def refuse_text(self, words: str) -> None:
        """Say why not, and empty the field."""
        ...

    def empty_field(self) -> None:
        """Empty the field and take back what was said under it."""
        ...

    @property
    def box_is_empty(self) -> bool:
        """Whether nothing is typed."""
        ...

    def clear_stages(self) -> None:
        """Take every stage away."""
        ...

    def mark_last(self) -> None:
        """Mark the tender that was given last."""
        ...


class Way(Protocol):
    """A way of paying beside cash: a tile with its key, or a row of the list behind F8.

    `name` is the key's name in `key_bindings` and the tile's place in the panel; `icon` one of `resources/icons`.
    """

    name: str
    icon: str

    @property
    def there(self) -> bool:
        """Whether the shop has it: else its tile, its key and its row are absent."""
        ...

    @property
    def words(self) -> str:
        """What it is called."""
        ...

    @property
    def second(self) -> str:
        """What stands small under that, empty for nothing."""
        ...

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """Begin to pay this way; `typed` is the amount in the field, above zero, None when it is empty."""
        ...

    def scanned(self, pay: PayHost, text: str) -> bool:
        """Take a scan in the open field of amounts as money of this way, and say whether it is one."""
        ...


class PlainStage:
    """What most stages do: no choices, no scans, nothing within to go back to, free to leave."""

    @property
    def may_leave(self) -> bool:
        """Be free to leave."""
        return True

    def typed(self, text: str) -> None:
        """Follow nothing."""

    def scan(self, text: str) -> bool:
        """Take no scan."""
        return False

    def step(self, step: int) -> None:
        """Have no choices."""

    def choose(self, place: int) -> None:
        """Have no choices."""

    def back(self) -> bool:
        """Be left."""
        return False


class PlainWay:
    """What most ways of paying do: they are there, with nothing small under them, and no scan means them."""

    @property
    def there(self) -> bool:
        """Be there."""
        return True

    @property
    def second(self) -> str:
        """Say nothing small."""
        return ""

    def scanned(self, pay: PayHost, text: str) -> bool:
        """Take no scan."""
        return False


class Confirm(PlainStage):
    """Something to confirm with a second Enter; Esc, or typing another figure, gives it up."""

    def __init__(self, leave: Callable[[Stage], None], view: StageView, act: Callable[[], None]) -> None:
        self._leave = leave
        self._view = view
        self._act = act

    @property
    def view(self) -> StageView:
        """What is to be confirmed."""
        return self._view

    def typed(self, text: str) -> None:
        """Give up: another figure is typed instead of a yes."""
        if text:
            self._leave(self)

    def enter(self, text: str) -> None:
        """Do it."""
        self._leave(self)
        self._act()


def step_in(count: int, chosen: int, step: int) -> int:
    """Return the mark after a step in a list of choices; from nowhere to the first or the last, -1 in none."""
    if not count:
        return -1
    start = chosen if chosen >= 0 else (-1 if step > 0 else count)
    return max(0, min(count - 1, start + step))


def amount_in(pay: PayHost, text: str) -> Amount | None:
    """Return the amount in a field, above zero; None when it cannot be taken, the words shown."""
    try:
        amount = parse_amount(fold(text).replace("。", "."), pay.desk.currency.digits)
    except ExpectedError:
        amount = Amount(-1)
    if amount <= 0:
        pay.refuse(translate("sales.error.amount_text"))
        return None
    return amount


def open_amount(pay: PayHost, typed: Amount | None) -> Amount:
    """Return what a way that gives no change may take: what was typed, or all that is open.

    Raises TenderTooMuchError above what is open, and when nothing is.
    """
    open_ = pay.settlement.open
    amount = open_ if typed is None else typed
    if amount > open_ or open_ <= 0:
        raise TenderTooMuchError(over=Amount(amount - open_))
    return amount
