"""Shows a form: its fields in four columns, what is wrong under each, save and cancel with their keys.

Decides nothing; hands over what was typed.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.catalogue.forms import ON, Entry, Form
from ui.kit.buttons import KeyButton
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, TickEdit
from ui.kit.labels import Words

_COLUMNS = 4


class FormView(QWidget):
    """One form at a time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._name = name
        self._change: Callable[[Mapping[str, str]], None] = lambda _values: None
        self._filling = False
        self._names: tuple[tuple[str, str], ...] = ()
        self.edits: dict[str, QWidget] = {}
        self.fields: dict[str, Field] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.setSpacing(12)
        self._title, self._told = Words("", "title"), Words("", "muted", wrap=True)
        outer.addWidget(self._title)
        outer.addWidget(self._told)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self._scroll, 1)
        self.below = QVBoxLayout()
        outer.addLayout(self.below)
        outer.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.more = KeyButton(translate("catalogue.action.row"), icon="plus", kind="quiet")
        self.cancel = KeyButton(translate("common.action.cancel"))
        self.again = KeyButton(translate("catalogue.action.save_next"))
        self.save = KeyButton(translate("common.action.save"), kind="primary")
        for name, button in (
            ("more", self.more),
            ("cancel", self.cancel),
            ("again", self.again),
            ("save", self.save),
        ):
            button.setObjectName(f"{self._name}_{name}")
        row.addWidget(self.more)
        row.addStretch(1)
        for button in (self.cancel, self.again, self.save):
            row.addWidget(button)
        return row

    def bind(
        self, change: Callable[[Mapping[str, str]], None], save: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        """Let the form ask for what it says."""
        self._change = change
        self.save.clicked.connect(lambda _on=False: save())
        self.cancel.clicked.connect(lambda _on=False: leave())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter goes on to the next field; only Ctrl+Enter saves.
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
            self.focusNextChild()
            event.accept()
            return
        super().keyPressEvent(event)

    def show_form(self, form: Form, *, busy: bool, fresh: bool) -> None:
        """Show a form; `fresh` when it has just been opened: then the first field gets the focus."""
        self._title.setText(form.title)
        self._told.setText(form.told)
        self._told.setVisible(bool(form.told))
        names = tuple((entry.name, entry.label) for entry in form.entries)
        rebuilt = names != self._names or (fresh and names != ())
        if rebuilt:
            self._make(form)
        self._fill(form)
        self.save.setText(form.saves or translate("common.action.save"))
        self.save.setEnabled(not busy)
        self.again.setVisible(form.again)
        self.more.setVisible(form.grows)
        if fresh:
            self._focus_first(form)

    def _focus_first(self, form: Form) -> None:
        first = next(
            (e.name for e in form.entries if not e.value and e.kind != "choice"), form.entries[0].name
        )
        if form.grows or form.entries[0].value or form.entries[0].kind == "choice":
            first = form.entries[0].name
        edit = self.edits[first]
        edit.setFocus()
        if isinstance(edit, QLineEdit):
            edit.selectAll()

    def _make(self, form: Form) -> None:
        """Make the fields anew."""
        focused = next((name for name, edit in self.edits.items() if edit.hasFocus()), "")
        self._names = tuple((entry.name, entry.label) for entry in form.entries)
        self.edits, self.fields = {}, {}
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        row = column = 0
        for entry in form.entries:
            if column + entry.span > _COLUMNS:
                row, column = row + 1, 0
            grid.addWidget(self._field(entry), row, column, 1, entry.span, Qt.AlignmentFlag.AlignTop)
            column += entry.span
        for place in range(_COLUMNS):
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(row + 1, 1)
        self._scroll.setWidget(body)
        if focused in self.edits:
            self.edits[focused].setFocus()

    def _field(self, entry: Entry) -> QWidget:
        name = f"{self._name}_{entry.name}"
        if entry.kind == "tick":
            tick = TickEdit(name, entry.label)
            tick.toggled.connect(self._changed)
            self.edits[entry.name] = tick
            return tick
        edit: QWidget
        if entry.kind == "choice":
            choice = ChoiceEdit(name)
            choice.set_choices(list(entry.choices), entry.value)
            choice.currentIndexChanged.connect(self._changed)
            edit = choice
        else:
            line = (
                NameEdit(name, longest=entry.longest)
                if entry.kind == "words"
                else CodeEdit(name, longest=entry.longest if entry.kind == "code" else 20)
            )
            if entry.kind == "amount":
                line.setAlignment(Qt.AlignmentFlag.AlignRight)
            line.textChanged.connect(self._changed)
            edit = line
        field = Field(entry.label, edit, hint=entry.hint, optional=entry.optional and bool(entry.label))
        if not entry.label:
            field.hide_label()
            edit.setAccessibleName(translate("catalogue.field.row", field=entry.name))
        self.edits[entry.name], self.fields[entry.name] = edit, field
        return field

    def _fill(self, form: Form) -> None:
        self._filling = True
        values = form.everything()
        for entry in form.entries:
            edit, value = self.edits[entry.name], values[entry.name]
            if isinstance(edit, TickEdit):
                edit.setChecked(value == ON)
            elif isinstance(edit, ChoiceEdit):
                if edit.chosen() != value:
                    edit.setCurrentIndex(max(0, edit.findData(value)))
            elif isinstance(edit, QLineEdit) and edit.text() != value:
                edit.setText(value)
            if entry.name in self.fields:
                self.fields[entry.name].set_error(entry.error)
        self._filling = False

    def _changed(self, *_args: object) -> None:
        if not self._filling:
            self._change(self.values())

    def values(self) -> dict[str, str]:
        """Return what stands in every field."""
        out: dict[str, str] = {}
        for name, edit in self.edits.items():
            if isinstance(edit, TickEdit):
                out[name] = ON if edit.isChecked() else ""
            elif isinstance(edit, ChoiceEdit):
                out[name] = str(edit.chosen() or "")
            elif isinstance(edit, QLineEdit):
                out[name] = edit.text()
        return out

    def focus_fault(self, form: Form) -> None:
        """Put the cursor where the first thing is wrong."""
        wrong = next((entry.name for entry in form.entries if entry.error), None)
        if wrong is not None:
            self.edits[wrong].setFocus()
            self._scroll.ensureWidgetVisible(self.edits[wrong])

    def forget(self) -> None:
        """Make the fields anew the next time."""
        self._names = ()
