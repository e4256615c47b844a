"""Facts of invoice requests.

Decides their version 1. Title, tax number, addresses and accounts are sealed before they get here.
"""

from datetime import date

import msgspec

from pos_app.domain.invoices import InvoiceState, TitleKind
from pos_app.domain.values.ids import InvoiceId, SaleId
from pos_app.domain.values.money import Amount


class InvoiceAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer asked for the invoice of a sale; `amount` is what can be invoiced of it.

    Every text but `sale_number` is sealed, with the key of the sale's member, else of the sale.
    """

    invoice: InvoiceId
    sale: SaleId
    sale_number: str
    amount: Amount
    title_kind: TitleKind
    title: str
    tax_number: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    bank: str | None = None
    account: str | None = None
    later: bool = False
    """It was asked for after the sale, with the receipt in hand."""


class InvoiceChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request came to another state.

    `number` is the issued (or red) invoice's, and `issued_on` its date. `amount` (positive) is what a red one takes
    back in all, or will (on a request that is sent: once it is issued); on one that is asked for, what it asks for
    from now on. `taken_back` is the return that brought it about, `file_sha256` the file with which it was handed over.
    """

    invoice: InvoiceId
    state: InvoiceState
    number: str | None = None
    issued_on: date | None = None
    amount: Amount | None = None
    taken_back: SaleId | None = None
    reason: str | None = None
    file_sha256: str | None = None
