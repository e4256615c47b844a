"""The second step: our fields with the column of the file that each is in, and what its first rows say there.

Decides nothing; hands over what was chosen and typed.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.imports.mapping import SAMPLES
from ui.imports.parts import Notes
from ui.imports.state import Choosing, ColumnChoice, FieldLine, MappingShown
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card, EmptyState, divider, list_card
from ui.kit.fields import ChoiceEdit, NameEdit
from ui.kit.labels import ElidedWords, Words
from ui.kit.lists import Cell, Column, Row, RowList

_STEPS = {
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_PageUp.value: -10,
    Qt.Key.Key_PageDown.value: 10,
}


class HeadingEdit(NameEdit):
    """Where a column is looked for; ↑↓ go through what is found, Enter takes it. The input method may open."""

    moved = Signal(int)
    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS:
            self.moved.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class MappingView(QWidget):
    """Fields at the left, what is told of the file, or the choice of a column, at the right."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("imports_mapping")
        self._keys = keys
        self._type: Callable[[str], None] = lambda _text: None
        self.file = ElidedWords("", "muted")
        self.sheet = ChoiceEdit("imports_sheet")
        self.list = _fields()
        self.box = HeadingEdit("imports_heading", placeholder=translate("imports_page.mapping.search"))
        self.choices = _choices()
        self.notes = Notes("imports_notes")
        self.choose = self._button("column", "imports_page.action.column")
        self.clear = self._button("clear", "imports_page.action.clear")
        self.back = self._button("back", "common.action.back")
        self.rehearse = self._button("next", "imports_page.action.rehearse", kind="primary")
        self._unused, self._missing = Words("", wrap=True), Words("", "body", "danger", wrap=True)
        self._unused_head = Words(translate("imports_page.mapping.unused"), "strong")
        self._asked = Words("", "heading", wrap=True)
        self._lay_out()
        self.list.view.installEventFilter(self)

    def _button(self, name: str, label: str, kind: str = "plain") -> KeyButton:
        button = KeyButton(translate(label), self._keys[name], kind=kind)  # type: ignore[arg-type]
        button.setObjectName(f"imports_mapping_{name}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(24, 0, 24, 16)
        left.setSpacing(12)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.file, 1)
        self._sheet_words = Words(translate("imports_page.mapping.sheet"), "muted")
        self.sheet.setAccessibleName(translate("imports_page.mapping.sheet"))
        self.sheet.setMinimumWidth(184)
        top.addWidget(self._sheet_words)
        top.addWidget(self.sheet)
        left.addLayout(top)
        left.addWidget(list_card(self.list), 1)
        outer.addLayout(left, 1)
        panel = Card(spacing=12)
        panel.setFixedWidth(344)
        self._sides = QStackedWidget()
        self._sides.addWidget(self._told())
        self._sides.addWidget(self._choice())
        panel.body.addWidget(self._sides, 1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 24, 16)
        right.addWidget(panel)
        outer.addLayout(right)

    def _told(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(12)
        inner.addWidget(Words(translate("imports_page.mapping.about"), "heading"))
        inner.addWidget(self.notes)
        inner.addWidget(self._unused_head)
        inner.addWidget(self._unused)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(scroll, 1)
        layout.addWidget(divider())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choose, 1)
        row.addWidget(self.clear, 1)
        layout.addLayout(row)
        layout.addWidget(self._missing)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.back)
        last.addWidget(self.rehearse, 1)
        layout.addLayout(last)
        return side

    def _choice(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._asked)
        layout.addWidget(self.box)
        layout.addWidget(self.choices, 1)
        layout.addWidget(Words(translate("imports_page.mapping.choose_told"), "secondary", wrap=True))
        return side

    def bind_typing(self, begin: Callable[[str], None]) -> None:
        """Let a letter typed on the list of fields look for a column."""
        self._type = begin

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.list.view
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            text = event.text()
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            if plain and text and text.isprintable() and not text.isspace():
                self._type(text)
                return True
        return False

    def show_mapping(self, shown: MappingShown) -> None:
        """Draw the columns."""
        self.file.setText(shown.file)
        self._show_sheets(shown)
        self.list.set_rows([_field_row(line) for line in shown.lines])
        if self.list.view.currentIndex().row() != shown.cursor:
            self.list.set_current(shown.cursor)
        self.notes.show_notes(shown.notes)
        self._unused_head.setVisible(bool(shown.unused))
        self._unused.setText("\n".join(shown.unused))
        self._missing.setText(shown.missing)
        self._missing.setVisible(bool(shown.missing))
        self.rehearse.setEnabled(not shown.missing)
        was_choosing = self._sides.currentIndex() == 1
        self._sides.setCurrentIndex(0 if shown.choosing is None else 1)
        if shown.choosing is not None:
            self._show_choosing(shown.choosing, fresh=not was_choosing)
        elif was_choosing:
            self.list.setFocus()

    def _show_sheets(self, shown: MappingShown) -> None:
        several = len(shown.sheets) > 1
        self._sheet_words.setVisible(several)
        self.sheet.setVisible(several)
        names = [(name, place) for place, name in shown.sheets]
        if [self.sheet.itemText(i) for i in range(self.sheet.count())] != [name for name, _ in names]:
            self.sheet.set_choices(names, shown.sheet)
        elif self.sheet.chosen() != shown.sheet:
            self.sheet.setCurrentIndex(shown.sheet)

    def _show_choosing(self, choosing: Choosing, *, fresh: bool) -> None:
        self._asked.setText(translate("imports_page.mapping.which", field=choosing.title))
        if self.box.text() != choosing.text:
            self.box.setText(choosing.text)
        self.choices.set_rows([_choice_row(choice) for choice in choosing.choices])
        self.choices.set_current(choosing.cursor)
        if fresh:
            self.box.setFocus()


def _fields() -> RowList:
    columns = (
        Column("field", translate("imports_page.mapping.column_field"), 176),
        Column("heading", translate("imports_page.mapping.column_heading"), 184),
        *(
            Column(f"row{place}", translate("imports_page.mapping.column_row", place=place + 1))
            for place in range(SAMPLES)
        ),
    )
    made = RowList("imports_fields", columns)
    made.setAccessibleName(translate("imports_page.mapping.column_field"))
    return made


def _choices() -> RowList:
    empty = EmptyState("search", translate("imports_page.mapping.no_column"))
    made = RowList(
        "imports_columns",
        (Column("heading", translate("imports_page.mapping.column_heading")),),
        empty,
        focusable=False,
    )
    made.setAccessibleName(translate("imports_page.mapping.column_heading"))
    return made


def _field_row(line: FieldLine) -> Row:
    if line.heading:
        heading = Cell(line.heading, "primary", strong=True)
    elif line.is_missing:
        heading = Cell(translate("imports_page.mapping.lacks"), "danger", strong=True)
    else:
        heading = Cell("—", "disabled")
    samples = [Cell(text, "muted") for text in line.samples]
    samples += [Cell() for _ in range(SAMPLES - len(samples))]
    title = Cell(
        line.title,
        strong=bool(line.need),
        under=line.need,
        under_tone="danger" if line.is_missing else "muted",
    )
    return Row(line.name, (title, heading, *samples))


def _choice_row(choice: ColumnChoice) -> Row:
    tone = "text" if choice.column is not None else "muted"
    return Row(choice.column, (Cell(choice.heading, tone, under=choice.under),))  # type: ignore[arg-type]
