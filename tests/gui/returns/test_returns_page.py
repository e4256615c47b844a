"""The returns page driven by keys and scans only, over the real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
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
    assert wanted(till) == ["100000000"[:9]] or wanted(till) == ["3"]
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
