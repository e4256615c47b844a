"""What the members page shows, as one value, and what lies around it.

Decides nothing. Qt-free.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from pos_app.domain.values.ids import MemberId
from ui.members.cards import MemberCard, MemberRow
from ui.members.draft import Draft, Faults


class Doors(Protocol):
    """What lies around the page."""

    def say(self, kind: Literal["success", "warning", "error"], text: str) -> None:
        """Show a notice; a warning or an error also sounds refused."""

    def finish(self, result: object) -> None:
        """Go back to the page that asked for a member."""

    def sell_to(self, member_id: MemberId) -> None:
        """Go to Sell with a member."""


class Stage(StrEnum):
    """What stands beside the list."""

    CARD = "card"
    NEW = "new"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class State:
    """Everything the page shows."""

    stage: Stage = Stage.CARD
    choosing: bool = False
    text: str = ""
    rows: tuple[MemberRow, ...] = ()
    cursor: int = -1
    count: str = ""
    card: MemberCard | None = None
    draft: Draft = field(default_factory=Draft)
    children_asked: bool = False
    """A consent to keeping children's dates is still to be asked for."""
    faults: Faults = field(default_factory=Faults)
    owner: str = ""
    """Whose the typed phone is already, in words."""
    may_sign_up: bool = True
    busy: bool = False
