"""Members, salespeople, prices by hand, held carts and the small acts beside the cart."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.cards import make
from pos_app.domain.members import Replaced
from pos_app.domain.staff import Role
from pos_app.services.members import SignUp
from tests.gui.sales.conftest import Till, words
from tests.support.lanes import SteppedLane
from ui.shell.screens import ScreenId

MILK, RING = "6931201000176", "GD26110001"
MEMBER, NEW_PHONE, CARD = "13800001234", "13912345678", "886626000011"
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_member_is_found_by_her_phone_and_shown_masked(till: Till) -> None:
    till.say(MEMBER)
    assert (till.words("member_name"), till.words("member_phone")) == ("王小满", "138****1234")
    assert till.page.box.text() == ""


def test_four_digits_list_members_and_enter_alone_attaches_nobody(till: Till) -> None:
    till.say("1234")
    assert till.state.listing is not None and till.state.listing.current == -1
    till.enter()
    till.enter()
    assert till.state.member is None
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.member is not None


def test_a_new_phone_is_signed_up_with_thirteen_keys_and_the_number_is_kept_between(till: Till) -> None:
    till.keys.scan(MILK)
    for digit in NEW_PHONE:
        till.keys.type(digit)
    till.enter()
    assert "139 1234 5678" in till.words("hint") and till.page.box.text() == NEW_PHONE
    assert (
        words("members.consent.asked") in till.words("hint")
        and "Esc" in till.words("hint")
        and till.state.member is None
    )
    till.enter()
    assert len(NEW_PHONE) + 2 == 13
    assert till.state.member is not None and till.state.member.phone == "139****5678"
    assert len(till.state.rows) == 1 and till.page.box.text() == ""


def test_a_new_phone_is_signed_up_in_pay_with_thirteen_keys_and_the_total_stays(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is not None
    due = till.state.pay.due
    till.keys.type(NEW_PHONE)
    till.enter()
    assert till.state.member is None and "139 1234 5678" in till.words("pay_under")
    till.enter()
    assert till.state.member is not None and till.state.member.phone == "139****5678"
    assert till.state.pay is not None and till.state.pay.due == due and not till.state.pay.tenders
    till.enter()
    bought = till.behind.till.shop.members.search(NEW_PHONE)[0]
    assert bought.visits == 1


def test_no_yes_in_pay_leaves_the_bill_as_it_was(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.say(NEW_PHONE)
    till.press(Qt.Key.Key_Escape)
    assert till.state.pay is not None and till.state.member is None
    till.say("200")
    assert till.behind.till.shop.members.find_phone(NEW_PHONE) is None and till.state.done is not None


@pytest.mark.parametrize("number", ["+852 9123 4567", "+886 912 345 678"])
def test_a_number_of_hong_kong_or_taiwan_is_signed_up_alike(till: Till, number: str) -> None:
    till.say(number)
    assert till.state.member is None
    till.enter()
    found = till.behind.till.shop.members.find_phone(number)
    assert found is not None and till.state.member is not None
    till.press(Qt.Key.Key_F9)
    till.press(Qt.Key.Key_Delete)
    till.say(number)
    assert till.state.member is not None


def share_a_phone(till: Till) -> None:
    asked = SignUp(phone=MEMBER, agreed=True, name="李爸爸", shared=True)
    till.behind.till.shop.members.register(till.behind.till.owner, asked)


def test_a_shared_phone_asks_which_member_and_enter_alone_attaches_nobody(till: Till) -> None:
    share_a_phone(till)
    till.say(MEMBER)
    assert till.state.listing is not None
    assert [row.title for row in till.state.listing.rows][:2] == ["王小满", "李爸爸"]
    till.enter()
    till.enter()
    assert till.state.member is None
    till.press(Qt.Key.Key_Down)
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.member is not None and till.state.member.name == "李爸爸"


def test_a_shared_phone_that_is_scanned_asks_too(till: Till) -> None:
    share_a_phone(till)
    till.keys.scan(MEMBER)
    assert till.state.member is None and till.state.listing is not None
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.member is not None and till.state.member.name == "王小满"


def test_in_pay_a_shared_phone_asks_and_pay_comes_back_with_the_total(till: Till) -> None:
    share_a_phone(till)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.say(MEMBER)
    assert till.state.pay is None and till.state.listing is not None
    till.press(Qt.Key.Key_Down)
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.member is not None and till.state.member.name == "李爸爸"
    assert till.state.pay is not None and not till.state.pay.tenders


def test_another_person_on_a_known_phone_is_signed_up_beside_its_owner(till: Till) -> None:
    till.press(Qt.Key.Key_F10)
    till.say(MEMBER)
    assert till.state.listing is not None
    till.press(Qt.Key.Key_Up)
    till.enter()
    assert "另一位" in till.words("hint") and till.state.member is None
    till.enter()
    members = till.behind.till.shop.members.on_phone(MEMBER)
    assert len(members) == 2 and till.state.member is not None and till.state.member.name == "未留姓名"


def test_a_lost_card_is_refused_in_words_and_a_forwarded_one_says_so(till: Till) -> None:
    shop, owner = till.behind.till.shop, till.behind.till.owner
    member = shop.members.find_phone(MEMBER)
    assert member is not None
    shop.member_keys.replace(owner, member.member_id, CARD, Replaced.REFUSED)
    till.keys.scan(CARD)
    assert till.state.member is None and till.words("hint") == words("members.error.card_refused")
    assert not till.state.rows
    shop.member_keys.replace(owner, member.member_id, CARD, Replaced.FORWARDED)
    till.keys.scan(CARD)
    assert till.state.member is not None and "新卡" in till.words("hint")


def test_a_member_card_that_nobody_here_has_is_no_unknown_article(till: Till) -> None:
    till.keys.scan(make("00000000000042"))
    assert not till.state.rows and till.words("hint") == words("sales.refuse.unknown_card")


def test_a_member_erased_in_mid_sale_leaves_the_bill_without_a_name(till: Till) -> None:
    till.keys.scan(MILK)
    till.say(MEMBER)
    shop = till.behind.till.shop
    member = shop.members.find_phone(MEMBER)
    assert member is not None
    till.shell.navigation.open(ScreenId("returns"))
    shop.members.erase(till.behind.till.owner, member.member_id, "asked_by_member")
    till.shell.navigation.open(ScreenId("sales"))
    assert till.state.member is None and till.words("hint") == words("sales.notice.member_erased")
    assert len(till.state.rows) == 1
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert till.state.done is not None and till.behind.till.shop.members.get(member.member_id) is None


def test_full_width_digits_are_the_same_phone(till: Till) -> None:
    till.page.box.setText("１３９１２３４５６７８")
    till.enter()
    till.enter()
    assert till.state.member is not None and till.state.member.phone == "139****5678"


def test_escape_or_another_digit_gives_the_sign_up_up(till: Till) -> None:
    till.say(NEW_PHONE)
    till.press(Qt.Key.Key_Escape)
    till.enter()
    till.say(NEW_PHONE[:-1])
    till.keys.type("9")
    till.enter()
    till.press(Qt.Key.Key_F3)
    till.enter()
    assert till.state.member is None and till.behind.till.shop.members.find_phone(NEW_PHONE) is None


def test_a_bouncing_enter_does_not_speak_for_the_customer(till: Till) -> None:
    till.say(NEW_PHONE)
    till.press(Qt.Key.Key_Return)
    till.press(Qt.Key.Key_Return)
    till.press(Qt.Key.Key_Return)
    assert till.state.member is None


def test_the_member_box_finds_by_name_and_del_takes_the_member_off(till: Till) -> None:
    till.press(Qt.Key.Key_F9)
    till.page.box.setText("王小满")
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert till.state.member is not None
    till.press(Qt.Key.Key_F9)
    till.press(Qt.Key.Key_Delete)
    assert till.state.member is None


def test_a_discount_on_the_labour_shows_the_new_price_before_enter_and_the_golden_case_holds(
    till: Till,
) -> None:
    till.keys.scan(RING)
    till.press(Qt.Key.Key_F5)
    till.press(Qt.Key.Key_F2)
    till.keys.type("5")
    till.page.ask.field.setText("5折")
    assert "¥3,344.76" in till.words("ask_under")
    till.enter()
    assert till.state.totals.due == 334476
    assert [d.amount for d in till.state.rows[0].details] == ["¥3,299.12", "¥91.28", "−¥45.64"]


def test_a_discount_beyond_the_price_is_said_while_it_is_typed(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F5)
    till.keys.type("-500")
    assert till.words("ask_under") == words("sales.error.discount_beyond_price")
    till.enter()
    assert till.state.ask is not None and till.state.totals.due == 12800


def test_a_discount_beyond_the_limit_asks_a_reason_and_the_manager(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F5)
    till.keys.type("80%")
    till.enter()
    assert till.state.totals.due == 12800 and not till.behind.asked
    till.press(Qt.Key.Key_F2)
    assert len(till.behind.asked) == 1
    till.keys.type("69")
    till.behind.give_leave()
    assert till.state.totals.due == 10240 and till.page.box.text() == "69"
    assert "有瑕疵" in till.state.rows[0].details[0].words


def test_a_price_above_the_list_needs_a_reason(open_till: Callable[..., Till]) -> None:
    till = open_till(role=Role.MANAGER)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F5)
    till.say("=150")
    till.press(Qt.Key.Key_F4)
    assert till.state.totals.due == 15000


def test_an_empty_answer_takes_the_discount_off_again(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F5)
    till.say("96%")
    assert till.state.totals.due == 12288
    till.press(Qt.Key.Key_F5)
    till.enter()
    assert till.state.totals.due == 12800


def test_a_bill_discount_that_no_longer_fits_goes_with_a_notice(open_till: Callable[..., Till]) -> None:
    till = open_till(role=Role.OWNER)
    till.keys.scan(RING)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F6)
    till.say("-200")
    assert till.state.totals.due == 339040 + 12800 - 20000
    till.press(Qt.Key.Key_Up)
    till.press(Qt.Key.Key_Delete)
    assert till.state.totals.due == 12800
    assert words("sales.notice.bill_discount_gone") in till.shell.notices.texts()


def test_a_cart_is_held_with_the_typed_label_and_recalled_by_any_till_hand(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.type("hongyi")
    till.press(Qt.Key.Key_F3)
    assert not till.state.rows and till.page.box.text() == ""
    till.keys.scan(RING)
    till.press(Qt.Key.Key_F4)
    assert till.words("hint") == words("sales.refuse.recall_busy")
    till.press(Qt.Key.Key_F3)
    till.press(Qt.Key.Key_F4)
    listing = till.state.listing
    assert listing is not None and listing.rows[0].title == "hongyi" and "王晓燕" in listing.rows[0].under
    till.enter()
    assert [row.amount for row in till.state.rows] == ["¥128.00"]


def test_the_slip_of_a_held_cart_brings_it_back(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F3)
    code = till.words("hint").split()[1].partition("，")[0]
    assert code.startswith("SKH")
    till.keys.scan(code)
    assert len(till.state.rows) == 1


def test_a_cart_is_cancelled_with_a_reason_only(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_Delete, CTRL)
    till.enter()
    assert till.words("ask_under") == words("sales.error.reason_needed")
    till.press(Qt.Key.Key_F1)
    assert not till.state.rows and till.behind.till.shop.carts.reopen().empty


def test_the_drawer_opens_with_a_reason_and_somebodys_leave(till: Till) -> None:
    till.press(Qt.Key.Key_D, CTRL)
    till.press(Qt.Key.Key_F1)
    assert till.behind.kicked == 0 and len(till.behind.asked) == 1
    till.behind.give_leave()
    assert till.behind.kicked == 1


def test_two_salespeople_share_the_bill(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F8)
    till.say("05=60 04=50")
    assert till.words("ask_under") == words("sales.error.shares")
    till.page.ask.field.clear()
    till.say("05=60 04=40")
    till.press(Qt.Key.Key_F12)
    till.enter()
    with till.behind.till.store.read() as tx:
        sale = tx.sales.get(tx.sales.history(1)[0].sale_id)
    assert sale is not None and [s.percent for s in sale.lines[0].salespeople] == [60, 40]


def test_paper_off_prints_nothing_and_the_last_receipt_can_be_printed_again(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_P, CTRL)
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert till.behind.woken == 0
    till.press(Qt.Key.Key_F11)
    assert till.behind.woken == 1


def test_a_scan_while_an_answer_is_awaited_waits_its_turn_and_is_not_lost(
    open_till: Callable[..., Till],
) -> None:
    lane = SteppedLane()
    till = open_till(lane=lane)
    till.keys.scan(MILK)
    lane.run_all()
    till.press(Qt.Key.Key_F5)
    till.say("96%")
    till.keys.scan(RING)
    assert len(till.state.rows) == 1
    lane.run_all()
    assert [row.amount for row in till.state.rows] == ["¥128.00", "¥3,390.40"]
    assert till.state.totals.due == 12288 + 339040


def test_the_number_pad_profile_acts_only_on_an_empty_box(till: Till) -> None:
    import msgspec

    current = till.behind.till.shop.current
    current.value = msgspec.structs.replace(current.value, number_pad=True)
    till.keys.scan(MILK)
    till.keys.type("1-")
    assert till.page.box.text() == "1-" and len(till.state.rows) == 1
    till.press(Qt.Key.Key_Escape)
    till.keys.type("+")
    assert till.state.pay is not None
    till.press(Qt.Key.Key_Escape)
    till.keys.type("-")
    assert not till.state.rows


def test_a_receipt_scanned_opens_the_returns_page_with_its_number(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.enter()
    with till.behind.till.store.read() as tx:
        number = tx.sales.history(1)[0].number
    till.keys.scan(number)
    assert till.shell.navigation.current == "returns"
