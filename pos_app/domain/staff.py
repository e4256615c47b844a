"""Staff: roles, what they may do, and approvals.

Decides who may do what; up to which amount stands in `domain.staff_limits`. It does not verify PINs (a service does,
with a hasher port).
"""

from dataclasses import dataclass
from datetime import datetime
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
    CLOSE_LEAVERS_SHIFT = "close_leavers_shift"
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
    SEE_LEAKS = "see_leaks"
    SETTLE_PAYMENT = "settle_payment"
    ASK_INVOICE = "ask_invoice"
    ISSUE_INVOICE = "issue_invoice"
    HAND_OVER_INVOICES = "hand_over_invoices"


_CLERK = frozenset(
    {
        Action.REGISTER_MEMBER,
        Action.REPRINT,
        Action.REVEAL_MEMBER,
        Action.REPLACE_CARD,
        Action.ASK_INVOICE,
    }
)
_CASHIER = _CLERK | {
    Action.SELL,
    Action.OPEN_SHIFT,
    Action.CLOSE_SHIFT,
    Action.ISSUE_INVOICE,
}
_ALL = frozenset(Action)

LIMITED = frozenset(
    {
        Action.DISCOUNT,
        Action.OVERRIDE_PRICE,
        Action.ROUND_OFF,
        Action.RETURN,
        Action.VOID,
        Action.CANCEL_CART,
        Action.CASH_MOVE,
        Action.OPEN_DRAWER,
        Action.SET_GOLD_PRICE,
    }
)
"""What the merchant sets a limit to for each role (`domain.staff_limits`); the rest goes by the role alone."""

ACTIONS = {
    Role.CLERK: _CLERK,
    Role.CASHIER: _CASHIER,
    Role.MANAGER: _ALL - {Action.MANAGE_STAFF},
    Role.OWNER: _ALL,
}
"""What each role may do; an action with a limit is asked of the limits."""

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
        Action.CLOSE_LEAVERS_SHIFT,
        Action.REPRINT,
        Action.ERASE_MEMBER,
        Action.SET_GOLD_PRICE,
        Action.EXPORT_MEMBERS,
        Action.SETTLE_PAYMENT,
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


class BelowLowestPriceError(NeedsApprovalError):
    """A discount brings goods below their lowest price: whoever allows it may override prices and give the discount."""


class OwnApprovalError(ExpectedError):
    """Nobody can say yes to what she asks for herself."""

    code = "staff.error.own_approval"


class ApprovalNotValidError(ExpectedError):
    """The approval was used already, has grown old, or names another person, action, amount or cart."""

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
    """Whether a role may do an action without asking.

    Raises ValueError (a bug) for an action that has a limit: `domain.staff_limits` knows.
    """
    if action in LIMITED:
        raise ValueError(f"{action} goes by the limits of the merchant")
    return action in ACTIONS[role]


def check_pin_form(pin: str) -> None:
    """Raise PinFormError unless a PIN is four to twelve ASCII digits."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise PinFormError()
