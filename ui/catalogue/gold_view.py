"""The form of today's gold prices per gram, a field a fineness.

Decides nothing; hands over what was typed and shows what is wrong under each field.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.catalogue.state import GoldRow
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, list_card
from ui.kit.fields import AmountEdit, Field
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList


class _GoldEdit(AmountEdit):
    """A field that says when the focus comes."""

    def __init__(self, name: str, entered: Callable[[], None]) -> None:
        super().__init__(name, placeholder="0.00")
        self._entered = entered

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._entered()


class GoldView(QWidget):
    """Today's price of each fineness."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("catalogue_gold_form")
        self._change: Callable[[Mapping[str, str]], None] = lambda _texts: None
        self._filling = False
        self.entered: Callable[[str], None] = lambda _fineness: None
        self.edits: dict[str, AmountEdit] = {}
        self._fields: dict[str, Field] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.setSpacing(12)
        outer.addWidget(Words(translate("catalogue.page.gold_title"), "title"))
        outer.addWidget(Words(translate("catalogue.page.gold_told"), "muted", wrap=True))
        body = QWidget()
        self._rows = QGridLayout(body)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(12)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(scroll, 1)
        self.history = _history()
        outer.addWidget(list_card(self.history), 1)
        self.yesterday = KeyButton(translate("catalogue.page.gold_copy"), icon="history")
        self.yesterday.setObjectName("catalogue_gold_copy")
        self.cancel = KeyButton(translate("common.action.cancel"))
        self.save = KeyButton(translate("common.action.save"), kind="primary")
        self.cancel.setObjectName("catalogue_gold_cancel")
        self.save.setObjectName("catalogue_gold_save")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.yesterday)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        outer.addLayout(row)

    def bind(
        self, change: Callable[[Mapping[str, str]], None], save: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        """Let the form ask for what it says."""
        self._change = change
        self.save.clicked.connect(save)
        self.cancel.clicked.connect(leave)

    def show_history(self, rows: Sequence[tuple[str, str, str]], *, missing: bool) -> None:
        """Show the prices that were set: day, price, by whom; `missing` when yesterday's can hold today."""
        self.yesterday.setVisible(missing)
        self.history.set_rows(
            [
                Row(place, (Cell(day, under=who), Cell(price, strong=True)))
                for place, (day, price, who) in enumerate(rows)
            ]
        )

    def show_keys(self, save: str, leave: str, copy: str) -> None:
        """Show the keys on the buttons."""
        self.yesterday.set_key(copy)
        self.save.set_key(save)
        self.cancel.set_key(leave)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter goes on to the next field; only Ctrl+Enter saves.
        if event.key() in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
            self.focusNextChild()
            event.accept()
            return
        super().keyPressEvent(event)

    def show_rows(self, rows: tuple[GoldRow, ...], *, busy: bool, fresh: bool) -> None:
        """Show the prices; `fresh` when the form has just been opened: then the first field gets the focus."""
        if [row.fineness for row in rows] != list(self.edits):
            self._make(rows)
        self._filling = True
        for row in rows:
            edit = self.edits[row.fineness]
            if edit.text() != row.text:
                edit.setText(row.text)
            self._fields[row.fineness].set_error(row.fault)
        self._filling = False
        self.save.setEnabled(not busy)
        if fresh and rows:
            first = self.edits[rows[0].fineness]
            first.setFocus()
            first.selectAll()

    def _make(self, rows: tuple[GoldRow, ...]) -> None:
        for field in self._fields.values():
            field.hide()
            field.deleteLater()
        self.edits, self._fields = {}, {}
        for place, row in enumerate(rows):
            edit = _GoldEdit(f"catalogue_gold_{place}", partial(self.entered, row.fineness))
            label = translate("catalogue.page.gold_field", fineness=row.fineness)
            field = Field(label, edit, hint=row.hint)
            edit.textChanged.connect(lambda _text: self._changed())
            self.edits[row.fineness], self._fields[row.fineness] = edit, field
            self._rows.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)

    def _changed(self) -> None:
        if not self._filling:
            self._change({fineness: edit.text() for fineness, edit in self.edits.items()})


def _history() -> RowList:
    columns = (
        Column("day", translate("catalogue.page.gold_history")),
        Column("price", translate("common.word.price"), 160, right=True),
    )
    empty = EmptyState("history", translate("catalogue.page.gold_history_none"))
    made = RowList("catalogue_gold_history", columns, empty, focusable=False)
    made.setAccessibleName(translate("catalogue.page.gold_history"))
    return made
