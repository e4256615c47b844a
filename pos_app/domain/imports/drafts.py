"""Drafts: what one row of a file says, as typed values without ids and without a clock.

Decides their shape. A field of None is a column that the file has not, or an empty cell; `Mapping.columns` tells
which. Money is minor units, weights are milligrams, quantities thousandths.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import msgspec

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.catalogue import PieceState
from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.settings import TaxClass
from pos_app.domain.values.money import CURRENCIES, ZERO, Amount, Currency
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What of the shop decides how a cell is read: its country, currency, day, and tax classes."""

    today: date
    region: str = "CN"
    currency: Currency = field(default_factory=lambda: CURRENCIES["CNY"])
    tax_classes: tuple[TaxClass, ...] = ()
    levels: int = 5


class Note(StrEnum):
    """What a person is told of a row that is taken all the same; `imports.note.<note>` says it."""

    ZERO_PRICE = "zero_price"
    STATE_KEPT = "state_kept"
    DUE_DATE_PAST = "due_date_past"
    MEMBER_PRICE_ABOVE = "member_price_above"


class BarcodeDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A barcode with the units it stands for, and its own price if it has one.

    `exact` says, while a row is read, that the file means this form of the number and no other.
    """

    code: str
    pack_quantity: Quantity = ONE
    unit: str | None = None
    price: Amount | None = None
    exact: bool = False


class GoodsDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One variant. `code` is the first barcode where the file has no code; attributes are pairs of name and value."""

    row: int
    code: str
    name: str
    style_code: str | None = None
    style_name: str | None = None
    barcodes: tuple[BarcodeDraft, ...] = ()
    unit: str | None = None
    category: str | None = None
    retail: Amount | None = None
    member_price: Amount | None = None
    cost: Amount | None = None
    lowest_price: Amount | None = None
    tax_code: str | None = None
    by_weight: bool | None = None
    open_price: bool | None = None
    no_discount: bool | None = None
    no_points: bool | None = None
    no_coupon: bool | None = None
    batch_required: bool | None = None
    quarantined: bool | None = None
    minimum_level: int | None = None
    sold_from: date | None = None
    scale_item: str | None = None
    kind: LineKind | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    told: tuple[Note, ...] = ()


class PieceDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One piece (一物一码) of a variant; without weights it has a fixed price. `labour` is per `labour_per`."""

    row: int
    code: str
    variant_code: str | None = None
    variant_name: str | None = None
    gross_weight_mg: Milligrams | None = None
    net_weight_mg: Milligrams | None = None
    fineness: str | None = None
    certificate: str | None = None
    stones: str | None = None
    stone_price: Amount | None = None
    fixed_price: Amount | None = None
    labour: Amount | None = None
    labour_per: Per = Per.PIECE
    tag_price: Amount | None = None
    cost: Amount | None = None
    state: PieceState | None = None


class ChildDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A child by birthday or due date; `month_only` when the day is not known (the date is the month's first)."""

    name: str | None = None
    born_on: date | None = None
    due_on: date | None = None
    month_only: bool = False


class MemberDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One member: phones in E.164, the main one first, or a card, or another key; `others` are more of a kind.

    `shared_phones` are phones that are somebody else's, too: she is told from those by her name.

    Birthdays, with and without their year, are those of `domain.members.Profile`.
    `marketing` is a consent that the file asserts. `not_taken` are fields read but not kept yet, such as the level.
    """

    row: int
    phones: tuple[str, ...] = ()
    shared_phones: tuple[str, ...] = ()
    card: str | None = None
    others: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    gender: str | None = None
    birthday: date | None = None
    birthday_day: MonthDay | None = None
    birthday_lunar: bool = False
    joined_on: date | None = None
    address: str | None = None
    occupation: str | None = None
    interests: tuple[str, ...] = ()
    notes: str | None = None
    origin: str | None = None
    wechat: str | None = None
    email: str | None = None
    children: tuple[ChildDraft, ...] = ()
    marketing: bool | None = None
    not_taken: tuple[tuple[str, str], ...] = ()
    told: tuple[Note, ...] = ()


class BalanceDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a member brings along: whole points, stored value as principal and bonus; found by phone (E.164) or card.

    `name` says whose a phone is that several share.
    """

    row: int
    phone: str | None = None
    card: str | None = None
    name: str | None = None
    points: int = 0
    principal: Amount = ZERO
    bonus: Amount = ZERO
    as_of: date | None = None


Draft = GoodsDraft | PieceDraft | MemberDraft | BalanceDraft
