"""What stands on a member's tabs while it is read: purchases, dates and children, who she is, keys and consents.

Decides lay-out only; shows the words it is given.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.cards import Card, EmptyState
from ui.kit.labels import Words
from ui.kit.lists import Cell, CellTone, Column, Row, RowList
from ui.members.cards import ConsentRow, DayRow, KeyRow, MemberCard, PurchaseRow


def scrolled(body: QWidget) -> QScrollArea:
    """Return a widget in a frame that scrolls up and down only and never takes the focus."""
    scroll = QScrollArea()
    scroll.setWidget(body)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll


def purchases_list() -> RowList:
    """Return the list of a member's sales; Enter opens the receipt."""
    columns = (
        Column("number", translate("members.column.number")),
        Column("kind", translate("members.column.kind"), 88),
        Column("total", translate("common.word.amount"), 128, right=True),
    )
    empty = EmptyState(
        "receipt-text", translate("members.purchases.none"), translate("members.purchases.none_text")
    )
    made = RowList("members_purchases", columns, empty)
    made.setAccessibleName(translate("members.tab.purchases"))
    return made


def purchase_row(row: PurchaseRow) -> Row:
    """Return a sale as a row of the list."""
    tone: CellTone = "danger" if row.back else "text"
    cells = (Cell(row.number, under=row.time), Cell(row.kind, tone), Cell(row.total, tone, strong=True))
    return Row(row.number, cells)


class Rows(QWidget):
    """Lines of two or three columns under a heading, with what to say when there are none."""

    def __init__(self, title: str, nothing: str, shares: Sequence[int]) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Words(title, "strong"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        for column, share in enumerate(shares):
            self._grid.setColumnStretch(column, share)
        layout.addLayout(self._grid)
        self._nothing = Words(nothing, "muted", wrap=True)
        layout.addWidget(self._nothing)
        self._shown: tuple[tuple[str, ...], ...] = ()

    def show_lines(self, lines: Sequence[tuple[str, ...]], *, gold: bool = False) -> None:
        """Show lines; the first column is muted, a third one may be gold."""
        new = tuple(lines)
        if new == self._shown and self._grid.count():
            return
        self._shown = new
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for row, line in enumerate(new):
            for column, text in enumerate(line):
                tone = "gold" if gold and column == 2 else ""
                label = Words(text, "muted" if column == 0 else "body", tone, wrap=True)  # type: ignore[arg-type]
                self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self._nothing.setVisible(not new)


class DatesView(Card):
    """Birthday, important dates and children."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=0)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(24)
        self.dates = Rows(translate("members.about.dates"), translate("members.about.no_dates"), (2, 4, 4))
        self.children_rows = Rows(
            translate("members.about.children"), translate("members.about.no_children"), (2, 4, 4)
        )
        layout.addWidget(self.dates)
        layout.addWidget(self.children_rows)
        layout.addStretch(1)
        self.body.addWidget(scrolled(body))

    def show_card(self, card: MemberCard) -> None:
        """Show a member's dates."""
        self.dates.show_lines([_day(row) for row in card.dates], gold=True)
        self.children_rows.show_lines([_day(row) for row in card.children], gold=True)


def _day(row: DayRow) -> tuple[str, ...]:
    return row.what, row.day, row.next


class AboutView(Card):
    """Who a member is."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=0)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 8, 0)
        self.rows = Rows(translate("members.about.profile"), translate("members.about.no_profile"), (2, 8))
        layout.addWidget(self.rows)
        layout.addStretch(1)
        self.body.addWidget(scrolled(body))

    def show_card(self, card: MemberCard) -> None:
        """Show who a member is."""
        self.rows.show_lines(card.about)


def keys_list() -> RowList:
    """Return the list of a member's keys; F6 on a card replaces it, Del takes another key off."""
    columns = (
        Column("kind", translate("members.column.key"), 112),
        Column("shown", translate("members.column.key_value")),
        Column("about", "", 232),
    )
    made = RowList("members_keys", columns, EmptyState("smartphone", translate("members.keys.none")))
    made.setAccessibleName(translate("members.column.key"))
    return made


def consents_list() -> RowList:
    """Return the list of what a member was asked; Enter gives a consent or withdraws it."""
    columns = (
        Column("what", translate("members.column.consent")),
        Column("state", translate("members.column.state"), 112),
    )
    made = RowList("members_consents", columns)
    made.setAccessibleName(translate("members.column.consent"))
    return made


def key_row(row: KeyRow) -> Row:
    """Return a key as a row of the list."""
    tone: CellTone = "disabled" if row.replaced else "text"
    return Row(row, (Cell(row.kind, "muted"), Cell(row.shown, tone, strong=True), Cell(row.about, "muted")))


def consent_row(row: ConsentRow) -> Row:
    """Return a consent as a row of the list."""
    tone: CellTone = "success" if row.given else "muted"
    return Row(row, (Cell(row.what, under=row.about), Cell(row.state, tone, strong=row.given)))
