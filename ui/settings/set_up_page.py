"""The first-run page: one card, every field with a default but names and the PIN; Enter goes on, Ctrl+Enter opens."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pos_app.words import language, translate
from ui.kit.buttons import BigButton, KeyButton
from ui.kit.cards import Card
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, PinEdit
from ui.kit.labels import Words
from ui.settings import forms
from ui.settings.inputs import TopGrid, group_grid, offer, put, value_of
from ui.settings.set_up_presenter import FirstRun, Form, SetUpPresenter, State
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext, ScreenId

SET_UP = ScreenId("set_up")
SAVE = Action("set_up.save", "Ctrl+Return", "settings.set_up.go")
NEXT = Action("set_up.next", "Return", "settings.set_up.next")
NEXT_PAD = Action("set_up.next_pad", "Enter", "settings.set_up.next")
TEST = Action("set_up.test", "F2", "settings.printer.test")


class SetUpPage(QWidget):
    """Shows the state of `SetUpPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._shell = context.shell
        doors: FirstRun = context.services
        self._presenter = SetUpPresenter(doors, self.show_state)
        self._filling = False
        self._body: QWidget | None = None
        self._outer = QVBoxLayout(self)
        self._bind()
        self._build()

    def opened(self, args: object) -> None:
        """Show the defaults."""
        self._shell.set_theme("dark" if self._presenter.state.form.theme == "dark" else "light")
        self._presenter.open()
        self._inputs["shop_name"].setFocus()

    def retranslate(self) -> None:
        """Say every text in the other language; what was typed stays."""
        at = self.focusWidget()
        name = at.objectName() if at is not None else ""
        self._build()
        self.show_state(self._presenter.state)
        for found in self.findChildren(QWidget, name) if name else ():
            found.setFocus()

    def _bind(self) -> None:
        keys = self._shell.keys
        keys.bind(SET_UP, SAVE, self._save)
        keys.bind(SET_UP, TEST, self._presenter.test_printer)
        for action in (NEXT, NEXT_PAD):
            keys.bind(SET_UP, action, self._next)

    def _next(self) -> None:
        at = self.window().focusWidget()
        if isinstance(at, QPushButton):
            at.click()
        else:
            self.focusNextChild()

    def _save(self) -> None:
        self._read()
        self._presenter.found()
        if self._presenter.state.errors:
            self._inputs[self._presenter.state.errors[0][0]].setFocus()

    # -- Building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        if self._body is not None:
            self._outer.removeWidget(self._body)
            self._body.deleteLater()
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        card = Card(margin=28, spacing=8)
        card.setFixedWidth(960)
        card.body.addWidget(Words(translate("settings.set_up.title"), "title"))
        card.body.addWidget(Words(translate("settings.set_up.text"), "muted"))
        card.body.addSpacing(8)
        columns = QHBoxLayout()
        columns.setSpacing(32)
        columns.addLayout(self._shop_column(), 1)
        columns.addLayout(self._people_column(), 1)
        card.body.addLayout(columns)
        self._problem = Words("", "body", "danger", wrap=True)
        self._problem.setObjectName("set_up_problem")
        card.body.addWidget(self._problem)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self._go = BigButton(translate(SAVE.label), "Ctrl+Enter")
        self._go.setObjectName("set_up_go")
        self._go.setMinimumWidth(320)
        self._go.clicked.connect(self._save)
        foot.addWidget(self._go)
        card.body.addLayout(foot)
        self._body = QWidget()
        around = QVBoxLayout(self._body)
        around.setContentsMargins(0, 0, 0, 0)
        around.addStretch(1)
        around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        around.addStretch(1)
        self._outer.addWidget(self._body)

    def _shop_column(self) -> TopGrid:
        grid = group_grid(translate("settings.group.shop"))
        own = self._presenter.state.form.time_zone
        grid.place(self._field("shop_name", NameEdit("set_up_shop_name", longest=60)), 1, 0, 2)
        grid.place(self._field("shop_code", CodeEdit("set_up_shop_code", longest=8)), 2, 0)
        grid.place(self._choice("currency", forms.currency_choices()), 2, 1)
        grid.place(self._choice("time_zone", forms.zone_choices(own)), 3, 0, 2)
        tax: list[forms.Choice] = [
            (translate("settings.tax.included"), True),
            (translate("settings.tax.added"), False),
        ]
        grid.place(self._choice("tax_included", tax), 4, 0)
        grid.addWidget(
            self._choice("tax_code", forms.rate_choices(self._presenter.state.form.currency)), 4, 1
        )
        grid.place(self._choice("language", forms.language_choices()), 5, 0)
        grid.place(self._choice("theme", forms.theme_choices()), 5, 1)
        grid.setRowStretch(6, 1)
        return grid

    def _people_column(self) -> TopGrid:
        grid = group_grid(translate("settings.group.owner"))
        grid.place(self._field("code", CodeEdit("set_up_code", longest=16)), 1, 0)
        grid.place(self._field("name", NameEdit("set_up_name", longest=40)), 1, 1)
        grid.place(self._field("pin", PinEdit("set_up_pin")), 2, 0)
        grid.place(self._field("pin_again", PinEdit("set_up_pin_again")), 2, 1)
        grid.addWidget(Words(translate("settings.group.printer"), "heading"), 3, 0, 1, 2)
        grid.place(self._choice("printer", []), 4, 0)
        grid.place(self._choice("paper_mm", forms.paper_choices()), 4, 1)
        address = CodeEdit("set_up_address", placeholder="tcp://192.168.1.50", longest=200)
        grid.place(self._field("address", address, hint=translate("settings.printer.hint")), 5, 0, 2)
        row = QHBoxLayout()
        row.setSpacing(12)
        test = KeyButton(translate(TEST.label), "F2", icon="printer")
        test.setObjectName("set_up_test")
        test.clicked.connect(self._presenter.test_printer)
        self._tested = Words("", "body", wrap=True)
        self._tested.setObjectName("set_up_tested")
        row.addWidget(test)
        row.addWidget(self._tested, 1)
        grid.addLayout(row, 6, 0, 1, 2)
        grid.setRowStretch(7, 1)
        return grid

    def _field(self, name: str, edit: QLineEdit, *, hint: str = "") -> Field:
        edit.textEdited.connect(self._read)
        return self._keep(name, edit, hint)

    def _choice(self, name: str, choices: list[forms.Choice]) -> Field:
        edit = ChoiceEdit(f"set_up_{name}")
        edit.set_choices(choices, getattr(self._presenter.state.form, name))
        edit.activated.connect(self._read)
        return self._keep(name, edit, "")

    def _keep(self, name: str, edit: QWidget, hint: str) -> Field:
        self._inputs[name] = edit
        self._fields[name] = Field(translate(f"settings.field.{name}"), edit, hint=hint)
        return self._fields[name]

    # -- Reading and drawing -----------------------------------------------------------------------------

    def _read(self, *_signal: object) -> None:
        if self._filling:
            return
        before = self._presenter.state.form
        self._presenter.edit(Form(**{name: value_of(edit) for name, edit in self._inputs.items()}))  # type: ignore[arg-type]
        form = self._presenter.state.form
        if form.theme != before.theme:
            self._shell.set_theme("dark" if form.theme == "dark" else "light")
        if form.language != language():
            self._shell.set_language(form.language)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._filling = True
        form = state.form
        printer, rates = self._inputs["printer"], self._inputs["tax_code"]
        assert isinstance(printer, ChoiceEdit) and isinstance(rates, ChoiceEdit)
        offer(printer, forms.printer_choices(state.printers, form.printer))
        offer(rates, forms.rate_choices(form.currency))
        for name, edit in self._inputs.items():
            put(edit, getattr(form, name))
        self._fields["address"].setVisible(form.printer == forms.MANUAL)
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        self._tested.setText(state.test)
        self._tested.set_tone("danger" if state.test_failed else "muted")
        self._go.setEnabled(not state.busy)
        self._filling = False
