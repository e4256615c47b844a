"""What one page hands to another arrives there."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from pos_app.domain.staff import Role
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.members import SCREEN as MEMBERS
from ui.returns import SCREEN as RETURNS
from ui.returns.page import ReturnsPage
from ui.sales import SCREEN as SALES
from ui.sales.page import SalesPage


def test_selling_to_a_member_from_her_page_puts_her_at_the_counter(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        at.sign_in(Role.CASHIER)
        with screen_till(at, [SALES, MEMBERS]) as till:
            till.shell.navigation.open(MEMBERS.id)
            till.keys.type("13800001234")
            till.keys.press(Qt.Key.Key_Return)
            till.keys.press(Qt.Key.Key_F12)
            assert till.shell.navigation.current == SALES.id
            assert "王小满" in _words(_sell(till).strip)


def test_a_receipt_scanned_on_sell_opens_that_receipt(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        at.sign_in(Role.CASHIER)
        number = at.sell("6931201000176").number
        with screen_till(at, [SALES, RETURNS]) as till:
            till.keys.scan(number)
            assert till.shell.navigation.current == RETURNS.id
            page = till.shell.page(RETURNS.id)
            assert isinstance(page, ReturnsPage)
            assert number in _words(page)


def test_a_signed_receipt_code_scanned_on_sell_opens_its_sale_but_not_while_paying(tmp_path: Path) -> None:
    with counter_till(tmp_path) as at:
        at.sign_in(Role.CASHIER)
        sale = at.sell("6931201000176")
        code = at.counter.shop.receipt_codes.code(sale)
        assert code is not None
        with screen_till(at, [SALES, RETURNS]) as till:
            till.keys.scan("6931201000176")
            till.keys.press(Qt.Key.Key_F12)
            till.keys.scan(code)
            assert till.shell.navigation.current == SALES.id
            till.keys.press(Qt.Key.Key_Escape)
            till.keys.scan(code)
            assert till.shell.navigation.current == RETURNS.id
            page = till.shell.page(RETURNS.id)
            assert isinstance(page, ReturnsPage)
            assert sale.number in _words(page)


def _sell(till: ScreenTill) -> SalesPage:
    page = till.shell.page(SALES.id)
    assert isinstance(page, SalesPage)
    return page


def _words(widget: QWidget) -> str:
    """Return what stands on the labels."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel))
