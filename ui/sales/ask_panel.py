"""A question in place: a card under the box with a field, choices, and what the text would do.

Decides how it is laid out. Holds no decision; the field's content goes to the presenter as it is typed.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, NameEdit
from ui.kit.labels import Words, restyle
from ui.sales.state import AskView

MOST_CHOICES = 4


class AskPanel(Card):
    """The card of a question."""

    typed = Signal(str)
    entered = Signal(str)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=8)
        self.setObjectName("ask_panel")
        self._serial = -1
        self._title = Words("", "heading", wrap=True)
        self._label = Words("", "secondary")
        self._code = CodeEdit("ask_code", longest=80)
        self._name = NameEdit("ask_words", longest=200)
        holder = QWidget()
        self._fields = QStackedLayout(holder)
        for field in (self._code, self._name):
            self._fields.addWidget(field)
            field.textChanged.connect(self.typed)
            field.returnPressed.connect(self._enter)
        self._fields.setContentsMargins(0, 0, 0, 0)
        self._choices = [KeyButton("", f"F{place + 1}") for place in range(MOST_CHOICES)]
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, button in enumerate(self._choices):
            button.setObjectName(f"ask_choice_{place}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, _place=place: self.chosen.emit(_place))
            row.addWidget(button)
        row.addStretch(1)
        self._under = Words("", "muted", wrap=True)
        self._under.setObjectName("ask_under")
        self._foot = Words(translate("sales.ask.foot"), "secondary")
        self.body.addWidget(self._title)
        self.body.addLayout(row)
        under = QVBoxLayout()
        under.setSpacing(4)
        for widget in (self._label, holder, self._under, self._foot):
            under.addWidget(widget)
        self.body.addLayout(under)

    @property
    def field(self) -> CodeEdit | NameEdit:
        """The field in use."""
        return self._code if self._fields.currentIndex() == 0 else self._name

    def _enter(self) -> None:
        self.entered.emit(self.field.text())

    def show_ask(self, view: AskView) -> None:
        """Show a question; a new one empties the field."""
        fresh = view.serial != self._serial
        self._serial = view.serial
        if fresh:
            self._fields.setCurrentIndex(0 if view.kind == "amount" else 1)
            self._title.setText(view.title)
            self._label.setText(view.label)
            self.field.setAccessibleName(view.label)
            self.field.setText(view.text)
            self.field.selectAll()
        elif self.field.text() != view.text:
            self.field.setText(view.text)
        for place, button in enumerate(self._choices):
            there = place < len(view.choices)
            button.setVisible(there)
            button.setText(view.choices[place] if there else "")
            button.setChecked(place == view.chosen)
        words, tone, role = view.hint, "muted", "false"
        if view.preview:
            words, tone = view.preview, "primary"
        if view.error:
            words, tone, role = view.error, "danger", "true"
        self._under.setText(words)
        self._under.set_tone(tone)  # type: ignore[arg-type]
        self._under.setVisible(bool(words))
        if str(self.field.property("invalid")) != role:
            self.field.setProperty("invalid", role)
            restyle(self.field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
