"""Signing in by code, name or badge: what is said, what is recorded, where it leads."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.shifts import Shift
from pos_app.domain.staff import Role
from pos_app.services.acting import Actor
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, counter_till
from ui.staff.presenter import Doors, SignInPresenter, State


@dataclass
class Door:
    """A till at its sign-in page."""

    at: CounterTill
    entered: list[tuple[Actor, Shift | None]] = field(default_factory=list)
    refusals: int = 0
    dressed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        doors = Doors(
            lambda who, shift: self.entered.append((who, shift)),
            self._refuse,
            lambda language, theme: self.dressed.append((language, theme)),
        )
        self.presenter = SignInPresenter(self.at.counter, doors, lambda _state: None)
        self.presenter.open()

    def _refuse(self) -> None:
        self.refusals += 1

    @property
    def state(self) -> State:
        return self.presenter.state


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with counter_till(tmp_path) as at:
        yield Door(at)


def test_the_right_pin_signs_in_and_tells_which_shift_is_open(door: Door) -> None:
    door.presenter.enter("03", "314159")
    (who, shift), *_ = door.entered
    assert (who.name, who.role) == ("王晓燕", Role.CASHIER)
    assert shift is not None
    assert door.at.counter.session.who == who


def test_opening_the_page_signs_out_whoever_was_in(door: Door) -> None:
    door.presenter.enter("03", "314159")
    door.presenter.open()
    assert door.at.counter.session.actor is None


def test_a_wrong_pin_says_how_many_tries_are_left_and_then_for_how_long_it_is_shut(door: Door) -> None:
    said = []
    for _ in range(5):
        door.presenter.enter("03", "000000")
        said.append(door.state.error)
    assert said[0] == "密码不对，还可以试 4 次。"
    assert said[3] == "密码不对，还可以试 1 次。"
    assert "5 分钟" in said[4]
    door.presenter.enter("03", "314159")
    assert "分钟" in door.state.error and door.entered == []
    assert door.refusals == 6


def test_a_code_is_found_with_caps_lock_on_or_off(door: Door) -> None:
    staff, owner = door.at.demo.shop.staff, door.at.demo.owner
    staff.save(owner, staff.new_staff("amy", "Amy", Role.CASHIER), "1234")
    door.presenter.open()
    door.presenter.enter("AMY", "1234")
    assert [who.name for who, _ in door.entered] == ["Amy"]


def test_enter_after_a_code_asks_for_the_pin_and_says_whose_it_is(door: Door) -> None:
    door.presenter.enter(" 03 ", "")
    assert (door.state.code, door.state.name, door.state.asks_pin) == ("03", "王晓燕", True)


def test_nobody_is_asked_for_before_a_pin_is(door: Door) -> None:
    door.presenter.enter("", "314159")
    assert door.state.error == "请先选姓名或输入工号。"


def test_a_badge_signs_its_owner_in(door: Door) -> None:
    door.presenter.scan("SK-02-A91E")
    assert [who.name for who, _ in door.entered] == ["李敏"]


def test_goods_scanned_here_are_refused_and_change_nothing(door: Door) -> None:
    door.presenter.type_code("03")
    door.presenter.scan("6901234567892")
    assert door.entered == []
    assert (door.state.code, door.refusals) == ("03", 1)
    assert "工牌" in door.state.error


def test_somebody_who_left_the_shop_is_neither_listed_nor_let_in(door: Door) -> None:
    staff = door.at.demo.shop.staff
    gone = next(one for one in staff.everybody() if one.code == "04")
    staff.save(door.at.demo.owner, replace(gone, active=False), None)
    door.presenter.open()
    assert "04" not in {person.code for person in door.state.people}
    door.presenter.enter("04", "271828")
    assert door.entered == []


def test_the_demo_shows_its_pins_and_a_real_shop_never_does(door: Door) -> None:
    assert all("密码" in person.pin for person in door.state.people)
    current = door.at.demo.shop.current
    current.value = msgspec.structs.replace(current.value, demo=False)
    door.presenter.open()
    assert {person.pin for person in door.state.people} == {""}


def test_a_second_enter_while_the_pin_is_checked_is_no_second_try(tmp_path: Path) -> None:
    lane = SteppedLane()
    with counter_till(tmp_path, lane) as at:
        door = Door(at)
        lane.run_all()
        door.presenter.enter("03", "000000")
        door.presenter.enter("03", "000000")
        assert (lane.waiting, door.state.busy) == (1, True)
        lane.run_all()
        assert door.state.error == "密码不对，还可以试 4 次。"


def test_an_unknown_code_is_wrong_in_its_own_field(door: Door) -> None:
    door.presenter.choose("99")
    assert (door.state.error, door.state.unknown) == ("没有工号“99”。", True)
    door.presenter.enter("03", "000000")
    assert not door.state.unknown


def test_anybody_changes_language_and_theme_before_signing_in_and_it_stays(door: Door) -> None:
    door.presenter.switch_theme()
    door.presenter.switch_language()
    assert door.dressed == [("zh_CN", "dark"), ("en", "dark")]
    settings = door.at.demo.shop.current.value
    assert (settings.language, settings.theme) == ("en", "dark")
    door.presenter.switch_language()
    assert door.dressed[-1] == ("zh_TW", "dark")
    door.presenter.switch_language()
    assert door.dressed[-1] == ("zh_CN", "dark")
