"""The tab of invoices: a card for what receipts say of them."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.invoices.settings import CODE, LONGEST_PAGE, RECEIPT
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card, PageHead
from ui.kit.fields import CodeEdit, Field, TickEdit
from ui.kit.labels import Words
from ui.settings.invoices_presenter import EXAMPLE, InvoicesPresenter, State
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext

SCOPE = "settings.invoices"
SAVE = Action("settings.invoices_save", "Ctrl+Return", "common.action.save")
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
        self._problem = Words("", "body", "danger", wrap=True)
        self._note = Words("", "muted")
        keys = context.shell.keys
        self._save = KeyButton(translate("common.action.save"), keys.key_of(SAVE), kind="primary")
        self._save.setObjectName("settings_invoices_save")
        self._revert = KeyButton(translate("common.action.discard"), kind="quiet")
        self.presenter = InvoicesPresenter(counter, self.show_state)
        self._lay_out()
        act = self.presenter
        self._tick.clicked.connect(act.turn)
        self._page.textChanged.connect(lambda _text: act.type_page(self._page.text()))
        self._save.clicked.connect(act.save)
        self._revert.clicked.connect(act.revert)
        keys.bind(SCOPE, SAVE, act.save)
        self.show_state(act.state)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        head = PageHead(translate("settings.tab.invoices"))
        for widget in (self._note, self._revert, self._save):
            head.add(widget)
        outer.addWidget(head)
        self._problem.setContentsMargins(24, 0, 24, 0)
        outer.addWidget(self._problem)
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
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        saved = translate("settings.note.saved") if state.saved else ""
        self._note.setText(translate("settings.note.unsaved") if state.changed else saved)
        self._note.set_tone("warning" if state.changed else "success")
        self._save.setEnabled(not state.busy)
        self._revert.setVisible(state.changed)
