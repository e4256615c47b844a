"""Short messages at the top of the page that never take the focus.

Decides how long a notice stays: 4 s, an error until it is dismissed (Esc or its cross) or its cause is gone; that
something was done is said on one page and not on the next. Does not decide what is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.icons import IconMark, icon
from ui.kit.labels import Words

STAY_MS = 4000
_MOST = 3

NoticeKind = Literal["info", "success", "warning", "error"]
_ICONS = {
    "info": ("info", "info"),
    "success": ("circle-check", "success"),
    "warning": ("triangle-alert", "warning"),
    "error": ("circle-alert", "danger"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened and what to do, in finished words.

    ``about`` names the cause (``printer``): a later notice about the same replaces this one. ``act`` runs when
    the button ``act_label`` is clicked. ``again`` says the words in another language; a notice without it goes
    when the language changes.
    """

    kind: NoticeKind
    text: str
    about: str = ""
    act_label: str = ""
    act: Callable[[], None] | None = None
    again: Callable[[], str] | None = None


class _NoticeStrip(QFrame):
    """One notice on the screen."""

    def __init__(self, notice: Notice, dismiss: Callable[[QWidget], None]) -> None:
        super().__init__()
        self.notice = notice
        self.seen = False
        """Whether the page it was said on has been painted since: what is said while a page turns is for the next."""
        self.setObjectName(f"notice_{notice.kind}")
        self.setAccessibleName(notice.text)
        self.setProperty("notice", notice.kind)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        name, token = _ICONS[notice.kind]
        self._words = Words(notice.text, wrap=True)
        self._words.setObjectName("notice_text")
        layout.addWidget(IconMark(name, token))
        layout.addWidget(self._words, 1)
        if notice.act is not None:
            button = QPushButton(notice.act_label)
            button.setObjectName("notice_act")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(notice.act)
            button.clicked.connect(lambda: dismiss(self))
            layout.addWidget(button)
        cross = QToolButton()
        cross.setObjectName("notice_dismiss")
        cross.setAccessibleName(translate("common.action.close"))
        cross.setIcon(icon("x", "muted"))
        cross.setAutoRaise(True)
        cross.setFixedSize(44, 44)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(lambda: dismiss(self))
        layout.addWidget(cross)
        QTimer.singleShot(0, self, self._was_seen)

    def _was_seen(self) -> None:
        self.seen = True

    def say_anew(self, text: str) -> None:
        """Say it in other words."""
        self.notice = replace(self.notice, text=text)
        self.setAccessibleName(text)
        self._words.setText(text)


class Notices(QWidget):
    """The place of notices above the pages; newest first, three at most."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notices")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 8, 16, 0)
        self._layout.setSpacing(8)
        self._strips: list[_NoticeStrip] = []
        self._stay_ms = STAY_MS
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; the same words, or the same ``about``, replace what stands."""
        for strip in list(self._strips):
            same_cause = bool(notice.about) and strip.notice.about == notice.about
            if same_cause or strip.notice.text == notice.text:
                self._dismiss(strip)
        while len(self._strips) >= _MOST:
            self._dismiss(self._strips[-1])
        strip = _NoticeStrip(notice, self._dismiss)
        self._strips.insert(0, strip)
        self._layout.insertWidget(0, strip)
        self.show()
        if notice.kind != "error":
            QTimer.singleShot(self._stay_ms, strip, lambda: self._dismiss(strip))

    def info(self, text: str, about: str = "") -> None:
        """Say something worth knowing for 4 s."""
        self.show_notice(Notice("info", text, about))

    def success(self, text: str, about: str = "") -> None:
        """Say that something was done, for 4 s."""
        self.show_notice(Notice("success", text, about))

    def warning(self, text: str, about: str = "") -> None:
        """Say what to mind, for 4 s."""
        self.show_notice(Notice("warning", text, about))

    def error(self, text: str, about: str = "") -> None:
        """Say what went wrong and what to do; it stays."""
        self.show_notice(Notice("error", text, about))

    def clear(self, about: str) -> None:
        """Take away what was said about a cause that is gone."""
        for strip in [strip for strip in self._strips if strip.notice.about == about]:
            self._dismiss(strip)

    def turn_page(self) -> None:
        """Another page comes to the front: what was done on the one before is old news."""
        for strip in list(self._strips):
            if strip.notice.kind == "success" and strip.seen:
                self._dismiss(strip)

    def change_language(self) -> None:
        """Say what stands in the language now spoken; what cannot be said again goes."""
        for strip in list(self._strips):
            words = strip.notice.again() if strip.notice.again is not None else ""
            if words:
                strip.say_anew(words)
            else:
                self._dismiss(strip)

    def dismiss_latest(self) -> None:
        """Take away the newest notice."""
        if self._strips:
            self._dismiss(self._strips[0])

    def texts(self) -> list[str]:
        """Return what is on the screen now, newest first."""
        return [strip.notice.text for strip in self._strips]

    def _dismiss(self, strip: QWidget) -> None:
        if strip in self._strips:
            assert isinstance(strip, _NoticeStrip)
            self._strips.remove(strip)
            self._layout.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self.setVisible(bool(self._strips))
