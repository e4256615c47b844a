"""What the page of shifts shows at one moment. Decides nothing: the presenter makes it, the page draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import Shift
from pos_app.domain.values.ids import StaffId
from pos_app.services.shifts import ZReport
from ui.shifts.figures import Figure, ZRow


class Task(StrEnum):
    """What the right side of the page is for now."""

    FLOAT = "float"
    IDLE = "idle"
    CASH_IN = "cash_in"
    CASH_OUT = "cash_out"
    DRAWER = "drawer"
    X = "x"
    COUNT = "count"
    REVIEW = "review"
    TAKER = "taker"
    DAILY = "daily"
    CLOSED = "closed"
    Z = "z"


NOTED = frozenset(
    {
        Task.FLOAT,
        Task.IDLE,
        Task.COUNT,
        Task.CLOSED,
        Task.CASH_IN,
        Task.CASH_OUT,
        Task.DRAWER,
        Task.TAKER,
    }
)
"""Tasks that say a word about themselves."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is read at each opening of the page: the open shift, by whom, what to warn of, and the closed ones."""

    shift: Shift | None
    banner: str
    zs: tuple[ZReport, ...]
    opener: str
    names: Mapping[StaffId, str]


@dataclass(frozen=True, slots=True)
class TenderField:
    """A tender to count, or a difference to give a reason for: its kind, cash among them, and its name."""

    kind: TenderKind
    label: str


@dataclass(frozen=True, slots=True)
class State:
    """The page of shifts."""

    task: Task = Task.IDLE
    is_open: bool = False
    heading: tuple[Figure, ...] = ()
    """The open shift: since when, by whom, with which float."""
    banner: str = ""
    zs: tuple[ZRow, ...] = ()
    title: str = ""
    figures: tuple[Figure, ...] = ()
    note: str = ""
    """What was done, or what to do next."""
    amount: str = ""
    """What stands in the amount field when a task begins."""
    sum: str = ""
    """What the counted notes add up to so far."""
    error: str = ""
    reason_error: str = ""
    denominations: tuple[int, ...] = ()
    by_denomination: bool = False
    needs_reason: bool = False
    tenders: tuple[TenderField, ...] = ()
    """The tenders beside cash that are counted now."""
    reasons: tuple[TenderField, ...] = ()
    """The differences that need a reason each."""
    handing: bool = False
    """Whether the count is for a hand-over."""
    code_error: str = ""
    """What is wrong with who wants to take over."""
    day: date | None = None
    """The business date of the daily summary."""
    is_today: bool = False
    is_empty: bool = False
    """Whether there is nothing to show of that day."""
    shows_cash: bool = False
    """Whether this person may see what the drawer should hold, and print the X report."""
    leads_to_sell: bool = False
    busy: bool = False
