"""The page of invoices: one box, chips by state, the requests, the one at hand; or the form of a new one.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.invoices import InvoiceState
from pos_app.words import translate
from ui.invoices.detail_panel import DetailPanel
from ui.invoices.form_view import FormView
from ui.invoices.page_keys import (
    ANSWER,
    BACK,
    DEEDS,
    FILTER,
    FORM,
    FORMER,
    HAND_OVER,
    KIND,
    SAVE,
    SAVE_PAD,
    SCOPE,
)
from ui.invoices.presenter import InvoicesPresenter
from ui.invoices.rows import SHOWN
from ui.invoices.state import Deed, RequestRow, Stage, State
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import EmptyState, PageHead, list_card
from ui.kit.fields import SellEdit
from ui.kit.flow import FlowLayout
from ui.kit.lists import Cell, Column, Row, RowList
from ui.shell.counter import Counter
from ui.shell.dialogs import Prompt, Question
from ui.shell.keys import Action
from ui.shell.notices import Notice, NoticeKind
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId


class InvoicesPage(QWidget):
    """Shows the states of `InvoicesPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._home: ScreenId | None = None
        self.presenter = InvoicesPresenter(counter, self._show, self._say, self._go_home)
        self._chips: dict[InvoiceState | None, FilterChip] = {}
        self.box = SellEdit("invoices_box", placeholder=translate("invoices.box"))
        self._head = PageHead(translate("invoices.page.title"))
        self.answer = KeyButton(translate(ANSWER.label), self._key(ANSWER), icon="download")
        self.hand_over = KeyButton(
            translate(HAND_OVER.label), self._key(HAND_OVER), icon="upload", kind="primary"
        )
        self.list = _list()
        self.detail = DetailPanel({deed: self._key(action) for deed, action in DEEDS.items()}, self._act)
        names = {"kind": KIND, "back": BACK, "save": SAVE, "former": FORMER}
        self.form = FormView({name: self._key(action) for name, action in names.items()})
        self._lay_out()
        self._bind_keys()
        self._bind_widgets()
        self.setFocusProxy(self.box)

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for name, button in (("answer", self.answer), ("hand_over", self.hand_over)):
            button.setObjectName(f"invoices_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._head.add(button)
        # As high without its buttons as with them: nothing jumps between list and form.
        self._head.setMinimumHeight(self._head.sizeHint().height())
        outer.addWidget(self._head)
        self._stack = QStackedWidget()
        outer.addWidget(self._stack, 1)
        self._stack.addWidget(self._list_layer())
        self._stack.addWidget(self.form)

    def _list_layer(self) -> QWidget:
        layer = QWidget()
        layout = QHBoxLayout(layer)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(24, 0, 24, 16)
        left.setSpacing(12)
        left.addWidget(self.box)
        chips = QWidget()
        self._chip_row = FlowLayout(gap=8)
        chips.setLayout(self._chip_row)
        for state in SHOWN:
            chip = FilterChip("")
            chip.setObjectName(f"invoices_filter_{state or 'all'}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(lambda _checked=False, state=state: self.presenter.choose_filter(state))
            self._chips[state] = chip
            self._chip_row.addWidget(chip)
        left.addWidget(chips)
        left.addWidget(list_card(self.list), 1)
        layout.addLayout(left, 1)
        layout.addWidget(self.detail)
        return layer

    # -- Keys and clicks -----------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        p, keys = self.presenter, self._shell.keys
        keys.bind(SCOPE, HAND_OVER, self._ask_place, lambda: self._at(Stage.LIST) and p.state.waiting > 0)
        keys.bind(SCOPE, ANSWER, self._ask_answer, lambda: self._at(Stage.LIST))
        keys.bind(SCOPE, FILTER, p.next_filter, lambda: self._at(Stage.LIST))
        for deed, action in DEEDS.items():
            keys.bind(SCOPE, action, partial(self._act, deed), partial(self._may, deed))
        keys.bind(FORM, SAVE, p.asking.submit)
        keys.bind(FORM, SAVE_PAD, p.asking.submit)
        keys.bind(FORM, KIND, p.asking.turn_kind)
        keys.bind(FORM, FORMER, self._to_former, lambda: bool(self.form.former.rows()))
        keys.bind(FORM, BACK, self._ask_leave)

    def _at(self, stage: Stage) -> bool:
        return self.presenter.state.stage is stage and not self.presenter.state.busy

    def _may(self, deed: Deed) -> bool:
        # Del rubs out in a box that holds something.
        rubbing = deed is Deed.WITHDRAW and bool(self.box.text())
        return self._at(Stage.LIST) and self.presenter.can(deed) and not rubbing

    def _bind_widgets(self) -> None:
        p = self.presenter
        self.hand_over.clicked.connect(self._ask_place)
        self.answer.clicked.connect(self._ask_answer)
        self.box.textChanged.connect(lambda _text: p.search(self.box.text()))
        self.box.submitted.connect(self._entered)
        self.box.moved.connect(self.list.step)
        self.box.dismissed.connect(self._go_home)
        self.list.moved.connect(self._moved)
        self.form.typed.connect(p.asking.typed)
        self.form.taken.connect(self._take_former)
        self.form.save.clicked.connect(p.asking.submit)
        self.form.back.clicked.connect(self._ask_leave)
        self.form.former_key.clicked.connect(self._to_former)
        self.form.kind_key.clicked.connect(p.asking.turn_kind)
        for kind, chip in self.form.kinds.items():
            chip.clicked.connect(lambda _checked=False, kind=kind: p.asking.choose_kind(kind))

    def _moved(self, invoice: object) -> None:
        if invoice != self.presenter.state.current:
            self.presenter.go(invoice)  # type: ignore[arg-type]

    def _entered(self, text: str) -> None:
        """Enter looks for a receipt; on an empty box it enters the number of the request at hand."""
        if self.presenter.enter(text):
            return
        for deed in (Deed.NUMBER, Deed.RED_NUMBER):
            if self._may(deed):
                self._act(deed)

    def _to_former(self) -> None:
        self.form.former.setFocus()
        if self.form.former.current_key() is None:
            self.form.former.set_current(0)

    def _take_former(self, place: int) -> None:
        self.presenter.asking.take(place)
        self.form.edits["title"].setFocus()

    def _act(self, deed: Deed) -> None:
        """Ask for what a deed needs: a number, or a reason."""
        detail = self.presenter.state.detail
        if detail is None or not self.presenter.can(deed):
            return
        title = translate(f"invoices.ask.{deed}", number=detail.receipt)
        if deed in (Deed.NUMBER, Deed.RED_NUMBER):
            prompt = Prompt(title, translate("invoices.ask.number_label"), translate("invoices.ask.yes"))
            self._shell.dialogs.prompt(prompt, self._numbered)
            return
        reasons = tuple(translate(f"invoices.reason.{deed}_{n}") for n in (1, 2))
        prompt = Prompt(
            title, translate("invoices.ask.reason_label"), translate(DEEDS[deed].label), choices=reasons
        )
        self._shell.dialogs.prompt(prompt, partial(self._reasoned, deed))

    def _numbered(self, text: str | None) -> None:
        if text is not None:
            self.presenter.enter_number(text)

    def _reasoned(self, deed: Deed, reason: str | None) -> None:
        if reason is not None:
            self.presenter.do(deed, reason)

    def _ask_place(self) -> None:
        p = self.presenter
        title, pattern = translate(HAND_OVER.label), "Excel (*.xlsx);;CSV (*.csv)"
        self._shell.dialogs.save_file(
            title, p.file_name(), pattern, lambda path: p.hand_over(path) if path is not None else None
        )

    def _ask_answer(self) -> None:
        p = self.presenter
        self._shell.dialogs.open_file(
            translate(ANSWER.label),
            "Excel, CSV (*.xlsx *.xls *.csv *.txt)",
            lambda path: p.take_answer(path) if path is not None else None,
        )

    def _ask_leave(self) -> None:
        """Leave the form; asks only when something was filled in."""
        p = self.presenter
        if p.state.form is not None and p.state.form.busy:
            return
        if not p.asking.is_touched:
            p.leave()
            return
        question = Question(
            title=translate("invoices.ask.leave"),
            text=translate("invoices.ask.leave_text"),
            yes=translate("invoices.ask.leave_yes"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: p.leave() if yes else None)

    # -- What comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show the list, or ask for a sale (`{"last": True}`, `{"sale": id}`); `home` is where to go back to."""
        home = args.get("home") if isinstance(args, dict) else None
        if self.presenter.state.stage is Stage.LIST:
            self._home = ScreenId(home) if isinstance(home, str) else None
            self.presenter.opened(args)
        elif isinstance(args, dict):
            self._say("warning", translate("invoices.notice.form_open"))

    def on_scan(self, scan: Scan) -> None:
        """Open the form of a scanned receipt."""
        self.presenter.scan(scan.text)

    def take_path(self, path: Path) -> None:
        """Take an answer in, for whoever drives the till without file windows."""
        self.presenter.take_answer(path)

    def _go_home(self) -> bool:
        """Go back to the page that sent a sale; say whether there was one."""
        home, self._home = self._home, None
        if home is None or not self._shell.navigation.may_open(home):
            return False
        self.presenter.refresh()
        return self._shell.navigation.open(home)

    # -- What is shown -------------------------------------------------------------------------------------

    def _say(self, kind: NoticeKind, text: str) -> None:
        self._shell.notices.show_notice(Notice(kind, text, about=SCOPE))
        if kind in ("warning", "error"):
            self._shell.tones.sound("refused")

    def _show(self, state: State) -> None:
        form = state.stage is Stage.FORM
        before = self._stack.currentIndex()
        self._stack.setCurrentIndex(1 if form else 0)
        self._head.second.setText("" if form else state.count)
        self.answer.setVisible(not form)
        self.hand_over.setVisible(not form and state.waiting > 0)
        if before != self._stack.currentIndex():
            self._turn(form)
        if state.form is not None:
            self.form.show_form(state.form)
        if not form:
            self._show_list(state)

    def _turn(self, form: bool) -> None:
        """Let the keys of the form act while it is shown, and give its first field the focus."""
        if form:
            self._shell.keys.enter(FORM)
        else:
            self._shell.keys.leave(FORM)
        field: QWidget = self.form.edits["title"] if form else self.box
        self.setFocusProxy(field)
        if self.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_list(self, state: State) -> None:
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self._show_chips(state)
        empty = self.list.empty
        assert isinstance(empty, EmptyState)
        code = "first" if state.is_empty else "none"
        empty.set_words(translate(f"invoices.empty.{code}"), translate(f"invoices.empty.{code}_text"))
        self.list.set_rows([_row(row) for row in state.rows])
        places = [row.invoice for row in state.rows]
        place = places.index(state.current) if state.current in places else -1
        if self.list.view.currentIndex().row() != place:
            self.list.set_current(place)
        self.detail.show_detail(state.detail)

    def _show_chips(self, state: State) -> None:
        shown = {choice.state: choice for choice in state.filters}
        for each, chip in self._chips.items():
            choice = shown.get(each)
            chip.setVisible(choice is not None)
            if choice is not None:
                chip.setText(choice.words)
                chip.setChecked(choice.chosen)


def _list() -> RowList:
    columns = (
        Column("receipt", translate("invoices.column.receipt"), 192),
        Column("title", translate("invoices.column.title")),
        Column("amount", translate("invoices.column.amount"), 120, right=True),
        Column("state", translate("invoices.column.state"), 176),
    )
    empty = EmptyState("file-text", translate("invoices.empty.first"), translate("invoices.empty.first_text"))
    made = RowList("invoices_list", columns, empty, focusable=False)
    made.setAccessibleName(translate("invoices.page.title"))
    return made


def _row(row: RequestRow) -> Row:
    return Row(
        row.invoice,
        (
            Cell(row.receipt, under=row.asked),
            Cell(row.title, under=row.under),
            Cell(row.amount, strong=True),
            Cell(row.state, row.tone, under=row.state_under),
        ),
    )
