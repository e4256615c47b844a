"""The cart on the counter: the truth of the sell page, kept durable behind it.

Pure functions of the domain change the cart at once; the db lane follows, with never more than one save waiting.
Decides order and durability: what needs an answer shuts the desk until it is there, and what the cashier does
meanwhile waits its turn. Decides no price and no right.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import msgspec

from pos_app.domain.catalogue import Customer
from pos_app.domain.errors import ExpectedError, StorageBusyError, StorageFullError, StorageReadOnlyError
from pos_app.domain.members import Member
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.pricing import PricedCart
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Currency
from pos_app.services.acting import Actor
from pos_app.services.member_prices import customer_of
from pos_app.services.ports.attempts import Charging
from pos_app.services.ports.syncing import AskOnline
from pos_app.services.shop import Shop
from pos_app.words import translate
from ui.sales.asks import Asks
from ui.sales.lists import Lists
from ui.sales.ports import Front, Surroundings
from ui.sales.state import BoxMode, Hint, HintTone
from ui.shell.wording import words_of

T = TypeVar("T")
_UNSAVED = "cart_unsaved"
_PASSES = (StorageFullError, StorageReadOnlyError, StorageBusyError)
"""Failures of a write that somebody can end while the till goes on."""


class Desk:
    """What all parts of the sell page share."""

    def __init__(self, around: Surroundings, changed: Callable[[], None]) -> None:
        self.front: Front = around.front
        self.now_ms = around.now_ms
        self._counter = around.counter
        self._changed = changed
        self.asks = Asks(self.show)
        self.lists = Lists()
        self.box = ""
        self.mode: BoxMode = "sell"
        self.hint: Hint | None = None
        self.member: Member | None = None
        self.current: LineId | None = None
        self._busy = 0
        self._waiting: deque[Callable[[], None]] = deque()
        self._soon = around.soon
        self._save_comes = False
        self._keeping = False
        self._dirty = False
        self._put_off: deque[Callable[[], object]] = deque()
        self.unsaved = False
        """Whether the last save failed: it is tried again as time passes."""
        self.cart: Cart = self.shop.carts.new()
        self.priced: PricedCart = self.shop.checkout.price(self.cart)

    @property
    def shop(self) -> Shop:
        """The use cases."""
        return self._counter.shop

    @property
    def charging(self) -> Charging | None:
        """Who takes payment attempts to their wallets."""
        return self._counter.charging

    @property
    def who(self) -> Actor:
        """The signed-in person; raises NotSignedInError."""
        return self._counter.session.who

    @property
    def currency(self) -> Currency:
        """The shop's currency."""
        return self.shop.current.value.money

    @property
    def customer(self) -> Customer:
        """Who buys, as prices and early purchase ask."""
        return customer_of(self.cart.member)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._busy > 0

    def show(self) -> None:
        """Let the page be painted."""
        self._changed()

    # -- the cart ------------------------------------------------------------------------------------------

    def reopen(self) -> None:
        """Take up the cart that was open when the till stopped."""
        self.replace(self.shop.carts.reopen(), kept=True)

    def change(self, cart: Cart, current: LineId | None = None) -> None:
        """Put a changed cart on the counter and keep it; raises what pricing says against it, nothing done then.

        A bill discount that no longer fits the bill is taken off with a notice.
        """
        fitted, priced = self._fitted(cart)
        self.cart, self.priced = fitted, priced
        if current is not None:
            self.current = current
        self._mend_current()
        self._keep()

    def replace(self, cart: Cart, *, kept: bool) -> None:
        """Put another cart on the counter; `kept` says that it stands in the books already."""
        self.cart, self.priced = self._fitted(cart)
        self.current = self.cart.lines[-1].line_id if self.cart.lines else None
        self.member = self.shop.members.get(cart.member.member) if cart.member else None
        self._dirty = False
        if not kept:
            self._keep()

    def put_without_keeping(self, cart: Cart) -> None:
        """Put a cart on the counter that the next write of the lane makes durable by itself: a commit."""
        self.cart, self.priced = self._fitted(cart)

    def keep_after_all(self) -> None:
        """Keep the cart as it stands: the write that should have made it durable failed."""
        self._keep()

    def take(self, cart: Cart) -> None:
        """Put the cart on the counter that a service gave back: it is kept already."""
        self.cart, self.priced = self._fitted(cart)
        self._mend_current()

    def clear(self) -> None:
        """Put an empty cart on the counter."""
        self.replace(self.shop.carts.new(), kept=True)
        self.box, self.mode, self.hint = "", "sell", None
        self.asks.close()
        self.lists.close()

    def _fitted(self, cart: Cart) -> tuple[Cart, PricedCart]:
        try:
            return cart, self.shop.checkout.price(cart)
        except ExpectedError:
            if cart.bill_discount is None and cart.round_off is None:
                raise
            plain = msgspec.structs.replace(cart, bill_discount=None, round_off=None)
            priced = self.shop.checkout.price(plain)
            self.front.say("warning", translate("sales.notice.bill_discount_gone"), "bill_discount")
            return plain, priced

    def _mend_current(self) -> None:
        ids = [line.line_id for line in self.cart.lines]
        if self.current not in ids:
            self.current = ids[-1] if ids else None

    @property
    def place(self) -> int:
        """The place of the line at hand, -1 when there is none."""
        ids = [line.line_id for line in self.cart.lines]
        return ids.index(self.current) if self.current in ids else -1

    def step(self, step: int) -> None:
        """Go up or down in the cart."""
        if self.cart.lines:
            place = max(0, min(len(self.cart.lines) - 1, self.place + step))
            self.current = self.cart.lines[place].line_id

    # -- the lane ------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Save the cart once it has been painted."""
        self._dirty = True
        if not self._save_comes:
            self._save_comes = True
            self._soon(self.save)

    def save(self) -> None:
        """Save the cart now if it has changed, unless a save or an answer is awaited: then after that."""
        self._save_comes = False
        if not self._dirty or self._keeping or self._busy:
            return
        self._keeping, self._dirty = True, False
        cart, carts = self.cart, self.shop.carts
        self._counter.db.run(lambda: carts.keep(cart), self._kept, self._not_kept)

    def _kept(self, _none: None) -> None:
        self._keeping = False
        self.unsaved = bool(self._put_off)
        if not self.unsaved:
            self.front.unsay(_UNSAVED)
            self.save()

    def _not_kept(self, error: Exception) -> None:
        self._keeping, self._dirty = False, True
        # Only what passes is tried again as time passes; anything else would fail, and be told, each second.
        again = isinstance(error, _PASSES)
        if not (again and self.unsaved):
            words = partial(_unsaved_words, error, self.currency)
            self.front.say("error", words(), _UNSAVED, words)
        self.unsaved = again or bool(self._put_off)
        self._changed()

    def send(self, work: Callable[[], object]) -> None:
        """Queue a write that records something and keeps the cart; a full disk only puts it off."""
        if self._put_off:
            self._put_off.append(work)
        else:
            self._counter.db.run(work, self._sent, partial(self._not_sent, work))

    def _sent(self, _result: object) -> None:
        if not self.unsaved:
            self.front.unsay(_UNSAVED)

    def _not_sent(self, work: Callable[[], object], error: Exception) -> None:
        if isinstance(error, _PASSES):
            self._put_off.append(work)
        self._not_kept(error)

    def try_again(self) -> None:
        """Write what could not be written, oldest first, and then the cart as it stands now."""
        if self._keeping or not self._put_off:
            self.save()
            return
        work = self._put_off[0]
        self._keeping = True

        def ended(error: Exception | None) -> None:
            # What it kept may be older than the cart on the counter.
            self._keeping, self._dirty = False, True
            if error is None or not isinstance(error, _PASSES):
                self._put_off.popleft()
            if error is None:
                self.try_again()
            else:
                self._not_kept(error)

        self._counter.db.run(work, lambda _result: ended(None), ended)

    def ask_lane(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do work of which the cashier awaits the answer: the desk is shut until it comes."""
        self._busy += 1

        def answer(act: Callable[[], None]) -> None:
            self._busy -= 1
            act()
            self._resume()

        broke = failed or self.fail
        self._counter.db.run(
            work, lambda result: answer(lambda: done(result)), lambda error: answer(lambda: broke(error))
        )

    def look_up(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Read on the lane while the desk stays open: a search that may take longer than a keystroke may."""
        self._counter.db.run(work, done, failed or self.fail)

    @property
    def online(self) -> AskOnline:
        """The platform, to be asked through `ask_online`."""
        return self._counter.online

    def ask_online(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> bool:
        """Ask the platform while the desk stays open; say whether there is one that answers just now."""
        lane = self._counter.net
        if lane is None or not self._counter.is_online():
            return False
        lane.run(work, done, failed)
        return True

    def when_open(self, act: Callable[[], None]) -> None:
        """Act now, or after the answers that are awaited."""
        if self._busy:
            self._waiting.append(act)
            return
        act()
        self.show()

    def _resume(self) -> None:
        self.save()
        while self._waiting and not self._busy:
            self._waiting.popleft()()
        self.show()

    def with_approval(
        self,
        work: Callable[[Approval | None], T],
        done: Callable[[T], None],
        approval: Approval | None = None,
    ) -> None:
        """Do work on the lane; when it needs somebody's yes, ask for it and do it again with that."""

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError) and approval is None:
                self._counter.ask_approval(error, lambda given: self.with_approval(work, done, given))
            else:
                self.fail(error)

        self.ask_lane(lambda: work(approval), done, failed)

    def approve(self, needed: NeedsApprovalError, then: Callable[[Approval], None]) -> None:
        """Ask somebody who may for a yes."""
        self._counter.ask_approval(needed, then)

    # -- words ---------------------------------------------------------------------------------------------

    def tell(self, text: str, tone: HintTone = "muted") -> None:
        """Say something under the box."""
        self.hint = Hint(text, tone)

    def refuse(self, text: str) -> None:
        """Say under the box why not, with the refused tone."""
        self.hint = Hint(text, "danger")
        self.front.sound("refused")

    def fail(self, error: Exception) -> None:
        """Say what went wrong in its own words."""
        self.refuse(words_of(error, self.currency))
        self.show()

    def wake_printer(self) -> None:
        """Something was queued for the printer."""
        self._counter.wake_printer()

    def kick_drawer(self) -> None:
        """Open the drawer."""
        self._counter.kick_drawer()


def _unsaved_words(error: Exception, currency: Currency) -> str:
    return translate("sales.notice.unsaved", why=words_of(error, currency))
