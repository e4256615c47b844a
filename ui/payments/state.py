"""What the page of payments shows, as finished words. Decides the shape only."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pos_app.domain.values.ids import AttemptId

Tone = Literal["text", "muted", "danger", "warning", "success"]


class Deed(StrEnum):
    """What can be done about an attempt."""

    ASK = "ask"
    REVERSE = "reverse"
    SEND = "send"
    HAND_PAID = "hand_paid"
    HAND_REFUSED = "hand_refused"
    HAND_REVERSED = "hand_reversed"
    HAND_REFUNDED = "hand_refunded"


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt in the list."""

    attempt: AttemptId
    time: str
    what: str
    number: str
    amount: str
    state: str
    tone: Tone
    under: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """The attempt at hand: what is told of it, and what can be done."""

    title: str
    amount: str
    state: str
    tone: Tone
    told: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the page shows; `current` is the place of the attempt at hand, -1 for none."""

    rows: tuple[AttemptRow, ...] = ()
    current: int = -1
    count: str = ""
    detail: Detail | None = None
    said: str = ""
    failed: bool = False
