"""The forms of the page of shifts that grow with the shift: notes and tenders to count, differences to explain.

Decides which fields stand there and in which order. Nothing about money: the presenter does.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Currency
from pos_app.words import format_amount, translate
from ui.kit.fields import AmountEdit, CodeEdit, Field, NameEdit
from ui.kit.labels import Words
from ui.shifts.state import State, Task, TenderField

_ROWS = 4
"""How many notes stand under each other."""


class Pieces(QWidget):
    """So many notes and coins of each value, and what they come to."""

    def __init__(self, typed: Callable[[], None]) -> None:
        super().__init__()
        self._typed = typed
        self._edits: dict[int, CodeEdit] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._sum = Words("", "total")

    def set_values(self, values: tuple[int, ...], currency: Currency) -> None:
        """Make a field for each value, unless they stand already."""
        if tuple(self._edits) == values:
            return
        clear(self._grid)
        self._edits = {}
        for place, value in enumerate(values):
            words = format_amount(value, currency).removesuffix("." + "0" * currency.digits)
            edit = CodeEdit(f"shifts_piece_{value}", longest=6)
            edit.setAccessibleName(translate("shifts.field.pieces", value=words))
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setFixedWidth(80)
            edit.textEdited.connect(lambda _text: self._typed())
            row, column = place % _ROWS, place // _ROWS * 2
            self._grid.addWidget(Words(f"{words} ×", "muted"), row, column, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(edit, row, column + 1)
            # A layout shows new children only later; a hidden field would not take the focus now.
            edit.show()
            self._edits[value] = edit
        self._sum = Words("", "total")
        self._sum.setObjectName("shifts_sum")
        self._grid.addWidget(self._sum, _ROWS, 0, 1, 4, Qt.AlignmentFlag.AlignRight)

    def set_sum(self, text: str) -> None:
        """Say what was typed so far comes to."""
        self._sum.setText(f"{translate('shifts.field.sum')} {text}" if text else "")

    def fields(self) -> list[QLineEdit]:
        """Return the fields from the largest value on."""
        return list(self._edits.values())

    def typed(self) -> dict[int, str]:
        """Return what was typed, by value."""
        return {value: edit.text() for value, edit in self._edits.items()}


class PerTender(QWidget):
    """A field for each of some tenders: what was counted of it, or why it differs."""

    def __init__(self, name: str, label: str, make: type[AmountEdit] | type[NameEdit]) -> None:
        super().__init__()
        self._name, self._label, self._make = name, label, make
        self._shown: tuple[TenderField, ...] = ()
        self._edits: dict[TenderKind, QLineEdit] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)

    def set_tenders(self, tenders: tuple[TenderField, ...]) -> None:
        """Make a field for each tender, unless they stand already."""
        self.setVisible(bool(tenders))
        if tenders == self._shown:
            return
        clear(self._box)
        self._shown, self._edits = tenders, {}
        for each in tenders:
            edit = self._make(f"{self._name}_{each.kind.value}")
            field = Field(translate(self._label, tender=each.label), edit)
            self._box.addWidget(field)
            field.show()
            self._edits[each.kind] = edit

    def fields(self) -> list[QLineEdit]:
        """Return the fields in their order."""
        return list(self._edits.values())

    def typed(self) -> dict[TenderKind, str]:
        """Return what was typed, by kind."""
        return {kind: edit.text() for kind, edit in self._edits.items()}


def explained(state: State) -> tuple[TenderField, ...]:
    """Return the differences beside cash that need a reason."""
    reviewed = state.task is Task.REVIEW
    return tuple(each for each in state.reasons if reviewed and each.kind is not TenderKind.CASH)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
