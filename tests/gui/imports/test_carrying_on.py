"""What was cut off after it counted, or counted no more, is carried on when the till starts, whoever signs in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.staff import Role
from pos_app.hardware.clock import SystemClock
from pos_app.services.imports.flow import Flow
from pos_app.services.ports.imports import State
from tests.support.import_till import PATIENCE_MS, members_file
from tests.support.screen_till import CounterTill
from ui.main import Home, make_till
from ui.shell.key_clock import HandKeyClock
from ui.till import Till

ROWS = 30
ENDS = {State.PUBLISHED: State.DONE, State.WITHDRAWING: State.GONE, State.WITHDRAWN: State.GONE}
"""Where what was cut off in a state ends."""


class Killed(BaseException):
    """Stands for the end of a process."""


def die(*_args: object) -> None:
    """End the process in the middle of what it does."""
    raise Killed


def cut_off(at: CounterTill, folder: Path, monkeypatch: pytest.MonkeyPatch, state: State) -> None:
    """Import members, or take them back, as somebody who has left since, and be killed in that state."""
    shop, owner = at.demo.shop, at.demo.owner
    imports = shop.imports
    manager = next(one for one in shop.staff.everybody() if one.role is Role.MANAGER)
    who = replace(owner, staff_id=manager.staff_id)
    step = {State.PUBLISHED: "fold", State.WITHDRAWING: "_bring_back_keys", State.WITHDRAWN: "_remove"}[state]
    with monkeypatch.context() as killing, pytest.raises(Killed):
        killing.setattr(Flow, step, die)
        imports.run(who, imports.open(members_file(folder / "members.csv", ROWS), Kind.MEMBERS))
        imports.withdraw(who)
    shop.staff.save(owner, replace(manager, active=False), None)
    batch = imports.under_way()
    assert batch is not None and (batch.state, batch.staff_id) == (state, manager.staff_id)


@contextmanager
def started(at: CounterTill, folder: Path) -> Iterator[Till]:
    """Start a till at its sign-in page, with nobody there yet."""
    till = make_till(Home(folder), at.demo.shop, SystemClock(), HandKeyClock())
    till.start()
    try:
        yield till
    finally:
        till.shell.close()
        assert till.stop() == []
        till.shell.deleteLater()


@pytest.mark.parametrize("state", ENDS)
def test_a_till_that_starts_carries_on_what_needs_no_decision(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    cut_off(counter, tmp_path, monkeypatch, state)
    with started(counter, tmp_path) as till:
        assert till.imports.is_busy, "at the sign-in page already"
        qtbot.waitUntil(lambda: not till.imports.is_busy, timeout=PATIENCE_MS)
        (batch,) = counter.demo.shop.imports.batches()
        assert batch.state is ENDS[state] and counter.demo.shop.imports.under_way() is None


def test_what_was_cut_off_while_its_file_was_read_is_left_for_a_person_to_decide(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = counter.demo.shop.imports
    opened = imports.open(members_file(tmp_path / "members.csv", ROWS), Kind.MEMBERS)
    with monkeypatch.context() as killing, pytest.raises(Killed):
        killing.setattr(Flow, "publish", die)
        imports.run(counter.demo.owner, opened)
    with started(counter, tmp_path) as till:
        assert not till.imports.is_busy
        found = imports.under_way()
        assert found is not None and found.state is State.STAGING
