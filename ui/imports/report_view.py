"""The rehearsal: big numbers, sums, what was left out, and each row that cannot be taken with why and how to mend it.

Decides nothing.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.imports.parts import Counts, Notes
from ui.imports.state import RefusedLine, ReportShown
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, list_card
from ui.kit.labels import ElidedWords, Words
from ui.kit.lists import Cell, Column, Row, RowList


class ReportView(QWidget):
    """What an import would do."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("imports_report")
        self._keys = keys
        self._title = ElidedWords("", "muted")
        self.counts = Counts("imports_counts")
        self._totals = Words("", "strong", wrap=True)
        self.notes = Notes("imports_report_notes", "warning")
        self._refused = Words("", "heading", wrap=True)
        self.list = _refused_list()
        self.save = self._button("save", "imports_page.action.save_refused", icon="save")
        self.back = self._button("back", "imports_page.action.columns", icon="arrow-left")
        self.run = self._button("next", "imports_page.action.run", kind="primary")
        self._lay_out()

    def _button(self, name: str, label: str, *, icon: str = "", kind: str = "plain") -> KeyButton:
        button = KeyButton(translate(label), self._keys[name], icon=icon, kind=kind)  # type: ignore[arg-type]
        button.setObjectName(f"imports_report_{name}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 0, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._title)
        layout.addWidget(self.counts)
        layout.addWidget(self._totals)
        layout.addWidget(self.notes)
        head = QHBoxLayout()
        head.addWidget(self._refused, 1)
        head.addWidget(self.save)
        layout.addLayout(head)
        layout.addWidget(list_card(self.list), 1)
        self._told = Words(translate("imports_page.report.nothing_yet"), "muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._told)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.run)
        layout.addLayout(row)

    def show_report(self, shown: ReportShown) -> None:
        """Draw the report."""
        self._title.setText(shown.title)
        self.counts.show_counts(shown.counts)
        self._totals.setText(shown.totals)
        self._totals.setVisible(bool(shown.totals))
        self.notes.show_notes(shown.notes)
        self._refused.setText(shown.refused_told)
        self.list.set_rows([_refused_row(place, line) for place, line in enumerate(shown.refused)])
        self.save.setVisible(shown.can_save)
        self.run.setText(shown.run_words)
        self.run.setEnabled(shown.can_run)


def _refused_list() -> RowList:
    columns = (
        Column("row", translate("imports_page.report.column_row"), 88, right=True),
        Column("field", translate("imports_page.report.column_field"), 136),
        Column("shown", translate("imports_page.report.column_shown"), 208),
        Column("why", translate("imports_page.report.column_why")),
    )
    empty = EmptyState(
        "circle-check",
        translate("imports_page.report.clean_title"),
        translate("imports_page.report.clean_text"),
    )
    made = RowList("imports_refused", columns, empty)
    made.setAccessibleName(translate("imports_page.report.column_why"))
    return made


def _refused_row(place: int, line: RefusedLine) -> Row:
    told = line.refusal
    cells = (
        Cell(line.row, strong=True),
        Cell(told.field),
        Cell(told.shown, "muted"),
        Cell(told.why, "danger", under=told.how),
    )
    return Row(place, cells)
