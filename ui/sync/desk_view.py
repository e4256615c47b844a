"""The sync desk on the screen: the list, both versions side by side, choices as buttons with their keys.

Decides lay-out only; hands over which item is marked.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from pos_app.words import format_count, translate
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, list_card
from ui.kit.flow import flow
from ui.kit.icons import IconMark
from ui.kit.labels import ElidedWords, Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.sync.state import DeskState, ItemDetail, ItemRow, LeftState, Side

_LIST_PX = 376
_LINE_PX = 28
_DETAIL_PX = 360
"""An item's title and words, both versions with a line or two each, and the buttons."""


class SideCard(Card):
    """One of the two versions."""

    def __init__(self, side: Side) -> None:
        super().__init__(margin=16, spacing=8)
        self.body.addWidget(Words(side.head, "secondary"))
        says = Words(side.says, "emphasis", wrap=True)
        says.setObjectName("sync_side_says")
        # A long word without a gap must not make the page wider than the window.
        says.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        says.setToolTip(side.says)
        self.body.addWidget(says)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (label, words) in enumerate(side.lines):
            grid.addWidget(Words(label, "muted"), row, 0)
            grid.addWidget(ElidedWords(words), row, 1)
        self.body.addLayout(grid)
        self.body.addStretch(1)


class DetailCard(Card):
    """An item with both versions."""

    def __init__(self, keys: tuple[str, ...], scroll_keys: tuple[str, str]) -> None:
        super().__init__(margin=16, spacing=12)
        self.setObjectName("sync_detail")
        self._scroll_keys = scroll_keys
        self.more = KeyButton(icon="chevron-down", kind="quiet").keep_focus_away()
        self.more.setObjectName("sync_more")
        self.more.set_compact(True)
        self.more.clicked.connect(lambda: self.scroll_on(-1 if self._at_end() else 1))
        self._title = Words("", "heading", wrap=True)
        self._title.setObjectName("sync_item_title")
        self._told = Words("", "muted", wrap=True)
        self._settled = Words("", "body", "success", wrap=True)
        self._settled.setObjectName("sync_item_settled")
        self._sides = QHBoxLayout()
        self._sides.setSpacing(12)
        self._shown: ItemDetail | None = None
        self.choices = tuple(KeyButton("", key).keep_focus_away() for key in keys)
        for place, button in enumerate(self.choices):
            button.setObjectName(f"sync_choice_{place}")
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for words in (self._title, self._told):
            column.addWidget(words)
        column.addLayout(self._sides)
        column.addWidget(self._settled)
        column.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, _most: self._tell_more())
        bar.valueChanged.connect(lambda _value: self._tell_more())
        self.body.addWidget(scroll, 1)
        self.body.addWidget(flow([*self.choices, self.more], last_right=True))
        self._tell_more()

    @property
    def scrolls(self) -> bool:
        """Whether more is told than there is room for."""
        return self.isVisible() and self._scroll.verticalScrollBar().maximum() > 0

    def scroll_on(self, pages: int) -> None:
        """Scroll so many pages down, up if negative; a line of the page before stays in sight."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + pages * max(1, bar.pageStep() - _LINE_PX))

    def _at_end(self) -> bool:
        bar = self._scroll.verticalScrollBar()
        return bar.value() >= bar.maximum()

    def _tell_more(self) -> None:
        """Say by which key the rest is read; at its end, by which one goes back."""
        back = self._at_end()
        self.more.setText(translate("sync.action.read_back" if back else "sync.action.read_on"))
        self.more.set_key(self._scroll_keys[1 if back else 0])
        self.more.set_icon("chevron-up" if back else "chevron-down")
        # Hidden it keeps its place: otherwise what is told would get less room because it has too little.
        self.more.setVisible(self._scroll.verticalScrollBar().maximum() > 0)

    def show_detail(self, detail: ItemDetail | None, *, busy: bool) -> None:
        """Show an item; None hides the card."""
        self.setVisible(detail is not None)
        for place, button in enumerate(self.choices):
            offered = detail is not None and place < len(detail.choices)
            button.setVisible(offered)
            button.setEnabled(not busy)
            if offered and detail is not None:
                button.setText(detail.choices[place][1])
        if detail is None or detail == self._shown:
            return
        self._shown = detail
        self._title.setText(detail.title)
        self._told.setText(detail.told)
        self._settled.setText(detail.settled)
        self._settled.setVisible(bool(detail.settled))
        while (item := self._sides.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for side in detail.sides:
            self._sides.addWidget(SideCard(side), 1)
        self._scroll.verticalScrollBar().setValue(0)


class LeftCard(Card):
    """Goods that only this till has."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__(margin=16, spacing=8)
        self.setObjectName("sync_left")
        self._title, self._named = Words("", "strong", wrap=True), ElidedWords("", "muted")
        self.bring = KeyButton(translate("sync.left.bring"), keys["bring"]).keep_focus_away()
        self.stop = KeyButton(translate("sync.left.stop"), keys["stop"], kind="danger").keep_focus_away()
        self.bring.setObjectName("sync_bring")
        self.stop.setObjectName("sync_stop")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconMark("package", "warning", 24), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._named)
        row.addLayout(words, 1)
        row.addWidget(self.bring)
        row.addWidget(self.stop)
        self.body.addLayout(row)

    def show_left(self, left: LeftState | None, *, busy: bool) -> None:
        """Show the goods; None hides the card."""
        self.setVisible(left is not None)
        if left is not None:
            self._title.setText(left.title)
            self._named.setText(left.named)
        for button in (self.bring, self.stop):
            button.setEnabled(not busy)


class DeskView(QWidget):
    """The desk."""

    def __init__(self, keys: dict[str, str], choice_keys: tuple[str, ...]) -> None:
        super().__init__()
        self.setObjectName("sync_desk")
        self.open_chip, self.settled_chip = FilterChip(""), FilterChip("")
        self.open_chip.setObjectName("sync_open_chip")
        self.settled_chip.setObjectName("sync_settled_chip")
        for chip in (self.open_chip, self.settled_chip):
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._note = ElidedWords("", "body", "success")
        self._note.setObjectName("sync_note")
        self._problem = Words("", "body", "danger", wrap=True)
        self._problem.setObjectName("sync_problem")
        label = translate("sync.action.take_back")
        self.take_back = KeyButton(label, keys["take_back"], icon="undo-2").keep_focus_away()
        self.take_back.setObjectName("sync_take_back")
        self.left = LeftCard(keys)
        self._empty = EmptyState("circle-check", "")
        # A list without rows is hidden, and what is hidden must not have the focus.
        self._empty.setObjectName("sync_nothing")
        self._empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list = _list(self._empty)
        self.detail = DetailCard(choice_keys, (keys["read_on"], keys["read_back"]))
        self._lay_out()
        self.setFocusProxy(self._empty)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(self.left)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Words(translate("sync.desk.title"), "heading"))
        row.addSpacing(8)
        row.addWidget(self.open_chip)
        row.addWidget(self.settled_chip)
        row.addSpacing(8)
        row.addWidget(self._note, 1)
        row.addWidget(self.take_back)
        outer.addLayout(row)
        outer.addWidget(self._problem)
        both = QHBoxLayout()
        both.setSpacing(16)
        card = list_card(self.list)
        card.setMinimumWidth(_LIST_PX)
        both.addWidget(card, 2)
        self.detail.setMinimumHeight(_DETAIL_PX)
        both.addWidget(self.detail, 3)
        outer.addLayout(both, 1)

    def show_state(self, state: DeskState, place: int) -> None:
        """Draw the state; `place` is that of the item in hand."""
        self.left.show_left(state.left, busy=state.busy)
        self.open_chip.setText(translate("sync.desk.open", count=format_count(state.open_count)))
        self.settled_chip.setText(translate("sync.desk.done", count=format_count(state.settled_count)))
        self.open_chip.setChecked(not state.settled)
        self.settled_chip.setChecked(state.settled)
        self._note.setText(state.note)
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        in_hand = state.detail is not None and bool(state.detail.settled)
        self.take_back.setVisible(state.undoable or in_hand)
        self.take_back.setEnabled(not state.busy)
        which = "no_settled" if state.settled else "nothing"
        if state.read:
            self._empty.set_words(translate(f"sync.desk.{which}"), translate(f"sync.desk.{which}_text"))
        self._fill([_row(row) for row in state.rows])
        if place >= 0:
            self.list.set_current(place)
        self.detail.show_detail(state.detail, busy=state.busy)

    def _fill(self, rows: list[Row]) -> None:
        """Show rows; the focus goes between the list and what stands in its place."""
        had = self.window().focusWidget() in (self.list.view, self._empty)
        self.list.set_rows(rows)
        self.setFocusProxy(self.list.view if rows else self._empty)
        if had:
            self.setFocus()


def _list(empty: EmptyState) -> RowList:
    columns = (
        Column("what", translate("sync.column.what")),
        Column("age", translate("sync.column.age"), 120, right=True),
    )
    made = RowList("sync_items", columns, empty)
    made.setAccessibleName(translate("sync.desk.title"))
    return made


def _row(row: ItemRow) -> Row:
    under = " · ".join(part for part in (row.who, row.shops) if part)
    return Row(row.item_id, (Cell(row.title, under=under), Cell(row.age, "muted")))
