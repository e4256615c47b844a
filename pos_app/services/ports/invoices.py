"""What services ask of requests for invoices, and of whoever issues the invoices.

Decides the questions. The office is handed a batch in two steps, so that what is marked as sent was really written:
`prepare` makes everything ready and names it, `Handover.deliver` lets it appear at once.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from pos_app.domain.facts.invoices import InvoiceAsked
from pos_app.domain.invoices import InvoiceRequest, InvoiceState
from pos_app.domain.invoices.batches import AnswerRow, InvoiceBatch
from pos_app.domain.values.ids import InvoiceId, MemberId, SaleId
from pos_app.services.ports.journal import Head


class Invoices(Protocol):
    """Requests for invoices."""

    def add(self, request: InvoiceRequest, head: Head) -> None:
        """Write a new request; `head` is the fact that records it."""
        ...

    def save(self, request: InvoiceRequest) -> None:
        """Write how a request stands now."""
        ...

    def get(self, invoice: InvoiceId) -> InvoiceRequest | None:
        """Return a request."""
        ...

    def of_sale(self, sale: SaleId) -> Sequence[InvoiceRequest]:
        """Return the requests of a sale, the newest first."""
        ...

    def named(self, request_no: str) -> Sequence[InvoiceRequest]:
        """Return the requests of a request number; there is one as a rule."""
        ...

    def of_receipt(self, number: str) -> Sequence[InvoiceRequest]:
        """Return the requests of a receipt number, the newest first."""
        ...

    def numbered(self, number: str) -> Sequence[InvoiceRequest]:
        """Return the requests that were issued, or taken back, under an invoice number."""
        ...

    def listed(self, state: InvoiceState | None, part: str, limit: int) -> Sequence[InvoiceRequest]:
        """Return the newest requests in a state (None for all) whose receipt number holds a part."""
        ...

    def waiting(self, state: InvoiceState, limit: int) -> Sequence[InvoiceRequest]:
        """Return the oldest requests in a state, in the order they were asked."""
        ...

    def counts(self, part: str = "") -> Mapping[InvoiceState, int]:
        """Return how many requests stand in each state, of those whose receipt number holds a part."""
        ...

    def of_member(self, member: MemberId, limit: int) -> Sequence[InvoiceRequest]:
        """Return the newest requests of a member and of her aliases."""
        ...

    def of_companies(self, limit: int) -> Sequence[InvoiceRequest]:
        """Return the newest requests with a company's title."""
        ...

    def asked(self, invoice: InvoiceId) -> InvoiceAsked:
        """Return what was asked, sealed, as the journal holds it."""
        ...

    def matches(self, request: InvoiceRequest, head: Head) -> bool:
        """Whether the row of a request is exactly what the journal tells."""
        ...

    def count(self) -> int:
        """Return how many requests there are."""
        ...


class Handover(Protocol):
    """A batch that is ready to be handed over and not there yet."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of what is handed over, in hex: the requests are marked with it."""
        ...

    @property
    def path(self) -> Path | None:
        """Where a person will find it; None where it goes over a network."""
        ...

    def deliver(self) -> None:
        """Let it appear, whole. Raises FileGoneError and its kin, StorageFullError."""
        ...

    def take_back(self) -> None:
        """Leave nothing of it, delivered or not; raises nothing."""
        ...


class InvoiceOffice(Protocol):
    """Whoever issues invoices."""

    def prepare(self, batch: InvoiceBatch, target: Path) -> Handover:
        """Make a batch ready. Raises FileGoneError and its kin, StorageFullError."""
        ...

    def answer(self, path: Path) -> Sequence[AnswerRow]:
        """Return the rows of an answer. Raises what `open_table` raises, and AnswerHeadingsError."""
        ...
