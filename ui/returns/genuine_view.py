"""A genuine receipt of another till, above the history: that it is genuine, and what it is of.

Decides nothing.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.kit.cards import Card
from ui.kit.icons import IconMark
from ui.kit.labels import Words
from ui.returns.state import GenuineCard


class GenuineView(Card):
    """The card; without anything to show it is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("returns_genuine")
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(IconMark("shield-check", "success", 32), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        self._title = Words("", "heading", wrap=True)
        self._what = Words("", "body", wrap=True)
        self._then = Words("", "muted", wrap=True)
        for label in (self._title, self._what, self._then):
            words.addWidget(label)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self.hide()

    def show_card(self, card: GenuineCard | None) -> None:
        """Show a receipt, None for none."""
        self.setVisible(card is not None)
        if card is not None:
            self._title.setText(card.title)
            self._what.setText(card.what)
            self._then.setText(card.then)
            self.setAccessibleName(f"{card.title} {card.what}")
