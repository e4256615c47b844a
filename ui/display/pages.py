"""The pages of the customer's screen: welcome, the bill, what was paid, what is asked, the number pad.

Lays out and shows; decides nothing.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.display.parts import BigWords, Lines, Mark, Picture, TouchButton, scaled
from ui.display.state import State
from ui.kit.cards import Card
from ui.kit.icons import icon

_CENTRE = Qt.AlignmentFlag.AlignCenter
_NOTES = 4
"""Sums above the one to pay: what was taken off, the total, and what was given."""
_DIGITS = ("123", "456", "789")


class Page(QWidget):
    """A page whose parts follow the screen's height."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"display_{name}")

    def fit(self, height: int) -> None:
        """Size every part for a screen's height."""
        for part in self.findChildren(QWidget):
            if isinstance(part, BigWords | TouchButton | Mark | Lines):
                part.fit(height)

    def show_state(self, state: State) -> None:
        """Show a state."""


class IdlePage(Page):
    """Pictures one after the other, or the shop's name and a welcome."""

    def __init__(self) -> None:
        super().__init__("idle")
        self._name = BigWords(110, strong=True)
        self._welcome = BigWords(48, "muted")
        self._picture = Picture()
        self._shown: QPixmap | None = None
        self._stack = QStackedLayout(self)
        plain = QWidget()
        layout = QVBoxLayout(plain)
        layout.addStretch(1)
        for words in (self._name, self._welcome):
            words.setAlignment(_CENTRE)
            layout.addWidget(words)
        layout.addStretch(1)
        self._stack.addWidget(plain)
        self._stack.addWidget(self._picture)

    def show_state(self, state: State) -> None:
        """Show the shop's name."""
        self._name.setText(state.shop)
        self._welcome.setText(state.welcome)

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show a picture, None for the welcome."""
        self._shown = picture
        self._stack.setCurrentIndex(0 if picture is None else 1)
        self._scale()

    @property
    def has_picture(self) -> bool:
        """Whether a picture stands there."""
        return self._stack.currentIndex() == 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale()

    def _scale(self) -> None:
        if self._shown is None or self.width() < 2:
            return
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self._picture.setPixmap(self._shown.scaled(self.size(), keep, smooth))


class CounterPage(Page):
    """The lines at the left; the sums, the member and what to do at the right."""

    def __init__(self, open_pad: Callable[[], None]) -> None:
        super().__init__("counter")
        self.lines = Lines()
        self._due_words, self.due = BigWords(36, "muted"), BigWords(104, "primary", strong=True)
        self._notes = [(BigWords(28, "muted"), BigWords(28)) for _ in range(_NOTES)]
        self._member, self._mark = BigWords(32), Mark(48, "gold")
        self.message, self._icon = BigWords(36, strong=True, wrap=True), Mark(72, "primary")
        self.type_phone = TouchButton("display_phone")
        self.type_phone.clicked.connect(open_pad)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 0, 24, 24)
        outer.setSpacing(24)
        left = Card(margin=1, spacing=0)
        left.body.addWidget(self.lines)
        outer.addWidget(left, 3)
        outer.addWidget(self._side(), 2)

    def _side(self) -> QWidget:
        side = Card(margin=24, spacing=12)
        side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addWidget(self._member, 1)
        side.body.addLayout(row)
        side.body.addWidget(self.type_phone)
        side.body.addStretch(1)
        message = QHBoxLayout()
        message.setSpacing(16)
        message.addWidget(self._icon)
        message.addWidget(self.message, 1)
        side.body.addLayout(message)
        side.body.addStretch(1)
        for words, amount in self._notes:
            line = QHBoxLayout()
            line.addWidget(words, 1)
            line.addWidget(amount, 1)
            amount.setAlignment(Qt.AlignmentFlag.AlignRight)
            side.body.addLayout(line)
        side.body.addWidget(self._due_words)
        side.body.addWidget(self.due)
        self.due.setAlignment(Qt.AlignmentFlag.AlignRight)
        return side

    def show_state(self, state: State) -> None:
        """Show the bill as it stands."""
        self.lines.show_rows(state.rows, state.current)
        self._due_words.setText(state.due_words)
        self.due.setText(state.due)
        # The latest that was given says more than the first.
        notes = state.notes[-_NOTES:]
        for place, (words, amount) in enumerate(self._notes):
            there = place < len(notes)
            words.setVisible(there)
            amount.setVisible(there)
            if there:
                words.setText(notes[place][0])
                amount.setText(notes[place][1])
        self._mark.set_icon("user-round" if state.member else "")
        self._member.setText(state.member)
        self._member.setVisible(bool(state.member))
        self.message.setText(state.message)
        self.message.setVisible(bool(state.message))
        self._icon.set_icon(state.icon)
        self.type_phone.say(state.type_phone)


class PaidPage(Page):
    """What was paid, or the change, as large as it goes."""

    def __init__(self) -> None:
        super().__init__("paid")
        self._mark = Mark(120, "success")
        self._mark.set_icon("circle-check")
        self._words, self.amount = BigWords(56, "muted"), BigWords(200, "primary", strong=True)
        self._thanks = BigWords(48)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 0, 48, 48)
        layout.addStretch(1)
        layout.addWidget(self._mark, 0, _CENTRE)
        for words in (self._words, self.amount, self._thanks):
            words.setAlignment(_CENTRE)
            layout.addWidget(words)
        layout.addStretch(1)

    def show_state(self, state: State) -> None:
        """Show the change."""
        self._words.setText(state.big_words)
        self.amount.setText(state.big)
        self._thanks.setText(state.thanks)


class AskPage(Page):
    """A text and a yes to touch."""

    def __init__(self, agree: Callable[[], None], decline: Callable[[], None]) -> None:
        super().__init__("ask")
        self._title, self.text = BigWords(56, strong=True), BigWords(42, wrap=True)
        self.yes, self.no = TouchButton("display_yes", primary=True), TouchButton("display_no")
        self.yes.clicked.connect(agree)
        self.no.clicked.connect(decline)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(64, 0, 64, 48)
        layout.setSpacing(24)
        layout.addStretch(1)
        layout.addWidget(self._title)
        layout.addWidget(self.text)
        layout.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.no, 1)
        row.addWidget(self.yes, 2)
        layout.addLayout(row)

    def show_state(self, state: State) -> None:
        """Show what is asked."""
        self._title.setText(state.ask_title)
        self.text.setText(state.ask_text)
        self.yes.say(state.yes)
        self.no.say(state.no)


class PadPage(Page):
    """Digits for a phone number."""

    def __init__(self, digit: Callable[[str], None], rub_out: Callable[[], None]) -> None:
        super().__init__("pad")
        self._title, self.typed = BigWords(44, strong=True), BigWords(72, "primary", strong=True)
        self.problem = BigWords(30, "danger", wrap=True)
        self.keys = {
            each: TouchButton(f"display_digit_{each}", digit=True) for row in (*_DIGITS, "0") for each in row
        }
        self.back = TouchButton("display_rub_out", digit=True)
        self.yes, self.no = TouchButton("display_enter", primary=True), TouchButton("display_leave")
        self._body = QHBoxLayout(self)
        left = QVBoxLayout()
        left.addStretch(1)
        for words in (self._title, self.typed, self.problem):
            left.addWidget(words)
        left.addStretch(1)
        left.addWidget(self.no)
        self._body.addLayout(left, 1)
        right = QVBoxLayout()
        right.addStretch(1)
        right.addLayout(self._grid())
        self._body.addLayout(right, 1)
        for each, key in self.keys.items():
            key.clicked.connect(lambda _on=False, each=each: digit(each))
        self.back.clicked.connect(rub_out)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        for row, digits in enumerate(_DIGITS):
            for column, each in enumerate(digits):
                grid.addWidget(self.keys[each], row, column)
        grid.addWidget(self.keys["0"], 3, 1)
        grid.addWidget(self.back, 3, 2)
        grid.addWidget(self.yes, 4, 0, 1, 3)
        for each, key in self.keys.items():
            key.say(each)
        self.back.setIcon(icon("delete", "muted"))
        return grid

    def fit(self, height: int) -> None:
        """Size every part, and the white around them."""
        edge = scaled(height, 48)
        self._body.setContentsMargins(edge, 0, edge, edge)
        self._body.setSpacing(edge)
        super().fit(height)

    def show_state(self, state: State) -> None:
        """Show the number as far as it is typed."""
        self._title.setText(state.pad_title)
        self.typed.setText(state.typed or "–")
        self.problem.setText(state.problem)
        self.yes.say(state.yes)
        self.no.say(state.no)
        self.back.setAccessibleName(translate("common.action.clear"))
