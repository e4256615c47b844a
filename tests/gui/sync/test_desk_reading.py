"""An item of the sync desk that is longer than its place is read to its end by keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from pos_app.domain.desk import ItemId, ItemKind
from tests.support.screen_till import CounterTill
from tests.support.sync_till import Behind, SyncTill, Told, an_item, sync_till
from ui.shell.keys import Action

Key = Qt.Key
LONG = "她说话轻，喜欢素圈，不戴耳钉。" * 60


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[SyncTill]:
    items = [
        an_item(0, ItemKind.LOST_EDIT, about="notes", told=Told(texts=(LONG, "素圈"))),
        an_item(1, ItemKind.LOST_EDIT, about="notes", told=Told(texts=("短", "素圈"))),
    ]
    with sync_till(counter, behind=Behind(items=items)) as shown:
        qtbot.waitUntil(shown.screen.shell.isActiveWindow)
        QApplication.processEvents()
        yield shown


def read_from(till: SyncTill) -> tuple[int, int]:
    """Return how far the item is scrolled, and how far it can be."""
    QApplication.processEvents()
    scroll = till.page.desk_view.detail.findChild(QScrollArea)
    assert scroll is not None
    bar = scroll.verticalScrollBar()
    return bar.value(), bar.maximum()


def in_hand(till: SyncTill) -> ItemId | None:
    detail = till.page.desk.state.detail
    return detail.item_id if detail is not None else None


def acts_now(till: SyncTill) -> list[Action]:
    return [action for action in till.screen.shell.keys.active() if action.id.startswith("sync.read")]


def test_a_long_item_is_read_to_its_end_and_back_by_two_keys(till: SyncTill) -> None:
    before = in_hand(till)
    at, end = read_from(till)
    assert at == 0 and end > 0
    for _ in range(20):
        till.screen.keys.press(Key.Key_PageDown)
    assert read_from(till) == (end, end)
    for _ in range(20):
        till.screen.keys.press(Key.Key_PageUp)
    assert read_from(till) == (0, end)
    assert in_hand(till) == before


def test_the_key_that_goes_on_stands_beside_the_item(till: SyncTill) -> None:
    read_from(till)
    more = till.page.desk_view.detail.more
    assert more.isVisible() and more.accessibleName() == "往下看 PgDown"
    assert len(acts_now(till)) == 2
    while not more.accessibleName().endswith("PgUp"):
        more.click()
    at, end = read_from(till)
    assert at == end and more.accessibleName() == "往上看 PgUp"


@pytest.mark.parametrize("lang", ["zh_CN", "zh_TW", "en"])
def test_the_buttons_of_an_item_stand_inside_the_smallest_window(
    counter: CounterTill, qtbot: QtBot, lang: str
) -> None:
    item = an_item(0, ItemKind.LOST_EDIT, about="notes", told=Told(texts=(LONG, "素圈")))
    with sync_till(counter, behind=Behind(items=[item]), lang=lang) as till:
        till.screen.shell.resize(1024, 640)
        detail = till.page.desk_view.detail
        qtbot.waitUntil(detail.more.isVisible)
        QApplication.processEvents()
        for button in (*detail.choices, detail.more):
            right = button.mapTo(till.page, QPoint(button.width(), 0)).x()
            assert button.isVisible() and right <= till.page.width()


def test_the_next_item_is_shown_from_its_beginning_and_a_short_one_offers_no_key(till: SyncTill) -> None:
    till.screen.keys.press(Key.Key_PageDown)
    assert read_from(till)[0] > 0
    till.screen.keys.press(Key.Key_Down)
    assert read_from(till) == (0, 0)
    detail = till.page.desk_view.detail
    assert not detail.more.isVisible() and acts_now(till) == []
    first, second = detail.choices
    assert first.x() == 0 and second.x() == first.width() + 8
