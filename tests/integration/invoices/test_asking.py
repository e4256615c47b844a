"""An invoice is asked for a sale: once, for what was really paid, and sealed."""

from decimal import Decimal

import msgspec
import pytest

from pos_app.domain.invoices import (
    AlreadyAskedError,
    CameBackError,
    InvoiceState,
    InvoiceStateError,
    NoSaleError,
    NothingToInvoiceError,
    TitleKind,
)
from pos_app.domain.invoices.titles import InvoiceTitle, TitleError
from pos_app.domain.receipt_codes import ReceiptCodeError
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.invoices.service import NoReceiptError, SoldElsewhereError
from pos_app.services.receipt_codes import receipt_code
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop

COMPANY = InvoiceTitle(
    kind=TitleKind.COMPANY, title="上海拾光商贸有限公司", tax_number="91350100M000100Y43", bank="中国银行"
)
PERSON = InvoiceTitle(kind=TitleKind.PERSONAL, title="王小满", phone="13800138000")


def paid_with(shop: DiskShop, kind: TenderKind, amount: int, *codes: str) -> Sale:
    """Sell goods, so much of the bill with one tender and the rest in cash."""
    cart = shop.cart(*codes)
    first = shop.shop.checkout.tender(kind, Amount(amount))
    rest = shop.shop.checkout.price(cart).total - amount
    tenders = (first, shop.shop.checkout.tender(TenderKind.CASH, Amount(rest))) if rest else (first,)
    return shop.shop.checkout.commit(shop.cashier, msgspec.structs.replace(cart, tenders=tenders)).sale


def test_the_whole_of_a_cash_sale_can_be_invoiced_once(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    asked = shop.shop.invoices.ask(shop.cashier, sale.sale_id, COMPANY, later=False)
    assert (asked.amount, asked.state, asked.sale_number) == (130_899, InvoiceState.ASKED, sale.number)
    with pytest.raises(AlreadyAskedError) as refused:
        shop.shop.invoices.ask(shop.cashier, sale.sale_id, PERSON, later=True)
    assert refused.value.params == {"state": "asked"}
    offer = shop.shop.invoices.offer(sale.sale_id)
    assert offer.request == asked and offer.amount == 130_899
    assert shop.verify().passed


def test_what_was_asked_stands_sealed_in_the_journal_and_reads_open_in_the_list(shop: DiskShop) -> None:
    sale = shop.sell().sale
    shop.shop.invoices.ask(shop.cashier, sale.sale_id, COMPANY, later=False)
    shop.store.engine.dispose()
    stored = b"".join(path.read_bytes() for path in shop.folder.glob("shop.db*"))
    for text in ("拾光商贸", "91350100M000100Y43", "中国银行"):
        assert text.encode() not in stored
    assert shop.shop.invoices.listed().rows[0].title == COMPANY


@pytest.mark.parametrize("kind", [TenderKind.STORED_VALUE, TenderKind.GIFT_CARD, TenderKind.POINTS])
def test_what_was_paid_with_stored_value_a_gift_card_or_points_is_left_out(
    shop: DiskShop, kind: TenderKind
) -> None:
    part = paid_with(shop, kind, 100_000, NECKLACE, CANDY)
    offer = shop.shop.invoices.offer(part.sale_id)
    assert (offer.amount, offer.left_out) == (30_899, 100_000)
    asked = shop.shop.invoices.ask(shop.cashier, part.sale_id, PERSON, later=False)
    lines = shop.shop.invoices.lines(asked.invoice)
    assert sum(line.amount for line in lines) == 30_899
    assert [(line.name, line.tax_rate) for line in lines] == [
        ("18K金项链 45cm", Decimal("0.13")),
        ("手工牛轧糖", Decimal("0.09")),
    ]
    whole = paid_with(shop, kind, 999, CANDY)
    with pytest.raises(NothingToInvoiceError):
        shop.shop.invoices.offer(whole.sale_id)
    with pytest.raises(NothingToInvoiceError):
        shop.shop.invoices.ask(shop.cashier, whole.sale_id, PERSON, later=False)


def test_a_sale_that_came_back_whole_has_no_invoice_and_a_return_has_none_of_its_own(shop: DiskShop) -> None:
    sale = shop.sell().sale
    back = shop.take_back(sale).sale
    with pytest.raises(CameBackError):
        shop.shop.invoices.ask(shop.cashier, sale.sale_id, PERSON, later=True)
    with pytest.raises(NoSaleError) as refused:
        shop.shop.invoices.offer(back.sale_id)
    assert refused.value.params == {"number": sale.number}


def test_a_title_with_faults_writes_nothing(shop: DiskShop) -> None:
    sale = shop.sell().sale
    wrong = msgspec.structs.replace(COMPANY, tax_number="91350100M000100Y44")
    with pytest.raises(TitleError) as refused:
        shop.shop.invoices.ask(shop.cashier, sale.sale_id, wrong, later=False)
    assert set(refused.value.faults) == {"tax_number"}
    assert shop.shop.invoices.listed().rows == ()


def test_a_receipt_is_found_by_its_number_its_code_and_not_by_another_tills(shop: DiskShop) -> None:
    sale = shop.sell().sale
    invoices = shop.shop.invoices
    assert invoices.find(f" {sale.number.lower()} ") == sale.sale_id
    code = receipt_code(sale, shop.outside.signer)
    assert invoices.find(code) == sale.sale_id
    with pytest.raises(ReceiptCodeError):
        invoices.find(code[:-200] + ("A" if code[-200] != "A" else "B") + code[-199:])
    with pytest.raises(SoldElsewhereError) as refused:
        invoices.find("N02-3-2026-000001")
    assert refused.value.params["till"] == "N02-3"
    with pytest.raises(NoReceiptError):
        invoices.find("6901234567892")


def test_a_withdrawn_request_lets_the_sale_be_asked_for_anew(shop: DiskShop) -> None:
    sale = shop.sell().sale
    invoices = shop.shop.invoices
    first = invoices.ask(shop.cashier, sale.sale_id, PERSON, later=False)
    gone = invoices.withdraw(shop.cashier, first.invoice, "抬头写错")
    assert (gone.state, gone.reason) == (InvoiceState.WITHDRAWN, "抬头写错")
    with pytest.raises(InvoiceStateError):
        invoices.withdraw(shop.cashier, first.invoice, "")
    second = invoices.ask(shop.cashier, sale.sale_id, COMPANY, later=True)
    assert second.later and second.invoice != first.invoice
    assert shop.verify().passed


def test_former_titles_are_offered_the_members_own_first_and_of_others_the_public_part(
    shop: DiskShop,
) -> None:
    member = shop.sign_up("13900139000", "王小满")
    invoices = shop.shop.invoices
    invoices.ask(shop.cashier, shop.sell().sale.sale_id, COMPANY, later=False)
    mine = InvoiceTitle(kind=TitleKind.PERSONAL, title="王小满", email="wang@example.com")
    invoices.ask(shop.cashier, shop.sell(member=member).sale.sale_id, mine, later=False)
    invoices.ask(shop.cashier, shop.sell().sale.sale_id, PERSON, later=False)
    offer = invoices.offer(shop.sell(FORMULA, member=member).sale.sale_id)
    assert offer.titles == (
        mine,
        InvoiceTitle(kind=TitleKind.COMPANY, title=COMPANY.title, tax_number=COMPANY.tax_number),
    )
    assert offer.phone == "+8613900139000"


def test_an_erased_members_requests_show_nothing_and_the_books_still_hold(shop: DiskShop) -> None:
    member = shop.sign_up("13900139000", "王小满")
    sale = shop.sell(member=member).sale
    invoices = shop.shop.invoices
    asked = invoices.ask(shop.cashier, sale.sale_id, PERSON, later=False)
    shop.shop.members.erase(shop.owner, member.member_id, "asked")
    row = invoices.listed().rows[0]
    assert row.title is None and row.request.amount == asked.amount
    again = invoices.offer(shop.sell().sale.sale_id)
    assert again.titles == ()
    invoices.withdraw(shop.cashier, asked.invoice, "")
    # She may still come with the receipt: then the sale's own key seals what she says.
    invoices.ask(shop.cashier, sale.sale_id, PERSON, later=True)
    titles = [each.title for each in invoices.listed().rows]
    assert titles == [msgspec.structs.replace(PERSON, phone="+8613800138000"), None]
    assert shop.verify().passed


def test_a_clerk_may_ask_and_may_not_issue(shop: DiskShop) -> None:
    from pos_app.domain.errors import ForbiddenError

    clerk = Actor(shop.cashier.staff_id, "小周", Role.CLERK)
    sale = shop.sell().sale
    asked = shop.shop.invoices.ask(clerk, sale.sale_id, PERSON, later=False)
    with pytest.raises(ForbiddenError):
        shop.shop.invoices.enter_number(clerk, asked.invoice, "12345678")
    with pytest.raises(ForbiddenError):
        shop.shop.invoice_handing.hand_over(shop.cashier, shop.folder / "batch.xlsx")


def test_a_changed_row_is_found_by_verify(shop: DiskShop) -> None:
    sale = shop.sell().sale
    shop.shop.invoices.ask(shop.cashier, sale.sale_id, PERSON, later=False)
    with shop.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE invoice SET amount = amount + 1")
    assert [(f.code, f.place) for f in shop.verify().findings] == [("proof.invoice_rows", sale.number)]
    with shop.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM invoice")
    assert {f.code for f in shop.verify().findings} == {"proof.invoice_rows"}
