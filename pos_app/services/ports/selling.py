"""What services ask of sales and carts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import (
    CartId,
    LineId,
    MemberId,
    PieceId,
    SaleId,
    StaffId,
)
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.services.ports.journal import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleSummary:
    """One row of the sales history."""

    sale_id: SaleId
    number: str
    kind: str
    committed_at: datetime
    total: Amount
    lines: int
    member: MemberId | None


@dataclass(frozen=True, slots=True)
class PieceSale:
    """The receipt with which a piece went."""

    number: str
    business_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesSums:
    """Sums over sales tables: how many sales and lines, their total, and what was taken off (positive)."""

    baskets: int
    lines: int
    amount: Amount
    discount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereSale:
    """A sale of another shop that was asked for online; `returned` came back of it, but not by returns of this till."""

    sale: Sale
    shop_name: str
    returned: Mapping[LineId, Quantity]


class Sales(Protocol):
    """Sales and what was returned of them."""

    def keep_elsewhere(self, found: ElsewhereSale) -> None:
        """Write a sale of another shop, in place of what was kept of it before."""
        ...

    def elsewhere(self, sale_id: SaleId) -> ElsewhereSale | None:
        """Return a sale of another shop that was kept; None without one."""
        ...

    def find_elsewhere(self, number: str) -> SaleId | None:
        """Return a kept sale of another shop by its receipt number, upper case."""
        ...

    def next_counter(self, epoch: int, year: int) -> int:
        """Take the next receipt counter of a year; gapless, as it is taken in the sale's transaction."""
        ...

    def counters(self) -> Mapping[tuple[int, int], int]:
        """Return the last counter of each (epoch, year)."""
        ...

    def add(self, sale: Sale, head: Head) -> None:
        """Write a sale with lines, reductions and tenders; `head` is the fact that records it."""
        ...

    def get(self, sale_id: SaleId) -> Sale | None:
        """Return a sale as it was recorded."""
        ...

    def matches(self, sale: Sale, head: Head) -> bool:
        """Whether the rows of a sale are exactly what `add` writes for it."""
        ...

    def find_number(self, number: str) -> SaleId | None:
        """Return the sale of a receipt number, upper case."""
        ...

    def history(self, limit: int, text: str = "", before: datetime | None = None) -> Sequence[SaleSummary]:
        """Return the latest sales, newest first; `text` is how a number begins, or the digits that it ends with."""
        ...

    def of_member(self, member: MemberId, limit: int) -> Sequence[SaleSummary]:
        """Return the latest sales of a member and of her aliases, newest first."""
        ...

    def of_pieces(self, pieces: Sequence[PieceId]) -> Mapping[PieceId, PieceSale]:
        """Return the latest sale of each of some pieces; none of one that was never sold, or that came back."""
        ...

    def returned(self, sale: SaleId) -> Mapping[LineId, Quantity]:
        """Return how much of each line came back already (thousandths)."""
        ...

    def refunded(self, sale: SaleId) -> Mapping[TenderKind, Amount]:
        """Return what was given back of a sale, per kind, as positive amounts."""
        ...

    def numbers(self) -> Iterable[str]:
        """Return the receipt numbers of all sales, in any order; read as they are walked."""
        ...

    def copied(self, sale: SaleId) -> int:
        """Count one more copy of a receipt and return its number, from 1."""
        ...

    def last_of_till(self) -> SaleId | None:
        """Return the latest sale."""
        ...

    def sums(self, first: date | None = None, last: date | None = None) -> SalesSums:
        """Return sums over the sales tables between two business dates, both included."""
        ...

    def by_day(self, first: date | None, last: date | None) -> Sequence[tuple[date, SalesSums]]:
        """Return the sums of each business date."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCart:
    """A held cart in a list."""

    cart: Cart
    held_at: datetime
    owner: StaffId
    label: str


class Carts(Protocol):
    """Unpaid carts: the open one of this till and the held ones of the shop."""

    def open_cart(self) -> Cart | None:
        """Return the cart that is open on this till."""
        ...

    def save_open(self, cart: Cart, at: datetime) -> None:
        """Write the open cart."""
        ...

    def hold(self, cart: Cart, owner: StaffId, label: str, at: datetime) -> None:
        """Put a cart aside."""
        ...

    def held(self) -> Sequence[HeldCart]:
        """Return the held carts, oldest first."""
        ...

    def take(self, cart_id: CartId) -> Cart | None:
        """Remove and return a held cart."""
        ...

    def drop(self, cart_id: CartId) -> None:
        """Remove a cart, open or held."""
        ...
