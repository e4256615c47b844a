"""Things in a row that goes on below when it is full.

Decides where each stands. Holds no feature.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Rows from left to right; what is hidden takes no room.

    With ``last_right`` the last one stands at the right end of its row; while it is hidden nothing does.
    """

    def __init__(self, *, gap: int = 8, last_right: bool = False) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._last_right = last_right
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 (Qt's name)
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 (Qt's name)
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 (Qt's name)
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 (Qt's name)
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 (Qt's name)
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 (Qt's name)
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: N802 (Qt's name)
        super().setGeometry(area)
        self._place(area, move=True)

    def sizeHint(self) -> QSize:
        """Return room for all of them in one row."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 (Qt's name)
        """Return room for the widest: nothing else need stand beside it."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            wide = item.sizeHint().width()
            if not rows or left + wide > width:
                rows.append([])
                left = 0
            rows[-1].append(item)
            left += wide + self.spacing()
        return rows

    def _place(self, area: QRect, *, move: bool) -> int:
        """Return the height that all rows take in the width of an area; with `move` put each in its place."""
        top = area.top()
        for row in self._rows(area.width()):
            left, height = area.left(), max(item.sizeHint().height() for item in row)
            for item in row:
                size = item.sizeHint()
                if self._last_right and item is self._items[-1]:
                    left = max(left, area.left() + area.width() - size.width())
                if move:
                    item.setGeometry(QRect(left, top, min(size.width(), area.width()), size.height()))
                left += size.width() + self.spacing()
            top += height + self.spacing()
        return max(0, top - area.top() - self.spacing())


def flow(widgets: list[QWidget], *, gap: int = 8, last_right: bool = False) -> QWidget:
    """Return a widget with others in such rows."""
    made = QWidget()
    layout = FlowLayout(gap=gap, last_right=last_right)
    made.setLayout(layout)
    for widget in widgets:
        layout.addWidget(widget)
    return made
