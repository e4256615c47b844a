"""The left of the catalogue page: the box, filters, goods or pieces, and what can be done with them.

Decides nothing; pictures come when they are read and stay while the page stands.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.services.catalogue_walk import Mark
from pos_app.words import format_count, translate
from ui.catalogue.goods import GoodsRow
from ui.catalogue.state import PieceRow, State
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import EmptyState, PageHead, list_card
from ui.kit.fields import ChoiceEdit, SellEdit
from ui.kit.icons import icon_pixmap
from ui.kit.labels import ElidedWords, Words
from ui.kit.lists import PICTURE, Cell, CellTone, Column, Row, RowList

Thumbnails = Callable[[Sequence[str], Callable[[dict[str, bytes]], None]], None]
"""Reads small pictures on the lane and hands them over."""
_MARKS = (Mark.WEIGHED, Mark.QUARANTINED, Mark.NO_PRICE, Mark.CHANGED)
_NEAR_END_PX = 200
_ICON_PX = 22
_ACTIONS = (
    ("pieces", "catalogue.action.pieces", "gem"),
    ("labels", "catalogue.action.labels", "tag"),
    ("bulk", "catalogue.action.bulk", "pencil"),
    ("undo", "catalogue.action.undo", "undo-2"),
    ("import", "catalogue.action.import", "upload"),
    ("export", "catalogue.action.export", "download"),
)
_INK: dict[str, CellTone] = {"plain": "muted", "warning": "warning", "danger": "danger"}


class LeftView(QWidget):
    """Finds goods and pieces."""

    mark_chosen = Signal(str)
    category_chosen = Signal(object)
    row_chosen = Signal(int)
    near_end = Signal()
    sort_asked = Signal(str)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._pictures: dict[str, QPixmap] = {}
        self._asked: set[str] = set()
        self._categories: tuple[str, ...] | None = None
        self._state = State()
        self._buttons: dict[str, KeyButton] = {}
        self.head = PageHead(translate("catalogue.page.title"))
        self.box = SellEdit(
            "catalogue_box", placeholder=translate("catalogue.page.search"), icon_name="search"
        )
        self._gold_line = ElidedWords("", "secondary", "gold")
        self._marked = Words("", "secondary", "primary")
        self.list, self.pieces = _goods_list(), _pieces_list()
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for name, code, icon in (
            ("gold", "catalogue.page.gold_action", "coins"),
            ("new", "catalogue.action.new", "plus"),
        ):
            self.head.add(self._made(name, code, icon, primary=name == "new"))
        outer.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 4, 16, 8)
        inner.setSpacing(8)
        inner.addWidget(self.box)
        inner.addLayout(self._filters())
        inner.addWidget(self._gold_line)
        inner.addWidget(self._marked)
        self._lists = QStackedWidget()
        self._lists.addWidget(list_card(self.list))
        self._lists.addWidget(list_card(self.pieces))
        inner.addWidget(self._lists, 1)
        for part in (_ACTIONS[:3], _ACTIONS[3:]):
            row = QHBoxLayout()
            row.setSpacing(0)
            for name, code, icon in part:
                row.addWidget(self._made(name, code, icon))
            row.addStretch(1)
            inner.addLayout(row)
        outer.addLayout(inner, 1)

    def _made(self, name: str, code: str, icon: str, *, primary: bool = False) -> KeyButton:
        kind = "primary" if primary else "plain" if name == "gold" else "quiet"
        button = KeyButton(translate(code), icon=icon, kind=kind).keep_focus_away()  # type: ignore[arg-type]
        button.setObjectName(f"catalogue_{name}")
        self._buttons[name] = button
        return button

    def _filters(self) -> QVBoxLayout:
        both = QVBoxLayout()
        both.setSpacing(8)
        chips = QHBoxLayout()
        chips.setSpacing(4)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._chips: dict[Mark, FilterChip] = {}
        for place, mark in enumerate(_MARKS):
            chip = FilterChip("")
            chip.setObjectName(f"catalogue_mark_{mark.value}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(chip, place)
            self._chips[mark] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        self.category = ChoiceEdit("catalogue_category")
        self.category.setAccessibleName(translate("catalogue.field.category"))
        self.category.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.category.setMinimumWidth(136)
        chips.addWidget(self.category)
        both.addLayout(chips)
        return both

    def _listen(self) -> None:
        self._group.idClicked.connect(lambda place: self.mark_chosen.emit(_MARKS[place].value))
        self.category.activated.connect(self._category_activated)
        self.list.sort_asked.connect(self.sort_asked)
        for rows in (self.list, self.pieces):
            rows.view.clicked.connect(lambda index: self.row_chosen.emit(index.row()))
            bar = rows.view.verticalScrollBar()
            bar.valueChanged.connect(
                lambda at, bar=bar: (
                    self.near_end.emit() if bar.maximum() and at >= bar.maximum() - _NEAR_END_PX else None
                )
            )

    def _category_activated(self, _place: int) -> None:
        chosen = self.category.chosen()
        self.category_chosen.emit(chosen or None)
        self.box.setFocus()

    def button(self, name: str) -> KeyButton:
        """Return a button by its name."""
        return self._buttons[name]

    def show_keys(self, mark: str, category: str) -> None:
        """Say which keys choose a filter."""
        for chip in self._chips.values():
            chip.setToolTip(mark)
        self.category.setToolTip(category)

    # -- what is shown -------------------------------------------------------------------------------------

    def show_state(self, state: State, *, imports: bool) -> None:
        """Show the left of the page; `imports` when the till has a page for them."""
        self._state = state
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self.head.second.setText(state.count)
        self._gold_line.setVisible(bool(state.gold_line))
        self._gold_line.setText(translate("catalogue.page.gold_today", prices=state.gold_line))
        self._show_filters(state)
        marked = state.all_selected or bool(state.selected)
        self._marked.setVisible(marked)
        if marked:
            every = translate("catalogue.page.marked_all")
            some = translate("catalogue.page.marked", count=len(state.selected))
            self._marked.setText(every if state.all_selected else some)
        for name, on in (
            ("new", state.may_edit),
            ("gold", state.may_set_gold),
            ("labels", state.may_edit),
            ("bulk", state.may_edit),
            ("undo", state.may_edit and bool(state.undo)),
            ("import", imports),
            ("export", imports),
        ):
            self._buttons[name].setVisible(on)
        other = "catalogue.action.goods" if state.pieces is not None else "catalogue.action.pieces"
        self._buttons["pieces"].setText(translate(other))
        self._lists.setCurrentIndex(0 if state.pieces is None else 1)
        if state.pieces is None:
            self._show_goods(state)
        else:
            self._show_pieces(state, state.pieces)

    def _show_filters(self, state: State) -> None:
        for mark, chip in self._chips.items():
            words = translate(f"catalogue.mark.{mark.value}", count=format_count(state.labels_open))
            chip.setText(words)
            chip.setChecked(state.mark is mark)
        if state.categories != self._categories:
            self._categories = state.categories
            choices = [(translate("catalogue.page.all_categories"), "")]
            choices += [(category, category) for category in state.categories]
            self.category.set_choices(choices, state.category or "")
        elif self.category.chosen() != (state.category or ""):
            self.category.setCurrentIndex(max(0, self.category.findData(state.category or "")))
        self.category.setVisible(bool(state.categories) and state.pieces is None)

    def _show_goods(self, state: State) -> None:
        empty = self.list.empty
        assert isinstance(empty, EmptyState)
        narrowed = bool(state.text or state.mark or state.category)
        which = "none" if narrowed else "empty" if state.may_edit else "empty_clerk"
        empty.set_words(translate(f"catalogue.page.{which}_title"), translate(f"catalogue.page.{which}_text"))
        self.list.mark_sorted(state.sort, descending=state.descending)
        self._set_goods()
        self._ask_pictures(state.rows)
        if self.list.view.currentIndex().row() != state.cursor:
            self.list.set_current(state.cursor)

    def _set_goods(self) -> None:
        state = self._state
        pictured = any(row.picture for row in state.rows) or state.all_selected or bool(state.selected)
        self.list.set_rows([_row(row, self._picture(row, state) if pictured else None) for row in state.rows])

    def _picture(self, row: GoodsRow, state: State) -> QPixmap:
        if state.all_selected or row.variant_id in state.selected:
            return self._icon("circle-check", "primary")
        return self._pictures.get(row.picture) or self._icon("package", "disabled")

    def _icon(self, name: str, tone: str) -> QPixmap:
        return icon_pixmap(name, tone, _ICON_PX, self.devicePixelRatioF())

    def _ask_pictures(self, rows: Sequence[GoodsRow]) -> None:
        wanted = [row.picture for row in rows if row.picture and row.picture not in self._asked]
        if wanted:
            self._asked |= set(wanted)
            self._thumbnails(wanted, self._take_pictures)

    def _take_pictures(self, found: dict[str, bytes]) -> None:
        scale = self.devicePixelRatioF()
        for key, content in found.items():
            picture = QPixmap()
            picture.loadFromData(content)
            side = round(PICTURE * scale)
            picture = picture.scaled(
                side,
                side,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            picture.setDevicePixelRatio(scale)
            self._pictures[key] = picture
        if self._state.pieces is None:
            self._set_goods()

    def _show_pieces(self, state: State, pieces: tuple[PieceRow, ...]) -> None:
        empty = self.pieces.empty
        assert isinstance(empty, EmptyState)
        which = "none" if state.text else "no_pieces"
        empty.set_words(translate(f"catalogue.page.{which}_title"), translate(f"catalogue.page.{which}_text"))
        self.pieces.set_rows([_piece_row(piece) for piece in pieces])
        if self.pieces.view.currentIndex().row() != state.cursor:
            self.pieces.set_current(state.cursor)


def _goods_list() -> RowList:
    columns = (
        Column("name", translate("common.word.name"), sortable=True),
        Column("code", translate("common.word.code"), 104, sortable=True),
        Column("price", translate("common.word.price"), 128, right=True, sortable=True),
    )
    empty = EmptyState(
        "package-open", translate("catalogue.page.empty_title"), translate("catalogue.page.empty_text")
    )
    made = RowList("catalogue_list", columns, empty, focusable=False)
    made.setAccessibleName(translate("catalogue.page.title"))
    return made


def _pieces_list() -> RowList:
    columns = (
        Column("piece", translate("catalogue.page.column_pieces")),
        Column("facts", translate("catalogue.page.piece_facts"), 168),
        Column("price", translate("catalogue.page.right_pieces"), 158, right=True),
    )
    empty = EmptyState(
        "gem", translate("catalogue.page.no_pieces_title"), translate("catalogue.page.no_pieces_text")
    )
    made = RowList("catalogue_all_pieces", columns, empty, focusable=False)
    made.setAccessibleName(translate("catalogue.action.pieces"))
    return made


def _row(row: GoodsRow, picture: QPixmap | None) -> Row:
    held = translate("catalogue.page.flag_quarantined") if row.held_back else ""
    under = " · ".join(part for part in (held, row.category) if part)
    cells = (
        Cell(row.name, under=under, under_tone="danger" if row.held_back else "muted", picture=picture),
        Cell(row.code, "muted"),
        Cell(row.price, strong=True, under=row.unit),
    )
    return Row(row.variant_id, cells)


def _piece_row(row: PieceRow) -> Row:
    item = row.item
    weight, _, rest = item.facts.partition(" · ")
    cells = (
        Cell(item.code, under=row.name),
        Cell(weight, under=rest),
        Cell(
            item.right or item.state,
            strong=bool(item.right),
            under=item.state if item.right else "",
            under_tone=_INK[item.tone],
            tone="text" if item.right else _INK[item.tone],
        ),
    )
    return Row(row.piece.piece_id, cells)
