"""The request at hand: how it stands, what to do next, what was asked, its lines, and what can be done.

Decides how it is laid out. Holds no decision.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.invoices.page_keys import DEEDS
from ui.invoices.state import Deed, Detail
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, Panel, divider
from ui.kit.labels import ElidedWords, Words

_KINDS = {Deed.WITHDRAW: "danger", Deed.NUMBER: "primary", Deed.RED_NUMBER: "primary"}


class DetailPanel(Panel):
    """The right side of the list."""

    def __init__(self, keys: Mapping[Deed, str], act: Callable[[Deed], None]) -> None:
        super().__init__()
        self.setObjectName("invoices_detail")
        self._shown: Detail | None = None
        self._receipt, self._state = Words("", "heading"), Words("", "strong")
        self._amount = Words("", "total")
        self._hint = Words("", "muted", wrap=True)
        self._grid_holder = QWidget()
        self._grid = QGridLayout(self._grid_holder)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self.buttons: dict[Deed, KeyButton] = {}
        self._filled = QWidget()
        self._fill_frame(keys, act)
        self._empty = EmptyState(
            "file-text", translate("invoices.detail.none"), translate("invoices.detail.none_text")
        )
        self.body.addWidget(self._filled, 1)
        self.body.addWidget(self._empty, 1)

    def _fill_frame(self, keys: Mapping[Deed, str], act: Callable[[Deed], None]) -> None:
        top = QGridLayout()
        top.addWidget(self._receipt, 0, 0)
        top.addWidget(self._state, 0, 1, Qt.AlignmentFlag.AlignRight)
        top.addWidget(self._amount, 1, 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        inner = QVBoxLayout(self._filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addLayout(top)
        inner.addWidget(self._hint)
        inner.addWidget(divider())
        inner.addWidget(self._scrolled(), 1)
        for deed, action in DEEDS.items():
            kind = _KINDS.get(deed, "plain")
            button = KeyButton(translate(action.label), keys[deed], kind=kind)  # type: ignore[arg-type]
            button.setObjectName(f"invoices_do_{deed}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, deed=deed: act(deed))
            self.buttons[deed] = button
            inner.addWidget(button)

    def _scrolled(self) -> QScrollArea:
        """Return what was asked and the lines, in a place that scrolls where a sale has many."""
        scroll = QScrollArea()
        scroll.setObjectName("invoices_detail_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grid_holder)
        column.addStretch(1)
        scroll.setWidget(holder)
        return scroll

    def show_detail(self, detail: Detail | None) -> None:
        """Draw the request at hand."""
        self._filled.setVisible(detail is not None)
        self._empty.setVisible(detail is None)
        if detail is None or detail == self._shown:
            return
        self._shown = detail
        self._receipt.setText(detail.receipt)
        self._state.setText(detail.state)
        self._state.set_tone(detail.tone)
        self._amount.setText(detail.amount)
        self._hint.setText(detail.hint)
        for deed, button in self.buttons.items():
            button.setVisible(deed in detail.deeds)
        self._fill(detail)

    def _fill(self, detail: Detail) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        row = 0
        for words, value in detail.told:
            self._grid.addWidget(Words(words, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(Words(value, wrap=True), row, 1)
            row += 1
        if detail.lines:
            self._grid.addWidget(divider(), row, 0, 1, 2)
            row += 1
        for name, amount in detail.lines:
            line = QGridLayout()
            line.setColumnStretch(0, 1)
            line.addWidget(ElidedWords(name), 0, 0)
            line.addWidget(Words(amount), 0, 1, Qt.AlignmentFlag.AlignRight)
            holder = QWidget()
            line.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(line)
            self._grid.addWidget(holder, row, 0, 1, 2)
            row += 1
