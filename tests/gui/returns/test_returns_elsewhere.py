"""A receipt of another shop is asked for online and comes back here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import LineId, MemberId, SaleId, ShopId
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.ports.syncing import OnlineMember, OnlineSale, PlatformUnavailableError
from pos_app.services.proof import verify
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.returns import SCREEN
from ui.returns.page import ReturnsPage
from ui.returns.state import Stage

MILK = "6931201000176"
NUMBER = "RML-2-2026-000042"
Key = Qt.Key


@dataclass
class Platform:
    """A platform with one sale, or that does not answer."""

    sale: OnlineSale | None = None
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def members(self, text: str) -> Sequence[OnlineMember]:
        return ()

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        return ()

    def receipt(self, number: str) -> OnlineSale | None:
        self.asked.append(number)
        if self.silent:
            raise PlatformUnavailableError(number=9001)
        return self.sale


@dataclass
class Elsewhere:
    """The returns page of a till on a platform."""

    till: ScreenTill
    platform: Platform
    net: SteppedLane

    @property
    def page(self) -> ReturnsPage:
        found = self.till.shell.page(SCREEN.id)
        assert isinstance(found, ReturnsPage)
        return found

    def stage(self) -> Stage:
        return self.page._presenter.state.stage

    def notice(self) -> str:
        return self.till.shell.notices.texts()[-1]


def _of_another_shop(at: CounterTill) -> Sale:
    """Return a sale of three tins as another shop would have made it: nothing of it stands here."""
    sold = at.sell(MILK, times=[3])
    lines = tuple(
        msgspec.structs.replace(line, line_id=LineId(UUID(int=900 + n))) for n, line in enumerate(sold.lines)
    )
    return msgspec.structs.replace(
        sold, sale_id=SaleId(UUID(int=42)), shop=ShopId(UUID(int=0xB0B)), number=NUMBER, lines=lines
    )


@pytest.fixture
def there(tmp_path: Path, qtbot: QtBot) -> Iterator[Elsewhere]:
    with counter_till(tmp_path) as at:
        platform, net = Platform(), SteppedLane()
        platform.sale = OnlineSale(sale=_of_another_shop(at), shop_name="人民路店")
        at.counter = replace(at.counter, online=platform, net=net, is_online=lambda: True)
        with screen_till(at, [SCREEN]) as till:
            yield Elsewhere(till, platform, net)


def test_a_receipt_of_another_shop_is_found_online_and_comes_back_here(there: Elsewhere) -> None:
    there.till.keys.scan(NUMBER)
    assert "正在向平台查询" in there.notice() and there.stage() is Stage.HISTORY
    there.net.run_all()
    assert "人民路店" in there.notice() and there.stage() is Stage.SALE
    there.till.keys.type("2")
    there.till.keys.press(Key.Key_F3)
    there.till.keys.press(Key.Key_F12)
    latest = there.till.at.counter.shop.returns.history("", 1)[0]
    assert (latest.kind, latest.total) == ("return", -2 * 12800)
    demo = there.till.at.demo
    assert verify(demo.store, demo.outside.signer).findings == []


def test_what_came_back_already_anywhere_comes_back_no_more(there: Elsewhere) -> None:
    assert there.platform.sale is not None
    line = there.platform.sale.sale.lines[0].line_id
    there.platform.sale = replace(there.platform.sale, returned=((line, Quantity(2 * ONE)),))
    there.till.keys.scan(NUMBER)
    there.net.run_all()
    there.till.keys.type("1")
    there.till.keys.press(Key.Key_F3)
    there.till.keys.press(Key.Key_F12)
    assert there.till.at.counter.shop.returns.history("", 1)[0].total == -12800
    assert [item.left for item in there.till.at.counter.shop.returns.find(NUMBER).lines] == [0]


def test_once_found_it_is_known_without_a_network(there: Elsewhere) -> None:
    there.till.keys.scan(NUMBER)
    there.net.run_all()
    there.till.keys.press(Key.Key_Escape)
    there.platform.silent = True
    there.till.keys.scan(NUMBER)
    assert there.stage() is Stage.SALE and len(there.platform.asked) == 1


def test_a_number_that_no_shop_has_is_said_to_be_so(there: Elsewhere) -> None:
    there.platform.sale = None
    there.till.keys.scan(NUMBER)
    there.net.run_all()
    assert "平台上也没有" in there.notice() and there.stage() is Stage.HISTORY


def test_without_a_network_it_is_said_what_to_do(there: Elsewhere) -> None:
    there.platform.silent = True
    there.till.keys.scan(NUMBER)
    there.net.run_all()
    assert "连不上平台" in there.notice()


def test_while_the_platform_is_out_of_reach_another_shop_s_receipt_is_known_as_such(there: Elsewhere) -> None:
    there.page._presenter._online._counter = replace(there.till.at.counter, is_online=lambda: False)
    there.till.keys.scan(NUMBER)
    assert "其他店的单号" in there.notice() and "原店" in there.notice()
    own = there.till.at.counter.shop.current.value.shop_code
    there.till.keys.scan(f"{own}-1-2026-999999")
    assert "核对单号" in there.notice()
    assert there.net.waiting == 0


def test_an_answer_that_comes_after_something_else_was_begun_is_dropped(there: Elsewhere) -> None:
    sale = there.till.at.sell(MILK)
    there.till.keys.scan(NUMBER)
    there.till.keys.scan(sale.number)
    there.net.run_all()
    card = there.page._presenter.state.card
    assert card is not None and card.number == sale.number


def test_goods_and_parts_of_numbers_are_no_question_to_the_platform(there: Elsewhere) -> None:
    there.till.keys.scan("6900000000017")
    there.till.keys.type("999999")
    there.till.keys.press(Key.Key_Return)
    assert there.net.waiting == 0
