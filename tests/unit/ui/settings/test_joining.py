"""Joining from the first run: what is asked, what is refused beside which field, how it goes on once cut off."""

from dataclasses import dataclass, field, replace

import msgspec
import pytest

from pos_app.domain.errors import StorageFullError
from pos_app.domain.settings import Settings
from pos_app.services.founding import new_settings
from pos_app.services.ports.syncing import PlatformUnavailableError
from pos_app.words import set_language
from tests.support.bootstrap import CountedIds
from tests.support.lanes import InlineLane, SteppedLane
from tests.unit.ui.devices.test_runner import Paperish
from ui.settings.set_up_form import Arrived, FirstRun, Form, SetUpWay, Unfinished
from ui.settings.set_up_presenter import SetUpPresenter

PLACE = "https://shop.example.com"
FORM = Form(
    way=SetUpWay.JOIN, shop_code="N01", till_code="2", platform="shop.example.com", one_time_code="k7qm-2xpa"
)


@dataclass
class FakeAside:
    """A till aside that does as the test says, and notes what it was asked for."""

    left: Unfinished | None = None
    refusals: dict[str, Exception] = field(default_factory=dict)
    asked: list[tuple[Settings, str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    arriving: list[Arrived] = field(default_factory=list)

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.refusals:
            raise self.refusals.pop(name)

    def unfinished(self) -> Unfinished | None:
        return self.left

    def look(self, address: str) -> str:
        self._call("look")
        return PLACE

    def enrol(self, settings: Settings, address: str, code: str) -> None:
        self.asked.append((settings, address, code))
        self.arriving = [Arrived(0, 0), Arrived(40, 90)]
        self._call("enrol")
        self.left = Unfinished(settings, address)

    def step(self) -> Arrived:
        self._call("step")
        return self.arriving.pop(0) if self.arriving else Arrived(90, 90, is_ready=True)

    def move_in(self) -> None:
        self._call("move_in")

    def rest(self) -> None:
        self.calls.append("rest")


@dataclass
class JoiningRun:
    """A first run with a platform somewhere."""

    aside: FakeAside = field(default_factory=FakeAside)
    net: SteppedLane = field(default_factory=SteppedLane)
    finished: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        ids = CountedIds()
        self.page = SetUpPresenter(
            FirstRun(
                new_settings=lambda name: new_settings(ids, name),
                found=lambda _settings, _owner: None,
                finished=lambda: self.finished.append(1),
                db=InlineLane(),
                device=InlineLane(),
                open_printer=lambda _settings: Paperish(),
                find_printers=lambda: (),
                net=self.net,
                joining=self.aside,
            ),
            lambda _state: None,
        )

    def open(self, **values: object) -> "JoiningRun":
        """Show the page, and fill the form."""
        self.page.open()
        self.net.run_all()
        self.page.edit(replace(FORM, **values))  # type: ignore[arg-type]
        return self

    def errors(self) -> dict[str, str]:
        return dict(self.page.state.errors)


@pytest.fixture
def run() -> JoiningRun:
    set_language("zh_CN")
    return JoiningRun()


def test_a_till_that_joins_enrols_takes_in_what_comes_first_and_moves_in(run: JoiningRun) -> None:
    run.open().page.go()
    told = []
    while run.net.waiting:
        progress = run.page.state.progress
        assert progress is not None and run.page.state.busy
        told.append((progress.words, progress.can_cancel))
        run.net.step()
    assert run.aside.calls == ["look", "enrol", "step", "step", "step", "move_in"]
    assert [words for words, _ in told][-2:] == [
        "正在载入商品、员工和设置：40 / 90",
        "资料已齐，正在打开收银机…",
    ]
    assert [can for _, can in told] == [True] * 5 + [False]
    ((settings, address, code),) = run.aside.asked
    assert (settings.shop_code, settings.till_code, settings.shop_name) == ("N01", "2", "N01")
    assert (address, code) == (PLACE, "k7qm2xpa")
    assert run.finished == [1]


def test_choosing_to_join_offers_the_second_till_of_the_first_shop_and_back_again(run: JoiningRun) -> None:
    run.page.open()
    run.page.choose(SetUpWay.JOIN)
    form = run.page.state.form
    assert (form.way, form.shop_code, form.till_code) == (SetUpWay.JOIN, "N01", "2")
    run.page.choose(SetUpWay.FOUND)
    assert run.page.state.form.till_code == "1"
    run.page.go()
    assert set(run.errors()) == {"shop_name", "name", "pin"}


def test_what_is_missing_is_told_beside_each_field_and_nobody_is_asked(run: JoiningRun) -> None:
    run.open(shop_code="店", till_code="", platform=" ", one_time_code="K7QM").page.go()
    assert list(run.errors()) == ["shop_code", "till_code", "platform", "one_time_code"]
    assert not run.net.waiting


@pytest.mark.parametrize(
    ("at", "refusal", "beside"),
    [
        ("look", PlatformUnavailableError(number=9001), "platform"),
        ("look", PlatformUnavailableError(number=9003), "platform"),
        ("enrol", PlatformUnavailableError(number=2010), "one_time_code"),
        ("enrol", PlatformUnavailableError(number=2011), "one_time_code"),
        ("enrol", PlatformUnavailableError(number=2012), "one_time_code"),
        ("enrol", PlatformUnavailableError(number=2014), "currency"),
        ("enrol", PlatformUnavailableError(number=2015), "till_code"),
        ("step", PlatformUnavailableError(number=9001), "platform"),
        ("move_in", StorageFullError(), ""),
    ],
)
def test_a_refusal_stands_beside_its_field_and_enter_tries_again(
    run: JoiningRun, at: str, refusal: Exception, beside: str
) -> None:
    run.aside.refusals[at] = refusal
    run.open().page.go()
    run.net.run_all()
    state = run.page.state
    assert (state.busy, state.progress, run.finished) == (False, None, [])
    assert run.aside.calls[-1] == "rest", "books and connection are let go of"
    if beside:
        assert list(run.errors()) == [beside] and run.errors()[beside]
    else:
        assert state.problem
    run.page.go()
    run.net.run_all()
    assert run.finished == [1]


def test_where_nobody_answers_a_till_that_cannot_sell_yet_is_not_told_that_it_can(run: JoiningRun) -> None:
    run.aside.refusals["look"] = PlatformUnavailableError(number=9001)
    run.open().page.go()
    run.net.run_all()
    assert "核对地址" in run.errors()["platform"] and "收银照常" not in run.errors()["platform"]


def test_a_till_code_that_is_taken_is_named(run: JoiningRun) -> None:
    run.aside.refusals["enrol"] = PlatformUnavailableError(number=2015)
    run.open().page.go()
    run.net.run_all()
    assert run.errors() == {"till_code": "这家店已有 2 号收银机，请换一个号。"}


def test_cancelled_while_nobody_answers_the_form_is_back_at_once_and_the_late_answer_means_nothing(
    run: JoiningRun,
) -> None:
    run.open().page.go()
    run.page.cancel()
    assert run.page.state.progress is None and not run.page.state.busy
    run.net.run_all()
    assert run.aside.calls == ["look", "rest"] and not run.finished
    run.page.go()
    run.net.run_all()
    assert run.finished == [1]


def test_cancelled_after_it_was_let_in_it_goes_on_without_a_code(run: JoiningRun) -> None:
    run.open().page.go()
    for _ in range(3):
        run.net.step()
    run.page.cancel()
    run.net.run_all()
    assert "接着载入" in run.page.state.notice
    assert run.page.state.form.one_time_code == ""
    run.page.go()
    run.net.run_all()
    assert run.finished == [1] and [code for _, _, code in run.aside.asked] == ["k7qm2xpa", ""]


def test_with_another_till_code_a_till_that_was_cut_off_needs_a_code_again(run: JoiningRun) -> None:
    run.aside.left = unfinished()
    run.open(platform=PLACE, one_time_code="", till_code="3").page.go()
    assert list(run.errors()) == ["one_time_code"]


def test_a_till_that_was_killed_while_it_joined_is_offered_to_go_on(run: JoiningRun) -> None:
    run.aside.left = unfinished()
    run.page.open()
    run.net.run_all()
    form = run.page.state.form
    assert (form.way, form.shop_code, form.till_code, form.platform) == (SetUpWay.JOIN, "N07", "4", PLACE)
    run.page.go()
    run.net.run_all()
    assert run.finished == [1]


def test_once_it_moves_in_it_is_too_late_to_cancel(run: JoiningRun) -> None:
    run.open().page.go()
    for _ in range(5):
        run.net.step()
    run.page.cancel()
    run.net.run_all()
    assert run.aside.calls[-1] == "move_in" and run.finished == [1]


def unfinished() -> Unfinished:
    """A till that was cut off."""
    settings = new_settings(CountedIds(), "N07")
    return Unfinished(msgspec.structs.replace(settings, shop_code="N07", till_code="4"), PLACE)
