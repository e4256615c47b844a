"""A receipt's signed code under the scanner, on the returns page and on Sell: opened, told, or refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.receipt_codes import KeySince, TillKeys, code_of, message_of, text_of
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import LineId, SaleId, ShopId, TillId
from pos_app.domain.values.money import Amount
from pos_app.services.ports.syncing import TILL, OnlineSale
from pos_app.services.receipt_codes import receipt_code
from sync.protocol.documents import TillDocument
from tests.support.bootstrap import OneSigner
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.returns import SCREEN
from ui.returns.page import ReturnsPage
from ui.returns.state import Stage, State

MILK = "6931201000176"
NUMBER = "RML-2-2026-000042"
THEIRS = OneSigner("the till of Renmin Road")
OTHER_TILL = TillId(UUID(int=0xB0B2))


@dataclass
class Online:
    """A platform that knows one sale."""

    sale: OnlineSale | None = None
    asked: list[str] = field(default_factory=list)

    def members(self, text: str) -> tuple[()]:
        return ()

    def sales(self, member: object) -> tuple[()]:
        return ()

    def receipt(self, number: str) -> OnlineSale | None:
        self.asked.append(number)
        return self.sale


@dataclass
class Desk:
    """The returns page of a till that knows another shop's till, and a sale of that one."""

    till: ScreenTill
    online: Online
    net: SteppedLane
    sale: Sale

    @property
    def state(self) -> State:
        page = self.till.shell.page(SCREEN.id)
        assert isinstance(page, ReturnsPage)
        return page._presenter.state

    def notice(self) -> str:
        return self.till.shell.notices.texts()[-1]


def sale_of_another_shop(at: CounterTill) -> Sale:
    sold = at.sell(MILK, times=[3])
    lines = tuple(
        msgspec.structs.replace(line, line_id=LineId(UUID(int=900 + n))) for n, line in enumerate(sold.lines)
    )
    return msgspec.structs.replace(sold, sale_id=SaleId(UUID(int=42)), number=NUMBER, lines=lines)


def know_the_other_till(at: CounterTill) -> None:
    told = TillKeys(
        till=OTHER_TILL,
        code="2",
        shop=ShopId(UUID(int=0xB0B)),
        shop_code="RML",
        shop_name="人民路店",
        keys=(KeySince(THEIRS.public_key(), 0),),
    )
    with at.counter.shop.store.write() as tx:
        tx.documents.put(TILL, OTHER_TILL.bytes, 1, msgspec.json.encode(TillDocument(till=told)))


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with counter_till(tmp_path) as at:
        know_the_other_till(at)
        online, net, sale = Online(), SteppedLane(), sale_of_another_shop(at)
        at.counter = replace(at.counter, online=online, net=net, is_online=lambda: online.sale is not None)
        with screen_till(at, [SCREEN]) as till:
            yield Desk(till, online, net, sale)


def own_code(desk: Desk, sale: Sale) -> str:
    text = desk.till.at.counter.shop.receipt_codes.code(sale)
    assert text is not None
    return text


def test_a_receipt_of_this_till_opens_its_sale_at_once(desk: Desk) -> None:
    sale = desk.till.at.sell(MILK, times=[2])
    desk.till.keys.scan(own_code(desk, sale))
    assert desk.state.stage is Stage.SALE
    assert desk.state.card is not None and desk.state.card.number == sale.number
    assert sale.number in desk.notice() and "核验无误" in desk.notice()


def test_a_code_that_is_typed_or_pasted_into_the_box_does_the_same(desk: Desk) -> None:
    sale = desk.till.at.sell(MILK)
    page = desk.till.shell.page(SCREEN.id)
    assert isinstance(page, ReturnsPage)
    page.box.setText(own_code(desk, sale).lower())
    desk.till.keys.press(Qt.Key.Key_Return)
    assert desk.state.stage is Stage.SALE


def test_another_shops_receipt_is_told_genuine_with_no_network(desk: Desk) -> None:
    desk.till.keys.scan(receipt_code(desk.sale, THEIRS))
    card = desk.state.genuine
    assert card is not None and NUMBER in card.title
    assert "人民路店" in card.what and "¥384.00" in card.what
    assert "联网" in card.then and desk.online.asked == []
    assert "refused" not in desk.till.tones.sounded


def test_a_genuine_one_takes_away_what_was_said_of_the_one_before(desk: Desk) -> None:
    desk.till.keys.scan(receipt_code(desk.sale, OneSigner("a forger")))
    desk.till.keys.scan(receipt_code(desk.sale, THEIRS))
    assert desk.till.shell.notices.texts() == []


def test_with_a_network_its_goods_are_asked_for_and_can_come_back(desk: Desk) -> None:
    desk.online.sale = OnlineSale(sale=desk.sale, shop_name="人民路店")
    desk.till.keys.scan(receipt_code(desk.sale, THEIRS))
    assert desk.state.genuine is not None and "正在向平台" in desk.state.genuine.then
    desk.net.run_all()
    assert desk.online.asked == [NUMBER]
    assert desk.state.stage is Stage.SALE and desk.state.can_return and desk.state.genuine is None


def test_a_sale_that_the_platform_tells_otherwise_is_not_taken(desk: Desk) -> None:
    desk.online.sale = OnlineSale(
        sale=msgspec.structs.replace(desk.sale, total=Amount(1)), shop_name="人民路店"
    )
    desk.till.keys.scan(receipt_code(desk.sale, THEIRS))
    desk.net.run_all()
    assert desk.state.stage is Stage.HISTORY and "不一致" in desk.notice()


def test_forged_altered_foreign_and_newer_ones_are_refused_in_words(desk: Desk) -> None:
    genuine = receipt_code(desk.sale, THEIRS)
    named = code_of(desk.sale, THEIRS.public_key())
    forger = OneSigner("a forger")
    for text, words in (
        (text_of(named, forger.sign(message_of(named))), "伪造"),
        (genuine.replace("000042", "000043"), "改动"),
        (receipt_code(desk.sale, forger), "不认识"),
        ("SK7" + genuine[3:], "更新版本"),
        (genuine[:-20], "不是完整的"),
    ):
        desk.till.tones.sounded.clear()
        desk.till.keys.scan(text)
        assert words in desk.notice(), words
        assert desk.till.tones.sounded == ["refused"]
        assert desk.state.stage is Stage.HISTORY and desk.state.genuine is None


def test_what_was_told_goes_with_the_next_search(desk: Desk) -> None:
    desk.till.keys.scan(receipt_code(desk.sale, THEIRS))
    desk.till.keys.type("0")
    assert desk.state.genuine is None


def test_nothing_is_called_genuine_any_more_once_another_receipt_is_refused(desk: Desk) -> None:
    desk.till.keys.scan(receipt_code(desk.sale, THEIRS))
    desk.till.keys.scan(receipt_code(desk.sale, OneSigner("a forger")))
    assert desk.state.genuine is None


def test_an_answer_that_comes_after_another_scan_opens_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    db = SteppedLane()
    with counter_till(tmp_path, db) as at, screen_till(at, [SCREEN]) as till:
        db.run_all()
        first, second = at.sell(MILK), at.sell(MILK)
        codes = [at.counter.shop.receipt_codes.code(sale) or "" for sale in (first, second)]
        for code in codes:
            till.keys.scan(code)
        db.run_all()
        page = till.shell.page(SCREEN.id)
        assert isinstance(page, ReturnsPage) and page._presenter.state.card is not None
        assert page._presenter.state.card.number == second.number
