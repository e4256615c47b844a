"""A member at a glance: one card at the top, below it the purchases, or children and notes.

Decides nothing; shows the words it is given.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import BigButton, FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, list_card
from ui.kit.labels import Chip, ElidedWords, Words
from ui.kit.lists import Cell, CellTone, Column, Row, RowList
from ui.members.cards import MemberCard, PurchaseRow


class CardView(QWidget):
    """The card, its tabs, and what can be done with the member."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("members_card")
        self._shown: MemberCard | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState("user-round", translate("members.card.none"), translate("members.card.none_text"))
        )
        self._stack.addWidget(self._filled())
        outer.addWidget(self._stack)

    def _filled(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._top())
        layout.addLayout(self._tabs())
        layout.addWidget(self._tab_pages(), 1)
        self.sell = BigButton(translate("members.action.sell"))
        self.edit = KeyButton(translate("members.action.edit"), icon="pencil", kind="quiet")
        self.erase = KeyButton(translate("members.action.erase"), kind="danger")
        layout.addWidget(self.sell)
        row = QHBoxLayout()
        row.addWidget(self.edit)
        row.addStretch(1)
        row.addWidget(self.erase)
        layout.addLayout(row)
        for name in ("sell", "edit", "erase"):
            button = getattr(self, name)
            button.setObjectName(f"members_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return page

    def _top(self) -> Card:
        card = Card(spacing=6)
        self._name = ElidedWords("", "title")
        self._phone = Words("", "muted")
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(self._phone)
        card.body.addLayout(row)
        self._told = Words("", "muted", wrap=True)
        self._birthday = Words("", "secondary", "gold")
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        card.body.addWidget(self._told)
        card.body.addWidget(self._birthday)
        card.body.addLayout(self._chips)
        return card

    def _tabs(self) -> QHBoxLayout:
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, code in enumerate(("purchases", "about")):
            chip = FilterChip(translate(f"members.tab.{code}"), checked=place == 0)
            chip.setObjectName(f"members_tab_{code}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(chip, place)
            row.addWidget(chip)
        self.next_tab = KeyButton("", icon="chevron-right", kind="quiet").keep_focus_away()
        self.next_tab.setObjectName("members_next_tab")
        self.next_tab.clicked.connect(self.turn)
        row.addStretch(1)
        row.addWidget(self.next_tab)
        self._group.idClicked.connect(lambda place: self._pages.setCurrentIndex(place))
        return row

    def _tab_pages(self) -> QStackedWidget:
        self._pages = QStackedWidget()
        columns = (
            Column("number", translate("members.column.number")),
            Column("kind", translate("members.column.kind"), 88),
            Column("total", translate("common.word.amount"), 128, right=True),
        )
        empty = EmptyState(
            "receipt-text", translate("members.purchases.none"), translate("members.purchases.none_text")
        )
        self.purchases = RowList("members_purchases", columns, empty, focusable=False)
        self._pages.addWidget(list_card(self.purchases))
        about = Card(spacing=12)
        self._children, self._notes = Words("", "body", wrap=True), Words("", "body", wrap=True)
        for title, words in (
            ("members.about.children", self._children),
            ("members.about.notes", self._notes),
        ):
            about.body.addWidget(Words(translate(title), "secondary"))
            about.body.addWidget(words)
        about.body.addStretch(1)
        self._pages.addWidget(about)
        return self._pages

    def bind(self, edit: Callable[[], None], erase: Callable[[], None], sell: Callable[[], None]) -> None:
        """Let the buttons ask for what they say."""
        self.edit.clicked.connect(edit)
        self.erase.clicked.connect(erase)
        self.sell.clicked.connect(sell)

    def turn(self) -> None:
        """Show the next tab, the first after the last."""
        place = (self._pages.currentIndex() + 1) % self._pages.count()
        self._group.button(place).setChecked(True)
        self._pages.setCurrentIndex(place)

    def show_keys(self, edit: str, erase: str, sell: str, turn: str) -> None:
        """Show the keys on the buttons."""
        self.next_tab.set_key(turn)
        self.next_tab.setAccessibleName(translate("members.action.tab"))
        self.edit.set_key(edit)
        self.erase.set_key(erase)
        self.sell.set_key(sell)

    def show_card(self, card: MemberCard | None, *, choosing: bool, sells: bool) -> None:
        """Show a member, or what belongs here; `choosing` names the act after what it does."""
        self._stack.setCurrentIndex(0 if card is None else 1)
        self.sell.setText(translate("members.action.choose" if choosing else "members.action.sell"))
        self.sell.setVisible(sells)
        self.erase.setVisible(not choosing)
        if card is None or card == self._shown:
            self._shown = card
            return
        self._shown = card
        self._name.setText(card.name)
        self._phone.setText(card.phone)
        self._told.setText(card.told)
        self._birthday.setText(card.birthday)
        self._birthday.setVisible(bool(card.birthday))
        self._fill_chips(card)
        nothing = translate("members.about.nothing")
        self._children.setText("\n".join(card.children) or nothing)
        self._notes.setText(card.notes or nothing)
        self.purchases.set_rows([_purchase(row) for row in card.purchases])

    def _fill_chips(self, card: MemberCard) -> None:
        _empty(self._chips)
        for stage in card.stages:
            self._chips.addWidget(Chip(stage, "gold", "baby"))
        self._chips.addStretch(1)


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()


def _purchase(row: PurchaseRow) -> Row:
    tone: CellTone = "danger" if row.back else "text"
    cells = (
        Cell(row.number, under=row.time),
        Cell(row.kind, tone),
        Cell(row.total, tone, strong=True),
    )
    return Row(row.sale_id, cells)
