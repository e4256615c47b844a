"""The right side while selling: the member, the sums, what is due, and the way to Pay; after it, the change.

Decides how they are laid out. Holds no decision of selling.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.values.money import Currency
from pos_app.words import translate
from ui.kit.buttons import BigButton
from ui.kit.cards import divider
from ui.kit.labels import AmountLabel, ElidedWords, Words
from ui.sales.state import DoneView, Totals

_MOST_PARTS = 6


class BillPanel(QWidget):
    """The sums of the cart, or the change of the sale that was just paid."""

    def __init__(self, currency: Currency, key: str) -> None:
        super().__init__()
        self._currency = currency
        self._shown: tuple[Totals, tuple[str, ...], DoneView | None] | None = None
        self.pay = BigButton(translate("sales.action.pay"), key)
        self.pay.setObjectName("pay_button")
        self.pay.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        # Laid into the panel before it is filled: a widget without one flashes up as a window and takes the keys.
        self._layers = QStackedLayout()
        layout.addLayout(self._layers, 1)
        self._layers.addWidget(self._sums())
        self._layers.addWidget(self._after())
        layout.addWidget(self.pay)

    def _sums(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._marks = Words("", "muted", wrap=True)
        self._marks.setObjectName("marks")
        self._count = Words("", "muted")
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        self._parts = [(ElidedWords("", "muted"), AmountLabel()) for _ in range(_MOST_PARTS)]
        for place, (words, amount) in enumerate(self._parts):
            grid.addWidget(words, place, 0)
            grid.addWidget(amount, place, 1)
        due_words = Words(translate("sales.total.due"), "heading")
        self._due = AmountLabel("due")
        self._due.setObjectName("due")
        layout.addWidget(self._marks)
        layout.addStretch(1)
        layout.addWidget(self._count)
        layout.addLayout(grid)
        layout.addWidget(divider())
        layout.addWidget(due_words)
        layout.addWidget(self._due)
        return page

    def _after(self) -> QWidget:
        page = QWidget()
        page.setObjectName("change_card")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._change_words = Words(translate("sales.done.change"), "heading")
        self._change = AmountLabel("due", "primary")
        self._change.setObjectName("change")
        self._paid = Words("", "emphasis", wrap=True)
        self._number = Words("", "muted")
        self._note = Words("", "muted", wrap=True)
        layout.addStretch(1)
        layout.addWidget(self._change_words)
        layout.addWidget(self._change)
        layout.addWidget(divider())
        for label in (self._paid, self._note, self._number):
            layout.addWidget(label)
        self._papers = QHBoxLayout()
        self._papers.setSpacing(8)
        layout.addLayout(self._papers)
        layout.addStretch(2)
        return page

    def offer(self, buttons: Sequence[QWidget]) -> None:
        """Put what can be done with the receipt under the change."""
        for button in buttons:
            self._papers.addWidget(button)
        self._papers.addStretch(1)

    def show_bill(self, totals: Totals, marks: tuple[str, ...], done: DoneView | None) -> None:
        """Show the sums of the cart, or the change of the sale just paid."""
        if (totals, marks, done) == self._shown:
            return
        self._shown = (totals, marks, done)
        self._layers.setCurrentIndex(1 if done is not None else 0)
        if done is not None:
            self._show_done(done)
        self._marks.setText("\n".join(marks))
        self._marks.setVisible(bool(marks))
        self._count.setText(totals.count)
        self._due.set_amount(totals.due, self._currency)
        self.pay.setEnabled(totals.may_pay)
        parts = totals.parts if totals.may_pay else ()
        for place, (words, amount) in enumerate(self._parts):
            there = place < len(parts)
            words.setText(parts[place][0] if there else "")
            amount.setText(parts[place][1] if there else "")
            words.setVisible(there)
            amount.setVisible(there)

    def _show_done(self, done: DoneView) -> None:
        self._change.set_amount(done.change, self._currency)
        self._paid.setText(done.paid)
        self._number.setText(translate("sales.done.number", number=done.number))
        self._note.setText(done.note)
        self._note.setVisible(bool(done.note))
