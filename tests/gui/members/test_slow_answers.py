"""The members page while the lane is busy: an answer never puts somebody else under the clerk's hands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.members import Purpose
from tests.gui.members.conftest import CTRL, PHONE, Key, card_of, page, said, save, turn_to
from tests.support.lanes import SteppedLane
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.members import SCREEN
from ui.members.sections import Section


@pytest.fixture
def lane() -> SteppedLane:
    return SteppedLane()


@pytest.fixture
def till(tmp_path: Path, lane: SteppedLane, qtbot: QtBot) -> Iterator[ScreenTill]:
    with counter_till(tmp_path, lane) as counter, screen_till(counter, [SCREEN]) as shown:
        lane.run_all()
        yield shown


def look_up(till: ScreenTill, lane: SteppedLane, text: str) -> None:
    page(till).box.setText(text)
    lane.run_all()


def test_an_enter_before_the_answer_takes_nobody_whose_name_was_not_seen(
    till: ScreenTill, lane: SteppedLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(page(till), "finish", given.append)
    page(till).opened({"choose": True})
    lane.run_all()
    page(till).box.setText("王小满")
    till.keys.press(Key.Key_Return)
    lane.run_all()
    assert given == [] and card_of(till).name == "王小满"
    till.keys.press(Key.Key_Return)
    assert given == [card_of(till).member_id]


def test_an_enter_before_the_answer_takes_the_owner_of_a_whole_phone(
    till: ScreenTill, lane: SteppedLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(page(till), "finish", given.append)
    page(till).opened({"choose": True})
    page(till).box.setText(PHONE)
    till.keys.press(Key.Key_Return)
    lane.run_all()
    assert given == [card_of(till).member_id]


def test_an_f12_before_the_answer_sells_to_the_owner_of_a_whole_phone_and_to_nobody_shown_before(
    till: ScreenTill, lane: SteppedLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold: list[object] = []
    monkeypatch.setattr(page(till), "sell_to", sold.append)
    monkeypatch.setattr(till.shell.navigation, "has", lambda _screen: True)
    look_up(till, lane, "")
    till.keys.press(Key.Key_Down)
    page(till).box.setText("王小满")
    till.keys.press(Key.Key_F12)
    lane.run_all()
    assert sold == [] and card_of(till).name == "王小满"
    page(till).box.setText("")
    page(till).box.setText(PHONE)
    till.keys.press(Key.Key_F12)
    assert sold == []
    lane.run_all()
    assert sold == [card_of(till).member_id]


def test_numbers_that_are_shown_late_are_not_shown_over_the_next_member(
    till: ScreenTill, lane: SteppedLane
) -> None:
    look_up(till, lane, PHONE)
    till.keys.press(Key.Key_R, CTRL)
    page(till).box.setText("")
    lane.run_all()
    assert page(till).presenter.state.card is None and "138 0000 1234" not in said(till)
    till.keys.press(Key.Key_Down)
    assert not card_of(till).revealed


def test_a_consent_that_is_written_late_leaves_the_next_member_on_her_card(
    till: ScreenTill, lane: SteppedLane
) -> None:
    look_up(till, lane, "")
    till.keys.press(Key.Key_Down)
    first = card_of(till)
    row = next(r for r in first.consents if r.purpose is Purpose.MARKETING)
    page(till).presenter.keeping.turn_consent(row)
    till.keys.press(Key.Key_Down)
    second = card_of(till)
    lane.run_all()
    state = page(till).presenter.state
    assert second.member_id != first.member_id == state.rows[0].member_id
    assert card_of(till).member_id == second.member_id == state.rows[state.cursor].member_id


def test_taking_back_an_edit_is_offered_on_the_card_of_whoever_was_edited(
    till: ScreenTill, lane: SteppedLane
) -> None:
    look_up(till, lane, "")
    till.keys.press(Key.Key_Down)
    turn_to(till, Section.PROFILE)
    till.keys.press(Key.Key_E, CTRL)
    page(till).card.profile_form.occupation.setText("医生")
    save(till)
    lane.run_all()
    assert page(till).card.undo.isVisible()
    till.keys.press(Key.Key_Down)
    assert not page(till).card.undo.isVisible()
    till.keys.press(Key.Key_Z, CTRL)
    assert lane.waiting == 0
    till.keys.press(Key.Key_Up)
    assert page(till).card.undo.isVisible()
