"""What may stand over a page: an approval, a question, a short text; and the system's file windows.

Decides how such a thing is hosted: in the till's own window under a shade, keys shut in, the focus given back
afterwards with what stood in the field untouched. Does not decide what is asked. Nothing here blocks: answers
come by callback, exactly one for each question. The content of an approval belongs to ``ui.staff``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.tokens import current
from ui.shell.enter_gate import EnterGate
from ui.shell.keys import Action, Keys

SCOPE = "overlay"
ACCEPT = Action("overlay.accept", "Return", "common.action.confirm")
ACCEPT_PAD = Action("overlay.accept_pad", "Enter", "common.action.confirm")
ACCEPT_FINAL = Action("overlay.accept_final", "Ctrl+Return", "common.action.confirm")
ACCEPT_FINAL_PAD = Action("overlay.accept_final_pad", "Ctrl+Enter", "common.action.confirm")
DISMISS = Action("overlay.dismiss", "Esc", "common.action.cancel")


class Overlay(QWidget):
    """A shade over the window with one card in the middle. Esc closes it unless ``content`` says otherwise."""

    def __init__(self, over: QWidget, keys: Keys) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("overlay")
        self._keys = keys
        self._content: QWidget | None = None
        self._closed: Callable[[], None] | None = None
        self._focus_before: QWidget | None = None
        self._card = QFrame(self)
        self._card.setProperty("kind", "card")
        self._card.setObjectName("overlay_card")
        self._inner = QVBoxLayout(self._card)
        self._inner.setContentsMargins(24, 24, 24, 24)
        outer = QVBoxLayout(self)
        outer.addWidget(self._card, 0, Qt.AlignmentFlag.AlignCenter)
        over.installEventFilter(self)
        self.hide()

    @property
    def content(self) -> QWidget | None:
        """Return what is shown, None when the page is free."""
        return self._content

    def open(self, content: QWidget, on_closed: Callable[[], None] | None = None) -> None:
        """Put ``content`` over the page, in place of an earlier one; ``on_closed`` runs once when it goes.

        The content's ``focusProxy`` or first field gets the focus; whoever had it before gets it back.
        """
        if self._content is not None:
            self.close_content()
        self._focus_before = QApplication.focusWidget()
        self._content, self._closed = content, on_closed
        self._inner.addWidget(content)
        self._keys.shut_in(SCOPE)
        self._keys.bind(SCOPE, DISMISS, self.close_content)
        self.setGeometry(self._over.rect())
        content.show()
        self.show()
        self.raise_()
        first = content.focusProxy() or next(iter(content.findChildren(QLineEdit)), content)
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_content(self) -> None:
        """Take the content away and give the focus back; nothing happens if there is none."""
        if self._content is None:
            return
        content, self._content = self._content, None
        closed, self._closed = self._closed, None
        self._keys.let_out(SCOPE)
        self._keys.unbind(SCOPE)
        # First the focus, then the shade: hiding a focused field would pass the focus on as Tab does, which
        # selects what stands in the box, and the next key would wipe it.
        before = self._focus_before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        content.setParent(None)
        content.deleteLater()
        if closed is not None:
            closed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(current().shade))


@dataclass(frozen=True, slots=True)
class Question:
    """Something to decide, in finished words; ``yes`` says what will be done, never just "OK".

    ``final`` says that a yes cannot be taken back: only Ctrl+Enter gives it then, for Enter is struck unread.
    """

    title: str
    text: str
    yes: str
    no: str = ""
    kind: Literal["primary", "danger"] = "primary"
    final: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """A short text to give; ``choices`` are offered as buttons, and ``least`` characters are wanted."""

    title: str
    label: str
    yes: str
    choices: Sequence[str] = ()
    text: str = ""
    least: int = 1


class Dialogs:
    """Everything that may stand over a page of one window; an Enter struck before it was read answers nothing."""

    def __init__(self, overlay: Overlay, keys: Keys, now_ms: Callable[[], float]) -> None:
        self.overlay = overlay
        self._keys = keys
        self._gate = EnterGate(now_ms)

    def ask(self, question: Question, answer: Callable[[bool], None]) -> None:
        """Ask; Enter is yes, of a final question Ctrl+Enter only, Esc is no. ``answer`` is called once."""
        answered: list[bool] = []
        body, buttons = _body(question.title, question.text)

        def accept() -> None:
            answered.append(True)
            self.overlay.close_content()

        key = self._keys.key_of(ACCEPT_FINAL if question.final else ACCEPT)
        self._add_buttons(buttons, KeyButton(question.yes, key, kind=question.kind), accept, question.no)
        self.overlay.open(body, lambda: answer(bool(answered)))
        if not question.final:
            self._bind(accept, (ACCEPT, ACCEPT_PAD))
            return
        self._bind(accept, (ACCEPT_FINAL, ACCEPT_FINAL_PAD))
        # Taken, so that it presses no button either: some desktops let Enter press the one that has the focus.
        for action in (ACCEPT, ACCEPT_PAD):
            self._keys.bind(SCOPE, action, self._gate.shut)

    def _bind(self, accept: Callable[[], None], actions: Sequence[Action]) -> None:
        """Let keys accept what was shown just now, once somebody had the time to read it."""

        def accept_read() -> None:
            if self._gate.lets_in():
                accept()

        self._gate.shut()
        for action in actions:
            self._keys.bind(SCOPE, action, accept_read)

    def prompt(self, prompt: Prompt, answer: Callable[[str | None], None]) -> None:
        """Ask for a short text; ``answer`` gets it stripped, or None."""
        answered: list[str] = []
        body, buttons = _body(prompt.title, prompt.label)
        field = QLineEdit(prompt.text)
        field.setObjectName("prompt_text")
        field.setAccessibleName(prompt.label)
        layout = body.layout()
        assert isinstance(layout, QVBoxLayout)

        def accept() -> None:
            text = field.text().strip()
            if len(text) < prompt.least:
                field.setFocus()
                return
            answered.append(text)
            self.overlay.close_content()

        def choose(choice: str) -> None:
            field.setText(choice)
            accept()

        row = QHBoxLayout()
        for place, choice in enumerate(prompt.choices):
            button = KeyButton(choice)
            button.setObjectName(f"prompt_choice_{place}")
            button.clicked.connect(lambda _checked=False, text=choice: choose(text))
            row.addWidget(button)
        layout.insertLayout(2, row)
        layout.insertWidget(3, field)
        body.setFocusProxy(field)
        yes = KeyButton(prompt.yes, self._keys.key_of(ACCEPT), kind="primary")
        self._add_buttons(buttons, yes, accept, "")
        self.overlay.open(body, lambda: answer(answered[0] if answered else None))
        self._bind(accept, (ACCEPT, ACCEPT_PAD))

    def _add_buttons(self, row: QHBoxLayout, yes: KeyButton, accept: Callable[[], None], no: str) -> None:
        cancel = KeyButton(no or translate(DISMISS.label), self._keys.key_of(DISMISS))
        cancel.setObjectName("overlay_no")
        cancel.clicked.connect(self.overlay.close_content)
        yes.setObjectName("overlay_yes")
        yes.clicked.connect(accept)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(yes)

    def open_file(self, title: str, pattern: str, answer: Callable[[Path | None], None]) -> None:
        """Let a person choose a file to read; ``pattern`` as Qt's name filter."""
        window = QFileDialog(self.overlay.window(), title, "", pattern)
        window.setFileMode(QFileDialog.FileMode.ExistingFile)
        _ask_for_path(window, answer)

    def save_file(self, title: str, name: str, pattern: str, answer: Callable[[Path | None], None]) -> None:
        """Let a person choose where to write; the system asks before an old file is replaced."""
        window = QFileDialog(self.overlay.window(), title, name, pattern)
        window.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        _ask_for_path(window, answer)


def _ask_for_path(window: QFileDialog, answer: Callable[[Path | None], None]) -> None:
    window.setObjectName("file_dialog")
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.accepted.connect(lambda: answer(Path(window.selectedFiles()[0])))
    window.rejected.connect(lambda: answer(None))
    window.open()


def _body(title: str, text: str) -> tuple[QWidget, QHBoxLayout]:
    body = QWidget()
    body.setObjectName("question")
    body.setFixedWidth(480)
    layout = QVBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(16)
    head = QLabel(title)
    head.setProperty("role", "title")
    words = QLabel(text)
    words.setWordWrap(True)
    words.setProperty("role", "muted")
    for label in (head, words):
        label.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(label)
    buttons = QHBoxLayout()
    buttons.setSpacing(8)
    layout.addLayout(buttons)
    return body, buttons


def tell_before_window(text: str) -> None:
    """Say why the till does not open, in a window of its own, and wait until it is read. Before any other window."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["shuke"])
    box = QMessageBox(QMessageBox.Icon.Warning, translate("common.product_name"), text)
    box.exec()
    box.deleteLater()
    app.processEvents()
