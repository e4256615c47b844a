"""The sync light speaks in words, is told from any thread, and opens the page."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from pos_app.services.ports.syncing import SyncLight, SyncStatus
from tests.support.screen_till import CounterTill
from tests.support.sync_till import MINUTE_MS, NOW_MS, TIED, Behind, SyncTill, sync_till
from ui.sync import SYNC

Key = Qt.Key


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[SyncTill]:
    with sync_till(counter) as shown:
        qtbot.waitUntil(shown.screen.shell.isActiveWindow)
        yield shown


def _light(till: SyncTill) -> str:
    button = till.screen.shell.findChild(QPushButton, "status_sync")
    assert button is not None
    return button.accessibleName()


def _become(till: SyncTill, qtbot: QtBot, status: SyncStatus) -> None:
    """Let the runner say so on a thread of its own, and wait until the window has heard."""
    before = _light(till)
    thread = Thread(target=till.control.become, args=(status,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: _light(till) != before)


def _said(till: SyncTill, name: str) -> str:
    label = till.page.findChild(QLabel, name)
    assert label is not None
    return label.text() if label.isVisibleTo(till.page) else ""


def test_what_waits_is_counted_and_gone_when_it_was_sent(till: SyncTill, qtbot: QtBot) -> None:
    assert _light(till) == "已同步"
    _become(till, qtbot, replace(TIED, light=SyncLight.BUSY, unsent=3))
    assert _light(till) == "3 笔待传"
    _become(till, qtbot, replace(TIED, light=SyncLight.OFFLINE, unsent=12))
    assert _light(till) == "离线 · 12 笔待传"
    _become(till, qtbot, TIED)
    assert _light(till) == "已同步"
    assert till.screen.shell.notices.texts() == []


def test_a_till_shut_out_says_what_to_do_and_is_quiet_again_once_let_in(till: SyncTill, qtbot: QtBot) -> None:
    _become(till, qtbot, replace(TIED, light=SyncLight.TROUBLE, trouble=2002))
    assert _light(till) == "需要处理"
    assert len(till.screen.shell.notices.texts()) == 1
    assert "停用" in _said(till, "sync_trouble")
    assert "30 天" in _said(till, "sync_cure")
    _become(till, qtbot, TIED)
    assert till.screen.shell.notices.texts() == []
    assert _said(till, "sync_trouble") == ""


def test_a_clock_two_minutes_off_is_told_once_and_a_manager_is_asked_at_fifteen(
    till: SyncTill, qtbot: QtBot
) -> None:
    _become(till, qtbot, replace(TIED, drift_ms=3 * MINUTE_MS))
    assert _light(till) == "已同步 · 时钟快 3 分钟"
    _become(till, qtbot, replace(TIED, drift_ms=4 * MINUTE_MS))
    assert len(till.screen.shell.notices.texts()) == 1
    _become(till, qtbot, replace(TIED, drift_ms=-16 * MINUTE_MS))
    assert "店长" in till.screen.shell.notices.texts()[0]
    assert "慢 16 分钟" in _said(till, "sync_trouble")
    _become(till, qtbot, TIED)
    assert till.screen.shell.notices.texts() == []


def test_a_new_till_shows_how_far_its_members_are(till: SyncTill, qtbot: QtBot) -> None:
    _become(till, qtbot, replace(TIED, light=SyncLight.BUSY, filling=(12_000, 1_000_000)))
    assert _light(till) == "会员载入 12,000 / 1,000,000"
    assert _said(till, "sync_filling") == "您现在就可以收银；会员载入 12,000 / 1,000,000"


def test_the_oldest_that_waits_and_the_last_answer_stand_on_the_page(till: SyncTill, qtbot: QtBot) -> None:
    waiting = replace(TIED, light=SyncLight.OFFLINE, unsent=12, oldest_ms=NOW_MS - 180 * MINUTE_MS)
    _become(till, qtbot, waiting)
    assert _said(till, "sync_fact_unsent") == "12 · 最早一笔 3 小时前"
    assert _said(till, "sync_fact_address") == "https://shuke.example.com"


def test_f5_asks_the_runner_to_go_on_at_once(till: SyncTill) -> None:
    till.screen.keys.press(Key.Key_F5)
    assert till.control.woken == 1


def test_the_light_speaks_the_language_that_is_chosen(till: SyncTill, qtbot: QtBot) -> None:
    _become(till, qtbot, replace(TIED, light=SyncLight.OFFLINE, unsent=12))
    till.screen.shell.set_language("en")
    assert _light(till) == "Offline · 12 to send"


def test_a_click_on_the_light_opens_the_page(counter: CounterTill, qtbot: QtBot) -> None:
    with sync_till(counter, SyncStatus(), Behind(another=True)) as till:
        shell = till.screen.shell
        assert shell.page(SYNC) is None
        button = shell.findChild(QPushButton, "status_sync")
        assert button is not None and button.accessibleName() == "独立使用"
        button.click()
        assert till.page.isVisible()


def test_the_page_says_when_everything_was_fetched_anew(till: SyncTill, qtbot: QtBot) -> None:
    till.screen.shell.navigation.open(SYNC)
    assert _said(till, "sync_refetched") == ""
    till.control.become(replace(TIED, refetched_at_ms=NOW_MS - 3 * MINUTE_MS))
    qtbot.waitUntil(lambda: bool(_said(till, "sync_refetched")))
    assert "从头重新取过一遍，最近一次：04:23" in _said(till, "sync_refetched")
    till.control.become(TIED)
    qtbot.waitUntil(lambda: not _said(till, "sync_refetched"))
