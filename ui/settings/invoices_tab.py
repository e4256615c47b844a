"""The tab of invoices: a card for what receipts say of them."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.invoices.settings import CODE, LONGEST_PAGE, RECEIPT
from pos_app.words import translate
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, Field, TickEdit
from ui.kit.labels import Words
from ui.settings.invoices_presenter import EXAMPLE, InvoicesPresenter, State
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.shell.counter import Counter
from ui.shell.screens import ScreenContext

SCOPE = "settings.invoices"
ACTIONS = save_and_leave(SCOPE)
_CARD_PX = 640


class InvoicesTab(QWidget):
    """Shows the state of `InvoicesPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._tick = TickEdit("settings_invoice_on_receipt", translate("invoices.settings.on_receipt"))
        self._page = CodeEdit("settings_invoice_page", longest=LONGEST_PAGE, placeholder=EXAMPLE)
        hint = translate("invoices.settings.page_hint", receipt=RECEIPT, code=CODE)
        self._field = Field(translate("invoices.settings.page"), self._page, hint=hint, optional=True)
        self.presenter = act = InvoicesPresenter(counter, self.show_state)
        acts = SaveActs(act.save, act.revert, lambda: act.state.changed)
        title = translate("settings.tab.invoices")
        self._head = SaveHead(title, SCOPE, context.shell.keys, ACTIONS, acts)
        self._lay_out()
        self._tick.clicked.connect(act.turn)
        self._page.textChanged.connect(lambda _text: act.type_page(self._page.text()))
        self.show_state(act.state)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self._head)
        card = Card()
        card.setMaximumWidth(_CARD_PX)
        card.body.addWidget(Words(translate("invoices.settings.title"), "heading"))
        card.body.addWidget(self._tick)
        card.body.addWidget(self._field)
        column = QVBoxLayout()
        column.setContentsMargins(24, 0, 24, 24)
        column.addWidget(card)
        column.addStretch(1)
        outer.addLayout(column, 1)

    def opened(self, args: object) -> None:
        """Show what is set."""
        self.presenter.open()

    def carry(self) -> object:
        """Return what is being changed, for the tab that is built anew in another language."""
        return self.presenter.state if self.presenter.state.changed else None

    def take_over(self, carried: object) -> None:
        """Go on with it."""
        if isinstance(carried, State):
            self.presenter.take_over(carried)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._tick.setChecked(state.on_receipt)
        if self._page.text() != state.page:
            self._page.setText(state.page)
        self._page.setEnabled(state.on_receipt)
        self._field.set_error(state.error)
        self._head.show_standing(state)
