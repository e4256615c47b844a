"""The tenders that were given: a list that takes the room there is and scrolls beyond it.

Decides how a tender is laid out and that the marked one is in sight. Holds no decision of paying.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.icons import icon_pixmap
from ui.kit.labels import AmountLabel, ElidedWords, Words, restyle
from ui.sales.state import TenderRow

_HEIGHT, _GAP, _LEAST = 44, 8, 1
"""A line's height and the gap below it in px; so many lines are shown even where there is little room."""


def _height_of(lines: int) -> int:
    return max(0, lines * (_HEIGHT + _GAP) - _GAP)


class _TenderLine(QFrame):
    """One tender that was given; a click marks it."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(8)
        self._icon = QLabel()
        self._words = ElidedWords("")
        self._amount = AmountLabel("strong")
        self._key = Words("", "secondary")
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._key)
        layout.addWidget(self._amount)

    def show_row(self, row: TenderRow, *, marked: bool) -> None:
        self._icon.setPixmap(icon_pixmap(row.icon, "muted", 18, self.devicePixelRatioF()))
        self._words.setText(f"{row.words} · {row.under}" if row.under else row.words)
        self._amount.setText(row.amount)
        self._key.setText(translate("sales.pay.del_removes") if marked else "")
        self.setProperty("chip", "success" if marked else "plain")
        self.setAccessibleName(f"{self._words.text()} {row.amount}")
        restyle(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class TenderList(QScrollArea):
    """All tenders; `marked(place)` is a click on one. Never takes the focus."""

    marked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pay_tenders")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._lines: list[_TenderLine] = []
        self._there = 0
        self._current = -1
        inner = QWidget()
        inner.setObjectName("pay_tenders_inner")
        self._layout = QVBoxLayout(inner)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        self._layout.addStretch(1)
        self.setWidget(inner)
        for ground in (self.viewport(), inner):
            ground.setAutoFillBackground(False)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(0, _height_of(self._there))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _height_of(min(self._there, _LEAST)))

    def show_rows(self, rows: Sequence[TenderRow], current: int) -> None:
        """Show the tenders, the marked one in sight."""
        while len(self._lines) < len(rows):
            self._add_line(len(self._lines))
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(rows))
            if place < len(rows):
                line.show_row(rows[place], marked=place == current)
        self._there, self._current = len(rows), current
        self.setVisible(bool(rows))
        self.updateGeometry()
        # The new line has its place only once the layout has been done.
        QTimer.singleShot(0, self, self._bring_into_sight)

    def _add_line(self, place: int) -> None:
        line = _TenderLine()
        line.clicked.connect(lambda: self.marked.emit(place))
        self._lines.append(line)
        self._layout.insertWidget(place, line)

    def _bring_into_sight(self) -> None:
        if 0 <= self._current < self._there:
            self.ensureWidgetVisible(self._lines[self._current], 0, _GAP)
