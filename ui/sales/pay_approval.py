"""What somebody's yes must cover when a bill needs one to be sold.

Decides the whole of what is asked for, so that one yes is enough. Who may give it is `domain.staff`.
"""

from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.line import ReductionKind
from pos_app.domain.sales.pricing import PricedCart
from pos_app.domain.staff import Action, NeedsApprovalError
from pos_app.domain.values.money import Amount

_BY_HAND = (ReductionKind.LINE, ReductionKind.BILL)


def whole_approval(needed: NeedsApprovalError, cart: Cart, priced: PricedCart) -> NeedsApprovalError:
    """Return what to ask for: one yes must cover every discount by hand on the bill."""
    if needed.action is not Action.DISCOUNT:
        return needed
    off = Amount(-sum(r.amount for x in priced.lines for r in x.reductions if r.kind in _BY_HAND))
    discounted = (x for x in priced.lines if any(r.kind in _BY_HAND for r in x.reductions))
    gross = Amount(sum(x.gross for x in discounted))
    if off <= needed.amount:
        return needed
    return NeedsApprovalError(action=needed.action, amount=off, cart=cart.cart_id, price=gross)
