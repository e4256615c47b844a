"""The choices that a way of paying gives: rows of 44 px with their digit, between the field and the foot of Pay.

Decides how they are laid out and that the marked one is in sight. Holds no decision of paying.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from ui.kit.lists import Cell, Column, Row, RowList
from ui.kit.tokens import sizes
from ui.sales.state import ChoiceRow

_MOST_IN_SIGHT = 5
_AMOUNT_PX = 104


_PLAIN = (Column("what", ""),)
_WITH_AMOUNT = (*_PLAIN, Column("right", "", _AMOUNT_PX, right=True))


class PayChoices(RowList):
    """Rows to choose from; never takes the focus. `picked(place)` is a click."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__("pay_choices", _PLAIN, focusable=False)
        self.head.hide()
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.clicked.connect(lambda index: self.picked.emit(index.row()))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._there = 0
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(0, min(self._there, _MOST_IN_SIGHT) * sizes().touch + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self._there, 2) * sizes().touch + 2)

    def show_choices(self, rows: Sequence[ChoiceRow], chosen: int, *, by_digit: bool) -> None:
        """Show the rows, with a digit where that takes them, the marked one in sight."""
        # Words take the whole width where no row has an amount.
        self.set_columns(_WITH_AMOUNT if any(row.right for row in rows) else _PLAIN)
        titles = [
            f"{place}  {row.title}" if by_digit else row.title for place, row in enumerate(rows, start=1)
        ]
        self.set_rows(
            [
                Row(place, (Cell(title, under=row.under), Cell(row.right, strong=True)))
                for place, (title, row) in enumerate(zip(titles, rows, strict=True))
            ]
        )
        self.set_current(chosen)
        self._there = len(rows)
        self.setVisible(bool(rows))
        self.updateGeometry()
