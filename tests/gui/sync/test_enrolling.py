"""A till that stands alone joins a platform by keys, and leaves it again."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
from pos_app.services.ports.syncing import EnrolWay, SyncStatus
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill
from tests.support.sync_till import ADDRESS, Behind, SyncTill, sync_till
from ui.kit.fields import Field

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def alone(counter: CounterTill, qtbot: QtBot) -> Iterator[SyncTill]:
    with sync_till(counter, SyncStatus()) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        yield till


def _fill(till: SyncTill, way: Key, address: str = "shuke.example.com", code: str = "k7qm 2xpa") -> None:
    """Type the form from the first field on, by keys alone."""
    till.screen.keys.type(address)
    till.screen.keys.press(Key.Key_Return)
    till.screen.keys.type(code)
    till.screen.keys.press(way)
    till.screen.keys.press(Key.Key_Return, CTRL)


def _under(till: SyncTill, name: str) -> str:
    edit = till.page.findChild(QWidget, name)
    assert edit is not None
    field = edit.parent()
    assert isinstance(field, Field)
    return field.findChildren(QLabel)[-1].text()


def test_a_till_is_enrolled_by_keys_alone(alone: SyncTill) -> None:
    _fill(alone, Key.Key_F3)
    assert alone.enrolling.asked == []
    alone.screen.keys.press(Key.Key_Return)
    assert alone.enrolling.asked == [("https://shuke.example.com", "K7QM2XPA", EnrolWay.FOUND)]
    assert not alone.page.presenter.state.alone
    assert "已加入平台" in alone.screen.shell.notices.texts()[0]


@pytest.mark.parametrize("typed", ["K7QM-2XPA", "k7qm2xpa", " k7 qm-2x pa "])
def test_a_code_may_be_spelt_in_any_way(alone: SyncTill, typed: str) -> None:
    _fill(alone, Key.Key_F4, code=typed)
    alone.screen.keys.press(Key.Key_Return)
    assert alone.enrolling.asked == [("https://shuke.example.com", "K7QM2XPA", EnrolWay.JOIN)]


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_asked(alone: SyncTill) -> None:
    alone.screen.keys.press(Key.Key_Return, CTRL)
    state = alone.page.enrolling.state
    assert [field for field, _ in state.errors] == ["address", "code", "way"]
    assert alone.page.enrol.address.hasFocus()
    assert alone.screen.shell.overlay.content is None


def test_neither_way_is_chosen_for_anybody(alone: SyncTill) -> None:
    _fill(alone, Key.Key_F2)
    assert [field for field, _ in alone.page.enrolling.state.errors] == ["way"]
    assert alone.enrolling.asked == []


@pytest.mark.parametrize(
    ("number", "field", "words"),
    [(2010, "sync_code", "代码不对"), (2011, "sync_code", "过期"), (9003, "sync_address", "证书")],
)
def test_a_refusal_is_told_beside_the_field_it_is_about(
    alone: SyncTill, number: int, field: str, words: str
) -> None:
    alone.enrolling.refuses = number
    _fill(alone, Key.Key_F3)
    alone.screen.keys.press(Key.Key_Return)
    assert words in _under(alone, field)
    edit = alone.page.findChild(QWidget, field)
    assert edit is not None and edit.hasFocus()
    assert alone.page.presenter.state.alone


def test_another_currency_is_no_fault_of_the_code(alone: SyncTill) -> None:
    alone.enrolling.refuses = 2014
    _fill(alone, Key.Key_F4)
    alone.screen.keys.press(Key.Key_Return)
    assert "货币" in alone.page.enrolling.state.error("way")


def test_an_address_where_nobody_answers_costs_no_code(alone: SyncTill) -> None:
    alone.enrolling.silent = 9001
    _fill(alone, Key.Key_F3)
    alone.screen.keys.press(Key.Key_Return)
    assert "连不上" in _under(alone, "sync_address")
    assert alone.enrolling.asked == []


def test_an_error_goes_when_its_field_is_typed_into(alone: SyncTill) -> None:
    alone.enrolling.refuses = 2010
    _fill(alone, Key.Key_F3)
    alone.screen.keys.press(Key.Key_Return)
    alone.screen.keys.type("9")
    assert alone.page.enrolling.state.errors == ()


def test_while_the_platform_is_asked_it_is_said_and_asked_once(counter: CounterTill, qtbot: QtBot) -> None:
    lane = SteppedLane()
    with sync_till(counter, SyncStatus(), Behind(net=lane)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        _fill(till, Key.Key_F3)
        till.screen.keys.press(Key.Key_Return)
        assert "联系平台" in till.page.enrolling.state.busy
        till.screen.keys.press(Key.Key_Return, CTRL)
        assert lane.waiting == 1
        lane.run_all()
        assert len(till.enrolling.asked) == 1


def test_the_address_used_last_is_there_again(counter: CounterTill) -> None:
    with sync_till(counter, SyncStatus(), Behind(remembered=ADDRESS)) as till:
        assert till.page.enrol.address.text() == ADDRESS


def test_what_was_typed_survives_a_change_of_the_language(alone: SyncTill) -> None:
    alone.screen.keys.type("shuke.example.com")
    alone.screen.keys.press(Key.Key_F4)
    alone.screen.shell.set_language("en")
    assert alone.page.enrol.address.text() == "shuke.example.com"
    assert alone.page.enrolling.state.way == "join"


def test_a_cashier_reads_who_can_and_fills_nothing_in(counter: CounterTill, qtbot: QtBot) -> None:
    counter.sign_in(Role.CASHIER)
    with sync_till(counter, SyncStatus()) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        assert not till.page.enrol.address.isVisible()
        _fill(till, Key.Key_F3)
        assert till.enrolling.asked == []


def test_only_the_owner_leaves_the_platform_and_never_by_a_bare_enter(
    counter: CounterTill, qtbot: QtBot
) -> None:
    with sync_till(counter) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        till.screen.keys.press(Key.Key_U, CTRL)
        till.screen.keys.press(Key.Key_Return)
        assert till.enrolling.left == 0
        till.screen.keys.press(Key.Key_Return, CTRL)
        assert till.enrolling.left == 1
        assert till.page.presenter.state.alone


def test_a_manager_is_not_offered_to_leave(counter: CounterTill, qtbot: QtBot) -> None:
    counter.sign_in(Role.MANAGER)
    with sync_till(counter) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        till.screen.keys.press(Key.Key_U, CTRL)
        assert till.screen.shell.overlay.content is None


def test_nobody_turns_what_was_agreed_to_while_it_is_done(counter: CounterTill, qtbot: QtBot) -> None:
    lane = SteppedLane()
    with sync_till(counter, SyncStatus(), Behind(net=lane)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        _fill(till, Key.Key_F3)
        till.screen.keys.press(Key.Key_Return)
        till.screen.keys.press(Key.Key_F4)
        lane.run_all()
        assert [way for _, _, way in till.enrolling.asked] == [EnrolWay.FOUND]


def test_an_enrolment_goes_on_when_the_language_changes_meanwhile(counter: CounterTill, qtbot: QtBot) -> None:
    lane = SteppedLane()
    with sync_till(counter, SyncStatus(), Behind(net=lane)) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        _fill(till, Key.Key_F3)
        till.screen.keys.press(Key.Key_Return)
        till.screen.shell.set_language("en")
        # The page that asked is gone once the window has worked on.
        qtbot.waitUntil(lambda: till.page.enrolling.state.busy != "")
        till.screen.keys.press(Key.Key_Return, CTRL)
        assert till.screen.shell.overlay.content is None
        lane.run_all()
        assert len(till.enrolling.asked) == 1
        assert not till.page.presenter.state.alone and till.page.enrolling.state.busy == ""


def test_where_nobody_answers_the_address_and_the_computers_are_to_be_looked_at(alone: SyncTill) -> None:
    alone.enrolling.silent = 9001
    _fill(alone, Key.Key_F3)
    alone.screen.keys.press(Key.Key_Return)
    assert "核对地址" in _under(alone, "sync_address") and "收银照常" not in _under(alone, "sync_address")


def test_a_cashier_types_into_nothing_that_is_not_shown(counter: CounterTill, qtbot: QtBot) -> None:
    counter.sign_in(Role.CASHIER)
    with sync_till(counter, SyncStatus()) as till:
        qtbot.waitUntil(till.screen.shell.isActiveWindow)
        till.screen.keys.type("192.168.1.10")
        assert till.page.enrolling.state.address == ""
        assert till.page.window().focusWidget().objectName() == "sync_manager_only"


def test_who_leaves_with_nothing_to_send_is_not_told_of_records_that_wait(counter: CounterTill) -> None:
    with sync_till(counter) as till:
        till.screen.keys.press(Key.Key_U, CTRL)
        said = " ".join(label.text() for label in till.screen.shell.overlay.findChildren(QLabel))
        assert "全部已传到平台" in said and "0 笔" not in said
