"""A return takes its invoice along: lowered, withdrawn, noted or asked to be taken back in red, and never too much."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.errors import ExpectedError
from pos_app.domain.invoices import InvoiceRequest, InvoiceState
from pos_app.domain.invoices.amounts import invoiceable
from pos_app.domain.sales.cart import Cart, set_quantity
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.invoices.telling import came_back
from tests.integration.invoices.test_asking import COMPANY, PERSON, paid_with
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, shop_on_disk

FIRST, RED, RED_AGAIN = "26317000000012345678", "26317000000012345700", "26317000000012345701"


def request(shop: DiskShop, sale: Sale) -> InvoiceRequest:
    """Return the newest request of a sale."""
    with shop.store.read() as tx:
        return tx.invoices.of_sale(sale.sale_id)[0]


def ask(shop: DiskShop, sale: Sale) -> InvoiceRequest:
    """Ask for the invoice of a sale."""
    return shop.shop.invoices.ask(shop.cashier, sale.sale_id, COMPANY, later=False)


def back(shop: DiskShop, sale: Sale, line: int) -> Sale:
    """Take one article of a line back."""
    preview = shop.shop.returns.preview(sale.sale_id, {sale.lines[line].line_id: Quantity(ONE)}, "damaged")
    return shop.shop.returns.give_back(shop.owner, preview).sale


def test_a_return_before_it_is_handed_over_lowers_what_is_asked_then_withdraws_it(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    ask(shop, sale)
    back(shop, sale, 0)
    lowered = request(shop, sale)
    assert (lowered.state, lowered.amount, lowered.reason) == (InvoiceState.ASKED, 999, "returned")
    assert [line.name for line in shop.shop.invoices.lines(lowered.invoice)] == ["手工牛轧糖"]
    back(shop, sale, 1)
    assert request(shop, sale).state is InvoiceState.WITHDRAWN
    assert shop.verify().passed


def test_an_invoice_keeps_the_lines_that_it_was_handed_over_with(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    asked = ask(shop, sale)
    back(shop, sale, 1)
    handed = shop.shop.invoices.lines(asked.invoice)
    assert [(line.name, line.amount) for line in handed] == [("18K金项链 45cm", 129_900)]
    shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    assert shop.shop.invoices.lines(asked.invoice) == handed
    shop.shop.invoices.enter_number(shop.cashier, asked.invoice, FIRST)
    assert shop.shop.invoices.lines(asked.invoice) == handed


def test_a_return_after_issue_asks_for_a_red_one_in_the_same_commit(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    asked = ask(shop, sale)
    shop.shop.invoices.enter_number(shop.cashier, asked.invoice, FIRST)
    back(shop, sale, 1)
    due = request(shop, sale)
    assert (due.state, due.red_due, due.number) == (InvoiceState.RED_ASKED, 999, FIRST)
    back(shop, sale, 0)
    assert request(shop, sale).red_due == 130_899
    done = shop.shop.invoices.enter_number(shop.cashier, asked.invoice, RED)
    assert (done.state, done.red_done, done.red_number) == (InvoiceState.RED, 130_899, RED)
    assert shop.verify().passed


def test_goods_that_come_back_after_a_red_one_ask_for_another(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    asked = ask(shop, sale)
    invoices = shop.shop.invoices
    invoices.enter_number(shop.cashier, asked.invoice, FIRST)
    back(shop, sale, 1)
    invoices.enter_number(shop.cashier, asked.invoice, RED)
    back(shop, sale, 0)
    due = request(shop, sale)
    assert (due.state, due.red_due, due.red_done) == (InvoiceState.RED_ASKED, 129_900, 999)
    assert invoices.enter_number(shop.cashier, asked.invoice, RED_AGAIN).worth == 0


def test_goods_that_come_back_while_it_is_with_the_office_are_taken_back_once_it_is_issued(
    shop: DiskShop,
) -> None:
    sale = shop.sell(NECKLACE, CANDY).sale
    asked = ask(shop, sale)
    shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    back(shop, sale, 1)
    sent = request(shop, sale)
    assert (sent.state, sent.amount, sent.red_due) == (InvoiceState.SENT, 130_899, 999)
    done = shop.shop.invoices.enter_number(shop.cashier, asked.invoice, FIRST)
    assert (done.state, done.red_due, done.number) == (InvoiceState.RED_ASKED, 999, FIRST)
    batch = shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "red.csv")
    assert (batch.sent, batch.red) == (0, 1)
    line = (shop.folder / "red.csv").read_text("utf-8-sig").splitlines()[1]
    assert "红字" in line and FIRST in line and "-9.99" in line
    answer = shop.folder / "answer.csv"
    answer.write_text(
        f"小票号,发票号码,蓝字/红字\n{sale.number},{RED},红字\n{sale.number},{RED},红字\n", "utf-8"
    )
    told = shop.shop.invoice_handing.take_answer(shop.manager, answer)
    assert (len(told.red), told.same, told.faults) == (1, 1, ())
    assert request(shop, sale).state is InvoiceState.RED
    assert shop.verify().passed


def test_what_is_handed_back_after_everything_came_back_is_withdrawn(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    asked = ask(shop, sale)
    shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    back(shop, sale, 0)
    gone = shop.shop.invoices.hand_back(shop.cashier, asked.invoice, "")
    assert gone.state is InvoiceState.WITHDRAWN
    assert shop.verify().passed


def test_a_wrong_title_is_taken_back_in_red_and_asked_for_anew(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    invoices = shop.shop.invoices
    asked = ask(shop, sale)
    invoices.enter_number(shop.cashier, asked.invoice, FIRST)
    assert invoices.ask_red(shop.cashier, asked.invoice, "抬头写错").red_due == 999
    invoices.enter_number(shop.cashier, asked.invoice, RED)
    assert invoices.ask(shop.cashier, sale.sale_id, PERSON, later=True).amount == 999
    assert shop.verify().passed


def test_what_goes_back_as_stored_value_leaves_the_invoice_alone(shop: DiskShop) -> None:
    sale = paid_with(shop, TenderKind.STORED_VALUE, 999, NECKLACE, CANDY)
    asked = ask(shop, sale)
    assert asked.amount == 129_900
    refund = back(shop, sale, 1)
    assert [t.kind for t in refund.tenders] == [TenderKind.STORED_VALUE]
    assert request(shop, sale).amount == 129_900 and request(shop, sale).state is InvoiceState.ASKED


def test_a_return_whose_commit_fails_leaves_the_invoice_as_it_was(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = shop.sell(CANDY).sale
    ask(shop, sale)

    def broken(*_: object) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr("pos_app.persistence.carts.SqlCarts.drop", broken)
    with pytest.raises(RuntimeError):
        back(shop, sale, 0)
    assert request(shop, sale).state is InvoiceState.ASKED
    assert shop.verify().passed


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "send", "issue", "back", "hand_back", "withdraw", "red"]), st.integers(0, 2)
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=40, deadline=timedelta(seconds=5), suppress_health_check=list(HealthCheck))
@given(steps=STEPS, stored=st.integers(0, 100_000))
def test_in_whatever_order_things_happen_no_more_is_invoiced_than_can_be(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], stored: int
) -> None:
    with shop_on_disk(tmp_path_factory.mktemp("shop") / "home") as shop:
        cart = shop.cart(NECKLACE, FORMULA, CANDY)
        cart = set_quantity(cart, cart.lines[2].line_id, Quantity(3 * ONE))
        sale = _sold(shop, cart, stored)
        number = 0
        for step, which in steps:
            number += 1
            try:
                _do(shop, sale, step, which, f"2631700000001{number:07}")
            except ExpectedError:
                continue
            finally:
                _check(shop, sale.sale_id)
        assert shop.verify().passed


def _sold(shop: DiskShop, cart: Cart, stored: int) -> Sale:
    tenders = [
        shop.shop.checkout.tender(TenderKind.CASH, Amount(shop.shop.checkout.price(cart).total - stored))
    ]
    if stored:
        tenders.insert(0, shop.shop.checkout.tender(TenderKind.STORED_VALUE, Amount(stored)))
    return shop.shop.checkout.commit(shop.cashier, msgspec.structs.replace(cart, tenders=tuple(tenders))).sale


def _do(shop: DiskShop, sale: Sale, step: str, which: int, number: str) -> None:
    invoices = shop.shop.invoices
    if step == "ask":
        ask(shop, sale)
    elif step == "back":
        back(shop, sale, which)
    elif step == "send":
        shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / f"{number}.csv")
    elif invoices.listed().rows:
        invoice = request(shop, sale).invoice
        if step == "issue":
            invoices.enter_number(shop.cashier, invoice, number)
        elif step == "red":
            invoices.ask_red(shop.cashier, invoice, "")
        else:
            getattr(invoices, step)(shop.cashier, invoice, "")


def _check(shop: DiskShop, sale_id: SaleId) -> None:
    """Σ invoiced − red (made or due) ≤ what can be invoiced; what waits to be sent is exactly that at most."""
    with shop.store.read() as tx:
        sale = tx.sales.get(sale_id)
        assert sale is not None
        limit = invoiceable(sale, came_back(tx, sale_id))
        requests = tx.invoices.of_sale(sale_id)
    assert sum(each.worth for each in requests) <= limit
    assert sum(each.stands for each in requests) <= 1
    assert all(0 <= each.red_due + each.red_done <= each.amount for each in requests)
