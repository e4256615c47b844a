"""Inputs of the settings' forms by kind: reading one, filling one, offering choices without losing what is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from ui.kit.fields import ChoiceEdit
from ui.kit.labels import Words
from ui.settings.forms import Choice


class TopGrid(QGridLayout):
    """A grid whose fields stand on one line, also when one of them has something under it."""

    def place(self, widget: QWidget, row: int, column: int, columns: int = 1) -> None:
        """Put a field at the top of its cell."""
        self.addWidget(widget, row, column, 1, columns, Qt.AlignmentFlag.AlignTop)


def group_grid(title: str) -> TopGrid:
    """Return a grid of two columns under a heading."""
    grid = TopGrid()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(10)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    grid.addWidget(Words(title, "heading"), 0, 0, 1, 2)
    return grid


def offer(edit: ChoiceEdit, choices: list[Choice]) -> None:
    """Offer other choices; what is chosen stays chosen."""
    standing = [(edit.itemText(place), edit.itemData(place)) for place in range(edit.count())]
    if standing != choices:
        edit.set_choices(choices, edit.chosen())


def value_of(edit: QWidget) -> object:
    """Return what stands in an input."""
    if isinstance(edit, QComboBox):
        return edit.currentData()
    if isinstance(edit, QCheckBox):
        return edit.isChecked()
    if isinstance(edit, QPlainTextEdit):
        return edit.toPlainText()
    assert isinstance(edit, QLineEdit)
    return edit.text()


def put(edit: QWidget, value: object) -> None:
    """Show a value in an input."""
    if isinstance(edit, QComboBox):
        edit.setCurrentIndex(max(0, edit.findData(value)))
    elif isinstance(edit, QCheckBox):
        edit.setChecked(bool(value))
    elif isinstance(edit, QPlainTextEdit) and edit.toPlainText() != value:
        edit.setPlainText(str(value))
    elif isinstance(edit, QLineEdit) and edit.text() != value:
        edit.setText(str(value))
