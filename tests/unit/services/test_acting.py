"""Who may do what: alone, with somebody's yes, or not at all."""

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest

from pos_app.domain.errors import ForbiddenError
from pos_app.domain.staff import APPROVABLE, LIMITED, Action, Approval, NeedsApprovalError, Role, may
from pos_app.domain.staff_limits import DEFAULT_LIMITS, allows
from pos_app.domain.values.ids import ApprovalId, CartId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor, must_spend
from pos_app.services.staff import covers

CART, OTHER = CartId(UUID(int=1)), CartId(UUID(int=2))


def approval(action: Action = Action.DISCOUNT, amount: int = 500, cart: CartId | None = CART) -> Approval:
    """Return somebody's yes."""
    return Approval(
        approval_id=ApprovalId(UUID(int=3)),
        action=action,
        amount=Amount(amount),
        cart=cart,
        approver=StaffId(UUID(int=4)),
        asked_by=StaffId(UUID(int=5)),
        given_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(("role", "action"), list(product(Role, sorted(set(Action) - LIMITED))))
def test_an_action_is_allowed_asked_for_or_forbidden(role: Role, action: Action) -> None:
    who = Actor(StaffId(UUID(int=9)), "x", role)
    if may(role, action):
        who.require(action)
    elif action in APPROVABLE:
        with pytest.raises(NeedsApprovalError) as needed:
            who.require(action, None, Amount(7), CART)
        assert (needed.value.action, needed.value.amount, needed.value.cart) == (action, 7, CART)
        who.require(action, approval(action))
    else:
        with pytest.raises(ForbiddenError):
            who.require(action)


@pytest.mark.parametrize(
    ("given", "needed", "fits"),
    [
        (approval(), NeedsApprovalError(action=Action.DISCOUNT, amount=Amount(500), cart=CART), True),
        (approval(), NeedsApprovalError(action=Action.DISCOUNT, amount=Amount(1), cart=CART), True),
        (approval(), NeedsApprovalError(action=Action.DISCOUNT, amount=Amount(501), cart=CART), False),
        (approval(), NeedsApprovalError(action=Action.DISCOUNT, amount=Amount(500), cart=OTHER), False),
        (approval(), NeedsApprovalError(action=Action.DISCOUNT, amount=Amount(500)), False),
        (approval(), NeedsApprovalError(action=Action.RETURN, amount=Amount(500), cart=CART), False),
        (approval(cart=None), NeedsApprovalError(action=Action.DISCOUNT, amount=Amount(0)), True),
    ],
)
def test_an_approval_covers_its_action_its_cart_and_no_more_money(
    given: Approval, needed: NeedsApprovalError, fits: bool
) -> None:
    assert covers(given, needed) is fits


@pytest.mark.parametrize(("role", "action"), list(product(Role, sorted(LIMITED))))
def test_an_action_with_a_limit_is_allowed_or_asked_for_and_a_yes_is_spent_only_where_it_is_needed(
    role: Role, action: Action
) -> None:
    who = Actor(StaffId(UUID(int=9)), "x", role)
    needed = NeedsApprovalError(action=action, amount=Amount(50), cart=CART, price=Amount(10_000))
    if allows(DEFAULT_LIMITS, role, needed):
        assert not must_spend(who, DEFAULT_LIMITS, needed, approval(action))
    else:
        with pytest.raises(NeedsApprovalError) as raised:
            must_spend(who, DEFAULT_LIMITS, needed, None)
        assert raised.value is needed
        assert must_spend(who, DEFAULT_LIMITS, needed, approval(action))
