"""Requests are handed over as files that are whole or not there, and the answer is taken in row by row."""

import csv
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from pos_app.documents.invoice_file import AnswerHeadingsError
from pos_app.documents.tables.errors import FolderMissingError, FormatError
from pos_app.documents.tables.opening import open_table
from pos_app.domain.invoices import InvoiceState
from pos_app.domain.invoices.batches import (
    InvoiceDateError,
    InvoiceNumberError,
    NobodyAskedError,
    NumberTakenError,
    OtherNumberError,
)
from pos_app.domain.sales.sale import Sale
from pos_app.services.invoices.handing import AT_ONCE, NothingToHandOverError
from pos_app.services.ports.invoices import Handover
from tests.integration.invoices.test_asking import COMPANY, PERSON
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop

FIRST, SECOND = "26317000000012345678", "26317000000012345679"


def asked_sale(shop: DiskShop, *codes: str) -> Sale:
    """Sell something and ask for its invoice."""
    sale = shop.sell(*codes).sale
    shop.shop.invoices.ask(shop.cashier, sale.sale_id, COMPANY, later=False)
    return sale


def state(shop: DiskShop, sale: Sale) -> InvoiceState:
    """Return how the newest request of a sale stands."""
    with shop.store.read() as tx:
        return tx.invoices.of_sale(sale.sale_id)[0].state


def answer(
    path: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = ("小票号", "发票号码", "开票日期")
) -> Path:
    """Write an answer as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def test_a_batch_is_an_excel_and_a_json_and_its_requests_carry_the_hash(shop: DiskShop) -> None:
    sale, other = asked_sale(shop, NECKLACE, CANDY), shop.sell(CANDY).sale
    done = shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "批次.xlsx")
    assert (done.sent, done.red, done.path) == (1, 0, shop.folder / "批次.xlsx")
    with shop.store.read() as tx:
        request = tx.invoices.of_sale(sale.sale_id)[0]
        assert tx.invoices.of_sale(other.sale_id) == []
    assert request.state is InvoiceState.SENT
    assert request.file_sha256 == hashlib.sha256((shop.folder / "批次.xlsx").read_bytes()).hexdigest()
    with open_table(shop.folder / "批次.xlsx") as table:
        head, *rows = [row.cells for row in table.rows()]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["项目名称"], row["数量"], row["含税金额"], row["税率"]) for row in told] == [
        ("18K金项链 45cm", "1", "1299", "13%"),
        ("手工牛轧糖", "1", "9.99", "9%"),
    ]
    assert {
        (row["小票号"], row["购买方名称"], row["购买方纳税人识别号"], row["蓝字/红字"]) for row in told
    } == {(sale.number, COMPANY.title, COMPANY.tax_number, "蓝字")}
    written = json.loads((shop.folder / "批次.json").read_text("utf-8"))
    assert written["table_sha256"] == request.file_sha256
    assert written["requests"][0]["request_no"] == request.request_no
    assert shop.verify().passed


def test_a_second_batch_holds_nothing_twice_and_never_writes_over_the_first(shop: DiskShop) -> None:
    asked_sale(shop)
    target = shop.folder / "batch.csv"
    handing = shop.shop.invoice_handing
    handing.hand_over(shop.manager, target)
    with pytest.raises(NothingToHandOverError):
        handing.hand_over(shop.manager, target)
    before = target.read_bytes()
    asked_sale(shop)
    assert handing.hand_over(shop.manager, target).path == shop.folder / "batch-2.csv"
    assert target.read_bytes() == before and (shop.folder / "batch-2.json").exists()


def test_a_place_that_cannot_be_written_leaves_the_requests_waiting(shop: DiskShop) -> None:
    sale = asked_sale(shop)
    with pytest.raises(FolderMissingError):
        shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "nowhere" / "batch.xlsx")
    with pytest.raises(FormatError):
        shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.pdf")
    assert state(shop, sale) is InvoiceState.ASKED


def test_a_request_that_changes_while_the_batch_is_made_ready_leaves_no_file(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_app.services.invoices.handing import ChangedMeanwhileError

    sale = asked_sale(shop, NECKLACE, CANDY)
    office = shop.shop.invoice_handing._office
    prepare = office.prepare

    def meanwhile(batch: object, target: Path) -> Handover:
        shop.take_back(sale)
        return prepare(batch, target)  # type: ignore[arg-type]

    monkeypatch.setattr(office, "prepare", meanwhile)
    with pytest.raises(ChangedMeanwhileError):
        shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    assert state(shop, sale) is InvoiceState.ASKED
    assert [path.name for path in shop.folder.iterdir() if "batch" in path.name] == []


def test_the_answer_issues_what_it_names_and_tells_each_bad_row(shop: DiskShop) -> None:
    first, second, third = asked_sale(shop), asked_sale(shop), asked_sale(shop)
    shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    today = shop.clock.now().date().isoformat()
    told = shop.shop.invoice_handing.take_answer(
        shop.manager,
        answer(
            shop.folder / "answer.csv",
            (first.number, FIRST, today),
            (second.number, FIRST, today),
            (second.number, "123", today),
            (second.number, SECOND, "2031-01-01"),
            (second.number, SECOND, "tomorrow"),
            ("N01-1-2026-009999", SECOND, today),
            (third.number.lower(), SECOND, today.replace("-", "/") + " 10:20:30"),
            (third.number, FIRST[:-2] + "00", today),
            (third.number, SECOND, today),
        ),
    )
    assert len(told.issued) == 2 and told.same == 1
    assert [(fault.row, type(fault.error)) for fault in told.faults] == [
        (3, NumberTakenError),
        (4, InvoiceNumberError),
        (5, InvoiceDateError),
        (6, InvoiceDateError),
        (7, NobodyAskedError),
        (9, OtherNumberError),
    ]
    assert [state(shop, sale) for sale in (first, second, third)] == ["issued", "sent", "issued"]
    assert shop.verify().passed


def test_a_sale_goes_through_while_a_long_answer_is_taken_in(shop: DiskShop) -> None:
    asked = [asked_sale(shop) for _ in range(AT_ONCE + 2)]
    shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    rows = [(sale.number, str(int(FIRST) + place)) for place, sale in enumerate(asked)]
    path = answer(shop.folder / "answer.csv", *rows, headings=("小票号", "发票号码"))
    between: list[list[InvoiceState]] = []

    def sell() -> None:
        shop.store.on_facts = lambda: None
        shop.sell(CANDY)
        between.append([state(shop, sale) for sale in asked])

    shop.store.on_facts = sell
    told = shop.shop.invoice_handing.take_answer(shop.manager, path)
    assert [sorted(set(states)) for states in between] == [["issued", "sent"]]
    assert len(told.issued) == len(asked) and not told.faults
    assert shop.verify().passed


def test_an_answer_names_requests_by_their_own_number_too(shop: DiskShop) -> None:
    sale = asked_sale(shop)
    with shop.store.read() as tx:
        number = tx.invoices.of_sale(sale.sale_id)[0].request_no
    path = answer(shop.folder / "a.csv", (number, FIRST), headings=("发票流水号*", "数电发票号码"))
    assert len(shop.shop.invoice_handing.take_answer(shop.manager, path).issued) == 1


def test_a_table_without_the_columns_is_refused_whole(shop: DiskShop) -> None:
    path = answer(shop.folder / "a.csv", ("x", "y"), headings=("品名", "开票日期"))
    with pytest.raises(AnswerHeadingsError):
        shop.shop.invoice_handing.take_answer(shop.manager, path)


def test_a_number_is_typed_by_hand_and_stands_once(shop: DiskShop) -> None:
    first, second = asked_sale(shop), asked_sale(shop)
    invoices = shop.shop.invoices
    rows = {row.request.sale: row.request.invoice for row in invoices.listed().rows}
    done = invoices.enter_number(shop.cashier, rows[first.sale_id], FIRST)
    assert (done.state, done.number, done.issued_on) == (InvoiceState.ISSUED, FIRST, first.business_date)
    with pytest.raises(NumberTakenError) as refused:
        invoices.enter_number(shop.cashier, rows[second.sale_id], FIRST)
    assert refused.value.params == {"number": first.number}
    with pytest.raises(InvoiceDateError):
        invoices.enter_number(shop.cashier, rows[second.sale_id], SECOND, first.business_date - timedelta(1))
    with pytest.raises(InvoiceDateError):
        invoices.enter_number(shop.cashier, rows[second.sale_id], SECOND, date(2099, 1, 1))


def test_what_the_office_did_not_take_waits_again(shop: DiskShop) -> None:
    sale = asked_sale(shop)
    shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    invoice = shop.shop.invoices.listed().rows[0].request.invoice
    back = shop.shop.invoices.hand_back(shop.cashier, invoice, "税局退回")
    assert (back.state, back.file_sha256) == (InvoiceState.ASKED, None)
    assert shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx").sent == 1
    assert state(shop, sale) is InvoiceState.SENT


def test_an_erased_members_request_is_left_out_of_the_batch_and_told(shop: DiskShop) -> None:
    member = shop.sign_up("13900139000")
    sale = shop.sell(member=member).sale
    shop.shop.invoices.ask(shop.cashier, sale.sale_id, PERSON, later=False)
    asked_sale(shop)
    shop.shop.members.erase(shop.owner, member.member_id, "asked")
    done = shop.shop.invoice_handing.hand_over(shop.manager, shop.folder / "batch.xlsx")
    assert (done.sent, done.erased) == (1, 1)
