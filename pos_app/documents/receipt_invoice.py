"""What a receipt says of its invoice: that it was asked for, or how to ask.

Decides the words and the code. Source: PRODUCT.md A15.
"""

from dataclasses import dataclass

from pos_app.documents.page import Align, Block, Code, Codes, Row, Symbology, Text
from pos_app.domain.invoices import InvoiceRequest
from pos_app.words import translate


@dataclass(frozen=True, slots=True)
class InvoiceOnReceipt:
    """The request that stands; without one the address to ask at, or none where the shop takes requests itself."""

    request: InvoiceRequest | None = None
    address: str = ""


def invoice_words(invoice: InvoiceOnReceipt) -> str:
    """Return in one line how the request stands, or how to ask."""
    request = invoice.request
    if request is None:
        return translate("invoices.receipt.scan" if invoice.address else "invoices.receipt.bring")
    return translate(f"invoices.receipt.{request.state}", number=request.number or "")


def invoice_blocks(invoice: InvoiceOnReceipt) -> list[Block]:
    """Return the blocks of a receipt for a roll."""
    words = invoice_words(invoice)
    if invoice.request is not None:
        return [Row(translate("invoices.page.title"), words)]
    if invoice.address:
        return [Codes((Code(Symbology.QR, invoice.address),), caption=words)]
    return [Text(words, align=Align.CENTRE)]


def invoice_text(invoice: InvoiceOnReceipt) -> str:
    """Return the same in one line for a page that has no room for a second code."""
    if invoice.request is not None:
        return f"{translate('invoices.page.title')}: {invoice_words(invoice)}"
    if invoice.address:
        return translate("invoices.receipt.at", address=invoice.address)
    return invoice_words(invoice)
