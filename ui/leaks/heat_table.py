"""A table of numbers on coloured ground, walked with the arrow keys. Decides how finished cells are painted only."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pos_app.documents.glyphs import drawable
from ui.kit.fonts import font
from ui.kit.tokens import current, sizes
from ui.leaks.state import Heat, HeatCell

Index = QModelIndex | QPersistentModelIndex
NAME_PX, LEAST_PX, MOST_PX, HEAD_PX, ROW_PX, PADDING = 176, 84, 132, 44, 56, 12


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.heat = Heat()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.heat.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.heat.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.heat.rows[index.row()][index.column()].spoken
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heat.heads[section]
        return None

    def show(self, heat: Heat) -> None:
        self.beginResetModel()
        self.heat = heat
        self.endResetModel()


class _Head(QHeaderView):
    """Heads in up to two lines, muted."""

    def __init__(self, model: _Model) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._model = model
        self.setFixedHeight(HEAD_PX)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 (Qt's name)
        colours = current()
        painter.save()
        painter.fillRect(rect, QColor(colours.surface))
        painter.setPen(QColor(colours.line_strong))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(font(sizes().secondary))
        painter.setPen(QColor(colours.muted))
        side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
        place = rect.adjusted(PADDING, 2, -PADDING, -4)
        flags = side | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
        painter.drawText(place, int(flags), self._model.heat.heads[section])
        painter.restore()


class _Delegate(QStyledItemDelegate):
    def __init__(self, model: _Model) -> None:
        super().__init__()
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(LEAST_PX, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = self._model.heat.rows[index.row()][index.column()]
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        colours = current()
        painter.fillRect(area, QColor(colours.colour(cell.ground) if cell.ground else colours.surface))
        painter.setPen(QColor(colours.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_Selected:
            pen = painter.pen()
            pen.setColor(QColor(colours.primary))
            pen.setWidth(2)
            painter.setPen(pen)
            painter.drawRoundedRect(area.adjusted(2, 2, -3, -3), 4, 4)
        self._words(painter, area, cell, right=index.column() > 0)

    @staticmethod
    def _words(painter: QPainter, area: QRect, cell: HeatCell, *, right: bool) -> None:
        colours = current()
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        align = int(side | Qt.AlignmentFlag.AlignVCenter)
        place = area.adjusted(PADDING, 0, -PADDING, 0)
        middle = place.center().y()
        first = QRect(place.left(), middle - 19, place.width(), 20) if cell.under else place
        painter.setFont(font(strong=cell.strong))
        painter.setPen(QColor(colours.text))
        painter.drawText(first, align, _fitting(painter, cell.text, place.width()))
        if cell.under:
            painter.setFont(font(sizes().secondary))
            painter.setPen(QColor(colours.text if cell.ground else colours.muted))
            second = QRect(place.left(), middle + 1, place.width(), 18)
            painter.drawText(second, align, _fitting(painter, cell.under, place.width()))


def _fitting(painter: QPainter, words: str, width: int) -> str:
    return painter.fontMetrics().elidedText(drawable(words), Qt.TextElideMode.ElideRight, width)


class HeatTable(QTableView):
    """`chosen(row, column)`: Enter or a double click · `said(words)`: what the current cell says."""

    chosen = Signal(int, int)
    said = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._model = _Model()
        self.setModel(self._model)
        self._delegate = _Delegate(self._model)
        self.setItemDelegate(self._delegate)
        self._head = _Head(self._model)
        self.setHorizontalHeader(self._head)
        self._head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.row(), index.column()))
        self.selectionModel().currentChanged.connect(self._say)

    def show_heat(self, heat: Heat) -> None:
        """Show another table; the current cell stays where it was if there is one."""
        if heat == self._model.heat:
            return
        index = self.currentIndex()
        row, column = max(index.row(), 0), max(index.column(), 0)
        self._model.show(heat)
        self._share_width()
        if heat.rows:
            row, column = min(row, len(heat.rows) - 1), min(column, len(heat.heads) - 1)
            self.setCurrentIndex(self._model.index(row, column))

    def heat(self) -> Heat:
        """Return what is shown."""
        return self._model.heat

    def _share_width(self) -> None:
        columns = len(self._model.heat.heads)
        if not columns:
            return
        rest = self.viewport().width() - NAME_PX
        width = max(LEAST_PX, min(MOST_PX, rest // max(1, columns - 1)))
        for column in range(1, columns):
            self.setColumnWidth(column, width)
        # A few px that are left over go to the name; much that is left over stays at the right.
        left = rest - width * (columns - 1)
        self.setColumnWidth(0, NAME_PX + (left if 0 < left < columns else 0))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if not event.isAutoRepeat():
                self.chosen.emit(self.currentIndex().row(), self.currentIndex().column())
            return
        super().keyPressEvent(event)

    def _say(self, now: QModelIndex, _before: QModelIndex) -> None:
        valid = now.isValid()
        self.said.emit(self._model.heat.rows[now.row()][now.column()].spoken if valid else "")
