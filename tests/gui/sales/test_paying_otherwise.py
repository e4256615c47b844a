"""Pay behind F8: the printed code seen by the cashier, deposits, coupons; and taking a deposit."""

from decimal import Decimal

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.vouchers import VoucherPlatform, VoucherSettings
from tests.gui.sales.conftest import Till, words

MILK, MEMBER = "6931201000176", "13800001234"
CTRL = Qt.KeyboardModifier.ControlModifier


def take_deposit(till: Till, amount: str = "500", purpose: str = "bangle") -> str:
    """Take a deposit for cash; return its number."""
    till.press(Qt.Key.Key_B, CTRL)
    till.say(amount)
    till.say(purpose)
    till.press(Qt.Key.Key_F12)
    till.enter()
    assert till.state.done is not None, till.state
    number = till.state.done.number
    till.enter()
    return number


def pay(till: Till, way: str = "") -> None:
    """Scan milk at 128.00 and go to a way behind F8 by its digit."""
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    if way:
        till.press(Qt.Key.Key_F8)
        till.keys.type(way)


def stage(till: Till) -> str:
    """Return what the field of Pay takes."""
    assert till.state.pay is not None
    return till.state.pay.stage


def last_sale(till: Till) -> Sale:
    """Return the latest sale."""
    with till.behind.till.store.read() as tx:
        sale = tx.sales.get(tx.sales.history(1)[0].sale_id)
    assert sale is not None
    return sale


def set_platforms(till: Till, *platforms: VoucherPlatform) -> None:
    """Let the owner set the platforms of coupons."""
    shop, owner = till.behind.till.shop, till.behind.till.owner
    changed = msgspec.structs.replace(shop.current.value, vouchers=VoucherSettings(platforms=platforms))
    shop.settings.change(owner, changed)


# -- the printed code ----------------------------------------------------------------------------------------


def test_a_payment_seen_by_the_cashier_is_two_keys_and_four_characters(till: Till) -> None:
    pay(till, "1")
    assert stage(till) == "static" and "¥128.00" in till.words("pay_under")
    till.say("a1b2")
    assert till.words("change") == "¥0.00" and till.behind.kicked == 0
    (tender,) = last_sale(till).tenders
    assert (tender.kind, tender.amount, tender.reference) == (TenderKind.STATIC_CODE, 12_800, "A1B2")
    assert tender.seen_by == till.behind.session.who.staff_id


@pytest.mark.parametrize("text", ["", "123", "12345", "6222021234567890123", "12-4"])
def test_anything_but_four_characters_is_refused_with_words(till: Till, text: str) -> None:
    pay(till, "1")
    till.say(text)
    assert till.words("pay_under") == words("sales.error.bill_end")
    assert till.tones.sounded[-1] == "refused" and stage(till) == "static"


def test_a_scan_is_no_end_of_a_bill(till: Till) -> None:
    pay(till, "1")
    till.keys.scan(MILK)
    assert till.words("pay_under") == words("sales.refuse.scan_now") and till.page.pay.box.text() == ""


def test_it_pays_a_typed_part_and_never_more_than_is_open(till: Till) -> None:
    pay(till)
    till.keys.type("200")
    till.press(Qt.Key.Key_F8)
    till.keys.type("1")
    assert till.words("pay_under") == words("sales.error.tender_too_much") and stage(till) == "other"
    till.press(Qt.Key.Key_Escape)
    till.keys.type("28")
    till.press(Qt.Key.Key_F8)
    till.keys.type("1")
    till.say("0042")
    assert till.words("pay_due") == "¥100.00"
    till.press(Qt.Key.Key_Delete)
    assert till.words("pay_due") == "¥128.00"


def test_a_shop_that_takes_no_printed_code_has_no_row_for_it(till: Till) -> None:
    shop = till.behind.till.shop
    payments = msgspec.structs.replace(shop.current.value.payments, static_code=False)
    shop.settings.change(
        till.behind.till.owner, msgspec.structs.replace(shop.current.value, payments=payments)
    )
    pay(till)
    till.press(Qt.Key.Key_F8)
    assert till.state.pay is not None
    assert [row.icon for row in till.state.pay.choices] == ["hand-coins", "ticket"]


# -- the list ------------------------------------------------------------------------------------------------


def test_the_list_takes_digits_arrows_and_clicks_and_esc_goes_back_step_by_step(till: Till) -> None:
    pay(till)
    tile = till.page.pay.findChild(QPushButton, "pay_other")
    assert tile is not None and tile.isVisible()
    till.press(Qt.Key.Key_F8)
    assert not tile.isVisible()
    till.keys.type("9")
    assert stage(till) == "other" and till.page.pay.box.text() == ""
    till.press(Qt.Key.Key_Down)
    till.press(Qt.Key.Key_Down)
    till.press(Qt.Key.Key_Down)
    till.enter()
    assert stage(till) == "platform"
    till.press(Qt.Key.Key_Up)
    till.enter()
    assert stage(till) == "coupon"
    for expected in ("platform", "other", "amount"):
        till.press(Qt.Key.Key_Escape)
        assert stage(till) == expected
    till.press(Qt.Key.Key_Escape)
    assert till.state.pay is None and len(till.state.rows) == 1


# -- deposits ------------------------------------------------------------------------------------------------


def test_a_deposit_is_a_bill_of_its_own_and_pays_a_later_one(till: Till) -> None:
    number = take_deposit(till)
    pay(till, "2")
    till.say(number[-3:])
    sale = last_sale(till)
    assert [(t.kind, t.amount, t.reference) for t in sale.tenders] == [(TenderKind.DEPOSIT, 12_800, number)]
    pay(till, "2")
    till.keys.scan(number)
    assert last_sale(till).sale_id != sale.sale_id
    assert till.behind.till.shop.tenders.find_deposits(number)[0].left == 24_400


def test_the_receipt_of_a_deposit_scanned_in_pay_pays(till: Till) -> None:
    number = take_deposit(till)
    pay(till)
    till.keys.scan(number)
    assert last_sale(till).tenders[0].reference == number
    take_deposit(till)
    code = till.behind.till.shop.receipt_codes.code(last_sale(till))
    pay(till)
    till.page.presenter.scan(code or "")
    assert last_sale(till).tenders[0].kind is TenderKind.DEPOSIT


def test_the_receipt_of_a_spent_deposit_scanned_in_pay_says_so(till: Till) -> None:
    number = take_deposit(till, "128")
    pay(till, "2")
    till.say(number)
    pay(till)
    till.keys.scan(number)
    assert till.words("pay_under") == words("tenders.error.deposit_spent", number=number, amount="¥0.00")
    assert len(till.state.rows) == 1


def test_its_line_says_what_it_is_for(till: Till) -> None:
    till.press(Qt.Key.Key_B, CTRL)
    till.say("500")
    till.say("bangle")
    (row,) = till.state.rows
    assert (row.name, row.under, row.amount) == (words("tenders.line.deposit"), "bangle", "¥500.00")


@pytest.mark.parametrize("text", ["", "0", "0.00", "-5", "abc", "1.234"])
def test_a_deposit_of_nothing_or_of_no_sum_is_refused_with_words(till: Till, text: str) -> None:
    till.press(Qt.Key.Key_B, CTRL)
    till.say(text)
    assert till.state.ask is not None and till.state.ask.error and not till.state.rows


def test_goods_and_a_deposit_never_share_a_bill(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_B, CTRL)
    assert till.words("hint") == words("tenders.refuse.deposit_alone") and till.state.ask is None
    till.press(Qt.Key.Key_Delete)
    till.press(Qt.Key.Key_B, CTRL)
    till.say("500")
    till.say("")
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    assert till.state.pay is None and till.words("hint") == words("tenders.error.deposit_alone")


def test_a_deposit_has_no_discount(till: Till) -> None:
    till.press(Qt.Key.Key_B, CTRL)
    till.say("500")
    till.say("")
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F6):
        till.press(key)
        assert till.words("hint") == words("sales.refuse.no_discount") and till.state.ask is None


def test_a_members_deposits_are_listed_and_enter_takes_the_first(till: Till) -> None:
    till.keys.scan(MEMBER)
    number = take_deposit(till)
    till.keys.scan(MEMBER)
    pay(till, "2")
    assert till.state.pay is not None
    assert [row.title for row in till.state.pay.choices] == [number]
    till.enter()
    assert last_sale(till).tenders[0].reference == number


def test_the_deposit_of_another_member_is_asked_about(till: Till) -> None:
    till.keys.scan(MEMBER)
    number = take_deposit(till)
    pay(till, "2")
    till.say(number)
    assert stage(till) == "confirm" and number in till.words("pay_under")
    till.press(Qt.Key.Key_Escape)
    assert stage(till) == "deposit" and last_sale(till).number == number
    till.say(number)
    till.enter()
    assert last_sale(till).tenders[0].kind is TenderKind.DEPOSIT


def test_a_number_that_is_no_deposit_says_what_to_do(till: Till) -> None:
    pay(till, "2")
    for text in ("", "999"):
        till.say(text)
        assert till.words("pay_under") == words("tenders.error.deposit_unknown")
    till.keys.scan(MILK)
    assert till.words("pay_under") == words("tenders.error.deposit_unknown") and len(till.state.rows) == 1


def test_a_spent_deposit_says_so(till: Till) -> None:
    number = take_deposit(till, "128")
    pay(till, "2")
    till.say(number)
    pay(till, "2")
    till.say(number)
    assert till.words("pay_under") == words("tenders.error.deposit_spent", number=number, amount="¥0.00")


def test_two_that_end_alike_are_listed(till: Till) -> None:
    numbers = [take_deposit(till) for _ in range(2)]
    common = numbers[0][-4:-1]
    assert numbers[1][-4:-1] == common
    pay(till, "2")
    till.say(numbers[1][-1])
    assert last_sale(till).tenders[0].reference == numbers[1]


# -- coupons -------------------------------------------------------------------------------------------------


def test_a_coupon_is_a_platform_a_code_and_a_face_value(till: Till) -> None:
    set_platforms(
        till, VoucherPlatform(key="meituan", fee_rate=Decimal("0.06")), VoucherPlatform(key="douyin")
    )
    pay(till, "3")
    till.keys.type("1")
    till.keys.scan("1234 5678 9012".replace(" ", ""))
    till.say("100")
    assert till.words("pay_due") == "¥28.00"
    assert till.state.pay is not None and "¥6.00" in till.state.pay.tenders[0].under
    till.enter()
    coupon = last_sale(till).tenders[0].voucher
    assert coupon is not None
    assert (coupon.platform, coupon.code, coupon.fee) == ("meituan", "123456789012", 600)


def test_what_a_coupon_is_worth_beyond_the_bill_is_lost_only_after_a_yes(till: Till) -> None:
    set_platforms(till, VoucherPlatform(key="douyin"))
    pay(till, "3")
    till.say("998877")
    till.say("200")
    assert stage(till) == "confirm" and "¥72.00" in till.words("pay_under")
    till.press(Qt.Key.Key_Escape)
    assert stage(till) == "face" and till.state.pay is not None and not till.state.pay.tenders
    till.say("200")
    till.enter()
    assert [(t.kind, t.amount) for t in last_sale(till).tenders] == [(TenderKind.VOUCHER, 12_800)]


def test_a_code_counts_once_and_says_on_which_receipt(till: Till) -> None:
    set_platforms(till, VoucherPlatform(key="douyin"))
    pay(till, "3")
    till.say("998877")
    till.enter()
    number = last_sale(till).number
    pay(till, "3")
    till.say("99-88 77")
    assert till.words("pay_under") == words("tenders.error.voucher_used", number=number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "tenders.error.voucher_code"),
        ("12", "tenders.error.voucher_code"),
        ("134567890123456789", "tenders.error.voucher_is_payment"),
    ],
)
def test_a_wrong_code_is_refused_with_words(till: Till, text: str, code: str) -> None:
    set_platforms(till, VoucherPlatform(key="douyin"))
    pay(till, "3")
    till.say(text)
    assert till.words("pay_under") == words(code) and stage(till) == "coupon"


@pytest.mark.parametrize("text", ["0", "0.00", "-1", "x"])
def test_a_coupon_over_nothing_is_refused(till: Till, text: str) -> None:
    set_platforms(till, VoucherPlatform(key="douyin"))
    pay(till, "3")
    till.say("998877")
    till.say(text)
    assert till.words("pay_under") == words("sales.error.amount_text") and stage(till) == "face"


def test_any_split_closes_the_bill(till: Till) -> None:
    number = take_deposit(till, "20")
    set_platforms(till, VoucherPlatform(key="douyin"))
    pay(till, "2")
    till.say(number)
    till.press(Qt.Key.Key_F8)
    till.keys.type("3")
    till.say("998877")
    till.say("30")
    till.keys.type("18")
    till.press(Qt.Key.Key_F2)
    till.say("A-1")
    till.keys.type("10")
    till.press(Qt.Key.Key_F8)
    till.keys.type("1")
    till.say("zz99")
    assert till.words("pay_due") == "¥50.00"
    till.say("100")
    assert till.words("change") == "¥50.00"
    sale = last_sale(till)
    assert sum(t.amount for t in sale.tenders) == sale.total == 12_800
    assert len(sale.tenders) == 6
