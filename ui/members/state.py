"""What the members page shows, as one value, and what lies around it.

Decides nothing. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

from pos_app.domain.members import KeyKind, Member
from pos_app.domain.values.ids import MemberId
from ui.members.cards import KeyRow, MemberCard, MemberRow
from ui.members.draft import Draft, Faults
from ui.members.everywhere import Everywhere, Merging
from ui.members.sections import Section, SectionDraft


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that stands over the page, in finished words; the yes to a `final` one is never taken back."""

    title: str
    text: str
    yes: str
    no: str = ""
    danger: bool = False
    final: bool = False


class Doors(Protocol):
    """What lies around the page."""

    def say(self, kind: Literal["success", "warning", "error"], text: str) -> None:
        """Show a notice; a warning or an error also sounds refused."""

    def ask(self, question: Asking, yes: Callable[[], None]) -> None:
        """Ask, and do `yes` when the answer is one."""

    def save_file(self, name: str, then: Callable[[Path], None]) -> None:
        """Let a person choose where to write."""

    def later(self, seconds: int, act: Callable[[], None]) -> None:
        """Do something once so much time has passed."""

    def finish(self, result: object) -> None:
        """Go back to the page that asked for a member."""

    def sell_to(self, member_id: MemberId) -> None:
        """Go to Sell with a member."""

    def open_receipt(self, number: str) -> None:
        """Go to a receipt."""


class Stage(StrEnum):
    """What stands beside the list."""

    CARD = "card"
    NEW = "new"
    EDIT = "edit"
    KEY = "key"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """A key or a card as typed; `lost` is the card that it takes the place of, `forwards` what a scan of that does."""

    kind: KeyKind = KeyKind.PHONE
    text: str = ""
    owner: str = ""
    shared: bool = False
    lost: KeyRow | None = None
    forwards: bool = False


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
    section: Section = Section.PURCHASES
    draft: Draft = field(default_factory=Draft)
    editing: SectionDraft | None = None
    adding: KeyDraft = field(default_factory=KeyDraft)
    children_asked: bool = False
    """A consent to keeping children's dates is still to be asked for."""
    faults: Faults = field(default_factory=Faults)
    owner: str = ""
    """Whose the typed phone is already, in words."""
    twins: str = ""
    """Who has the typed name already, in words."""
    undo: MemberId | None = None
    """Whose last edit Ctrl+Z takes back."""
    everywhere: Everywhere | None = None
    """What all shops know of the member on the card, None until it was read."""
    merging: Merging = field(default_factory=Merging)
    may_sign_up: bool = True
    busy: bool = False

    @property
    def undoable(self) -> bool:
        """Whether the last edit can be taken back: it was this member's, not of one shown before."""
        return self.undo is not None and self.card is not None and self.card.member_id == self.undo


@dataclass(frozen=True, slots=True)
class Carried:
    """A form that is being written while the page is built anew in another language."""

    state: State
    member: Member | None
    """The member as she stood when the form was opened."""
    before: Draft | SectionDraft
