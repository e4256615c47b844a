"""What goes wrong at a counter: wrong codes, wrong figures, the wrong key at the wrong time."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea

from pos_app.domain.errors import StorageFullError
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.sales import PriceChanged
from pos_app.domain.sales.sale import CartEmptyError
from tests.gui.sales.conftest import Till, words
from tests.support.lanes import SteppedLane

MILK, PIECE = "6931201000176", "GD26110001"


def _pay(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)


def _sold(till: Till) -> list[int]:
    with till.behind.till.store.read() as tx:
        return [sale.total for sale in tx.sales.history(10)]


def _price_facts(till: Till) -> list[PriceChanged]:
    with till.behind.till.store.read() as tx:
        told = [decode(entry.body) for entry in tx.journal.entries((0, 0))]
    facts = [decode_content(each.kind, each.version, bytes(each.content)) for each in told]
    return [fact for fact in facts if isinstance(fact, PriceChanged)]


def test_none_or_a_billion_of_the_next_goods_is_refused_and_nothing_is_added(till: Till) -> None:
    for count in ("0*", "1000000000*"):
        till.keys.type(count)
        till.keys.scan(MILK)
        assert not till.state.rows and till.tones.sounded[-1] == "refused"
        assert till.words("hint") == words("sales.error.quantity")
        till.press(Qt.Key.Key_Escape)
    till.keys.scan(MILK)
    assert [row.quantity for row in till.state.rows] == ["1"]


def test_a_code_typed_in_small_letters_is_the_code_on_the_label(till: Till) -> None:
    till.say(PIECE.lower())
    assert [row.under.split(" · ")[0] for row in till.state.rows] == [PIECE]


def test_a_phone_in_the_field_of_cash_is_a_member_and_never_money(till: Till) -> None:
    _pay(till)
    till.say("13800001234")
    assert not _sold(till) and till.state.pay is not None and not till.state.pay.tenders
    assert till.state.member is not None and till.state.member.name == "王小满"


def test_once_money_was_given_a_phone_in_the_field_of_cash_is_refused(till: Till) -> None:
    _pay(till)
    till.say("10")
    till.say("13800001234")
    assert till.words("pay_under") == words("sales.pay.member_after_tender")
    till.enter()
    assert not _sold(till) and till.state.member is None
    till.press(Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    till.press(Qt.Key.Key_Delete)
    till.say("13800001234")
    assert till.state.member is not None and till.state.pay is not None


def test_the_question_whether_money_was_given_back_stands_in_front_of_an_old_error(till: Till) -> None:
    _pay(till)
    till.say("10")
    till.say("abc")
    assert till.words("pay_under") == words("sales.error.amount_text")
    till.press(Qt.Key.Key_Escape)
    asked = words("sales.pay.give_back", amount="¥10.00")
    assert till.words("pay_under") == asked
    till.keys.scan(MILK)
    assert asked in till.words("pay_under")
    till.press(Qt.Key.Key_Escape)
    assert till.state.pay is not None and len(till.state.pay.tenders) == 1


def test_a_barcode_scanned_into_a_discount_is_refused_beside_the_field_and_types_nothing(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F5)
    till.keys.type("9")
    till.keys.scan(MILK)
    assert till.page.ask.field.text() == "9" and [row.quantity for row in till.state.rows] == ["1"]
    assert till.words("ask_under") == words("sales.refuse.scan_now")
    assert till.tones.sounded[-1] == "refused"


def test_taking_a_discount_off_again_stands_in_the_journal(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F5)
    till.say("96%")
    till.press(Qt.Key.Key_F6)
    till.say("-1")
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F6, Qt.Key.Key_F6):
        till.press(key)
        till.enter()
    assert till.state.totals.due == 12800
    told = [(bool(fact.line), fact.asked, fact.before, fact.after) for fact in _price_facts(till)]
    assert told[2:] == [(True, "", 12188, 12700), (False, "", 12700, 12800)]


def test_the_tender_that_completes_a_bill_outlives_a_failed_sale_and_a_kill(
    open_till: Callable[..., Till],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lane = SteppedLane()
    till = open_till(lane=lane)
    _pay(till)
    lane.run_all()

    def full(*_args: object, **_more: object) -> None:
        raise StorageFullError()

    monkeypatch.setattr(type(till.behind.till.shop.checkout), "commit", full)
    till.say("200")
    lane.run_all()
    kept = till.behind.till.shop.carts.reopen()
    assert [tender.amount for tender in kept.tenders] == [20000]


def test_a_cart_that_a_full_disk_did_not_take_is_saved_by_itself_once_there_is_room(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = till.behind.till.shop.carts
    real = type(carts).keep

    def full(*_args: object, **_more: object) -> None:
        raise StorageFullError()

    monkeypatch.setattr(type(carts), "keep", full)
    till.keys.scan(MILK)
    QApplication.processEvents()
    till.page.presenter.flush()
    assert till.state.unsaved and not carts.reopen().lines
    till.page.presenter.tick()
    assert till.state.unsaved and len(till.shell.notices.texts()) == 1
    monkeypatch.setattr(type(carts), "keep", real)
    till.page.presenter.tick()
    assert not till.state.unsaved and till.shell.notices.texts() == []
    assert len(carts.reopen().lines) == 1


def test_a_removal_that_a_full_disk_did_not_take_is_recorded_once_there_is_room(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = till.behind.till.shop.carts
    real = {name: getattr(type(carts), name) for name in ("keep", "line_removed")}

    def full(*_args: object, **_more: object) -> None:
        raise StorageFullError()

    till.keys.scan(MILK)
    till.keys.scan(PIECE)
    for name in real:
        monkeypatch.setattr(type(carts), name, full)
    till.press(Qt.Key.Key_Delete)
    till.page.presenter.tick()
    for name, method in real.items():
        monkeypatch.setattr(type(carts), name, method)
    till.page.presenter.tick()
    with till.behind.till.store.read() as tx:
        assert tx.journal.count_kinds((0, 0))["cart.line_removed"] == 1
    assert not till.state.unsaved and len(carts.reopen().lines) == 1


def test_a_write_that_fails_for_good_holds_up_neither_the_cart_nor_what_comes_after_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = till.behind.till.shop.carts
    desk = till.page.presenter._desk
    done: list[str] = []
    disk_full = [True]

    def when_there_is_room() -> None:
        if disk_full[0]:
            raise StorageFullError()
        done.append("first")

    def never() -> None:
        if disk_full[0]:
            raise StorageFullError()
        raise CartEmptyError()

    till.keys.scan(MILK)
    for work in (when_there_is_room, never, lambda: done.append("last")):
        desk.send(work)
    till.page.presenter.tick()
    assert done == [] and till.state.unsaved
    disk_full[0] = False
    for _ in range(3):
        till.page.presenter.tick()
    assert done == ["first", "last"] and not till.state.unsaved
    assert len(carts.reopen().lines) == 1


def test_a_key_that_does_nothing_while_paying_is_not_offered(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.scan(PIECE)
    till.press(Qt.Key.Key_Delete)
    assert till.state.undo
    till.press(Qt.Key.Key_F12)
    assert not till.state.undo
    till.press(Qt.Key.Key_Escape)
    assert till.state.undo


def test_seven_tenders_can_all_be_seen_and_taken_off_one_by_one(till: Till) -> None:
    till.shell.resize(1024, 640)
    _pay(till)
    for _ in range(7):
        till.say("10")
    pay = till.page.pay
    tenders = pay.findChild(QScrollArea, "pay_tenders")
    assert tenders is not None and tenders.verticalScrollBar().maximum() > 0
    cash = pay.findChild(QPushButton, "pay_cash")
    assert pay.box.height() >= 44 and cash is not None and cash.height() >= 44
    till.press(Qt.Key.Key_Up)
    till.press(Qt.Key.Key_Delete)
    assert till.words("pay_due") == "¥68.00"


def test_a_held_cart_can_be_taken_up_for_a_member_who_is_here_already(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F3)
    till.say("13800001234")
    till.press(Qt.Key.Key_F4)
    till.enter()
    assert len(till.state.rows) == 1 and till.state.member is not None
    kept = till.behind.till.shop.carts.reopen()
    assert len(kept.lines) == 1 and kept.member is not None
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert _sold(till) == [12800] and not till.behind.till.shop.carts.reopen().lines


def test_a_shift_forgotten_yesterday_is_told_at_the_till_and_the_sale_goes_on(till: Till) -> None:
    till.behind.till.outside.clock.forward(timedelta(days=1))
    _pay(till)
    assert "22" in till.words("pay_caution") and till.state.pay is not None and till.state.pay.caution
    till.enter()
    assert _sold(till) == [12800]


def test_a_clock_set_back_a_year_is_told_before_money_is_taken(till: Till) -> None:
    _pay(till)
    assert not till.words("pay_caution")
    till.press(Qt.Key.Key_Escape)
    till.behind.till.outside.clock.forward(timedelta(days=-365))
    till.press(Qt.Key.Key_F12)
    assert "2026" in till.words("pay_caution")
    till.enter()
    till.behind.till.outside.clock.forward(timedelta(days=365))
    _pay(till)
    assert not till.words("pay_caution")
    till.enter()
    assert _sold(till) == [12800, 12800]


def test_a_scan_ends_a_search_and_a_sign_up_with_all_that_was_typed_for_them(till: Till) -> None:
    till.press(Qt.Key.Key_F2)
    till.keys.type("nai")
    till.keys.scan(MILK)
    assert till.page.box.text() == "" and till.state.mode == "sell" and till.state.listing is None
    till.say("13711112222")
    till.keys.scan(MILK)
    assert till.page.box.text() == "" and [row.quantity for row in till.state.rows] == ["2"]
    till.keys.type("nai")
    till.keys.scan(MILK)
    assert till.page.box.text() == "nai" and [row.quantity for row in till.state.rows] == ["3"]
