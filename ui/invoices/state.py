"""What the page of invoices shows, as one value of finished words.

Decides nothing. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pos_app.domain.invoices import InvoiceState, TitleKind
from pos_app.domain.values.ids import InvoiceId

Say = Callable[[Literal["info", "success", "warning", "error"], str], None]
"""Shows a notice of a kind; a warning or an error also sounds refused."""
Tone = Literal["muted", "primary", "success", "warning", "danger"]
FIELDS = ("title", "tax_number", "email", "phone", "address", "bank", "account")
COMPANY_ONLY = frozenset({"tax_number", "address", "bank", "account"})


class Stage(StrEnum):
    """What the page shows."""

    LIST = "list"
    FORM = "form"


class Deed(StrEnum):
    """What can be done to the request at hand."""

    NUMBER = "number"
    RED_NUMBER = "red_number"
    WITHDRAW = "withdraw"
    HAND_BACK = "hand_back"
    ASK_RED = "ask_red"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in the list."""

    invoice: InvoiceId
    receipt: str
    asked: str
    title: str
    under: str
    amount: str
    state: str
    state_under: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A chip: the requests in one state, None for all."""

    state: InvoiceState | None
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """The request at hand: `told` are (words, value), `lines` (name, amount)."""

    receipt: str
    state: str
    tone: Tone
    amount: str
    hint: str
    told: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    deeds: frozenset[Deed]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A former title that can be taken."""

    title: str
    under: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form of a request. `serial` rises when the values were set by something else than typing."""

    receipt: str
    amount: str
    left_out: str
    kind: TitleKind
    values: Mapping[str, str]
    serial: int
    faults: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that the page shows."""

    stage: Stage = Stage.LIST
    text: str = ""
    filters: tuple[FilterChoice, ...] = ()
    rows: tuple[RequestRow, ...] = ()
    count: str = ""
    is_empty: bool = True
    """No request was ever made: the empty state says how the first comes about."""
    current: InvoiceId | None = None
    detail: Detail | None = None
    form: Form | None = None
    waiting: int = 0
    """How many requests the next batch would hold."""
    busy: bool = False
