"""The sync desk: both versions, a choice by one key, taking it back, and an Enter that settles nothing."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pos_app.domain.desk import Choice, ItemId, ItemKind
from pos_app.domain.staff import Role
from pos_app.domain.values.ids import MemberId
from pos_app.services.ports.syncing import SyncLight
from tests.support.screen_till import CounterTill
from tests.support.sync_till import (
    DAY_MS,
    MINUTE_MS,
    NOW_MS,
    TIED,
    Behind,
    Left,
    SyncTill,
    Told,
    an_item,
    sync_till,
)
from ui.sync.desk_view import SideCard

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
READING_MS = 400.0
FIRST, SECOND = ItemId(UUID(int=1)), ItemId(UUID(int=2))


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[SyncTill]:
    items = [an_item(0), an_item(1, ItemKind.SOLD_TWICE, about="足金素圈")]
    with sync_till(counter, behind=Behind(items=items)) as shown:
        qtbot.waitUntil(shown.screen.shell.isActiveWindow)
        yield shown


def _titles(till: SyncTill) -> list[str]:
    return [row.title for row in till.page.desk.state.rows]


def _says(till: SyncTill) -> list[str]:
    # What is put into a page that stands open is shown with the next turn of its events.
    QApplication.processEvents()
    found = till.page.desk_view.detail.findChildren(QLabel, "sync_side_says")
    return [label.text() for label in found if label.isVisible()]


def _press(till: SyncTill, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key as somebody does who reads first."""
    till.screen.keys.press(key, modifiers, READING_MS)


def test_the_oldest_stands_first_and_is_in_hand(till: SyncTill) -> None:
    assert _titles(till) == ["两位会员用同一个号：138****0001", "一件单品卖了两次：足金素圈"]
    detail = till.page.desk.state.detail
    assert detail is not None and detail.item_id == FIRST


def test_one_key_settles_an_item_and_the_next_is_in_hand(till: SyncTill) -> None:
    _press(till, Key.Key_F6)
    assert till.desk.decided == [(FIRST, Choice.MERGE)]
    detail = till.page.desk.state.detail
    assert detail is not None and detail.item_id == SECOND
    assert till.page.desk.state.note == "已处理：是同一人，合并"
    assert till.control.woken == 1


def test_the_second_key_is_the_second_choice(till: SyncTill) -> None:
    _press(till, Key.Key_Down)
    _press(till, Key.Key_F7)
    assert till.desk.decided == [(SECOND, Choice.LEAVE)]


def test_enter_settles_nothing_wherever_the_focus_is(till: SyncTill) -> None:
    for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space, Key.Key_Tab, Key.Key_Return):
        _press(till, key)
    assert till.desk.decided == []


def test_a_key_struck_twice_does_not_settle_what_nobody_has_read(till: SyncTill) -> None:
    _press(till, Key.Key_Down)
    _press(till, Key.Key_Up)
    till.screen.keys.press(Key.Key_F6, pause_ms=140)
    till.screen.keys.press(Key.Key_F6, pause_ms=140)
    assert till.desk.decided == [(FIRST, Choice.MERGE)]


def test_a_choice_is_taken_back_by_one_key(till: SyncTill) -> None:
    _press(till, Key.Key_F6)
    _press(till, Key.Key_Z, CTRL)
    assert till.desk.decided == [(FIRST, Choice.MERGE), (FIRST, None)]
    assert len(_titles(till)) == 2
    detail = till.page.desk.state.detail
    assert detail is not None and detail.item_id == FIRST


def test_what_was_settled_is_seen_for_ninety_days_and_taken_back_from_there(
    counter: CounterTill, qtbot: QtBot
) -> None:
    from msgspec.structs import replace

    items = [
        replace(an_item(0), choice=Choice.MERGE, chosen_at_ms=NOW_MS - 91 * DAY_MS),
        replace(an_item(1), choice=Choice.KEEP_BOTH, chosen_at_ms=NOW_MS - 89 * DAY_MS),
    ]
    with sync_till(counter, behind=Behind(items=items)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        assert till.page.desk.state.open_count == 0
        _press(till, Key.Key_F3)
        detail = till.page.desk.state.detail
        assert len(till.page.desk.state.rows) == 1
        assert detail is not None and "是两个人，都保留" in detail.settled
        assert detail.choices == ()
        _press(till, Key.Key_Z, CTRL)
        assert till.desk.decided == [(SECOND, None)]


def test_an_item_settled_elsewhere_says_so_and_is_read_anew(till: SyncTill) -> None:
    till.desk.gone.add(FIRST)
    del till.desk.held[SECOND]
    _press(till, Key.Key_F6)
    assert "已在别处处理" in till.page.desk.state.problem
    assert len(_titles(till)) == 1


def test_names_are_shown_and_phones_and_addresses_masked(counter: CounterTill, qtbot: QtBot) -> None:
    one, two = counter.demo.shop.members.search("", 2)
    texts = ("上海市黄浦区南京东路 100 号", "杭州市西湖区文三路 8 号")
    items = [
        an_item(0, told=Told(members=(one.member_id, two.member_id))),
        an_item(
            1,
            ItemKind.LOST_EDIT,
            about="address",
            told=Told(texts=texts, members=(one.member_id, one.member_id)),
        ),
        an_item(2, ItemKind.LOST_EDIT, about="notes", told=Told(texts=("电话 13800138000", ""))),
    ]
    with sync_till(counter, behind=Behind(items=items)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        assert one.phone is not None and one.profile.name is not None
        assert one.profile.name in _says(till)[0]
        assert one.phone[-8:] not in _says(till)[0]
        _press(till, Key.Key_Down)
        assert _says(till) == ["上海市黄浦区****", "杭州市西湖区****"]
        _press(till, Key.Key_Down)
        assert _says(till) == ["电话 ****8000", "（空）"]


def test_a_member_who_is_not_on_this_till_is_said_to_be_so(counter: CounterTill, qtbot: QtBot) -> None:
    stranger = MemberId(UUID(int=99))
    nowhere = Behind(items=[an_item(0, told=Told(members=(stranger, stranger)))], shops={})
    with sync_till(counter, behind=nowhere) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        assert _says(till) == ["本机没有的会员"] * 2
        assert till.page.desk.state.rows[0].shops == "其他店"


def test_with_nothing_to_settle_the_desk_says_so(counter: CounterTill, qtbot: QtBot) -> None:
    with sync_till(counter) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        assert till.page.desk_view.list.empty.accessibleName() == "没有要处理的"
        _press(till, Key.Key_F6)
        assert till.desk.decided == []


def test_two_hundred_items_are_walked_by_keys(counter: CounterTill, qtbot: QtBot) -> None:
    kinds, told = list(ItemKind), Told(texts=("甲" * 60, "x" * 200))
    items = [an_item(n, kinds[n % len(kinds)], about="name", told=told) for n in range(200)]
    with sync_till(counter, behind=Behind(items=items)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        _press(till, Key.Key_End)
        detail = till.page.desk.state.detail
        assert detail is not None and detail.item_id == ItemId(UUID(int=200))
        _press(till, Key.Key_F6)
        assert len(till.page.desk.state.rows) == 199
        assert till.page.desk.place == 198
        assert till.screen.shell.width() <= 1280


def test_goods_that_only_this_till_has_are_brought_along_after_a_yes(
    counter: CounterTill, qtbot: QtBot
) -> None:
    with sync_till(counter, behind=Behind(goods=[Left(str(n), "奶瓶") for n in range(5)])) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        left = till.page.desk.state.left
        assert left is not None and "5 种" in left.title and "还有 2 种" in left.named
        _press(till, Key.Key_F8)
        _press(till, Key.Key_Escape)
        assert till.joining.done == []
        _press(till, Key.Key_F8)
        _press(till, Key.Key_Return)
        assert till.joining.done == ["brought"]
        assert till.page.desk.state.left is None
        assert till.page.desk.state.note == "已带上 5 种商品。"


def test_goods_that_only_this_till_has_can_be_given_up_instead(counter: CounterTill, qtbot: QtBot) -> None:
    with sync_till(counter, behind=Behind(goods=[Left("1", "奶瓶")])) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        _press(till, Key.Key_F9)
        _press(till, Key.Key_Return)
        assert till.joining.done == ["stopped"]


def test_an_item_that_comes_in_while_the_page_is_open_appears(till: SyncTill, qtbot: QtBot) -> None:
    from dataclasses import replace

    new = an_item(7, ItemKind.RETURNED_TWICE, about="N01-1-2026-000005")
    till.desk.held[new.item_id] = new
    till.control.become(replace(till.control.now, open_items=3, answered_at_ms=NOW_MS + MINUTE_MS))
    qtbot.waitUntil(lambda: len(till.page.desk.state.rows) == 3)
    detail = till.page.desk.state.detail
    assert detail is not None and detail.item_id == FIRST


@pytest.mark.parametrize(
    ("about", "words"), [("keys", "手机、卡和其他号"), ("children", "宝宝"), ("tags", "标签")]
)
def test_a_field_that_two_shops_changed_is_called_by_its_name(
    counter: CounterTill, qtbot: QtBot, about: str, words: str
) -> None:
    items = [an_item(0, ItemKind.LOST_EDIT, about=about)]
    with sync_till(counter, behind=Behind(items=items)) as till:
        assert _titles(till) == [f"两店同时改了{words}"]


def test_a_cashier_sees_both_versions_and_is_told_who_settles(counter: CounterTill, qtbot: QtBot) -> None:
    counter.sign_in(Role.CASHIER)
    with sync_till(counter, behind=Behind(items=[an_item(0)])) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        _press(till, Key.Key_F6)
        detail = till.page.desk.state.detail
        assert till.desk.decided == [] and detail is not None and detail.choices == ()
        assert len(detail.sides) == 2 and "店长" in detail.told


def test_both_versions_have_room_in_the_smallest_window(counter: CounterTill, qtbot: QtBot) -> None:
    status = replace(TIED, light=SyncLight.OFFLINE, unsent=3, oldest_ms=NOW_MS - DAY_MS, trouble=9001)
    told = Told(texts=("王小满", "王晓曼"))
    with sync_till(
        counter, status, Behind(items=[an_item(0, told=told)], goods=[Left("A1", "奶嘴")])
    ) as till:
        till.screen.shell.resize(1024, 640)
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        detail = till.page.desk_view.detail

        def is_seen() -> bool:
            cards = detail.findChildren(SideCard)
            bottoms = [card.mapTo(till.page, card.rect().bottomLeft()).y() for card in cards]
            return len(cards) == 2 and max(bottoms) < detail.choices[0].mapTo(till.page, QPoint(0, 0)).y()

        qtbot.waitUntil(is_seen)
        foot = detail.choices[0].mapTo(till.page, detail.choices[0].rect().bottomLeft()).y()
        assert foot < till.page.height()


def test_a_record_that_cannot_be_read_yet_is_named_in_words(counter: CounterTill, qtbot: QtBot) -> None:
    reasons = Told(texts=("unknown_kind", ""))
    kinds = ("sale.committed", "gold.melted")
    items = [an_item(n, ItemKind.PARKED, about=kind, told=reasons) for n, kind in enumerate(kinds)]
    with sync_till(counter, behind=Behind(items=items)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        assert _titles(till) == [
            "平台还看不懂的记录：一笔销售",
            "平台还看不懂的记录：这个版本不认识的种类：gold.melted",
        ]
        detail = till.page.desk.state.detail
        assert detail is not None and detail.title == "平台还看不懂的记录：一笔销售"
