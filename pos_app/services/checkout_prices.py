"""Whether the prices of a cart may be sold at: within the cashier's limits, or with somebody's yes on them.

Decides what an approval must name and cover when the bill is paid; it was spent when it was put on the cart. Up to
where a role may go stands in `domain.staff_limits`.
"""

from collections.abc import Sequence

from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.line import Line, LineKind, PriceBasis, ReductionKind
from pos_app.domain.sales.pricing import PricedCart
from pos_app.domain.staff import Action, BelowLowestPriceError, NeedsApprovalError
from pos_app.domain.staff_limits import Limits, allows
from pos_app.domain.values.ids import ApprovalId
from pos_app.domain.values.money import ZERO, Amount
from pos_app.domain.values.quantity import quantity_price
from pos_app.services.acting import Actor
from pos_app.services.ports.store import Tx

_BY_HAND = (ReductionKind.LINE, ReductionKind.BILL)
_GIVES = {
    ReductionKind.LINE: frozenset({Action.DISCOUNT, Action.OVERRIDE_PRICE}),
    ReductionKind.BILL: frozenset({Action.DISCOUNT, Action.OVERRIDE_PRICE}),
    ReductionKind.ROUND_OFF: frozenset({Action.ROUND_OFF}),
}
_PRICES = frozenset({Action.OVERRIDE_PRICE, Action.OPEN_PRICE_ZERO, Action.SET_GOLD_PRICE})


def check_prices(who: Actor, limits: Limits, cart: Cart, priced: PricedCart) -> None:
    """Raise NeedsApprovalError for a price that the person may not give and nobody approved."""
    lines = {line.line_id: line for line in cart.lines}
    for line in priced.lines:
        asked = lines[line.line_id]
        if asked.fixed is None:
            _check_line(who, limits, cart, (line, asked))
            if below_alone(line, asked):
                _ask(who, limits, _below(cart, _sold(priced.lines)))
    _check_bill(who, limits, cart, priced.lines)
    _check_kept_gold(who, limits, cart, priced.lines)
    off = Amount(-priced.round_off)
    if off > 0 and (cart.round_off is None or cart.round_off.approval is None):
        asked_off = NeedsApprovalError(
            action=Action.ROUND_OFF, amount=off, cart=cart.cart_id, price=Amount(priced.total + off)
        )
        _ask(who, limits, asked_off)


def _ask(who: Actor, limits: Limits, needed: NeedsApprovalError) -> None:
    if not allows(limits, who.role, needed):
        raise needed


def _check_line(who: Actor, limits: Limits, cart: Cart, asked_for: tuple[Line, CartLine]) -> None:
    line, asked = asked_for
    by_hand = [r for r in line.reductions if r.kind is ReductionKind.LINE]
    off = Amount(-sum(r.amount for r in by_hand))
    if any(r.approval is None for r in by_hand):
        discount = NeedsApprovalError(action=Action.DISCOUNT, amount=off, cart=cart.cart_id, price=line.gross)
        if off > 0:
            _ask(who, limits, discount)
    if asked.basis is PriceBasis.OVERRIDE and asked.price_approval is None:
        override = NeedsApprovalError(
            action=Action.OVERRIDE_PRICE,
            amount=moved_from_list(line),
            cart=cart.cart_id,
            price=listed_price(line),
        )
        _ask(who, limits, override)
    free = asked.basis is PriceBasis.OPEN or (asked.basis is PriceBasis.OVERRIDE and not line.list_price)
    if line.gross == 0 and free and asked.price_approval is None:
        who.require(Action.OPEN_PRICE_ZERO, None, line.gross, cart.cart_id)


def below_alone(line: Line, asked: CartLine) -> bool:
    """Whether goods are below their lowest price and nobody has said yes to anything of it."""
    below = asked.product is not None and is_below_lowest(line, asked.product.lowest_price)
    return below and asked.price_approval is None and all(r.approval is None for r in line.reductions)


def _sold(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.kind is not LineKind.RETURN]


def _below(cart: Cart, lines: Sequence[Line]) -> BelowLowestPriceError:
    """Return what to ask for when a line is below the lowest price of its goods: one yes for all that is off."""
    off = Amount(by_hand_off(lines))
    gross = Amount(sum(line.gross for line in lines if any(r.kind in _BY_HAND for r in line.reductions)))
    return BelowLowestPriceError(action=Action.OVERRIDE_PRICE, amount=off, cart=cart.cart_id, price=gross)


def by_hand_off(lines: Sequence[Line]) -> Amount:
    """Return what is taken off lines by hand (positive), round-off apart."""
    return Amount(-sum(r.amount for line in lines for r in line.reductions if r.kind in _BY_HAND))


def _check_bill(who: Actor, limits: Limits, cart: Cart, lines: tuple[Line, ...]) -> None:
    """Raise NeedsApprovalError when a discount on the bill, with those on its lines, is beyond the person's limit.

    It is reckoned on the whole bill: its split over the lines may give one of them a cent more than its share.
    """
    sold = _sold(lines)
    by_hand = [r for line in sold for r in line.reductions if r.kind in _BY_HAND]
    if any(r.kind is ReductionKind.BILL and r.approval is None for r in by_hand):
        off, gross = Amount(-sum(r.amount for r in by_hand)), Amount(sum(line.gross for line in sold))
        _ask(
            who,
            limits,
            NeedsApprovalError(action=Action.DISCOUNT, amount=off, cart=cart.cart_id, price=gross),
        )


def _check_kept_gold(who: Actor, limits: Limits, cart: Cart, lines: tuple[Line, ...]) -> None:
    """Raise NeedsApprovalError for pieces that keep the gold price they were rung at, where nobody allowed it.

    It is asked for all of them at once. That they differ from today's price at all is `domain.sales.gold`.
    """
    gold = [x for x in lines if x.basis is PriceBasis.GOLD and x.kind is not LineKind.RETURN]
    moved = sum(moved_from_list(line) for line in gold if line.price_approval is None)
    if moved:
        _ask(
            who,
            limits,
            NeedsApprovalError(action=Action.SET_GOLD_PRICE, amount=Amount(moved), cart=cart.cart_id),
        )


def is_below_lowest(line: Line, lowest: Amount | None) -> bool:
    """Whether what was taken off by hand brings a line below the lowest price of its goods."""
    by_hand = sum(r.amount for r in line.reductions if r.kind in _BY_HAND)
    if not by_hand and line.basis is PriceBasis.MEMBER:
        # What stands on a member list was set by who may.
        return False
    return lowest is not None and line.gross + by_hand < quantity_price(line.quantity, lowest)


def check_approvals(tx: Tx, who: Actor, limits: Limits, bill: tuple[Cart, PricedCart]) -> None:
    """Raise NeedsApprovalError for a price that the yes on it does not give.

    It was given for another cart or another kind of price, the price has moved beyond it, or the goods have come below
    their lowest price since.
    """
    cart, priced = bill
    sold = _sold(priced.lines)
    given = _given(sold)
    found = {each: tx.staff.approval(each) for each in given}
    overriding = {each for each, x in found.items() if x and x.action is Action.OVERRIDE_PRICE}
    for approval_id, (off, gross, gives) in given.items():
        approval = found[approval_id]
        fits = approval is not None and approval.cart == cart.cart_id and approval.action in gives
        if approval is not None and fits and approval.amount >= off:
            continue
        if approval_id in overriding and Action.DISCOUNT in gives:
            raise _below(cart, sold)
        action = approval.action if approval is not None and fits else min(gives, default=Action.DISCOUNT)
        raise NeedsApprovalError(action=action, amount=Amount(off), cart=cart.cart_id, price=gross)
    lowest = {line.line_id: line.product.lowest_price for line in cart.lines if line.product}
    for line in sold:
        yes = {r.approval for r in line.reductions if r.kind in _BY_HAND} | {line.price_approval}
        if is_below_lowest(line, lowest.get(line.line_id)) and not yes & overriding:
            _ask(who, limits, _below(cart, sold))


def _given(sold: list[Line]) -> dict[ApprovalId, tuple[int, Amount, frozenset[Action]]]:
    """Return what each approval on a bill has to cover: how much, of which price, and as what it was asked for."""
    given: dict[ApprovalId, tuple[int, Amount, frozenset[Action]]] = {}

    def add(approval_id: ApprovalId | None, off: int, gross: Amount, gives: frozenset[Action]) -> None:
        if approval_id is not None:
            before, of, also = given.get(approval_id, (0, ZERO, gives))
            given[approval_id] = (before + off, Amount(of + gross), also & gives)

    for line in sold:
        for reduction in line.reductions:
            add(reduction.approval, -reduction.amount, line.gross, _GIVES.get(reduction.kind, frozenset()))
        add(line.price_approval, moved_from_list(line), listed_price(line), _PRICES)
    return given


def listed_price(line: Line) -> Amount:
    """Return what a line costs by the list; what it was rung at when there is no list."""
    return line.gross if line.list_price is None else quantity_price(line.quantity, line.list_price)


def moved_from_list(line: Line) -> Amount:
    """Return by how much a line's price stands above or below the list; what an approval of it must cover."""
    return Amount(abs(listed_price(line) - line.gross))
