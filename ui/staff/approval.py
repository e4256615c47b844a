"""The approval that stands over a page: what is asked, by whom, and two fields; a badge does as well.

Decides how it is drawn and which keys act. The box under it keeps what it holds; Esc declines.
"""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import divider
from ui.kit.fields import CodeEdit, Field, PinEdit
from ui.kit.labels import Words
from ui.shell.counter import AskApproval, Counter
from ui.shell.dialogs import ACCEPT, ACCEPT_PAD, DISMISS, SCOPE
from ui.shell.scan_recogniser import Scan
from ui.shell.window import Shell
from ui.staff.approving import ApprovalDoors, ApprovalPresenter, ApprovalState


class ApprovalCard(QWidget):
    """Shows the state of `ApprovalPresenter` in the window's overlay."""

    def __init__(self, shell: Shell, counter: Counter, needed: NeedsApprovalError) -> None:
        super().__init__()
        self.setObjectName("approval")
        self._shell = shell
        self.approval: Approval | None = None
        doors = ApprovalDoors(self._granted, lambda: shell.tones.sound("refused"))
        self._asked, self._action = Words("", "muted"), Words("", "heading", wrap=True)
        self._amount, self._hint = Words("", "total"), Words("", "secondary", wrap=True)
        self._code, self._pin = CodeEdit("approval_code", longest=32), PinEdit("approval_pin")
        self._code_field = Field(translate("staff.approval.code"), self._code, hint=" ")
        self._pin_field = Field(translate("staff.sign_in.pin"), self._pin, hint=" ")
        self._yes = KeyButton(translate("staff.approval.yes"), shell.keys.key_of(ACCEPT), kind="primary")
        self._no = KeyButton(translate("staff.approval.no"), shell.keys.key_of(DISMISS))
        self.presenter = ApprovalPresenter(counter, needed, doors, self.show_state)
        self._lay_out()
        self._code.textEdited.connect(self.presenter.type_code)
        self._yes.clicked.connect(self.enter)
        self._no.clicked.connect(shell.overlay.close_content)
        self.setFocusProxy(self._code)
        self.setAccessibleName(translate("staff.approval.title"))

    def _lay_out(self) -> None:
        self.setFixedWidth(440)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Words(translate("staff.approval.title"), "title"))
        layout.addSpacing(4)
        self._action.setObjectName("approval_action")
        self._amount.setObjectName("approval_amount")
        for part in (self._asked, self._action, self._amount, divider()):
            layout.addWidget(part)
        layout.addSpacing(4)
        layout.addWidget(self._code_field)
        layout.addWidget(self._pin_field)
        layout.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self._no.setObjectName("approval_no")
        self._yes.setObjectName("approval_yes")
        row.addWidget(self._no)
        row.addWidget(self._yes)
        layout.addLayout(row)

    def enter(self) -> None:
        """Ask with what stands in the fields."""
        self.presenter.enter(self._code.text(), self._pin.text())

    def on_scan(self, scan: Scan) -> None:
        """Take a badge."""
        self.presenter.scan(scan.text)

    def show_state(self, state: ApprovalState) -> None:
        """Draw the state."""
        self._asked.setText(state.asked)
        self._action.setText(state.action)
        self._amount.setText(state.amount)
        self._amount.setVisible(bool(state.amount))
        self._hint.setText(state.hint)
        self._hint.setVisible(bool(state.hint))
        self._code_field.set_hint(state.name or " ")
        self._pin_field.set_error(state.error)
        self._yes.setEnabled(not state.busy)
        if state.error:
            self._pin.clear()
        if state.asks_pin:
            self._pin.setFocus()

    def _granted(self, approval: Approval) -> None:
        self.approval = approval
        self._shell.overlay.close_content()


def ask_approval(shell: Shell, counter: Counter) -> AskApproval:
    """Return what asks, over this window, for somebody's yes.

    `then` gets the approval after the overlay is gone and the focus is back; it is never called when she declines.
    """

    def ask(needed: NeedsApprovalError, then: Callable[[Approval], None]) -> None:
        card = ApprovalCard(shell, counter, needed)

        def closed() -> None:
            card.presenter.close()
            if card.approval is not None:
                then(card.approval)

        shell.overlay.open(card, closed)
        shell.keys.bind(SCOPE, ACCEPT, card.enter)
        shell.keys.bind(SCOPE, ACCEPT_PAD, card.enter)
        card.presenter.open()

    return ask
