"""One of the goods: a card at the top, below it barcodes, pieces and batches, a tab each.

Decides nothing; shows the words it is given.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.catalogue.goods import Detail, Flag, Item
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, list_card
from ui.kit.labels import Chip, Words
from ui.kit.lists import Cell, CellTone, Column, Row, RowList

_TABS = ("barcodes", "pieces", "batches")
_INK: dict[str, CellTone] = {"plain": "muted", "warning": "warning", "danger": "danger"}
_PER_ROW = 3


class DetailView(QWidget):
    """What is told of one variant."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("catalogue_detail")
        self._shown: Detail | None = None
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
        card = Card(spacing=6)
        self._name = Words("", "title", wrap=True)
        self._price, self._told = Words("", "heading", "primary"), Words("", "muted", wrap=True)
        self._flags = QVBoxLayout()
        self._flags.setSpacing(6)
        for widget in (self._name, self._price, self._told):
            card.body.addWidget(widget)
        card.body.addLayout(self._flags)
        layout.addWidget(card)
        layout.addLayout(self._tab_row())
        layout.addWidget(self._tab_pages(), 1)
        return page

    def _tab_row(self) -> QHBoxLayout:
        self._group = QButtonGroup(self)
        self._tabs: dict[str, FilterChip] = {}
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, name in enumerate(_TABS):
            chip = FilterChip("")
            chip.setObjectName(f"catalogue_tab_{name}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(chip, place)
            self._tabs[name] = chip
            row.addWidget(chip)
        self.next_tab = KeyButton("", icon="chevron-right", kind="quiet").keep_focus_away()
        self.next_tab.setObjectName("catalogue_next_tab")
        self.next_tab.clicked.connect(self.turn)
        row.addStretch(1)
        row.addWidget(self.next_tab)
        self._group.idClicked.connect(lambda place: self._pages.setCurrentIndex(place))
        return row

    def _tab_pages(self) -> QStackedWidget:
        self._pages = QStackedWidget()
        self.lists: dict[str, RowList] = {}
        for name in _TABS:
            columns = (
                Column("code", translate(f"catalogue.page.column_{name}")),
                Column("right", translate(f"catalogue.page.right_{name}"), 132, right=True),
            )
            empty = EmptyState("scan-barcode", translate("catalogue.page.nothing_here"))
            self.lists[name] = RowList(f"catalogue_{name}", columns, empty, focusable=False)
            self._pages.addWidget(list_card(self.lists[name]))
        return self._pages

    def show_key(self, key: str) -> None:
        """Show the key that turns to the next tab."""
        self.next_tab.set_key(key)
        self.next_tab.setAccessibleName(translate("catalogue.page.next_tab"))

    def turn(self) -> None:
        """Show the next tab that has something, the first after the last."""
        places = [place for place, name in enumerate(_TABS) if not self._tabs[name].isHidden()]
        later = [place for place in places if place > self._pages.currentIndex()]
        place = (later or places)[0]
        self._tabs[_TABS[place]].setChecked(True)
        self._pages.setCurrentIndex(place)

    def show_detail(self, detail: Detail | None) -> None:
        """Show goods, or what belongs here."""
        self._stack.setCurrentIndex(0 if detail is None else 1)
        if detail is None or detail == self._shown:
            self._shown = detail
            return
        self._shown = detail
        self._name.setText(detail.name)
        self._price.setText(detail.price)
        self._told.setText(detail.told)
        self._show_flags(detail.flags)
        items = {name: getattr(detail, name) for name in _TABS}
        for name, its in items.items():
            self._tabs[name].setText(translate(f"catalogue.page.tab_{name}", count=len(its)))
            self._tabs[name].setVisible(bool(its) or name == "barcodes")
            self.lists[name].set_rows([_row(item) for item in its])
        # Goods of single pieces are looked up for their pieces: that tab is in front.
        front = "pieces" if detail.pieces else "batches" if detail.batches else "barcodes"
        self._tabs[front].setChecked(True)
        self._pages.setCurrentIndex(_TABS.index(front))

    def _show_flags(self, flags: Sequence[Flag]) -> None:
        while (item := self._flags.takeAt(0)) is not None:
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
            self._flags.addWidget(line)


def _row(item: Item) -> Row:
    ink = _INK[item.tone]
    right = (
        Cell(item.right, strong=True, under=item.state, under_tone=ink)
        if item.right
        else Cell(item.state, ink)
    )
    return Row(item.code, (Cell(item.code, under=item.facts), right))
