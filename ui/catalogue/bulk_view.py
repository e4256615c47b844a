"""The panel of a change to many goods: the form, what it would do before and after, how far it is.

Decides nothing; shows the words it is given.
"""

from PySide6.QtWidgets import QApplication, QProgressBar, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.catalogue.form_view import FormView
from ui.catalogue.state import BulkState
from ui.kit.cards import EmptyState, list_card
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList


class BulkView(QWidget):
    """A change to many goods."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.form = FormView("catalogue_bulk")
        self._told = Words("", "strong", wrap=True)
        self._warning = Words("", "body", "danger", wrap=True)
        columns = (
            Column("name", translate("common.word.name")),
            Column("before", translate("catalogue.bulk.before"), 152, right=True),
            Column("after", translate("catalogue.bulk.after"), 152, right=True),
        )
        empty = EmptyState("search", translate("catalogue.bulk.unchanged"))
        self.rows = RowList("catalogue_bulk_preview", columns, empty, focusable=False)
        self.rows.setAccessibleName(translate("catalogue.bulk.preview_name"))
        self._card = list_card(self.rows)
        self._card.setFixedHeight(216)
        self._bar = QProgressBar()
        self._bar.setObjectName("catalogue_bulk_bar")
        self._bar.setAccessibleName(translate("catalogue.bulk.running"))
        self._bar.setTextVisible(False)
        self._progress = Words("", "muted")
        for widget in (self._told, self._warning, self._card, self._bar, self._progress):
            self.form.below.addWidget(widget)
        layout.addWidget(self.form)

    def _lock(self, bulk: BulkState) -> None:
        """Let nobody type into a change at work; the focus waits on the button that stops it."""
        focus = QApplication.focusWidget()
        if bulk.running and focus is not None and self.isAncestorOf(focus):
            self.form.cancel.setFocus()
        for edit in self.form.edits.values():
            edit.setEnabled(not bulk.running)
        if not bulk.running and self.form.cancel.hasFocus():
            self.form.save.setFocus()

    def show_bulk(self, bulk: BulkState, *, fresh: bool) -> None:
        """Show the panel; `fresh` when it has just been opened."""
        if fresh:
            self.form.forget()
        self.form.show_form(bulk.form, busy=bulk.running, fresh=fresh)
        self._lock(bulk)
        apply = translate("catalogue.bulk.apply" if bulk.previewed else "catalogue.bulk.look")
        self.form.save.setText(apply)
        self.form.cancel.setText(translate("catalogue.bulk.stop" if bulk.running else "common.action.cancel"))
        self._told.setText(bulk.told)
        self._warning.setText(bulk.warning)
        for widget, on in (
            (self._told, bool(bulk.told)),
            (self._warning, bool(bulk.warning)),
            (self._card, bool(bulk.told)),
            (self._bar, bulk.running),
            (self._progress, bulk.running),
        ):
            widget.setVisible(on)
        self._bar.setValue(bulk.share)
        self._progress.setText(bulk.progress or translate("catalogue.bulk.running"))
        self.rows.set_rows(
            [
                Row(place, (Cell(name), Cell(before, "muted"), Cell(after, strong=True)))
                for place, (name, before, after) in enumerate(bulk.rows)
            ]
        )
