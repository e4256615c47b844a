"""The sell page: one box, the cart, the member, the sums, and Pay in their place.

Lays out, binds keys and shows states; decides nothing. The presenter decides.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.cards import Panel, divider, list_card
from ui.kit.fields import SellEdit
from ui.kit.labels import Words
from ui.sales.ask_panel import AskPanel
from ui.sales.bill_panel import BillPanel
from ui.sales.cart_view import CartView
from ui.sales.frame import ShellFront
from ui.sales.key_bindings import ASK_SCOPE, PAY_SCOPE, bind_keys, key_row, paper_buttons
from ui.sales.list_panel import ListPanel
from ui.sales.member_strip import MemberStrip
from ui.sales.pay_charges import CHARGE
from ui.sales.pay_panel import PayPanel
from ui.sales.ports import Soon, Surroundings
from ui.sales.presenter import SalesPresenter
from ui.sales.state import State
from ui.shell.counter import Counter
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext

_TICK_MS = 1_000
_SAVE_AFTER_MS = 20
"""A frame and a little: the save begins when the line is on the screen."""


def _after_paint(act: Callable[[], None]) -> None:
    QTimer.singleShot(_SAVE_AFTER_MS, act)


class SalesPage(QWidget):
    """The page on Qt. `presenter` is public for whoever drives the till without keys."""

    def __init__(self, context: ScreenContext, now_ms: Callable[[], float], soon: Soon | None = None) -> None:
        super().__init__()
        self.setObjectName("page_sales")
        counter: Counter = context.services
        self._shell = context.shell
        self._mode = ""
        around = Surroundings(counter, ShellFront(context.shell), now_ms, soon or _after_paint)
        self.presenter = SalesPresenter(around, self.show_state)
        bound = bind_keys(context.shell, self.presenter, self._box_is_empty, counter)
        for scope in (PAY_SCOPE, ASK_SCOPE):
            # An earlier page (another language, another person) may have been left inside them.
            context.shell.keys.leave(scope)
        currency = counter.shop.current.value.money
        self.box = SellEdit(placeholder=translate("sales.box.sell"))
        self.cart = CartView()
        self.list = ListPanel()
        self.ask = AskPanel()
        self.strip = MemberStrip(bound("member"))
        self.bill = BillPanel(currency, bound("pay"))
        self.bill.offer(paper_buttons(context.shell, self.presenter))
        self.pay = PayPanel(currency, bound)
        self._lay_out()
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self.presenter.tick)
        self.presenter.start()
        context.shell.closed.connect(self.presenter.flush)

    def _lay_out(self) -> None:
        # From the outside in: a widget in a stack that has no page yet flashes up as a window and takes the keys.
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        left = QVBoxLayout()
        layout.addLayout(left, 1)
        left.setContentsMargins(16, 16, 16, 8)
        left.setSpacing(8)
        self._hint = Words("", "emphasis", wrap=True)
        self._hint.setObjectName("hint")
        self._undo = Words("", "muted", wrap=True)
        self._undo.setObjectName("undo")
        self._middle = QStackedLayout()
        left.addWidget(self.box)
        left.addWidget(self._hint)
        left.addWidget(self.ask)
        left.addLayout(self._middle, 1)
        self._middle.addWidget(list_card(self.cart))
        self._middle.addWidget(self.list)
        left.addWidget(self._undo)
        self._keys_shown = key_row(self._shell, self.presenter)
        left.addWidget(self._keys_shown)
        side = Panel()
        layout.addWidget(side)
        self._side = QStackedLayout()
        side.body.addWidget(self.strip)
        side.body.addWidget(divider())
        side.body.addLayout(self._side, 1)
        self._side.addWidget(self.bill)
        self._side.addWidget(self.pay)
        self.setFocusProxy(self.box)

    def _connect(self) -> None:
        act = self.presenter
        # What stands in the box now: the signal still carries full-width characters that were folded meanwhile.
        self.box.textChanged.connect(lambda _text: act.typed(self.box.text()))
        self.box.submitted.connect(act.submit)
        self.box.moved.connect(act.step)
        self.box.dismissed.connect(act.escape)
        self.box.emptied_key.connect(lambda key: act.remove() if key == "delete" else None)
        self.cart.pointed.connect(act.point)
        self.list.picked.connect(act.pick)
        self.strip.wanted.connect(act.find_member)
        self.bill.pay.clicked.connect(act.pay)
        self.ask.typed.connect(act.question.typed)
        self.ask.entered.connect(act.question.enter)
        self.ask.chosen.connect(act.question.choose)
        pay = act.tenders
        self.pay.typed.connect(pay.typed)
        self.pay.entered.connect(pay.enter)
        self.pay.quick.connect(pay.quick)
        self.pay.cash.connect(pay.cash)
        self.pay.way.connect(pay.way)
        self.pay.chosen.connect(pay.choose)
        self.pay.back.connect(pay.back)
        self.pay.marked.connect(pay.mark)

    def _box_is_empty(self) -> bool:
        return not self.box.text()

    # -- from the shell ------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Come to the front."""
        self.presenter.opened(args)

    def hideEvent(self, event: QHideEvent) -> None:
        self.presenter.flush()
        super().hideEvent(event)

    def on_scan(self, scan: Scan) -> None:
        """Take a scan."""
        self.presenter.scan(scan.aim + scan.text)

    @property
    def may_close(self) -> bool:
        """Whether the window may close: no payment is being written."""
        return not self.presenter.in_flight

    # -- showing -------------------------------------------------------------------------------------------

    def show_state(self, state: State) -> None:
        """Show a state, touching only what differs."""
        self._show_box(state)
        self.cart.show_rows(state.rows, state.current)
        given = state.pay is not None and bool(state.pay.tenders)
        self.strip.show_member(state.member, paying=state.pay is not None, invites=not given)
        self.bill.show_bill(state.totals, state.marks, state.done)
        if state.listing is not None:
            self.list.show_list(state.listing)
        self._turn(self._middle, 1 if state.listing is not None else 0)
        if state.pay is not None:
            self.pay.show_pay(state.pay)
        self._turn(self._side, 1 if state.pay is not None else 0)
        if state.ask is not None:
            self.ask.show_ask(state.ask)
        self._set_visible(self.ask, state.ask is not None)
        # A key that does nothing now is not shown.
        self._set_visible(self._keys_shown, state.pay is None and state.ask is None)
        self._say(self._undo, state.undo)
        counts = state.pay is not None and state.pay.stage == CHARGE
        if (bool(state.undo) or state.unsaved or counts) != self._clock.isActive():
            self._clock.stop() if self._clock.isActive() else self._clock.start()
        self._follow_mode(state)

    def _show_box(self, state: State) -> None:
        if self.box.text() != state.box:
            self.box.setText(state.box)
        placeholder = translate(f"sales.box.{state.mode}")
        if self.box.placeholderText() != placeholder:
            self.box.setPlaceholderText(placeholder)
            self.box.setAccessibleName(placeholder)
        if state.hint is not None:
            self._hint.set_tone(state.hint.tone)
        self._say(self._hint, state.hint.text if state.hint is not None else "")

    def _say(self, label: Words, words: str) -> None:
        if label.text() != words:
            label.setText(words)
        self._set_visible(label, bool(words))

    @staticmethod
    def _set_visible(widget: QWidget, there: bool) -> None:
        if widget.isHidden() == there:
            widget.setVisible(there)

    @staticmethod
    def _turn(layers: QStackedLayout, index: int) -> None:
        if layers.currentIndex() != index:
            layers.setCurrentIndex(index)

    def _follow_mode(self, state: State) -> None:
        """Open the keys of Pay or of the question, and give the focus to the field that takes what is typed."""
        mode = ASK_SCOPE if state.ask is not None else PAY_SCOPE if state.pay is not None else ""
        if mode:
            field: QWidget = self.ask.field if mode == ASK_SCOPE else self.pay.box
        else:
            field = self.box
        if mode != self._mode:
            self._shell.keys.leave(ASK_SCOPE)
            self._shell.keys.leave(PAY_SCOPE)
            if mode:
                self._shell.keys.enter(mode)
            self._mode = mode
        self.setFocusProxy(field)
        inside = self._shell.overlay.content is None and self.isVisible()
        if inside and not field.hasFocus():
            field.setFocus(Qt.FocusReason.OtherFocusReason)
