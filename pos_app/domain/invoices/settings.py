"""How a shop offers invoices on its receipts.

Decides what the address of a page may look like and how a receipt is named in it; whether the page is there is not
found out here.
"""

from urllib.parse import quote, urlsplit

import msgspec

from pos_app.domain.errors import InvalidValueError

LONGEST_PAGE = 200
RECEIPT, CODE = "{receipt}", "{code}"
"""What stands in an address for the receipt number, and for its signed code."""


class InvoiceSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether receipts say how to get an invoice, and where.

    `page` is the address of the tax service's or the platform's page for it, empty where the shop itself takes requests
    with the receipt in hand.
    """

    on_receipt: bool = False
    page: str = ""

    def address(self, number: str, code: str) -> str:
        """Return the page's address for one receipt; empty without a page."""
        return self.page.replace(RECEIPT, quote(number, safe="")).replace(CODE, quote(code, safe=""))


def check_invoice_settings(settings: InvoiceSettings) -> None:
    """Raise InvalidValueError for an address that a phone could not open, or that names no receipt."""
    page = settings.page
    if not page:
        return
    try:
        parts = urlsplit(page)
    except ValueError:
        raise InvalidValueError(field="invoice_page", text=page) from None
    is_address = (
        parts.scheme in ("https", "http") and bool(parts.hostname) and page.isascii() and page.isprintable()
    )
    names_receipt = RECEIPT in page or CODE in page
    if not is_address or not names_receipt or " " in page or len(page) > LONGEST_PAGE:
        raise InvalidValueError(field="invoice_page", text=page)
