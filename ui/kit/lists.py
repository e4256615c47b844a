"""Lists of rows painted cheaply: 44 px a row, columns by width, no query while painting.

Decides how finished rows are shown, chosen and sorted by a click on a head. Does not fetch, format or sort:
a presenter hands over ``Row`` values whose cells are words already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from pos_app.documents.glyphs import drawable
from ui.kit.cards import EmptyState
from ui.kit.fonts import font
from ui.kit.tokens import current, sizes

CELL_PADDING = 12
PICTURE = 36
Index = QModelIndex | QPersistentModelIndex
CellTone = Literal["text", "muted", "primary", "danger", "warning", "success", "gold_text", "disabled"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and its width in px (0 shares what is left)."""

    name: str
    head: str
    width: int = 0
    right: bool = False
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column: words, a tone, and small words under them."""

    text: str = ""
    tone: CellTone = "text"
    strong: bool = False
    under: str = ""
    under_tone: CellTone = "muted"
    picture: QPixmap | None = None
    """Stands before the words, `PICTURE` px a side at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finished row; ``key`` says what it stands for and is handed back when it is chosen."""

    key: Any
    cells: tuple[Cell, ...]
    tone: Literal["", "danger", "muted"] = ""
    """``danger``: a red line, such as an unknown code."""

    @property
    def spoken(self) -> str:
        """Return what a screen reader says of the row."""
        return ", ".join(" ".join(part for part in (c.text, c.under) if part) for c in self.cells if c.text)


class RowsModel(QAbstractListModel):
    """Rows in memory; a change in one row repaints that row only."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.rows[index.row()].spoken
        return None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``: what is equal stays untouched, so the chosen row and the scroll do too."""
        new, old = tuple(rows), self.rows
        if new == old:
            return
        shared = min(len(new), len(old))
        if len(new) > len(old):
            self.beginInsertRows(QModelIndex(), len(old), len(new) - 1)
            self.rows = new
            self.endInsertRows()
        elif len(new) < len(old):
            self.beginRemoveRows(QModelIndex(), len(new), len(old) - 1)
            self.rows = new
            self.endRemoveRows()
        else:
            self.rows = new
        for place in range(shared):
            if new[place] != old[place]:
                index = self.index(place)
                self.dataChanged.emit(index, index)


def column_places(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Return left edge and width of each column within ``width`` px."""
    fixed = sum(column.width for column in columns)
    shares = sum(column.width == 0 for column in columns)
    share = max(80, (width - fixed) // shares) if shares else 0
    places, left = [], 0
    for column in columns:
        wide = column.width or share
        places.append((left, wide))
        left += wide
    return places


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, columns: Sequence[Column], model: RowsModel, row_height: int) -> None:
        super().__init__()
        self.columns = columns
        self._model = model
        self._height = row_height

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.rows[index.row()]
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        colours = current()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(colours.selected))
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(colours.primary))
        elif row.tone == "danger":
            painter.fillRect(area, QColor(colours.danger_ground))
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(colours.danger))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(colours.hover))
        painter.setPen(QColor(colours.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        places = column_places(self.columns, area.width())
        for column, cell, (left, width) in zip(self.columns, row.cells, places, strict=False):
            place = QRect(
                area.left() + left + CELL_PADDING, area.top(), width - 2 * CELL_PADDING, area.height()
            )
            _paint_cell(painter, place, cell, right=column.right)


def _paint_cell(painter: QPainter, place: QRect, cell: Cell, *, right: bool) -> None:
    colours = current()
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    align = side | Qt.AlignmentFlag.AlignVCenter
    if cell.picture is not None:
        place = _paint_picture(painter, place, cell.picture)
    first = place
    if cell.under:
        middle = place.center().y()
        first = QRect(place.left(), middle - 19, place.width(), 20)
        painter.setFont(font(sizes().secondary))
        painter.setPen(QColor(colours.colour(cell.under_tone)))
        second = QRect(place.left(), middle + 1, place.width(), 18)
        painter.drawText(second, align, _fitting(painter, cell.under, second.width()))
    painter.setFont(font(strong=cell.strong))
    painter.setPen(QColor(colours.colour(cell.tone)))
    painter.drawText(first, align, _fitting(painter, cell.text, first.width()))


def _paint_picture(painter: QPainter, place: QRect, picture: QPixmap) -> QRect:
    """Paint a picture at the left of a place and return what is left for the words."""
    size = picture.deviceIndependentSize().toSize()
    left = place.left() + (PICTURE - size.width()) // 2
    painter.drawPixmap(left, place.center().y() - size.height() // 2 + 1, picture)
    return place.adjusted(PICTURE + CELL_PADDING, 0, 0, 0)


def _fitting(painter: QPainter, words: str, width: int) -> str:
    return painter.fontMetrics().elidedText(_drawable(words), Qt.TextElideMode.ElideRight, width)


# The same few cells are painted again and again; looking at each character once is enough.
_drawable = lru_cache(maxsize=4096)(drawable)


class _Head(QWidget):
    """The heads of the columns; a click on a sortable one asks for its order."""

    asked = Signal(str)

    def __init__(self, columns: Sequence[Column], rows: QListView) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._rows = rows
        # The rows are narrower by the scroll bar, when there is one: their heads stand above them all the same.
        rows.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self.update())
        self._sorted: tuple[str, bool] = ("", False)
        self.setFixedHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def mark(self, name: str, *, descending: bool) -> None:
        self._sorted = (name, descending)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = current()
        painter.fillRect(self.rect(), QColor(colours.surface))
        painter.setPen(QColor(colours.line))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.setFont(font(sizes().secondary))
        painter.setPen(QColor(colours.muted))
        for column, (left, width) in zip(
            self.columns, column_places(self.columns, self._rows.viewport().width()), strict=True
        ):
            arrow = (" ↓" if self._sorted[1] else " ↑") if self._sorted[0] == column.name else ""
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            place = QRect(left + CELL_PADDING, 0, width - 2 * CELL_PADDING, self.height())
            words = _fitting(painter, column.head + arrow, place.width())
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for column, (left, width) in zip(
            self.columns, column_places(self.columns, self._rows.viewport().width()), strict=True
        ):
            if column.sortable and left <= event.position().x() < left + width:
                self.asked.emit(column.name)


class RowList(QWidget):
    """Heads, rows, and an empty state when there are none.

    ``chosen(key)``: Enter or a double click · ``moved(key)``: another row is current · ``sort_asked(column)``.
    With ``focusable=False`` it never takes the focus (the sell box moves it with ``step``).
    """

    chosen = Signal(object)
    moved = Signal(object)
    sort_asked = Signal(str)

    def __init__(
        self, name: str, columns: Sequence[Column], empty: QWidget | None = None, *, focusable: bool = True
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._model = RowsModel()
        self.view = QListView()
        self.head = _Head(columns, self.view)
        self.head.asked.connect(self.sort_asked)
        self.view.setObjectName(f"{name}_rows")
        self.view.setModel(self._model)
        self._delegate = _RowDelegate(columns, self._model, sizes().row)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus if focusable else Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.activated.connect(lambda index: self.chosen.emit(self._model.rows[index.row()].key))
        self.view.selectionModel().currentChanged.connect(self._tell_moved)
        filled = QWidget()
        inner = QVBoxLayout(filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.head)
        inner.addWidget(self.view, 1)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(filled)
        self.empty = empty or EmptyState("inbox", "")
        self._layers.addWidget(self.empty)
        self.setFocusProxy(self.view)
        self._show_layer()

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 (Qt's name)
        super().setAccessibleName(name)
        self.view.setAccessibleName(name)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show finished rows; the current row keeps its place if it still exists."""
        self._model.set_rows(rows)
        self._show_layer()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns, as in a narrow window; the rows that belong to them are set after it."""
        self.head.columns = self._delegate.columns = tuple(columns)
        self.head.update()
        self.view.viewport().update()

    def rows(self) -> tuple[Row, ...]:
        """Return what is shown."""
        return self._model.rows

    def current_key(self) -> Any:
        """Return the key of the current row, None if there is none."""
        index = self.view.currentIndex()
        return self._model.rows[index.row()].key if index.isValid() else None

    def set_current(self, place: int) -> None:
        """Make the row at ``place`` current and visible; -1 or beyond the end means none."""
        index = self._model.index(place) if 0 <= place < len(self._model.rows) else QModelIndex()
        self.view.setCurrentIndex(index)
        if index.isValid():
            self.view.scrollTo(index)

    def step(self, step: int) -> None:
        """Go ``step`` rows down, or up if negative; from nowhere to the first or last row."""
        count = len(self._model.rows)
        if not count:
            return
        index = self.view.currentIndex()
        start = index.row() if index.isValid() else (-1 if step > 0 else count)
        self.set_current(max(0, min(count - 1, start + step)))

    def mark_sorted(self, column: str, *, descending: bool) -> None:
        """Show by which column the rows are sorted."""
        self.head.mark(column, descending=descending)

    def _show_layer(self) -> None:
        self._layers.setCurrentIndex(0 if self._model.rows else 1)

    def _tell_moved(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid():
            self.moved.emit(self._model.rows[now.row()].key)
