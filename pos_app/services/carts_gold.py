"""Carts with gold in them, when the price of the day is another one than that which their pieces were rung at.

By default today's price holds; the old one may be kept by whoever may set a price of the day, or with her yes. Decides
who is asked and what is recorded; what a line costs is `domain.sales.gold`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from pos_app.domain.facts.sales import PriceChanged
from pos_app.domain.sales.cart import Cart, CartLine, replace_line
from pos_app.domain.sales.gold import GoldMove, OldGoldPriceError, at_gold_price, kept_at, metal_of, move_of
from pos_app.domain.staff import Approval
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor, CurrentSettings, must_spend
from pos_app.services.member_prices import Place, fits, total_of
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.store import Store, Tx
from pos_app.services.recording import Recorder
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True, kw_only=True)
class CartWork:
    """What these use cases work with."""

    store: Store
    recorder: Recorder
    settings: CurrentSettings
    clock: Clock


class GoldCarts:
    """Use cases of carts whose gold price has moved."""

    def __init__(self, work: CartWork, place: Callable[[], Place], keep: Callable[[Tx, Cart], None]) -> None:
        self._store = work.store
        self._recorder = work.recorder
        self._clock = work.clock
        self._settings = work.settings
        self._place = place
        self._keep = keep

    def at_todays(self, cart: Cart) -> tuple[Cart, tuple[GoldMove, ...]]:
        """Return the cart with its gold at the prices of the day, and which lines changed; reads only.

        A fineness without a price today stays as it is: it is refused when it is paid.
        """
        if all(metal_of(line) is None for line in cart.lines):
            return cart, ()
        with self._store.read() as tx:
            return at_todays_gold(tx, cart, self._place())

    def keep_old(
        self, who: Actor, cart: Cart, moves: Sequence[GoldMove], approval: Approval | None = None
    ) -> Cart:
        """Let lines be sold at the gold price they were rung at, record it, and return the cart with them.

        Raises NeedsApprovalError for whom it is not to allow, ApprovalNotValidError, LineGoneError.
        """
        needed = OldGoldPriceError(cart.cart_id, moves)
        if not must_spend(who, self._settings.value.limits, needed, approval):
            approval = None
        cart = _with_old(cart, moves, self._place(), approval)
        with self._store.write() as tx:
            if approval is not None:
                spend_approval(tx, self._clock, who, needed, approval)
            for move in moves:
                fact = PriceChanged(
                    cart=cart.cart_id,
                    line=move.line,
                    asked=str(move.was),
                    before=move.after,
                    after=move.before,
                    override=True,
                    approver=approval.approver if approval else None,
                    approval=approval.approval_id if approval else None,
                )
                self._recorder.record(tx, fact, who.staff_id)
            self._keep(tx, cart)
        return cart

    def due_if_kept(self, cart: Cart, moves: Sequence[GoldMove]) -> Amount:
        """Return what a cart would cost with its lines at the gold price they were rung at; raises LineGoneError."""
        place = self._place()
        return total_of(_with_old(cart, moves, place, None), place)


def _with_old(cart: Cart, moves: Sequence[GoldMove], place: Place, approval: Approval | None) -> Cart:
    """Return the cart with lines at the price they were rung at, without discounts that no longer fit them."""
    for move in moves:
        cart = replace_line(cart, _fitted(cart, kept_at(cart.line(move.line), move, approval), place))
    return cart


def _fitted(cart: Cart, line: CartLine, place: Place) -> CartLine:
    return line if fits(cart, line, place) else msgspec.structs.replace(line, discounts=())


def at_todays_gold(tx: Tx, cart: Cart, place: Place) -> tuple[Cart, tuple[GoldMove, ...]]:
    """Return the cart with its gold at the prices of a day, and which lines changed.

    A discount by hand that no longer fits its line is taken off.
    """
    moves = [move for line in cart.lines if (move := _move(tx, line, place)) is not None]
    for move in moves:
        cart = replace_line(cart, _fitted(cart, at_gold_price(cart.line(move.line), move.now), place))
    return cart, tuple(moves)


def _move(tx: Tx, line: CartLine, place: Place) -> GoldMove | None:
    if metal_of(line) is None or line.piece is None:
        return None
    today = tx.catalogue.gold_price(line.piece.fineness or "", place.on)
    return None if today is None else move_of(line, today)
