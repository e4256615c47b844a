"""A till at rest clears the last traces of erased members: when it is closed, or between two shifts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.values.money import Amount
from pos_app.hardware.clock import SystemClock
from pos_app.persistence.store import SqlStore
from pos_app.services import member_traces
from pos_app.words import translate
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, counter_till
from ui.kit.labels import Words
from ui.main import Home, make_till
from ui.shell.key_clock import HandKeyClock
from ui.staff.presenter import Doors, SignInPresenter


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CounterTill]:
    """A till with a shop too large to be scrubbed while it sells, in which somebody was erased."""
    monkeypatch.setattr(member_traces, "AT_ONCE_BYTES", 0)
    with counter_till(tmp_path, SteppedLane()) as made:
        shop, owner = made.demo.shop, made.demo.owner
        member = shop.members.find_phone("13800001234")
        assert member is not None
        assert not shop.members.erase(owner, member.member_id, "she asked")
        yield made


def lane_of(at: CounterTill) -> SteppedLane:
    """Return the lane that the test steps."""
    assert isinstance(at.counter.db, SteppedLane)
    return at.counter.db


def signed_out(at: CounterTill) -> SignInPresenter:
    """Sign out whoever is in; the sign-out is recorded, nothing else was done yet."""
    door = SignInPresenter(at.counter, Doors(lambda *_: None, lambda: None, lambda *_: None), lambda _: None)
    door.open()
    lane_of(at).step()
    return door


def close_shift(at: CounterTill) -> None:
    """Close the shift on what the books say."""
    shop = at.demo.shop
    shop.shifts.close(at.demo.owner, shop.shifts.x_report()[1].expected_cash, None)


def test_a_till_that_is_never_closed_rests_once_everybody_signed_out_after_the_shift(at: CounterTill) -> None:
    close_shift(at)
    door = signed_out(at)
    lane_of(at).step()
    assert door.state.resting, "who comes now is told why she waits"
    lane_of(at).step()
    assert not door.state.resting and lane_of(at).waiting == 0
    assert at.demo.shop.member_traces.due_since() is None


def test_a_till_does_not_rest_while_a_shift_is_open_or_somebody_signs_in(
    at: CounterTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlStore, "scrub", lambda _: pytest.fail("nobody may wait for it now"))
    signed_out(at)
    lane_of(at).run_all()
    close_shift(at)
    at.counter.session.actor = at.demo.owner
    door = signed_out(at)
    door.enter("03", "314159")
    lane_of(at).run_all()
    assert at.counter.session.actor is not None and not door.state.resting
    assert at.demo.shop.member_traces.due_since() is not None
    at.demo.shop.shifts.open(at.demo.owner, Amount(0))


def test_a_till_rests_when_it_is_closed(at: CounterTill, tmp_path: Path, qtbot: QtBot) -> None:
    till = make_till(Home(tmp_path), at.demo.shop, SystemClock(), HandKeyClock())
    till.start()
    till.shell.close()
    assert at.demo.shop.member_traces.due_since() is not None, "not while its window stands"
    assert till.stop() == []
    till.shell.deleteLater()
    assert at.demo.shop.member_traces.due_since() is None


def test_the_sign_in_page_says_why_it_waits(at: CounterTill, tmp_path: Path, qtbot: QtBot) -> None:
    from dataclasses import replace

    from ui.staff.page import SignInPage

    till = make_till(Home(tmp_path), at.demo.shop, SystemClock(), HandKeyClock())
    till.start()
    page = till.shell.page(till.shell.navigation.current)
    assert isinstance(page, SignInPage)
    resting = replace(page._presenter.state, resting=True)
    page.show_state(resting)
    assert translate("staff.sign_in.resting") in [words.text() for words in page.findChildren(Words)]
    till.shell.close()
    till.stop()
    till.shell.deleteLater()
