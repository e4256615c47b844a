"""The rail: the way to each screen, icon over word, help at its foot; and the strip across the window.

Decides how they look. What is on the rail is `ui.shell.window`'s.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from pos_app.words import translate
from ui.kit.icons import IconMark, icon
from ui.kit.labels import Words
from ui.kit.tokens import sizes
from ui.shell.keys import Action
from ui.shell.screens import Screen, ScreenId

HELP = Action("shell.help", "F1", "shell.action.help")


class Rail(QFrame):
    """The way to each screen, icon over word; F1 help at its foot."""

    chosen = Signal(str)
    help_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(sizes().rail)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 8, 4, 8)
        self._layout.setSpacing(4)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}

    def fill(self, screens: Sequence[Screen], current: ScreenId | None, keys: dict[str, str]) -> None:
        """Show these screens, ``current`` marked; ``keys`` holds the key text of each screen that has one."""
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        self._buttons = {}
        for screen in screens:
            button = self._button(f"rail_{screen.id}", translate(screen.title), screen.icon)
            button.setToolTip(keys.get(screen.id, ""))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, target=screen.id: self.chosen.emit(target))
            self._group.addButton(button)
            self._buttons[screen.id] = button
            self._layout.addWidget(button)
        self._layout.addStretch(1)
        help_button = self._button("rail_help", translate(HELP.label), "circle-question-mark")
        help_button.clicked.connect(self.help_wanted)
        self._layout.addWidget(help_button)
        self.mark(current)

    def mark(self, current: ScreenId | None) -> None:
        """Mark the screen in front; none if it is not on the rail."""
        self._group.setExclusive(False)
        for screen, button in self._buttons.items():
            on = screen == current
            button.setChecked(on)
            button.setIcon(icon(str(button.property("icon_name")), "primary" if on else "muted"))
        self._group.setExclusive(True)

    def _button(self, name: str, words: str, icon_name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setText(words)
        button.setProperty("icon_name", icon_name)
        button.setIcon(icon(icon_name, "muted"))
        button.setIconSize(QSize(24, 24))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFixedSize(sizes().rail - 8, 60)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button


class Strip(QFrame):
    """One line across the window that never goes away: what this window is not."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setProperty("kind", "strip")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(8)
        self.words = Words(words, "emphasis", "warning")
        row.addStretch(1)
        row.addWidget(IconMark("graduation-cap", "warning", 20))
        row.addWidget(self.words)
        row.addStretch(1)
