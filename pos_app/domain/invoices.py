"""Requests for tax invoices (发票): who it is made out to, and how it stands.

Decides the shapes as they stand in facts. Source of the states: PRODUCT.md A15.
"""

from enum import StrEnum


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
