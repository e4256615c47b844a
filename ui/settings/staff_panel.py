"""The staff on the right of the settings page: a list, and the fields of one person under it."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.staff import Role, Staff
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, Panel, divider
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, PinEdit, TickEdit
from ui.kit.labels import Words
from ui.kit.lists import Cell, CellTone, Column, Row, RowList
from ui.settings.inputs import TopGrid, put, value_of
from ui.settings.staff_presenter import PersonForm, StaffPresenter, State
from ui.shell.counter import Counter
from ui.shell.window import Shell


class StaffPanel(Panel):
    """Shows the state of `StaffPresenter`."""

    def __init__(self, counter: Counter, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._filling = False
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._form = QWidget()
        self._title = Words("", "heading")
        self._add = KeyButton(translate("settings.action.add_staff"), "F3", icon="user-plus")
        self._note, self._problem = Words("", "muted", wrap=True), Words("", "body", "danger", wrap=True)
        columns = (
            Column("code", translate("settings.field.code"), 104),
            Column("name", translate("settings.field.name")),
            Column("role", translate("settings.field.role"), 120),
        )
        self._list = RowList(
            "settings_staff", columns, EmptyState("users", translate("settings.group.staff"))
        )
        self._list.setAccessibleName(translate("settings.group.staff"))
        self.presenter = StaffPresenter(counter, self.show_state)
        self._was_open = False
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(16, 16, 16, 16)
        head = QHBoxLayout()
        head.addWidget(Words(translate("settings.group.staff"), "heading"))
        head.addStretch(1)
        self._add.setObjectName("settings_add_staff")
        self._add.clicked.connect(self.presenter.add)
        head.addWidget(self._add)
        self.body.addLayout(head)
        self._list.chosen.connect(self.presenter.choose)
        self.body.addWidget(self._list, 1)
        self._note.setObjectName("settings_staff_note")
        self._problem.setObjectName("settings_staff_problem")
        self.body.addWidget(self._note)
        self.body.addWidget(self._form)
        self.body.addWidget(self._problem)
        self._lay_out_form()

    def _lay_out_form(self) -> None:
        box = QVBoxLayout(self._form)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(divider())
        box.addWidget(self._title)
        grid = TopGrid()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.place(self._field("code", "code", CodeEdit("staff_code", longest=16)), 0, 0)
        grid.place(self._field("name", "name", NameEdit("staff_name", longest=40)), 0, 1)
        role = ChoiceEdit("staff_role")
        role.set_choices([(translate(f"staff.role.{each.value}"), each.value) for each in Role])
        role.activated.connect(self._read)
        grid.place(self._keep("role", "role", role), 1, 0)
        grid.place(self._field("pin", "new_pin", PinEdit("staff_pin")), 1, 1)
        grid.place(self._field("badge", "badge", CodeEdit("staff_badge", longest=64)), 2, 0, 2)
        active = TickEdit("staff_active", translate("settings.field.active"))
        active.clicked.connect(self._read)
        self._inputs["active"] = active
        grid.place(active, 3, 0, 2)
        box.addLayout(grid)
        row = QHBoxLayout()
        row.addStretch(1)
        for words, key, name, run in (
            ("settings.action.leave_staff", "Esc", "staff_leave", self.presenter.leave),
            ("settings.action.save", "Ctrl+Enter", "staff_save", self.save),
        ):
            button = KeyButton(translate(words), key, kind="primary" if name == "staff_save" else "quiet")
            button.setObjectName(name)
            button.clicked.connect(run)
            row.addWidget(button)
        box.addLayout(row)

    def _field(self, name: str, label: str, edit: QLineEdit) -> Field:
        edit.textEdited.connect(self._read)
        return self._keep(name, label, edit)

    def _keep(self, name: str, label: str, edit: QWidget) -> Field:
        self._inputs[name] = edit
        self._fields[name] = Field(translate(f"settings.field.{label}"), edit)
        return self._fields[name]

    def save(self) -> None:
        """Save the person in hand; a field that is wrong gets the focus."""
        self.presenter.save()
        if self.presenter.state.errors:
            self._inputs[self.presenter.state.errors[0][0]].setFocus()

    def _read(self, *_signal: object) -> None:
        if not self._filling:
            values = {name: value_of(edit) for name, edit in self._inputs.items()}
            # Qt hands a StrEnum back as a plain string.
            values["role"] = Role(str(values["role"]))
            self.presenter.edit(PersonForm(**values))  # type: ignore[arg-type]

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._filling = True
        self._add.setVisible(state.may_change)
        self._list.set_rows([_row(one) for one in state.people])
        self._form.setVisible(state.is_open)
        self._title.setText(translate("settings.staff.new") if state.staff_id is None else state.form.name)
        for name, edit in self._inputs.items():
            put(edit, state.form.role.value if name == "role" else getattr(state.form, name))
        self._fields["pin"].set_label(
            translate(f"settings.field.{'pin' if state.staff_id is None else 'new_pin'}")
        )
        self._inputs["active"].setEnabled(state.staff_id is not None)
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        self._note.setText(state.note if state.may_change else translate("settings.note.owner_only"))
        self._note.setVisible(bool(self._note.text()))
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        if state.is_open and not self._was_open:
            self._inputs["name" if state.staff_id is None else "code"].setFocus()
        elif self._was_open and not state.is_open:
            # Left to Qt, it would go to the button that undoes what was typed on the page.
            self._list.view.setFocus()
        self._was_open = state.is_open
        self._filling = False


def _row(one: Staff) -> Row:
    """Return a person as a row; who has left is greyed, and said to have left."""
    role = translate(f"staff.role.{one.role.value}" if one.active else "settings.staff.inactive")
    ink: CellTone = "text" if one.active else "disabled"
    cells = (Cell(one.code, ink), Cell(one.name, ink), Cell(role, "muted" if one.active else "disabled"))
    return Row(one.staff_id, cells)
