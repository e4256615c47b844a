"""A cart with somebody's yes on the prices that it was given for.

Decides which prices a yes is put on: those of its kind that have none.
"""

import msgspec

from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.discount import Discount
from pos_app.domain.sales.line import PriceBasis
from pos_app.domain.sales.pricing import gross_of
from pos_app.domain.staff import Action, Approval

_BASES = {Action.OVERRIDE_PRICE: PriceBasis.OVERRIDE, Action.SET_GOLD_PRICE: PriceBasis.GOLD}


def approved(cart: Cart, action: Action, approval: Approval) -> Cart:
    """Return the cart with the approval on what it is for and had none."""
    replace = msgspec.structs.replace
    by = {"approver": approval.approver, "approval": approval.approval_id}

    def given(discount: Discount | None) -> Discount | None:
        return replace(discount, **by) if discount is not None and discount.approval is None else discount

    if action is Action.ROUND_OFF:
        return replace(cart, round_off=given(cart.round_off))
    if action is Action.DISCOUNT:
        lines = tuple(
            replace(line, discounts=tuple(d if d.approval else replace(d, **by) for d in line.discounts))
            for line in cart.lines
        )
        return replace(cart, lines=lines, bill_discount=given(cart.bill_discount))
    basis = _BASES.get(action, PriceBasis.OPEN)
    lines = tuple(
        replace(line, price_approver=approval.approver, price_approval=approval.approval_id)
        if line.basis is basis and line.price_approval is None and not _is_of_the_day(line)
        else line
        for line in cart.lines
    )
    return replace(cart, lines=lines)


def _is_of_the_day(line: CartLine) -> bool:
    """Whether a line of gold costs what it costs today."""
    listed = line.product.list_price if line.product else None
    return line.basis is PriceBasis.GOLD and listed in (None, gross_of(line))
