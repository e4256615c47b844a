"""The members page: one box, the list under it, and beside it the member's card or a form.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QTimer

from pos_app.domain.values.ids import MemberId
from pos_app.words import translate
from ui.kit.cards import EmptyState
from ui.kit.lists import RowList
from ui.members import page_keys as keys
from ui.members.cards import ConsentRow
from ui.members.form_view import FormView
from ui.members.page_frame import MembersFrame
from ui.members.presenter import MembersPresenter
from ui.members.sections import Section
from ui.members.shops_view import Watch
from ui.members.state import Asking, Carried, Stage, State
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.enter_gate import EnterGate
from ui.shell.keys import Action
from ui.shell.notices import Notice
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId

SALES, RETURNS = ScreenId("sales"), ScreenId("returns")
_NEAR_END_PX = 200
_IMPORTS = ScreenId("imports")


class MembersPage(MembersFrame):
    """Finds, shows, signs up, edits and erases members."""

    def __init__(self, context: ScreenContext) -> None:
        counter: Counter = context.services
        self._shell = context.shell
        # Asked when a key comes, not now: the page may be built before the keys are read.
        super().__init__(FormView(EnterGate(lambda: self._shell.scanner.clock.now())))
        self._stage = Stage.CARD
        self.timers: list[QTimer] = []
        self.presenter = MembersPresenter(counter, self._show, self)
        # Shown before it has its place, a button opens as a window of its own and takes the keys.
        self.imports_button.setVisible(self._shell.navigation.has(_IMPORTS))
        self._bind_keys()
        self._bind_clicks()
        self._bind_list()
        self.setFocusProxy(self.box)
        self.watch = Watch(self, self.presenter.all_shops.look_again)
        if counter.net is not None:
            self.watch.begin()

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _bind_keys(self) -> None:
        p, k, card = self.presenter, self.presenter.keeping, self._reading

        def free() -> bool:
            return p.state.stage is Stage.CARD

        def forms() -> bool:
            return not free()

        def on_shops() -> bool:
            return card() and p.state.section is Section.SHOPS

        acts: tuple[tuple[Action, Callable[[], None], Callable[[], bool]], ...] = (
            (keys.NEW, p.begin_sign_up, lambda: free() and p.state.may_sign_up),
            (keys.EDIT, p.writing.begin_edit, card),
            (keys.ERASE, k.ask_erase, lambda: card() and not p.state.choosing),
            (keys.SELL, p.sell, self._can_sell),
            (keys.TAB, p.turn, card),
            (keys.ADD_KEY, k.begin_key, card),
            (keys.CARD, self._begin_card, card),
            (keys.REVEAL, k.reveal, card),
            (keys.EXPORT, k.export, lambda: card() and not p.state.choosing),
            (keys.PRINT, k.print_card, lambda: card() and not p.state.choosing),
            (keys.UNDO, p.writing.undo, lambda: card() and p.state.undoable),
            (keys.REMOVE, self._remove_key, self._key_marked),
            (keys.BOX, self.box.setFocus, free),
            (keys.INTO, self._into, self._has_list),
            (keys.IMPORTS, self._import, lambda: free() and self._shell.navigation.has(_IMPORTS)),
            (keys.ASK, p.all_shops.ask_online, on_shops),
            (keys.MERGE, p.all_shops.begin_merge, lambda: card() and p.all_shops.may_settle),
            (keys.UNMERGE, p.all_shops.unmerge, on_shops),
            (keys.SAVE, self._save, forms),
            (keys.CHILD, self._add_child, self._has_children),
            (keys.DATE, self._add_date, lambda: p.state.stage is Stage.EDIT and self._has_children()),
            (keys.LEAVE, self._leave, lambda: forms() or not self.box.hasFocus()),
        )
        for action, run, enabled in acts:
            self._shell.keys.bind(keys.SCOPE, action, run, enabled)

    def _import(self) -> None:
        """Open the page that brings members in and writes them out."""
        self._shell.navigation.open(_IMPORTS, {"kind": "members"})

    def _bind_clicks(self) -> None:
        p, k, card = self.presenter, self.presenter.keeping, self.card
        self.new_button.set_key(self._key(keys.NEW))
        self.imports_button.set_key(self._key(keys.IMPORTS))
        self.new_button.clicked.connect(lambda: p.begin_sign_up())
        self.imports_button.clicked.connect(self._import)
        for name, action, run in (
            ("sell", keys.SELL, p.sell),
            ("edit", keys.EDIT, p.writing.begin_edit),
            ("add_key", keys.ADD_KEY, k.begin_key),
            ("card", keys.CARD, self._begin_card),
            ("reveal", keys.REVEAL, k.reveal),
            ("export", keys.EXPORT, k.export),
            ("print_card", keys.PRINT, k.print_card),
            ("erase", keys.ERASE, k.ask_erase),
            ("undo", keys.UNDO, p.writing.undo),
            ("next_tab", keys.TAB, p.turn),
            ("save", keys.SAVE, self._save),
            ("cancel", keys.LEAVE, self._leave),
        ):
            button = card.button(name)
            button.set_key(self._key(action))
            button.clicked.connect(lambda _on=False, act=run: act())
        card.next_tab.setAccessibleName(translate("members.action.tab"))
        card.group.idClicked.connect(lambda place: p.turn(list(Section)[place]))
        card.purchases.chosen.connect(p.open_receipt)
        card.consents.chosen.connect(lambda row: k.turn_consent(row) if isinstance(row, ConsentRow) else None)
        card.profile_form.change = card.dates_form.change = p.writing.change_section
        card.dates_form.hint_of = p.writing.day_hint
        card.key_form.change = k.change_key
        self._bind_shops()
        for button, add, action in (
            (card.dates_form.add_child, self._add_child, keys.CHILD),
            (card.dates_form.add_date, self._add_date, keys.DATE),
        ):
            button.clicked.connect(add)
            button.set_key(self._key(action))
        self.form.bind(p.writing.change, self._save, self._leave, self._add_child)
        self.form.complete = lambda: p.writing.phone_complete
        self.form.show_keys(self._key(keys.SAVE), self._key(keys.LEAVE), self._key(keys.CHILD))

    def _bind_shops(self) -> None:
        shops, merge, form = self.presenter.all_shops, self.card.shops, self.card.merge_form
        for button, action, run in (
            (merge.ask, keys.ASK, shops.ask_online),
            (merge.merge, keys.MERGE, shops.begin_merge),
            (merge.unmerge, keys.UNMERGE, shops.unmerge),
        ):
            button.set_key(self._key(action))
            button.clicked.connect(run)
        form.text.textChanged.connect(lambda _text: shops.search(form.text.text()))
        form.found.moved.connect(shops.choose)
        merge.sales.chosen.connect(self.presenter.open_receipt)

    def _bind_list(self) -> None:
        p = self.presenter
        # What stands in the box now: the signal still carries full-width characters that were folded meanwhile.
        self.box.textChanged.connect(lambda _text: p.search(self.box.text()))
        self.box.submitted.connect(lambda _text: p.enter())
        self.box.moved.connect(p.move)
        self.box.dismissed.connect(p.leave)
        self.list.view.clicked.connect(lambda index: p.go(index.row()))
        self.list.view.doubleClicked.connect(lambda _index: p.enter())
        self.list.view.verticalScrollBar().valueChanged.connect(self._scrolled)

    def _scrolled(self, value: int) -> None:
        bar = self.list.view.verticalScrollBar()
        if bar.maximum() and value >= bar.maximum() - _NEAR_END_PX:
            self.presenter.more()

    # -- when keys act -------------------------------------------------------------------------------------

    def _reading(self) -> bool:
        return self.presenter.state.stage is Stage.CARD and self.presenter.state.card is not None

    def _has_list(self) -> bool:
        return self._reading() and self.card.list_of(self.presenter.state.section) is not None

    def _can_sell(self) -> bool:
        state = self.presenter.state
        able = state.choosing or self._shell.navigation.has(SALES)
        return able and (self._reading() or (state.stage is Stage.CARD and self.presenter.awaited))

    def _key_marked(self) -> bool:
        return self._reading() and self.card.marked_key is not None

    def _has_children(self) -> bool:
        state = self.presenter.state
        return state.stage is Stage.NEW or (state.stage is Stage.EDIT and state.section is Section.DATES)

    # -- what comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show the list, choose for Sell (`{"choose": True, "text": …}`) or sign a phone up (`{"new": …}`)."""
        asked = args if isinstance(args, dict) else {}
        text, new = asked.get("text"), asked.get("new")
        self.presenter.opened(
            choosing=bool(asked.get("choose")),
            text=text if isinstance(text, str) else "",
            new=new if isinstance(new, str) else None,
        )
        if self.presenter.state.stage is Stage.CARD:
            # Whatever had the focus when the page was left: who comes back looks for the next member.
            self.box.setFocus()

    def carry(self) -> object | None:
        """Return a form that is being written."""
        return self.presenter.writing.carry()

    def take_over(self, carried: object) -> None:
        """Go on with a form that was being written."""
        if isinstance(carried, Carried):
            self.presenter.take_over(carried)

    def on_scan(self, scan: Scan) -> None:
        """Find the member of a card."""
        self.presenter.scan(scan.text)

    def _save(self) -> None:
        """Save; what is missing gets the focus."""
        self.presenter.save()
        faults = self.presenter.state.faults
        if self.presenter.state.stage is Stage.NEW:
            self.form.focus_fault(faults)
        elif self.presenter.state.stage is Stage.EDIT:
            self.card.focus_fault(faults)
        elif faults:
            self.card.key_form.text.setFocus()

    def _leave(self) -> None:
        """Leave the form, asking first when something would be lost; from a tab go back to the box."""
        if self.presenter.state.stage is Stage.CARD:
            self.box.setFocus()
        elif self.presenter.writing.changed:
            question = Asking(
                title=translate("members.ask.leave_title"),
                text=translate("members.ask.leave_text"),
                yes=translate("common.action.discard"),
                no=translate("common.action.keep_editing"),
                danger=True,
            )
            self.ask(question, self.presenter.cancel)
        else:
            self.presenter.cancel()

    def _begin_card(self) -> None:
        self.presenter.keeping.begin_card(self.card.marked_key)

    def _remove_key(self) -> None:
        marked = self.card.marked_key
        if marked is not None:
            self.presenter.keeping.remove_key(marked.key)

    def _into(self) -> None:
        """Give the focus to the list on the tab; a tab that is only read has none."""
        rows = self.card.list_of(self.presenter.state.section)
        if rows is not None:
            self._enter_list(rows)

    @staticmethod
    def _enter_list(rows: RowList) -> None:
        rows.view.setFocus()
        if rows.current_key() is None:
            rows.set_current(0)

    def _add_child(self) -> None:
        self.presenter.writing.add_child()
        if self.presenter.state.stage is Stage.NEW:
            self.form.focus_last_child()
        else:
            self.card.dates_form.focus_last(child=True)

    def _add_date(self) -> None:
        self.presenter.writing.add_date()
        self.card.dates_form.focus_last(child=False)

    # -- what lies around ----------------------------------------------------------------------------------

    def say(self, kind: Literal["success", "warning", "error"], text: str) -> None:
        """Show a notice; a warning or an error also sounds refused."""
        self._shell.notices.show_notice(Notice(kind, text, about="members"))
        if kind != "success":
            self._shell.tones.sound("refused")

    def ask(self, question: Asking, yes: Callable[[], None]) -> None:
        """Ask, and do `yes` when the answer is one."""
        kind: Literal["danger", "primary"] = "danger" if question.danger else "primary"
        shown = Question(question.title, question.text, question.yes, question.no, kind, question.final)
        self._shell.dialogs.ask(shown, lambda agreed: yes() if agreed else None)

    def save_file(self, name: str, then: Callable[[Path], None]) -> None:
        """Let a person choose where to write."""
        title, pattern = translate("members.action.export"), f"*{Path(name).suffix}"
        self._shell.dialogs.save_file(title, name, pattern, lambda path: then(path) if path else None)

    def later(self, seconds: int, act: Callable[[], None]) -> None:
        """Do something once so much time has passed; it is forgotten with the page."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        self.timers.append(timer)

        def over() -> None:
            if timer in self.timers:
                self.timers.remove(timer)
            timer.deleteLater()
            act()

        timer.timeout.connect(over)
        timer.start(seconds * 1000)

    def finish(self, result: object) -> None:
        """Go back to the page that asked."""
        self._shell.navigation.finish(result)

    def sell_to(self, member_id: MemberId) -> None:
        """Go to Sell with a member."""
        self._shell.navigation.open(SALES, {"member": member_id})

    def open_receipt(self, number: str) -> None:
        """Go to a receipt, where it can be printed again."""
        if self._shell.navigation.has(RETURNS) and self._shell.navigation.may_open(RETURNS):
            self._shell.navigation.open(RETURNS, {"number": number})

    # -- what is shown -------------------------------------------------------------------------------------

    def _show(self, state: State) -> None:
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self.head.second.setText(state.count)
        self.new_button.setVisible(state.may_sign_up)
        self._show_list(state)
        before, self._stage = self._stage, state.stage
        self.side.setCurrentWidget(self.form if state.stage is Stage.NEW else self.card)
        self.card.show_state(state, sells=self._can_sell(), may_settle=self.presenter.all_shops.may_settle)
        if state.stage is Stage.NEW:
            self.form.show_state(state, fresh=before is not Stage.NEW)
        elif state.stage is not Stage.CARD and before is Stage.CARD:
            self.card.focus_form(state)
        elif state.stage is Stage.CARD and before is not Stage.CARD:
            self.box.setFocus()
            # What was looked for is done with: the next phone is typed over it, not behind it.
            self.box.selectAll()

    def _show_list(self, state: State) -> None:
        empty = self.list.empty
        assert isinstance(empty, EmptyState)
        which = "none" if state.text else "empty"
        empty.set_words(translate(f"members.{which}.title"), translate(f"members.{which}.text"))
        self.show_rows(state.rows)
        if self.list.view.currentIndex().row() != state.cursor:
            self.list.set_current(state.cursor)
