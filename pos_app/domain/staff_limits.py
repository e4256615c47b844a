"""Up to where each role may go without asking: a setting of the merchant, the same on all of its tills.

Decides what a limit means, which limits can be set, and whether a person is within hers, alone or as the one who says
yes. What a role may do at all, where no limit is asked for, stands in `domain.staff`.
"""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.staff import LIMITED, Action, BelowLowestPriceError, NeedsApprovalError, Role, may
from pos_app.domain.values.money import LIMIT, ZERO, Amount


class RoleLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What one role may do alone: zero is nothing, None is no limit.

    Rates are shares of a price, amounts are minor units of one bill or one movement, `drawer_openings` are those of
    one person in one shift.
    """

    role: Role
    off_rate: Decimal | None
    """What may be taken off a line or a bill by hand."""
    override_rate: Decimal | None
    """How far another price may stand from the list price."""
    round_off: Amount | None
    returned: Amount | None
    voided: Amount | None
    cancelled: Amount | None
    cash_moved: Amount | None
    drawer_openings: int | None
    gold_price: bool
    """Whether the gold price of a day may be set, and an old one be kept."""


def _nothing(role: Role) -> RoleLimits:
    return RoleLimits(
        role=role,
        off_rate=Decimal(0),
        override_rate=Decimal(0),
        round_off=ZERO,
        returned=ZERO,
        voided=ZERO,
        cancelled=ZERO,
        cash_moved=ZERO,
        drawer_openings=0,
        gold_price=False,
    )


def _everything(role: Role) -> RoleLimits:
    return RoleLimits(
        role=role,
        off_rate=None,
        override_rate=None,
        round_off=None,
        returned=None,
        voided=None,
        cancelled=None,
        cash_moved=None,
        drawer_openings=None,
        gold_price=True,
    )


Limits = tuple[RoleLimits, ...]

DEFAULT_LIMITS: Limits = (
    _nothing(Role.CLERK),
    msgspec.structs.replace(
        _nothing(Role.CASHIER),
        off_rate=Decimal("0.05"),
        round_off=Amount(99),
        returned=None,
        cancelled=None,
        cash_moved=None,
    ),
    msgspec.structs.replace(_everything(Role.MANAGER), off_rate=Decimal("0.30"), round_off=Amount(999)),
    _everything(Role.OWNER),
)
"""What holds until somebody sets something else."""

RATES = ("off_rate", "override_rate")
AMOUNTS = ("round_off", "returned", "voided", "cancelled", "cash_moved")
MOST_OPENINGS = 1_000
_FIELDS = {
    Action.DISCOUNT: "off_rate",
    Action.OVERRIDE_PRICE: "override_rate",
    Action.ROUND_OFF: "round_off",
    Action.RETURN: "returned",
    Action.VOID: "voided",
    Action.CANCEL_CART: "cancelled",
    Action.CASH_MOVE: "cash_moved",
    Action.OPEN_DRAWER: "drawer_openings",
    Action.SET_GOLD_PRICE: "gold_price",
}
"""The limit of each action that has one."""


def limits_of(limits: Limits, role: Role) -> RoleLimits:
    """Return the limits of one role; nothing for a role that nobody set."""
    return next((each for each in limits if each.role is role), None) or _nothing(role)


def permits(limits: Limits, role: Role, action: Action) -> bool:
    """Whether a role may do an action at all without asking, however small."""
    if action not in LIMITED:
        return may(role, action)
    value = getattr(limits_of(limits, role), _FIELDS[action])
    return value is None or value > 0


def allows(limits: Limits, role: Role, needed: NeedsApprovalError, openings: int = 0) -> bool:
    """Whether a role may do what is asked for without asking.

    `openings` is how often she opened the drawer in the shift before. A discount of less than one minor unit beyond
    the limit is the rounding of one within it.
    """
    action = needed.action
    if not permits(limits, role, action):
        return False
    own = limits_of(limits, role)
    if isinstance(needed, BelowLowestPriceError) and not _within_rate(own.off_rate, needed):
        return False
    if action in (Action.DISCOUNT, Action.OVERRIDE_PRICE):
        return _within_rate(own.off_rate if action is Action.DISCOUNT else own.override_rate, needed)
    if action is Action.OPEN_DRAWER:
        return own.drawer_openings is None or openings < own.drawer_openings
    if action not in LIMITED or action is Action.SET_GOLD_PRICE:
        return True
    most: Amount | None = getattr(own, _FIELDS[action])
    return most is None or needed.amount <= most


def _within_rate(rate: Decimal | None, needed: NeedsApprovalError) -> bool:
    return rate is None or (rate > 0 and needed.amount - rate * needed.price < 1)


def check_limits(limits: Limits) -> None:
    """Raise InvalidValueError for limits that a shop could not work with; `text` names role and limit.

    Each role has its own once, the owner has none, and a higher role may do at least what a lower one may.
    """
    if [each.role for each in limits] != list(Role):
        raise InvalidValueError(field="limits", text="")
    if limits[-1] != _everything(Role.OWNER):
        # She who sets the limits could else take from herself what nobody could give back.
        raise InvalidValueError(field="limits", text=Role.OWNER.value)
    for each in limits:
        for name in _FIELDS.values():
            if not _can_be(name, getattr(each, name)):
                raise InvalidValueError(field="limits", text=f"{each.role.value}.{name}")
    for name in _FIELDS.values():
        lower = falling(limits, name)
        if lower is not None:
            raise InvalidValueError(field="limits", text=f"{lower.value}.{name}")


def falling(limits: Sequence[RoleLimits], name: str) -> Role | None:
    """Return the first role whose limit is below that of a lower role; None when none is."""
    most: object = 0
    for each in limits:
        value = getattr(each, name)
        if value is not None and (most is None or value < most):
            return each.role
        most = value
    return None


def _can_be(name: str, value: object) -> bool:
    if name == "gold_price" or value is None:
        return True
    if name in RATES:
        return isinstance(value, Decimal) and value.is_finite() and 0 <= value <= 1
    most = LIMIT if name in AMOUNTS else MOST_OPENINGS
    return isinstance(value, int) and 0 <= value <= most
