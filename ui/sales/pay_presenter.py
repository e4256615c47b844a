"""Pay: tenders until nothing is open, then one commit.

Decides what Enter means, what is asked back, and what is said when the commit fails: the cart and its tenders stay,
and trying again cannot make a second sale (the cart's id is the sale's). What is due, rounding and change come from
`domain.sales.tenders`. Source: DESIGN.md §6, Pay.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.line import ReductionKind
from pos_app.domain.sales.tenders import Settlement, Tender, TenderKind, TenderTooMuchError
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount, parse_amount
from pos_app.services.checkout import Committed
from pos_app.words import format_amount, translate
from ui.sales.desk import Desk
from ui.sales.pay_view import PayField, PayWords, done_view, quick_amounts
from ui.sales.state import DoneView, PayView
from ui.shell.wording import words_of

LONGEST_REFERENCE_DIGITS = 12
"""A slip's reference is shorter; from 13 digits on it would be a card number (ISO/IEC 7812), which we never keep."""

NO_SUM = 100
"""Change of so many times the sum that is asked about is no cash: a phone or a code went into the field."""


@dataclass(frozen=True, slots=True)
class _Confirm:
    """Something to confirm with a second Enter, or give up with Esc."""

    words: str
    act: Callable[[], None]


class Pay:
    """The intents of the Pay panel."""

    def __init__(self, desk: Desk, paid: Callable[[DoneView], None]) -> None:
        self._desk = desk
        self._paid = paid
        self._words = PayWords(desk)
        self.open = False
        self.committing = False
        self._box = ""
        self._current = -1
        self._card: Amount | None = None
        self._confirm: _Confirm | None = None
        self._error = ""
        self._hint, self._caution = "", ""
        self._no_shift = False

    @property
    def takes_scans(self) -> bool:
        """Whether a scan may still change the bill: nothing was given and nothing is in flight."""
        waiting = self.committing or self._card is not None or self._confirm is not None
        return self.open and not waiting and not self._desk.cart.tenders

    @property
    def settlement(self) -> Settlement:
        """How the bill stands."""
        return self._desk.shop.checkout.settlement(self._desk.cart)

    # -- open and leave ------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Open Pay; refuse with words while a line is unknown or there is nothing to pay."""
        desk = self._desk
        if not desk.cart.lines:
            desk.refuse(translate("sales.refuse.empty"))
            return False
        if desk.priced.unsettled:
            desk.current = next(x.line_id for x in desk.cart.lines if x.unknown_code is not None)
            desk.refuse(translate("sales.refuse.unsettled", count=desk.priced.unsettled))
            return False
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
        self._card, self._confirm = None, None
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
        if self._card is not None or self._confirm is not None:
            self._card, self._confirm, self._box, self._error = None, None, "", ""
            return
        taken = self._desk.cart.tenders
        if not taken:
            self.close()
            return
        amount = format_amount(sum(t.amount for t in taken), self._desk.currency)
        self._ask(_Confirm(translate("sales.pay.give_back", amount=amount), self._give_back))

    def _ask(self, confirm: _Confirm) -> None:
        """Ask something back; what was said of an earlier input must not stand in front of the question."""
        self._confirm, self._box, self._error = confirm, "", ""

    def _give_back(self) -> None:
        self._desk.change(msgspec.structs.replace(self._desk.cart, tenders=()))
        self.close()

    # -- tenders -------------------------------------------------------------------------------------------

    def typed(self, text: str) -> bool:
        """Take what stands in the field; say whether it is news."""
        if text == self._box:
            return False
        self._box = text
        if self._confirm is not None and text:
            # Another figure is typed instead of a yes.
            self._confirm = None
        if not self._no_shift:
            self._error = ""
        self._desk.show()
        return True

    @property
    def box_is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self._box

    def mark(self, place: int) -> None:
        """Mark a tender."""
        if 0 <= place < len(self._desk.cart.tenders):
            self._current = place

    def enter(self, text: str) -> None:
        """Take Enter: confirm, a card's reference, an amount of cash, or the shop's default on an empty field."""
        self._box = text.strip()
        if self.committing:
            return
        if self._confirm is not None:
            confirm, self._confirm = self._confirm, None
            confirm.act()
            return
        if self._no_shift and not self._box:
            self._offer_shift()
            return
        if self._card is not None:
            self._take_card(self._card, self._box)
            return
        if self._box:
            self.cash()
            return
        if self.settlement.open <= 0:
            self.commit()
        elif self._desk.shop.current.value.enter_pays_exact_cash:
            self._take_cash(self.settlement.open_cash)
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
        amount = self._typed_amount(self.settlement.open_cash)
        if amount is not None:
            self._check_cash(amount)

    def quick(self, place: int) -> None:
        """Take one of the offered amounts in cash."""
        amounts = quick_amounts(self.settlement.open_cash, self._desk.currency)
        if self._free() and 0 <= place < len(amounts):
            self._check_cash(amounts[place])

    def _free(self) -> bool:
        """Whether a tender may be given now."""
        return self.open and not self.committing and self._card is None and self._confirm is None

    def _typed_amount(self, otherwise: Amount) -> Amount | None:
        """Return the typed amount, `otherwise` for none, or None when it cannot be taken (the words are shown)."""
        if not self._box:
            return otherwise
        try:
            amount = parse_amount(fold(self._box).replace("。", "."), self._desk.currency.digits)
        except ExpectedError:
            amount = Amount(-1)
        if amount <= 0:
            self._error = translate("sales.error.amount_text")
            self._desk.front.sound("refused")
            return None
        return amount

    def _check_cash(self, amount: Amount) -> None:
        """Take cash; an amount far beyond what is due is asked about: an extra zero, or a scanned number."""
        due, asks_above = self.settlement.open_cash, self._desk.shop.current.value.ask_above
        money = self._desk.currency
        if amount - due <= asks_above:
            self._take_cash(amount)
            return
        if amount - due > NO_SUM * asks_above > 0:
            self._error = translate("sales.error.no_sum", given=format_amount(amount, money))
            self._desk.front.sound("refused")
            return
        words = translate(
            "sales.pay.much", given=format_amount(amount, money), change=format_amount(amount - due, money)
        )
        self._ask(_Confirm(words, lambda: self._take_cash(amount)))

    def _take_cash(self, amount: Amount) -> None:
        self._add(self._desk.shop.checkout.tender(TenderKind.CASH, amount))

    def card(self) -> None:
        """Take the typed amount, or all that is open, by card; its slip's reference is asked next."""
        if not self._free():
            return
        open_ = self.settlement.open
        amount = self._typed_amount(open_)
        if amount is None:
            return
        if amount > open_ or open_ <= 0:
            self._error = words_of(TenderTooMuchError(over=Amount(amount - open_)), self._desk.currency)
            self._desk.front.sound("refused")
            return
        self._card, self._box, self._error = amount, "", ""

    def _take_card(self, amount: Amount, reference: str) -> None:
        digits = "".join(c for c in reference if c.isdigit())
        if not reference or len(digits) > LONGEST_REFERENCE_DIGITS or len(reference) > 32:
            kind = "card_number" if len(digits) > LONGEST_REFERENCE_DIGITS else "reference"
            self._error, self._box = translate(f"sales.error.{kind}"), ""
            self._desk.front.sound("refused")
            return
        self._card = None
        self._add(self._desk.shop.checkout.tender(TenderKind.CARD, amount, reference))

    def _add(self, tender: Tender) -> None:
        desk = self._desk
        cart = msgspec.structs.replace(desk.cart, tenders=(*desk.cart.tenders, tender))
        try:
            state = desk.shop.checkout.settlement(cart)
        except ExpectedError as error:
            self._error = words_of(error, desk.currency)
            desk.front.sound("refused")
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
        """Mark another of the tenders given."""
        last = len(self._desk.cart.tenders) - 1
        self._current = max(0, min(last, self._current + step)) if last >= 0 else -1

    def remove(self) -> None:
        """Take the marked tender off the bill."""
        tenders = self._desk.cart.tenders
        if not self._free() or not 0 <= self._current < len(tenders):
            return
        left = tenders[: self._current] + tenders[self._current + 1 :]
        self._desk.change(msgspec.structs.replace(self._desk.cart, tenders=left))
        self._current, self._error = len(left) - 1, ""

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
            needed = self._whole(error)
            self._error = words_of(needed, desk.currency)
            desk.approve(needed, lambda approval: self._approved(needed, approval))

    def _whole(self, needed: NeedsApprovalError) -> NeedsApprovalError:
        """Return what to ask for: one yes must cover everything of its kind on the bill."""
        cart = self._desk.cart
        by_hand = (ReductionKind.LINE, ReductionKind.BILL)
        if needed.action is not Action.DISCOUNT:
            return needed
        lines = self._desk.priced.lines
        off = Amount(-sum(r.amount for x in lines for r in x.reductions if r.kind in by_hand))
        gross = Amount(sum(x.gross for x in lines if any(r.kind in by_hand for r in x.reductions)))
        if off <= needed.amount:
            return needed
        return NeedsApprovalError(action=needed.action, amount=off, cart=cart.cart_id, price=gross)

    def _approved(self, needed: NeedsApprovalError, approval: Approval) -> None:
        desk = self._desk
        who, cart, carts = desk.who, desk.cart, desk.shop.carts
        desk.ask_lane(lambda: carts.approve(who, cart, needed, approval), self._commit_approved, self._failed)

    def _commit_approved(self, cart: Cart) -> None:
        self._desk.take(cart)
        self.commit()

    # -- what is shown -------------------------------------------------------------------------------------

    def offer(self, words: str, act: Callable[[], None]) -> None:
        """Ask for an Enter before something beside the money is done."""
        self._ask(_Confirm(words, act))

    def reopened(self, words: str) -> None:
        """Say what changed the bill while Pay stood open."""
        self._hint = words

    def refused(self, words: str) -> None:
        """Say why a scan was not taken."""
        self._error = words

    @property
    def stage(self) -> Literal["amount", "reference", "confirm"]:
        """What the field takes now."""
        if self._confirm is not None:
            return "confirm"
        return "reference" if self._card is not None else "amount"

    def view(self) -> PayView | None:
        """Return what is shown, None while Pay is closed."""
        if not self.open:
            return None
        opens = self._no_shift and self._desk.front.has_screen("shifts")
        offer = translate("sales.pay.open_shift") if opens else ""
        hint = self._confirm.words if self._confirm else self._hint
        view = self._words.view(self.settlement, PayField(self.stage, self._card), self._box, self._current)
        return replace(
            view, error=self._error, hint=hint, offer=offer, caution=self._caution, busy=self.committing
        )
