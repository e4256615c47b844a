"""A sheet of labels as a small picture: places that are used up, places that will be printed, and those after them.

Decides how places look and which one a click or an arrow key means. What is printed where is the presenter's.
"""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.words import translate
from ui.kit.tokens import current
from ui.labels.state import SheetShown

_WIDTH, _HEIGHT = 148, 209
"""A4 by its sides, 1 : √2."""
_EDGE = 8


class SheetPicture(QWidget):
    """Shows a sheet; ``chosen(place)``: begin at this place, from 1."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("labels_sheet")
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._shown: SheetShown | None = None

    def show_sheet(self, sheet: SheetShown) -> None:
        """Show another sheet."""
        self._shown = sheet
        self.setAccessibleName(
            translate("labels_page.sheet.spoken", start=sheet.start, places=sheet.columns * sheet.rows)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def place_of(self, number: int) -> QRect:
        """Return where a place (from 1) is drawn."""
        assert self._shown is not None
        row, column = divmod(number - 1, self._shown.columns)
        wide, high = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
        left = _EDGE + column * wide // self._shown.columns
        right = _EDGE + (column + 1) * wide // self._shown.columns
        top = _EDGE + row * high // self._shown.rows
        bottom = _EDGE + (row + 1) * high // self._shown.rows
        return QRect(left, top, right - left, bottom - top).adjusted(1, 1, -1, -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        sheet = self._shown
        if sheet is None:
            return
        painter, colours = QPainter(self), current()
        painter.setPen(QPen(QColor(colours.primary if self.hasFocus() else colours.field_line), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        last = sheet.start - 1 + sheet.labels
        for number in range(1, sheet.columns * sheet.rows + 1):
            area = self.place_of(number)
            if number < sheet.start:
                # Used up: hatched, so that it is told from white without its colour.
                painter.fillRect(area, QColor(colours.line))
                painter.setPen(QColor(colours.muted))
                painter.drawLine(area.bottomLeft(), area.topRight())
            elif number <= last:
                painter.fillRect(area, QColor(colours.primary))
            else:
                painter.setPen(QColor(colours.line_strong))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(area.adjusted(0, 0, -1, -1))
            if number == sheet.start:
                painter.setPen(QPen(QColor(colours.gold), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(area.adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._shown is None:
            return
        at = event.position().toPoint()
        for number in range(1, self._shown.columns * self._shown.rows + 1):
            if self.place_of(number).contains(at):
                self.chosen.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        sheet = self._shown
        steps = {
            Qt.Key.Key_Left.value: -1,
            Qt.Key.Key_Right.value: 1,
            Qt.Key.Key_Up.value: -(sheet.columns if sheet else 1),
            Qt.Key.Key_Down.value: sheet.columns if sheet else 1,
        }
        if sheet is None or event.key() not in (*steps, Qt.Key.Key_Home.value):
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Home.value:
            self.chosen.emit(1)
        else:
            self.chosen.emit(sheet.start + steps[event.key()])
