"""The returns page without its widgets: the sales history, one sale taken back in parts or whole, voided, reprinted.

Decides what each key and scan means and what may be done next; amounts, limits and tenders are decided by
`services.returns`. Qt-free. Writes go through the db lane, and one at a time: a second confirmation while one is
in flight is nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pos_app.domain.errors import ExpectedError
from pos_app.domain.receipt_codes import is_receipt_code
from pos_app.domain.sales.returns import NotReturnableError, ReturnBeyondBoughtError
from pos_app.domain.sales.sale import SaleKind
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values import barcode
from pos_app.domain.values.ids import LineId, SaleId
from pos_app.domain.values.money import Currency
from pos_app.domain.values.quantity import Quantity
from pos_app.services.acting import Actor
from pos_app.services.checkout import Committed
from pos_app.services.ports.selling import SaleSummary
from pos_app.services.returns import Returnable, ReturnPreview
from pos_app.words import format_count, format_quantity, translate
from ui.receipt_papers import ReceiptPapers
from ui.returns import rows
from ui.returns.online import OnlineReceipts
from ui.returns.reading import cashier_name, is_voidable, member_words
from ui.returns.signed import SignedCodes
from ui.returns.state import GenuineCard, Say, Stage, State
from ui.returns.wanted import Wanted
from ui.shell.counter import Counter
from ui.shell.wording import words_of

SHOWN = 100
"""Sales the history shows; older ones are found by their number."""


class ReturnsPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None], say: Say) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._on_change = on_change
        self._say = say
        self.papers = ReceiptPapers(counter, say)
        self.state = State()
        self._found: Returnable | None = None
        self._wanted = Wanted()
        self._preview: ReturnPreview | None = None
        self._asked = 0
        self._answered = 0
        self._entered: str | None = None
        self._online = OnlineReceipts(counter, say, self._show_sale)
        self._signed = SignedCodes(counter, say, self._online, self.open, self._show_genuine)

    @property
    def _currency(self) -> Currency:
        return self._shop.current.value.money

    # -- History -------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """Show the history anew; a sale that is being taken back stays, as it stands by now."""
        if self.state.stage is not Stage.SALE:
            self.search("")
        elif not self.state.busy:
            # Meanwhile the shift was closed (no void any more), or the member was erased.
            self._refresh()

    def search(self, text: str) -> None:
        """Show the sales whose number holds the text, the latest for none."""
        self._found, self._preview, self._wanted = None, None, Wanted()
        self._show(State(text=text, rows=self.state.rows, count=self.state.count))
        self._forget()
        self._entered = None
        work = partial(self._shop.returns.history, barcode.fold(text), SHOWN + 1)
        self._counter.db.run(work, partial(self._show_history, self._asked), self._failed)

    def _forget(self) -> None:
        """Drop every answer that is awaited: something else was begun."""
        self._asked += 1
        self._online.forget()
        self._signed.forget()

    def _show_history(self, asked: int, found: tuple[SaleSummary, ...]) -> None:
        """Show what was found, if nothing was asked since."""
        if asked != self._asked or self.state.stage is not Stage.HISTORY:
            return
        zone = self._shop.current.value.zone
        shown = tuple(rows.sale_row(summary, self._currency, zone) for summary in found[:SHOWN])
        code = "returns.list.more" if len(found) > SHOWN else "returns.list.all"
        count = translate(code, shown=format_count(len(shown)))
        self._answered = asked
        self._show(replace(self.state, rows=shown, count=count))
        if self._entered is not None:
            self.enter(self._entered, None)

    def enter(self, text: str, chosen: SaleId | None) -> None:
        """Open the sale of a whole number, else the chosen row, else the only one."""
        number = barcode.fold(text)
        if number and self._open_number(number):
            return
        if self._answered != self._asked:
            # The rows on the screen answer an earlier text: Enter waits for those of this one.
            self._entered = text
        elif chosen is not None:
            self.open(chosen)
        elif len(self.state.rows) == 1:
            self.open(self.state.rows[0].sale_id)
        elif number and not self._online.ask(number):
            self._say("warning", self._online.unknown(number))

    def _open_number(self, number: str) -> bool:
        """Open a receipt by its number, or see to its signed code; say whether the text is either."""
        if is_receipt_code(number):
            self._signed.check(number)
            return True
        try:
            self._show_sale(self._shop.returns.find(number))
        except ExpectedError:
            return False
        return True

    def scan(self, text: str) -> None:
        """Open the receipt that was scanned; with a sale open, goods of it are taken back one by one."""
        if self.state.busy:
            self._say("warning", translate("returns.notice.busy"))
            return
        code = barcode.strip_symbology(barcode.fold(text))
        if self._open_number(code):
            return
        if self.state.stage is Stage.SALE and self.state.can_return:
            wanted = self._wanted.scanned(code)
            if wanted is not None:
                self._want(wanted)
                return
            self._say("warning", translate("returns.notice.not_in_sale", text=code[:40]))
            return
        if not self._online.ask(code):
            self._say("warning", self._online.unknown(code))

    def _show_genuine(self, card: GenuineCard | None) -> None:
        if card is None:
            self._show(replace(self.state, genuine=None))
            return
        self._found, self._preview, self._wanted = None, None, Wanted()
        self._show(State(rows=self.state.rows, count=self.state.count, genuine=card))

    # -- One sale ------------------------------------------------------------------------------------------

    def open(self, sale_id: SaleId) -> None:
        """Show a sale with what can still come back of it."""
        try:
            self._show_sale(self._shop.returns.open(sale_id))
        except ExpectedError as error:
            self._say("warning", words_of(error, self._currency))

    def open_original(self) -> None:
        """Show the sale that the return on the screen takes back."""
        if self.state.card is not None and self.state.card.original:
            self._open_number(self.state.card.original)

    @property
    def shown(self) -> SaleId | None:
        """The sale on the screen."""
        return None if self._found is None else self._found.sale.sale_id

    def back(self) -> None:
        """Leave the sale for the history; what was asked for is forgotten, nothing was done yet."""
        if not self.state.busy:
            self.search("")

    def _show_sale(self, found: Returnable) -> None:
        self._forget()
        self._found, self._preview = found, None
        first = next((n for n, item in enumerate(found.lines) if item.left), 0)
        self._wanted = Wanted(found.lines).go(first)
        zone = self._shop.current.value.zone
        who, member = cashier_name(self._shop, found.sale), member_words(self._shop, found.sale)
        card = rows.sale_card(found, who, member, self._currency, zone)
        left = any(item.left for item in found.lines)
        self._show(
            State(
                stage=Stage.SALE,
                rows=self.state.rows,
                count=self.state.count,
                card=card,
                lines=rows.lines_of(self._found, self._wanted, self._currency),
                cursor=first,
                can_return=left,
                can_void=left and is_voidable(self._shop, found),
            )
        )

    def go(self, place: int) -> None:
        """Let the keys speak to a line."""
        if place != self._wanted.cursor:
            self._change(self._wanted.go(place))

    def move(self, step: int) -> None:
        """Let the keys speak to the next line, or the one before."""
        self._change(self._wanted.go(self._wanted.cursor + step))

    def type(self, character: str) -> None:
        """Type a character of the quantity that comes back."""
        self._change(self._wanted.type(character))

    def rub_out(self) -> None:
        """Take back the last character."""
        self._change(self._wanted.rub_out())

    def step(self, by: int) -> None:
        """Let one more, or one fewer, come back."""
        self._change(self._wanted.step(by))

    def toggle(self) -> None:
        """All that is left of the line, or nothing of it."""
        self._change(self._wanted.toggle())

    def toggle_all(self) -> None:
        """All that is left of the sale, or nothing."""
        self._change(self._wanted.toggle_all())

    def choose_reason(self, code: str) -> None:
        """Say why the goods come back."""
        if self.state.stage is Stage.SALE and not self.state.busy:
            self._preview = None
            self._show(replace(self.state, reason=code, problem=""))

    def _change(self, wanted: Wanted) -> None:
        if self.state.stage is Stage.SALE and self.state.can_return and not self.state.busy:
            self._want(wanted)

    def _want(self, wanted: Wanted) -> None:
        """Take other quantities and show what they are worth."""
        if wanted.asked != self._wanted.asked:
            self._preview = None
        self._wanted = wanted
        problem = ""
        if wanted.beyond is not None:
            code = "returns.problem.beyond" if wanted.beyond else "returns.problem.line_gone"
            problem = translate(code, left=format_quantity(wanted.beyond))
        state = replace(
            self.state,
            lines=rows.lines_of(self._found, self._wanted, self._currency),
            cursor=wanted.cursor,
            problem=problem,
            money=(),
            total="",
            chosen="",
        )
        if wanted.empty:
            self._show(state)
            return
        try:
            preview = self._previewed("")
        except ExpectedError as error:
            self._show(replace(state, problem=words_of(error, self._currency)))
            return
        chosen = sum(1 for item in wanted.lines if wanted.of(item))
        self._show(
            replace(
                state,
                money=rows.money_back(preview.tenders, self._currency),
                total=rows.price_words(preview.total, self._currency),
                chosen=translate("returns.panel.lines", count=chosen),
            )
        )

    def _previewed(self, reason: str) -> ReturnPreview:
        assert self._found is not None
        asked: dict[LineId, Quantity] = {k: q for k, q in self._wanted.asked.items() if q}
        return self._shop.returns.preview(self._found.sale.sale_id, asked, reason)

    # -- Committing ----------------------------------------------------------------------------------------

    def confirm(self) -> None:
        """Give the money back for what was chosen; asks for an approval when the role may not."""
        if not self._ready(whole=False):
            return
        try:
            # The same preview serves every retry: its cart becomes one sale, however often it is sent.
            self._preview = self._preview or self._previewed(self.state.reason or "")
            self._give_back(self._counter.session.who, self._preview)
        except ExpectedError as error:
            self._failed(error)

    def _ready(self, *, whole: bool) -> bool:
        if self.state.stage is not Stage.SALE or self.state.busy or not self.state.can_return:
            return False
        missing = "nothing" if not whole and self._wanted.empty else "reason"
        if missing == "nothing" or self.state.reason is None:
            self._show(replace(self.state, problem=translate(f"returns.problem.{missing}")))
            return False
        return True

    def _give_back(self, who: Actor, preview: ReturnPreview, approval: Approval | None = None) -> None:
        self._commit(
            lambda: self._shop.returns.give_back(who, preview, approval),
            lambda given: self._give_back(who, preview, given),
        )

    def void(self) -> None:
        """Take the whole sale back within its shift (撤单)."""
        if not self._ready(whole=True) or not self.state.can_void or self._found is None:
            return
        try:
            self._void(self._counter.session.who, self._found.sale.sale_id, self.state.reason or "")
        except ExpectedError as error:
            self._failed(error)

    def _void(self, who: Actor, sale_id: SaleId, reason: str, approval: Approval | None = None) -> None:
        self._commit(
            lambda: self._shop.returns.void(who, sale_id, reason, approval),
            lambda given: self._void(who, sale_id, reason, given),
        )

    def _commit(self, work: Callable[[], Committed], approved: Callable[[Approval], None]) -> None:
        self._show(replace(self.state, busy=True, problem=""))
        self._counter.db.run(work, self._committed, partial(self._not_committed, approved))

    def _committed(self, done: Committed) -> None:
        """Open the drawer for cash, wake the printer, and show what goes back to whom."""
        sale = done.sale
        if not done.again and any(t.kind is TenderKind.CASH and t.amount for t in sale.tenders):
            self._counter.kick_drawer()
        if done.prints:
            self._counter.wake_printer()
        self._counter.send_refunds()
        self._found, self._preview, self._wanted = None, None, Wanted()
        code = "returns.done.void" if sale.kind is SaleKind.VOID else "returns.done.return"
        self._show(
            State(
                stage=Stage.DONE,
                money=rows.money_back(sale.tenders, self._currency),
                total=rows.price_words(sale.total, self._currency),
                hint=translate(code, number=sale.number),
            )
        )

    def _not_committed(self, approved: Callable[[Approval], None], error: Exception) -> None:
        if isinstance(error, NeedsApprovalError):
            self._show(replace(self.state, busy=False))
            self._counter.ask_approval(error, approved)
            return
        self._failed(error)

    def _refresh(self) -> None:
        """Read the sale again, as something of it may have come back elsewhere; keep what still fits."""
        assert self._found is not None
        before, reason, problem = self._wanted, self.state.reason, self.state.problem
        found = self._shop.returns.open(self._found.sale.sale_id)
        self._show_sale(found)
        left = {item.line.line_id: item.left for item in found.lines}
        asked = {k: Quantity(min(q, left.get(k, Quantity(0)))) for k, q in before.asked.items()}
        if any(asked.values()):
            self._want(replace(self._wanted, asked=asked, cursor=min(before.cursor, len(found.lines) - 1)))
        self._show(replace(self.state, reason=reason, problem=problem))

    def _failed(self, error: Exception) -> None:
        words = words_of(error, self._currency)
        self._show(replace(self.state, busy=False, problem=words if self.state.stage is Stage.SALE else ""))
        self._say("error", words)
        if isinstance(error, NotReturnableError | ReturnBeyondBoughtError) and self._found is not None:
            self._refresh()

    def next(self) -> None:
        """Leave what was done for the history: the next input of any kind has come."""
        if self.state.stage is Stage.DONE:
            self.search("")

    # -- Copies --------------------------------------------------------------------------------------------

    def shown_sale(self, chosen: SaleId | None = None) -> SaleId | None:
        """Return the sale on the screen, or the chosen row; None while something is in flight, or was just done."""
        if self.state.busy or self.state.stage is Stage.DONE:
            return None
        return self._found.sale.sale_id if self._found else chosen

    def reprint(self, chosen: SaleId | None = None) -> None:
        """Queue a copy (副本) of the sale on the screen, or of the chosen row."""
        sale_id = self.shown_sale(chosen)
        if sale_id is not None:
            self.papers.reprint(sale_id)

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)
