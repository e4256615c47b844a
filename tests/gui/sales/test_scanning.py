"""Scans and typed texts at the counter: what they put there, and what they never do."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.sales.conftest import Till, words

MILK, MILK_CASE = "6931201000176", "6931201000244"
RING = "GD26110001"
UNKNOWN = "9999999999994"
MEMBER = "13800001234"
CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_same_goods_scanned_again_raise_the_quantity_and_a_case_is_a_line_of_its_own(till: Till) -> None:
    for code in (MILK, MILK, MILK_CASE):
        till.keys.scan(code)
    assert [(row.quantity, row.amount) for row in till.state.rows] == [("2", "¥256.00"), ("1", "¥1,536.00")]


def test_a_quantity_typed_before_the_scan_counts_for_it(till: Till) -> None:
    till.keys.type("3*")
    till.keys.scan(MILK)
    assert (till.state.rows[0].quantity, till.page.box.text()) == ("3", "")


def test_a_quantity_typed_after_the_scan_changes_the_line_at_hand(till: Till) -> None:
    till.keys.scan(MILK)
    till.say("*3")
    assert till.state.rows[0].quantity == "3"


def test_a_quantity_of_nothing_or_of_a_thousand_million_is_refused_in_words(till: Till) -> None:
    till.keys.scan(MILK)
    for text in ("*0", "*1000000000", "*-2"):
        till.say(text)
        assert till.words("hint") == words("sales.error.quantity")
        assert till.state.rows[0].quantity == "1"
        till.page.box.clear()


def test_a_piece_shows_its_metal_and_labour_and_stands_in_a_cart_once(till: Till) -> None:
    till.keys.scan(RING)
    till.keys.scan(RING)
    (row,) = till.state.rows
    assert row.amount == "¥3,390.40" and [d.amount for d in row.details] == ["¥3,299.12", "¥91.28"]
    assert till.tones.sounded == ["accepted", "refused"]


def test_enter_on_an_empty_box_does_nothing(till: Till) -> None:
    till.keys.scan(MILK)
    before = till.state
    till.enter()
    till.enter()
    assert till.state == before


def test_an_unknown_code_stays_red_and_pay_waits_until_it_is_settled(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.scan(UNKNOWN)
    assert [row.unknown for row in till.state.rows] == [False, True]
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is None
    assert till.words("hint") == words("sales.refuse.unsettled", count=1)
    till.press(Qt.Key.Key_F5)
    till.say("12.5")
    assert till.state.rows[1].amount == "¥12.50" and not till.state.rows[1].unknown
    till.press(Qt.Key.Key_F12)
    assert till.words("pay_due") == "¥140.50"
    till.enter()
    assert till.words("change") == "¥0.00"


def test_a_payment_code_is_refused_and_charges_nothing(till: Till) -> None:
    till.keys.scan(MILK)
    for code in ("134567890123456789", "281234567890123456"):
        till.keys.scan(code)
        assert till.words("hint") == words("sales.refuse.payment_code")
    assert len(till.state.rows) == 1


def test_a_web_address_and_a_wrong_check_digit_are_refused_in_words(till: Till) -> None:
    till.keys.scan("https://example.com/p/1")
    assert till.words("hint") == words("sales.refuse.web_address")
    till.keys.scan("6931201000177")
    assert "6931201000177" in till.words("hint") and not till.state.rows


def test_open_priced_goods_ask_their_amount_in_place_and_a_price_of_zero_its_reason(till: Till) -> None:
    till.say("JJ9001-1")
    assert till.state.ask is not None
    till.say("abc")
    assert till.words("ask_under") == words("sales.error.amount_text")
    till.page.ask.field.clear()
    till.say("18")
    assert till.state.rows[0].amount == "¥18.00"
    till.say("JJ9001-1")
    till.say("0")
    till.enter()
    assert till.words("ask_under") == words("sales.error.reason_needed")
    till.press(Qt.Key.Key_F1)
    assert till.state.rows[1].amount == "¥0.00" and "赠送" in till.state.rows[1].under


def test_a_scan_into_a_question_is_refused_and_types_nothing(till: Till) -> None:
    till.keys.scan(MILK)
    for key, modifiers in ((Qt.Key.Key_F5, None), (Qt.Key.Key_N, CTRL)):
        till.press(key, modifiers or Qt.KeyboardModifier.NoModifier)
        till.keys.scan(MILK_CASE)
        assert till.tones.sounded[-1] == "refused"
        assert till.page.ask.field.text() == "" and len(till.state.rows) == 1
        till.press(Qt.Key.Key_Escape)
    assert till.state.ask is None


def test_goods_are_searched_while_typed_and_taken_with_the_arrow_and_enter(till: Till) -> None:
    till.keys.type("naiping")
    listing = till.state.listing
    assert listing is not None and listing.current == -1 and "9 / 9" in listing.count
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.listing is None and len(till.state.rows) == 1 and till.page.box.text() == ""


def test_a_text_that_finds_nothing_says_so(till: Till) -> None:
    till.say("qqqq")
    assert till.words("hint") == words("sales.refuse.nothing_found", text="qqqq") and not till.state.rows


def test_delete_takes_a_line_off_on_record_and_it_comes_back_within_ten_seconds(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.scan(RING)
    till.press(Qt.Key.Key_Up)
    till.press(Qt.Key.Key_Delete)
    assert [row.name for row in till.state.rows] == ["足金999 福字转运珠手链"] and till.state.undo
    till.press(Qt.Key.Key_Z, CTRL)
    assert [row.place for row in till.state.rows] == ["1", "2"] and not till.state.undo
    till.press(Qt.Key.Key_Delete)
    till.clock.advance(10_000)
    till.press(Qt.Key.Key_Z, CTRL)
    assert len(till.state.rows) == 1 and not till.state.undo
    with till.behind.till.store.read() as tx:
        kinds = tx.journal.count_kinds((0, 0))
    assert (kinds["cart.line_removed"], kinds["cart.line_restored"]) == (2, 1)


def test_the_cart_that_was_open_comes_back_with_its_member_and_its_money(till: Till) -> None:
    till.keys.scan(MILK)
    till.say(MEMBER)
    till.press(Qt.Key.Key_F12)
    till.say("100")
    till.shell.forget_pages()
    till.shell.navigation.open(till.shell.navigation.screens()[0].id)
    assert till.state.member is not None and till.state.member.phone == "138****1234"
    assert till.state.pay is not None and till.words("pay_due") == "¥28.00"


@pytest.mark.parametrize("code", ["GD26110007", "NF0001-1"])
def test_a_code_with_letters_that_is_typed_leaves_no_list_over_the_cart(till: Till, code: str) -> None:
    till.keys.type(code[:2])
    till.keys.type(code[2:])
    till.enter()
    assert len(till.state.rows) == 1 and till.state.listing is None
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert [row.quantity for row in till.state.rows] == ["1"]
