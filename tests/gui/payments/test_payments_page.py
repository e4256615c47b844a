"""The page of payments by keys: what is undecided and owed, asked, refunded, settled with a manager's yes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.attempts import Standing
from pos_app.domain.sales.cart import add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Action, Role
from pos_app.domain.values.money import Amount
from tests.support.lanes import InlineLane
from tests.support.payment_floor import WALLETS_ON, HandTimers
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from tests.support.scripted_wallet import LOST, ScriptedWallet
from ui.payments import payments_screen
from ui.payments.light import show_payments
from ui.payments.runner import PaymentDoors, PaymentRunner
from ui.shell.keyboard import TYPING_MS

MILK, CODE = "6931201000176", "134567890123456789"
PRICE = Amount(12_800)
READING_MS = 2_000


@dataclass
class Page:
    """The page over a wallet that a test holds."""

    till: ScreenTill
    at: CounterTill
    wallet: ScriptedWallet
    timers: HandTimers
    runner: PaymentRunner

    def said(self, name: str) -> str:
        label = self.till.shell.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def light(self) -> str:
        button = self.till.shell.findChild(QWidget, "status_payments")
        assert button is not None
        return button.accessibleName()

    def press(self, key: Qt.Key) -> None:
        self.till.keys.press(key, Qt.KeyboardModifier.NoModifier, TYPING_MS)

    def confirm(self) -> None:
        self.till.keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, READING_MS)

    def charge(self) -> Standing:
        """Charge a cart of its own, without the sell page."""
        shop = self.at.demo.shop
        cart = add_line(shop.carts.new(), self.at.line(MILK))[0]
        standing = shop.payments.begin(self.at.demo.owner, cart, TenderKind.WECHAT_PAY, PRICE)
        self.runner.charge(standing, CODE)
        return shop.payments.get(standing.attempt)


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot) -> Iterator[Page]:
    with counter_till(tmp_path) as at:
        current = at.demo.shop.current
        current.value = msgspec.structs.replace(current.value, payments=WALLETS_ON)
        wallet, timers = ScriptedWallet(), HandTimers()
        runner = PaymentRunner(
            PaymentDoors(
                payments=at.demo.shop.payments,
                db=InlineLane(),
                net=InlineLane(),
                provider=lambda _kind: wallet,
                timer=timers.make,
                now=at.demo.outside.clock.now,
            )
        )
        at.counter = replace(at.counter, charging=runner)
        with screen_till(at, [payments_screen(runner)]) as till:
            qtbot.waitUntil(till.shell.isActiveWindow)
            show_payments(till.shell, runner, at.demo.shop)
            yield Page(till, at, wallet, timers, runner)


def test_an_undecided_payment_is_listed_and_asked_about_by_a_key(page: Page) -> None:
    assert page.light() == "扫码付款 正常"
    page.wallet.say(LOST)
    page.charge()
    assert page.light() == "1 笔付款待查" and page.said("payments_state") == "结果未知"
    assert page.said("payments_count") == "1 笔，待办 1 笔"
    page.press(Qt.Key.Key_F5)
    assert page.said("payments_state") == "已收" and page.light() == "扫码付款 正常"


def test_the_days_payments_are_read_only_while_their_page_is_in_front(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[date] = []

    def of_day(day: date) -> tuple[Standing, ...]:
        read.append(day)
        return ()

    monkeypatch.setattr(page.at.demo.shop.payments, "of_day", of_day)
    screen, shell = payments_screen(page.runner).id, page.till.shell
    shown = shell.page(screen)
    assert shown is not None
    page.charge()
    seen = len(read)
    shown.hide()
    page.charge()
    assert len(read) == seen > 0
    shown.show()
    shell.navigation.open(screen)
    assert len(read) > seen


def test_an_undecided_payment_is_made_void_by_a_key(page: Page) -> None:
    page.wallet.say(LOST)
    standing = page.charge()
    page.press(Qt.Key.Key_F6)
    assert page.said("payments_state") == "已撤销" and page.wallet.taken == 0
    assert page.at.demo.shop.payments.get(standing.attempt).state is PaymentState.REVERSED


def test_a_cashier_settles_by_hand_only_with_a_managers_yes(page: Page) -> None:
    page.at.sign_in(Role.CASHIER)
    page.wallet.say(LOST)
    standing = page.charge()
    page.wallet.reachable = False
    page.press(Qt.Key.Key_F7)
    assert not page.at.around.asked
    page.confirm()
    assert [needed.action for needed in page.at.around.asked] == [Action.SETTLE_PAYMENT]
    settled = page.at.demo.shop.payments.get(standing.attempt)
    assert settled.state is PaymentState.PAID and settled.by_hand
    assert page.said("payments_state") == "已收 · 人工核对" and not page.runner.in_care


def test_what_is_owed_is_told_in_the_status_bar_until_it_was_sent(page: Page) -> None:
    shop, owner = page.at.demo.shop, page.at.demo.owner
    cart = shop.payments.on_cart(add_line(shop.carts.new(), page.at.line(MILK))[0]).cart
    begun = shop.payments.begin(owner, cart, TenderKind.WECHAT_PAY, PRICE)
    page.runner.charge(begun, CODE)
    sale = shop.checkout.commit(owner, shop.payments.on_cart(cart).cart).sale
    page.wallet.reachable = False
    shop.returns.void(owner, sale.sale_id, "wrong")
    page.at.counter.send_refunds()
    assert page.light() == "待退 ¥128.00"
    page.wallet.reachable = True
    page.till.shell.navigation.open(payments_screen(page.runner).id)
    page.press(Qt.Key.Key_F5)
    assert page.light() == "扫码付款 正常" and page.wallet.taken == 0
