"""How much of each bought line is to come back, as the cashier types, steps and toggles it.

Decides what a key means to a quantity and that it never goes beyond what is left; what it is worth is decided by
the services. Pure values: every change returns a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pos_app.domain.sales.line import Line
from pos_app.domain.values import barcode
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.returns import ReturnableLine

LONGEST = 9
"""Characters a typed quantity may have; what is beyond is a slip of the hand or a scanned number."""
_WEIGHED_UNITS = frozenset({"kg", "g"})
_NOTHING = Quantity(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The quantities asked for, the line the keys speak to, what was typed for it, and what was too much.

    `beyond` is what is left (thousandths) when the last key asked for more.
    """

    lines: tuple[ReturnableLine, ...] = ()
    asked: Mapping[LineId, Quantity] = field(default_factory=dict)
    cursor: int = 0
    typed: str = ""
    beyond: Quantity | None = None

    @property
    def current(self) -> ReturnableLine | None:
        """The line the keys speak to."""
        return self.lines[self.cursor] if self.lines else None

    @property
    def empty(self) -> bool:
        """Whether nothing comes back."""
        return not any(self.asked.values())

    @property
    def whole(self) -> bool:
        """Whether everything that is left comes back."""
        return not self.empty and all(self.of(item) == item.left for item in self.lines)

    def of(self, item: ReturnableLine) -> Quantity:
        """Return how much of a line comes back (thousandths)."""
        return self.asked.get(item.line.line_id, _NOTHING)

    def go(self, place: int) -> "Wanted":
        """Let the keys speak to another line; beyond the ends means the first or the last."""
        last = max(0, len(self.lines) - 1)
        return replace(self, cursor=max(0, min(last, place)), typed="", beyond=None)

    def type(self, character: str) -> "Wanted":
        """Take one more character of a quantity: digits, and a point where goods are weighed."""
        item = self.current
        if item is None or len(self.typed) >= LONGEST:
            return self
        if character == "." and ("." in self.typed or not divisible(item.line)):
            return self
        if character != "." and not (character.isascii() and character.isdigit()):
            return self
        if len(self.typed.partition(".")[2]) == 3:
            return self
        return self._typed(item, self.typed + character)

    def rub_out(self) -> "Wanted":
        """Take the last typed character away; with none typed, nothing of the line comes back."""
        item = self.current
        return self if item is None else self._typed(item, self.typed[:-1])

    def step(self, by: int) -> "Wanted":
        """Let `by` units more (or fewer) of the line come back."""
        item = self.current
        if item is None:
            return self
        return replace(self._set(item, self.of(item) + by * ONE), typed="")

    def toggle(self) -> "Wanted":
        """Let all that is left of the line come back, or nothing of it when that is asked already."""
        item = self.current
        if item is None:
            return self
        return replace(self._set(item, 0 if self.of(item) == item.left else item.left), typed="")

    def toggle_all(self) -> "Wanted":
        """Let everything that is left come back, or nothing when that is asked already."""
        asked = {} if self.whole else {item.line.line_id: item.left for item in self.lines if item.left}
        return replace(self, asked=asked, typed="", beyond=None)

    def scanned(self, code: str) -> "Wanted | None":
        """Let one more of the goods with a code come back, and speak to that line; None when they are not here.

        Of several lines with the same goods the first with something left is meant.
        """
        forms = set(barcode.candidates(code))
        places = [n for n, item in enumerate(self.lines) if {item.line.barcode, item.line.code} & forms]
        if not places:
            return None
        open_ = [n for n in places if self.of(self.lines[n]) < self.lines[n].left]
        return self.go((open_ or places)[0]).step(1)

    def _typed(self, item: ReturnableLine, text: str) -> "Wanted":
        whole, _, fraction = text.partition(".")
        return replace(
            self._set(item, int(whole or "0") * ONE + int(fraction.ljust(3, "0") or "0")), typed=text
        )

    def _set(self, item: ReturnableLine, quantity: int) -> "Wanted":
        kept = Quantity(max(0, min(quantity, item.left)))
        beyond = item.left if quantity > item.left else None
        return replace(self, asked={**self.asked, item.line.line_id: kept}, beyond=beyond)


def divisible(line: Line) -> bool:
    """Whether a part of a unit can come back: goods by weight, and what was bought in parts."""
    return line.unit in _WEIGHED_UNITS or line.quantity % ONE != 0
