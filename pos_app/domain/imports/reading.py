"""One row under one mapping: cells are taken by field, and everything that is wrong is gathered.

Decides how blank cells, formulas without a result and spreadsheet errors are met; what a field may hold stands in
`goods` and `people`. A plan is made once for a file, so that a million rows pass in one short loop each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pos_app.domain.imports.drafts import Rules
from pos_app.domain.imports.faults import CellError, Fault, Reason, Refused, shown_of
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.table import BLANK_CELLS, CellKind, Row

_SHEET_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
_SUSPECT = frozenset("#/-\\—–")
_TEXT, _DATE = CellKind.TEXT.value, CellKind.DATE.value
_FORMULA, _ERROR = CellKind.FORMULA.value, CellKind.ERROR.value


@dataclass(frozen=True, slots=True)
class Parser:
    """How a field's text becomes a value.

    `sees_kind`: the CellKind letter is handed on as second argument. `is_wordy`: a day is no value, since the
    spreadsheet made it of a size or a code such as 3-5.
    """

    parse: Callable[..., Any]
    sees_kind: bool = False
    is_wordy: bool = False


class Plan:
    """The mapped fields of a file with their columns and parsers."""

    __slots__ = ("columns", "entries", "mapping", "rules")

    def __init__(self, mapping: Mapping, rules: Rules, parsers: dict[str, Parser]) -> None:
        self.mapping = mapping
        self.rules = rules
        self.columns = mapping.columns
        self.entries = tuple(
            (field, mapping.columns[field], parser.parse, parser.sees_kind, parser.is_wordy)
            for field, parser in parsers.items()
            if field in mapping.columns
        )


class PlanOfFile:
    """Keeps the plan of the file being read: rows of one file come with one and the same mapping and rules."""

    __slots__ = ("_make", "_plan")

    def __init__(self, make: Callable[[Rules], dict[str, Parser]]) -> None:
        self._make = make
        self._plan: Plan | None = None

    def of(self, mapping: Mapping, rules: Rules) -> Plan:
        """Return the plan of a mapping and rules, made anew when either is another object than last time."""
        plan = self._plan
        if plan is None or plan.mapping is not mapping or plan.rules is not rules:
            plan = self._plan = Plan(mapping, rules, self._make(rules))
        return plan


class Cells:
    """The values of a row by field, without the blank ones; `faults` is what is wrong so far."""

    __slots__ = ("_plan", "_row", "faults", "values")

    def __init__(self, row: Row, plan: Plan) -> None:
        self._row = row
        self._plan = plan
        self.values: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self._take_all(row.cells, row.kinds)

    def _take_all(self, texts: tuple[str, ...], kinds: str) -> None:
        values, width = self.values, len(texts)
        for field, column, parse, sees_kind, is_wordy in self._plan.entries:
            if column >= width:
                continue
            text = texts[column].strip()
            if not text:
                continue
            if kinds:
                kind = kinds[column]
                if kind != _TEXT and (kind in (_FORMULA, _ERROR) or (is_wordy and kind == _DATE)):
                    self.refuse(field, _REASONS[kind])
                    continue
            else:
                kind = "u"
            if text[0] in _SUSPECT:
                if text in BLANK_CELLS:
                    continue
                if text in _SHEET_ERRORS:
                    self.refuse(field, Reason.SHEET_ERROR)
                    continue
            try:
                values[field] = parse(text, kind) if sees_kind else parse(text)
            except CellError as error:
                self.refuse(field, error.reason, **error.params)

    def raw(self, field: str) -> str:
        """Return the text of a field as the table shows it, empty without a column."""
        column = self._plan.columns.get(field)
        return "" if column is None else self._row.text(column)

    def kind(self, field: str) -> str:
        """Return the CellKind letter of a field's cell."""
        column = self._plan.columns.get(field)
        return CellKind.UNTYPED.value if column is None else self._row.kind(column)

    def needs(self, field: str, reason: Reason = Reason.MISSING) -> None:
        """Refuse a row whose field has no value and was not refused for another reason."""
        if self.values.get(field) is None and not any(fault.field == field for fault in self.faults):
            self.refuse(field, reason)

    def refuse(self, field: str, reason: Reason, **params: object) -> None:
        """Note a fault of a field, shown as a report may show it."""
        self.faults.append(Fault(field, reason, shown_of(field, self.raw(field)), params))

    def refused(self) -> Refused:
        """Return the row as refused, with all that was found."""
        return Refused(self._row.number, tuple(self.faults))


_REASONS = {_FORMULA: Reason.FORMULA, _ERROR: Reason.SHEET_ERROR, _DATE: Reason.DATE_IN_TEXT}
