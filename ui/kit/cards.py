"""Cards, lines, headings and what an empty place says.

Decides spacing and grounds. Holds no feature.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.buttons import KeyButton
from ui.kit.icons import IconMark
from ui.kit.labels import Words

_EMPTY_PX, _EMPTY_LEAST_PX, _EMPTY_AROUND_PX = 360, 264, 24


class Card(QFrame):
    """A surface with a line around it; add to ``body``."""

    def __init__(self, *, margin: int = 16, spacing: int = 8) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)


def list_card(rows: QWidget) -> Card:
    """Return a card around a list, with room for its round corners."""
    card = Card(spacing=0)
    card.body.setContentsMargins(1, 6, 1, 10)
    card.body.addWidget(rows)
    return card


class Panel(QFrame):
    """The right side of a page, parted from it by a line; add to ``body``."""

    def __init__(self, width: int = 392) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setFixedWidth(width)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 16, 16, 16)
        self.body.setSpacing(12)


def divider() -> QFrame:
    """Return a line across."""
    line = QFrame()
    line.setProperty("kind", "line")
    return line


class PageHead(QWidget):
    """The title of a page and what can be done on it; add buttons with ``add``."""

    def __init__(self, title: str, second: str = "") -> None:
        super().__init__()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(24, 16, 24, 8)
        self._layout.setSpacing(8)
        self.title = Words(title, "title")
        self.second = Words(second, "muted")
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(8)
        self._words.addWidget(self.title)
        self._words.addWidget(self.second)
        self._layout.addLayout(self._words)
        self._layout.addStretch(1)

    def set_narrow(self, narrow: bool) -> None:
        """Put the second words under the title, for a narrow page."""
        way = QBoxLayout.Direction
        self._words.setDirection(way.TopToBottom if narrow else way.LeftToRight)
        self._words.setSpacing(0 if narrow else 8)
        self._layout.setContentsMargins(16 if narrow else 24, 16, 16 if narrow else 24, 8)

    def add(self, widget: QWidget) -> None:
        """Add a button at the right."""
        self._layout.addWidget(widget)


class EmptyState(QWidget):
    """Says what belongs here and how to add the first one."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        act_label: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.setSpacing(8)
        self._title = Words(title, "heading")
        self._text = Words(text, "muted", wrap=True)
        self._text.setFixedWidth(_EMPTY_PX)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(IconMark(icon, "disabled", 48), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        if act is not None:
            button = KeyButton(act_label)
            button.setObjectName("empty_act")
            button.clicked.connect(act)
            layout.addSpacing(8)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName(title)

    def minimumSizeHint(self) -> QSize:
        """Ask for less than the text likes: it takes more lines where there is little room."""
        return QSize(_EMPTY_LEAST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._text.setFixedWidth(min(_EMPTY_PX, event.size().width() - _EMPTY_AROUND_PX))

    def set_words(self, title: str, text: str = "") -> None:
        """Say something else, as after a search without result."""
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(title)
