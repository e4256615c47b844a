"""A receipt says how its invoice stands, or how to get one where the shop offers it."""

import msgspec
import pytest

from pos_app.documents.page import Code, Codes, Row, Text
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.invoices.settings import InvoiceSettings
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from tests.integration.invoices.test_asking import COMPANY, paid_with
from tests.support.shop_on_disk import CANDY, DiskShop


def offer(shop: DiskShop, page: str = "") -> None:
    """Let receipts say how to get an invoice."""
    settings = shop.shop.current.value
    invoices = InvoiceSettings(on_receipt=True, page=page)
    shop.shop.settings.change(shop.owner, msgspec.structs.replace(settings, invoices=invoices))


def said(shop: DiskShop, sale: Sale) -> list[str]:
    """Print a copy of a receipt; return the texts of it that speak of an invoice, codes too."""
    shop.shop.printing.reprint(shop.owner, sale.sale_id)
    out: list[str] = []
    while (ready := shop.shop.printing.begin()) is not None:
        out = []
        for block in ready.page.blocks:
            if isinstance(block, Row) and block.left == "发票":
                out.append(block.right)
            elif isinstance(block, Text) and "发票" in block.text:
                out.append(block.text)
            elif isinstance(block, Codes) and "发票" in block.caption:
                out += [code.payload for code in block.codes if isinstance(code, Code)]
        shop.shop.printing.done(ready)
    return out


def test_without_the_setting_a_receipt_says_nothing_until_somebody_asks(shop: DiskShop) -> None:
    sale = shop.sell().sale
    assert said(shop, sale) == []
    asked = shop.shop.invoices.ask(shop.cashier, sale.sale_id, COMPANY, later=False)
    assert said(shop, sale) == ["已登记，待开"]
    shop.shop.invoices.enter_number(shop.cashier, asked.invoice, "26317000000012345678")
    assert said(shop, sale) == ["已开 26317000000012345678"]


def test_where_it_is_offered_the_receipt_invites_to_the_shop_or_carries_the_pages_address(
    shop: DiskShop,
) -> None:
    sale = shop.sell().sale
    offer(shop)
    assert said(shop, sale) == ["需要发票，请凭本小票到店登记"]
    offer(shop, "https://example.com/f?r={receipt}")
    assert said(shop, sale) == [f"https://example.com/f?r={sale.number}"]


def test_what_cannot_be_invoiced_is_not_offered(shop: DiskShop) -> None:
    offer(shop)
    assert said(shop, paid_with(shop, TenderKind.GIFT_CARD, 999, CANDY)) == []
    sale = shop.sell().sale
    back = shop.take_back(sale).sale
    assert said(shop, sale) == [] and said(shop, back) == []


def test_an_address_that_leads_nowhere_is_not_saved(shop: DiskShop) -> None:
    with pytest.raises(InvalidValueError):
        offer(shop, "example.com")
    assert not shop.shop.current.value.invoices.on_receipt
