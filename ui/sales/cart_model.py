"""The cart for Qt: finished rows in memory; only what changed is told to the view.

Decides which rows are announced as changed, and how a row is laid out and painted. No query, no format, no decision
while painting.
"""

from functools import lru_cache
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.kit.fonts import font
from ui.kit.tokens import current, sizes
from ui.sales.state import CartRow

Index = QModelIndex | QPersistentModelIndex
ROW, UNDER, DETAIL = 44, 12, 20
"""Heights: a line, what it grows by with words under the name, each detail."""
_Widths = tuple[int, int, int, int]
_WIDE: _Widths = (44, 88, 116, 124)
_NARROW: _Widths = (36, 64, 92, 108)
"""Widths of place, quantity, price and amount; in a narrow cart the name gets what they can spare."""
_NARROW_BELOW = 640
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CartModel(QAbstractListModel):
    """The rows of the cart. `revision` rises with each change."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[CartRow, ...] = ()
        self.revision = 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].spoken
        return None

    def show(self, rows: tuple[CartRow, ...]) -> bool:
        """Show other rows, announcing only those that differ; say whether any changed its height."""
        old = self.rows
        if rows is old or rows == old:
            return False
        self.revision += 1
        shared = min(len(rows), len(old))
        if len(rows) > len(old):
            self.beginInsertRows(QModelIndex(), len(old), len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
        elif len(rows) < len(old):
            self.beginRemoveRows(QModelIndex(), len(rows), len(old) - 1)
            self.rows = rows
            self.endRemoveRows()
        else:
            self.rows = rows
        taller = False
        for place in range(shared):
            if rows[place] is not old[place] and rows[place] != old[place]:
                taller = taller or height_of(rows[place]) != height_of(old[place])
                index = self.index(place)
                self.dataChanged.emit(index, index)
        return taller


def height_of(row: CartRow) -> int:
    """Return a row's height in px."""
    return ROW + (UNDER if row.under else 0) + DETAIL * len(row.details) + (4 if row.details else 0)


class CartDelegate(QStyledItemDelegate):
    """Paints a line: place, name and what it is, quantity, price, amount, and its details below."""

    def __init__(self, model: CartModel) -> None:
        super().__init__()
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, height_of(self._model.rows[index.row()]))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row from words that are ready."""
        row = self._model.rows[index.row()]
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        _paint_ground(painter, area, row, chosen=bool(state & QStyle.StateFlag.State_Selected))
        columns = column_places(area.left(), area.width())
        head = QRect(area.left(), area.top(), area.width(), ROW + (UNDER if row.under else 0))
        _paint_head(painter, head, columns, row)
        top = head.bottom() + 1
        for detail in row.details:
            left = columns[1][0]
            amount_left, amount_width = columns[4]
            ink = current().gold_text if detail.off else current().muted
            painter.setFont(_face(sizes().secondary))
            painter.setPen(QColor(ink))
            _words(painter, QRect(left + 16, top, amount_left - left - 32, DETAIL), detail.words)
            painter.drawText(QRect(amount_left, top, amount_width - 16, DETAIL), _RIGHT, detail.amount)
            top += DETAIL


def column_places(left: int, width: int) -> list[tuple[int, int]]:
    """Return left edge and width of place, name, quantity, price and amount."""
    place, quantity, price, amount = _NARROW if width < _NARROW_BELOW else _WIDE
    name = max(80, width - place - quantity - price - amount)
    places = []
    for wide in (place, name, quantity, price, amount):
        places.append((left, wide))
        left += wide
    return places


def _paint_ground(painter: QPainter, area: QRect, row: CartRow, *, chosen: bool) -> None:
    colours = current()
    if chosen or row.unknown:
        ground = colours.danger_ground if row.unknown else colours.selected
        painter.fillRect(area, QColor(ground))
    if chosen:
        edge = colours.danger if row.unknown else colours.primary
        painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(edge))
    painter.setPen(QColor(colours.line))
    painter.drawLine(area.bottomLeft(), area.bottomRight())


def _paint_head(painter: QPainter, head: QRect, columns: list[tuple[int, int]], row: CartRow) -> None:
    colours = current()
    middle = head.center().y()
    left, width = columns[0]
    painter.setFont(_face(sizes().secondary))
    painter.setPen(QColor(colours.muted))
    painter.drawText(QRect(left, head.top(), width - 8, head.height()), _RIGHT, row.place)
    left, width = columns[1]
    name = QRect(left + 8, head.top(), width - 16, head.height())
    if row.under:
        # Beside it stand no figures: it may run on below those of the line above.
        under = QRect(name.left(), middle + 2, columns[4][0] - name.left(), 20)
        painter.setPen(QColor(colours.danger if row.unknown else colours.muted))
        _words(painter, under, row.under)
        name = QRect(name.left(), middle - 22, name.width(), 24)
    painter.setFont(_face(14))
    painter.setPen(QColor(colours.danger if row.unknown else colours.text))
    _words(painter, name, row.name)
    painter.setPen(QColor(colours.text))
    first = QRect(0, name.top(), 0, name.height())
    for (left, width), text, strong in zip(
        columns[2:], (row.quantity, row.price, row.amount), (False, False, True), strict=True
    ):
        painter.setFont(_face(14, strong))
        painter.setPen(QColor(colours.text if strong or text is row.quantity else colours.muted))
        painter.drawText(QRect(left, first.top(), width - 16, first.height()), _RIGHT, text)


@lru_cache(maxsize=8)
def _face(pixels: int, strong: bool = False) -> QFont:
    return font(pixels, strong=strong)


def _words(painter: QPainter, place: QRect, words: str) -> None:
    text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, _LEFT, text)
