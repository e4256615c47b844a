"""What is handed to whoever issues invoices, and what comes back: values only.

Decides how an invoice number looks and how the rows of an answer are told; files are `documents.invoice_file`.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from pos_app.domain.errors import ExpectedError
from pos_app.domain.invoices import InvoiceRequest
from pos_app.domain.invoices.amounts import InvoiceLine
from pos_app.domain.invoices.titles import InvoiceTitle
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import InvoiceId
from pos_app.domain.values.money import Currency

_NUMBER = re.compile(r"[0-9]{20}|[0-9]{8}|[0-9]{18}")
_NOISE = re.compile(r"[\s'’]")


class InvoiceNumberError(ExpectedError):
    """The text is no invoice number."""

    code = "invoices.error.number"


class InvoiceDateError(ExpectedError):
    """The text is no date, or the invoice would be older than its sale or of tomorrow."""

    code = "invoices.error.date"


class NumberTakenError(ExpectedError):
    """Another request has that invoice number; `number` is its receipt."""

    code = "invoices.error.number_taken"


class NobodyAskedError(ExpectedError):
    """The row names a receipt that nobody asked an invoice for."""

    code = "invoices.error.nobody_asked"


class OtherNumberError(ExpectedError):
    """The request was issued under another number, `number`."""

    code = "invoices.error.other_number"


def invoice_number(text: str) -> str:
    """Return an invoice number: 20 digits (全面数字化的电子发票), or 8, or code and number together, which is 18 or 20.

    Blanks and the mark of a spreadsheet's text are dropped. Raises InvoiceNumberError.
    """
    number = _NOISE.sub("", fold(text))
    if not _NUMBER.fullmatch(number):
        raise InvoiceNumberError()
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One request with all that an invoice says: a red one when the request waits for that."""

    request: InvoiceRequest
    title: InvoiceTitle
    sold_on: date
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceBatch:
    """The requests that are handed over together, oldest first."""

    shop_name: str
    shop_code: str
    till_code: str
    currency: Currency
    items: tuple[BatchItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """A row of an answer, as texts: `row` is its number in the file; `red` is that it speaks of a red invoice."""

    row: int
    request_no: str = ""
    receipt: str = ""
    number: str = ""
    issued_on: str = ""
    red: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A row of an answer that could not be taken, with what is wrong with it."""

    row: int
    receipt: str
    error: ExpectedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an answer brought: requests issued, red ones made, rows known before, and rows that were not taken."""

    issued: tuple[InvoiceId, ...] = ()
    red: tuple[InvoiceId, ...] = ()
    same: int = 0
    faults: tuple[RowFault, ...] = field(default=())
