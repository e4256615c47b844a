"""The address of the invoice page: one that a phone opens and that names the receipt."""

import pytest

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.invoices.settings import InvoiceSettings, check_invoice_settings


def test_the_receipt_and_its_code_are_put_into_the_address_quoted() -> None:
    settings = InvoiceSettings(on_receipt=True, page="https://example.com/f?r={receipt}&c={code}")
    check_invoice_settings(settings)
    assert settings.address("N01-1-2026-000001", "SK1.A B/ü") == (
        "https://example.com/f?r=N01-1-2026-000001&c=SK1.A%20B%2F%C3%BC"
    )
    assert InvoiceSettings().address("N01-1-2026-000001", "SK1") == ""


@pytest.mark.parametrize(
    "page",
    [
        "example.com/{receipt}",
        "ftp://example.com/{receipt}",
        "https:///{receipt}",
        "https://example.com/f",
        "https://example.com/发票/{receipt}",
        "https://example.com/a b/{receipt}",
        "https://[::1/{receipt}",
        "https://example.com/{receipt}" + "x" * 200,
    ],
)
def test_an_address_that_leads_nowhere_is_refused(page: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        check_invoice_settings(InvoiceSettings(page=page))
    assert refused.value.params["field"] == "invoice_page"
