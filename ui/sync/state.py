"""What the sync page shows, in finished words: how sync is, the form of enrolment, the sync desk.

Decides shapes only. Qt-free.
"""

from dataclasses import dataclass

from pos_app.domain.desk import Choice, ItemId
from ui.sync.telling import Tone, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class TieState:
    """How sync is.

    `facts` are labels and words; `filling` is how far a new till has its members, `refetched` when everything was
    fetched anew, "" for never.
    """

    alone: bool = True
    light: str = ""
    tone: Tone = "muted"
    facts: tuple[tuple[str, str], ...] = ()
    trouble: Trouble | None = None
    filling: str = ""
    progress: tuple[int, int] | None = None
    refetched: str = ""
    may_leave: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolState:
    """The form of enrolment; `way` is "found", "join" or "" while nothing is chosen, `busy` what is waited for."""

    may_enrol: bool = False
    address: str = ""
    code: str = ""
    way: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    busy: str = ""

    def error(self, field: str) -> str:
        """Return what is wrong with a field, "" for nothing."""
        return dict(self.errors).get(field, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item in the list."""

    item_id: ItemId
    title: str
    who: str
    shops: str
    age: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two versions: a heading, what it says in large, and where, who and when as labels and words."""

    head: str
    says: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    """An item with both versions; `choices` is empty once it is settled, `settled` says how then."""

    item_id: ItemId
    title: str
    told: str
    sides: tuple[Side, ...]
    choices: tuple[tuple[Choice, str], ...] = ()
    settled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftState:
    """Goods that only this till has, after it joined."""

    title: str
    named: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """The sync desk; `settled` says which of the two lists is shown, `undoable` that a choice can be taken back."""

    settled: bool = False
    rows: tuple[ItemRow, ...] = ()
    open_count: int = 0
    settled_count: int = 0
    detail: ItemDetail | None = None
    left: LeftState | None = None
    undoable: bool = False
    note: str = ""
    problem: str = ""
    busy: bool = False
    read: bool = False
    """Whether the items were read at all yet."""
