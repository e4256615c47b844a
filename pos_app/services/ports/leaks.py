"""What the leak report asks of the books: rows as they stand, for a service to read.

Moments are milliseconds since 1970 in UTC, amounts minor units, `position` the journal's row number.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from pos_app.domain.values.ids import SaleId, ShiftId, StaffId


class FactRow(NamedTuple):
    """A fact of a kind that the report looks at; `body` are the stored bytes of its envelope."""

    epoch: int
    seq: int
    kind: str
    version: int
    happened_at: int
    staff: bytes | None
    body: bytes


class SaleRow(NamedTuple):
    """A sale, or what was given away in it: `amount` as the books have it, negative for money that went."""

    what: str
    """The kind of the sale or of the tender, or what was given away."""
    sale: bytes
    number: str
    cashier: bytes
    committed_at: int
    amount: int
    epoch: int
    seq: int
    approver: bytes | None
    reason: str | None
    bought: bytes | None
    """The sale that a void or a return takes back."""


class Leaks(Protocol):
    """The books as the leak report reads them; both dates are included."""

    def own_openings(self, shift: ShiftId, staff: StaffId) -> int:
        """Return how often a person opened the drawer in a shift without a sale and without anybody's yes."""
        ...

    def facts(self, first_ms: int, until_ms: int) -> Iterator[FactRow]:
        """Walk the facts the report looks at, from a moment until before another, by time."""
        ...

    def count_facts(self, first_ms: int, until_ms: int) -> int:
        """Return how many there are."""
        ...

    def number_of(self, sale: SaleId) -> str | None:
        """Return the receipt number of a sale of this till."""
        ...

    def sold(self, first: date, last: date) -> Sequence[tuple[bytes, int]]:
        """Return how many sales proper each cashier made."""
        ...

    def taken_back(self, first: date, last: date) -> Iterator[SaleRow]:
        """Walk returns and voids."""
        ...

    def given_away(self, first: date, last: date) -> Iterator[SaleRow]:
        """Walk what was taken off by hand in sales proper: a sale's "discount" and its "round_off"."""
        ...

    def seen_payments(self, first: date, last: date) -> Iterator[SaleRow]:
        """Walk tenders that no device confirmed: a person saw them."""
        ...
