"""A customer pays by wallet: charged once, exactly the bill or nothing, whatever is answered, lost or killed."""

from datetime import timedelta

import msgspec
import pytest

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.attempts import (
    PaymentAmountError,
    PaymentLimitError,
    PaymentMissingError,
    PaymentOpenError,
    PaymentTakenError,
    WalletOffError,
)
from pos_app.domain.payments.settings import PaymentSettings
from pos_app.domain.sales.tenders import TenderKind, TenderShortError
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.staff import NeedsApprovalError
from pos_app.domain.values.money import Amount
from pos_app.services.ports.payments import PaymentAnswer
from tests.support.payment_floor import WALLETS_ON, PaymentFloor
from tests.support.scripted_wallet import LOST, NOT_FOUND
from tests.support.shop_on_disk import NECKLACE, DiskShop

PRICE = 129_900


@pytest.fixture
def floor(shop: DiskShop) -> PaymentFloor:
    """A shop that takes wallets."""
    return PaymentFloor(shop)


def test_a_code_pays_the_bill_and_its_sale_holds_the_attempt(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    paid = floor.charge(cart)
    assert paid.state is PaymentState.PAID and floor.wechat.taken == PRICE
    done = floor.commit(cart)
    (tender,) = done.sale.tenders
    assert (tender.kind, tender.amount, tender.attempt) == (TenderKind.WECHAT_PAY, PRICE, paid.attempt)
    assert floor.shop.verify().passed and not floor.timers.set


def test_the_attempt_is_in_the_books_before_the_request_leaves_and_without_the_code(
    floor: PaymentFloor,
) -> None:
    cart = floor.shop.cart(NECKLACE)
    begun = floor.begin(cart)
    assert not floor.wechat.asked and floor.now(begun.attempt).state is PaymentState.PENDING
    floor.runner.charge(begun, "134567890123456789")
    assert floor.wechat.codes == ["134567890123456789"]
    files = [f for f in floor.shop.folder.rglob("*") if f.is_file()]
    assert files and not any(b"134567890123456789" in f.read_bytes() for f in files)


def test_nothing_else_is_charged_and_the_cart_stays_while_a_charge_is_undecided(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    assert floor.charge(cart).state is PaymentState.UNKNOWN
    carts, who = floor.shop.shop.carts, floor.shop.cashier
    with pytest.raises(PaymentOpenError):
        floor.begin(cart)
    with pytest.raises(PaymentOpenError):
        floor.begin(cart, kind=TenderKind.ALIPAY)
    with pytest.raises(PaymentOpenError):
        carts.hold(who, cart)
    with pytest.raises(PaymentOpenError):
        carts.cancel(who, cart, "left")
    with pytest.raises(PaymentOpenError):
        floor.shop.shop.checkout.commit(who, floor.shop.paid(cart))
    assert floor.timers.waits == [2_000]
    floor.timers.ring()
    assert floor.wechat.taken == PRICE and floor.commit(cart).sale.total == PRICE


def test_a_customer_who_enters_her_password_is_asked_about_every_two_seconds(floor: PaymentFloor) -> None:
    floor.wechat.enters = 3
    cart = floor.shop.cart(NECKLACE)
    begun = floor.charge(cart)
    assert begun.state is PaymentState.ENTERING
    for _ in range(2):
        assert floor.timers.waits == [2_000]
        floor.timers.ring()
    floor.timers.ring()
    assert floor.now(begun.attempt).state is PaymentState.PAID
    floor.commit(cart)
    assert floor.shop.verify().passed


def test_a_refused_code_leaves_the_cart_free_for_another_one(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(PaymentAnswer(state=PaymentState.REFUSED, reason="balance"))
    refused = floor.charge(cart)
    assert (refused.state, refused.reason) == (PaymentState.REFUSED, "balance")
    assert floor.charge(cart).state is PaymentState.PAID and floor.wechat.taken == PRICE


def test_without_a_network_or_keys_nothing_left_and_the_cart_is_free(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.reachable = False
    refused = floor.charge(cart)
    assert (refused.state, refused.reason) == (PaymentState.REFUSED, "unreachable")
    floor.has_keys = False
    refused = floor.charge(cart)
    assert (refused.state, refused.reason) == (PaymentState.REFUSED, "setting")
    floor.shop.shop.checkout.commit(floor.shop.cashier, floor.shop.paid(cart))


def test_cancelling_makes_the_charge_void_though_the_money_had_moved(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    begun = floor.charge(cart)
    assert floor.wechat.taken == PRICE
    floor.wechat.say(LOST)
    floor.runner.cancel(begun.attempt)
    assert floor.now(begun.attempt).is_open
    floor.timers.ring()
    assert floor.now(begun.attempt).state is PaymentState.REVERSED and floor.wechat.taken == 0
    floor.shop.shop.carts.cancel(floor.shop.cashier, cart, "left")
    assert floor.shop.verify().passed


def test_another_amount_than_asked_is_not_believed_and_goes_back(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(PaymentAnswer(state=PaymentState.PAID, amount=Amount(PRICE - 1), provider_number="W1"))
    after = floor.charge(cart)
    assert after.state is PaymentState.REVERSED and floor.wechat.taken == 0
    assert floor.on_counter(cart).tenders == ()


def test_a_charge_that_its_wallet_does_not_know_is_made_void_after_five_answers(
    floor: PaymentFloor,
) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(NOT_FOUND)
    begun = floor.charge(cart)
    for _ in range(4):
        assert floor.now(begun.attempt).state is PaymentState.UNKNOWN
        floor.timers.ring()
    assert floor.now(begun.attempt).state is PaymentState.REVERSED
    assert begun.payment.order_number in floor.wechat.void


def test_a_charge_that_comes_after_its_reversal_found_nothing_is_reversed_after_all(
    floor: PaymentFloor,
) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(NOT_FOUND, NOT_FOUND)
    begun = floor.charge(cart)
    floor.runner.cancel(begun.attempt)
    assert floor.now(begun.attempt).is_open and floor.timers.waits == [2_000]
    floor.wechat.charges[begun.payment.order_number] = Amount(PRICE)
    floor.timers.ring()
    assert floor.now(begun.attempt).state is PaymentState.REVERSED and floor.wechat.taken == 0


def test_a_charge_that_never_came_is_over_once_its_code_can_pay_nothing_any_more(
    floor: PaymentFloor,
) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(*[NOT_FOUND] * 4)
    begun = floor.charge(cart)
    floor.runner.cancel(begun.attempt)
    for passed, open_ in ((74, True), (1, False)):
        floor.shop.clock.forward(timedelta(seconds=passed))
        floor.timers.ring()
        assert floor.now(begun.attempt).is_open is open_
    assert floor.now(begun.attempt).state is PaymentState.REFUSED and not floor.timers.set
    assert floor.charge(cart).state is PaymentState.PAID and floor.wechat.taken == PRICE


def test_money_that_was_taken_is_never_over_because_its_wallet_does_not_find_it(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    begun = floor.charge(cart)
    floor.shop.shop.payments.give_back(floor.shop.owner, floor.on_counter(cart))
    floor.shop.clock.forward(timedelta(seconds=600))
    floor.wechat.say(NOT_FOUND)
    floor.runner.wake()
    assert floor.now(begun.attempt).is_open and floor.wechat.taken == PRICE
    floor.timers.ring()
    assert floor.now(begun.attempt).state is PaymentState.REVERSED and floor.wechat.taken == 0


def test_a_till_killed_after_the_money_moved_asks_first_and_comes_back_with_the_tender(
    floor: PaymentFloor,
) -> None:
    cart = floor.shop.cart(NECKLACE)
    begun = floor.begin(cart)
    order = floor.shop.shop.payments.charge_order(begun)
    floor.wechat.charge(order, "134567890123456789")
    back = floor.killed()
    assert floor.now(begun.attempt).state is PaymentState.PAID
    assert [t.attempt for t in back.tenders] == [begun.attempt]
    assert floor.shop.shop.checkout.commit(floor.shop.cashier, back).sale.sale_id == cart.cart_id
    assert floor.wechat.taken == PRICE and floor.shop.verify().passed


def test_a_till_killed_while_it_reverses_goes_on_reversing(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    begun = floor.charge(cart)
    floor.shop.shop.payments.cancel(begun.attempt)
    back = floor.killed()
    assert back.tenders == () and floor.now(begun.attempt).state is PaymentState.REVERSED
    assert floor.wechat.taken == 0


def test_money_taken_goes_back_before_the_cart_does(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.charge(cart, 50_000)
    cart = floor.on_counter(cart)
    who, shop = floor.shop.cashier, floor.shop.shop
    with pytest.raises(PaymentTakenError) as taken:
        shop.carts.cancel(who, cart, "left")
    assert taken.value.params["amount"] == 50_000
    back = shop.payments.give_back(who, cart)
    assert back.cart.tenders == () and len(back.attempts) == 1
    with pytest.raises(PaymentOpenError):
        shop.carts.cancel(who, back.cart, "left")
    floor.runner.drive(back.attempts[0])
    shop.carts.cancel(who, back.cart, "left")
    assert floor.wechat.taken == 0 and shop.carts.reopen().empty and floor.shop.verify().passed


def test_a_cart_that_was_emptied_or_left_stays_while_a_wallet_may_hold_its_money(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    floor.charge(cart)
    carts, who = floor.shop.shop.carts, floor.shop.cashier
    empty = msgspec.structs.replace(cart, lines=())
    carts.keep(empty)
    assert carts.reopen().cart_id == cart.cart_id
    carts.keep(cart)
    other = floor.shop.shop.carts.new()
    held = msgspec.structs.replace(cart, cart_id=other.cart_id)
    carts.hold(who, held)
    with pytest.raises(PaymentOpenError):
        carts.recall(who, held.cart_id, waiting=empty)


def test_two_wallets_and_cash_share_a_bill(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.charge(cart, 40_000)
    floor.charge(floor.on_counter(cart), 50_000, TenderKind.ALIPAY)
    rest = floor.on_counter(cart)
    with pytest.raises(TenderShortError):
        floor.shop.shop.checkout.commit(floor.shop.cashier, rest)
    cash = floor.shop.shop.checkout.tender(TenderKind.CASH, Amount(39_900))
    whole = msgspec.structs.replace(rest, tenders=(*rest.tenders, cash))
    done = floor.shop.shop.checkout.commit(floor.shop.cashier, whole)
    assert [t.amount for t in done.sale.tenders] == [40_000, 50_000, 39_900]
    assert floor.shop.verify().passed


def test_no_sale_takes_a_wallet_tender_without_its_paid_charge(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    with pytest.raises(PaymentMissingError):
        floor.shop.shop.checkout.commit(floor.shop.cashier, floor.shop.paid(cart, TenderKind.WECHAT_PAY))
    floor.charge(cart)
    other = floor.shop.cart(NECKLACE)
    stolen = msgspec.structs.replace(other, tenders=floor.on_counter(cart).tenders)
    with pytest.raises(PaymentMissingError):
        floor.shop.shop.checkout.commit(floor.shop.cashier, stolen)
    # The bill paid in cash as well would make the customer pay twice.
    with pytest.raises(PaymentMissingError):
        floor.shop.shop.checkout.commit(floor.shop.cashier, floor.shop.paid(cart))


def test_what_cannot_be_charged_is_refused_before_anything_is_written(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    for amount in (0, -1, PRICE + 1):
        with pytest.raises(PaymentAmountError):
            floor.begin(cart, amount)
    current = floor.shop.shop.current
    current.value = msgspec.structs.replace(
        current.value, payments=msgspec.structs.replace(WALLETS_ON, limit=Amount(100))
    )
    with pytest.raises(PaymentLimitError) as limit:
        floor.begin(cart)
    assert limit.value.params["limit"] == 100
    current.value = msgspec.structs.replace(
        current.value, payments=PaymentSettings(wechat_pay=WALLETS_ON.wechat_pay)
    )
    with pytest.raises(WalletOffError):
        floor.begin(cart, kind=TenderKind.ALIPAY)
    assert floor.shop.shop.payments.in_care() == ()


def test_a_manager_settles_what_nobody_can_ask_about(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    begun = floor.charge(cart)
    floor.wechat.reachable = False
    payments, who = floor.shop.shop.payments, floor.shop.cashier
    with pytest.raises(NeedsApprovalError) as needed:
        payments.settle_by_hand(who, begun.attempt, PaymentState.PAID)
    approval = floor.shop.approval(needed.value)
    settled = payments.settle_by_hand(who, begun.attempt, PaymentState.PAID, approval)
    assert settled.state is PaymentState.PAID and settled.by_hand
    assert floor.commit(cart).sale.total == PRICE and floor.shop.verify().passed


def test_money_that_shows_up_after_the_end_is_flagged_and_goes_back(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.wechat.say(LOST)
    begun = floor.charge(cart)
    floor.shop.shop.payments.settle_by_hand(floor.shop.manager, begun.attempt, PaymentState.REFUSED)
    floor.shop.shop.carts.cancel(floor.shop.cashier, cart, "left")
    floor.timers.ring()
    after = floor.now(begun.attempt)
    assert after.state is PaymentState.REFUSED and not after.flagged and floor.wechat.taken == 0
    assert floor.shop.verify().passed


def test_nothing_is_charged_without_a_shift(floor: PaymentFloor) -> None:
    floor.shop.close_shift()
    with pytest.raises(NoShiftError):
        floor.begin(floor.shop.cart(NECKLACE))


def test_a_return_owes_the_wallet_refund_from_its_own_transaction_until_it_is_made(
    floor: PaymentFloor,
) -> None:
    cart = floor.shop.cart(NECKLACE)
    charge = floor.charge(cart)
    sale = floor.commit(cart).sale
    floor.wechat.reachable = False
    back = floor.shop.take_back(sale)
    (tender,) = back.sale.tenders
    assert (tender.kind, tender.amount, tender.attempt) == (TenderKind.WECHAT_PAY, -PRICE, charge.attempt)
    (owed,) = floor.shop.shop.payments.owed()
    assert owed.payment.refund_of_number == charge.payment.order_number and owed.payment.amount == PRICE
    floor.runner.wake()
    assert floor.timers.waits == [2_000]
    floor.timers.ring()
    assert floor.timers.waits == [10_000] and floor.shop.shop.payments.owed() == (owed,)
    floor.killed()
    floor.wechat.reachable = True
    floor.timers.ring()
    assert floor.shop.shop.payments.owed() == () and floor.wechat.taken == 0
    assert floor.now(owed.attempt).state is PaymentState.REFUNDED and floor.shop.verify().passed


def test_a_refund_that_was_lost_on_its_way_is_made_once(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.charge(cart)
    sale = floor.commit(cart).sale
    floor.shop.take_back(sale)
    floor.wechat.say(LOST, PaymentAnswer(state=PaymentState.PENDING, provider_number="R1"))
    floor.runner.wake()
    floor.timers.ring()
    assert len(floor.shop.shop.payments.owed()) == 1
    floor.timers.ring()
    calls = [call for call, _ in floor.wechat.asked]
    assert calls == ["charge", "refund", "refund", "query_refund"] and floor.wechat.taken == 0
    assert floor.shop.shop.payments.owed() == () and len(floor.wechat.refunds) == 1


def test_each_charge_of_a_bill_gets_its_own_part_back(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    first = floor.charge(cart, 40_000)
    second = floor.charge(floor.on_counter(cart), 89_900, TenderKind.ALIPAY)
    sale = floor.commit(cart).sale
    floor.shop.shop.returns.void(floor.shop.owner, sale.sale_id, "wrong")
    floor.runner.wake()
    owed = {x.payment.refund_of: x.payment.amount for x in floor.shop.shop.payments.in_care()}
    assert owed == {} and floor.wechat.taken == 0 and floor.alipay.taken == 0
    assert {first.payment.amount, second.payment.amount} == {40_000, 89_900}
    assert floor.shop.verify().passed


def test_refunds_that_are_owed_stand_on_the_z(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.charge(cart)
    floor.shop.take_back(floor.commit(cart).sale)
    floor.shop.close_shift()
    closed = floor.shop.shop.shifts.z_reports()[0].closed
    assert (closed.refunds_owed_count, closed.refunds_owed) == (1, PRICE)


def test_a_changed_row_and_a_changed_tender_are_found(floor: PaymentFloor) -> None:
    cart = floor.shop.cart(NECKLACE)
    floor.charge(cart)
    floor.commit(cart)
    with floor.shop.store.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE payment_attempt SET state = 'refused'")
        connection.commit()
    assert {f.code for f in floor.shop.verify().findings} == {"proof.payment_rows"}
