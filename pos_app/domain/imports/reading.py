"""One row under one mapping: cells are taken by field, and everything that is wrong is gathered.

Decides how blank cells, formulas without a result and spreadsheet errors are met; what a field may hold stands in the
readers of `goods`, `people` and their kind.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pos_app.domain.imports.codes import code
from pos_app.domain.imports.faults import CellError, Fault, Reason, Refused, shown_of
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.table import CellKind, Row
from pos_app.domain.imports.texts import TITLE_LIMIT, words

T = TypeVar("T")
_SPOILT = {CellKind.FORMULA.value: Reason.FORMULA, CellKind.ERROR.value: Reason.SHEET_ERROR}
_SHEET_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)
_BARE = frozenset("/-\\—–")


class Cells:
    """The cells of a row by field; `faults` grows as they are taken."""

    __slots__ = ("_columns", "_row", "_texts", "faults")

    def __init__(self, row: Row, mapping: Mapping) -> None:
        self._row = row
        self._texts = row.cells
        self._columns = mapping.columns
        self.faults: list[Fault] = []

    def raw(self, field: str) -> str:
        """Return the text of a field as the table shows it, empty without a column."""
        column = self._columns.get(field)
        return "" if column is None or column >= len(self._texts) else self._texts[column]

    def kind(self, field: str) -> str:
        """Return the CellKind letter of a field's cell."""
        column = self._columns.get(field)
        return CellKind.UNTYPED.value if column is None else self._row.kind(column)

    def take(self, field: str, parse: Callable[..., T], *more: Any) -> T | None:
        """Return what `parse(text, *more)` makes of a cell; None for a blank one (or a bare dash) and for a fault."""
        column = self._columns.get(field)
        if column is None or column >= len(self._texts):
            return None
        text = self._texts[column]
        if not text or text in _BARE or text.isspace():
            return None
        if (self._row.kinds and self._row.kinds[column] in _SPOILT) or text[0] == "#":
            reason = self._spoilt(column, text)
            if reason is not None:
                self.refuse(field, reason)
                return None
        try:
            return parse(text.strip(), *more)
        except CellError as error:
            self.refuse(field, error.reason, **error.params)
            return None

    def _spoilt(self, column: int, text: str) -> Reason | None:
        if text.strip() in _SHEET_ERRORS:
            return Reason.SHEET_ERROR
        return _SPOILT.get(self._row.kind(column))

    def words(self, field: str, limit: int = TITLE_LIMIT) -> str | None:
        """Return a clean text of at most `limit` characters; what a spreadsheet made a date is refused."""
        if self._row.kinds and self.kind(field) == CellKind.DATE.value:
            self.refuse(field, Reason.DATE_IN_TEXT)
            return None
        return self.take(field, words, limit)

    def code(self, field: str) -> str | None:
        """Return a code, a card number or the like."""
        return self.take(field, code, self.kind(field)) or None

    def refuse(self, field: str, reason: Reason, **params: object) -> None:
        """Note a fault of a field, shown as a report may show it."""
        self.faults.append(Fault(field, reason, shown_of(field, self.raw(field)), params))

    def refused(self) -> Refused:
        """Return the row as refused, with all that was found."""
        return Refused(self._row.number, tuple(self.faults))
