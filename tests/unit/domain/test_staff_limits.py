"""Which limits a merchant can set, and what they let a role do."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.settings import MERCHANT_FIELDS
from pos_app.domain.staff import LIMITED, Action, BelowLowestPriceError, NeedsApprovalError, Role
from pos_app.domain.staff_limits import (
    AMOUNTS,
    DEFAULT_LIMITS,
    Limits,
    allows,
    check_limits,
    limits_of,
    permits,
)
from pos_app.domain.values.money import LIMIT, Amount

BY_AMOUNT = {
    Action.ROUND_OFF: "round_off",
    Action.RETURN: "returned",
    Action.VOID: "voided",
    Action.CANCEL_CART: "cancelled",
    Action.CASH_MOVE: "cash_moved",
}


def with_limit(role: Role, **changes: object) -> Limits:
    """Return the limits of a new shop with those of one role changed."""
    return tuple(msgspec.structs.replace(x, **changes) if x.role is role else x for x in DEFAULT_LIMITS)


def test_a_new_shop_has_limits_that_it_could_set_itself_and_they_travel() -> None:
    check_limits(DEFAULT_LIMITS)
    assert "limits" in MERCHANT_FIELDS


def test_limits_read_back_as_they_were_written() -> None:
    limits = with_limit(Role.CASHIER, off_rate=Decimal("0.075"), drawer_openings=3)
    assert msgspec.json.decode(msgspec.json.encode(limits), type=Limits) == limits


@pytest.mark.parametrize("action", sorted(BY_AMOUNT))
@given(limit=st.integers(1, 10**6), amount=st.integers(0, 2 * 10**6))
def test_an_amount_is_allowed_up_to_its_limit(action: Action, limit: int, amount: int) -> None:
    name = BY_AMOUNT[action]
    limits = with_limit(Role.CASHIER, **{name: Amount(limit)})
    needed = NeedsApprovalError(action=action, amount=Amount(amount))
    assert allows(limits, Role.CASHIER, needed) is (amount <= limit)


@pytest.mark.parametrize("action", sorted(LIMITED))
def test_a_limit_of_zero_allows_nothing_and_no_limit_allows_all(action: Action) -> None:
    huge = NeedsApprovalError(action=action, amount=Amount(LIMIT - 1), price=Amount(LIMIT - 1))
    assert not permits(DEFAULT_LIMITS, Role.CLERK, action)
    assert not allows(DEFAULT_LIMITS, Role.CLERK, NeedsApprovalError(action=action))
    assert allows(DEFAULT_LIMITS, Role.OWNER, huge, openings=10**6)


def test_openings_of_the_drawer_are_counted() -> None:
    limits = with_limit(Role.CASHIER, drawer_openings=2)
    needed = NeedsApprovalError(action=Action.OPEN_DRAWER)
    assert [allows(limits, Role.CASHIER, needed, before) for before in range(4)] == [True, True, False, False]


def test_another_price_may_stand_so_far_from_the_list() -> None:
    limits = with_limit(Role.CASHIER, override_rate=Decimal("0.1"))
    ask = [
        NeedsApprovalError(action=Action.OVERRIDE_PRICE, amount=Amount(off), price=Amount(10_000))
        for off in (1_000, 1_001)
    ]
    assert [allows(limits, Role.CASHIER, each) for each in ask] == [True, False]


def test_below_the_lowest_price_both_limits_hold() -> None:
    def ask(off: int) -> NeedsApprovalError:
        return BelowLowestPriceError(action=Action.OVERRIDE_PRICE, amount=Amount(off), price=Amount(10_000))

    assert [allows(DEFAULT_LIMITS, Role.MANAGER, ask(off)) for off in (3_000, 3_001)] == [True, False]
    free = with_limit(Role.MANAGER, off_rate=None, override_rate=Decimal("0.2"))
    assert [allows(free, Role.MANAGER, ask(off)) for off in (2_000, 2_001)] == [True, False]


@pytest.mark.parametrize(
    ("limits", "where"),
    [
        (DEFAULT_LIMITS[:3], ""),
        (DEFAULT_LIMITS[::-1], ""),
        ((*DEFAULT_LIMITS, DEFAULT_LIMITS[-1]), ""),
        (with_limit(Role.OWNER, off_rate=Decimal("0.9")), "owner"),
        (with_limit(Role.OWNER, gold_price=False), "owner"),
        (with_limit(Role.CASHIER, off_rate=Decimal("1.01")), "cashier.off_rate"),
        (with_limit(Role.CASHIER, override_rate=Decimal("-0.1")), "cashier.override_rate"),
        (with_limit(Role.CASHIER, off_rate=Decimal("NaN")), "cashier.off_rate"),
        (with_limit(Role.CASHIER, voided=Amount(-1)), "cashier.voided"),
        (with_limit(Role.CASHIER, drawer_openings=-1), "cashier.drawer_openings"),
        (with_limit(Role.CASHIER, off_rate=Decimal("0.31")), "manager.off_rate"),
        (with_limit(Role.MANAGER, returned=Amount(100)), "manager.returned"),
        (with_limit(Role.MANAGER, drawer_openings=0, voided=Amount(0)), None),
    ],
)
def test_limits_that_no_shop_could_work_with_are_refused_by_name(limits: Limits, where: str | None) -> None:
    if where is None:
        check_limits(limits)
        return
    with pytest.raises(InvalidValueError) as refused:
        check_limits(limits)
    assert refused.value.params == {"field": "limits", "text": where}


def test_a_role_that_nobody_set_may_do_nothing() -> None:
    assert not permits((), Role.OWNER, Action.VOID)
    assert all(getattr(limits_of((), Role.MANAGER), name) == 0 for name in AMOUNTS)
