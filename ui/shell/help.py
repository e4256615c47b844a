"""The keys that act now, on one card.

Decides how they are listed. Which keys act is known to ``ui.shell.keys``.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import draw_key_cap, key_cap_width
from ui.kit.tokens import current
from ui.shell.keys import Action

_ROWS = 10


class KeyCap(QWidget):
    """A key, drawn as on the buttons."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self.setAccessibleName(key)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(max(72, key_cap_width(self._key) + 1), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_key_cap(painter, QRect(0, 0, self.width() - 1, self.height()), self._key, QColor(current().text))


class HelpCard(QWidget):
    """Every key that means something here, in columns of ten."""

    def __init__(self, keys: Sequence[tuple[str, Action]]) -> None:
        super().__init__()
        self.setObjectName("help")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        title = QLabel(translate("shell.help.title"))
        title.setProperty("role", "title")
        layout.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for place, (key, action) in enumerate(keys):
            column, row = divmod(place, _ROWS)
            words = QLabel(translate(action.label))
            words.setMinimumWidth(128)
            grid.addWidget(KeyCap(key), row, column * 2)
            grid.addWidget(words, row, column * 2 + 1)
        layout.addLayout(grid)
        foot = QLabel(translate("shell.help.foot"))
        foot.setProperty("role", "secondary")
        foot.setAlignment(Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(foot)
