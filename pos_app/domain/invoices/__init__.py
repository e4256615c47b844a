"""Requests for tax invoices (发票): who it is made out to, what of a sale can be invoiced, and how a request stands.

Decides the shapes, and which state may follow which. Source of the states: PRODUCT.md A15. Tax numbers stand in
`tax_numbers`, what a person fills in in `titles`, amounts in `amounts`, what is handed to the office in `batches`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.ids import InvoiceId, MemberId, SaleId
from pos_app.domain.values.money import ZERO, Amount


class TitleKind(StrEnum):
    """Whom an invoice is made out to."""

    PERSONAL = "personal"
    COMPANY = "company"


class InvoiceState(StrEnum):
    """How a request stands; a sale without one has none. The list can grow."""

    ASKED = "asked"
    SENT = "sent"
    """It was handed to whoever issues invoices."""
    ISSUED = "issued"
    RED_ASKED = "red_asked"
    """Goods came back after it was issued: a red one must take it back, whole or in part."""
    RED = "red"
    WITHDRAWN = "withdrawn"


class InvoiceStateError(ExpectedError):
    """A request that stands as it does cannot be brought to that state; `state` says how it stands."""

    code = "invoices.error.state"


class AlreadyAskedError(ExpectedError):
    """The sale has a request that stands already: `state` says how."""

    code = "invoices.error.already_asked"


class NothingToInvoiceError(ExpectedError):
    """Nothing of the sale can be invoiced: it was paid with stored value, gift cards or points, or is a deposit."""

    code = "invoices.error.nothing"


class CameBackError(NothingToInvoiceError):
    """Nothing of the sale can be invoiced since all of it came back."""

    code = "invoices.error.came_back"


class NoSaleError(ExpectedError):
    """A return or a void has no invoice of its own: `number` is the receipt that it takes back."""

    code = "invoices.error.no_sale"


_FOLLOWS: dict[InvoiceState, frozenset[InvoiceState]] = {
    InvoiceState.ASKED: frozenset(
        {InvoiceState.ASKED, InvoiceState.SENT, InvoiceState.ISSUED, InvoiceState.WITHDRAWN}
    ),
    InvoiceState.SENT: frozenset(
        {InvoiceState.SENT, InvoiceState.ASKED, InvoiceState.ISSUED, InvoiceState.WITHDRAWN}
    ),
    InvoiceState.ISSUED: frozenset({InvoiceState.RED_ASKED}),
    InvoiceState.RED_ASKED: frozenset({InvoiceState.RED_ASKED, InvoiceState.RED}),
    InvoiceState.RED: frozenset({InvoiceState.RED_ASKED}),
    InvoiceState.WITHDRAWN: frozenset(),
}
"""ASKED after SENT: it was handed back. SENT after SENT, RED_ASKED after RED_ASKED: more came back meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A request comes to another state; the fields are those of the fact `invoice.changed`."""

    state: InvoiceState
    at: datetime
    number: str | None = None
    issued_on: date | None = None
    amount: Amount | None = None
    reason: str | None = None
    file_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRequest:
    """How the request for an invoice stands, without what is sealed (its title and whom it goes to).

    `amount` is what it asks for, or was issued on; `red_due` is what a red one has to take back, `red_done` what red
    ones have taken back. Always: 0 ≤ red_due + red_done ≤ amount. `reason` is why it came to its state, a code of the
    shop's list or a person's words. `number` is the invoice's, `red_number` the latest red one's.
    """

    invoice: InvoiceId
    sale: SaleId
    sale_number: str
    title_kind: TitleKind
    amount: Amount
    asked_at: datetime
    changed_at: datetime
    member: MemberId | None = None
    later: bool = False
    state: InvoiceState = InvoiceState.ASKED
    red_due: Amount = ZERO
    red_done: Amount = ZERO
    number: str | None = None
    issued_on: date | None = None
    red_number: str | None = None
    red_on: date | None = None
    reason: str | None = None
    file_sha256: str | None = None

    @property
    def request_no(self) -> str:
        """The short number by which the office names the request: the end of its id, which is random."""
        return self.invoice.hex[-10:].upper()

    @property
    def stands(self) -> bool:
        """Whether the sale cannot be asked for again: it is under way, or something issued is not taken back."""
        return self.state is not InvoiceState.WITHDRAWN and self.worth > 0

    @property
    def worth(self) -> Amount:
        """What is invoiced by it, or will be, once the red ones that are due are made."""
        if self.state is InvoiceState.WITHDRAWN:
            return ZERO
        return Amount(self.amount - self.red_due - self.red_done)

    def may_become(self, state: InvoiceState) -> bool:
        """Whether a state may follow the present one."""
        return state in _FOLLOWS[self.state]

    def after(self, change: Change) -> "InvoiceRequest":
        """Return the request as a change leaves it. Raises InvoiceStateError for one that cannot follow."""
        if not self.may_become(change.state):
            raise InvoiceStateError(state=self.state)
        made = replace(self, state=change.state, changed_at=change.at, reason=change.reason)
        match change.state:
            case InvoiceState.ASKED:
                amount = self.amount if change.amount is None else change.amount
                return replace(made, amount=amount, red_due=ZERO, file_sha256=None)
            case InvoiceState.SENT:
                due = self.red_due if change.amount is None else change.amount
                return replace(made, red_due=due, file_sha256=change.file_sha256 or self.file_sha256)
            case InvoiceState.ISSUED:
                return replace(made, number=change.number, issued_on=change.issued_on)
            case InvoiceState.RED_ASKED:
                return replace(made, red_due=self.red_due if change.amount is None else change.amount)
            case InvoiceState.RED:
                taken = self.red_due if change.amount is None else change.amount
                return replace(
                    made,
                    red_due=Amount(self.red_due - taken),
                    red_done=Amount(self.red_done + taken),
                    red_number=change.number,
                    red_on=change.issued_on,
                )
            case InvoiceState.WITHDRAWN:
                return replace(made, red_due=ZERO)
