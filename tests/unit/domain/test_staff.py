"""Who may do what alone, and what needs somebody's yes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.staff import (
    ACTIONS,
    APPROVABLE,
    LIMITED,
    Action,
    NeedsApprovalError,
    PinFormError,
    Role,
    check_pin_form,
    may,
)
from pos_app.domain.staff_limits import DEFAULT_LIMITS, allows, permits
from pos_app.domain.values.money import Amount

ROLES = list(Role)


def test_a_higher_role_may_do_all_that_a_lower_one_may() -> None:
    for lower, higher in pairwise(ROLES):
        assert ACTIONS[lower] <= ACTIONS[higher]
        assert all(permits(DEFAULT_LIMITS, higher, x) for x in Action if permits(DEFAULT_LIMITS, lower, x))
    assert all(permits(DEFAULT_LIMITS, Role.OWNER, action) for action in Action)


@pytest.mark.parametrize("action", sorted(LIMITED))
def test_what_has_a_limit_is_never_asked_of_the_role_alone(action: Action) -> None:
    with pytest.raises(ValueError, match="limits of the merchant"):
        may(Role.OWNER, action)


def within_off_limit(role: Role, price: Amount, off: Amount) -> bool:
    """Return whether a role may take so much off a price, by the limits of a new shop."""
    return allows(DEFAULT_LIMITS, role, NeedsApprovalError(action=Action.DISCOUNT, amount=off, price=price))


def within_round_off_limit(role: Role, off: Amount) -> bool:
    """Return whether a role may round off so much, by the limits of a new shop."""
    return allows(DEFAULT_LIMITS, role, NeedsApprovalError(action=Action.ROUND_OFF, amount=off))


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_higher_role_may_take_off_at_least_as_much(price: int, off: int) -> None:
    allowed = [within_off_limit(role, Amount(price), Amount(off)) for role in ROLES]
    rounded = [within_round_off_limit(role, Amount(off)) for role in ROLES]
    assert allowed == sorted(allowed)
    assert rounded == sorted(rounded)
    assert allowed[-1]
    assert rounded[-1]


@pytest.mark.parametrize(
    ("role", "off", "alone"),
    [
        (Role.CLERK, 0, False),
        (Role.CLERK, 1, False),
        (Role.CASHIER, 500, True),
        (Role.CASHIER, 501, False),
        (Role.MANAGER, 3000, True),
        (Role.MANAGER, 3001, False),
        (Role.OWNER, 10_000, True),
    ],
)
def test_the_limit_itself_is_allowed_and_a_cent_more_is_not(role: Role, off: int, alone: bool) -> None:
    assert within_off_limit(role, Amount(10_000), Amount(off)) is alone


@pytest.mark.parametrize(
    ("role", "off", "alone"),
    [
        (Role.CLERK, 1, False),
        (Role.CASHIER, 99, True),
        (Role.CASHIER, 100, False),
        (Role.MANAGER, 999, True),
        (Role.MANAGER, 1000, False),
    ],
)
def test_small_change_may_be_dropped_up_to_the_limit(role: Role, off: int, alone: bool) -> None:
    assert within_round_off_limit(role, Amount(off)) is alone


def test_a_cashier_asks_before_voiding_overriding_or_opening_the_drawer() -> None:
    for action in (Action.VOID, Action.OVERRIDE_PRICE, Action.OPEN_DRAWER, Action.OPEN_PRICE_ZERO):
        assert not permits(DEFAULT_LIMITS, Role.CASHIER, action)
        assert action in APPROVABLE
        assert permits(DEFAULT_LIMITS, Role.MANAGER, action)


def test_nobody_is_made_owner_by_an_approval() -> None:
    assert APPROVABLE.isdisjoint(
        {Action.MANAGE_STAFF, Action.MANAGE_SETTINGS, Action.SELL, Action.IMPORT_CATALOGUE}
    )
    assert not may(Role.MANAGER, Action.MANAGE_STAFF)


def test_what_needs_a_yes_says_what_to_ask_for() -> None:
    needed = NeedsApprovalError(action=Action.VOID, amount=Amount(500))
    assert (needed.action, needed.amount, needed.cart) == (Action.VOID, 500, None)
    assert needed.params["action"] is Action.VOID


@pytest.mark.parametrize("pin", ["1234", "000000", "123456789012"])
def test_a_pin_has_four_to_twelve_digits(pin: str) -> None:
    check_pin_form(pin)


@pytest.mark.parametrize(
    "pin", ["", "123", "1234567890123", "12a4", "１２３４", "12 34", "-123", "1234\n", "٣٣٣٣"]
)
def test_other_pins_are_refused(pin: str) -> None:
    with pytest.raises(PinFormError) as refused:
        check_pin_form(pin)
    assert not refused.value.params, "a PIN stays out of logs"
