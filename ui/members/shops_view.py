"""The tab "all shops" and the form that merges two members, as widgets.

Decides lay-out only; shows the words it is given.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card, EmptyState
from ui.kit.fields import Field, NameEdit
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.members.everywhere import Asked, Everywhere, Merging
from ui.members.tab_views import Rows, purchase_row, purchases_list, scrolled

_HEAD_PX, _ROW_PX = 34, 44
_LOOKS_MS = 5_000
_MOST_ROWS = 5
_FOUND_ROWS = 3


class Watch(QTimer):
    """Looks now and then, while its page is in front, what came in of the member on the card."""

    def __init__(self, page: QWidget, look: Callable[[], None]) -> None:
        super().__init__(page)
        self.timeout.connect(lambda: look() if page.isVisible() else None)

    def begin(self) -> None:
        """Look from now on."""
        self.start(_LOOKS_MS)


class ShopsView(Card):
    """What all shops know of a member."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=12)
        self.setObjectName("members_all_shops")
        self.ask = KeyButton(translate("members.action.ask_online"), icon="cloud").keep_focus_away()
        self.merge = KeyButton(
            translate("members.action.merge"), icon="users", kind="quiet"
        ).keep_focus_away()
        self.unmerge = KeyButton(translate("members.action.unmerge"), kind="quiet").keep_focus_away()
        for name, button in (("ask", self.ask), ("merge", self.merge), ("unmerge", self.unmerge)):
            button.setObjectName(f"members_{name}_button")
        self._told = Words("", "muted", wrap=True)
        self._told.setObjectName("members_online_told")
        self._merged = Words("", "body", wrap=True)
        self._merged.setObjectName("members_merged")
        self.sales = purchases_list()
        self.sales.setObjectName("members_online_sales")
        self._shops = Rows(
            translate("members.everywhere.shops"), translate("members.everywhere.none"), (4, 3, 4)
        )
        self._months = Rows(
            translate("members.everywhere.months"), translate("members.everywhere.none"), (4, 3, 4)
        )
        self._changes = Rows(
            translate("members.everywhere.changes"), translate("members.everywhere.none"), (4, 5, 4)
        )
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in (self.ask, self.merge, self.unmerge):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(20)
        for part in (self._told, self.sales, self._merged, self._shops, self._months, self._changes):
            column.addWidget(part)
        column.addStretch(1)
        self.body.addWidget(scrolled(body), 1)

    def show_everywhere(self, shown: Everywhere | None, *, may_settle: bool) -> None:
        """Show a member's record; None while it is read."""
        empty = shown is None
        told = translate("members.everywhere.reading") if shown is None else shown.told
        self._told.setText(told)
        self._told.setVisible(bool(told))
        self._told.set_tone("warning" if shown is not None and shown.asked is Asked.FAILED else "muted")
        self.ask.setEnabled(shown is not None and shown.asked is not Asked.WAITING)
        self.merge.setVisible(may_settle)
        self.unmerge.setVisible(may_settle and shown is not None and bool(shown.also))
        self.sales.setVisible(shown is not None and bool(shown.sales))
        for part in (self._shops, self._months, self._changes):
            part.setVisible(not empty)
        self._merged.setText("" if shown is None else shown.merged)
        self._merged.setVisible(shown is not None and bool(shown.merged))
        if shown is not None:
            self.sales.set_rows([purchase_row(row) for row in shown.sales])
            self.sales.setFixedHeight(_height(len(shown.sales), _MOST_ROWS))
            self._shops.show_lines(shown.shops)
            self._months.show_lines(shown.months)
            self._changes.show_lines(shown.changes)


class MergeForm(Card):
    """Finding the other of two, and both beside each other."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=12)
        self.setObjectName("members_merge_form")
        self.text = NameEdit("members_merge_text")
        self.found = _found_list()
        self._grid = QGridLayout()
        self._told = Words(translate("members.merge.told"), "muted", wrap=True)
        self._shown = Merging()
        self._body = QWidget()
        self.body.addWidget(Words(translate("members.merge.title"), "strong", wrap=True))
        self.body.addWidget(Field(translate("members.merge.search"), self.text))
        self.body.addWidget(self.found)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        for place, share in enumerate((3, 4, 4, 4)):
            self._grid.setColumnStretch(place, share)
        column.addLayout(self._grid)
        column.addWidget(self._told)
        column.addStretch(1)
        self._scroll = scrolled(self._body)
        self.body.addWidget(self._scroll, 1)

    def first(self) -> QWidget:
        """Return the first field."""
        return self.text

    def show_merging(self, shown: Merging) -> None:
        """Show who was found, and the two beside each other."""
        if self.text.text() != shown.text:
            self.text.blockSignals(True)
            self.text.setText(shown.text)
            self.text.blockSignals(False)
        empty = self.found.empty
        assert isinstance(empty, EmptyState)
        empty.set_words(shown.nobody or translate("members.merge.who"))
        self.found.set_rows([Row(one, (Cell(name), Cell(seen, "muted"))) for one, name, seen in shown.rows])
        # Without anybody the place says what to do, which takes as much room as three rows.
        self.found.setFixedHeight(_height(len(shown.rows) or _FOUND_ROWS, _FOUND_ROWS))
        self._scroll.setVisible(shown.chosen is not None)
        if shown != self._shown:
            self._shown = shown
            self._fill(shown)

    def _fill(self, shown: Merging) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        heads = (
            "",
            translate("members.merge.here"),
            translate("members.merge.there"),
            translate("members.merge.holds"),
        )
        lines = [(line.field, line.here, line.there, line.holds) for line in shown.fields]
        top = Qt.AlignmentFlag.AlignTop
        for column, head in enumerate(heads):
            self._grid.addWidget(Words(head, "secondary"), 0, column, top)
        for row, line in enumerate(lines, start=1):
            for column, words in enumerate(line):
                role = {0: "muted", 3: "strong"}.get(column, "body")
                self._grid.addWidget(Words(words, role, wrap=True), row, column, top)  # type: ignore[arg-type]


def _found_list() -> RowList:
    columns = (
        Column("name", translate("members.column.name")),
        Column("seen", translate("members.column.last_visit"), 136),
    )
    made = RowList("members_merge_found", columns, EmptyState("users", translate("members.merge.who")))
    made.setAccessibleName(translate("members.merge.search"))
    return made


def _height(rows: int, most: int) -> int:
    """Return the px that so many rows take with their head, at most those of `most`."""
    return _HEAD_PX + _ROW_PX * max(1, min(rows, most))
