"""The catalogue page: one box, the goods under it, and beside them one of them, or the gold prices of today.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.catalogue.detail_view import DetailView
from ui.catalogue.gold_view import GoldView
from ui.catalogue.goods import GoodsRow
from ui.catalogue.presenter import CataloguePresenter, State
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, PageHead, Panel, list_card
from ui.kit.fields import SellEdit
from ui.kit.labels import ElidedWords
from ui.kit.lists import Cell, Column, Row, RowList
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.notices import Notice, NoticeKind
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext

SCOPE = "catalogue"
GOLD = Action("catalogue.gold", "F8", "catalogue.page.gold_action")
TAB = Action("catalogue.tab", "F4", "catalogue.page.next_tab")
SAVE = Action("catalogue.save", "Ctrl+Return", "common.action.save")
LEAVE = Action("catalogue.leave", "Esc", "common.action.back")


class CataloguePage(QWidget):
    """Shows goods and takes the gold price of the day."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._presenter = CataloguePresenter(counter, self._show, self._say)
        self.box = SellEdit(
            "catalogue_box", placeholder=translate("catalogue.page.search"), icon_name="search"
        )
        self._head = PageHead(translate("catalogue.page.title"))
        self._gold_line = ElidedWords("", "secondary", "gold")
        self.list = _list()
        self.detail, self.gold = DetailView(), GoldView()
        self._lay_out()
        self._bind()
        self.setFocusProxy(self.box)

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        self.gold_button = KeyButton(translate(GOLD.label), self._shell.keys.key_of(GOLD), icon="coins")
        self.gold_button.setObjectName("catalogue_gold")
        self.gold_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._head.add(self.gold_button)
        left.addWidget(self._head)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 4, 24, 16)
        inner.setSpacing(12)
        inner.addWidget(self.box)
        inner.addWidget(self._gold_line)
        inner.addWidget(list_card(self.list), 1)
        left.addLayout(inner, 1)
        outer.addLayout(left, 1)
        side = Panel(480)
        side.body.setContentsMargins(0, 0, 0, 0)
        self._side = QStackedWidget()
        self._side.addWidget(self.detail)
        self._side.addWidget(self.gold)
        side.body.addWidget(self._side)
        outer.addWidget(side)

    def _bind(self) -> None:
        p, keys = self._presenter, self._shell.keys
        keys.bind(SCOPE, GOLD, p.open_gold, lambda: p.state.may_set_gold and p.state.gold is None)
        keys.bind(SCOPE, TAB, self.detail.turn, lambda: p.state.detail is not None and p.state.gold is None)
        self.detail.show_key(keys.key_of(TAB))
        keys.bind(SCOPE, SAVE, self._save_gold, lambda: p.state.gold is not None)
        keys.bind(SCOPE, LEAVE, self._leave, lambda: p.state.gold is not None)
        self.gold_button.clicked.connect(p.open_gold)
        self.gold.bind(p.type_gold, self._save_gold, self._leave)
        self.gold.show_keys(keys.key_of(SAVE), keys.key_of(LEAVE))
        self.box.textChanged.connect(p.search)
        self.box.submitted.connect(lambda _text: p.enter())
        self.box.moved.connect(p.move)
        self.box.dismissed.connect(p.leave)
        self.list.view.clicked.connect(lambda index: p.go(index.row()))
        bar = self.list.view.verticalScrollBar()
        bar.valueChanged.connect(lambda at: p.more() if at == bar.maximum() else None)

    def opened(self, args: object) -> None:
        """Show the goods as they are now."""
        self._presenter.opened()

    def on_scan(self, scan: Scan) -> None:
        """Show the goods of a code."""
        self._presenter.scan(scan.text)

    def _save_gold(self) -> None:
        """Save; ask first about a price that differs much from the one before."""
        if not self._presenter.check_gold():
            return
        doubt = self._presenter.doubtful_gold()
        if not doubt:
            self._presenter.save_gold()
            return
        question = Question(
            title=translate("catalogue.page.gold_doubt"), text=doubt, yes=translate("common.action.save")
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.save_gold() if yes else None)

    def _leave(self) -> None:
        """Leave the form; ask first when something would be lost."""
        if not self._presenter.gold_changed:
            self._presenter.leave()
            return
        question = Question(
            title=translate("catalogue.page.leave_title"),
            text=translate("catalogue.page.leave_text"),
            yes=translate("common.action.discard"),
            no=translate("common.action.keep_editing"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.leave() if yes else None)

    def _say(self, kind: NoticeKind, text: str) -> None:
        self._shell.notices.show_notice(Notice(kind, text, about="catalogue"))
        if kind != "success":
            self._shell.tones.sound("refused")

    def _show(self, state: State) -> None:
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self._head.second.setText(state.count)
        self.gold_button.setVisible(state.may_set_gold)
        self._gold_line.setVisible(bool(state.gold_line))
        self._gold_line.setText(translate("catalogue.page.gold_today", prices=state.gold_line))
        self._show_list(state)
        before = self._side.currentIndex()
        self._side.setCurrentIndex(0 if state.gold is None else 1)
        if state.gold is not None:
            self.gold.show_rows(state.gold, busy=state.busy, fresh=before == 0)
            return
        self.detail.show_detail(state.detail)
        if before == 1:
            self.box.setFocus()

    def _show_list(self, state: State) -> None:
        empty = self.list.empty
        assert isinstance(empty, EmptyState)
        which = "none" if state.text else "empty"
        empty.set_words(translate(f"catalogue.page.{which}_title"), translate(f"catalogue.page.{which}_text"))
        self.list.set_rows([_row(row) for row in state.rows])
        if self.list.view.currentIndex().row() != state.cursor:
            self.list.set_current(state.cursor)


def _list() -> RowList:
    columns = (
        Column("name", translate("common.word.name")),
        Column("code", translate("common.word.code"), 128),
        Column("price", translate("common.word.price"), 120, right=True),
        Column("unit", translate("catalogue.page.unit"), 64),
    )
    empty = EmptyState(
        "package-open", translate("catalogue.page.empty_title"), translate("catalogue.page.empty_text")
    )
    made = RowList("catalogue_list", columns, empty, focusable=False)
    made.setAccessibleName(translate("catalogue.page.title"))
    return made


def _row(row: GoodsRow) -> Row:
    held = translate("catalogue.page.flag_quarantined") if row.held_back else ""
    under = " · ".join(part for part in (row.category, held) if part)
    cells = (
        Cell(row.name, under=under, under_tone="danger" if row.held_back else "muted"),
        Cell(row.code, "muted"),
        Cell(row.price, strong=True),
        Cell(row.unit, "muted"),
    )
    return Row(row.variant_id, cells)
