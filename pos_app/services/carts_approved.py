"""A cart with somebody's yes on the prices that it was given for.

Decides which prices a yes is put on: those of its kind that have none.
"""

import msgspec

from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.discount import Discount
from pos_app.domain.sales.line import PriceBasis, RungBy
from pos_app.domain.sales.pricing import gross_of
from pos_app.domain.staff import Action, Approval, BelowLowestPriceError, NeedsApprovalError
from pos_app.domain.values.money import Amount

_BASES = {Action.OVERRIDE_PRICE: PriceBasis.OVERRIDE, Action.SET_GOLD_PRICE: PriceBasis.GOLD}


def approved(cart: Cart, needed: NeedsApprovalError, approval: Approval, *, whole: bool = False) -> Cart:
    """Return the cart with the approval on what it is for and had none.

    `whole`: it covers all that is taken off by hand, so it takes the place of those that no longer do.
    """
    action = Action.DISCOUNT if isinstance(needed, BelowLowestPriceError) else needed.action
    replace = msgspec.structs.replace
    by = {"approver": approval.approver, "approval": approval.approval_id}

    def given(discount: Discount | None) -> Discount | None:
        if discount is None or (discount.approval is not None and not whole):
            return discount
        return replace(discount, **by)

    if action is Action.ROUND_OFF:
        return replace(cart, round_off=given(cart.round_off))
    if action is Action.DISCOUNT:
        lines = tuple(
            replace(line, discounts=tuple(d for each in line.discounts if (d := given(each))))
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


def overridden(line: CartLine, price: Amount, reason: str, approval: Approval | None) -> CartLine:
    """Return the line at its new unit price; earlier discounts were for the old one and go."""
    return msgspec.structs.replace(
        line,
        rung_by=RungBy.UNIT_PRICE,
        basis=PriceBasis.OVERRIDE,
        unit_price=price,
        amount=None,
        components=(),
        discounts=(),
        price_reason=reason,
        price_approver=approval.approver if approval else None,
        price_approval=approval.approval_id if approval else None,
    )
