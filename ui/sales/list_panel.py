"""The list under the box, as a card over the cart: found goods, members, held carts.

Decides how it is laid out. Holds no decision.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from ui.kit.cards import Card
from ui.kit.labels import ElidedWords, Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.sales.state import ListView


class ListPanel(Card):
    """Rows to choose from; never takes the focus. `picked(place)` is a click."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__(margin=0, spacing=0)
        self.setObjectName("list_panel")
        self._shown: ListView | None = None
        self._title = ElidedWords("", "strong")
        self._count = Words("", "secondary")
        self._count.setObjectName("list_count")
        self._foot = Words("", "secondary")
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.addWidget(self._title, 1)
        head.addWidget(self._foot)
        head.addSpacing(12)
        head.addWidget(self._count)
        self.rows = RowList(
            "choices", (Column("what", ""), Column("right", "", 136, right=True)), focusable=False
        )
        self.rows.head.hide()
        self.rows.view.clicked.connect(lambda index: self.picked.emit(index.row()))
        self.rows.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addLayout(head)
        self.body.addWidget(self.rows, 1)
        self.body.setContentsMargins(1, 0, 1, 8)

    def show_list(self, view: ListView) -> None:
        """Show rows and the marked one."""
        if view == self._shown:
            return
        self._shown = view
        self._title.setText(view.title)
        self._count.setText(view.count)
        self._foot.setText(view.foot)
        self.rows.set_rows(
            [
                Row(place, (Cell(row.title, under=row.under), Cell(row.right, strong=True)))
                for place, row in enumerate(view.rows)
            ]
        )
        self.rows.set_current(view.current)
