"""The catalogue page driven by keys and scans only, over the real store."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
from pos_app.services.ringing import Goods
from tests.support.screen_till import CounterTill, ScreenTill, screen_till
from ui.catalogue import SCREEN
from ui.catalogue.page import CataloguePage
from ui.catalogue.state import Tab

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
RING = "GD26110001"


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[ScreenTill]:
    with screen_till(counter, [SCREEN]) as shown:
        yield shown


def page(till: ScreenTill) -> CataloguePage:
    found = till.shell.page(SCREEN.id)
    assert isinstance(found, CataloguePage)
    return found


def names(till: ScreenTill) -> list[str]:
    return [row.cells[0].text for row in page(till).list.rows()]


@pytest.mark.parametrize("typed", ["zhuanyunzhu", "zyz", "GD0001"])
def test_goods_are_found_by_pinyin_initials_and_code(till: ScreenTill, typed: str) -> None:
    till.keys.type(typed)
    assert any("福字转运珠" in name for name in names(till))


def test_goods_are_found_by_a_typed_barcode_and_by_a_scan(till: ScreenTill) -> None:
    till.keys.type("6931201000176")
    assert names(till) == ["牧星 婴幼儿配方奶粉 1段 400g"]
    till.keys.scan("6931201000312")
    assert names(till) == ["牧星 婴幼儿配方奶粉 2段 400g"]


def test_the_whole_catalogue_is_reached_by_going_down(till: ScreenTill) -> None:
    total = till.at.counter.shop.catalogue.browse("", 1)[1]
    for _ in range(total // 10 + 2):
        till.keys.press(Key.Key_PageDown)
    assert len(names(till)) == total
    assert page(till)._presenter.state.count.startswith(f"{total} / {total}")


def test_a_scanned_piece_shows_its_goods_with_todays_price_of_each_piece(till: ScreenTill) -> None:
    till.keys.scan(RING)
    detail = page(till)._presenter.state.detail
    assert detail is not None
    piece = next(item for item in detail.pieces if item.code.startswith(RING))
    assert "GTC262499232" in piece.code
    assert "足金999" in piece.facts and "3.260 g" in piece.facts
    assert piece.right == "¥3,390.40" and piece.state == "在库"


def test_a_batch_past_its_day_is_marked_as_expired(till: ScreenTill) -> None:
    shop = till.at.counter.shop
    every = shop.catalogue.browse("", 1000)[0]
    for variant in every:
        batches = shop.catalogue.details(variant.variant_id)[2]
        if any(b.expires_on is not None and b.expires_on < shop.ringing.today() for b in batches):
            till.keys.type(variant.code)
            break
    detail = page(till)._presenter.state.detail
    assert detail is not None
    assert "已过期" in [batch.state for batch in detail.batches]


def test_a_new_gold_price_is_what_the_next_ring_costs(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F8)
    edit = page(till).gold.edits["足金999"]
    till.keys.press(Key.Key_Return)
    assert page(till).gold.edits[list(page(till).gold.edits)[1]].hasFocus()
    edit.setText("1020.00")
    till.keys.press(Key.Key_Return, CTRL)
    goods = till.at.counter.shop.ringing.meaning(RING)
    assert isinstance(goods, Goods) and goods.line.amount == 102000 * 3260 // 1000 + 2800 * 3260 // 1000


def test_a_gold_price_far_from_the_last_is_asked_about(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F8)
    edit = page(till).gold.edits["足金999"]
    edit.setText("10120")
    till.keys.press(Key.Key_Return, CTRL)
    assert till.shell.overlay.content is not None
    till.keys.press(Key.Key_Escape)
    prices = till.at.counter.shop.catalogue.gold_prices(till.at.counter.shop.ringing.today())
    assert {p.fineness: p.price for p in prices}["足金999"] == 101200
    assert edit.text() == "10120"


@pytest.mark.parametrize("typed", ["abc", "0", "-5", "10" * 6, "1012.005"])
def test_no_gold_price_is_taken_that_is_none(till: ScreenTill, typed: str) -> None:
    till.keys.press(Key.Key_F8)
    page(till).gold.edits["足金999"].setText(typed)
    till.keys.press(Key.Key_Return, CTRL)
    rows = page(till)._presenter.state.gold
    assert rows is not None and any(row.fault for row in rows)


@pytest.mark.parametrize("role", [Role.CLERK, Role.CASHIER])
def test_a_cashier_sees_gold_prices_and_sets_none(counter: CounterTill, qtbot: QtBot, role: Role) -> None:
    counter.sign_in(role)
    with screen_till(counter, [SCREEN]) as till:
        till.keys.press(Key.Key_F8)
        state = page(till)._presenter.state
        assert state.gold is None and "足金999 ¥1,012.00" in state.gold_line
        assert not page(till).gold_button.isVisible()


def test_an_unknown_code_is_refused_aloud(till: ScreenTill) -> None:
    before = names(till)
    till.keys.scan("6900000000017")
    assert till.tones.sounded == ["refused"] and names(till) == before


def test_f4_turns_to_the_next_section_and_round_again(till: ScreenTill) -> None:
    till.keys.scan(RING)
    detail = page(till).detail
    seen = []
    for _ in Tab:
        seen.append(detail._pages.currentIndex())
        till.keys.press(Key.Key_F4)
    assert sorted(seen) == list(range(len(Tab))) and detail._pages.currentIndex() == seen[0]
