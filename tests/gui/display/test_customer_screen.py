"""What the customer sees and does on her own screen while the cashier sells with keys and scans."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.members import Purpose
from tests.support.customer_screen import SECOND, THIRD, CustomerScreen, customer_screen
from ui.display.side import QtScreens
from ui.display.state import State
from ui.returns import SCREEN as RETURNS
from ui.sales import SCREEN as SALES
from ui.sales import sales_screen
from ui.sales.page import SalesPage

MILK, WIPES = "6931201000176", "6931201000312"
KNOWN, NEW = "13800001234", "13911112222"
Key = Qt.Key


class Hand:
    """A clock that a test moves: a person waits between two Enters."""

    ms = 0.0

    def __call__(self) -> float:
        return self.ms


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def there(tmp_path: Path, qtbot: QtBot, hand: Hand) -> Iterator[CustomerScreen]:
    with customer_screen(tmp_path, [sales_screen(hand), RETURNS]) as made:
        yield made


def sell_page(there: CustomerScreen) -> SalesPage:
    page = there.till.shell.page(SALES.id)
    assert isinstance(page, SalesPage)
    return page


def shown(there: CustomerScreen) -> State:
    return there.sides[0]._presenter.state


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_between_customers_the_shop_says_its_name(there: CustomerScreen) -> None:
    assert there.window.page == "idle"
    assert there.till.at.counter.shop.current.value.shop_name in words(there.window)


def test_each_line_and_the_sum_follow_the_scans(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.till.keys.scan(WIPES)
    state = shown(there)
    assert there.window.page == "counter" and len(state.rows) == 2
    totals = sell_page(there).presenter.state().totals
    assert state.due == f"¥{totals.due / 100:,.2f}"
    assert state.current == 1


def test_what_came_off_stands_under_its_line_and_in_the_sum(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.till.keys.press(Key.Key_F5)
    there.till.keys.type("-5")
    there.till.keys.press(Key.Key_Return)
    state = shown(there)
    assert state.rows[0].off == "−¥5.00" and ("已优惠", "−¥5.00") in state.notes


def test_the_change_is_shown_large_and_makes_room_in_time(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.till.keys.press(Key.Key_F12)
    assert "请付款" in shown(there).message
    there.till.keys.type("200")
    there.till.keys.press(Key.Key_Return)
    assert there.window.page == "paid" and shown(there).big == "¥72.00"
    there.sides[0]._presenter.pass_time()
    assert there.window.page == "idle"
    there.till.keys.scan(MILK)
    assert there.window.page == "counter"


def test_a_bill_paid_exactly_says_what_was_paid(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.till.keys.press(Key.Key_F12)
    there.till.keys.press(Key.Key_Return)
    assert shown(there).big_words == "已付清" and shown(there).big == "¥128.00"


def test_a_member_sees_herself_masked_or_not_at_all(there: CustomerScreen) -> None:
    there.till.keys.type(KNOWN)
    there.till.keys.press(Key.Key_Return)
    there.till.keys.scan(MILK)
    assert shown(there).member == "王** 138****1234"
    assert KNOWN not in words(there.window)
    there.set(member=False)
    assert shown(there).member == ""


def test_a_member_types_her_own_phone_and_the_cashier_sees_her(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type(KNOWN)
    assert shown(there).typed == "138 0000 1234"
    there.touch("display_enter")
    state = sell_page(there).presenter.state()
    assert state.listing is not None or state.member is not None
    if state.member is None:
        there.till.keys.press(Key.Key_Down)
        there.till.keys.press(Key.Key_Return)
        state = sell_page(there).presenter.state()
    assert state.member is not None and "王小满" in state.member.name
    assert there.window.page == "counter" and shown(there).type_phone == ""


def test_a_new_phone_is_asked_for_a_yes_that_is_touched_and_recorded_so(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type(NEW)
    there.touch("display_enter")
    assert there.window.page == "ask" and "同意吗" in shown(there).ask_text
    assert "139 1111 2222" in shown(there).ask_title
    there.touch("display_yes")
    member = there.till.at.counter.shop.members.find_phone(NEW)
    assert member is not None
    given = [consent for consent in member.consents if consent.purpose is Purpose.MEMBERSHIP]
    assert [(consent.given, consent.how) for consent in given] == [(True, "screen")]
    assert sell_page(there).presenter.state().member is not None
    assert there.window.page == "counter"


def test_the_cashiers_enter_is_a_spoken_yes_as_before(there: CustomerScreen, hand: Hand) -> None:
    there.till.keys.scan(MILK)
    there.till.keys.type(NEW)
    there.till.keys.press(Key.Key_Return)
    assert there.window.page == "ask"
    hand.ms += 500
    there.till.keys.press(Key.Key_Return)
    member = there.till.at.counter.shop.members.find_phone(NEW)
    assert member is not None and {consent.how for consent in member.consents} == {"spoken"}


def test_her_no_keeps_nothing_and_the_sale_goes_on(there: CustomerScreen, hand: Hand) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type(NEW)
    there.touch("display_enter")
    there.touch("display_no")
    assert there.window.page == "counter"
    assert there.till.at.counter.shop.members.find_phone(NEW) is None
    assert not sell_page(there).presenter.state().box
    hand.ms += 500
    there.till.keys.press(Key.Key_Return)
    assert there.till.at.counter.shop.members.find_phone(NEW) is None


def test_a_short_number_and_a_busy_cashier_are_said_on_the_pad(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type("138")
    there.touch("display_enter")
    assert "不完整" in shown(there).problem
    there.touch("display_rub_out")
    assert shown(there).typed == "13" and not shown(there).problem
    there.type("800001234")
    there.till.keys.press(Key.Key_F6)
    there.touch("display_enter")
    assert there.window.page == "pad" and "正忙" in shown(there).problem


def test_paying_closes_a_pad_that_was_left_open(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type("138")
    there.till.keys.press(Key.Key_F12)
    assert there.window.page == "counter" and shown(there).type_phone == ""


def test_an_unfinished_number_goes_by_itself(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type("1380")
    there.sides[0]._presenter.pass_time()
    assert there.window.page == "counter" and shown(there).typed == ""


def test_touching_takes_neither_the_keys_nor_a_scan_away(there: CustomerScreen) -> None:
    box = sell_page(there).box
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    there.type("1")
    assert QApplication.focusWidget() is box
    assert all(w.focusPolicy() is Qt.FocusPolicy.NoFocus for w in there.window.findChildren(QPushButton))
    assert there.window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    there.till.keys.scan(WIPES)
    assert len(sell_page(there).presenter.state().rows) == 2
    assert there.window.page == "pad", "she may go on typing"


def test_a_finger_in_the_middle_of_a_scan_does_not_break_it(there: CustomerScreen) -> None:
    scanner = there.till.shell.scanner
    for character in MILK[:6]:
        QTest.keyClick(sell_page(there).box, character)
    assert scanner._recogniser.held
    QTest.mouseClick(there.window, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert scanner._recogniser.held, "the burst goes on"


def test_the_customer_turns_the_language_and_the_next_one_finds_the_shops(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_language")
    assert shown(there).due_words == "Total" and shown(there).other_language == "中文"
    assert sell_page(there).presenter.state().totals.parts[0][0] == "小计", "the till speaks on"
    there.till.keys.press(Key.Key_F12)
    there.till.keys.press(Key.Key_Return)
    assert shown(there).big_words == "Paid"
    there.sides[0]._presenter.pass_time()
    assert shown(there).other_language == "English"


def test_a_screen_that_is_unplugged_takes_its_window_along_and_selling_goes_on(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.screens.plug()
    assert not there.stands
    there.till.keys.scan(WIPES)
    assert len(sell_page(there).presenter.state().rows) == 2
    there.screens.plug(SECOND)
    assert there.window.page == "counter" and len(shown(there).rows) == 2
    assert there.window.geometry() == there.screens.area(SECOND)


def test_where_the_till_itself_is_moved_to_is_heard_of(qtbot: QtBot) -> None:
    """Its window would lie under the customer's else."""
    window, heard = QWidget(), []
    qtbot.addWidget(window)
    window.show()
    QtScreens(window).watch(lambda: heard.append(True))
    handle = window.windowHandle()
    handle.screenChanged.emit(handle.screen())
    assert heard == [True]


def test_the_chosen_screen_is_remembered_and_no_other_is_taken(there: CustomerScreen) -> None:
    there.screens.plug(SECOND, THIRD)
    there.set(screen=THIRD)
    assert there.window.geometry() == there.screens.area(THIRD)
    there.screens.plug(SECOND)
    assert not there.stands
    there.screens.plug(SECOND, THIRD)
    assert there.window.geometry() == there.screens.area(THIRD)


def test_with_one_screen_a_small_window_shows_it(there: CustomerScreen) -> None:
    there.screens.plug()
    there.set(screen="preview")
    assert there.window.width() < 1000 and there.window.page == "idle"


def test_turned_off_it_is_gone_and_turned_on_again_it_knows_the_bill(there: CustomerScreen) -> None:
    there.set(on=False)
    assert not there.stands
    there.till.keys.scan(MILK)
    there.set(on=True)
    there.till.keys.scan(WIPES)
    assert len(shown(there).rows) == 2


def test_the_till_closes_the_screen_with_its_window(there: CustomerScreen) -> None:
    window = there.window
    there.display.stop()
    assert not window.isVisible() and not there.stands
    there.screens.plug(SECOND, THIRD)
    assert not there.stands


def test_every_button_is_large_enough_for_a_finger(there: CustomerScreen) -> None:
    there.till.keys.scan(MILK)
    there.touch("display_phone")
    for width, height in ((800, 500), (1024, 600), (1920, 1080)):
        there.window.resize(width, height)
        QApplication.processEvents()
        small = [
            b.objectName()
            for b in there.window.findChildren(QPushButton)
            if b.isVisible() and min(b.height(), b.width()) < 64
        ]
        assert not small, (width, small)
