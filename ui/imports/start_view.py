"""The first step: what is imported, from which file; what was cut off; what was imported before.

Decides nothing; hands over what was chosen.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.imports.state import BatchLine, CutOff, KindTile, State
from ui.kit.buttons import KeyButton, Tile
from ui.kit.cards import Card, EmptyState
from ui.kit.fields import Field, NameEdit
from ui.kit.icons import IconMark
from ui.kit.labels import Words
from ui.kit.lists import Cell, CellTone, Column, Row, RowList

ICONS = {"catalogue": "package", "pieces": "gem", "members": "users", "balances": "coins"}
_INK: dict[str, CellTone] = {"plain": "muted", "success": "success", "warning": "warning", "danger": "danger"}
LONGEST_PATH = 4096


class KindTiles(QWidget):
    """A tile for each kind, one of them on."""

    def __init__(self, name: str, keys: tuple[str, ...], columns: int = 2) -> None:
        super().__init__()
        self._name = name
        self._keys = keys
        self._columns = columns
        self._group = QButtonGroup(self)
        self._shown: tuple[KindTile, ...] = ()
        self.tiles: dict[str, Tile] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self.chosen: Callable[[str], None] = lambda _kind: None

    def show_kinds(self, kinds: tuple[KindTile, ...], chosen: str) -> None:
        """Show these kinds with one of them on."""
        if kinds != self._shown:
            self._make(kinds)
        for kind, tile in self.tiles.items():
            tile.setChecked(kind == chosen)

    def _make(self, kinds: tuple[KindTile, ...]) -> None:
        self._shown = kinds
        for old in self.tiles.values():
            old.hide()
            old.deleteLater()
        self.tiles = {}
        for place, kind in enumerate(kinds):
            tile = Tile(kind.words, self._keys[place], icon=ICONS[kind.kind], second=kind.second)
            tile.setObjectName(f"{self._name}_{kind.kind}")
            tile.setCheckable(True)
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.clicked.connect(partial(self._choose, str(kind.kind)))
            self._group.addButton(tile)
            self._grid.addWidget(tile, place // self._columns, place % self._columns)
            self.tiles[kind.kind] = tile

    def _choose(self, kind: str, _checked: bool = False) -> None:
        self.chosen(kind)


class StartView(QWidget):
    """The first step."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("imports_start")
        self._keys = keys
        self.kinds = KindTiles("imports_kind", tuple(keys[f"kind_{place}"] for place in range(4)))
        self.path = NameEdit(
            "imports_path", placeholder=translate("imports_page.start.path"), longest=LONGEST_PATH
        )
        self._field = Field(
            translate("imports_page.start.file"), self.path, hint=translate("imports_page.start.hint")
        )
        self.pick = self._button("pick", "imports_page.action.pick", icon="inbox")
        self.next = self._button("next", "imports_page.action.next", kind="primary")
        self.undo = self._button("undo", "imports_page.action.undo", icon="undo-2", kind="danger")
        self.resume = self._button("resume", "imports_page.action.resume", icon="play", kind="primary")
        self.take_back = self._button("take_back", "imports_page.action.take_back", icon="undo-2")
        self._cut_title, self._cut_text = Words("", "heading", wrap=True), Words("", "muted", wrap=True)
        self.history = _history()
        self._lay_out()

    def _button(self, name: str, label: str, *, icon: str = "", kind: str = "plain") -> KeyButton:
        button = KeyButton(translate(label), self._keys[name], icon=icon, kind=kind)  # type: ignore[arg-type]
        button.setObjectName(f"imports_{name}")
        return button

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(24, 8, 24, 24)
        left.setSpacing(16)
        self._cut_card = self._cut_off_card()
        left.addWidget(self._cut_card)
        left.addWidget(Words(translate("imports_page.start.what"), "heading"))
        left.addWidget(self.kinds)
        left.addWidget(self._file_card())
        left.addStretch(1)
        outer.addLayout(left, 1)
        panel = Card(spacing=12)
        panel.setFixedWidth(448)
        panel.body.addWidget(Words(translate("imports_page.start.history"), "heading"))
        panel.body.addWidget(self.history, 1)
        self._undo_told = Words(translate("imports_page.start.undo_told"), "secondary", wrap=True)
        panel.body.addWidget(self._undo_told)
        panel.body.addWidget(self.undo)
        right = QVBoxLayout()
        right.setContentsMargins(0, 8, 24, 24)
        right.addWidget(panel)
        outer.addLayout(right)

    def _cut_off_card(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconMark("triangle-alert", "warning", 24), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._cut_title)
        words.addWidget(self._cut_text)
        row.addLayout(words, 1)
        card.body.addLayout(row)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.take_back)
        buttons.addWidget(self.resume)
        card.body.addLayout(buttons)
        card.setObjectName("imports_cut_off")
        return card

    def _file_card(self) -> Card:
        card = Card(spacing=16)
        card.setObjectName("imports_drop")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(IconMark("upload", "primary", 32))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Words(translate("imports_page.start.drop"), "heading"))
        words.addWidget(Words(translate("imports_page.start.formats"), "muted", wrap=True))
        top.addLayout(words, 1)
        top.addWidget(self.pick)
        card.body.addLayout(top)
        card.body.addWidget(self._field)
        row = QHBoxLayout()
        self._busy = Words(translate("imports_page.start.opening"), "muted")
        row.addWidget(self._busy)
        row.addStretch(1)
        row.addWidget(self.next)
        card.body.addLayout(row)
        return card

    def chosen_batch(self) -> int | None:
        """Return the import that can be taken back, if the history is at it or at none."""
        key = self.history.current_key()
        return key if isinstance(key, int) else None

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self.kinds.show_kinds(state.kinds, state.kind)
        if self.path.text() != state.path:
            self.path.setText(state.path)
        self._field.set_error(state.fault)
        self._busy.setVisible(state.busy)
        self.next.setEnabled(not state.busy)
        self._show_cut_off(state.cut_off)
        self.history.set_rows([_batch_row(line) for line in state.history])
        undoable = any(line.can_undo for line in state.history)
        self.undo.setVisible(undoable)
        self._undo_told.setVisible(undoable)

    def _show_cut_off(self, cut: CutOff | None) -> None:
        self._cut_card.setVisible(cut is not None)
        if cut is not None:
            self._cut_title.setText(cut.title)
            self._cut_text.setText(cut.text)


def _history() -> RowList:
    columns = (
        Column("what", translate("imports_page.start.column_what")),
        Column("state", translate("imports_page.start.column_state"), 184, right=True),
    )
    empty = EmptyState(
        "history", translate("imports_page.start.none_title"), translate("imports_page.start.none_text")
    )
    made = RowList("imports_history", columns, empty)
    made.setAccessibleName(translate("imports_page.start.history"))
    return made


def _batch_row(line: BatchLine) -> Row:
    return Row(
        line.number,
        (Cell(line.title, under=line.when), Cell(line.state, _INK[line.tone], under=line.counts)),
    )
