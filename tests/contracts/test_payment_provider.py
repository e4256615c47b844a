"""What every wallet promises a till, whichever it is: the adapters over HTTP against the played wallets."""

import socket
from collections.abc import Iterator
from itertools import count
from threading import Thread
from typing import Any

import msgspec
import pytest

from pos_app.domain.payments import PaymentState
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.services.ports.payments import (
    ChargeOrder,
    PaymentProvider,
    ProviderSettingError,
    ProviderUnreachableError,
    RefundOrder,
)
from pos_app.services.ports.wallet_keys import KeyPair
from sync.payments.providers import ProviderTools, provider_of
from tests.support.payments_simulator import (
    SimulatorClock,
    SimulatorProcess,
    counted_nonces,
    providers,
)

WALLETS = [TenderKind.WECHAT_PAY, TenderKind.ALIPAY]
PRICE = Amount(12_34)
_numbers = count(1)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    process = SimulatorProcess(tmp_path_factory.mktemp("wallets"))
    process.start()
    yield process
    process.kill()


@pytest.fixture(params=WALLETS, ids=str)
def wallet(request: pytest.FixtureRequest, simulator: SimulatorProcess) -> Iterator[PaymentProvider]:
    """Yield one wallet of each kind, with no fault waiting."""
    simulator.next_faults()
    both = providers(simulator)
    yield both(request.param)
    both.close()


def order(amount: int = PRICE) -> ChargeOrder:
    """Return a charge under a number of its own."""
    number = f"T{next(_numbers):08d}"
    return ChargeOrder(
        order_number=number, amount=Amount(amount), currency="CNY", subject="熟客/母婴&店", device="N011"
    )


def back(charge: ChargeOrder, amount: int, number: str) -> RefundOrder:
    """Return a refund of part of a charge."""
    return RefundOrder(
        order_number=charge.order_number,
        refund_number=number,
        amount=Amount(amount),
        paid=charge.amount,
        currency="CNY",
        reason="退货",
    )


def test_a_code_is_charged_once_and_the_wallet_says_what_it_took(
    wallet: PaymentProvider, simulator: SimulatorProcess
) -> None:
    bill = order()
    answer = wallet.charge(bill, simulator.code(wallet.kind))
    assert (answer.state, answer.amount, answer.reason) == (PaymentState.PAID, PRICE, None)
    assert answer.provider_number
    assert wallet.query(bill.order_number) == answer
    assert simulator.moved(bill.order_number) == PRICE


def test_a_customer_above_her_limit_is_asked_for_her_password(
    wallet: PaymentProvider, simulator: SimulatorProcess
) -> None:
    bill = order(200_000)
    customer = simulator.customer(wallet.kind, enters_ms=20_000)
    assert wallet.charge(bill, simulator.code(wallet.kind, customer)).state is PaymentState.ENTERING
    simulator.move(19_000)
    assert wallet.query(bill.order_number).state is PaymentState.ENTERING
    assert simulator.moved(bill.order_number) == 0
    simulator.move(2_000)
    assert wallet.query(bill.order_number).state is PaymentState.PAID


def test_who_closes_the_password_window_pays_nothing(
    wallet: PaymentProvider, simulator: SimulatorProcess
) -> None:
    bill = order(200_000)
    customer = simulator.customer(wallet.kind)
    wallet.charge(bill, simulator.code(wallet.kind, customer))
    simulator.post("password", wallet=wallet.kind, number=bill.order_number, enters=False)
    answer = wallet.query(bill.order_number)
    assert answer.state in (PaymentState.REFUSED, PaymentState.REVERSED)
    assert simulator.moved(bill.order_number) == 0


@pytest.mark.parametrize(
    ("spoil", "reasons"),
    [
        ("expired", {"code_expired", "code_invalid"}),
        ("used", {"code_invalid"}),
        ("foreign", {"code_invalid"}),
        ("poor", {"not_enough"}),
        ("too much", {"limit"}),
    ],
)
def test_a_code_that_cannot_pay_is_refused_with_the_reason(
    wallet: PaymentProvider, simulator: SimulatorProcess, spoil: str, reasons: set[str]
) -> None:
    other = TenderKind.ALIPAY if wallet.kind is TenderKind.WECHAT_PAY else TenderKind.WECHAT_PAY
    customer = simulator.customer(wallet.kind, balance=1_00 if spoil == "poor" else 9_000_000)
    code = simulator.code(other) if spoil == "foreign" else simulator.code(wallet.kind, customer)
    if spoil == "expired":
        simulator.move(61_000)
    if spoil == "used":
        wallet.charge(order(), code)
    bill = order(6_000_000 if spoil == "too much" else PRICE)
    answer = wallet.charge(bill, code)
    assert answer.state is PaymentState.REFUSED
    assert answer.reason in reasons
    assert simulator.moved(bill.order_number) == 0


def test_an_order_that_nobody_heard_of_is_not_known_rather_than_unpaid(wallet: PaymentProvider) -> None:
    answer = wallet.query("T99999999")
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, "not_found")


@pytest.mark.parametrize("when", ["paid", "entering", "refused"])
def test_a_reversed_charge_takes_nothing_however_far_it_had_come(
    wallet: PaymentProvider, simulator: SimulatorProcess, when: str
) -> None:
    bill = order(200_000 if when == "entering" else PRICE)
    customer = simulator.customer(wallet.kind, 1 if when == "refused" else 1_000_000, enters_ms=10_000)
    code = simulator.code(wallet.kind, customer)
    wallet.charge(bill, code)
    assert wallet.reverse(bill.order_number).state is PaymentState.REVERSED
    assert wallet.reverse(bill.order_number).state is PaymentState.REVERSED
    simulator.move(15_000)
    assert wallet.charge(bill, simulator.code(wallet.kind)).state is not PaymentState.PAID
    assert simulator.moved(bill.order_number) == 0


def test_a_reversal_that_finds_no_charge_is_not_taken_for_one(
    wallet: PaymentProvider, simulator: SimulatorProcess
) -> None:
    bill, code = order(), simulator.code(wallet.kind)
    simulator.next_faults("late")
    assert wallet.charge(bill, code).state is PaymentState.UNKNOWN
    answer = wallet.reverse(bill.order_number)
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, "not_found")
    simulator.move(60_000)
    assert simulator.moved(bill.order_number) == PRICE
    assert wallet.reverse(bill.order_number).state is PaymentState.REVERSED
    assert simulator.moved(bill.order_number) == 0


def test_part_of_a_charge_goes_back_once_for_one_number(
    wallet: PaymentProvider, simulator: SimulatorProcess
) -> None:
    bill = order(1_000)
    wallet.charge(bill, simulator.code(wallet.kind))
    first, second = f"{bill.order_number}R1", f"{bill.order_number}R2"
    assert wallet.query_refund(bill.order_number, first).reason == "not_found"
    for _ in range(2):
        answer = wallet.refund(back(bill, 300, first))
        assert (answer.state, answer.amount) == (PaymentState.REFUNDED, 300)
    assert wallet.query_refund(bill.order_number, first).state is PaymentState.REFUNDED
    assert wallet.refund(back(bill, 700, second)).state is PaymentState.REFUNDED
    assert simulator.moved(bill.order_number) == 0
    answer = wallet.refund(back(bill, 1, f"{bill.order_number}R3"))
    assert answer.state in (PaymentState.REFUSED, PaymentState.UNKNOWN)
    assert simulator.moved(bill.order_number) == 0


def test_a_refund_of_what_was_never_paid_moves_nothing(wallet: PaymentProvider) -> None:
    answer = wallet.refund(back(order(), 100, "T88888888R1"))
    assert (answer.state, answer.reason) == (PaymentState.REFUSED, "no_charge")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("lost_before", "cut_off"),
        ("lost_after", "cut_off"),
        ("bad_signature", "bad_signature"),
        ("misread", "amount_mismatch"),
        ("other_amount", "amount_mismatch"),
        ("other_order", "other_order"),
        ("system_before", "system_error"),
        ("system_after", "system_error"),
        ("busy", "busy"),
    ],
)
def test_an_answer_that_cannot_be_believed_leaves_the_charge_unknown(
    wallet: PaymentProvider, simulator: SimulatorProcess, fault: str, reason: str
) -> None:
    bill, code = order(), simulator.code(wallet.kind)
    simulator.next_faults(fault)
    answer = wallet.charge(bill, code)
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, reason)


def test_a_page_of_a_server_in_between_leaves_the_charge_unknown(
    wallet: PaymentProvider, simulator: SimulatorProcess
) -> None:
    simulator.next_faults("not_json")
    answer = wallet.charge(order(), simulator.code(wallet.kind))
    assert answer.state is PaymentState.UNKNOWN
    assert answer.reason in ("not_json", "other_key")


@pytest.mark.parametrize("fault", ["bad_signature", "misread", "other_order", "system_before", "not_json"])
def test_no_answer_that_cannot_be_believed_makes_a_charge_paid_or_refused(
    wallet: PaymentProvider, simulator: SimulatorProcess, fault: str
) -> None:
    bill = order()
    wallet.charge(bill, simulator.code(wallet.kind))
    simulator.next_faults(fault)
    answer = wallet.query(bill.order_number)
    if fault == "misread":
        # A till compares the amount that is told with the one it asked for.
        assert answer.amount != bill.amount
    else:
        assert answer.state is PaymentState.UNKNOWN


@pytest.mark.parametrize("fault", ["lost_after", "bad_signature", "not_json", "system_after", "retry"])
def test_a_reversal_that_is_not_confirmed_is_asked_for_again(
    wallet: PaymentProvider, simulator: SimulatorProcess, fault: str
) -> None:
    bill = order()
    wallet.charge(bill, simulator.code(wallet.kind))
    simulator.next_faults(fault)
    assert wallet.reverse(bill.order_number).state is PaymentState.UNKNOWN
    assert wallet.reverse(bill.order_number).state is PaymentState.REVERSED
    assert simulator.moved(bill.order_number) == 0


@pytest.mark.parametrize("fault", ["lost_before", "lost_after", "bad_signature", "not_json", "system_after"])
def test_a_refund_that_is_not_confirmed_can_be_sent_again(
    wallet: PaymentProvider, simulator: SimulatorProcess, fault: str
) -> None:
    bill = order()
    wallet.charge(bill, simulator.code(wallet.kind))
    number = f"{bill.order_number}R"
    simulator.next_faults(fault)
    assert wallet.refund(back(bill, 500, number)).state is PaymentState.UNKNOWN
    assert wallet.refund(back(bill, 500, number)).state is PaymentState.REFUNDED
    assert simulator.moved(bill.order_number) == bill.amount - 500


@pytest.mark.parametrize("fault", ["die_before", "die_after"])
def test_a_wallet_killed_in_the_middle_remembers_what_it_took(
    wallet: PaymentProvider, simulator: SimulatorProcess, fault: str
) -> None:
    bill, code = order(), simulator.code(wallet.kind)
    simulator.next_faults(fault)
    assert wallet.charge(bill, code).state is PaymentState.UNKNOWN
    assert simulator.process is not None
    simulator.process.wait(10)
    assert simulator.revive()
    answer = wallet.query(bill.order_number)
    if fault == "die_before":
        assert answer.reason == "not_found"
    else:
        assert (answer.state, answer.amount) == (PaymentState.PAID, bill.amount)


@pytest.mark.parametrize("kind", WALLETS, ids=str)
def test_nobody_listening_means_that_nothing_left(simulator: SimulatorProcess, kind: TenderKind) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wallet = _with(simulator, kind, address=f"http://127.0.0.1:{port}")
    with pytest.raises(ProviderUnreachableError):
        wallet.charge(order(), "134567890123456789")


@pytest.mark.parametrize("kind", WALLETS, ids=str)
def test_a_wallet_that_never_answers_leaves_the_charge_unknown(
    simulator: SimulatorProcess, kind: TenderKind
) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        wallet = _with(simulator, kind, address=f"http://127.0.0.1:{mute.getsockname()[1]}", read_s=0.1)
        answer = wallet.charge(order(), "134567890123456789")
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, "timeout")


@pytest.mark.parametrize("kind", WALLETS, ids=str)
def test_an_answer_without_end_is_not_read_to_its_end(simulator: SimulatorProcess, kind: TenderKind) -> None:
    with socket.socket() as endless:
        endless.bind(("127.0.0.1", 0))
        endless.listen()
        talker = Thread(target=_talk, args=(endless,), daemon=True)
        talker.start()
        wallet = _with(simulator, kind, address=f"http://127.0.0.1:{endless.getsockname()[1]}")
        answer = wallet.charge(order(), "134567890123456789")
        talker.join(10)
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, "too_large")


@pytest.mark.parametrize("kind", WALLETS, ids=str)
def test_a_wrong_private_key_is_told_and_charges_nobody(
    simulator: SimulatorProcess, kind: TenderKind
) -> None:
    papers = simulator.papers()
    strange = papers.alipay if kind is TenderKind.WECHAT_PAY else papers.wechat_pay
    wallet = _with(simulator, kind, pair=KeyPair(strange.merchant_private, papers.of(kind).provider_public))
    answer = wallet.query("T99999998")
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, "our_signature")


@pytest.mark.parametrize("kind", WALLETS, ids=str)
def test_answers_are_not_believed_by_another_wallets_key(
    simulator: SimulatorProcess, kind: TenderKind
) -> None:
    papers = simulator.papers()
    strange = papers.alipay if kind is TenderKind.WECHAT_PAY else papers.wechat_pay
    wallet = _with(simulator, kind, pair=KeyPair(papers.of(kind).merchant_private, strange.provider_public))
    bill = order()
    answer = wallet.charge(bill, simulator.code(kind))
    assert (answer.state, answer.reason) == (PaymentState.UNKNOWN, "bad_signature")
    assert wallet.reverse(bill.order_number).state is PaymentState.UNKNOWN


@pytest.mark.parametrize("kind", WALLETS, ids=str)
def test_the_customers_code_and_the_keys_stand_in_no_error(
    simulator: SimulatorProcess, kind: TenderKind, caplog: pytest.LogCaptureFixture
) -> None:
    code = "134567890123456789"
    caplog.set_level(0)
    wallet = _with(simulator, kind, address="http://127.0.0.1:9")
    with pytest.raises(ProviderUnreachableError) as unreachable:
        wallet.charge(order(), code)
    with pytest.raises(ProviderSettingError) as unset:
        _with(simulator, kind, pair=KeyPair("-----BEGIN PRIVATE KEY-----\nMIIEsecret\n", "x"))
    told = f"{unreachable.getrepr()}{unset.getrepr(showlocals=False)}{unset.value.params}{caplog.text}"
    assert "MIIEsecret" not in str(unset.value.params)
    assert code not in caplog.text
    assert code not in str(unreachable.value) and unreachable.value.__cause__ is None
    assert unreachable.value.__suppress_context__
    assert told


def _with(simulator: SimulatorProcess, kind: TenderKind, **changes: Any) -> PaymentProvider:
    """Return a wallet of another address, patience or pair of keys."""
    papers = simulator.papers().of(kind)
    settings = msgspec.structs.replace(
        papers.settings(simulator.address), address=changes.get("address", simulator.address)
    )
    pair = changes.get("pair", KeyPair(papers.merchant_private, papers.provider_public))
    tools = ProviderTools(
        clock=SimulatorClock(simulator), nonce=counted_nonces(), read_s=changes.get("read_s", 10.0)
    )
    return provider_of(kind, settings, pair, tools)


def _talk(listening: socket.socket) -> None:
    one, _ = listening.accept()
    with one:
        one.recv(65_536)
        one.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90000000\r\n\r\n")
        try:
            while True:
                one.sendall(b"[" * 65_536)
        except OSError:
            return
