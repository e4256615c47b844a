"""Whoever is not known on this till is looked for online, while the counter goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from pos_app.domain import cards
from pos_app.domain.members import KeyKind, Member, MemberKey, Profile
from pos_app.domain.records import MemberRecord
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.services.ports.syncing import OnlineMember, OnlineSale, PlatformUnavailableError
from tests.gui.sales.conftest import Till
from tests.support.lanes import SteppedLane

Key = Qt.Key
PHONE = "13912345678"
CARD = cards.make("12345678901234")
MILK = "6931201000176"


def stranger() -> Member:
    """Return a member of another shop."""
    keys = (MemberKey(kind=KeyKind.PHONE, value="+86" + PHONE),)
    return Member(
        member_id=MemberId(UUID(int=77)),
        joined_at=datetime(2026, 1, 2, tzinfo=UTC),
        joined_shop=ShopId(UUID(int=0xB0B)),
        profile=Profile(name="汪小满", keys=keys),
    )


@dataclass
class Platform:
    """A platform that knows one member, or does not answer."""

    knows: list[Member] = field(default_factory=lambda: [stranger()])
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def members(self, text: str) -> Sequence[OnlineMember]:
        self.asked.append(text)
        if self.silent:
            raise PlatformUnavailableError(number=9001)
        return [OnlineMember(member=one, record=MemberRecord(), here=False) for one in self.knows]

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        return ()

    def receipt(self, number: str) -> OnlineSale | None:
        return None


@dataclass
class Online:
    """A till at the counter with a platform behind it."""

    till: Till
    platform: Platform
    net: SteppedLane

    def hint(self) -> str:
        return self.till.words("hint")

    def names(self) -> list[str]:
        listing = self.till.state.listing
        return [] if listing is None else [row.title for row in listing.rows]


@pytest.fixture
def online(open_till: Callable[..., Till]) -> Online:
    platform, net = Platform(), SteppedLane()
    till = open_till()
    desk = till.page.presenter._desk
    desk._counter = replace(desk._counter, online=platform, net=net, is_online=lambda: True)
    return Online(till, platform, net)


def test_a_phone_of_another_shop_comes_as_a_row_and_is_taken_with_an_arrow(online: Online) -> None:
    online.till.say(PHONE)
    assert "在线查找中" in online.hint() and online.till.page.box.text() == PHONE
    online.net.run_all()
    assert online.names() == ["汪小满"]
    assert "直接回车仍是新登记" in online.hint()
    online.till.press(Key.Key_Down)
    online.till.enter()
    assert online.till.state.member is not None and online.till.state.member.name == "汪小满"


def test_enter_keeps_its_meaning_although_somebody_was_found(online: Online) -> None:
    online.till.say(PHONE)
    online.net.run_all()
    online.till.enter()
    assert online.till.state.member is not None and online.till.state.member.name != "汪小满"
    assert online.till.behind.till.shop.members.find_phone(PHONE) is not None


def test_the_sign_up_does_not_wait_for_the_answer_and_a_late_one_is_dropped(online: Online) -> None:
    online.till.say(PHONE)
    online.till.enter()
    assert online.till.state.member is not None
    online.net.run_all()
    assert online.names() == []
    assert online.till.state.member.name != "汪小满"
    assert "其他店也有用这个手机号的会员" in online.till.shell.notices.texts()[-1]


def test_a_late_answer_about_somebody_else_is_nothing_to_tell(online: Online) -> None:
    online.till.say(PHONE)
    online.till.press(Key.Key_Escape)
    before = online.till.shell.notices.texts()
    online.net.run_all()
    assert online.till.shell.notices.texts() == before


def test_an_answer_that_comes_after_something_else_was_typed_is_dropped(online: Online) -> None:
    online.till.say(PHONE)
    online.till.press(Key.Key_Escape)
    online.till.page.box.clear()
    online.till.keys.type("69")
    online.net.run_all()
    assert online.names() == [] and online.till.page.box.text() == "69"


def test_nobody_there_either_leaves_the_offer_as_it_was(online: Online) -> None:
    online.platform.knows.clear()
    online.till.say(PHONE)
    online.net.run_all()
    assert "139 1234 5678" in online.hint() and "在线" not in online.hint()
    online.till.enter()
    assert online.till.state.member is not None


def test_a_platform_that_does_not_answer_is_said_and_hinders_nothing(online: Online) -> None:
    online.platform.silent = True
    online.till.say(PHONE)
    online.net.run_all()
    assert "连不上平台" in online.hint()
    online.till.enter()
    assert online.till.state.member is not None


def test_a_scanned_card_that_nobody_here_has_is_looked_for(online: Online) -> None:
    online.till.keys.scan(CARD)
    assert online.hint() == "没有找到 · 在线查找中…"
    assert online.till.state.rows == ()
    online.net.run_all()
    assert online.names() == ["汪小满"]
    online.till.press(Key.Key_Down)
    online.till.enter()
    assert online.till.state.member is not None


def test_a_card_that_nobody_anywhere_has_is_refused_with_the_tone(online: Online) -> None:
    online.platform.knows.clear()
    online.till.keys.scan(CARD)
    online.net.run_all()
    assert "在线" not in online.hint() and online.hint() != ""
    assert online.till.tones.sounded[-1] == "refused"


def test_goods_are_scanned_on_while_somebody_is_looked_for(online: Online) -> None:
    online.till.keys.scan(CARD)
    online.till.keys.scan(MILK)
    online.net.run_all()
    assert online.names() == [] and len(online.till.state.rows) == 1


def test_a_name_looked_for_with_f9_is_looked_for_online_too(online: Online) -> None:
    online.till.press(Key.Key_F9)
    online.till.page.box.setText("汪小满")
    online.till.enter()
    online.net.run_all()
    assert online.names() == ["汪小满"]
    assert online.platform.asked == ["汪小满"]


def test_in_pay_nobody_is_looked_for(online: Online) -> None:
    online.till.keys.scan(MILK)
    online.till.press(Key.Key_F12)
    online.till.keys.scan(CARD)
    assert online.net.waiting == 0


def test_offline_nothing_is_asked(online: Online) -> None:
    desk = online.till.page.presenter._desk
    desk._counter = replace(desk._counter, is_online=lambda: False)
    online.till.say(PHONE)
    assert online.net.waiting == 0 and "在线" not in online.hint()
