"""Carts: kept durable while they are open, held and taken up again, cancelled; each step that needs it is a fact.

The screen changes the cart at once with the pure functions of `domain.sales.cart` and hands it here; what is kept is
what was painted. Decides what is recorded and what needs permission.
"""

from dataclasses import dataclass

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.sales import (
    CartCancelled,
    CartHeld,
    CartLineRemoved,
    CartLineRestored,
    CartRecalled,
    PriceChanged,
    removed,
)
from pos_app.domain.sales.cart import Cart, CartLine, MemberRef, replace_line
from pos_app.domain.sales.discount import AskedKind, Discount
from pos_app.domain.sales.gold import GoldMove
from pos_app.domain.sales.pricing import gross_of, price_cart
from pos_app.domain.sales.sale import CartEmptyError
from pos_app.domain.staff import (
    Action,
    Approval,
    BelowLowestPriceError,
    NeedsApprovalError,
)
from pos_app.domain.staff_limits import Limits, allows
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import CartId, LineId, SaleId
from pos_app.domain.values.money import ZERO, Amount
from pos_app.domain.values.quantity import quantity_price
from pos_app.services.acting import Actor, CurrentSettings, must_spend
from pos_app.services.carts_approved import approved, overridden
from pos_app.services.carts_gold import CartWork, GoldCarts, at_todays_gold
from pos_app.services.checkout_prices import by_hand_off, is_below_lowest
from pos_app.services.member_prices import Place, total_of, with_member
from pos_app.services.payments import as_booked, check_may_go, may_go
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.selling import HeldCart
from pos_app.services.ports.store import Store, Tx
from pos_app.services.recording import Recorder
from pos_app.services.sellable import objections
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True)
class PriceAsk:
    """A price or discount somebody asks for: on a line, or on the bill when `line` is None."""

    discount: Discount
    line: LineId | None = None
    round_off: bool = False


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """Another unit price for a line, with its reason."""

    line: LineId
    price: Amount
    reason: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """A cart that was taken up again, and its lines whose gold price is another one today: they cost today's now.

    `before` is what it came to until then.
    """

    cart: Cart
    gold: tuple[GoldMove, ...] = ()
    before: Amount = ZERO


class CartService:
    """Use cases of carts."""

    def __init__(
        self, store: Store, recorder: Recorder, settings: CurrentSettings, clock: Clock, ids: Ids
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._settings = settings
        self._clock = clock
        self._ids = ids
        work = CartWork(store=store, recorder=recorder, settings=settings, clock=clock)
        self.gold = GoldCarts(work, self._place, self._keep)

    def new(self) -> Cart:
        """Return an empty cart; it is not written before it holds something."""
        return Cart(cart_id=CartId(self._ids.new()), opened_at=self._clock.now())

    def reopen(self) -> Cart:
        """Return the cart that was open when the till stopped, with what wallets paid on it, or a new one."""
        with self._store.read() as tx:
            cart = tx.carts.open_cart()
            return self.new() if cart is None else as_booked(tx, cart)

    def keep(self, cart: Cart) -> None:
        """Write the open cart as it stands; an empty one is removed."""
        with self._store.write() as tx:
            self._keep(tx, cart)

    def _keep(self, tx: Tx, cart: Cart) -> None:
        # A save that was still queued when the cart was paid must not bring it back, nor take a payment off it.
        cart = as_booked(tx, cart)
        gone = tx.sales.get(SaleId(cart.cart_id)) is not None
        if gone or (cart.empty and may_go(tx, cart.cart_id)):
            tx.carts.drop(cart.cart_id)
        else:
            tx.carts.save_open(cart, self._clock.now())

    def attach(self, cart: Cart, member: MemberRef) -> tuple[Cart, Amount]:
        """Return the cart with a member and its lines at her prices, and by how much the bill changed.

        The difference is negative when she pays less. Prices given by hand, pieces and weighed amounts stay. Reads
        only: the desk keeps the cart as after any other change.
        """
        with self._store.read() as tx:
            return with_member(tx, cart, member, self._place())

    def detach(self, cart: Cart) -> tuple[Cart, Amount]:
        """Return the cart without its member, its lines at their list prices, and by how much the bill changed."""
        with self._store.read() as tx:
            return with_member(tx, cart, None, self._place())

    def objections(self, cart: Cart) -> tuple[ExpectedError, ...]:
        """Return what now stands against selling lines of a cart: held back, expired, sold, for a level (A14)."""
        with self._store.read() as tx:
            return objections(tx, cart, self._place().on)

    def _place(self) -> Place:
        settings = self._settings.value
        today = business_date(self._clock.now(), settings.zone, settings.day_starts_at)
        return Place(shop=settings.shop_id, on=today, tax_mode=settings.tax_mode)

    def line_removed(self, who: Actor, cart: Cart, line: CartLine) -> None:
        """Keep the cart from which a line was taken, and record the removal (also of a lowered quantity)."""
        with self._store.write() as tx:
            shift = tx.shifts.current()
            fact = CartLineRemoved(
                cart=cart.cart_id,
                shift=shift.shift_id if shift else None,
                removed=removed(line, gross_of(line)),
            )
            self._recorder.record(tx, fact, who.staff_id)
            self._keep(tx, cart)

    def line_restored(self, who: Actor, cart: Cart, line_id: LineId) -> None:
        """Keep the cart to which a removed line was put back, and record that."""
        with self._store.write() as tx:
            self._recorder.record(tx, CartLineRestored(cart=cart.cart_id, line=line_id), who.staff_id)
            self._keep(tx, cart)

    def preview(self, cart: Cart, ask: PriceAsk) -> tuple[Amount, Amount]:
        """Return what the line (or bill) costs now and would cost; raises what pricing says against it."""
        changed = _with_ask(cart, ask, ask.discount)
        return self._worth(cart, ask.line), self._worth(changed, ask.line)

    def change_price(
        self,
        who: Actor,
        cart: Cart,
        ask: PriceAsk,
        reason: str | None = None,
        approval: Approval | None = None,
    ) -> Cart:
        """Give a discount or another price, record it, and return the cart with it.

        Raises NeedsApprovalError beyond the person's limits, ApprovalNotValidError, and what pricing says against it
        (DiscountBeyondPriceError, AboveListPriceError).
        """
        before, after = self.preview(cart, ask)
        needed = self._needed(who, cart, ask, before, after)
        if needed is not None and approval is None:
            raise needed
        if needed is None:
            approval = None
        discount = msgspec.structs.replace(
            ask.discount,
            reason=reason,
            approver=approval.approver if approval else None,
            approval=approval.approval_id if approval else None,
        )
        changed = _with_ask(cart, ask, discount)
        with self._store.write() as tx:
            if needed is not None and approval is not None:
                spend_approval(tx, self._clock, who, needed, approval)
            fact = PriceChanged(
                cart=cart.cart_id,
                line=ask.line,
                asked=ask.discount.text,
                before=before,
                after=after,
                reason=reason,
                approver=discount.approver,
                approval=discount.approval,
            )
            self._recorder.record(tx, fact, who.staff_id)
            self._keep(tx, changed)
        return changed

    def take_discount_off(self, who: Actor, cart: Cart, line: LineId | None = None) -> Cart:
        """Take off what was given by hand on a line, or on the bill with its round-off; record it, return the cart.

        The price goes up, which needs nobody's leave. The fact says that nothing was asked: `asked` is empty.
        """
        if line is None:
            changed = msgspec.structs.replace(cart, bill_discount=None, round_off=None)
        else:
            changed = replace_line(cart, msgspec.structs.replace(cart.line(line), discounts=()))
        with self._store.write() as tx:
            fact = PriceChanged(
                cart=cart.cart_id,
                line=line,
                asked="",
                before=self._worth(cart, line),
                after=self._worth(changed, line),
            )
            self._recorder.record(tx, fact, who.staff_id)
            self._keep(tx, changed)
        return changed

    def _worth(self, cart: Cart, line: LineId | None) -> Amount:
        priced = price_cart(cart, self._settings.value.tax_mode)
        if line is None:
            return priced.total
        return next(p.net for p in priced.lines if p.line_id == line)

    def _needed(
        self, who: Actor, cart: Cart, ask: PriceAsk, before: Amount, after: Amount
    ) -> NeedsApprovalError | None:
        """Return the approval that a price needs, or None within the person's own limits."""
        if ask.round_off or ask.discount.kind is AskedKind.DROP_CHANGE:
            needed = NeedsApprovalError(
                action=Action.ROUND_OFF, amount=Amount(before - after), cart=cart.cart_id, price=before
            )
        else:
            full = self._full(cart, ask.line)
            off = Amount(full - after)
            below = self._below_lowest(cart, ask)
            if off <= 0 and not below:
                return None
            make, action = (
                (BelowLowestPriceError, Action.OVERRIDE_PRICE)
                if below
                else (NeedsApprovalError, Action.DISCOUNT)
            )
            needed = make(action=action, amount=off, cart=cart.cart_id, price=full)
        return None if allows(self._limits, who.role, needed) else needed

    @property
    def _limits(self) -> Limits:
        return self._settings.value.limits

    def _below_lowest(self, cart: Cart, ask: PriceAsk) -> bool:
        """Whether what is asked brings goods below their lowest price."""
        changed = _with_ask(cart, ask, ask.discount)
        lowest = {line.line_id: line.product.lowest_price for line in changed.lines if line.product}
        priced = price_cart(changed, self._settings.value.tax_mode)
        return any(is_below_lowest(line, lowest.get(line.line_id)) for line in priced.lines)

    def _full(self, cart: Cart, line: LineId | None) -> Amount:
        """Return the price before anything was taken off by hand."""
        if line is not None:
            return gross_of(cart.line(line))
        return Amount(sum(gross_of(each) for each in cart.lines if each.unknown_code is None))

    def override_price(
        self, who: Actor, cart: Cart, asked: PriceOverride, approval: Approval | None = None
    ) -> Cart:
        """Give a line another unit price, above or below the list; return the cart.

        Raises NeedsApprovalError when the role may not, ApprovalNotValidError.
        """
        line = cart.line(asked.line)
        before, after = gross_of(line), quantity_price(line.quantity, asked.price)
        listed = line.product.list_price if line.product else None
        # From the list, not from an earlier override: the approval must cover the whole way (see `checkout`).
        full = before if listed is None else quantity_price(line.quantity, listed)
        needed = NeedsApprovalError(
            action=Action.OVERRIDE_PRICE,
            amount=Amount(abs(full - after)),
            cart=cart.cart_id,
            price=full,
        )
        if not must_spend(who, self._limits, needed, approval):
            approval = None
        changed = replace_line(cart, overridden(line, asked.price, asked.reason, approval))
        with self._store.write() as tx:
            if approval is not None:
                spend_approval(tx, self._clock, who, needed, approval)
            fact = PriceChanged(
                cart=cart.cart_id,
                line=asked.line,
                asked=str(asked.price),
                before=before,
                after=after,
                reason=asked.reason,
                override=True,
                approver=approval.approver if approval else None,
                approval=approval.approval_id if approval else None,
            )
            self._recorder.record(tx, fact, who.staff_id)
            self._keep(tx, changed)
        return changed

    def approve(self, who: Actor, cart: Cart, needed: NeedsApprovalError, approval: Approval) -> Cart:
        """Put an approval on every price of its kind that has none, spend it, and return the cart with it.

        For prices that were within the person's limits one by one and are not together. Raises ApprovalNotValidError.
        """
        off = by_hand_off(price_cart(cart, self._settings.value.tax_mode).lines)
        changed = approved(cart, needed, approval, whole=needed.amount >= off)
        with self._store.write() as tx:
            spend_approval(tx, self._clock, who, needed, approval)
            self._keep(tx, changed)
        return changed

    def hold(self, who: Actor, cart: Cart, label: str = "") -> None:
        """Put the cart aside for the shop; raise CartEmptyError when empty, and what `check_may_go` says."""
        if not cart.lines:
            raise CartEmptyError()
        total = price_cart(cart, self._settings.value.tax_mode).total
        with self._store.write() as tx:
            check_may_go(tx, cart.cart_id)
            tx.carts.hold(cart, who.staff_id, label, self._clock.now())
            fact = CartHeld(cart=cart.cart_id, lines=len(cart.lines), total=total)
            self._recorder.record(tx, fact, who.staff_id)

    def held(self) -> tuple[HeldCart, ...]:
        """Return the held carts, oldest first."""
        with self._store.read() as tx:
            return tuple(tx.carts.held())

    def recall(self, who: Actor, cart_id: CartId, waiting: Cart | None = None) -> Recalled | None:
        """Take a held cart up again, its gold at the prices of today; None when somebody else has taken it.

        `waiting` is the cart without lines that it takes the place of: its member goes over, unless it has one.
        """
        with self._store.write() as tx:
            cart = tx.carts.take(cart_id)
            if cart is None:
                return None
            if waiting is not None:
                check_may_go(tx, waiting.cart_id)
                tx.carts.drop(waiting.cart_id)
                if cart.member is None and waiting.member is not None:
                    cart, _ = with_member(tx, cart, waiting.member, self._place())
            before = total_of(cart, self._place())
            cart, moves = at_todays_gold(tx, cart, self._place())
            tx.carts.save_open(cart, self._clock.now())
            self._recorder.record(tx, CartRecalled(cart=cart_id), who.staff_id)
        return Recalled(cart, moves, before)

    def cancel(self, who: Actor, cart: Cart, reason: str, approval: Approval | None = None) -> None:
        """Give a cart up for a reason, and record what was in it.

        Raises NeedsApprovalError when the role may not, ApprovalNotValidError, and what `check_may_go` says.
        """
        priced = price_cart(cart, self._settings.value.tax_mode)
        needed = NeedsApprovalError(action=Action.CANCEL_CART, amount=priced.total, cart=cart.cart_id)
        if not must_spend(who, self._limits, needed, approval):
            approval = None
        with self._store.write() as tx:
            check_may_go(tx, cart.cart_id)
            if approval is not None:
                spend_approval(tx, self._clock, who, needed, approval)
            shift = tx.shifts.current()
            fact = CartCancelled(
                cart=cart.cart_id,
                shift=shift.shift_id if shift else None,
                reason=reason,
                total=priced.total,
                lines=tuple(removed(line, gross_of(line)) for line in cart.lines),
                approver=approval.approver if approval else None,
                approval=approval.approval_id if approval else None,
            )
            self._recorder.record(tx, fact, who.staff_id)
            tx.carts.drop(cart.cart_id)


def _with_ask(cart: Cart, ask: PriceAsk, discount: Discount) -> Cart:
    """Return the cart with a discount put where it was asked: on a line, the bill, or as round-off."""
    if ask.round_off or discount.kind is AskedKind.DROP_CHANGE:
        return msgspec.structs.replace(cart, round_off=discount)
    if ask.line is None:
        return msgspec.structs.replace(cart, bill_discount=discount)
    line = cart.line(ask.line)
    kept = tuple(d for d in line.discounts if d.component is not discount.component)
    return replace_line(cart, msgspec.structs.replace(line, discounts=(*kept, discount)))
