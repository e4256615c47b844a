"""Large words, touch buttons and the lines of a bill, all sized by the height of the screen.

Decides how large things are: a customer reads from a metre away, on seven inches or on thirty. Nothing here ever takes
the focus: keys and scans are the till's.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from pos_app.documents.glyphs import drawable
from ui.display.state import LineRow
from ui.kit.fonts import font
from ui.kit.icons import draw_icon
from ui.kit.labels import Tone, Words
from ui.kit.tokens import current

TOUCH_PX = 64
_SMALLEST = 15


def scaled(height: int, per_mille: int, least: int = _SMALLEST) -> int:
    """Return a length in px as a part of the screen's height."""
    return max(least, height * per_mille // 1000)


class BigWords(Words):
    """Words whose size is a part of the screen's height; they shrink before they are cut."""

    def __init__(self, per_mille: int, tone: Tone = "", *, strong: bool = False, wrap: bool = False) -> None:
        self._per_mille, self._strong, self._height = per_mille, strong, 600
        super().__init__("", "body", tone, wrap=wrap)
        if not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def fit(self, height: int) -> None:
        """Take the size for a screen's height."""
        self._height = height
        self._dress()

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(text)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dress()

    def _dress(self) -> None:
        pixels = scaled(self._height, self._per_mille)
        if not self.wordWrap() and self.width() > 1:
            while pixels > _SMALLEST:
                metrics = QFontMetrics(font(pixels, strong=self._strong))
                if metrics.horizontalAdvance(self.text()) <= self.width():
                    break
                pixels -= 1
        weight = 600 if self._strong else 400
        sheet = f"font-size: {pixels}px; font-weight: {weight};"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)


class TouchButton(QPushButton):
    """A button for fingers, at least 64 px high; never focused."""

    def __init__(self, name: str, *, primary: bool = False, quiet: bool = False, digit: bool = False) -> None:
        super().__init__()
        self._per_mille, self._words = (110, 48) if digit else (90, 34)
        self.setObjectName(name)
        self.setProperty("kind", "primary" if primary else "quiet" if quiet else "plain")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        """Say what it does; without words it is not there."""
        self.setText(drawable(words))
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def fit(self, height: int) -> None:
        """Take the size for a screen's height."""
        side = scaled(height, self._per_mille, TOUCH_PX)
        self.setMinimumWidth(side)
        self.setIconSize(QSize(side // 2, side // 2))
        # The height stands in the sheet: the application's own would overrule that of the widget.
        size = f"font-size: {scaled(height, self._words, 18)}px; padding: 0 {side // 4}px;"
        self.setStyleSheet(f"{size} min-height: {side}px; max-height: {side}px;")


class Mark(QWidget):
    """An icon as large as a part of the screen's height."""

    def __init__(self, per_mille: int, token: str) -> None:
        super().__init__()
        self._per_mille, self._token, self._name = per_mille, token, ""

    def set_icon(self, name: str) -> None:
        """Show an icon, none for no name."""
        self._name = name
        self.setVisible(bool(name))
        self.update()

    def fit(self, height: int) -> None:
        """Take the size for a screen's height."""
        side = scaled(height, self._per_mille, 24)
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._name:
            draw_icon(QPainter(self), self._name, self._token, QPoint(0, 0), self.width())


class Lines(QWidget):
    """The lines of the bill; the latest ones that fit, and how many stand before them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("display_lines")
        self._rows: Sequence[LineRow] = ()
        self._current = -1
        self._height = 600

    def fit(self, height: int) -> None:
        """Take the size for a screen's height."""
        self._height = height
        self.update()

    def show_rows(self, rows: Sequence[LineRow], current_row: int) -> None:
        """Show the lines of a bill; the one at hand is always among them."""
        self._rows, self._current = rows, current_row
        spoken = "; ".join(f"{row.name} {row.quantity} {row.amount} {row.off}".strip() for row in rows)
        self.setAccessibleName(spoken)
        self.update()

    def first(self) -> int:
        """Return the place of the first line that is shown."""
        fits = max(1, self.height() // self._row_height())
        last = len(self._rows) - 1
        if 0 <= self._current <= last:
            last = max(self._current, min(last, fits - 1))
        return max(0, last - fits + 1)

    def _row_height(self) -> int:
        return scaled(self._height, 92, 56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, tall = current(), self._row_height()
        first = self.first()
        for place, row in enumerate(self._rows[first:], first):
            top = (place - first) * tall
            if top + tall > self.height():
                break
            area = QRect(0, top, self.width(), tall)
            if place == self._current:
                painter.fillRect(area, QColor(tokens.colour("selected")))
            self._paint_row(painter, area, row)
            painter.setPen(QPen(QColor(tokens.colour("line")), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_row(self, painter: QPainter, area: QRect, row: LineRow) -> None:
        tokens, edge = current(), scaled(self._height, 20, 12)
        body, small = font(scaled(self._height, 32)), font(scaled(self._height, 24))
        inner = area.adjusted(edge, 0, -edge, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        strong = font(scaled(self._height, 32), strong=True)
        painter.setFont(strong)
        painter.setPen(QColor(tokens.colour("text")))
        upper = QRect(inner)
        if row.off:
            upper.setHeight(inner.height() * 3 // 5)
            lower = QRect(inner.left(), upper.bottom() - 2, inner.width(), inner.height() - upper.height())
            painter.drawText(upper, right, row.amount)
            painter.setFont(small)
            painter.setPen(QColor(tokens.colour("danger")))
            painter.drawText(lower, right | Qt.AlignmentFlag.AlignTop, row.off)
        else:
            painter.drawText(inner, right, row.amount)
        taken = QFontMetrics(strong).horizontalAdvance(row.amount) + edge
        painter.setFont(body)
        painter.setPen(QColor(tokens.colour("muted")))
        count = f"× {row.quantity}"
        count_width = QFontMetrics(body).horizontalAdvance(count)
        room = QRect(inner.left(), inner.top(), inner.width() - taken, inner.height())
        painter.drawText(room, right, count)
        painter.setPen(QColor(tokens.colour("text")))
        words = QRect(inner.left(), inner.top(), room.width() - count_width - edge, inner.height())
        name = QFontMetrics(body).elidedText(drawable(row.name), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, left, name)


class Picture(QLabel):
    """A picture between customers, whole and centred."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("display_picture")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
