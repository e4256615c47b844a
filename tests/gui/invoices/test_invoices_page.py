"""The page of invoices, by keys: asked after a payment, found by receipt, handed over, issued, taken back in red."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.invoices import TitleKind
from pos_app.domain.invoices.titles import InvoiceTitle
from pos_app.domain.sales.sale import Sale
from pos_app.domain.staff import Role
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.receipt_codes import receipt_code
from pos_app.words import set_language
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.invoices import SCREEN
from ui.invoices.page import InvoicesPage
from ui.invoices.state import Stage
from ui.returns import SCREEN as RETURNS
from ui.sales import sales_screen
from ui.shell.screens import ScreenId

MILK = "6931201000176"
CODE, OTHER = "91350100M000100Y43", "9144030071526726XG"
NUMBER, RED = "26317000000012345678", "26317000000012345700"
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
COMPANY = InvoiceTitle(kind=TitleKind.COMPANY, title="上海拾光商贸有限公司", tax_number=CODE)


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    """A till with Sell, the receipts and the invoices."""
    with counter_till(tmp_path) as at, screen_till(at, [sales_screen(), RETURNS, SCREEN]) as made:
        yield made


def page(till: ScreenTill) -> InvoicesPage:
    """Return the page."""
    found = till.shell.page(SCREEN.id)
    assert isinstance(found, InvoicesPage)
    return found


def states(till: ScreenTill) -> list[str]:
    """Return how all requests stand, the newest first."""
    with till.at.demo.shop.store.read() as tx:
        return [request.state.value for request in tx.invoices.listed(None, "", 50)]


def asked(till: ScreenTill, title: InvoiceTitle = COMPANY) -> Sale:
    """Sell something and ask for its invoice."""
    sale = till.at.sell(MILK, times=[2])
    till.at.demo.shop.invoices.ask(till.at.demo.owner, sale.sale_id, title, later=False)
    return sale


def field(till: ScreenTill, name: str) -> QLineEdit:
    """Return a field of the form."""
    return page(till).form.edits[name]


def write(till: ScreenTill, text: str) -> None:
    """Write words as an input method does, into the field that has the focus."""
    at = QApplication.focusWidget()
    assert isinstance(at, QLineEdit), at
    at.insert(text)


def notice(till: ScreenTill) -> str:
    """Return the latest notice."""
    return till.shell.notices.texts()[-1]


def test_after_a_payment_ctrl_i_asks_and_the_till_sells_on(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    till.keys.press(Key.Key_I, CTRL)
    assert till.shell.navigation.current == SCREEN.id
    assert page(till).presenter.state.stage is Stage.FORM
    write(till, "上海拾光商贸有限公司")
    till.keys.press(Key.Key_Return)
    till.keys.type(CODE.lower())
    till.keys.press(Key.Key_Return, CTRL)
    assert till.shell.navigation.current == ScreenId("sales")
    listed = till.at.demo.shop.invoices.listed().rows[0]
    assert (listed.request.sale, listed.request.later) == (sale.sale_id, False)
    assert listed.title == COMPANY
    assert sale.number in notice(till)


def test_with_goods_in_the_cart_the_payment_comes_first(till: ScreenTill) -> None:
    till.at.sell(MILK)
    till.keys.scan(MILK)
    till.keys.press(Key.Key_I, CTRL)
    assert till.shell.navigation.current == ScreenId("sales")
    assert till.tones.sounded[-1] == "refused"


def test_a_wrong_check_character_is_told_while_it_is_typed_and_enter_asks_nothing(till: ScreenTill) -> None:
    till.at.sell(MILK)
    till.keys.press(Key.Key_I, CTRL)
    write(till, "拾光")
    till.keys.press(Key.Key_Return)
    till.keys.type(CODE[:-1] + "4")
    form = page(till).presenter.state.form
    assert form is not None and "“3”" in form.faults["tax_number"] and "“4”" in form.faults["tax_number"]
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return, CTRL)
    assert page(till).presenter.state.stage is Stage.FORM and states(till) == []
    field(till, "tax_number").setText(CODE)
    till.keys.press(Key.Key_Return, CTRL)
    assert states(till) == ["asked"]


def test_a_person_gives_a_phone_and_every_fault_stands_under_its_field(till: ScreenTill) -> None:
    till.at.sell(MILK)
    till.keys.press(Key.Key_I, CTRL)
    till.keys.press(Key.Key_F2)
    assert page(till).form.fields["tax_number"].isHidden()
    till.keys.press(Key.Key_Return, CTRL)
    form = page(till).presenter.state.form
    assert form is not None and set(form.faults) == {"phone"} and states(till) == []
    till.keys.press(Key.Key_Return)
    till.keys.type("13800138000")
    till.keys.press(Key.Key_Return, CTRL)
    assert states(till) == ["asked"]


def test_a_former_title_is_taken_with_two_keys(till: ScreenTill) -> None:
    asked(till)
    till.at.sell(MILK)
    till.keys.press(Key.Key_I, CTRL)
    till.keys.press(Key.Key_F3)
    till.keys.press(Key.Key_Return)
    assert (field(till, "title").text(), field(till, "tax_number").text()) == (COMPANY.title, CODE)
    till.keys.press(Key.Key_Return, CTRL)
    assert states(till) == ["asked", "asked"]


def test_leaving_asks_only_when_something_was_filled_in(till: ScreenTill) -> None:
    till.at.sell(MILK)
    till.keys.press(Key.Key_I, CTRL)
    till.keys.press(Key.Key_Escape)
    assert till.shell.navigation.current == ScreenId("sales")
    till.keys.press(Key.Key_I, CTRL)
    write(till, "拾光")
    till.keys.press(Key.Key_Escape)
    assert till.shell.overlay.content is not None
    till.keys.press(Key.Key_Escape)
    assert field(till, "title").text() == "拾光"
    till.keys.press(Key.Key_Escape)
    till.keys.press(Key.Key_Return)
    assert till.shell.navigation.current == ScreenId("sales") and states(till) == []


def test_later_the_receipt_is_scanned_by_its_number_or_its_code(till: ScreenTill) -> None:
    first, second = till.at.sell(MILK), till.at.sell(MILK)
    till.shell.navigation.open(SCREEN.id)
    till.keys.scan(first.number)
    assert page(till).presenter.state.stage is Stage.FORM
    till.keys.press(Key.Key_Escape)
    till.keys.scan(receipt_code(second, till.at.demo.outside.signer))
    form = page(till).presenter.state.form
    assert form is not None and form.receipt == second.number
    write(till, "拾光")
    till.keys.scan(first.number)
    assert form.receipt == second.number and till.tones.sounded[-1] == "refused"
    field(till, "tax_number").setText(CODE)
    till.keys.press(Key.Key_Return, CTRL)
    request = till.at.demo.shop.invoices.listed().rows[0].request
    assert (request.sale, request.later) == (second.sale_id, True)
    assert page(till).presenter.state.current == request.invoice


def test_a_second_request_for_a_sale_shows_the_first(till: ScreenTill) -> None:
    sale = asked(till)
    asked(till)
    till.shell.navigation.open(SCREEN.id)
    till.keys.scan(sale.number)
    assert page(till).presenter.state.stage is Stage.LIST
    detail = page(till).presenter.state.detail
    assert detail is not None and detail.receipt == sale.number
    assert "待开" in notice(till) and states(till) == ["asked", "asked"]


def test_from_an_old_receipt_its_invoice_is_asked_on_the_receipts_page(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    till.at.sell(MILK)
    till.shell.navigation.open(RETURNS.id)
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_I, CTRL)
    form = page(till).presenter.state.form
    assert form is not None and form.receipt == sale.number
    till.keys.press(Key.Key_Escape)
    assert till.shell.navigation.current == RETURNS.id


@pytest.mark.parametrize("text", ["N99-9-2026-000001", "abc"])
def test_a_receipt_that_is_not_here_is_told_with_what_to_do(till: ScreenTill, text: str) -> None:
    till.shell.navigation.open(SCREEN.id)
    till.keys.type(text)
    till.keys.press(Key.Key_Return)
    assert page(till).presenter.state.stage is Stage.LIST and not page(till).presenter.state.busy
    assert text.upper() in notice(till).upper()


def test_nothing_to_invoice_is_told_as_zero(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    shop, who = till.at.demo.shop, till.at.demo.owner
    wanted = {sale.lines[0].line_id: Quantity(ONE)}
    shop.returns.give_back(who, shop.returns.preview(sale.sale_id, wanted, "damaged"))
    till.keys.press(Key.Key_I, CTRL)
    assert "¥0.00" in notice(till) and page(till).presenter.state.stage is Stage.LIST


def test_chips_show_each_state_with_its_count(till: ScreenTill) -> None:
    first, second = asked(till), asked(till)
    invoices = till.at.demo.shop.invoices
    invoices.enter_number(
        till.at.demo.owner, invoices.listed(part=first.number).rows[0].request.invoice, NUMBER
    )
    till.shell.navigation.open(SCREEN.id)
    state = page(till).presenter.state
    assert [choice.words for choice in state.filters] == ["全部 2", "待开 1", "已交开票 0", "已开 1"]
    assert state.count == "2 / 2 张"
    till.keys.press(Key.Key_F3)
    state = page(till).presenter.state
    assert [row.receipt for row in state.rows] == [second.number] and state.count == "1 / 1 张"


def test_a_number_is_typed_by_hand_and_the_red_one_after_a_return(till: ScreenTill) -> None:
    sale = asked(till)
    till.shell.navigation.open(SCREEN.id)
    till.keys.press(Key.Key_F4)
    till.keys.type("12")
    till.keys.press(Key.Key_Return)
    assert states(till) == ["asked"] and till.tones.sounded[-1] == "refused"
    till.keys.press(Key.Key_Return)
    till.keys.type(f"{NUMBER} {sale.business_date.isoformat()}")
    till.keys.press(Key.Key_Return)
    assert states(till) == ["issued"]
    shop, who = till.at.demo.shop, till.at.demo.owner
    preview = shop.returns.preview(sale.sale_id, {sale.lines[0].line_id: Quantity(ONE)}, "damaged")
    shop.returns.give_back(who, preview)
    till.shell.navigation.open(SCREEN.id)
    detail = page(till).presenter.state.detail
    assert detail is not None and detail.state == "待红冲" and "¥128.00" in detail.hint
    till.keys.press(Key.Key_F4)
    till.keys.type(" ".join(RED[place : place + 4] for place in range(0, 20, 4)))
    till.keys.press(Key.Key_Return)
    assert states(till) == ["red"]


def test_a_request_is_withdrawn_with_a_reason_and_del_rubs_out_while_something_is_typed(
    till: ScreenTill,
) -> None:
    asked(till)
    till.shell.navigation.open(SCREEN.id)
    till.keys.type("2026")
    till.keys.press(Key.Key_Delete)
    assert till.shell.overlay.content is None
    till.keys.press(Key.Key_Escape)
    till.keys.press(Key.Key_Delete)
    write(till, "顾客不要了")
    till.keys.press(Key.Key_Return)
    assert states(till) == ["withdrawn"]


def file_dialog(till: ScreenTill, path: Path) -> None:
    """Choose a file in the system's window that is open."""
    window = till.shell.findChild(QFileDialog, "file_dialog")
    assert window is not None
    window.setOption(QFileDialog.Option.DontUseNativeDialog)
    window.selectFile(str(path))
    window.findChild(QLineEdit, "fileNameEdit").setText(str(path))  # type: ignore[union-attr]
    window.accept()


def test_what_waits_is_exported_and_the_answer_taken_in_with_bad_rows_told(
    till: ScreenTill, tmp_path: Path
) -> None:
    first, second = asked(till), asked(till)
    till.shell.navigation.open(SCREEN.id)
    till.keys.press(Key.Key_F6)
    file_dialog(till, tmp_path / "申请.xlsx")
    assert states(till) == ["sent", "sent"] and "申请.xlsx" in notice(till)
    assert (tmp_path / "申请.xlsx").exists() and (tmp_path / "申请.json").exists()
    assert page(till).hand_over.isHidden()
    answer = tmp_path / "answer.csv"
    answer.write_text(f"小票号,发票号码\n{first.number},{NUMBER}\n{second.number},12\n", "utf-8")
    till.keys.press(Key.Key_F7)
    file_dialog(till, answer)
    assert states(till) == ["sent", "issued"]
    assert "第 3 行" in notice(till) and second.number in notice(till)


def test_a_cashier_may_not_export_and_is_told_so(till: ScreenTill, tmp_path: Path) -> None:
    asked(till)
    till.at.sign_in(Role.CASHIER)
    till.shell.navigation.open(SCREEN.id)
    page(till).presenter.hand_over(tmp_path / "x.xlsx")
    assert states(till) == ["asked"] and not (tmp_path / "x.xlsx").exists()
    assert notice(till)


def test_the_first_time_the_page_says_how_a_request_comes_about(till: ScreenTill) -> None:
    till.shell.navigation.open(SCREEN.id)
    assert page(till).presenter.state.is_empty and page(till).list.empty.isVisible()


def test_every_word_is_there_in_english(till: ScreenTill) -> None:
    set_language("en")
    asked(till)
    till.shell.navigation.open(SCREEN.id)
    state = page(till).presenter.state
    assert state.detail is not None
    told = [state.count, state.detail.state, state.detail.hint, *(words for words, _ in state.detail.told)]
    assert not any("\u4e00" <= character <= "\u9fff" for text in told for character in text)


def test_an_answer_that_comes_after_a_newer_question_is_not_shown(tmp_path: Path, qtbot: QtBot) -> None:
    lane = SteppedLane()
    with counter_till(tmp_path, lane) as at, screen_till(at, [SCREEN]) as till:
        first, second = _two(at)
        page(till).presenter.search(first.number)
        page(till).presenter.search(second.number)
        lane.run_all()
        assert [row.receipt for row in page(till).presenter.state.rows] == [second.number]


def test_a_batch_and_an_answer_keep_no_sale_waiting(tmp_path: Path, qtbot: QtBot) -> None:
    slow, batch, answer = SteppedLane(), tmp_path / "batch.csv", tmp_path / "answer.csv"
    with counter_till(tmp_path) as at:
        beside = replace(at, counter=replace(at.counter, slow=slow))
        with screen_till(beside, [SCREEN]) as till:
            sale = asked(till)
            answer.write_text(f"小票号,发票号码\n{sale.number},{NUMBER}\n", "utf-8")
            page(till).presenter.hand_over(batch)
            assert states(till) == ["asked"] and not batch.exists()
            slow.run_all()
            assert states(till) == ["sent"] and batch.exists()
            page(till).presenter.take_answer(answer)
            assert states(till) == ["sent"]
            slow.run_all()
            assert states(till) == ["issued"]


def _two(at: CounterTill) -> tuple[Sale, Sale]:
    sales = at.sell(MILK), at.sell(MILK)
    for sale in sales:
        at.demo.shop.invoices.ask(at.demo.owner, sale.sale_id, COMPANY, later=False)
    return sales
