"""Facts of selling: what was paid, and what was taken back before it was paid.

Decides their version 1. Personal text in them is sealed before it gets here.
"""

import msgspec

from pos_app.domain.sales.cart import CartLine
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import ApprovalId, CartId, LineId, SaleId, ShiftId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity


class SaleCommitted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sale, return or void was paid and numbered."""

    sale: Sale


class RemovedLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a removed line was: enough to ask the cashier about it."""

    line: LineId
    code: str | None = None
    name: str | None = None
    quantity: Quantity
    amount: Amount


class CartLineRemoved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line was taken off a cart, or its quantity lowered by `removed.quantity`."""

    cart: CartId
    shift: ShiftId | None = None
    removed: RemovedLine


class CartLineRestored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A removal was undone."""

    cart: CartId
    line: LineId


class CartCancelled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cart was given up with a reason."""

    cart: CartId
    shift: ShiftId | None = None
    reason: str
    total: Amount
    lines: tuple[RemovedLine, ...]
    approver: StaffId | None = None
    approval: ApprovalId | None = None


class CartHeld(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cart was put aside."""

    cart: CartId
    lines: int
    total: Amount


class CartRecalled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A held cart was taken up again."""

    cart: CartId


class PriceChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A price was overridden or a discount given in a cart; `line` None is the whole bill."""

    cart: CartId
    line: LineId | None = None
    asked: str
    before: Amount
    after: Amount
    reason: str | None = None
    approver: StaffId | None = None
    approval: ApprovalId | None = None
    override: bool = False
    """Another price than the list's was put in its place; else something was taken off it."""


class ReceiptReprinted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A receipt was printed again, marked as the n-th copy; `recovered` when the till did it after a crash."""

    sale: SaleId
    copy_number: int
    recovered: bool = False


class ReceiptSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A receipt went out on another way than the roll: "email", "a4"; `to` is sealed."""

    sale: SaleId
    way: str
    to: str | None = None


def removed(line: CartLine, amount: Amount) -> RemovedLine:
    """Return what a removed cart line was, worth `amount`."""
    code = line.piece.code if line.piece else line.product.code if line.product else line.unknown_code
    return RemovedLine(
        line=line.line_id,
        code=code,
        name=line.product.name if line.product else None,
        quantity=line.quantity,
        amount=amount,
    )
