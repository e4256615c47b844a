"""The line of a sale, as it stands in the books and in facts from version 1 on.

Decides the shape of a line and what always holds between its amounts. It does not price (`pricing`). These
values are msgspec Structs, not dataclasses: they are what facts are made of, an empty field costs no byte in
the journal, and they encode in a fraction of the time.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from pos_app.domain.values.ids import (
    ApprovalId,
    BatchId,
    LineId,
    PieceId,
    SaleId,
    StaffId,
    VariantId,
)
from pos_app.domain.values.money import ZERO, Amount
from pos_app.domain.values.quantity import Milligrams, Quantity


class LineKind(StrEnum):
    """What a line is; the list can grow, a reader parks a kind it does not know."""

    GOODS = "goods"
    SERVICE = "service"
    FEE = "fee"
    GIFT = "gift"
    DEPOSIT = "deposit"
    TOP_UP = "top_up"
    GIFT_CARD = "gift_card"
    PASS = "pass"
    TRADE_IN = "trade_in"
    RETURN = "return"


class RungBy(StrEnum):
    """What is authoritative: the unit price times the quantity, or the amount as given."""

    UNIT_PRICE = "unit_price"
    AMOUNT = "amount"


class PriceBasis(StrEnum):
    """Where the price of a line came from."""

    RETAIL = "retail"
    MEMBER = "member"
    PACK = "pack"
    GOLD = "gold"
    PIECE = "piece"
    EMBEDDED = "embedded"
    OPEN = "open"
    OVERRIDE = "override"
    RETURNED = "returned"


class ComponentKind(StrEnum):
    """A part of a price that is reckoned on its own."""

    METAL = "metal"
    LABOUR = "labour"
    STONE = "stone"
    OTHER = "other"


class Per(StrEnum):
    """What a component's rate is for."""

    GRAM = "gram"
    PIECE = "piece"


class Component(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part of a line's gross amount; `rate` is in minor units per gram or per piece."""

    kind: ComponentKind
    amount: Amount
    rate: Amount | None = None
    per: Per | None = None
    weight_mg: Milligrams | None = None
    fineness: str | None = None


class ReductionKind(StrEnum):
    """The cause of a cent taken off."""

    LINE = "line"
    BILL = "bill"
    ROUND_OFF = "round_off"
    LEVEL = "level"
    PROMOTION = "promotion"
    COUPON = "coupon"


class Reduction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money taken off one line, with its cause; negative on a sale, positive on what is returned.

    `asked` keeps what the person typed ("95折"), `rule` the promotion or coupon, `component` the part of the
    price that it was reckoned on.
    """

    kind: ReductionKind
    amount: Amount
    asked: str | None = None
    rule: str | None = None
    reason: str | None = None
    component: ComponentKind | None = None
    approver: StaffId | None = None
    approval: ApprovalId | None = None


class CauseKind(StrEnum):
    """Why a line exists because of another."""

    GIFT = "gift"
    RETURN = "return"
    EXCHANGE = "exchange"


class Cause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The line that brought this one about; `reason` is a code from the shop's list."""

    kind: CauseKind
    sale: SaleId | None = None
    line: LineId | None = None
    reason: str | None = None


class SalespersonShare(msgspec.Struct, frozen=True, kw_only=True):
    """A salesperson's share of a line in whole per cent; the shares of a line sum to 100."""

    staff: StaffId
    percent: int


class Fulfilment(StrEnum):
    """How the goods leave the shop."""

    TAKEN = "taken"
    KEPT = "kept"
    TO_DELIVER = "to_deliver"
    TO_MAKE = "to_make"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a paid sale.

    Always: net = gross + Σ reductions; with components gross = Σ components; `quantity`, `gross`, `net` and
    `tax` are negative on a return. `tax` is inside `net` when the sale's prices include tax, else on top.
    `quantity` counts selling units or packs: `pack_quantity` is how many units a pack holds, and `unit_price` and
    `list_price` are for one of what is counted. `code`, `name` and `unit` are as sold: a later change of the
    catalogue does not touch them. A return keeps the unit price it was bought at; its amount is authoritative.
    """

    line_id: LineId
    kind: LineKind
    quantity: Quantity
    rung_by: RungBy
    basis: PriceBasis
    gross: Amount
    net: Amount
    tax: Amount = ZERO
    unit_price: Amount | None = None
    list_price: Amount | None = None
    price_reason: str | None = None
    price_approver: StaffId | None = None
    price_approval: ApprovalId | None = None
    components: tuple[Component, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    variant: VariantId | None = None
    piece: PieceId | None = None
    code: str | None = None
    name: str | None = None
    unit: str | None = None
    category: str | None = None
    barcode: str | None = None
    pack_quantity: Quantity | None = None
    batch: BatchId | None = None
    batch_code: str | None = None
    expires_on: date | None = None
    serial: str | None = None
    net_weight_mg: Milligrams | None = None
    fineness: str | None = None
    certificate: str | None = None
    tax_code: str | None = None
    tax_rate: Decimal | None = None
    cause: Cause | None = None
    salespeople: tuple[SalespersonShare, ...] = ()
    fulfilment: Fulfilment = Fulfilment.TAKEN
    wish: str | None = None
    """What is to be made or written for this line, sealed (it may name a person)."""


def reduction_total(lines: tuple[Line, ...]) -> Amount:
    """Return the sum of all reductions of the lines."""
    return Amount(sum(r.amount for line in lines for r in line.reductions))
