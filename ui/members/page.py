"""The members page: one box, the list under it, and beside it the member's card or the form.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.values.ids import MemberId
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, PageHead, Panel, list_card
from ui.kit.fields import SellEdit
from ui.kit.lists import Cell, Column, Row, RowList
from ui.members.card_view import CardView
from ui.members.cards import MemberRow
from ui.members.form_view import FormView
from ui.members.presenter import MembersPresenter
from ui.members.state import Stage, State
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.notices import Notice
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId

SCOPE = "members"
NEW = Action("members.new", "F10", "members.action.new")
EDIT = Action("members.edit", "Ctrl+E", "members.action.edit")
ERASE = Action("members.erase", "Ctrl+Del", "members.action.erase")
SELL = Action("members.sell", "F12", "members.action.sell")
TAB = Action("members.tab", "F4", "members.action.tab")
SAVE = Action("members.save", "Ctrl+Return", "members.action.save")
CHILD = Action("members.child", "F8", "members.action.child")
LEAVE = Action("members.leave", "Esc", "members.action.back")
SALES = ScreenId("sales")


class MembersPage(QWidget):
    """Finds, shows, signs up, edits and erases members."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._presenter = MembersPresenter(counter, self._show, self)
        self.box = SellEdit("members_box", placeholder=translate("members.field.search"), icon_name="search")
        self._head = PageHead(translate("members.title"))
        self.list = _list()
        self.card, self.form = CardView(), FormView()
        self._lay_out()
        self._bind()
        self.setFocusProxy(self.box)

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        self.new_button = KeyButton(translate(NEW.label), self._key(NEW), icon="user-plus", kind="primary")
        self.new_button.setObjectName("members_new")
        self.new_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._head.add(self.new_button)
        left.addWidget(self._head)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 4, 24, 16)
        inner.setSpacing(12)
        inner.addWidget(self.box)
        inner.addWidget(list_card(self.list), 1)
        left.addLayout(inner, 1)
        outer.addLayout(left, 1)
        side = Panel(480)
        side.body.setContentsMargins(0, 0, 0, 0)
        self._side = QStackedWidget()
        self._side.addWidget(self.card)
        self._side.addWidget(self.form)
        side.body.addWidget(self._side)
        outer.addWidget(side)

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _bind(self) -> None:
        p, keys = self._presenter, self._shell.keys
        keys.bind(SCOPE, NEW, p.begin_sign_up, lambda: p.state.stage is Stage.CARD and p.state.may_sign_up)
        keys.bind(SCOPE, EDIT, p.begin_edit, self._has_card)
        keys.bind(SCOPE, ERASE, self._ask_erase, lambda: self._has_card() and not p.state.choosing)
        keys.bind(SCOPE, SELL, p.sell, self._can_sell)
        keys.bind(SCOPE, TAB, self.card.turn, self._has_card)
        keys.bind(SCOPE, SAVE, self._save, lambda: p.state.stage is not Stage.CARD)
        keys.bind(SCOPE, CHILD, self._add_child, lambda: p.state.stage is not Stage.CARD)
        keys.bind(SCOPE, LEAVE, self._leave, lambda: p.state.stage is not Stage.CARD)
        self.new_button.clicked.connect(lambda: p.begin_sign_up())
        self.card.bind(p.begin_edit, self._ask_erase, p.sell)
        self.card.show_keys(self._key(EDIT), self._key(ERASE), self._key(SELL), self._key(TAB))
        self.form.bind(p.change, self._save, self._leave, self._add_child)
        self.form.show_keys(self._key(SAVE), self._key(LEAVE), self._key(CHILD))
        self.box.textChanged.connect(p.search)
        self.box.submitted.connect(lambda _text: p.enter())
        self.box.moved.connect(p.move)
        self.box.dismissed.connect(p.leave)
        self.list.view.clicked.connect(lambda index: p.go(index.row()))
        self.list.view.doubleClicked.connect(lambda _index: p.enter())

    def _has_card(self) -> bool:
        return self._presenter.state.stage is Stage.CARD and self._presenter.state.card is not None

    def _can_sell(self) -> bool:
        able = self._presenter.state.choosing or self._shell.navigation.has(SALES)
        return self._has_card() and able

    # -- What comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show the list, choose for Sell (`{"choose": True, "text": …}`) or sign a phone up (`{"new": …}`)."""
        asked = args if isinstance(args, dict) else {}
        text, new = asked.get("text"), asked.get("new")
        self._presenter.opened(
            choosing=bool(asked.get("choose")),
            text=text if isinstance(text, str) else "",
            new=new if isinstance(new, str) else None,
        )

    def on_scan(self, scan: Scan) -> None:
        """Find the member of a card."""
        self._presenter.scan(scan.text)

    def _save(self) -> None:
        """Save; what is missing gets the focus."""
        self._presenter.save()
        self.form.focus_fault(self._presenter.state.faults)

    def _leave(self) -> None:
        """Leave the form; ask first when something would be lost."""
        if not self._presenter.changed:
            self._presenter.cancel()
            return
        question = Question(
            title=translate("members.ask.leave_title"),
            text=translate("members.ask.leave_text"),
            yes=translate("common.action.discard"),
            no=translate("common.action.keep_editing"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.cancel() if yes else None)

    def _ask_erase(self) -> None:
        card = self._presenter.state.card
        if card is None:
            return
        question = Question(
            title=translate("members.ask.erase_title", name=card.name),
            text=translate("members.ask.erase_text"),
            yes=translate("members.action.erase"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.erase() if yes else None)

    def _add_child(self) -> None:
        self._presenter.add_child()
        self.form.focus_last_child()

    # -- What lies around ----------------------------------------------------------------------------------

    def say(self, kind: Literal["success", "warning", "error"], text: str) -> None:
        """Show a notice; a warning or an error also sounds refused."""
        self._shell.notices.show_notice(Notice(kind, text, about="members"))
        if kind != "success":
            self._shell.tones.sound("refused")

    def finish(self, result: object) -> None:
        """Go back to the page that asked."""
        self._shell.navigation.finish(result)

    def sell_to(self, member_id: MemberId) -> None:
        """Go to Sell with a member."""
        self._shell.navigation.open(SALES, {"member": member_id})

    # -- What is shown -------------------------------------------------------------------------------------

    def _show(self, state: State) -> None:
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self._head.second.setText(state.count)
        self.new_button.setVisible(state.may_sign_up)
        self._show_list(state)
        forms = state.stage is not Stage.CARD
        before = self._side.currentIndex()
        self._side.setCurrentIndex(1 if forms else 0)
        if forms:
            self.form.show_state(state, fresh=before == 0)
        else:
            self.card.show_card(state.card, choosing=state.choosing, sells=self._can_sell())
            if before == 1:
                self.box.setFocus()
                # What was looked for is done with: the next phone is typed over it, not behind it.
                self.box.selectAll()

    def _show_list(self, state: State) -> None:
        empty = self.list.empty
        assert isinstance(empty, EmptyState)
        which = "none" if state.text else "empty"
        empty.set_words(translate(f"members.{which}.title"), translate(f"members.{which}.text"))
        self.list.set_rows([_row(row) for row in state.rows])
        if self.list.view.currentIndex().row() != state.cursor:
            self.list.set_current(state.cursor)


def _list() -> RowList:
    columns = (
        Column("name", translate("members.column.name")),
        Column("phone", translate("common.word.phone"), 136),
        Column("last_visit", translate("members.column.last_visit"), 152),
        Column("visits", translate("members.column.visits"), 72, right=True),
    )
    empty = EmptyState("users", translate("members.empty.title"), translate("members.empty.text"))
    made = RowList("members_list", columns, empty, focusable=False)
    made.setAccessibleName(translate("members.title"))
    return made


def _row(row: MemberRow) -> Row:
    cells = (
        Cell(row.name, strong=True, under=row.under, under_tone="gold_text"),
        Cell(row.phone, "muted"),
        Cell(row.last_visit, "muted"),
        Cell(row.visits, "muted"),
    )
    return Row(row.member_id, cells)
