"""Digits for fingers.

Decides the lay-out of a number pad: 7 8 9 on top, as on a keyboard's pad. Does not decide what the keys do.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from pos_app.words import translate
from ui.kit.icons import icon

_ROWS = ("789", "456", "123")


class NumberPad(QWidget):
    """Emits ``pressed`` with a digit, ``.``, ``00``, ``back`` or ``enter``; never takes the focus."""

    pressed = Signal(str)

    def __init__(self, *, decimal: bool = True, enter: bool = False) -> None:
        super().__init__()
        self.setObjectName("number_pad")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for row, digits in enumerate(_ROWS):
            for column, digit in enumerate(digits):
                grid.addWidget(self._key(digit), row, column)
        grid.addWidget(self._key("." if decimal else "00"), 3, 0)
        grid.addWidget(self._key("0"), 3, 1)
        back = self._key("back")
        back.setText("")
        back.setIcon(icon("delete", "muted"))
        back.setAccessibleName(translate("common.action.clear"))
        grid.addWidget(back, 3, 2)
        if enter:
            go = self._key("enter")
            go.setProperty("kind", "primary")
            go.setText("")
            go.setIcon(icon("check", "on_primary"))
            go.setAccessibleName(translate("common.action.confirm"))
            grid.addWidget(go, 4, 0, 1, 3)

    def _key(self, name: str) -> QPushButton:
        button = QPushButton(name)
        button.setObjectName(f"pad_{name}")
        button.setAccessibleName(name)
        button.setProperty("kind", "digit")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setIconSize(QSize(24, 24))
        button.clicked.connect(lambda: self.pressed.emit(name))
        return button
