"""The cart: what was put on the counter and asked for, before it is paid.

A cart holds what was scanned and typed, never a computed total: `pricing.price_cart` makes the amounts. What
the catalogue said is copied in when the line is rung, so a price that the customer has seen does not change
under her; gold, which has a price of the day, is the exception (`gold`). Decides how lines join, change and leave;
not what they cost.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.discount import Discount
from pos_app.domain.sales.line import (
    Cause,
    Component,
    Fulfilment,
    Line,
    LineKind,
    PriceBasis,
    RungBy,
    SalespersonShare,
)
from pos_app.domain.sales.tenders import Tender
from pos_app.domain.values.ids import (
    ApprovalId,
    BatchId,
    CartId,
    LineId,
    MemberId,
    PieceId,
    StaffId,
    VariantId,
)
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, QUANTITY_LIMIT, Milligrams, Quantity


class QuantityError(ExpectedError):
    """A quantity of zero, below zero, or beyond what a line can hold; `text` shows it."""

    code = "sales.error.quantity"


class PieceQuantityError(ExpectedError):
    """A piece exists once: its quantity cannot be changed."""

    code = "sales.error.piece_quantity"


class AlreadyInCartError(ExpectedError):
    """The piece stands in this cart already."""

    code = "sales.error.piece_in_cart"


class LineGoneError(ExpectedError):
    """The line is not in the cart any more."""

    code = "sales.error.line_gone"


class TaxMode(StrEnum):
    """Whether prices include the tax or it is added on top."""

    INCLUDED = "included"
    ADDED = "added"


class MemberRef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The member of a cart or sale, as scanned: the id is never rewritten after a merge.

    `found_by` names the kind of key (`members.KeyKind`) and never its value: it stands unsealed in facts. `level` is
    hers when she was attached: early purchase and level prices ask it.
    """

    member: MemberId
    found_by: str | None = None
    level: int = 0


class SoldProduct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the catalogue said of a variant when its line was rung."""

    variant: VariantId
    code: str
    name: str
    unit: str | None = None
    category: str | None = None
    list_price: Amount | None = None
    tax_code: str | None = None
    tax_rate: Decimal | None = None
    kind: LineKind = LineKind.GOODS
    by_weight: bool = False
    open_price: bool = False
    no_discount: bool = False
    lowest_price: Amount | None = None


class SoldPiece(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the catalogue said of a piece when it was rung."""

    piece: PieceId
    code: str
    net_weight_mg: Milligrams | None = None
    fineness: str | None = None
    certificate: str | None = None


class CartLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a cart.

    `amount` is set when the line is rung by amount, `unit_price` when by price. `fixed` is set on a line that
    is returned: its amounts come from the sale it was bought in. `unknown_code` marks a scan that the catalogue
    does not hold: the cart cannot be paid before it is settled. `rung_rate` is what a gram of gold cost when the
    line was rung, once it costs the price of another moment: what may be kept (`gold`).
    """

    line_id: LineId
    quantity: Quantity = ONE
    kind: LineKind = LineKind.GOODS
    product: SoldProduct | None = None
    piece: SoldPiece | None = None
    rung_by: RungBy = RungBy.UNIT_PRICE
    basis: PriceBasis = PriceBasis.RETAIL
    unit_price: Amount | None = None
    amount: Amount | None = None
    components: tuple[Component, ...] = ()
    rung_rate: Amount | None = None
    price_reason: str | None = None
    price_approver: StaffId | None = None
    price_approval: ApprovalId | None = None
    discounts: tuple[Discount, ...] = ()
    barcode: str | None = None
    pack_quantity: Quantity | None = None
    batch: BatchId | None = None
    batch_code: str | None = None
    expires_on: date | None = None
    serial: str | None = None
    net_weight_mg: Milligrams | None = None
    cause: Cause | None = None
    salespeople: tuple[SalespersonShare, ...] = ()
    fulfilment: Fulfilment = Fulfilment.TAKEN
    wish: str | None = None
    unknown_code: str | None = None
    fixed: Line | None = None


class Cart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An unpaid cart; its id becomes the id of the sale."""

    cart_id: CartId
    opened_at: datetime
    lines: tuple[CartLine, ...] = ()
    member: MemberRef | None = None
    bill_discount: Discount | None = None
    round_off: Discount | None = None
    salespeople: tuple[SalespersonShare, ...] = ()
    tenders: tuple[Tender, ...] = ()
    note: str | None = None
    returns_number: str | None = None
    paper: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost by dropping the cart."""
        return not self.lines and not self.tenders and self.member is None

    def line(self, line_id: LineId) -> CartLine:
        """Return a line; raise LineGoneError when it is not here."""
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise LineGoneError()


def add_line(cart: Cart, new: CartLine) -> tuple[Cart, LineId]:
    """Add a scanned line, or raise the quantity of the line that is the same; return the line it went to.

    The same variant, pack, price, batch and salespeople, not by weight, by amount, discounted or with a serial
    number, is the same line (DESIGN.md §6). Raises AlreadyInCartError for a piece that is here, QuantityError
    beyond the limit.
    """
    if new.piece and any(line.piece and line.piece.piece == new.piece.piece for line in cart.lines):
        raise AlreadyInCartError(piece=new.piece.code)
    if not new.salespeople and cart.salespeople:
        new = msgspec.structs.replace(new, salespeople=cart.salespeople)
    _check_quantity(new.quantity)
    for line in reversed(cart.lines):
        if _joins(line, new):
            return set_quantity(cart, line.line_id, Quantity(line.quantity + new.quantity)), line.line_id
    return msgspec.structs.replace(cart, lines=(*cart.lines, new)), new.line_id


def _joins(line: CartLine, new: CartLine) -> bool:
    """Whether a new scan raises the quantity of an existing line."""
    return (
        line.product is not None
        and new.product is not None
        and line.product.variant == new.product.variant
        and line.piece is None
        and new.piece is None
        and line.rung_by is new.rung_by is RungBy.UNIT_PRICE
        and not line.product.by_weight
        and line.kind is new.kind
        and line.unit_price == new.unit_price
        and line.basis is new.basis
        and line.pack_quantity == new.pack_quantity
        and line.batch == new.batch
        and line.salespeople == new.salespeople
        and line.fulfilment is new.fulfilment
        and line.price_reason == new.price_reason
        and not (line.discounts or new.discounts)
        and _plain(line)
        and _plain(new)
    )


def _plain(line: CartLine) -> bool:
    """Whether nothing on the line belongs to one article alone."""
    return line.fixed is None and line.cause is None and line.serial is None and line.wish is None


def _check_quantity(quantity: Quantity) -> None:
    if not 0 < quantity < QUANTITY_LIMIT:
        raise QuantityError(quantity=quantity)


def set_quantity(cart: Cart, line_id: LineId, quantity: Quantity) -> Cart:
    """Return the cart with a line's quantity changed.

    Raises QuantityError for what a line cannot hold, PieceQuantityError for a piece or a returned line.
    """
    line = cart.line(line_id)
    if line.piece is not None or line.fixed is not None or line.rung_by is RungBy.AMOUNT:
        if quantity == line.quantity:
            return cart
        raise PieceQuantityError()
    _check_quantity(quantity)
    return replace_line(cart, msgspec.structs.replace(line, quantity=quantity))


def replace_line(cart: Cart, changed: CartLine) -> Cart:
    """Return the cart with the line of the same id replaced; raise LineGoneError when it is not here."""
    cart.line(changed.line_id)
    lines = tuple(changed if line.line_id == changed.line_id else line for line in cart.lines)
    return msgspec.structs.replace(cart, lines=lines)


def can_be_repriced(line: CartLine) -> bool:
    """Whether a member pays her own price for a line: not for a piece, a return, or what was priced by hand."""
    return (
        line.product is not None
        and line.piece is None
        and line.fixed is None
        and line.unknown_code is None
        and line.rung_by is RungBy.UNIT_PRICE
        and line.basis in (PriceBasis.RETAIL, PriceBasis.PACK, PriceBasis.MEMBER)
    )


def repriced(line: CartLine, unit_price: Amount, basis: PriceBasis) -> CartLine:
    """Return a line at another price from the catalogue; its list price and discounts stay."""
    return msgspec.structs.replace(line, unit_price=unit_price, basis=basis)


def remove_line(cart: Cart, line_id: LineId) -> tuple[Cart, CartLine, int]:
    """Return the cart without a line, the line, and the place it had; raise LineGoneError when it is gone."""
    gone = cart.line(line_id)
    place = cart.lines.index(gone)
    lines = tuple(line for line in cart.lines if line.line_id != line_id)
    return msgspec.structs.replace(cart, lines=lines), gone, place


def put_back(cart: Cart, line: CartLine, place: int) -> Cart:
    """Return the cart with a removed line at its old place (undo)."""
    lines = (*cart.lines[:place], line, *cart.lines[place:])
    return msgspec.structs.replace(cart, lines=lines)
