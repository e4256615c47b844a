"""The catalogue page: one box, goods or pieces under it, and beside them one of the goods or what is open of it.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from pos_app.services.catalogue_walk import Mark
from pos_app.words import translate
from ui.catalogue import page_keys as keys
from ui.catalogue.bulk_view import BulkView
from ui.catalogue.detail_view import DetailView
from ui.catalogue.form_view import FormView
from ui.catalogue.gold_view import GoldView
from ui.catalogue.labels_view import LabelsView
from ui.catalogue.left_view import LeftView
from ui.catalogue.pictures import PictureDoor
from ui.catalogue.presenter import CataloguePresenter
from ui.catalogue.state import Side, State, Tab
from ui.kit.buttons import KeyButton
from ui.kit.cards import Panel
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.notices import Notice, NoticeKind
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId

IMPORTS, LABELS, RETURNS = ScreenId("imports"), ScreenId("labels"), ScreenId("returns")
_SIDE_PX = 608
_TICK_MS = 100


Act = tuple[Action, Callable[[], None], Callable[[], bool]]
Click = tuple[KeyButton, Action, Callable[[], None]]


class CataloguePage(QWidget):
    """Finds, shows and edits goods; takes the gold price of the day."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._side_shown = Side.DETAIL
        self._presenter = CataloguePresenter(counter, self._show, self._say)
        self.left = LeftView(self._presenter.lists.thumbnails)
        self.box, self.list, self.gold_button = self.left.box, self.left.list, self.left.button("gold")
        self.detail, self.gold, self.form = DetailView(), GoldView(), FormView("catalogue_form")
        self.bulk, self.labels = BulkView(), LabelsView()
        self.pictures = PictureDoor(self._shell.dialogs, self._presenter.set_picture, self._say)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._presenter.bulk.tick)
        self._lay_out()
        self._bind_keys()
        self._bind_clicks()
        self.setFocusProxy(self.box)

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.left, 1)
        side = Panel(_SIDE_PX)
        side.body.setContentsMargins(0, 0, 0, 0)
        self._side = QStackedWidget()
        self._sides: dict[Side, QWidget] = {
            Side.DETAIL: self.detail,
            Side.FORM: self.form,
            Side.GOLD: self.gold,
            Side.BULK: self.bulk,
            Side.LABELS: self.labels,
        }
        for view in self._sides.values():
            self._side.addWidget(view)
        side.body.addWidget(self._side)
        outer.addWidget(side)

    # -- keys ----------------------------------------------------------------------------------------------

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _free(self) -> bool:
        return self._presenter.state.free

    def _edits(self) -> bool:
        return self._free() and self._presenter.state.may_edit

    def _reading(self) -> bool:
        state = self._presenter.state
        return state.side is Side.DETAIL and state.detail is not None

    def _editing(self) -> bool:
        return self._reading() and self._presenter.state.may_edit

    def _imports(self) -> bool:
        return self._free() and self._presenter.state.may_import and self._opens(IMPORTS)

    def _opens(self, screen: ScreenId) -> bool:
        navigation = self._shell.navigation
        return navigation.has(screen) and navigation.may_open(screen)

    def _prints(self) -> bool:
        return self._opens(LABELS)

    def _bind_keys(self) -> None:
        for action, run, enabled in (*self._acts_of_goods(), *self._acts_of_many(), *self._acts_of_forms()):
            self._shell.keys.bind(keys.SCOPE, action, run, enabled)

    def _acts_of_goods(self) -> tuple[Act, ...]:
        p, free = self._presenter, self._free
        return (
            (keys.GOLD, p.gold.open, lambda: free() and p.state.may_set_gold),
            (keys.NEW, p.editor.begin_new, self._edits),
            (keys.TAB, p.turn, self._reading),
            (keys.EDIT, self._edit, self._editing),
            (keys.ADD, p.add, lambda: self._editing() and p.state.tab in _GROWING),
            (keys.BOX, self.box.setFocus, free),
            (keys.INTO, self._into, self._reading),
            (keys.RECEIPT, self._open_receipt, lambda: self._reading() and bool(self._receipt())),
            (keys.FILTER, p.next_mark, free),
            (keys.CATEGORY, self.left.category.showPopup, free),
            (keys.PIECES, p.turn_to_pieces, free),
            (keys.PICTURE, self.pictures.choose, self._editing),
            (keys.PASTE, self.pictures.paste, self._editing),
            (keys.NO_PICTURE, self.pictures.ask_remove, self._has_picture),
        )

    def _acts_of_many(self) -> tuple[Act, ...]:
        p, edits = self._presenter, self._edits
        return (
            (keys.LABELS, p.lists.open_labels, lambda: p.state.side is Side.DETAIL and p.state.may_edit),
            (keys.PRINT, self._print_labels, lambda: self._prints() and self._has_labels()),
            (keys.HUNG, self._hung, lambda: bool(p.state.labels) and p.state.may_edit),
            (keys.BULK, p.begin_bulk, edits),
            (keys.UNDO, self._undo, lambda: edits() and bool(p.state.undo) and not self.box.text()),
            (keys.MARK, p.mark_row, lambda: p.may_mark and self.box.hasFocus()),
            (keys.MARK_UP, lambda: p.extend(-1), edits),
            (keys.MARK_DOWN, lambda: p.extend(1), edits),
            (keys.MARK_ALL, p.mark_all, edits),
            (keys.IMPORT, self._import, self._imports),
            (keys.EXPORT, self._export, self._imports),
        )

    def _acts_of_forms(self) -> tuple[Act, ...]:
        p = self._presenter
        return (
            (keys.ROW, p.editor.grow, lambda: p.state.form is not None and p.state.form.grows),
            (keys.COPY_GOLD, p.gold.copy_yesterdays, lambda: bool(p.state.gold) and p.state.gold_missing),
            (keys.SAVE, self._save, lambda: p.state.side in (Side.FORM, Side.GOLD, Side.BULK)),
            (keys.AGAIN, self._save_next, lambda: p.state.form is not None and p.state.form.again),
            (keys.LEAVE, self._leave, self._may_leave),
        )

    def _may_leave(self) -> bool:
        """Whether Esc leaves something; in the box it first takes away what was typed."""
        return self._presenter.state.side is not Side.DETAIL or not (self.box.hasFocus() and self.box.text())

    def _has_picture(self) -> bool:
        detail = self._presenter.state.detail
        return self._editing() and detail is not None and detail.picture is not None

    def _bind_clicks(self) -> None:
        p, left = self._presenter, self.left
        buttons: tuple[Click, ...] = (
            (left.button("new"), keys.NEW, p.editor.begin_new),
            (left.button("gold"), keys.GOLD, p.gold.open),
            (left.button("pieces"), keys.PIECES, p.turn_to_pieces),
            (left.button("labels"), keys.LABELS, p.lists.open_labels),
            (left.button("bulk"), keys.BULK, p.begin_bulk),
            (left.button("undo"), keys.UNDO, self._undo),
            (left.button("import"), keys.IMPORT, self._import),
            (left.button("export"), keys.EXPORT, self._export),
        )
        self._bind_buttons(buttons)
        self._bind_buttons(self._detail_buttons())
        self._bind_forms()
        self._bind_left()

    def _bind_buttons(self, buttons: tuple[Click, ...]) -> None:
        for button, action, run in buttons:
            button.set_key(self._key(action))
            button.clicked.connect(lambda _on=False, act=run: act())

    def _detail_buttons(self) -> tuple[Click, ...]:
        p = self._presenter
        return (
            (self.detail.buttons["edit"], keys.EDIT, self._edit),
            (self.detail.buttons["add"], keys.ADD, p.add),
            (self.detail.buttons["into"], keys.INTO, self._into),
            (self.detail.buttons["receipt"], keys.RECEIPT, self._open_receipt),
            (self.detail.buttons["picture"], keys.PICTURE, self.pictures.choose),
            (self.detail.buttons["paste"], keys.PASTE, self.pictures.paste),
            (self.detail.buttons["no_picture"], keys.NO_PICTURE, self.pictures.ask_remove),
            (self.detail.buttons["next_tab"], keys.TAB, p.turn),
            (self.form.more, keys.ROW, p.editor.grow),
            (self.form.again, keys.AGAIN, self._save_next),
            (self.detail.buttons["print"], keys.PRINT, self._print_labels),
            (self.labels.done, keys.HUNG, self._hung),
            (self.labels.print, keys.PRINT, self._print_labels),
            (self.labels.cancel, keys.LEAVE, self._leave),
            (self.gold.yesterday, keys.COPY_GOLD, p.gold.copy_yesterdays),
        )

    def _bind_forms(self) -> None:
        p = self._presenter
        for form in (self.form, self.bulk.form):
            form.save.set_key(self._key(keys.SAVE))
            form.cancel.set_key(self._key(keys.LEAVE))
        self.form.bind(p.editor.type, self._save, self._leave)
        self.bulk.form.bind(p.bulk.type, self._save, self._leave)
        self.gold.bind(p.gold.type, self._save, self._leave)
        self.gold.entered = p.gold.tell_history
        self.gold.show_keys(self._key(keys.SAVE), self._key(keys.LEAVE), self._key(keys.COPY_GOLD))
        self.detail.group.idClicked.connect(lambda place: p.turn(list(Tab)[place]))
        for rows in self.detail.lists.values():
            rows.chosen.connect(p.open_item)

    def _bind_left(self) -> None:
        p, left = self._presenter, self.left
        # What stands in the box now: the signal still carries full-width characters that were folded meanwhile.
        self.box.textChanged.connect(lambda _text: p.search(self.box.text()))
        self.box.submitted.connect(lambda _text: p.enter())
        self.box.moved.connect(p.move)
        self.box.dismissed.connect(p.leave)
        left.show_keys(self._key(keys.FILTER), self._key(keys.CATEGORY))
        left.mark_chosen.connect(lambda mark: p.pick(Mark(mark)))
        left.category_chosen.connect(p.choose_category)
        left.row_chosen.connect(p.go)
        left.near_end.connect(p.more)
        left.sort_asked.connect(p.sort)

    # -- what comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show the goods as they are now."""
        self._presenter.opened()

    def on_scan(self, scan: Scan) -> None:
        """Show the goods of a code, or take it into the form that is open."""
        self._presenter.scan(scan.text)

    def _place(self) -> int:
        """Return the row of the section that has the focus, -1 for none."""
        rows = self.detail.list_of(self._presenter.state.tab)
        place = rows.current_key() if rows.view.hasFocus() else None
        return -1 if place is None else place

    def _edit(self) -> None:
        self._presenter.edit(self._place())

    def _receipt(self) -> str:
        """Return the receipt of the piece in front, where it can be shown."""
        return self._presenter.lists.receipt(self._place()) if self._opens(RETURNS) else ""

    def _open_receipt(self) -> None:
        if number := self._receipt():
            self._shell.navigation.open(RETURNS, {"number": number})

    def _into(self) -> None:
        rows = self.detail.list_of(self._presenter.state.tab)
        if rows.rows():
            rows.view.setFocus()
            if rows.current_key() is None:
                rows.set_current(0)

    def _save(self) -> None:
        """Save; ask first about a gold price that differs much; what is wrong gets the focus."""
        p = self._presenter
        side = p.state.side
        if side is Side.GOLD:
            self._save_gold()
        elif side is Side.BULK:
            p.bulk.go_on()
            if p.state.bulk is not None:
                self.bulk.form.focus_fault(p.state.bulk.form)
        elif side is Side.FORM:
            p.editor.save()

    def _save_next(self) -> None:
        self._presenter.editor.save(again=True)

    def _save_gold(self) -> None:
        p = self._presenter
        if not p.gold.check():
            return
        doubt = p.gold.doubtful()
        if not doubt:
            p.gold.save()
            return
        question = Question(
            title=translate("catalogue.page.gold_doubt"), text=doubt, yes=translate("common.action.save")
        )
        self._shell.dialogs.ask(question, lambda yes: p.gold.save() if yes else None)

    def _leave(self) -> None:
        """Leave what is open; ask first when something would be lost; from a section go back to the box."""
        p = self._presenter
        if p.state.bulk is not None and p.state.bulk.running:
            p.bulk.stop()
            return
        if p.state.busy and p.state.form is not None:
            return  # It is being saved: the form goes by itself, or says what is wrong.
        if p.state.side is Side.DETAIL and not self.box.hasFocus():
            self.box.setFocus()
            return
        if not p.would_lose:
            p.leave()
            return
        question = Question(
            title=translate("catalogue.page.leave_title"),
            text=translate("catalogue.page.leave_text"),
            yes=translate("common.action.discard"),
            no=translate("common.action.keep_editing"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: p.leave() if yes else None)

    def _undo(self) -> None:
        question = Question(
            title=translate("catalogue.bulk.undo_title"),
            text=self._presenter.state.undo,
            yes=translate("common.action.undo"),
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.bulk.undo() if yes else None)

    def _hung(self) -> None:
        question = Question(
            title=translate("catalogue.page.hung_title"),
            text=translate("catalogue.page.hung_text", count=len(self._presenter.state.labels or ())),
            yes=translate("catalogue.action.labels_done"),
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.lists.labels_done() if yes else None)

    def _print_labels(self) -> None:
        if self._prints():
            changes = self._presenter.state.side is Side.LABELS
            wanted = {"changes": True} if changes else {"variants": self._presenter.marked_or_shown()}
            self._shell.navigation.open(LABELS, wanted)

    def _has_labels(self) -> bool:
        state = self._presenter.state
        if state.side is Side.LABELS:
            return bool(state.labels)
        return state.side is Side.DETAIL and bool(self._presenter.marked_or_shown())

    def _import(self) -> None:
        self._shell.navigation.open(IMPORTS, {"kind": "catalogue"})

    def _export(self) -> None:
        self._shell.navigation.open(IMPORTS, {"export": "catalogue"})

    # -- what is shown -------------------------------------------------------------------------------------

    def _say(self, kind: NoticeKind, text: str) -> None:
        self._shell.notices.show_notice(Notice(kind, text, about="catalogue"))
        if kind != "success":
            self._shell.tones.sound("refused")

    def _show(self, state: State) -> None:
        self.left.show_state(state, imports=self._imports())
        before, self._side_shown = self._side_shown, state.side
        fresh = before is not state.side
        self._side.setCurrentWidget(self._sides[state.side])
        if state.form is not None:
            faulty = any(entry.error for entry in state.form.entries)
            self.form.show_form(state.form, busy=state.busy, fresh=fresh)
            if faulty and not state.busy:
                self.form.focus_fault(state.form)
        elif state.gold is not None:
            self.gold.show_rows(state.gold, busy=state.busy, fresh=fresh)
            self.gold.show_history(state.gold_history, missing=state.gold_missing)
        elif state.bulk is not None:
            self.bulk.show_bulk(state.bulk, fresh=fresh)
        elif state.labels is not None:
            self.labels.show_rows(state.labels, may_edit=state.may_edit, prints=self._prints())
        else:
            self.detail.show_state(state, prints=self._prints(), opens=self._opens(RETURNS))
        running = state.bulk is not None and state.bulk.running
        if running != self._timer.isActive():
            self._timer.start() if running else self._timer.stop()
        if fresh and state.side in (Side.DETAIL, Side.LABELS):
            self.box.setFocus()


_GROWING = (Tab.PRICES, Tab.PIECES, Tab.BATCHES)
