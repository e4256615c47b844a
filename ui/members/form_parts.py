"""What the forms of members share: the fields of a child, the way of Enter, the words of a fault.

Decides nothing of members.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QScrollArea, QWidget

from pos_app.words import translate
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, TickEdit
from ui.members.draft import NAME_LENGTH, ChildDraft


class ChildFields(QWidget):
    """Name, kind of date and date of one child."""

    def __init__(self, place: int, changed: Callable[[], None], name: str = "members_child") -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.name = NameEdit(f"{name}_name_{place}", longest=NAME_LENGTH)
        self.kind = ChoiceEdit(f"{name}_kind_{place}")
        self.kind.set_choices(
            [(translate("members.child.born"), False), (translate("members.child.expected"), True)]
        )
        self.when = CodeEdit(f"{name}_when_{place}", placeholder="2026-05-01", longest=12)
        self._when_field = Field(translate("members.field.date"), self.when)
        for field, stretch in (
            (Field(translate("members.field.child_name"), self.name, optional=True), 4),
            (Field(translate("members.field.date_kind"), self.kind), 3),
            (self._when_field, 4),
        ):
            layout.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        self.name.textChanged.connect(lambda _text: changed())
        self.when.textChanged.connect(lambda _text: changed())
        self.kind.currentIndexChanged.connect(lambda _place: changed())

    def draft(self) -> ChildDraft:
        """Return what was typed."""
        return ChildDraft(self.name.text(), self.when.text(), expected=bool(self.kind.chosen()))

    def show_draft(self, draft: ChildDraft) -> None:
        """Show a child."""
        self.name.setText(draft.name)
        self.when.setText(draft.when)
        self.kind.setCurrentIndex(1 if draft.expected else 0)

    def widgets(self) -> list[QWidget]:
        """Return the fields in the order of the eye."""
        return [self.name, self.kind, self.when]

    def set_error(self, words: str) -> None:
        """Say what is wrong with the date."""
        self._when_field.set_error(words)


def next_on_enter(form: QWidget, event: QKeyEvent) -> bool:
    """Let Enter go on to the next field, on a tick it is the spoken yes; say whether it was Enter.

    Only Ctrl+Enter saves; in a note Enter begins a line.
    """
    if event.key() not in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
        return False
    focus = form.focusWidget()
    if isinstance(focus, QPlainTextEdit):
        return False
    if isinstance(focus, TickEdit):
        focus.setChecked(True)
    form.focusNextChild()
    event.accept()
    return True


def walk(fields: Sequence[QWidget], *, forward: bool) -> bool:
    """Give the focus to the next field that can be filled in, from the last to the first again.

    As the eye goes: a field made later would come last of all, and Qt's own round may leave the upper ones out.
    """
    able = [field for field in fields if field.isVisible() and field.isEnabled()]
    focus = QApplication.focusWidget()
    if not able:
        return False
    step = 1 if forward else -1
    place = able.index(focus) + step if focus in able else (0 if forward else -1)
    reached = able[place % len(able)]
    reached.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    around = reached.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        around.ensureWidgetVisible(reached)
    return True


def fault_words(code: str | None) -> str:
    """Return the words of a fault, empty for none."""
    return translate(code) if code else ""
