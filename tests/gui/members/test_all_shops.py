"""What all shops know of a member: shown, asked online without waiting, merged with another one and parted again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.members import Member
from pos_app.domain.records import Change, Changed, MemberRecord, MonthTotal, ShopVisits
from pos_app.domain.sales.sale import Sale
from pos_app.domain.staff import Role
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.services.members import SignUp
from pos_app.services.ports.syncing import OnlineMember, OnlineSale, PlatformUnavailableError
from tests.gui.members.conftest import CTRL, MILK, PHONE, card_of, member_of, page, said, turn_to
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.members import SCREEN
from ui.members.everywhere import Asked, Everywhere, everywhere
from ui.members.sections import Section
from ui.members.state import Stage

Key = Qt.Key
OTHER_SHOP = ShopId(UUID(int=0xB0B))


@dataclass
class Platform:
    """A platform that knows these sales, or does not answer."""

    sold: list[OnlineSale] = field(default_factory=list)
    silent: bool = False
    asked: list[MemberId] = field(default_factory=list)

    def members(self, text: str) -> Sequence[OnlineMember]:
        return ()

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        self.asked.append(member)
        if self.silent:
            raise PlatformUnavailableError(number=9001)
        return tuple(self.sold)

    def receipt(self, number: str) -> OnlineSale | None:
        return None


@dataclass
class Shops:
    """The members page of a till on a platform."""

    till: ScreenTill
    platform: Platform
    net: SteppedLane
    other: Member

    @property
    def shown(self) -> Everywhere:
        found = page(self.till).presenter.state.everywhere
        assert found is not None
        return found

    def said(self, name: str) -> str:
        label = page(self.till).findChild(QLabel, name)
        assert label is not None
        return label.text() if not label.isHidden() else ""


@pytest.fixture
def shops(tmp_path: Path, qtbot: QtBot) -> Iterator[Shops]:
    with counter_till(tmp_path) as at:
        platform, net = Platform(), SteppedLane()
        at.counter = replace(at.counter, online=platform, net=net, is_online=lambda: True)
        other = at.demo.shop.members.register(
            at.demo.owner, SignUp(phone="13912345678", name="汪小满", agreed=True)
        )
        with screen_till(at, [SCREEN]) as till:
            till.keys.type(PHONE)
            turn_to(till, Section.SHOPS)
            yield Shops(till, platform, net, other)


def _sale(at: CounterTill) -> Sale:
    return at.sell(MILK)


def test_a_till_without_a_platform_says_that_it_knows_its_own_shop_only(shops: Shops) -> None:
    assert shops.shown.shops == () and shops.shown.changes == ()
    assert shops.shown.asked is Asked.NOT


def test_purchases_of_other_shops_are_asked_while_the_page_goes_on(shops: Shops) -> None:
    shops.platform.sold.append(OnlineSale(sale=_sale(shops.till.at), shop_name="人民路店"))
    shops.till.keys.press(Key.Key_F11)
    assert "可以照常操作" in shops.said("members_online_told")
    shops.till.keys.press(Key.Key_F11)
    assert shops.net.waiting == 1
    shops.net.run_all()
    assert shops.shown.asked is Asked.ANSWERED
    assert "人民路店" in shops.shown.sales[0].time
    assert shops.said("members_online_told") == ""


def test_without_a_network_it_is_said_what_to_do_and_can_be_asked_again(shops: Shops) -> None:
    shops.platform.silent = True
    shops.till.keys.press(Key.Key_F11)
    shops.net.run_all()
    assert "连不上平台" in shops.said("members_online_told")
    shops.platform.silent = False
    shops.till.keys.press(Key.Key_F11)
    shops.net.run_all()
    assert shops.said("members_online_told") == "平台上没有这位会员的消费。"


def test_an_answer_about_another_member_is_dropped(shops: Shops) -> None:
    shops.platform.sold.append(OnlineSale(sale=_sale(shops.till.at), shop_name="人民路店"))
    shops.till.keys.press(Key.Key_F11)
    shops.till.keys.press(Key.Key_Escape)
    shops.till.keys.type("13912345678")
    assert card_of(shops.till).member_id == shops.other.member_id
    shops.net.run_all()
    assert shops.shown.sales == () and shops.shown.member_id == shops.other.member_id


def test_a_till_that_stands_alone_says_so_when_it_is_asked(tmp_path: Path, qtbot: QtBot) -> None:
    with counter_till(tmp_path) as at, screen_till(at, [SCREEN]) as till:
        till.keys.type(PHONE)
        turn_to(till, Section.SHOPS)
        till.keys.press(Key.Key_F11)
        shown = page(till).presenter.state.everywhere
        assert shown is not None and "独立使用" in shown.told


def _begin_merge(shops: Shops) -> MemberId:
    owner = card_of(shops.till).member_id
    shops.till.keys.press(Key.Key_M, CTRL)
    shops.till.keys.type("13912345678")
    return owner


def test_two_who_are_one_stand_beside_each_other_before_they_are_merged(shops: Shops) -> None:
    _begin_merge(shops)
    merging = page(shops.till).presenter.state.merging
    assert merging.chosen == shops.other.member_id
    fields = {line.field: line for line in merging.fields}
    assert fields["姓名"].there == "汪小满"
    assert fields["姓名"].holds == "以最近改的为准"
    keys = fields["手机、卡和其他号"]
    assert set(keys.holds.split("\n")) == {*keys.here.split("\n"), *keys.there.split("\n")}
    assert "13912345678" not in keys.there


def test_they_are_merged_after_a_yes_and_both_phones_find_one(shops: Shops) -> None:
    owner = _begin_merge(shops)
    shops.till.keys.press(Key.Key_Return, CTRL)
    members = shops.till.at.demo.shop.members
    assert members.find_phone("13912345678") != members.find_phone(PHONE)
    shops.till.keys.press(Key.Key_Return)
    one, two = members.find_phone("13912345678"), members.find_phone(PHONE)
    assert one is not None and two is not None and one.member_id == two.member_id == owner
    assert page(shops.till).presenter.state.stage is Stage.CARD
    assert shops.shown.also == (shops.other.member_id,)


def test_a_merge_is_parted_again_and_both_are_as_they_were(shops: Shops) -> None:
    _begin_merge(shops)
    shops.till.keys.press(Key.Key_Return, CTRL)
    shops.till.keys.press(Key.Key_Return)
    shops.till.keys.press(Key.Key_B, CTRL)
    shops.till.keys.press(Key.Key_Return)
    other = shops.till.at.demo.shop.members.get(shops.other.member_id)
    assert other is not None and other.profile == shops.other.profile
    assert shops.shown.also == ()


def test_who_was_merged_is_named_with_a_masked_phone_and_so_is_who_will_be_parted(shops: Shops) -> None:
    _begin_merge(shops)
    shops.till.keys.press(Key.Key_Return, CTRL)
    shops.till.keys.press(Key.Key_Return)
    assert "汪小满 139****5678" in shops.said("members_merged")
    shops.till.keys.press(Key.Key_B, CTRL)
    assert "汪小满 139****5678" in said(shops.till)


def test_the_latest_merge_is_named_first_and_who_never_stood_here_in_words(shops: Shops) -> None:
    never = MemberId(UUID(int=0xA11))
    record = MemberRecord(also=(never, shops.other.member_id))
    known = {shops.other.member_id: shops.other}
    eyes = page(shops.till).presenter.all_shops._eyes()
    told = everywhere(card_of(shops.till).member_id, record, {}, eyes, known)
    assert told.latest == "汪小满 139****5678"
    assert "汪小满 139****5678、本机没有资料的一位会员" in told.merged


def test_nobody_is_merged_by_leaving_the_form(shops: Shops) -> None:
    _begin_merge(shops)
    shops.till.keys.press(Key.Key_Escape)
    assert page(shops.till).presenter.state.stage is Stage.CARD
    other = shops.till.at.demo.shop.members.get(shops.other.member_id)
    assert other is not None and other.member_id == shops.other.member_id


def test_a_cashier_is_not_offered_to_merge(shops: Shops) -> None:
    shops.till.at.sign_in(Role.CASHIER)
    shops.till.keys.press(Key.Key_M, CTRL)
    assert page(shops.till).presenter.state.stage is Stage.CARD


def test_a_record_of_all_shops_is_told_in_words(shops: Shops) -> None:
    record = MemberRecord(
        shops=(ShopVisits(shop=OTHER_SHOP, visits=3, last_ms=1_780_000_000_000),),
        months=(MonthTotal(month=202604, spend=10_00), MonthTotal(month=202605, spend=129_900, visits=2)),
        changes=(
            Change(
                what=Changed.EDITED, at_ms=1, shop=OTHER_SHOP, fields=("name", "birthday", "birthday_day")
            ),
            Change(
                what=Changed.EDITED, at_ms=2, shop=OTHER_SHOP, till_code="2", fields=("notes",), lost=True
            ),
        ),
    )
    eyes = page(shops.till).presenter.all_shops._eyes()
    told = everywhere(shops.other.member_id, record, {OTHER_SHOP: "人民路店"}, eyes)
    assert told.shops[0][0] == "人民路店"
    assert [month[:2] for month in told.months] == [("2026-05", "¥1,299.00"), ("2026-04", "¥10.00")]
    assert told.changes[0][1] == "修改资料：备注（没有采用，另一家店的为准）"
    assert told.changes[1][1:] == ("修改资料：姓名 · 生日", "人民路店 · 总部")


def _edited_elsewhere(shops: Shops, name: str) -> None:
    """What another shop changed has come in, while the page stands open."""
    shop, owner = shops.till.at.demo.shop, shops.till.at.demo.owner
    here = member_of(shops.till)
    shop.members.edit(owner, here.member_id, msgspec.structs.replace(here.profile, name=name))


def test_what_another_shop_changed_is_seen_on_the_card_that_stands_open(shops: Shops) -> None:
    _edited_elsewhere(shops, "王小曼")
    page(shops.till).watch.timeout.emit()
    assert card_of(shops.till).name == "王小曼"


def test_a_form_that_is_being_filled_in_is_left_alone(shops: Shops) -> None:
    shops.till.keys.press(Key.Key_E, CTRL)
    _edited_elsewhere(shops, "王小曼")
    before = page(shops.till).presenter.state
    page(shops.till).watch.timeout.emit()
    assert page(shops.till).presenter.state is before


def test_who_was_joined_to_another_elsewhere_is_looked_for_again(shops: Shops) -> None:
    demo, here = shops.till.at.demo, member_of(shops.till)
    demo.shop.members.merge(demo.owner, shops.other.member_id, here.member_id)
    page(shops.till).watch.timeout.emit()
    assert [row.member_id for row in page(shops.till).presenter.state.rows] == [shops.other.member_id]
    assert card_of(shops.till).name == "汪小满"


def test_who_was_erased_elsewhere_stands_there_no_more(shops: Shops) -> None:
    demo, here = shops.till.at.demo, member_of(shops.till)
    demo.shop.members.erase(demo.owner, here.member_id, "asked for it")
    page(shops.till).watch.timeout.emit()
    assert page(shops.till).presenter.state.card is None
    assert "已按要求清除" in shops.till.shell.notices.texts()[0]
