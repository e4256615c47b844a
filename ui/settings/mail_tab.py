"""The tab of e-mail: server, encryption, user, password, sender; a try that sends nothing."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import ChoiceEdit, CodeEdit, Field
from ui.kit.labels import Words
from ui.settings.inputs import TopGrid, group_grid, put, value_of
from ui.settings.mail_presenter import MailForm, MailPresenter, MailSetUp, MailState, security_choices
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext

SCOPE = "settings.mail"
TEST = Action("settings.mail_test", "F2", "settings.mail.test")
ACTIONS = save_and_leave(SCOPE)
_WIDEST = 760


class MailTab(QWidget):
    """Shows the state of `MailPresenter`."""

    def __init__(self, context: ScreenContext, doors: MailSetUp) -> None:
        super().__init__()
        self._shell = context.shell
        counter: Counter = context.services
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._filling = False
        self._tested = Words("", "body", wrap=True)
        self.presenter = act = MailPresenter(counter, doors, self.show_state)
        acts = SaveActs(self.save, act.revert, lambda: act.state.changed)
        keys = self._shell.keys
        self._head = SaveHead(translate("settings.mail.title"), SCOPE, keys, ACTIONS, acts)
        self._lay_out()
        keys.bind(SCOPE, TEST, act.test)

    def opened(self, args: object) -> None:
        """Show what is in force."""
        self.presenter.open()

    def save(self) -> None:
        """Save, and go to the field that keeps it from being saved."""
        self.presenter.save()
        if self.presenter.state.errors:
            self._inputs[self.presenter.state.errors[0][0]].setFocus()

    def _button(self, action: Action, run: Callable[[], None], kind: str = "plain") -> KeyButton:
        button = KeyButton(translate(action.label), self._shell.keys.key_of(action), kind=kind)  # type: ignore[arg-type]
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        card = Card()
        card.body.addWidget(Words(translate("settings.mail.explained"), "muted", wrap=True))
        card.body.addLayout(self._grid())
        card.setMaximumWidth(_WIDEST)
        row = QHBoxLayout()
        row.setContentsMargins(24, 8, 24, 24)
        row.addWidget(card, 1, Qt.AlignmentFlag.AlignTop)
        row.addStretch(0)
        outer.addLayout(row, 1)

    def _grid(self) -> TopGrid:
        grid = group_grid(translate("settings.mail.server_group"))
        self._place(
            grid,
            "mail_server",
            CodeEdit("settings_mail_server", placeholder="smtp.example.com", longest=200),
            1,
            0,
        )
        security = ChoiceEdit("settings_mail_security")
        security.set_choices(security_choices())
        security.activated.connect(self._read)
        self._place(grid, "mail_security", security, 1, 1)
        self._place(grid, "mail_port", CodeEdit("settings_mail_port", longest=5), 2, 0)
        sender = CodeEdit("settings_mail_sender", placeholder="shop@example.com", longest=254)
        self._place(grid, "mail_sender", sender, 2, 1)
        self._place(grid, "mail_user", CodeEdit("settings_mail_user", longest=254), 3, 0)
        password = QLineEdit()
        password.setObjectName("settings_mail_password")
        password.setEchoMode(QLineEdit.EchoMode.Password)
        password.setMaxLength(200)
        self._place(grid, "mail_password", password, 3, 1)
        grid.place(self._button(TEST, self.presenter.test), 4, 0)
        self._tested.setObjectName("settings_mail_tested")
        grid.addWidget(self._tested, 4, 1)
        return grid

    def _place(self, grid: TopGrid, name: str, edit: QWidget, row: int, column: int) -> None:
        if isinstance(edit, QLineEdit):
            edit.textEdited.connect(self._read)
        self._inputs[name] = edit
        self._fields[name] = Field(translate(f"settings.field.{name}"), edit)
        edit.setAccessibleName(translate(f"settings.field.{name}"))
        grid.place(self._fields[name], row, column)

    def _read(self, *_signal: object) -> None:
        if not self._filling:
            values = {name: value_of(edit) for name, edit in self._inputs.items()}
            self.presenter.edit(MailForm(**values))  # type: ignore[arg-type]

    def show_state(self, state: MailState) -> None:
        """Draw the state."""
        self._filling = True
        for name, edit in self._inputs.items():
            put(edit, getattr(state.form, name))
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        password = self._inputs["mail_password"]
        assert isinstance(password, QLineEdit)
        password.setPlaceholderText(translate("settings.mail.password_kept") if state.has_password else "")
        self._tested.setText(state.tested)
        self._tested.set_tone("danger" if state.test_failed else "success")
        self._head.show_standing(state)
        self._filling = False
