"""Staff: roles, what they may do, and approvals.

Decides who may do what and up to which amount; it does not verify PINs (a service does, with a hasher port).
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.ids import ApprovalId, CartId, StaffId
from pos_app.domain.values.money import ZERO, Amount


class Role(StrEnum):
    """The roles of a shop, from least to most."""

    CLERK = "clerk"
    CASHIER = "cashier"
    MANAGER = "manager"
    OWNER = "owner"


class Action(StrEnum):
    """What can be permitted, limited or approved."""

    SELL = "sell"
    DISCOUNT = "discount"
    OVERRIDE_PRICE = "override_price"
    OPEN_PRICE_ZERO = "open_price_zero"
    ROUND_OFF = "round_off"
    RETURN = "return"
    VOID = "void"
    CANCEL_CART = "cancel_cart"
    OPEN_DRAWER = "open_drawer"
    CASH_MOVE = "cash_move"
    OPEN_SHIFT = "open_shift"
    CLOSE_SHIFT = "close_shift"
    REPRINT = "reprint"
    REGISTER_MEMBER = "register_member"
    ERASE_MEMBER = "erase_member"
    MANAGE_STAFF = "manage_staff"
    MANAGE_SETTINGS = "manage_settings"
    IMPORT_CATALOGUE = "import_catalogue"
    EDIT_CATALOGUE = "edit_catalogue"
    SET_GOLD_PRICE = "set_gold_price"
    IMPORT_MEMBERS = "import_members"
    EXPORT_MEMBERS = "export_members"
    REVEAL_MEMBER = "reveal_member"
    REPLACE_CARD = "replace_card"
    SETTLE_DESK = "settle_desk"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a role may do without an approval, and the most it may take off.

    `off_rate` is a share of the price, `round_off` minor units of the bill; None is no limit.
    """

    actions: frozenset[Action]
    off_rate: Decimal | None
    round_off: Amount | None


_CLERK = frozenset({Action.REGISTER_MEMBER, Action.REPRINT, Action.REVEAL_MEMBER, Action.REPLACE_CARD})
_CASHIER = _CLERK | {
    Action.SELL,
    Action.DISCOUNT,
    Action.ROUND_OFF,
    Action.RETURN,
    Action.CANCEL_CART,
    Action.OPEN_SHIFT,
    Action.CLOSE_SHIFT,
    Action.CASH_MOVE,
}
_ALL = frozenset(Action)

LIMITS = {
    Role.CLERK: Limits(actions=_CLERK, off_rate=Decimal(0), round_off=Amount(0)),
    Role.CASHIER: Limits(actions=_CASHIER, off_rate=Decimal("0.05"), round_off=Amount(99)),
    Role.MANAGER: Limits(
        actions=_ALL - {Action.MANAGE_STAFF}, off_rate=Decimal("0.30"), round_off=Amount(999)
    ),
    Role.OWNER: Limits(actions=_ALL, off_rate=None, round_off=None),
}

APPROVABLE = frozenset(
    {
        Action.DISCOUNT,
        Action.OVERRIDE_PRICE,
        Action.OPEN_PRICE_ZERO,
        Action.ROUND_OFF,
        Action.RETURN,
        Action.VOID,
        Action.CANCEL_CART,
        Action.OPEN_DRAWER,
        Action.CASH_MOVE,
        Action.CLOSE_SHIFT,
        Action.REPRINT,
        Action.ERASE_MEMBER,
        Action.SET_GOLD_PRICE,
        Action.EXPORT_MEMBERS,
    }
)
"""What somebody else may allow on the spot; the rest needs the role itself."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works the till; `code` is what she types to sign in."""

    staff_id: StaffId
    code: str
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's yes to one action up to one amount on one cart; it is spent when it is used."""

    approval_id: ApprovalId
    action: Action
    amount: Amount
    cart: CartId | None
    approver: StaffId
    asked_by: StaffId
    given_at: datetime


class NeedsApprovalError(ExpectedError):
    """The signed-in role may not do this alone; `action`, `amount` and `cart` say what to ask for.

    `price` is what the amount is taken from, for a discount: an approver has limits too.
    """

    code = "staff.error.needs_approval"

    def __init__(
        self, *, action: Action, amount: Amount = ZERO, cart: CartId | None = None, price: Amount = ZERO
    ) -> None:
        super().__init__(action=action, amount=amount, cart=cart)
        self.action, self.amount, self.cart, self.price = action, amount, cart, price


class ApprovalNotValidError(ExpectedError):
    """The approval was used already, or names another action, amount or cart."""

    code = "staff.error.approval_not_valid"


class PinError(ExpectedError):
    """The code or PIN is wrong; `left` tries remain."""

    code = "staff.error.pin"


class BadgeError(ExpectedError):
    """The badge is nobody's who works here."""

    code = "staff.error.badge"


class PinLockedError(ExpectedError):
    """Too many wrong PINs; `minutes` until the next try."""

    code = "staff.error.pin_locked"


class CodeTakenError(ExpectedError):
    """Somebody else signs in with this code; `text` is the code."""

    code = "staff.error.code_taken"


class BadgeTakenError(ExpectedError):
    """The badge stands for somebody else."""

    code = "staff.error.badge_taken"


class LastOwnerError(ExpectedError):
    """A shop without an active owner could never again change its staff."""

    code = "staff.error.last_owner"


class PinFormError(ExpectedError):
    """A PIN is four to twelve digits."""

    code = "staff.error.pin_form"


class NotSignedInError(ExpectedError):
    """Nobody is signed in."""

    code = "staff.error.not_signed_in"


def may(role: Role, action: Action) -> bool:
    """Whether a role may do an action without asking."""
    return action in LIMITS[role].actions


def within_off_limit(role: Role, price: Amount, off: Amount) -> bool:
    """Whether a role may take `off` (positive) from `price` without asking.

    Less than one minor unit beyond the limit is the rounding of a discount that is within it.
    """
    limit = LIMITS[role].off_rate
    return limit is None or off - limit * price < 1


def within_round_off_limit(role: Role, off: Amount) -> bool:
    """Whether a role may round off `off` minor units (positive) without asking."""
    limit = LIMITS[role].round_off
    return limit is None or off <= limit


def may_approve(role: Role, needed: NeedsApprovalError) -> bool:
    """Whether a role may say yes to what is asked, within its own limits."""
    if not may(role, needed.action):
        return False
    if needed.action is Action.DISCOUNT:
        return within_off_limit(role, needed.price, needed.amount)
    if needed.action is Action.ROUND_OFF:
        return within_round_off_limit(role, needed.amount)
    return True


def check_pin_form(pin: str) -> None:
    """Raise PinFormError unless a PIN is four to twelve ASCII digits."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise PinFormError()
