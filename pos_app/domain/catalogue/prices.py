"""Prices: rows of lists with their days, which of them holds for a customer, and the price of a piece by its gold.

Decides the price of one; amounts of lines are reckoned in `sales.pricing`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pos_app.domain.catalogue.goods import Found, Piece
from pos_app.domain.catalogue.selling import NoGoldPriceError, NoPriceError, check_piece
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.line import Component, ComponentKind, Per, PriceBasis
from pos_app.domain.sales.pricing import component
from pos_app.domain.values.ids import PriceId, ShopId, StaffId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, quantity_price

RETAIL = "retail"
MEMBER = "member"
LEVELS = 5
"""How many levels have a list of their own: level:1 to level:5."""


class PriceListError(ExpectedError):
    """There is no price list of this name; `text` is the name."""

    code = "catalogue.error.price_list"


def level_list(level: int) -> str:
    """Return the name of a level's list."""
    return f"level:{level}"


def shop_list(shop: ShopId) -> str:
    """Return the name of a shop's own list."""
    return f"shop:{shop}"


def check_list(name: str) -> None:
    """Raise PriceListError for a name that no list can have."""
    known = name in (RETAIL, MEMBER) or name in map(level_list, range(1, LEVELS + 1))
    if not known:
        try:
            if not name.startswith("shop:"):
                raise ValueError
            UUID(name.removeprefix("shop:"))
        except ValueError:
            raise PriceListError(text=name) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """A price of a variant, or of one of its barcodes, on a list between two days (both counted; None is open)."""

    price_id: PriceId
    variant_id: VariantId
    list: str
    price: Amount
    barcode: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Who buys, as far as prices and early purchase ask: anybody, or a member of a level in a shop."""

    member: bool = False
    level: int = 0
    shop: ShopId | None = None


ANYBODY = Customer()


@dataclass(frozen=True, slots=True)
class GoldPrice:
    """The price per gram of a fineness: what was set for a day, and the latest one set before it."""

    fineness: str
    price: Amount | None
    before: Amount | None
    before_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPriceEntry:
    """A price per gram that was set for a day: when, by whom and with whose leave; None where it was not kept."""

    fineness: str
    day: date
    price: Amount
    set_at: datetime | None = None
    set_by: StaffId | None = None
    approver: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A chosen price with where it came from; components when it is reckoned in parts.

    `list_price` is what anybody pays where a member pays less, None where they are the same.
    """

    basis: PriceBasis
    unit_price: Amount | None = None
    amount: Amount | None = None
    components: tuple[Component, ...] = ()
    list_price: Amount | None = None


def piece_price(piece: Piece, gold_price: Amount | None) -> Price:
    """Return the price of a piece; `gold_price` is minor units per gram of its fineness today, or None.

    Raises PieceSoldError, PieceQuarantinedError, or NoGoldPriceError when it is priced per gram and there is none.
    """
    check_piece(piece)
    if piece.fixed_price is not None:
        return Price(PriceBasis.PIECE, amount=piece.fixed_price)
    if gold_price is None:
        raise NoGoldPriceError(fineness=piece.fineness)
    weight = piece.net_weight_mg
    parts = [component(ComponentKind.METAL, weight, gold_price, Per.GRAM, piece.fineness)]
    if piece.labour is not None:
        parts.append(component(ComponentKind.LABOUR, weight, piece.labour, piece.labour_per))
    if piece.stone_price is not None:
        parts.append(component(ComponentKind.STONE, None, piece.stone_price, Per.PIECE))
    total = Amount(sum(p.amount for p in parts))
    return Price(PriceBasis.GOLD, amount=total, components=tuple(parts))


def choose_price(
    found: Found, prices: Sequence[PriceRow], customer: Customer = ANYBODY, on: date | None = None
) -> Price:
    """Return the unit price of goods as found, for a customer on a day; rows of other goods are passed over.

    The shop's own list replaces the retail list, and that the variant's retail price; of the rows of one list that are
    valid the one that begins last holds. For a member the lowest of that, the member list and the lists of her level
    and those below holds. A pack keeps its own price unless its barcode has rows. Without a day no row is valid.
    An open-priced variant without a price gives an OPEN basis without amount. Raises NoPriceError.
    """
    rows = [
        r for r in prices if on is not None and r.variant_id == found.variant.variant_id and _valid(r, on)
    ]
    listed = _listed(found, rows, customer)
    offers = _offers(found, rows, customer)
    best = min(offers, default=None)
    if best is not None and (listed.unit_price is None or best < listed.unit_price):
        return Price(PriceBasis.MEMBER, unit_price=best, list_price=listed.unit_price)
    if listed.unit_price is None and not found.variant.flags.open_price:
        raise NoPriceError(name=found.variant.name)
    return listed


def unit_price(found: Found) -> Price:
    """Return the unit price of a variant as found without any list; raises as `choose_price` does."""
    return choose_price(found, ())


def _valid(row: PriceRow, on: date) -> bool:
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)


def _listed(found: Found, rows: Iterable[PriceRow], customer: Customer) -> Price:
    """Return what anybody pays."""
    barcode, variant = found.barcode, found.variant
    pack = barcode.pack_quantity if barcode is not None else ONE
    basis = PriceBasis.RETAIL if pack == ONE else PriceBasis.PACK
    lists = [RETAIL] if customer.shop is None else [shop_list(customer.shop), RETAIL]
    own = barcode is not None and barcode.price is not None
    for name in lists:
        price = _of_list(found, [r for r in rows if r.list == name])
        if price is not None:
            return Price(PriceBasis.PACK if own else basis, unit_price=price)
    if barcode is not None and barcode.price is not None:
        return Price(PriceBasis.PACK, unit_price=barcode.price)
    if variant.retail is None:
        return Price(PriceBasis.OPEN)
    return Price(basis, unit_price=variant.retail if pack == ONE else quantity_price(pack, variant.retail))


def _offers(found: Found, rows: Iterable[PriceRow], customer: Customer) -> list[Amount]:
    """Return what the lists of members offer a customer."""
    if not customer.member:
        return []
    names = [MEMBER, *(level_list(level) for level in range(1, customer.level + 1))]
    offers = [_of_list(found, [r for r in rows if r.list == name]) for name in names]
    return [offer for offer in offers if offer is not None]


def _of_list(found: Found, rows: Sequence[PriceRow]) -> Amount | None:
    """Return the price that one list has for goods as found: the barcode's row, else the variant's times the pack."""
    barcode = found.barcode
    if barcode is not None:
        latest = _latest([r for r in rows if r.barcode == barcode.code])
        if latest is not None:
            return latest.price
        if barcode.price is not None:
            return None
    latest = _latest([r for r in rows if r.barcode is None])
    if latest is None:
        return None
    pack = barcode.pack_quantity if barcode is not None else ONE
    return latest.price if pack == ONE else quantity_price(pack, latest.price)


def _latest(rows: Sequence[PriceRow]) -> PriceRow | None:
    """Return the row that begins last; of several that begin together the one made last (ids grow with time)."""
    return max(rows, key=lambda r: (r.valid_from or date.min, r.price_id.int), default=None)
