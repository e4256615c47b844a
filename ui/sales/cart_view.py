"""The cart on the screen: its heads, its lines, and what an empty counter says.

Decides scrolling and tells when a paint has ended (`painted`), for whoever measures. Holds no decision of selling.
"""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.cards import EmptyState
from ui.kit.fonts import font
from ui.kit.tokens import current, sizes
from ui.sales.cart_model import CartDelegate, CartModel, column_places
from ui.sales.state import CartRow


class _Rows(QListView):
    """The view; `painted(revision)` follows each paint, with the revision of the rows that it holds."""

    painted = Signal(int)

    def __init__(self, model: CartModel) -> None:
        super().__init__()
        self._rows = model

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit(self._rows.revision)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())


class _Heads(QWidget):
    """The heads of the columns."""

    def __init__(self, rows: QListView) -> None:
        super().__init__()
        self._rows = rows
        self._painted_for = 0
        self.setFixedHeight(32)
        rows.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._follow())

    def _follow(self) -> None:
        """Paint again when a scroll bar has come or gone, not with each line that makes the list longer."""
        if self._rows.viewport().width() != self._painted_for:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = current()
        painter.setPen(QColor(colours.line))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.setFont(font(sizes().secondary))
        painter.setPen(QColor(colours.muted))
        words = ("", "sales.head.goods", "sales.head.quantity", "sales.head.price", "sales.head.amount")
        self._painted_for = self._rows.viewport().width()
        places = column_places(0, self._painted_for)
        for place, ((left, width), code) in enumerate(zip(places, words, strict=True)):
            if not code:
                continue
            side = Qt.AlignmentFlag.AlignLeft if place == 1 else Qt.AlignmentFlag.AlignRight
            inner = left + 8 if place == 1 else left
            area = self.rect()
            area.setLeft(inner)
            area.setWidth(width - 16)
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, translate(code))


class CartView(QWidget):
    """The list of lines; never takes the focus, the box moves it. `pointed(place)` is a click on a line."""

    pointed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cart")
        self.model = CartModel()
        self.rows = _Rows(self.model)
        self.rows.setObjectName("cart_rows")
        self.rows.setAccessibleName(translate("sales.head.goods"))
        self.rows.setModel(self.model)
        self._delegate = CartDelegate(self.model)
        self.rows.setItemDelegate(self._delegate)
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.clicked.connect(lambda index: self.pointed.emit(index.row()))
        filled = QWidget()
        inner = QVBoxLayout(filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(_Heads(self.rows))
        inner.addWidget(self.rows, 1)
        self.empty = EmptyState("scan-barcode", translate("sales.empty.title"), translate("sales.empty.text"))
        self._layers = QStackedLayout(self)
        self._layers.addWidget(filled)
        self._layers.addWidget(self.empty)
        self._layers.setCurrentIndex(1)

    def show_rows(self, rows: tuple[CartRow, ...], place: int) -> None:
        """Show lines, the one at hand marked and in sight."""
        revision = self.model.revision
        if self.model.show(rows):
            self.rows.doItemsLayout()
        layer = 0 if rows else 1
        if self._layers.currentIndex() != layer:
            self._layers.setCurrentIndex(layer)
        index = self.model.index(place) if 0 <= place < len(rows) else QModelIndex()
        if index != self.rows.currentIndex() or revision != self.model.revision:
            self.rows.setCurrentIndex(index)
            if index.isValid():
                self.rows.scrollTo(index)
