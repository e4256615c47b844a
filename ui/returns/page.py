"""The returns page: one box, the history under it, and a sale taken back line by line.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, PageHead, list_card
from ui.kit.fields import SellEdit
from ui.kit.lists import Cell, CellTone, Column, Row, RowList
from ui.returns.genuine_view import GenuineView
from ui.returns.panel import DonePanel, ReturnPanel, SaleHead
from ui.returns.papers import PaperActs
from ui.returns.presenter import ReturnsPresenter
from ui.returns.rows import REASONS, LineRow, SaleRow
from ui.returns.state import Stage, State
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.notices import Notice, NoticeKind
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId

SCOPE = "returns"
CONFIRM = Action("returns.confirm", "F12", "returns.action.confirm")
VOID = Action("returns.void", "Ctrl+Del", "returns.action.void")
COPY = Action("returns.copy", "F11", "returns.action.copy")
BACK = Action("returns.back", "Esc", "returns.action.back")
ALL = Action("returns.all", "Ctrl+A", "returns.action.all")
ORIGINAL = Action("returns.original", "Ctrl+O", "returns.action.original")
INVOICE = Action("returns.invoice", "Ctrl+I", "returns.action.invoice")
INVOICES = ScreenId("invoices")
REASON_KEYS = tuple(
    Action(f"returns.reason_{code}", f"F{place}", f"returns.reason.{code}")
    for place, code in enumerate(REASONS, start=2)
)


class ReturnsPage(QWidget):
    """Shows sales and takes them back."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        p = self._presenter = ReturnsPresenter(counter, self._show, self._say)
        self.papers = PaperActs(context.shell, p.papers, lambda: p.shown_sale(self.history.current_key()))
        self.box = SellEdit("returns_box", placeholder=translate("returns.field.search"))
        self._head = PageHead(translate("returns.title"))
        self.genuine = GenuineView()
        self.history = _history()
        self.lines = _lines()
        self.sale_head = SaleHead()
        self.panel = ReturnPanel({code: self._key(a) for code, a in zip(REASONS, REASON_KEYS, strict=True)})
        self.done = DonePanel()
        self._lay_out()
        self._bind()
        self.setFocusProxy(self.box)

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.setContentsMargins(0, 0, 0, 16)
        left.addWidget(self._head)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 0, 24, 0)
        inner.setSpacing(12)
        inner.addWidget(self.box)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._history_layer())
        self._stack.addWidget(self._sale_layer())
        self._stack.addWidget(self.done)
        inner.addWidget(self._stack, 1)
        left.addLayout(inner, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self.panel)

    def _history_layer(self) -> QWidget:
        layer = QWidget()
        layout = QVBoxLayout(layer)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.genuine)
        layout.addWidget(list_card(self.history), 1)
        self.copy_button = KeyButton(translate(COPY.label), self._key(COPY), icon="printer", kind="quiet")
        open_button = KeyButton(translate("returns.action.open"), "Enter", icon="receipt-text", kind="quiet")
        open_button.clicked.connect(lambda: self._enter(""))
        self.copy_button.clicked.connect(self._reprint)
        row = QHBoxLayout()
        papers = self.papers.buttons.items()
        for name, button in (("returns_open", open_button), ("returns_copy", self.copy_button), *papers):
            button.setObjectName(name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        return layer

    def _sale_layer(self) -> QWidget:
        layer = QWidget()
        layout = QVBoxLayout(layer)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.sale_head)
        layout.addWidget(list_card(self.lines), 1)
        return layer

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _bind(self) -> None:
        p, keys = self._presenter, self._shell.keys
        keys.bind(SCOPE, CONFIRM, p.confirm, lambda: p.state.can_return)
        keys.bind(SCOPE, VOID, self._ask_void, lambda: p.state.can_void)
        keys.bind(SCOPE, COPY, self._reprint, lambda: p.state.stage is not Stage.DONE)
        keys.bind(SCOPE, BACK, self._back, lambda: p.state.stage is not Stage.HISTORY)
        keys.bind(SCOPE, ALL, p.toggle_all, lambda: p.state.can_return)
        keys.bind(SCOPE, ORIGINAL, p.open_original, self._has_original)
        self.papers.bind(SCOPE)
        keys.bind(SCOPE, INVOICE, self._ask_invoice, self._has_invoice)
        self.panel.invoice.clicked.connect(self._ask_invoice)
        for code, action in zip(REASONS, REASON_KEYS, strict=True):
            keys.bind(SCOPE, action, partial(p.choose_reason, code), lambda: p.state.can_return)
        self.panel.bind(p, self._ask_void, self._reprint, self._back)
        self.panel.show_keys(
            {a.id: self._key(a) for a in (CONFIRM, VOID, COPY, BACK, ALL, ORIGINAL, INVOICE)}
        )
        self.done.leave.clicked.connect(p.next)
        self.box.textChanged.connect(p.search)
        self.box.submitted.connect(self._enter)
        self.box.moved.connect(self._moved)
        self.box.dismissed.connect(self._back)
        self.history.view.clicked.connect(lambda index: p.open(self.history.rows()[index.row()].key))
        self.lines.view.selectionModel().currentChanged.connect(
            lambda now, _old: self._line_chosen(now.row())
        )
        self.lines.view.doubleClicked.connect(lambda _index: p.toggle())
        self.lines.view.installEventFilter(self)

    def _has_original(self) -> bool:
        card = self._presenter.state.card
        return card is not None and bool(card.original)

    def _has_invoice(self) -> bool:
        """Whether the page shows a sale for which an invoice may be asked."""
        card = self._presenter.state.card
        return card is not None and not card.original and self._shell.navigation.has(INVOICES)

    def _ask_invoice(self) -> None:
        sale = self._presenter.shown
        if sale is not None:
            self._shell.navigation.open(INVOICES, {"sale": sale, "home": "returns"})

    # -- What comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show the history, or the receipt that a scan on Sell has found (`{"number": …}`)."""
        number = args.get("number") if isinstance(args, dict) else None
        if isinstance(number, str):
            self._presenter.scan(number)
        else:
            self._presenter.opened()

    def on_scan(self, scan: Scan) -> None:
        """Open a receipt, or take scanned goods back."""
        self._presenter.scan(scan.text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.lines.view and event.type() == QEvent.Type.KeyPress:
            return isinstance(event, QKeyEvent) and self._line_key(event)
        return False

    def _line_key(self, event: QKeyEvent) -> bool:
        """Hand the presenter a key that means something to a line; say whether it did."""
        p, key, text = self._presenter, event.key(), event.text()
        if key in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
            p.move(1)
        elif key == Qt.Key.Key_Backspace.value:
            p.rub_out()
        elif key == Qt.Key.Key_Space.value:
            p.toggle()
        elif text in ("+", "="):
            p.step(1)
        elif text in ("-", "_"):
            p.step(-1)
        elif text and (text.isdigit() or text == "."):
            p.type(text)
        else:
            # Qt would jump to the first row whose words begin with a letter.
            return bool(text) and text.isprintable()
        return True

    def _line_chosen(self, place: int) -> None:
        if place >= 0 and self._presenter.state.stage is Stage.SALE:
            self._presenter.go(place)

    def _moved(self, step: int) -> None:
        if self._presenter.state.stage is Stage.DONE:
            self._presenter.next()
        else:
            self.history.step(step)

    def _enter(self, text: str) -> None:
        if self._presenter.state.stage is Stage.DONE:
            self._presenter.next()
        else:
            self._presenter.enter(text, self.history.current_key())

    def _back(self) -> None:
        if self._presenter.state.stage is Stage.DONE:
            self._presenter.next()
        elif self._presenter.state.stage is Stage.SALE:
            self._presenter.back()

    def _reprint(self) -> None:
        self._presenter.reprint(self.history.current_key())

    def _ask_void(self) -> None:
        """Ask before a whole sale is undone; the reason must be chosen first."""
        state = self._presenter.state
        if state.card is None or state.reason is None or state.busy:
            self._presenter.void()
            return
        question = Question(
            title=translate("returns.ask.void_title", number=state.card.number),
            text=translate("returns.ask.void_text", amount=state.card.total),
            yes=translate("returns.action.void"),
            kind="danger",
            final=True,
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.void() if yes else None)

    # -- What is shown -------------------------------------------------------------------------------------

    def _say(self, kind: NoticeKind, text: str) -> None:
        self._shell.notices.show_notice(Notice(kind, text, about="returns"))
        if kind in ("warning", "error"):
            self._shell.tones.sound("refused")

    def _show(self, state: State) -> None:
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self._head.second.setText(state.count if state.stage is Stage.HISTORY else "")
        before = self._stack.currentIndex()
        self._stack.setCurrentIndex({Stage.HISTORY: 0, Stage.SALE: 1, Stage.DONE: 2}[state.stage])
        self.panel.setVisible(state.stage is Stage.SALE)
        if state.stage is Stage.HISTORY:
            self._show_history(state)
        elif state.stage is Stage.SALE:
            self._show_sale(state)
        else:
            self.done.show_state(state)
        if before != self._stack.currentIndex():
            (self.lines if state.stage is Stage.SALE else self.box).setFocus()

    def _show_history(self, state: State) -> None:
        empty = self.history.empty
        assert isinstance(empty, EmptyState)
        code = "returns.empty.none" if state.text else "returns.empty.title"
        empty.set_words(
            translate(code), translate("returns.empty.none_text" if state.text else "returns.empty.text")
        )
        self.genuine.show_card(state.genuine)
        if state.genuine is not None:
            # The card says it all; what was said of another receipt would be taken for said of this one.
            self._shell.notices.clear("returns")
        self.history.set_rows([_history_row(row) for row in state.rows])
        for button in (self.copy_button, *self.papers.buttons.values()):
            button.setVisible(bool(state.rows))

    def _show_sale(self, state: State) -> None:
        self.lines.set_rows([_line_row(row) for row in state.lines])
        if self.lines.view.currentIndex().row() != state.cursor:
            self.lines.set_current(state.cursor)
        if state.card is not None:
            self.sale_head.show_card(state.card)
        self.panel.show_state(state)
        # While goods come back the money needs the room; the key still asks.
        self.panel.invoice.setVisible(self._has_invoice() and not state.money)


def _history() -> RowList:
    columns = (
        Column("number", translate("returns.column.number"), 232),
        Column("time", translate("returns.column.time"), 168),
        Column("kind", translate("returns.column.kind"), 120),
        Column("lines", translate("returns.column.lines"), 88, right=True),
        Column("total", translate("returns.column.total"), right=True),
    )
    empty = EmptyState("receipt-text", translate("returns.empty.title"), translate("returns.empty.text"))
    made = RowList("returns_history", columns, empty, focusable=False)
    made.setAccessibleName(translate("returns.title"))
    return made


def _lines() -> RowList:
    columns = (
        Column("goods", translate("returns.column.goods")),
        Column("bought", translate("returns.column.bought"), 96, right=True),
        Column("returned", translate("returns.column.returned"), 80, right=True),
        Column("wanted", translate("returns.column.wanted"), 112, right=True),
        Column("amount", translate("returns.column.amount"), 128, right=True),
    )
    made = RowList("returns_lines", columns)
    made.setAccessibleName(translate("returns.column.goods"))
    return made


def _history_row(row: SaleRow) -> Row:
    tone: CellTone = "danger" if row.back else "text"
    cells = (
        Cell(row.number, strong=True),
        Cell(row.time, "muted"),
        Cell(row.kind, tone),
        Cell(row.lines, "muted"),
        Cell(row.total, tone, strong=True),
    )
    return Row(row.sale_id, cells)


def _line_row(row: LineRow) -> Row:
    gone = row.state == "gone"
    ink: CellTone = "muted" if gone else "text"
    cells = (
        Cell(row.name, ink, under=row.under),
        Cell(row.bought, ink),
        Cell(row.returned, "muted"),
        Cell(row.wanted, "primary", strong=True),
        Cell(row.amount, ink, strong=not gone),
    )
    return Row(row.line_id, cells)
