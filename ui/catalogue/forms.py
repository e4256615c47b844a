"""A form as a value: fields with what was typed, and how what was typed is read.

Decides which texts are amounts, weights, days and ticks, and what is said of those that are none; which fields a form
has stands in `goods_forms` and `piece_forms`. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import LIMIT, Amount, Currency, parse_amount
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity, parse_quantity
from pos_app.services.acting import Actor
from pos_app.words import format_amount, format_quantity, translate

Kind = Literal["words", "code", "amount", "tick", "choice"]
ON = "1"
"""What a tick that is set has as its text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field: `span` of four columns; `choices` are (words, text) pairs."""

    name: str
    label: str
    kind: Kind = "words"
    value: str = ""
    span: int = 2
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    optional: bool = False
    longest: int = 200
    error: str = ""


Work = Callable[[Actor], VariantId | None]
"""What is done on the lane when a form is saved; returns the goods to show afterwards."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown; `values` is what stands in it now, by the names of its entries."""

    title: str
    entries: tuple[Entry, ...]
    told: str = ""
    saves: str = ""
    again: bool = False
    grows: bool = False
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether leaving it would lose something."""
        return any(self.values.get(e.name, e.value) != e.value for e in self.entries)

    def typed(self, values: Mapping[str, str]) -> "Form":
        """Return the form with what stands in it now; what was said to be wrong with a changed field is taken back."""
        entries = tuple(
            replace(e, error="") if e.error and values.get(e.name) != self.values.get(e.name) else e
            for e in self.entries
        )
        return replace(self, values=dict(values), entries=entries)

    def with_faults(self, faults: Mapping[str, str]) -> "Form":
        """Return the form with what is wrong under its fields."""
        return replace(self, entries=tuple(replace(e, error=faults.get(e.name, "")) for e in self.entries))

    def everything(self) -> dict[str, str]:
        """Return the text of every field."""
        return {e.name: self.values.get(e.name, e.value) for e in self.entries}


@dataclass(frozen=True, slots=True)
class Task:
    """A form with what saving it means; `plan` raises FormFaults for what cannot be taken."""

    form: Form
    plan: Callable[[Mapping[str, str]], Work]
    done: str = "catalogue.page.saved"
    grow: Callable[[Form], Form] | None = None


class FormFaults(Exception):  # noqa: N818 (not an error of the program: what was typed cannot be taken)
    """Fields that cannot be taken, with what to tell."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__()
        self.faults = dict(faults)


class Reading:
    """Reads what was typed and gathers what is wrong with it."""

    def __init__(self, values: Mapping[str, str], money: Currency) -> None:
        self._values = values
        self._money = money
        self.faults: dict[str, str] = {}

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a text without blanks around it."""
        text = self._values.get(name, "").strip()
        if required and not text:
            self.faults[name] = translate("common.field.required")
        return text

    def optional(self, name: str) -> str | None:
        """Return a text, None for none."""
        return self.text(name) or None

    def code(self, name: str, *, required: bool = False) -> str:
        """Return a code, full-width signs folded."""
        return fold(self.text(name, required=required)).strip()

    def amount(self, name: str, *, required: bool = False) -> Amount | None:
        """Return an amount in minor units, None for an empty field."""
        text = fold(self.text(name, required=required)).lstrip("¥￥$ ")
        if not text:
            return None
        try:
            amount = parse_amount(text, self._money.digits)
        except InvalidValueError:
            amount = Amount(-1)
        if 0 <= amount < LIMIT:
            return amount
        self.faults[name] = translate("catalogue.fault.amount")
        return None

    def quantity(self, name: str) -> Quantity:
        """Return a quantity in thousandths, one for an empty field."""
        text = fold(self.text(name))
        if not text:
            return ONE
        try:
            return parse_quantity(text)
        except InvalidValueError:
            self.faults[name] = translate("catalogue.fault.quantity")
            return ONE

    def weight(self, name: str) -> Milligrams:
        """Return a weight typed in grams, in mg; 0 for an empty field."""
        text = fold(self.text(name)).removesuffix("g").strip()
        if not text.strip("0.") and text.count(".") <= 1:
            return Milligrams(0)
        try:
            return Milligrams(parse_quantity(text))
        except InvalidValueError:
            self.faults[name] = translate("catalogue.fault.weight")
            return Milligrams(0)

    def day(self, name: str) -> date | None:
        """Return a day typed as 2026-05-01, 2026/5/1 or 20260501; None for an empty field."""
        text = fold(self.text(name)).replace("/", "-").replace(".", "-")
        if not text:
            return None
        parts = text.split("-") if "-" in text else [text[:4], text[4:6], text[6:]]
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError:
            self.faults[name] = translate("catalogue.fault.day")
            return None

    def tick(self, name: str) -> bool:
        """Whether a tick is set."""
        return self._values.get(name) == ON

    def check(self) -> None:
        """Raise FormFaults when something is wrong."""
        if self.faults:
            raise FormFaults(self.faults)


def amount_text(amount: Amount | None, money: Currency) -> str:
    """Return an amount as it stands in a field."""
    return "" if amount is None else format_amount(amount, money, symbol=False).replace(",", "")


def weight_text(weight: Milligrams) -> str:
    """Return a weight in grams as it stands in a field."""
    return format_quantity(weight).replace(",", "") if weight else ""


def tick_text(on: bool) -> str:
    """Return a tick as the text of its field."""
    return ON if on else ""
