"""The bar at the bottom: where, who, since when, and how printer and sync are, in words.

Decides how these stand on the bar. Does not watch anything: presenters set texts, the window sets the time.
"""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ui.kit.tokens import current, sizes

StatusTone = Literal["success", "warning", "danger", "muted", "info"]


class _Dot(QWidget):
    """A coloured dot; the words beside it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self.tone: StatusTone = "muted"
        self.setFixedSize(8, 8)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current().colour(self.tone)))
        painter.drawEllipse(self.rect())


class _Light(QPushButton):
    """A dot and its words in one button."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"status_{name}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(6)
        self._dot = _Dot()
        self._words = QLabel()
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(self._dot)
        layout.addWidget(self._words)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetMinimumSize)
        self.hide()

    def say(self, words: str, tone: StatusTone) -> None:
        self._dot.tone = tone
        self._dot.update()
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))


class StatusBar(QFrame):
    """Shop · till · staff · shift | work under way | printer | sync | clock. ``clicked`` names the part."""

    clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(sizes().status)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 16, 0)
        layout.setSpacing(8)
        self._till = QPushButton()
        self._till.setObjectName("status_till")
        self._till.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._till.clicked.connect(lambda: self.clicked.emit("till"))
        self._lights = {name: _Light(name) for name in ("task", "payments", "printer", "sync")}
        self._clock = QLabel()
        self._clock.setObjectName("status_clock")
        layout.addWidget(self._till)
        layout.addStretch(1)
        for name, light in self._lights.items():
            light.clicked.connect(lambda _checked=False, part=name: self.clicked.emit(part))
            layout.addWidget(light)
        layout.addWidget(self._clock)
        self._till.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_till(self, *parts: str) -> None:
        """Say shop, till, staff and shift; empty parts are left out."""
        words = " · ".join(part for part in parts if part)
        self._till.setText(words.replace("&", "&&"))
        self._till.setAccessibleName(words)

    def set_task(self, words: str, tone: StatusTone) -> None:
        """Say what is being done meanwhile; empty words take the light away."""
        self._lights["task"].say(words, tone)

    def set_printer(self, words: str, tone: StatusTone) -> None:
        """Say how the printer is; empty words take the light away."""
        self._lights["printer"].say(words, tone)

    def set_payments(self, words: str, tone: StatusTone) -> None:
        """Say how payments by code are; empty words take the light away."""
        self._lights["payments"].say(words, tone)

    def set_sync(self, words: str, tone: StatusTone) -> None:
        """Say how sync is; empty words take the light away."""
        self._lights["sync"].say(words, tone)

    def set_clock(self, words: str) -> None:
        """Say the time."""
        self._clock.setText(words)
