"""A customer pays by the code on her phone: two actions from the total, and never more than the bill."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.settings import PaymentSettings, WalletRule
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.services.ports.payments import PaymentAnswer
from tests.gui.sales.conftest import Till, words
from tests.support.payment_floor import WALLETS_ON
from tests.support.scripted_wallet import LOST, NOT_FOUND
from ui.sales.pay_charges import PUT_RIGHT
from ui.shifts.presenter import Doors, ShiftsPresenter
from ui.shifts.state import Task

MILK = "6931201000176"
PRICE = 12_800
WECHAT, ALIPAY = "134567890123456789", "281234567890123456"


@pytest.fixture
def till(open_till: Callable[..., Till]) -> Till:
    """A till that takes wallets."""
    return open_till(wallets=True)


def _pay(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)


def _sales(till: Till) -> list[int]:
    with till.behind.till.store.read() as tx:
        return [sale.total for sale in tx.sales.history(10)]


def _tenders(till: Till) -> list[TenderKind]:
    with till.behind.till.store.read() as tx:
        sale = tx.sales.get(tx.sales.history(1)[0].sale_id)
    assert sale is not None
    return [tender.kind for tender in sale.tenders]


def test_from_the_total_to_done_are_two_actions(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F12)
    till.keys.scan(WECHAT)
    assert till.state.done is not None and _sales(till) == [PRICE] and till.behind.wallet.taken == PRICE
    assert till.tones.sounded[-1] == "paid" and till.behind.kicked == 0


def test_a_code_on_the_sell_page_charges_nothing_before_the_amount_is_confirmed(till: Till) -> None:
    till.keys.scan(MILK)
    till.keys.scan(WECHAT)
    assert till.state.pay is not None and till.state.pay.stage == "confirm" and not till.behind.wallet.asked
    assert "¥128.00" in till.words("pay_under")
    till.enter()
    assert _sales(till) == [PRICE]


def test_a_code_on_an_empty_counter_says_that_there_is_nothing_to_pay(till: Till) -> None:
    till.keys.scan(WECHAT)
    assert till.words("hint") == words("sales.refuse.empty") and not till.behind.wallet.asked


def test_a_customer_at_her_password_is_shown_with_the_seconds(till: Till) -> None:
    till.behind.wallet.enters = 2
    _pay(till)
    till.keys.scan(WECHAT)
    till.clock.advance(5_000)
    till.page.presenter.tick()
    assert till.words("pay_under") == words("payments.charge.entering", seconds="5")
    till.behind.timers.ring()
    till.behind.timers.ring()
    assert _sales(till) == [PRICE]


def test_while_a_charge_is_on_its_way_no_scan_no_key_and_no_tender_is_taken(till: Till) -> None:
    till.behind.wallet.say(LOST)
    _pay(till)
    till.keys.scan(WECHAT)
    assert till.state.pay is not None and till.state.pay.stage == "charge"
    for scan in (WECHAT, ALIPAY, MILK):
        till.keys.scan(scan)
        assert till.tones.sounded[-1] == "refused"
    for key in (Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F12):
        till.press(key)
    till.keys.type("128")
    assert till.state.pay.stage == "charge" and till.page.pay.box.text() == ""
    assert len(till.state.rows) == 1 and len(till.behind.wallet.codes) == 1
    till.enter()
    assert _sales(till) == [PRICE]


def test_esc_gives_a_charge_up_and_the_cart_is_free_once_it_is_void(till: Till) -> None:
    till.behind.wallet.say(LOST, LOST)
    _pay(till)
    till.keys.scan(WECHAT)
    till.press(Qt.Key.Key_Escape)
    assert till.state.pay is not None and till.state.pay.stage == "charge"
    assert till.words("pay_under") == words("payments.charge.reversing", wallet="微信支付")
    till.behind.timers.ring()
    assert till.state.pay is not None and till.state.pay.stage == "amount"
    assert till.words("pay_under") == words("payments.done.cancelled", wallet="微信支付")
    assert till.behind.wallet.taken == 0
    till.enter()
    assert _sales(till) == [PRICE]


def test_a_charge_that_never_came_keeps_its_cart_until_its_code_can_pay_nothing_any_more(till: Till) -> None:
    till.behind.wallet.say(*[NOT_FOUND] * 3)
    _pay(till)
    till.keys.scan(WECHAT)
    till.press(Qt.Key.Key_Escape)
    told = (words("payments.charge.reversing", wallet="微信支付"), words("payments.charge.not_found"))
    assert till.words("pay_under") == "\n".join(told)
    till.behind.till.outside.clock.forward(timedelta(seconds=75))
    till.behind.timers.ring()
    assert till.state.pay is not None and till.state.pay.stage == "amount"
    assert till.words("pay_under") == words("payments.done.cancelled", wallet="微信支付")
    assert till.behind.wallet.taken == 0


def test_a_refusal_is_told_in_words_and_the_next_code_is_taken(till: Till) -> None:
    till.behind.wallet.say(PaymentAnswer(state=PaymentState.REFUSED, reason="code_expired"))
    _pay(till)
    till.keys.scan(WECHAT)
    why = words("payments.reason.code_expired")
    assert till.words("pay_under") == words("payments.refused", wallet="微信支付", why=why)
    till.behind.wallet.say(PaymentAnswer(state=PaymentState.REFUSED, reason="code_invalid"))
    till.keys.scan(WECHAT)
    why = words("payments.reason.code_invalid")
    assert till.words("pay_under") == words("payments.refused", wallet="微信支付", why=why)
    till.keys.scan(ALIPAY)
    assert _sales(till) == [PRICE] and _tenders(till) == [TenderKind.ALIPAY]


def test_esc_gives_a_charge_up_whose_customer_is_at_her_password(till: Till) -> None:
    till.behind.wallet.enters = 9
    _pay(till)
    till.keys.scan(WECHAT)
    assert till.words("pay_under") == words("payments.charge.entering", seconds="0")
    till.press(Qt.Key.Key_Escape)
    assert till.words("pay_under") == words("payments.done.cancelled", wallet="微信支付")
    assert till.behind.wallet.taken == 0 and not till.behind.wallet.waiting
    till.keys.scan(ALIPAY)
    assert till.state.pay is not None and till.state.pay.stage == "charge"


@pytest.mark.parametrize("reason", PUT_RIGHT)
def test_an_answer_that_decides_nothing_before_somebody_sees_to_it_says_so(till: Till, reason: str) -> None:
    till.behind.wallet.say(PaymentAnswer(state=PaymentState.UNKNOWN, reason=reason))
    _pay(till)
    till.keys.scan(WECHAT)
    why = words(f"payments.reason.{reason}")
    told = (words("payments.charge.unknown", wallet="微信支付"), words("payments.charge.put_right", why=why))
    assert till.words("pay_under") == "\n".join(told)
    assert till.state.pay is not None and till.state.pay.stage == "charge" and len(till.state.rows) == 1


def test_without_a_network_the_tile_says_so_and_cash_goes_on(till: Till) -> None:
    till.behind.wallet.reachable = False
    _pay(till)
    till.keys.scan(WECHAT)
    assert till.state.pay is not None
    (tile,) = [t for t in till.state.pay.tiles if t.name == "code"]
    assert tile.second == words("payments.tile.no_network")
    till.enter()
    assert _sales(till) == [PRICE]


def test_part_of_a_bill_is_charged_with_f3_and_the_rest_in_cash(till: Till) -> None:
    _pay(till)
    till.keys.type("28")
    till.keys.scan(WECHAT)
    assert till.words("pay_under") == words("payments.refuse.typed") and not till.behind.wallet.asked
    till.press(Qt.Key.Key_F3)
    till.keys.scan(MILK)
    assert till.words("pay_under") == words("payments.refuse.no_code")
    till.keys.scan(WECHAT)
    assert till.words("pay_due") == "¥100.00" and till.behind.wallet.taken == 2_800
    till.enter()
    assert _sales(till) == [PRICE]


def test_what_a_wallet_paid_goes_back_before_pay_is_left(till: Till) -> None:
    _pay(till)
    till.keys.type("28")
    till.press(Qt.Key.Key_F3)
    till.keys.scan(WECHAT)
    till.behind.wallet.say(LOST)
    till.press(Qt.Key.Key_Escape)
    till.enter()
    shown = till.state.pay
    assert shown is not None and shown.stage == "charge" and not shown.tenders
    till.behind.timers.ring()
    assert till.state.pay is None and till.behind.wallet.taken == 0 and len(till.state.rows) == 1


def test_del_on_a_wallet_tender_gives_that_one_back(till: Till) -> None:
    _pay(till)
    till.keys.type("28")
    till.press(Qt.Key.Key_F3)
    till.keys.scan(WECHAT)
    till.press(Qt.Key.Key_Delete)
    assert till.words("pay_due") == "¥128.00" and till.behind.wallet.taken == 0


def test_a_code_of_a_wallet_that_is_not_taken_is_named(till: Till) -> None:
    current = till.behind.till.shop.current
    only = PaymentSettings(wechat_pay=WALLETS_ON.wechat_pay)
    current.value = msgspec.structs.replace(current.value, payments=only)
    _pay(till)
    till.keys.scan(ALIPAY)
    assert till.words("pay_under") == words("payments.error.wallet_off", wallet="支付宝")
    assert not till.behind.wallet.asked


def test_a_bill_of_nothing_charges_nothing(open_till: Callable[..., Till]) -> None:
    till = open_till(wallets=True, role=Role.OWNER)
    till.keys.scan(MILK)
    till.press(Qt.Key.Key_F6)
    till.say("=0")
    till.press(Qt.Key.Key_F12)
    assert till.words("pay_due") == "¥0.00"
    till.keys.scan(WECHAT)
    assert till.words("pay_under") == words("payments.error.amount", amount="¥0.00")
    assert not till.behind.wallet.asked


def test_an_amount_above_the_limit_of_one_charge_is_refused_before_it_is_sent(till: Till) -> None:
    current = till.behind.till.shop.current
    low = msgspec.structs.replace(WALLETS_ON, limit=Amount(10_000))
    current.value = msgspec.structs.replace(current.value, payments=low)
    _pay(till)
    till.keys.scan(WECHAT)
    said = words("payments.error.limit", amount="¥128.00", limit="¥100.00")
    assert till.words("pay_under") == said and not till.behind.wallet.asked


def test_a_scales_code_is_never_charged(till: Till) -> None:
    _pay(till)
    till.press(Qt.Key.Key_F3)
    till.keys.scan("210012300500012347")
    assert till.words("pay_under") == words("payments.refuse.no_code") and not till.behind.wallet.asked


def _with_rule(till: Till, prefix: str, digits: int) -> None:
    current = till.behind.till.shop.current
    rule = WalletRule(provider=TenderKind.WECHAT_PAY, prefixes=(prefix,), shortest=digits, longest=digits)
    payments = msgspec.structs.replace(current.value.payments, rules=(rule,))
    current.value = msgspec.structs.replace(current.value, payments=payments)


def test_goods_whose_code_looks_like_a_wallets_are_never_charged(till: Till) -> None:
    _with_rule(till, MILK[:2], len(MILK))
    till.keys.scan(MILK)
    assert len(till.state.rows) == 1
    till.press(Qt.Key.Key_F12)
    till.keys.scan(MILK)
    assert not till.behind.wallet.asked
    till.press(Qt.Key.Key_F3)
    till.keys.scan(MILK)
    assert till.words("pay_under") == words("payments.refuse.no_code") and not till.behind.wallet.asked


def test_which_codes_are_a_wallets_is_a_setting(till: Till) -> None:
    _with_rule(till, "77", 20)
    _pay(till)
    till.keys.scan("77" + "1" * 18)
    assert _sales(till) == [PRICE] and till.behind.wallet.taken == PRICE
    till.keys.scan(MILK)
    till.keys.scan(WECHAT)
    assert till.behind.wallet.taken == PRICE and till.state.pay is None and len(till.state.rows) == 2


def test_the_page_comes_back_with_the_charge_that_was_undecided_and_then_with_its_tender(
    till: Till,
) -> None:
    till.behind.wallet.say(LOST)
    _pay(till)
    till.keys.scan(WECHAT)
    till.shell.set_language("en")
    assert till.state.pay is not None and till.state.pay.stage == "charge"
    till.behind.timers.ring()
    assert _sales(till) == [PRICE]
    assert till.behind.wallet.taken == Amount(PRICE)


def test_a_refund_that_is_owed_for_want_of_a_network_is_told_where_the_shift_is_closed(till: Till) -> None:
    _pay(till)
    till.keys.scan(WECHAT)
    shop, owner = till.behind.till.shop, till.behind.till.owner
    with till.behind.till.store.read() as tx:
        sale = tx.sales.get(tx.sales.history(1)[0].sale_id)
    assert sale is not None
    till.behind.wallet.reachable = False
    line = sale.lines[0]
    shop.returns.give_back(
        owner, shop.returns.preview(sale.sale_id, {line.line_id: line.quantity}, "damaged")
    )
    page = ShiftsPresenter(
        till.behind.counter,
        Doors(lambda _shift: None, lambda: None, lambda: None, lambda *_taken: None),
        lambda _state: None,
    )
    page.open()
    page.choose(Task.COUNT)
    page.count_total("500", {})
    told = {(figure.label, figure.value) for figure in page.state.figures}
    assert (words("shifts.figure.refunds_owed", count=1), "¥128.00") in told
    page.confirm("")
    (z,) = shop.shifts.z_reports()
    assert (z.closed.refunds_owed_count, z.closed.refunds_owed) == (1, PRICE)
    till.behind.wallet.reachable = True
    assert till.behind.runner is not None
    till.behind.runner.wake()
    assert shop.payments.owed() == () and till.behind.wallet.taken == 0
