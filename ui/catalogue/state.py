"""Everything the catalogue page shows, as one value.

Decides nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from pos_app.domain.catalogue import Piece
from pos_app.domain.values.ids import VariantId
from pos_app.services.catalogue_walk import Mark
from ui.catalogue.forms import Form
from ui.catalogue.goods import Detail, GoodsRow, Item

Say = Callable[[Literal["success", "warning", "error"], str], None]


class Side(StrEnum):
    """What stands beside the list."""

    DETAIL = "detail"
    FORM = "form"
    GOLD = "gold"
    BULK = "bulk"
    LABELS = "labels"


class Tab(StrEnum):
    """The sections of one of the goods."""

    FACTS = "facts"
    FLAGS = "flags"
    BARCODES = "barcodes"
    PRICES = "prices"
    PIECES = "pieces"
    BATCHES = "batches"


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A fineness in the form: what was typed, what stood before, and what is wrong."""

    fineness: str
    text: str
    hint: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece in the list over all goods."""

    piece: Piece
    variant_id: VariantId
    name: str
    item: Item


@dataclass(frozen=True, slots=True)
class BulkState:
    """A change of many goods: the form, what it would do, and how far it is."""

    form: Form
    count: int
    told: str = ""
    warning: str = ""
    rows: tuple[tuple[str, str, str], ...] = ()
    previewed: bool = False
    running: bool = False
    progress: str = ""
    share: int = 0


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A changed price whose label is to be printed again."""

    number: int
    variant_id: VariantId
    name: str
    list: str
    before: str
    after: str
    when: str


@dataclass(frozen=True, slots=True)
class State:
    """The page; `gold`, `form`, `bulk` and `labels` are None while they are closed."""

    text: str = ""
    rows: tuple[GoodsRow, ...] = ()
    cursor: int = -1
    count: str = ""
    mark: Mark = Mark.ALL
    category: str | None = None
    categories: tuple[str, ...] = ()
    sort: str = "code"
    descending: bool = False
    looking: bool = False
    pieces: tuple[PieceRow, ...] | None = None
    selected: frozenset[VariantId] = frozenset()
    all_selected: bool = False
    detail: Detail | None = None
    tab: Tab = Tab.FACTS
    form: Form | None = None
    gold: tuple[GoldRow, ...] | None = None
    gold_history: tuple[tuple[str, str, str], ...] = ()
    gold_missing: bool = False
    bulk: BulkState | None = None
    labels: tuple[LabelRow, ...] | None = None
    labels_open: int = 0
    gold_line: str = ""
    may_set_gold: bool = False
    may_edit: bool = False
    may_import: bool = False
    undo: str = ""
    busy: bool = False

    @property
    def side(self) -> Side:
        """What stands beside the list."""
        if self.form is not None:
            return Side.FORM
        if self.gold is not None:
            return Side.GOLD
        if self.bulk is not None:
            return Side.BULK
        return Side.LABELS if self.labels is not None else Side.DETAIL

    @property
    def free(self) -> bool:
        """Whether no form is open that a key could lose."""
        return self.side in (Side.DETAIL, Side.LABELS)


class Bench(Protocol):
    """What the parts of the presenter share: the state, and who tells of it."""

    state: State

    def show(self, state: State) -> None:
        """Show a state."""
        ...

    def failed(self, error: Exception) -> None:
        """Tell of an error."""
        ...
