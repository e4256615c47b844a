"""Who may do what alone, and what needs somebody's yes."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.staff import (
    APPROVABLE,
    LIMITS,
    Action,
    NeedsApprovalError,
    PinFormError,
    Role,
    check_pin_form,
    may,
    within_off_limit,
    within_round_off_limit,
)
from pos_app.domain.values.money import Amount

ROLES = list(Role)


def test_a_higher_role_may_do_all_that_a_lower_one_may() -> None:
    for lower, higher in pairwise(ROLES):
        assert LIMITS[lower].actions <= LIMITS[higher].actions
    assert LIMITS[Role.OWNER].actions == frozenset(Action)


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
        (Role.CLERK, 0, True),
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
        assert not may(Role.CASHIER, action)
        assert action in APPROVABLE
        assert may(Role.MANAGER, action)


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


def test_limits_are_exact_rates() -> None:
    assert all(limit.off_rate is None or isinstance(limit.off_rate, Decimal) for limit in LIMITS.values())
