"""The panel of changed prices whose labels are to be printed again.

Decides nothing; shows the words it is given.
"""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.catalogue.state import LabelRow
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, list_card
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList


class LabelsView(QWidget):
    """Labels to print again."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("catalogue_labels_panel")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.setSpacing(12)
        outer.addWidget(Words(translate("catalogue.page.labels_title"), "title"))
        outer.addWidget(Words(translate("catalogue.page.labels_told"), "muted", wrap=True))
        columns = (
            Column("name", translate("common.word.name")),
            Column("before", translate("catalogue.bulk.before"), 112, right=True),
            Column("after", translate("catalogue.bulk.after"), 112, right=True),
        )
        empty = EmptyState(
            "tag", translate("catalogue.page.labels_none"), translate("catalogue.page.labels_none_text")
        )
        self.rows = RowList("catalogue_labels_list", columns, empty, focusable=False)
        self.rows.setAccessibleName(translate("catalogue.page.labels_title"))
        outer.addWidget(list_card(self.rows), 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.cancel = KeyButton(translate("common.action.back"))
        self.done = KeyButton(translate("catalogue.action.labels_done"), icon="check")
        self.print = KeyButton(translate("catalogue.action.print_labels"), icon="printer", kind="primary")
        for name, button in (("cancel", self.cancel), ("done", self.done), ("print", self.print)):
            button.setObjectName(f"catalogue_labels_{name}")
            button.keep_focus_away()
            row.addWidget(button)
        row.insertStretch(1, 1)
        outer.addLayout(row)

    def show_rows(self, rows: tuple[LabelRow, ...], *, may_edit: bool, prints: bool) -> None:
        """Show the changed prices; `prints` when the till has a page for labels."""
        self.done.setVisible(may_edit and bool(rows))
        self.print.setVisible(prints and bool(rows))
        self.rows.set_rows(
            [
                Row(
                    row.number,
                    (
                        Cell(row.name, under=f"{row.list} · {row.when}"),
                        Cell(row.before, "muted"),
                        Cell(row.after, strong=True),
                    ),
                )
                for row in rows
            ]
        )
