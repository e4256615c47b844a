"""The page of payments on the screen: the list, and the attempt at hand with what can be done.

Decides lay-out only.
"""

from functools import partial

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, PageHead, Panel, divider, list_card
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.payments.presenter import PaymentsPresenter
from ui.payments.runner import PaymentRunner
from ui.payments.state import Deed, Detail, State
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext, ScreenId

PAYMENTS = ScreenId("payments")
DEEDS = {
    Deed.ASK: Action("payments.ask", "F5", "payments.act.ask"),
    Deed.SEND: Action("payments.send", "F5", "payments.act.send"),
    Deed.REVERSE: Action("payments.reverse", "F6", "payments.act.reverse"),
    Deed.HAND_PAID: Action("payments.hand_paid", "F7", "payments.act.hand_paid"),
    Deed.HAND_REFUSED: Action("payments.hand_refused", "F8", "payments.act.hand_refused"),
    Deed.HAND_REVERSED: Action("payments.hand_reversed", "F7", "payments.act.hand_reversed"),
    Deed.HAND_REFUNDED: Action("payments.hand_refunded", "F7", "payments.act.hand_refunded"),
}
_KINDS = {Deed.ASK: "primary", Deed.SEND: "primary"}


class PaymentsPage(QWidget):
    """Shows the states of `PaymentsPresenter`."""

    def __init__(self, context: ScreenContext, runner: PaymentRunner) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self.presenter = PaymentsPresenter(counter, runner, self.show_state)
        self._head = PageHead(translate("payments.page.title"), translate("payments.page.under"))
        self._count = Words("", "muted")
        self._count.setObjectName("payments_count")
        self._head.add(self._count)
        self._said = Words("", "body", wrap=True)
        self._said.setObjectName("payments_said")
        self.list = RowList("payments_list", _columns(), _empty())
        self.list.setAccessibleName(translate("payments.page.title"))
        self.detail = DetailPanel({deed: self._shell.keys.key_of(action) for deed, action in DEEDS.items()})
        self._lay_out()
        for deed, action in DEEDS.items():
            self._shell.keys.bind(
                PAYMENTS, action, partial(self._act, deed), partial(self.presenter.can, deed)
            )
            self.detail.buttons[deed].clicked.connect(partial(self._act, deed))
        self.list.moved.connect(self.presenter.mark)
        self.destroyed.connect(self.presenter.close)
        self.setFocusProxy(self.list)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        row = QHBoxLayout()
        row.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(24, 0, 24, 16)
        left.setSpacing(12)
        left.addWidget(self._said)
        left.addWidget(list_card(self.list), 1)
        row.addLayout(left, 1)
        row.addWidget(self.detail)
        outer.addLayout(row, 1)

    def opened(self, args: object) -> None:
        """Show the list as it is now."""
        self.presenter.opened()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self.presenter.left()
        super().hideEvent(event)

    def _act(self, deed: Deed, _checked: bool = False) -> None:
        text = self.presenter.question(deed)
        if not text:
            self.presenter.act(deed)
            return
        question = Question(translate(DEEDS[deed].label), text, translate(DEEDS[deed].label), final=True)
        self._shell.dialogs.ask(question, lambda yes: self.presenter.act(deed) if yes else None)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._count.setText(state.count)
        self._said.setText(state.said)
        self._said.set_tone("danger" if state.failed else "success")
        self._said.setVisible(bool(state.said))
        self.list.set_rows(
            [
                Row(
                    x.attempt,
                    (
                        Cell(x.time, "muted"),
                        Cell(x.what, under=x.number),
                        Cell(x.amount, strong=True),
                        Cell(x.state, x.tone, under=x.under),
                    ),
                )
                for x in state.rows
            ]
        )
        if self.list.view.currentIndex().row() != state.current:
            self.list.set_current(state.current)
        self.detail.show_detail(state.detail)


class DetailPanel(Panel):
    """The attempt at hand."""

    def __init__(self, keys: dict[Deed, str]) -> None:
        super().__init__()
        self.setObjectName("payments_detail")
        self._title = Words("", "heading", wrap=True)
        self._amount = Words("", "total")
        self._state = Words("", "strong")
        self._state.setObjectName("payments_state")
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._hint = Words("", "muted", wrap=True)
        self.buttons: dict[Deed, KeyButton] = {}
        self._filled = QWidget()
        inner = QVBoxLayout(self._filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        for widget in (self._title, self._amount, self._state, divider()):
            inner.addWidget(widget)
        inner.addLayout(self._grid)
        inner.addStretch(1)
        inner.addWidget(self._hint)
        for deed, action in DEEDS.items():
            button = KeyButton(translate(action.label), keys[deed], kind=_KINDS.get(deed, "plain"))  # type: ignore[arg-type]
            button.setObjectName(f"payments_do_{deed}")
            button.keep_focus_away()
            self.buttons[deed] = button
            inner.addWidget(button)
        self._empty = Words(translate("payments.page.pick"), "muted", wrap=True)
        self.body.addWidget(self._filled, 1)
        self.body.addWidget(self._empty)
        self._shown: Detail | None = None
        self.show_detail(None)

    def show_detail(self, detail: Detail | None) -> None:
        """Draw the attempt at hand."""
        self._filled.setVisible(detail is not None)
        self._empty.setVisible(detail is None)
        if detail is None or detail == self._shown:
            return
        self._shown = detail
        self._title.setText(detail.title)
        self._amount.setText(detail.amount)
        self._state.setText(detail.state)
        self._state.set_tone("" if detail.tone == "text" else detail.tone)
        self._hint.setText(detail.hint)
        self._hint.setVisible(bool(detail.hint))
        for deed, button in self.buttons.items():
            button.setVisible(deed in detail.deeds)
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, (label, value) in enumerate(detail.told):
            self._grid.addWidget(Words(label, "muted"), 2 * place, 0, 1, 2)
            words = Words(value, "body", wrap=True)
            self._grid.addWidget(words, 2 * place + 1, 0, 1, 2)


def _columns() -> tuple[Column, ...]:
    return (
        Column("time", translate("payments.column.time"), 152),
        Column("what", translate("payments.column.what")),
        Column("amount", translate("payments.column.amount"), 128, right=True),
        Column("state", translate("payments.column.state"), 232),
    )


def _empty() -> EmptyState:
    return EmptyState("smartphone", translate("payments.page.empty"), translate("payments.page.empty_under"))
