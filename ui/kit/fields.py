"""Fields: words above, the error under them, input methods only where words are written.

Decides how a field stands, which characters reach it folded, and whether an input method may open: off for
codes, amounts, phones and the sell box (pinyin is typed plainly there), on for names, notes and addresses.
Does not decide whether a value is right: presenters do, and say so through ``set_error``.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from pos_app.words import translate
from ui.kit.icons import draw_icon
from ui.kit.labels import Words, restyle

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class CodeEdit(QLineEdit):
    """One line for codes, phones and figures: no input method, full-width characters folded as they come."""

    def __init__(self, name: str, *, placeholder: str = "", longest: int = 64) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaxLength(longest)
        self.setPlaceholderText(placeholder)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.textChanged.connect(self._fold)

    def _fold(self, text: str) -> None:
        plain = text.translate(_FOLD)
        if plain != text:
            place = self.cursorPosition()
            self.setText(plain)
            self.setCursorPosition(place)


class AmountEdit(CodeEdit):
    """A figure, large, right-aligned."""

    def __init__(self, name: str, *, placeholder: str = "") -> None:
        super().__init__(name, placeholder=placeholder, longest=20)
        self.setProperty("role", "amount")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)


class PinEdit(CodeEdit):
    """A PIN: dots, no input method, nothing remembered."""

    def __init__(self, name: str) -> None:
        super().__init__(name, longest=12)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setProperty("role", "amount")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferNumbers
            | Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
        )


class NameEdit(QLineEdit):
    """One line for names, notes and addresses: the input method may open."""

    def __init__(self, name: str, *, placeholder: str = "", longest: int = 120) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setMaxLength(longest)
        self.setPlaceholderText(placeholder)


class NoteEdit(QPlainTextEdit):
    """Several lines of words; Tab leaves the field."""

    def __init__(self, name: str, *, placeholder: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(96)


_STEPS = {
    Qt.Key.Key_Up.value: -1,
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_PageUp.value: -10,
    Qt.Key.Key_PageDown.value: 10,
}
_WHEN_EMPTY = {Qt.Key.Key_Delete.value: "delete", Qt.Key.Key_Backspace.value: "backspace"}


def _is_pad_sign(event: QKeyEvent) -> bool:
    return event.text() in ("+", "-", "/") and bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)


class SellEdit(CodeEdit):
    """The box that takes everything. Keys that mean something to the page come as signals.

    ``submitted(text)``: Enter, also on an empty box · ``moved(±1 | ±10)``: ↑ ↓ PgUp PgDn · ``emptied_key(key)``:
    ``delete`` or ``backspace``, and with ``pad_signs`` the number pad's ``+``, ``-`` and ``/``, while the box is
    empty · ``dismissed``: Esc on an empty box (with text
    it clears the text first).
    """

    submitted = Signal(str)
    moved = Signal(int)
    emptied_key = Signal(str)
    dismissed = Signal()

    def __init__(
        self, name: str = "sell_box", *, placeholder: str = "", icon_name: str = "scan-barcode"
    ) -> None:
        super().__init__(name, placeholder=placeholder, longest=4096)
        self.setProperty("role", "sell")
        self.setAccessibleName(placeholder)
        self._icon = icon_name
        self.pad_signs = False
        self.setTextMargins(32, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        token = "primary" if self.hasFocus() else "muted"
        draw_icon(QPainter(self), self._icon, token, QPoint(14, (self.height() - 22) // 2), 22)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
            self.submitted.emit(self.text())
        elif key in _STEPS:
            self.moved.emit(_STEPS[key])
        elif key == Qt.Key.Key_Escape.value:
            if self.text():
                self.clear()
            else:
                self.dismissed.emit()
        elif not self.text() and key in _WHEN_EMPTY:
            self.emptied_key.emit(_WHEN_EMPTY[key])
        elif not self.text() and self.pad_signs and _is_pad_sign(event):
            self.emptied_key.emit(event.text())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 48)


class ChoiceEdit(QComboBox):
    """One of a few; each choice has words and a value."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)

    def set_choices(self, choices: Sequence[tuple[str, object]], chosen: object = None) -> None:
        """Offer (words, value) pairs and choose the one whose value equals ``chosen``, else the first."""
        self.clear()
        for words, value in choices:
            self.addItem(words, value)
        values = [value for _, value in choices]
        self.setCurrentIndex(values.index(chosen) if chosen in values else 0)

    def chosen(self) -> object:
        """Return the value of the choice, None if there are none."""
        return self.currentData()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        place = QPoint(self.width() - 32, (self.height() - 18) // 2)
        draw_icon(QPainter(self), "chevron-down", "muted" if self.isEnabled() else "disabled", place, 18)


class TickEdit(QCheckBox):
    """Yes or no, with a tick that does not rely on colour."""

    def __init__(self, name: str, words: str, *, on: bool = False) -> None:
        super().__init__(words)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setChecked(on)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        draw_icon(QPainter(self), "check", "on_primary", box.center() - QPoint(7, 7), 16)


class Field(QWidget):
    """Words above, the input, and under it a hint or what is wrong."""

    def __init__(self, label: str, widget: QWidget, *, hint: str = "", optional: bool = False) -> None:
        super().__init__()
        self.input = widget
        self._hint = hint
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        words = f"{label} · {translate('common.word.optional')}" if optional else label
        self._label = Words(words, "secondary")
        self._label.setBuddy(widget)
        self._under = Words(hint, "secondary", wrap=True)
        widget.setAccessibleName(label)
        self.setFocusProxy(widget)
        for part in (self._label, widget, self._under):
            layout.addWidget(part)
        # Only now: shown before it has a parent, it would be a window of its own for a moment.
        self._under.setVisible(bool(hint))

    def set_label(self, words: str) -> None:
        """Ask for something else in the same field."""
        self._label.setText(words)
        self.input.setAccessibleName(words)

    def hide_label(self) -> None:
        """Show no words above, as in the later rows of a table of fields."""
        self._label.hide()

    def set_hint(self, words: str) -> None:
        """Say something else under the field while nothing is wrong."""
        shown = self._under.text() == self._hint
        self._hint = words
        if shown:
            self._under.setText(words)
            self._under.setVisible(bool(words))

    def set_error(self, words: str) -> None:
        """Say under the field what is wrong; empty words take it away."""
        self._under.setText(words or self._hint)
        self._under.setVisible(bool(words or self._hint))
        self._under.set_tone("danger" if words else "")
        self.input.setProperty("invalid", "true" if words else "false")
        self.input.setAccessibleDescription(words)
        restyle(self.input)
