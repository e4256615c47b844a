"""What the page of shifts shows at one moment. Decides nothing: the presenter makes it, the page draws it."""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.shifts import Shift
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
    CLOSED = "closed"
    Z = "z"


NOTED = frozenset({Task.FLOAT, Task.IDLE, Task.COUNT, Task.CLOSED, Task.CASH_IN, Task.CASH_OUT, Task.DRAWER})
"""Tasks that say a word about themselves."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is read at each opening of the page: the open shift, by whom, what to warn of, and the closed ones."""

    shift: Shift | None
    banner: str
    zs: tuple[ZReport, ...]
    opener: str


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
    shows_cash: bool = False
    """Whether this person may see what the drawer should hold, and print the X report."""
    leads_to_sell: bool = False
    busy: bool = False
