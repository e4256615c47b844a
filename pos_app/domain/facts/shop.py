"""Facts of the shop itself: shifts, the drawer, staff, approvals, settings, the catalogue, the journal's life.

Decides their version 1. Names of staff are sealed before they get here.
"""

from datetime import date

import msgspec

from pos_app.domain.shifts import CashDirection, Denomination, ShiftTotals, TenderCount
from pos_app.domain.staff import Action, Role
from pos_app.domain.values.ids import ApprovalId, CartId, ShiftId, ShopId, StaffId
from pos_app.domain.values.money import ZERO, Amount


class ShiftOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A till was opened with a float, or taken over (交接班) from the shift before with what its drawer held."""

    shift: ShiftId
    business_date: date
    float_amount: Amount
    taken_over_from: ShiftId | None = None


class CashMoved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Cash went into or out of the drawer without a sale; the amount is positive."""

    shift: ShiftId
    direction: CashDirection
    amount: Amount
    reason: str
    approver: StaffId | None = None
    approval: ApprovalId | None = None


class DrawerOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The drawer was opened without a sale."""

    shift: ShiftId | None
    reason: str
    approver: StaffId | None = None
    approval: ApprovalId | None = None


class ShiftClosed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shift was closed: its Z report. `head_*` is the journal just before this fact, signed by the till.

    `denominations` add up to `counted`; `uncounted`: nobody counted, `counted` is what the books expect. `counts` are
    the tenders beside cash that were counted. `recounts` is how often the drawer was counted again after the
    difference was shown. `handed_to` took the till over, in `next_shift`. Refunds owed to wallets are those that had
    not gone through yet. `approver` let somebody close the shift of one who works here no more.
    """

    shift: ShiftId
    z_number: int
    totals: ShiftTotals
    counted: Amount
    variance: Amount
    reason: str | None = None
    head_epoch: int
    head_seq: int
    head_hash: str
    signature: str
    public_key: str
    denominations: tuple[Denomination, ...] = ()
    counts: tuple[TenderCount, ...] = ()
    uncounted: bool = False
    recounts: int = 0
    handed_to: StaffId | None = None
    next_shift: ShiftId | None = None
    refunds_owed_count: int = 0
    refunds_owed: Amount = ZERO
    closed_by: StaffId | None = None
    approver: StaffId | None = None
    approval: ApprovalId | None = None
    payments_open: int = 0
    """Payments of which it was not known yet whether they went through."""


class StaffSaved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person was added or changed; the name is sealed, the PIN is never in a fact."""

    staff: StaffId
    code: str
    role: Role
    active: bool
    name: str
    pin_changed: bool = False


class BadgeGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person got another badge, or lost the one she had; what it says is never in a fact."""

    staff: StaffId
    given: bool


class SignedIn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody signed in."""

    staff: StaffId


class SignedOut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody signed out."""

    staff: StaffId


class SignInRefused(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A wrong PIN was given for a person; `tries` in a row."""

    staff: StaffId
    tries: int


class ApprovalGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody (`approver`) said yes to one action up to an amount on a cart, to who asked for it."""

    approval: ApprovalId
    action: Action
    amount: Amount
    cart: CartId | None = None
    asked_by: StaffId
    approver: StaffId | None = None


class ShopFounded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A data folder became a shop's till."""

    shop: ShopId
    shop_code: str
    till_code: str
    currency: str
    time_zone: str
    public_key: str


class SettingsChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Settings were changed: the names of the fields, as JSON text of their new values."""

    changes: dict[str, str]


class CatalogueImported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods were taken in from a file or another source."""

    source: str
    sha256: str | None = None
    variants: int
    barcodes: int
    pieces: int


class GoldPriceSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The price of a gram of a fineness was set for a day."""

    fineness: str
    day: date
    price: Amount
    approver: StaffId | None = None
    approval: ApprovalId | None = None


class KeyChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The till signs with another key than before (hex): its key store was lost, or it moved to another computer."""

    previous: str
    public_key: str


class EpochOpened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The journal began a new life after a restore or a clone; names the head it grew from."""

    reason: str
    previous_epoch: int
    previous_seq: int
    previous_hash: str
