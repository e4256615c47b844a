"""Payment codes are set up: numbers and keys, kept apart, and tried against a wallet that is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from pos_app.domain.payments.codes import wallet_of
from pos_app.domain.payments.settings import WalletRule
from pos_app.domain.sales.tenders import TenderKind
from pos_app.persistence.wallet_keys import SealedWalletKeys
from sync.payments.providers import ProviderTools, provider_of
from tests.support.lanes import InlineLane
from tests.support.payments_simulator import SimulatorClock, SimulatorProcess, counted_nonces
from tests.support.screen_till import ScreenTill, counter_till, no_printers, screen_till
from ui.kit.buttons import KeyButton
from ui.kit.fields import CodeEdit, TickEdit
from ui.settings import settings_screen
from ui.settings.wallets_presenter import WalletDoors
from ui.shell.screens import ScreenId


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    process = SimulatorProcess(tmp_path_factory.mktemp("wallets"))
    process.start()
    yield process
    process.kill()


@pytest.fixture
def keys(tmp_path: Path) -> SealedWalletKeys:
    return SealedWalletKeys(tmp_path / "keys", use_key_store=False)


@pytest.fixture
def till(
    tmp_path: Path, qtbot: QtBot, simulator: SimulatorProcess, keys: SealedWalletKeys
) -> Iterator[ScreenTill]:
    """The owner at the tab of payment codes."""
    lane = InlineLane()
    printers = no_printers()
    tools = ProviderTools(clock=SimulatorClock(simulator), nonce=counted_nonces())
    wallets = WalletDoors(
        net=lane,
        keys=keys,
        check=lambda kind, wallet, pair: provider_of(kind, wallet, pair, tools),
        ask=lambda kind, wallet, pair: provider_of(kind, wallet, pair, tools).query("SHUKE0TEST"),
    )
    with counter_till(tmp_path) as at, screen_till(at, [settings_screen(printers, wallets)]) as shown:
        qtbot.waitUntil(shown.shell.isActiveWindow)
        shown.shell.navigation.open(ScreenId("settings"), "wallets")
        QApplication.processEvents()
        yield shown


def fill(till: ScreenTill, simulator: SimulatorProcess, kind: TenderKind, **other: str) -> None:
    """Type all that a wallet needs, or something else in a field."""
    papers = simulator.papers().of(kind)
    values = {
        "merchant_id": papers.merchant_id,
        "app_id": papers.app_id,
        "merchant_serial": papers.merchant_serial,
        "provider_serial": papers.provider_serial,
        "address": simulator.address,
        "private_key": papers.merchant_private,
        "provider_key": papers.provider_public,
    } | other
    tick = till.shell.findChild(TickEdit, f"wallet_enabled_{kind}")
    assert tick is not None
    tick.click()
    for name, text in values.items():
        line = till.shell.findChild(CodeEdit, f"wallet_{name}_{kind}")
        box = till.shell.findChild(QPlainTextEdit, f"wallet_{name}_{kind}")
        if line is not None:
            line.setText(text)
            line.textEdited.emit(text)
        elif box is not None:
            box.setPlainText(text)


def save(till: ScreenTill) -> None:
    till.keys.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def try_out(till: ScreenTill, kind: TenderKind) -> str:
    button = till.shell.findChild(KeyButton, f"wallet_try_{kind}")
    tried = till.shell.findChild(QLabel, f"wallet_tried_{kind}")
    assert button is not None and tried is not None
    button.click()
    return tried.text()


def words(till: ScreenTill) -> str:
    return "\n".join(label.text() for label in till.shell.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("kind", [TenderKind.WECHAT_PAY, TenderKind.ALIPAY], ids=str)
def test_numbers_and_keys_that_fit_are_tried_and_kept_apart(
    till: ScreenTill, simulator: SimulatorProcess, keys: SealedWalletKeys, kind: TenderKind, tmp_path: Path
) -> None:
    fill(till, simulator, kind)
    assert try_out(till, kind) == "密钥都对，可以收款。"
    save(till)
    wallet = till.at.demo.shop.current.value.payments.wallet(kind)
    assert wallet.enabled and wallet.app_id == simulator.papers().of(kind).app_id
    kept = keys.load(kind)
    assert kept is not None and kept.private == simulator.papers().of(kind).merchant_private.strip()
    for box in till.shell.findChildren(QPlainTextEdit):
        assert "PRIVATE KEY" not in box.toPlainText()
    assert "密钥已保存在本机" in words(till)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files and not any(b"PRIVATE KEY" in file.read_bytes() for file in files)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"private_key": ""}, "必填"),
        ({"private_key": "not a key"}, "读不出密钥"),
        ({"app_id": ""}, "必填"),
        ({"address": "http://example.org"}, "https://"),
        ({"provider_serial": "公钥一"}, "只有英文字母"),
    ],
)
def test_what_is_missing_or_wrong_is_said_under_its_field_and_nothing_is_saved(
    till: ScreenTill,
    simulator: SimulatorProcess,
    keys: SealedWalletKeys,
    other: dict[str, str],
    told: str,
) -> None:
    fill(till, simulator, TenderKind.WECHAT_PAY, **other)
    save(till)
    assert told in words(till)
    assert not till.at.demo.shop.current.value.payments.enabled


def test_numbers_typed_full_width_are_taken_as_what_they_say(
    till: ScreenTill, simulator: SimulatorProcess
) -> None:
    fill(till, simulator, TenderKind.WECHAT_PAY, merchant_id="１９００００００１")
    save(till)
    assert till.at.demo.shop.current.value.payments.wechat_pay.merchant_id == "190000001"


def test_the_usual_mix_ups_of_keys_are_named(till: ScreenTill, simulator: SimulatorProcess) -> None:
    papers = simulator.papers().wechat_pay
    fill(till, simulator, TenderKind.WECHAT_PAY, private_key=papers.provider_public)
    save(till)
    assert "这里要私钥" in words(till)
    fill(till, simulator, TenderKind.WECHAT_PAY, provider_key=papers.merchant_private)
    save(till)
    assert "这里要钱包的公钥" in words(till)


def test_a_key_of_another_merchant_is_found_by_trying(till: ScreenTill, simulator: SimulatorProcess) -> None:
    strange = simulator.papers().alipay.merchant_private
    fill(till, simulator, TenderKind.WECHAT_PAY, private_key=strange)
    assert "钱包不认本店的签名" in try_out(till, TenderKind.WECHAT_PAY)


def test_a_wallet_that_cannot_be_reached_is_said_to_be_so(
    till: ScreenTill, simulator: SimulatorProcess
) -> None:
    fill(till, simulator, TenderKind.ALIPAY, address="http://127.0.0.1:9")
    assert "连不上钱包" in try_out(till, TenderKind.ALIPAY)


def form_of(till: ScreenTill, kind: TenderKind, prefixes: str, digits: str) -> None:
    for name, text in (("prefixes", prefixes), ("digits", digits)):
        line = till.shell.findChild(CodeEdit, f"wallet_{name}_{kind}")
        assert line is not None
        line.setText(text)
        line.textEdited.emit(text)


def test_how_a_wallets_codes_begin_and_how_long_they_are_can_be_set(till: ScreenTill) -> None:
    before = till.at.demo.shop.current.value.payments.rules
    line = till.shell.findChild(CodeEdit, "wallet_prefixes_wechat_pay")
    assert line is not None and line.text() == "10 11 12 13 14 15"
    form_of(till, TenderKind.WECHAT_PAY, "10、16 ,10", "18 - 20")
    save(till)
    rules = till.at.demo.shop.current.value.payments.rules
    wechat = WalletRule(provider=TenderKind.WECHAT_PAY, prefixes=("10", "16"), shortest=18, longest=20)
    assert rules == (wechat, *before[1:])
    assert (
        wallet_of("16" + "0" * 17, rules) is TenderKind.WECHAT_PAY
        and wallet_of("11" + "0" * 16, rules) is None
    )


@pytest.mark.parametrize(
    ("prefixes", "digits", "said"),
    [
        ("1x", "18", "写数字，用空格隔开，如 10 11 12。"),
        ("", "18", "必填"),
        ("10", "many", "写位数，如 18 或 16-24，在 8 到 32 之间。"),
        ("10", "20-18", "写位数，如 18 或 16-24，在 8 到 32 之间。"),
        ("10", "7", "写位数，如 18 或 16-24，在 8 到 32 之间。"),
        ("123456789", "8", "写数字，用空格隔开，如 10 11 12。"),
    ],
)
def test_codes_that_cannot_be_are_told_under_their_field(
    till: ScreenTill, prefixes: str, digits: str, said: str
) -> None:
    before = till.at.demo.shop.current.value.payments
    form_of(till, TenderKind.ALIPAY, prefixes, digits)
    save(till)
    assert said in words(till) and till.at.demo.shop.current.value.payments == before
