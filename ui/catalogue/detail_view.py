"""One of the goods: a card at the top with its picture, below it a section each for what is told of it.

Decides nothing; shows the words it is given.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import format_count, translate
from ui.catalogue.goods import Detail, Flag, Item
from ui.catalogue.state import State, Tab
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, list_card
from ui.kit.icons import icon_pixmap
from ui.kit.labels import Chip, ElidedWords, Words
from ui.kit.lists import Cell, CellTone, Column, Row, RowList

_INK: dict[str, CellTone] = {"plain": "muted", "warning": "warning", "danger": "danger"}
_PER_ROW = 4
_WIDE = {Tab.FACTS: 320, Tab.FLAGS: 200}
PICTURE_PX = 96
_ACTIONS = (
    ("edit", "catalogue.action.edit", "pencil"),
    ("add", "catalogue.action.add", "plus"),
    ("into", "catalogue.action.into", "chevron-right"),
    ("next_tab", "catalogue.page.next_tab", ""),
    ("print", "catalogue.action.print_labels", "printer"),
    ("picture", "catalogue.action.picture", "upload"),
    ("paste", "catalogue.action.paste", "inbox"),
    ("receipt", "catalogue.action.receipt", "receipt-text"),
    ("no_picture", "catalogue.action.no_picture", "trash-2"),
)


class DetailView(QWidget):
    """What is told of one variant."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("catalogue_detail")
        self._shown: Detail | None = None
        self._picture_shown: bytes | None = None
        self.buttons: dict[str, KeyButton] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                "package", translate("catalogue.page.choose_title"), translate("catalogue.page.choose_text")
            )
        )
        self._stack.addWidget(self._filled())
        outer.addWidget(self._stack)

    def _filled(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._top())
        layout.addLayout(self._tab_row())
        layout.addWidget(self._tab_pages(), 1)
        layout.addLayout(self._action_row())
        return page

    def _top(self) -> Card:
        card = Card(spacing=6)
        across = QHBoxLayout()
        across.setSpacing(16)
        self._picture = QLabel()
        self._picture.setObjectName("catalogue_picture")
        self._picture.setFixedSize(PICTURE_PX, PICTURE_PX)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        across.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        self._name = Words("", "heading", wrap=True)
        self._price, self._told = Words("", "emphasis", "primary"), ElidedWords("", "muted")
        self._marks = QVBoxLayout()
        self._marks.setSpacing(6)
        for widget in (self._name, self._price, self._told):
            words.addWidget(widget)
        words.addLayout(self._marks)
        words.addStretch(1)
        across.addLayout(words, 1)
        card.body.addLayout(across)
        return card

    def _tab_row(self) -> QHBoxLayout:
        self.group = QButtonGroup(self)
        self._tabs: dict[Tab, FilterChip] = {}
        row = QHBoxLayout()
        row.setSpacing(4)
        for place, tab in enumerate(Tab):
            chip = FilterChip("")
            chip.setObjectName(f"catalogue_tab_{tab.value}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.group.addButton(chip, place)
            self._tabs[tab] = chip
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _tab_pages(self) -> QStackedWidget:
        self._pages = QStackedWidget()
        self.lists: dict[Tab, RowList] = {}
        for tab in Tab:
            columns = (
                Column("code", translate(f"catalogue.page.column_{tab.value}")),
                Column(
                    "right", translate(f"catalogue.page.right_{tab.value}"), _WIDE.get(tab, 168), right=True
                ),
            )
            empty = EmptyState("inbox", translate(f"catalogue.page.none_{tab.value}"))
            self.lists[tab] = RowList(f"catalogue_{tab.value}", columns, empty)
            self._pages.addWidget(list_card(self.lists[tab]))
        return self._pages

    def _action_row(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(0)
        # What few goods have stands in a row of its own, which is not there without it: more in one row cuts words.
        for part in (_ACTIONS[:4], _ACTIONS[4:7], _ACTIONS[7:]):
            row = QHBoxLayout()
            row.setSpacing(4)
            for name, code, icon in part:
                button = KeyButton(translate(code), icon=icon, kind="quiet").keep_focus_away()
                button.setObjectName(f"catalogue_{name}")
                self.buttons[name] = button
                row.addWidget(button)
            row.addStretch(1)
            rows.addLayout(row)
        return rows

    def list_of(self, tab: Tab) -> RowList:
        """Return the rows of a section."""
        return self.lists[tab]

    def show_state(self, state: State, *, prints: bool, opens: bool) -> None:
        """Show goods, or what belongs here; `prints` and `opens` when labels and receipts have a page to go to."""
        self.buttons["print"].setVisible(prints)
        detail = state.detail
        self._stack.setCurrentIndex(0 if detail is None else 1)
        if detail is None:
            self._shown = None
            return
        if detail != self._shown:
            self._show(detail)
        self._tabs[state.tab].setChecked(True)
        self._pages.setCurrentIndex(list(Tab).index(state.tab))
        lists = state.tab in (Tab.PRICES, Tab.PIECES, Tab.BATCHES)
        for name in ("edit", "picture", "paste"):
            self.buttons[name].setVisible(state.may_edit)
        self.buttons["add"].setVisible(state.may_edit and lists)
        self.buttons["into"].setVisible(bool(self.lists[state.tab].rows()))
        self.buttons["no_picture"].setVisible(state.may_edit and detail.picture is not None)
        sold = state.tab is Tab.PIECES and any(item.receipt for item in detail.pieces)
        self.buttons["receipt"].setVisible(opens and sold)

    def _show(self, detail: Detail) -> None:
        self._shown = detail
        self._name.setText(detail.name)
        self._price.setText(detail.price)
        self._told.setText(detail.told)
        self._show_picture(detail.picture)
        self._show_marks(detail.marks)
        for tab in Tab:
            rows: tuple[Item, ...] = getattr(detail, tab.value)
            words = translate(f"catalogue.page.tab_{tab.value}")
            counted = bool(rows) and tab not in _WIDE
            self._tabs[tab].setText(f"{words} {format_count(len(rows))}" if counted else words)
            self.lists[tab].set_rows([_row(place, item) for place, item in enumerate(rows)])

    def _show_picture(self, content: bytes | None) -> None:
        scale = self.devicePixelRatioF()
        if content is None:
            self._picture.setPixmap(icon_pixmap("package", "disabled", 48, scale))
        elif content != self._picture_shown:
            picture = QPixmap()
            picture.loadFromData(content)
            size = QSize(PICTURE_PX, PICTURE_PX) * scale
            picture = picture.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            picture.setDevicePixelRatio(scale)
            self._picture.setPixmap(picture)
        self._picture_shown = content

    def _show_marks(self, flags: Sequence[Flag]) -> None:
        while (item := self._marks.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for start in range(0, len(flags), _PER_ROW):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            for flag in flags[start : start + _PER_ROW]:
                mark = {"danger": "circle-alert", "warning": "triangle-alert"}.get(flag.tone, "")
                row.addWidget(Chip(flag.words, flag.tone, mark))
            row.addStretch(1)
            self._marks.addWidget(line)


def _row(place: int, item: Item) -> Row:
    ink = _INK[item.tone]
    right = (
        Cell(item.right, strong=True, under=item.state, under_tone=ink)
        if item.right
        else Cell(item.state, ink)
    )
    return Row(place, (Cell(item.code, under=item.facts), right))
