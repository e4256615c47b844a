"""Pay: tenders until nothing is open, then one commit.

Decides what Enter means, what is asked back, and what is said when the commit fails: the cart and its tenders stay,
and trying again cannot make a second sale (the cart's id is the sale's). What is due, rounding and change come from
`domain.sales.tenders`; a way of paying that needs more than an amount is a stage of its own (`pay_stage`). Source:
DESIGN.md §6, Pay.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from pos_app.domain.deposits import check_deposit_bill
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import Settlement, Tender, TenderKind
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.barcode import fold, strip_symbology
from pos_app.domain.values.ids import AttemptId
from pos_app.domain.values.money import Amount
from pos_app.services.checkout import Committed
from pos_app.words import format_amount, translate
from ui.sales.desk import Desk
from ui.sales.pay_approval import whole_approval
from ui.sales.pay_cash import give_cash, take_cash
from ui.sales.pay_charges import Charges
from ui.sales.pay_field import PayField
from ui.sales.pay_stage import Confirm, Stage, StageView, amount_in
from ui.sales.pay_view import PayWords, done_view, quick_amounts
from ui.sales.pay_ways import tile_ways, tiles
from ui.sales.state import DoneView, PayView
from ui.shell.wording import words_of


class Pay(PayField):
    """The intents of the Pay panel."""

    def __init__(self, desk: Desk, paid: Callable[[DoneView], None]) -> None:
        super().__init__(desk)
        self._paid = paid
        self._words = PayWords(desk)
        self.charges = Charges(desk, self, self.commit)
        self._ways = tile_ways(desk, self.charges)
        self.committing = False
        self._current = -1
        self._caution = ""
        self._no_shift = False

    @property
    def takes_scans(self) -> bool:
        """Whether a scan may still change the bill: nothing was given and nothing is in flight."""
        return self.open and not self.committing and not self._stages and not self._desk.cart.tenders

    @property
    def hears_scans(self) -> bool:
        """Whether a scan means anything: it may change the bill, or a stage stands in front that looks at it."""
        return self.takes_scans or (self.open and not self.committing and bool(self._stages))

    @property
    def settlement(self) -> Settlement:
        """How the bill stands."""
        return self._desk.shop.checkout.settlement(self._desk.cart)

    # -- open and leave ------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Open Pay; refuse with words while a line is unknown or there is nothing to pay.

        Raises DepositAloneError for a deposit that does not stand alone, DepositPriceError for one with a discount.
        """
        desk = self._desk
        if not desk.cart.lines:
            desk.refuse(translate("sales.refuse.empty"))
            return False
        if desk.priced.unsettled:
            desk.current = next(x.line_id for x in desk.cart.lines if x.unknown_code is not None)
            desk.refuse(translate("sales.refuse.unsettled", count=desk.priced.unsettled))
            return False
        check_deposit_bill(desk.priced.lines)
        self._reset()
        self.open = True
        desk.lists.close()
        desk.hint, desk.mode = None, "sell"
        self._look_for_shift()
        return True

    def _look_for_shift(self) -> None:
        self._caution = self._words.caution()
        if self._desk.shop.shifts.current() is None:
            self._no_shift_words()

    def _no_shift_words(self) -> None:
        self._no_shift = True
        self._error = words_of(NoShiftError(), self._desk.currency)

    def _reset(self) -> None:
        self._box, self._error, self._hint = "", "", ""
        self._stages.clear()
        self._no_shift = False
        self._current = len(self._desk.cart.tenders) - 1

    def close(self) -> None:
        """Leave Pay without a word: its cart is gone, or goods come in."""
        self.open = False
        self._reset()

    def back(self) -> None:
        """Go a step back: out of a question, or to the cart; money that was taken must be given back first."""
        if self.committing:
            return
        if self._stages:
            stage = self._stages[-1]
            if stage.may_leave:
                self.empty_field()
                if not stage.back():
                    self.leave(stage)
            return
        taken = self._desk.cart.tenders
        if not taken:
            self.close()
            return
        amount = format_amount(sum(t.amount for t in taken), self._desk.currency)
        self.ask(translate("sales.pay.give_back", amount=amount), self._give_back)

    def _give_back(self) -> None:
        """Give everything back; what a wallet paid first, and the cart is free once that is certain."""
        if not self.charges.give_back(None, self._given_back):
            self._given_back()

    def _given_back(self) -> None:
        self._desk.change(msgspec.structs.replace(self._desk.cart, tenders=()))
        self.close()

    # -- tenders -------------------------------------------------------------------------------------------

    def typed(self, text: str) -> bool:
        """Take what stands in the field; say whether it is news."""
        if text == self._box:
            return False
        self._box = text
        if not self._no_shift:
            self._error = ""
        if self._stage is not None:
            self._stage_typed(self._stage, text)
        self._desk.show()
        return True

    @property
    def box_is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self._box

    def mark_last(self) -> None:
        """Mark the tender that was given last."""
        self._current = len(self._desk.cart.tenders) - 1

    def mark(self, place: int) -> None:
        """Mark a tender."""
        if 0 <= place < len(self._desk.cart.tenders):
            self._current = place

    def enter(self, text: str) -> None:
        """Take Enter: what a stage asks for, an amount of cash, or the shop's default on an empty field."""
        self._box = text.strip()
        if self.committing:
            return
        stage = self._stage
        if self._no_shift and not self._box and not isinstance(stage, Confirm):
            self._offer_shift()
            return
        if stage is not None:
            self._do(lambda: stage.enter(self._box))
            return
        if self._box:
            self.cash()
            return
        if self.settlement.open <= 0:
            self.commit()
        elif self._desk.shop.current.value.enter_pays_exact_cash:
            give_cash(self, self.settlement.open_cash)
        else:
            self._hint = translate("sales.pay.type_amount")

    def _offer_shift(self) -> None:
        self._no_shift = False
        if self._desk.front.has_screen("shifts"):
            self._desk.front.open_screen("shifts")

    def shift_looked_at(self) -> None:
        """Look again whether a shift is open: the page came back to the front."""
        if self.open:
            self._error, self._no_shift = "", False
            self._look_for_shift()

    def cash(self) -> None:
        """Take the typed amount in cash, or all that is open."""
        if not self._free():
            return
        amount = amount_in(self, self._box) if self._box else self.settlement.open_cash
        if amount is not None:
            take_cash(self, amount)

    def quick(self, place: int) -> None:
        """Take one of the offered amounts in cash."""
        amounts = quick_amounts(self.settlement.open_cash, self._desk.currency)
        if self._free() and 0 <= place < len(amounts):
            take_cash(self, amounts[place])

    def _free(self) -> bool:
        """Whether a tender may be given now."""
        return self.open and not self.committing and not self._stages

    def give(self, tender: Tender) -> None:
        """Put a tender on the bill, all stages left; the one that closes it makes the sale."""
        desk = self._desk
        if self._stages:
            self._stages.clear()
            self.empty_field()
        cart = msgspec.structs.replace(desk.cart, tenders=(*desk.cart.tenders, tender))
        try:
            state = desk.shop.checkout.settlement(cart)
        except ExpectedError as error:
            self.refuse(words_of(error, desk.currency))
            return
        self._box, self._error, self._hint = "", "", ""
        if state.open > 0:
            desk.change(cart)
            self._current = len(cart.tenders) - 1
            desk.front.sound("accepted")
            return
        desk.put_without_keeping(cart)
        self.commit()

    def step(self, step: int) -> None:
        """Mark another of a stage's choices, or of the tenders given."""
        if self._stage is not None:
            self._stage.step(step)
            return
        last = len(self._desk.cart.tenders) - 1
        self._current = max(0, min(last, self._current + step)) if last >= 0 else -1

    def remove(self) -> None:
        """Take the marked tender off the bill."""
        tenders = self._desk.cart.tenders
        if not self._free() or not 0 <= self._current < len(tenders):
            return
        attempt = tenders[self._current].attempt
        if attempt is not None:
            self.charges.give_back(AttemptId(attempt), self._desk.show)
            return
        left = tenders[: self._current] + tenders[self._current + 1 :]
        self._desk.change(msgspec.structs.replace(self._desk.cart, tenders=left))
        self._current, self._error = len(left) - 1, ""

    # -- other ways ----------------------------------------------------------------------------------------

    def way(self, name: str) -> None:
        """Begin to pay another way than cash, with the typed amount or all that is open."""
        way = next((way for way in self._ways if way.name == name and way.there), None)
        if way is None or not self._free():
            return
        typed = amount_in(self, self._box) if self._box else None
        if typed is None and self._box:
            return
        self._do(lambda: way.begin(self, typed))

    def offers(self, name: str) -> bool:
        """Whether the till has a way of paying."""
        return any(way.name == name and way.there for way in self._ways)

    def choose(self, place: int) -> None:
        """Take one of a stage's choices."""
        stage = self._stage
        if stage is not None and not self.committing:
            self._do(lambda: stage.choose(place))

    def scan(self, text: str) -> bool:
        """Take a scan that a stage or a way of paying looks at, and say whether there was one."""
        stage, code = self._stage, strip_symbology(fold(text))
        if stage is not None:
            self._do(lambda: self._scan_stage(stage, code))
            return True
        return any(way.there and way.scanned(self, code) for way in self._ways)

    def _scan_stage(self, stage: Stage, code: str) -> None:
        if not stage.scan(code):
            self.refuse(translate("sales.refuse.scan_now"))

    # -- commit --------------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Make the sale; nothing else happens at the counter until the books have answered."""
        desk = self._desk
        try:
            who = desk.who
        except ExpectedError as error:
            self._failed(error)
            return
        cart, checkout = desk.cart, desk.shop.checkout
        self.committing, self._error = True, ""
        desk.ask_lane(lambda: checkout.commit(who, cart), self._committed, self._failed)

    def _committed(self, done: Committed) -> None:
        desk = self._desk
        self.committing = False
        given = sum(t.amount for t in desk.cart.tenders)
        by_cash = any(t.kind is TenderKind.CASH and t.amount for t in done.sale.tenders)
        self.close()
        desk.clear()
        # The sale is in the books: only now may devices act (law 6).
        if by_cash and not done.again:
            desk.kick_drawer()
        if done.prints:
            desk.wake_printer()
        desk.front.sound("paid")
        self._paid(done_view(done, Amount(given), desk.currency))

    def _failed(self, error: Exception) -> None:
        desk = self._desk
        self.committing = False
        self.open = True
        self._current = len(desk.cart.tenders) - 1
        # The tender that completed the bill was to become durable with the sale: the money is in the cashier's hand.
        desk.keep_after_all()
        desk.front.sound("refused")
        if isinstance(error, NoShiftError):
            self._no_shift_words()
            return
        self._error = words_of(error, desk.currency)
        if isinstance(error, NeedsApprovalError):
            needed = whole_approval(error, desk.cart, desk.priced)
            self._error = words_of(needed, desk.currency)
            desk.approve(needed, lambda approval: self._approved(needed, approval))

    def _approved(self, needed: NeedsApprovalError, approval: Approval) -> None:
        desk = self._desk
        who, cart, carts = desk.who, desk.cart, desk.shop.carts
        desk.ask_lane(lambda: carts.approve(who, cart, needed, approval), self._commit_approved, self._failed)

    def _commit_approved(self, cart: Cart) -> None:
        self._desk.take(cart)
        self.commit()

    # -- what is shown -------------------------------------------------------------------------------------

    def reopened(self, words: str) -> None:
        """Say what changed the bill while Pay stood open."""
        self._hint = words

    def refused(self, words: str) -> None:
        """Say why a scan was not taken."""
        self._error = words

    @property
    def stage(self) -> str:
        """The name of what the field takes now."""
        return self._stage.view.name if self._stage is not None else "amount"

    def view(self) -> PayView | None:
        """Return what is shown, None while Pay is closed."""
        if not self.open:
            return None
        state = self.settlement
        stage = self._stage.view if self._stage is not None else self._amount_view(state)
        opens = self._no_shift and self._desk.front.has_screen("shifts")
        view = self._words.view(state, stage, self._box, self._current)
        return replace(
            view,
            tiles=() if self._stages else tiles(self._ways, translate("sales.tender.cash")),
            error=self._error,
            offer=translate("sales.pay.open_shift") if opens else "",
            caution=self._caution,
            busy=self.committing or stage.waits,
        )

    def _amount_view(self, state: Settlement) -> StageView:
        label, default = translate("sales.pay.label_amount"), self._words.default(state)
        return StageView("amount", label, default, self._hint)
