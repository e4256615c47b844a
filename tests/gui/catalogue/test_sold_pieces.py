"""A sold piece on the catalogue page leads to its receipt by a key."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.words import format_date
from tests.gui.catalogue.hands import CTRL, Hands, Key
from tests.support.screen_till import CounterTill, screen_till
from ui.catalogue import SCREEN
from ui.catalogue.goods import Item
from ui.catalogue.state import Tab
from ui.shell.screens import Screen, ScreenId

RING = "GD26110001"


class Receipts(QWidget):
    """A page of receipts that notes what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.args: list[object] = []

    def opened(self, args: object) -> None:
        """Note what was asked for."""
        self.args.append(args)


RETURNS = Screen(ScreenId("returns"), "common.word.note", "receipt-text", lambda _context: Receipts())


@pytest.fixture
def both(counter: CounterTill, qtbot: QtBot) -> Iterator[Hands]:
    with screen_till(counter, [SCREEN, RETURNS]) as shown:
        yield Hands(shown)


def item(hands: Hands, code: str) -> Item:
    detail = hands.state.detail
    assert detail is not None
    return next(each for each in detail.pieces if each.code.startswith(code))


def asked(hands: Hands) -> list[object]:
    receipts = hands.till.shell.page(RETURNS.id)
    assert isinstance(receipts, Receipts)
    return receipts.args


def test_a_sold_piece_shows_its_receipt_and_a_key_opens_it(both: Hands) -> None:
    button = both.page.detail.buttons["receipt"]
    both.keys.scan(RING)
    assert both.state.tab is Tab.PIECES and button.isHidden()
    sale = both.till.at.sell(RING)
    both.keys.scan(RING)
    sold = item(both, RING)
    assert (sold.right, sold.state) == (sale.number, f"已售 · {format_date(sale.business_date)}")
    assert not button.isHidden()
    both.keys.press(Key.Key_R, CTRL)
    assert asked(both) == [{"number": sale.number}]


def test_of_two_sold_pieces_the_one_in_front_opens_its_receipt(both: Hands) -> None:
    both.keys.scan(RING)
    detail = both.state.detail
    assert detail is not None
    others = [each.code.split(" · ")[0] for each in detail.pieces if not each.code.startswith(RING)]
    first, second = both.till.at.sell(others[0]), both.till.at.sell(RING)
    both.keys.scan(RING)
    rows = both.page.detail.list_of(Tab.PIECES)
    both.keys.press(Key.Key_F3)
    for number, code in ((first.number, others[0]), (second.number, RING)):
        assert both.state.detail is not None
        rows.set_current([each.code.split(" · ")[0] for each in both.state.detail.pieces].index(code))
        both.keys.press(Key.Key_R, CTRL)
        assert asked(both)[-1] == {"number": number}
        both.till.shell.navigation.open(SCREEN.id)
        rows.view.setFocus()


def test_pieces_over_all_goods_name_receipts_too(both: Hands) -> None:
    sale = both.till.at.sell(RING)
    both.keys.press(Key.Key_F7)
    both.keys.type(RING)
    assert [row.item.right for row in both.state.pieces or ()] == [sale.number]
    both.keys.press(Key.Key_Down)
    both.keys.press(Key.Key_R, CTRL)
    assert asked(both) == [{"number": sale.number}]


def test_without_a_page_of_receipts_there_is_no_key_to_them(hands: Hands) -> None:
    hands.till.at.sell(RING)
    hands.keys.scan(RING)
    assert item(hands, RING).receipt
    assert hands.page.detail.buttons["receipt"].isHidden()
    hands.keys.press(Key.Key_R, CTRL)
    assert hands.reads()
