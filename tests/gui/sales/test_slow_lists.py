"""Lists under the box of Sell while the lane is busy: no key is lost, and nobody is attached whom no one saw."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.sales.conftest import Till, words
from tests.support.lanes import SteppedLane

MILK = "6931201000176"
MEMBER = "13800001234"


@pytest.fixture
def lane() -> SteppedLane:
    return SteppedLane()


@pytest.fixture
def till(open_till: Callable[..., Till], lane: SteppedLane, qtbot: QtBot) -> Till:
    made = open_till(lane=lane)
    lane.run_all()
    return made


def asked(till: Till, text: str, mode: Qt.Key | None = None) -> None:
    """Type a text, in the member box or in the open one, and press Enter."""
    if mode is not None:
        till.press(mode)
    till.page.box.setText(text)
    till.enter()


@pytest.mark.parametrize(("text", "mode"), [("1234", None), ("王小", None), ("xiaom", Qt.Key.Key_F9)])
def test_a_list_is_looked_up_on_the_lane_and_not_on_the_window_s_thread(
    till: Till, lane: SteppedLane, text: str, mode: Qt.Key | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    members = till.behind.till.shop.members
    look_up = members.look_up_at_counter
    monkeypatch.setattr(
        members, "look_up_at_counter", lambda text, limit: calls.append(text) or look_up(text, limit)
    )
    asked(till, text, mode)
    assert calls == [] and till.state.listing is None
    lane.run_all()
    assert calls and till.state.listing is not None


def test_an_arrow_waits_for_the_list_and_an_enter_before_it_takes_nobody(
    till: Till, lane: SteppedLane
) -> None:
    asked(till, "1234")
    till.press(Qt.Key.Key_Down)
    till.enter()
    lane.run_all()
    assert till.state.member is None
    assert till.state.listing is not None and till.state.listing.current == 0
    till.enter()
    lane.run_all()
    assert till.state.member is not None and till.state.member.name == till.words("member_name")


def test_a_second_enter_before_the_list_takes_no_goods_unseen(till: Till, lane: SteppedLane) -> None:
    asked(till, "牛奶")
    till.enter()
    lane.run_all()
    assert not till.state.rows and till.state.listing is not None


def test_what_is_typed_on_drops_the_late_list(till: Till, lane: SteppedLane) -> None:
    asked(till, "1234")
    till.page.box.setText("12345")
    lane.run_all()
    assert till.state.listing is None and till.state.box == "12345"


def test_a_scan_drops_the_late_list_and_is_rung_up(till: Till, lane: SteppedLane) -> None:
    asked(till, "1234")
    till.keys.scan(MILK)
    assert len(till.state.rows) == 1
    lane.run_all()
    assert till.state.listing is None and till.state.member is None and len(till.state.rows) == 1


def test_another_member_asked_for_meanwhile_is_the_one_who_comes(till: Till, lane: SteppedLane) -> None:
    asked(till, "1234")
    asked(till, MEMBER)
    assert till.state.member is not None
    lane.run_all()
    assert till.state.listing is None and till.state.member.name == "王小满"


def test_escape_gives_the_awaited_list_up(till: Till, lane: SteppedLane) -> None:
    asked(till, "1234")
    till.press(Qt.Key.Key_Escape)
    lane.run_all()
    assert till.state.listing is None


def test_an_unknown_code_becomes_a_red_line_though_the_next_thing_is_typed_already(
    till: Till, lane: SteppedLane
) -> None:
    asked(till, "XY-77001")
    till.page.box.setText("王小")
    lane.run_all()
    assert [row.unknown for row in till.state.rows] == [True] and till.state.box == "王小"


def test_a_quantity_typed_after_an_unknown_code_is_that_of_its_line(till: Till, lane: SteppedLane) -> None:
    till.keys.scan(MILK)
    lane.run_all()
    asked(till, "XY-77001")
    asked(till, "*3")
    lane.run_all()
    assert [row.quantity for row in till.state.rows] == ["1", "3"]


def test_a_look_up_that_fails_is_told_and_asked_again_with_the_next_enter(
    till: Till, lane: SteppedLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = till.behind.till.shop.members

    def broken(_text: str, _limit: int) -> object:
        raise OSError("no disk")

    with monkeypatch.context() as broke:
        broke.setattr(members, "look_up_at_counter", broken)
        asked(till, "1234")
        lane.run_all()
    assert till.state.hint is not None and till.state.hint.tone == "danger"
    till.enter()
    lane.run_all()
    assert till.state.listing is not None


def test_nobody_found_late_is_said_only_to_who_still_waits(till: Till, lane: SteppedLane) -> None:
    asked(till, "没有此人", Qt.Key.Key_F9)
    lane.run_all()
    assert till.words("hint") == words("sales.refuse.no_member", text="没有此人")
    asked(till, "没有此人", Qt.Key.Key_F9)
    till.page.box.setText("王")
    lane.run_all()
    assert till.words("hint") != words("sales.refuse.no_member", text="没有此人")
