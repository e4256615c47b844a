"""Pay by keys: what each key takes, what is asked back, what a failure leaves."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pos_app.domain.errors import StorageFullError
from pos_app.domain.staff import Role
from tests.gui.sales.conftest import Till, words
from tests.support.lanes import SteppedLane

MILK, RING = "6931201000176", "GD26110001"
MEMBER = "13800001234"


def _sales(till: Till) -> list[int]:
    with till.behind.till.store.read() as tx:
        return [sale.total for sale in tx.sales.history(10)]


def _pay(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)


def test_enter_on_the_empty_field_takes_exact_cash(till: Till) -> None:
    _pay(till)
    till.enter()
    assert till.words("change") == "¥0.00" and _sales(till) == [12800]


def test_a_bouncing_enter_neither_pays_twice_nor_wipes_the_change(till: Till) -> None:
    _pay(till)
    till.keys.type("200")
    till.press(Qt.Key.Key_Return)
    till.press(Qt.Key.Key_Return)
    assert till.state.done is not None and till.words("change") == "¥72.00"
    till.enter()
    assert till.state.done is None and _sales(till) == [12800]


def test_part_payments_stay_with_what_is_left_and_each_can_be_taken_off(till: Till) -> None:
    _pay(till)
    till.say("100")
    assert till.words("pay_due") == "¥28.00"
    till.say("8")
    assert till.words("pay_due") == "¥20.00"
    till.press(Qt.Key.Key_Up)
    till.press(Qt.Key.Key_Delete)
    assert till.words("pay_due") == "¥120.00"
    till.say("120")
    assert _sales(till) == [12800] and till.words("change") == "¥0.00"


def test_a_card_needs_its_slip_and_never_keeps_a_card_number(till: Till) -> None:
    _pay(till)
    till.press(Qt.Key.Key_F2)
    till.enter()
    assert till.words("pay_under") == words("sales.error.reference")
    till.say("6222 0212 3456 7890 123")
    assert till.words("pay_under") == words("sales.error.card_number") and till.page.pay.box.text() == ""
    till.say("A-4471")
    assert till.words("change") == "¥0.00" and till.behind.kicked == 0
    with till.behind.till.store.read() as tx:
        sale = tx.sales.get(tx.sales.history(1)[0].sale_id)
    assert sale is not None and [t.reference for t in sale.tenders] == ["A-4471"]


def test_a_card_cannot_pay_more_than_is_due(till: Till) -> None:
    _pay(till)
    till.keys.type("200")
    till.press(Qt.Key.Key_F2)
    assert till.words("pay_under") == words("sales.error.tender_too_much") and not _sales(till)


def test_far_too_much_cash_is_asked_about(till: Till) -> None:
    _pay(till)
    till.say("2000")
    assert not _sales(till) and till.state.pay is not None and till.state.pay.stage == "confirm"
    till.press(Qt.Key.Key_Escape)
    till.say("2000")
    till.keys.type("200")
    till.enter()
    assert till.words("change") == "¥72.00"


def test_going_back_asks_only_when_money_was_taken(till: Till) -> None:
    _pay(till)
    till.press(Qt.Key.Key_Escape)
    assert till.state.pay is None
    till.press(Qt.Key.Key_F12)
    till.say("100")
    till.press(Qt.Key.Key_Escape)
    assert "¥100.00" in till.words("pay_under")
    till.enter()
    assert till.state.pay is None and len(till.state.rows) == 1
    till.press(Qt.Key.Key_F12)
    assert till.words("pay_due") == "¥128.00"


def test_goods_scanned_in_pay_go_on_the_bill_and_pay_opens_again(till: Till) -> None:
    _pay(till)
    till.keys.scan(MILK)
    assert till.words("pay_due") == "¥256.00" and "+¥128.00" in till.words("pay_under")
    till.enter()
    assert _sales(till) == [25600]


def test_a_member_scanned_in_pay_is_attached(till: Till) -> None:
    _pay(till)
    till.keys.scan(MEMBER)
    assert till.state.member is not None and till.state.pay is not None
    till.enter()
    assert till.behind.till.shop.members.search(MEMBER)[0].visits == 1


def test_a_scan_after_a_tender_is_refused_and_types_nothing(till: Till) -> None:
    _pay(till)
    till.say("100")
    till.keys.scan(MILK)
    assert till.tones.sounded[-1] == "refused"
    assert till.page.pay.box.text() == "" and till.words("pay_due") == "¥28.00"


def test_nothing_happens_at_the_counter_while_the_sale_is_written(open_till: Callable[..., Till]) -> None:
    lane = SteppedLane()
    till = open_till(lane=lane)
    _pay(till)
    lane.run_all()
    till.enter()
    for _ in range(3):
        till.enter()
        till.keys.scan(MILK)
        till.press(Qt.Key.Key_Escape)
    assert (till.behind.kicked, till.behind.woken, lane.waiting) == (0, 0, 1)
    lane.run_all()
    assert _sales(till) == [12800] and till.behind.kicked == 1
    assert till.words("change") == "¥0.00" and not till.state.rows


def test_never_more_than_one_save_of_the_cart_waits(open_till: Callable[..., Till]) -> None:
    lane = SteppedLane()
    till = open_till(lane=lane)
    for _ in range(5):
        till.keys.scan(MILK)
    assert lane.waiting == 1
    lane.run_all()
    kept = till.behind.till.shop.carts.reopen()
    assert [line.quantity for line in kept.lines] == [5000]


def test_a_full_disk_keeps_the_cart_and_its_money_and_the_next_try_sells_once(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pay(till)
    checkout = till.behind.till.shop.checkout
    real = type(checkout).commit

    def full(*_args: object, **_more: object) -> None:
        raise StorageFullError()

    monkeypatch.setattr(type(checkout), "commit", full)
    till.say("200")
    assert till.words("pay_under") == words("common.error.storage_full")
    assert till.behind.kicked == 0 and len(till.state.rows) == 1 and till.state.pay is not None
    monkeypatch.setattr(type(checkout), "commit", real)
    till.enter()
    assert _sales(till) == [12800] and till.words("change") == "¥72.00" and till.behind.kicked == 1


def test_without_a_shift_pay_says_so_and_leads_there(open_till: Callable[..., Till]) -> None:
    till = open_till(shift=False)
    _pay(till)
    assert words("shifts.error.no_shift") in till.words("pay_under")
    till.enter()
    assert till.shell.navigation.current == "shifts"
    till.behind.till.shop.shifts.open(till.behind.session.who, 0)  # type: ignore[arg-type]
    till.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    till.enter()
    assert _sales(till) == [12800]


def test_a_discount_that_outgrows_the_limit_when_goods_go_is_asked_about_at_the_till(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F6)
    till.say("-12")
    assert not till.behind.asked
    till.say("*1")
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert len(till.behind.asked) == 1 and not _sales(till)
    till.behind.give_leave()
    assert _sales(till) == [11600] and not till.behind.asked


def test_a_clerk_who_may_not_sell_is_told_so(open_till: Callable[..., Till]) -> None:
    till = open_till(role=Role.CLERK)
    _pay(till)
    till.enter()
    assert till.words("pay_under") and not _sales(till) and len(till.state.rows) == 1


def test_the_bill_is_rounded_off_with_a_dot_and_pay_shows_it(till: Till) -> None:
    till.say("JJ9001-1")
    till.say("18.66")
    till.press(Qt.Key.Key_F6)
    till.keys.type(".")
    assert "¥18.66 → ¥18.00" in till.words("ask_under")
    till.enter()
    till.press(Qt.Key.Key_F12)
    assert till.words("pay_due") == "¥18.00"


def test_the_customer_is_asked_with_the_same_words_at_the_box_and_while_paying(till: Till) -> None:
    asked = words("members.consent.asked")
    till.say("13912345678")
    assert asked in till.words("hint")
    till.press(Qt.Key.Key_Escape)
    till.press(Qt.Key.Key_Escape)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.say("13912345678")
    assert any(asked in label.text() for label in till.page.pay.findChildren(QLabel) if label.isVisible())
