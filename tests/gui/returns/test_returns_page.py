"""The returns page driven by keys and scans only, over the real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.returns import SCREEN
from ui.returns.page import ReturnsPage

MILK, WIPES = "6931201000176", "6931201000312"
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        yield till


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[ScreenTill]:
    with screen_till(counter, [SCREEN]) as shown:
        yield shown


def page(till: ScreenTill) -> ReturnsPage:
    found = till.shell.page(SCREEN.id)
    assert isinstance(found, ReturnsPage)
    return found


def wanted(till: ScreenTill) -> list[str]:
    return [row.cells[3].text for row in page(till).lines.rows()]


def problem(till: ScreenTill) -> str:
    return page(till)._presenter.state.problem


def latest(till: ScreenTill) -> tuple[str, int, int]:
    """Return kind, total and number of lines of the latest sale."""
    found = till.at.counter.shop.returns.history("", 1)[0]
    return found.kind, found.total, found.lines


def test_a_line_comes_back_by_its_receipt_number_with_keys_only(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, WIPES, times=[3, 1])
    till.keys.type(sale.number[-6:])
    till.keys.press(Key.Key_Return)
    till.keys.type("2")
    assert wanted(till) == ["2", ""]
    till.keys.press(Key.Key_F3)
    till.keys.press(Key.Key_F12)
    assert latest(till) == ("return", -2 * 12800, 1)
    assert till.at.around.kicked == 1 and till.at.around.woken == 1


def test_a_scanned_receipt_opens_and_scanned_goods_come_back_one_by_one(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, WIPES, times=[3, 1])
    till.keys.scan(sale.number)
    till.keys.scan(WIPES)
    till.keys.scan(MILK)
    till.keys.scan(MILK)
    assert wanted(till) == ["2", "1"]
    till.keys.scan("6900000000017")
    assert wanted(till) == ["2", "1"] and till.tones.sounded[-1] == "refused"


def test_never_more_than_was_bought_however_it_is_typed(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, times=[3])
    till.keys.scan(sale.number)
    till.keys.type("1000000000")
    assert "最多还能退 3" in problem(till)
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F12)
    assert latest(till) == ("return", -3 * 12800, 1)


def test_a_cashier_without_a_reason_is_asked_for_one_and_nothing_is_booked(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_F12)
    assert "原因" in problem(till)
    assert latest(till)[0] == "sale"


def test_a_clerk_needs_somebody_who_may_and_gets_nothing_without(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    till.at.sign_in(Role.CLERK)
    till.at.around.grants = False
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F12)
    assert len(till.at.around.asked) == 1 and latest(till)[0] == "sale"
    assert wanted(till) == ["1"]


def test_a_cashier_voids_a_whole_sale_once_somebody_who_may_has_said_yes(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, WIPES)
    till.at.sign_in(Role.CASHIER)
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_F3)
    till.keys.press(Key.Key_Delete, CTRL)
    till.keys.press(Key.Key_Return)
    assert latest(till)[0] == "sale"
    till.keys.press(Key.Key_Return, CTRL)
    assert len(till.at.around.asked) == 1
    assert latest(till) == ("void", -(12800 + 12200), 2)


def test_a_sale_of_an_earlier_shift_cannot_be_voided(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    shop, who = till.at.counter.shop, till.at.demo.owner
    shop.shifts.close(who, shop.shifts.x_report()[1].expected_cash, None)
    shop.shifts.open(who, sale.total)
    till.keys.scan(sale.number)
    assert not page(till)._presenter.state.can_void
    till.keys.press(Key.Key_F3)
    till.keys.press(Key.Key_Delete, CTRL)
    assert till.shell.overlay.content is None and latest(till)[0] == "sale"


def test_what_came_back_shows_in_words_and_comes_back_no_second_time(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    for _ in range(2):
        till.keys.scan(sale.number)
        till.keys.press(Key.Key_Space)
        till.keys.press(Key.Key_F2)
        till.keys.press(Key.Key_F12)
    card = page(till)._presenter.state.card
    assert card is not None and card.state == "已全部退货"
    assert len(till.at.counter.shop.returns.history()) == 2


def test_a_return_cannot_be_returned_and_leads_to_its_sale(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F12)
    till.keys.scan(till.at.counter.shop.returns.history("", 1)[0].number)
    state = page(till)._presenter.state
    assert not state.can_return and state.card is not None and "不能再退" in state.card.state
    till.keys.press(Key.Key_O, CTRL)
    assert page(till)._presenter.state.card.number == sale.number  # type: ignore[union-attr]


def test_a_returned_piece_can_be_sold_again(till: ScreenTill) -> None:
    sale = till.at.sell("GD26110001")
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F12)
    assert till.at.sell("GD26110001").total == sale.total


def test_money_goes_back_to_the_card_first_and_the_rest_in_cash(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, card=10000)
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_Space)
    money = page(till)._presenter.state.money
    assert [(m.words, m.amount) for m in money] == [("退回银行卡", "¥100.00"), ("退回现金", "¥28.00")]
    assert "0042" in money[0].hint


def test_a_copy_is_printed_from_the_history(till: ScreenTill) -> None:
    till.at.sell(MILK)
    till.shell.navigation.open(SCREEN.id)
    till.keys.press(Key.Key_Down)
    till.keys.press(Key.Key_F11)
    assert till.at.around.woken == 1
    assert "第 1 次" in till.shell.notices.texts()[0]


@pytest.mark.parametrize("typed", ["zzz", "<script>", "%", "'; --", "9" * 60])
def test_nonsense_finds_nothing_and_says_so(till: ScreenTill, typed: str) -> None:
    till.at.sell(MILK)
    till.keys.type(typed)
    till.keys.press(Key.Key_Return)
    assert page(till).history.rows() == ()
    assert till.tones.sounded == ["refused"]


def test_letters_on_a_line_change_nothing(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, times=[3])
    till.keys.scan(sale.number)
    till.keys.type("a.b1c")
    assert wanted(till) == ["1"]


def test_two_tills_hands_on_one_receipt_give_it_back_once(counter: CounterTill, qtbot: QtBot) -> None:
    sale = counter.sell(MILK, times=[2])
    with screen_till(counter, [SCREEN]) as till:
        till.keys.scan(sale.number)
        till.keys.press(Key.Key_Space)
        till.keys.press(Key.Key_F2)
        shop = counter.demo.shop
        found = shop.returns.open(sale.sale_id)
        preview = shop.returns.preview(sale.sale_id, {found.lines[0].line.line_id: ONE}, "other")
        shop.returns.give_back(counter.demo.owner, preview)
        till.keys.press(Key.Key_F12)
        assert problem(till) and wanted(till) == ["1"]
        assert len(shop.returns.history()) == 2


def test_a_second_confirmation_in_flight_is_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    lane = SteppedLane()
    with counter_till(tmp_path, lane) as counter, screen_till(counter, [SCREEN]) as till:
        sale = counter.sell(MILK)
        lane.run_all()
        till.keys.scan(sale.number)
        till.keys.press(Key.Key_Space)
        till.keys.press(Key.Key_F2)
        till.keys.press(Key.Key_F12)
        till.keys.press(Key.Key_F12)
        assert lane.waiting == 1
        lane.run_all()
        assert len(counter.demo.shop.returns.history()) == 2


def test_f12_with_nothing_chosen_asks_for_goods_before_a_reason(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, times=[2])
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_F12)
    assert problem(till) == "请先选择要退的商品"
    till.keys.type("1")
    till.keys.press(Key.Key_F12)
    assert problem(till) == "请选择退货原因"
    assert len(till.at.counter.shop.returns.history()) == 1


def test_a_line_shows_what_would_come_back_when_too_much_was_typed(till: ScreenTill) -> None:
    sale = till.at.sell(MILK, times=[2])
    till.keys.scan(sale.number)
    till.keys.type("15")
    assert wanted(till) == ["2"] and "2" in problem(till)


def test_a_sale_left_open_shows_what_happened_meanwhile(till: ScreenTill) -> None:
    """The manager looks at it, closes the shift on another page and comes back."""
    sale = till.at.sell(MILK, times=[3])
    till.keys.scan(sale.number)
    till.keys.type("2")
    till.keys.press(Key.Key_F4)
    assert page(till)._presenter.state.can_void
    shop = till.at.counter.shop
    shop.shifts.close(till.at.demo.owner, shop.shifts.x_report()[1].expected_cash, None)
    shop.shifts.open(till.at.demo.owner, Amount(50_000))
    till.shell.navigation.open(SCREEN.id)
    state = page(till)._presenter.state
    assert not state.can_void
    assert wanted(till) == ["2"] and state.reason is not None
    till.keys.press(Key.Key_F12)
    assert latest(till) == ("return", -2 * 12800, 1)


def test_what_was_given_back_is_left_by_a_tap_too(till: ScreenTill) -> None:
    sale = till.at.sell(MILK)
    till.keys.scan(sale.number)
    till.keys.press(Key.Key_Space)
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F12)
    page(till).done.leave.click()
    assert len(page(till).history.rows()) == 2 and page(till)._presenter.state.stage.value == "history"
