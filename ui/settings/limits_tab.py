"""The tab of limits: a table of limit by role, typed in place; Ctrl+Enter saves. Only the owner changes it."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.staff import Role
from pos_app.domain.staff_limits import AMOUNTS, RATES
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, TickEdit
from ui.kit.labels import Words
from ui.kit.scroll import FormScroll
from ui.settings.limits_presenter import ROLES, ROWS, Cell, LimitsPresenter, State
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.shell.counter import Counter
from ui.shell.screens import ScreenContext

SCOPE = "settings.limits"
ACTIONS = save_and_leave(SCOPE)
_CELL_PX = 128


class LimitsTab(QWidget):
    """Shows the states of `LimitsPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._shell = context.shell
        counter: Counter = context.services
        self._inputs: dict[Cell, CodeEdit | TickEdit] = {}
        self._errors: dict[Cell, Words] = {}
        self._owner_only = Words(translate("limits.note.owner_only"), "muted")
        self._presenter = LimitsPresenter(counter, self.show_state)
        presenter = self._presenter
        self._defaults = KeyButton(translate("limits.action.defaults"), kind="quiet")
        self._defaults.setObjectName("limits_defaults")
        self._defaults.clicked.connect(presenter.defaults)
        acts = SaveActs(
            self.save,
            presenter.revert,
            lambda: presenter.state.changed,
            lambda: presenter.state.may_change,
        )
        title = translate("limits.screen.title")
        self._head = SaveHead(title, SCOPE, context.shell.keys, ACTIONS, acts, self._defaults)
        self._lay_out()

    def opened(self, args: object) -> None:
        """Show what is in force."""
        self._presenter.open()

    def save(self) -> None:
        """Save; a cell that is wrong gets the focus."""
        self._presenter.save()
        if self._presenter.state.errors:
            self._inputs[next(iter(self._presenter.state.errors))].setFocus()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 8, 24, 24)
        box.setSpacing(12)
        box.addWidget(Words(translate("limits.screen.lead"), "muted", wrap=True))
        self._owner_only.setObjectName("limits_owner_only")
        box.addWidget(self._owner_only)
        card = Card(margin=20)
        card.body.addLayout(self._table())
        row = QHBoxLayout()
        row.addWidget(card)
        row.addStretch(1)
        box.addLayout(row)
        box.addStretch(1)
        scroll = FormScroll()
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(Words(translate("limits.head.limit"), "muted"), 0, 0)
        for column, role in enumerate((*ROLES, Role.OWNER), start=1):
            grid.addWidget(Words(translate(f"staff.role.{role.value}"), "strong"), 0, column)
        for row, name in enumerate(ROWS, start=1):
            words = translate(f"limits.row.{name}")
            unit = _unit(name)
            grid.addWidget(
                Words(translate("limits.row.unit", row=words, unit=unit) if unit else words, "body"), row, 0
            )
            for column, role in enumerate(ROLES, start=1):
                grid.addLayout(self._cell((name, role.value), words), row, column)
            owner = "limits.word.yes" if name == "gold_price" else "limits.word.none"
            grid.addWidget(Words(translate(owner), "muted"), row, len(ROLES) + 1)
        return grid

    def _cell(self, cell: Cell, words: str) -> QVBoxLayout:
        name, role = cell
        object_name = f"limits_{name}_{role}"
        spoken = f"{words}, {translate(f'staff.role.{role}')}"
        if name == "gold_price":
            tick = TickEdit(object_name, translate("limits.word.yes"))
            tick.clicked.connect(lambda on: self._presenter.edit(cell, "1" if on else ""))
            self._inputs[cell] = tick
        else:
            edit = CodeEdit(object_name, placeholder=translate("limits.word.none"), longest=14)
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setFixedWidth(_CELL_PX)
            edit.textEdited.connect(partial(self._presenter.edit, cell))
            self._inputs[cell] = edit
        self._inputs[cell].setAccessibleName(spoken)
        error = Words("", "secondary", "danger", wrap=True)
        error.setFixedWidth(_CELL_PX)
        error.hide()
        self._errors[cell] = error
        box = QVBoxLayout()
        box.setSpacing(2)
        box.addWidget(self._inputs[cell])
        box.addWidget(error)
        return box

    def show_state(self, state: State) -> None:
        """Draw the state."""
        for cell, edit in self._inputs.items():
            text = state.texts.get(cell, "")
            edit.setEnabled(state.may_change)
            if isinstance(edit, TickEdit):
                edit.setChecked(bool(text))
            elif edit.text() != text:
                edit.setText(text)
            error = state.errors.get(cell, "")
            self._errors[cell].setText(error)
            self._errors[cell].setVisible(bool(error))
        self._owner_only.setVisible(not state.may_change)
        self._defaults.setVisible(state.may_change)
        self._head.save.setVisible(state.may_change)
        self._head.show_standing(state)


def _unit(name: str) -> str:
    if name in RATES:
        return translate("limits.unit.rate")
    if name in AMOUNTS:
        return translate("limits.unit.amount")
    return translate("limits.unit.count") if name == "drawer_openings" else ""
