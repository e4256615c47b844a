"""What the returns page shows, as one value.

Decides nothing. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ui.returns.rows import LineRow, MoneyBack, SaleCard, SaleRow

Say = Callable[[Literal["info", "success", "warning", "error"], str], None]
"""Shows a notice of a kind; a warning or an error also sounds refused."""


class Stage(StrEnum):
    """What the page shows."""

    HISTORY = "history"
    SALE = "sale"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class GenuineCard:
    """A genuine receipt whose sale is not known here: its number, where and when it was bought, what comes next."""

    title: str
    what: str
    then: str


@dataclass(frozen=True, slots=True)
class State:
    """Everything the page shows."""

    stage: Stage = Stage.HISTORY
    text: str = ""
    rows: tuple[SaleRow, ...] = ()
    count: str = ""
    card: SaleCard | None = None
    lines: tuple[LineRow, ...] = ()
    cursor: int = 0
    can_return: bool = False
    can_void: bool = False
    chosen: str = ""
    reason: str | None = None
    money: tuple[MoneyBack, ...] = ()
    total: str = ""
    hint: str = ""
    problem: str = ""
    busy: bool = False
    genuine: GenuineCard | None = None
