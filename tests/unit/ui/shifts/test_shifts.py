"""The page of shifts as a cashier and a manager work it: opening, cash, the drawer, the blind count, Z."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.sales.cart import add_line
from pos_app.domain.shifts import Shift
from pos_app.domain.staff import Action, Role
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, counter_till
from ui.shifts.presenter import Doors, ShiftsPresenter
from ui.shifts.state import State, Task

MILK = "6931201000176"
"""A tin of milk powder of the demo."""


@dataclass
class Desk:
    """The page of shifts of a demo till."""

    at: CounterTill
    changes: list[Shift | None] = field(default_factory=list)
    refusals: int = 0
    ready: int = 0

    def __post_init__(self) -> None:
        doors = Doors(self.changes.append, self._refuse, self._ready)
        self.page = ShiftsPresenter(self.at.counter, doors, lambda _state: None)
        self.page.open()

    def _refuse(self) -> None:
        self.refusals += 1

    def _ready(self) -> None:
        self.ready += 1

    @property
    def state(self) -> State:
        return self.page.state

    def figures(self) -> dict[str, str]:
        return {figure.label: figure.value for figure in self.state.figures}

    def cash(self) -> int:
        """What the drawer should hold, from the books."""
        return self.at.demo.shop.shifts.x_report()[1].expected_cash

    def count(self, text: str) -> None:
        self.page.choose(Task.COUNT)
        self.page.count_total(text)


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[Desk]:
    """No shift is open; a cashier is signed in."""
    with counter_till(tmp_path, shift=False) as at:
        at.sign_in(Role.CASHIER)
        yield Desk(at)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A shift is open with ¥500.00; a cashier is signed in."""
    with counter_till(tmp_path) as at:
        at.sign_in(Role.CASHIER)
        yield Desk(at)


def test_a_shift_opens_with_the_float_and_leads_to_sell(shut: Desk) -> None:
    assert shut.state.task is Task.FLOAT
    shut.page.open_shift("500")
    shift = shut.at.demo.shop.shifts.current()
    assert shift is not None and shift.float_amount == 50_000
    assert (shut.changes, shut.ready, shut.at.around.kicked) == ([shift], 1, 1)


def test_the_last_float_stands_ready(shut: Desk) -> None:
    shut.page.open_shift("500")
    shut.count("500")
    shut.page.confirm("")
    shut.page.leave()
    assert (shut.state.task, shut.state.amount) == (Task.FLOAT, "500.00")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请输入金额。"),
        ("abc", "金额写法不对"),
        ("-5", "不能是负数"),
        ("1.234", "金额写法不对"),
        ("12,50", "金额写法不对"),
    ],
)
def test_a_float_that_is_no_amount_is_refused_with_words(shut: Desk, text: str, said: str) -> None:
    shut.page.open_shift(text)
    assert said in shut.state.error
    assert shut.at.demo.shop.shifts.current() is None
    assert shut.refusals == 1


def test_a_second_shift_does_not_open_beside_the_first(desk: Desk) -> None:
    desk.page.open_shift("100")
    assert desk.state.error == "陈国梁 在 2026-11-22 12:00 开的班还没有交，这台机同时只能有一个班次。"


def test_two_quick_enters_open_one_shift(tmp_path: Path) -> None:
    lane = SteppedLane()
    with counter_till(tmp_path, lane, shift=False) as at:
        desk = Desk(at)
        lane.run_all()
        desk.page.open_shift("500")
        desk.page.open_shift("500")
        lane.run_all()
        assert len(desk.changes) == 1
        assert desk.state.error == ""


def test_cash_goes_in_and_out_with_a_reason_and_opens_the_drawer(desk: Desk) -> None:
    desk.page.choose(Task.CASH_IN)
    desk.page.move_cash("100", "换零")
    desk.page.choose(Task.CASH_OUT)
    desk.page.move_cash("30.50", "快递费")
    assert desk.cash() == 50_000 + 10_000 - 3_050
    assert (desk.at.around.kicked, desk.state.note) == (2, "已取出 ¥30.50。")


@pytest.mark.parametrize("text", ["0", "-1", "x", ""])
def test_cash_that_is_no_amount_moves_nothing(desk: Desk, text: str) -> None:
    desk.page.choose(Task.CASH_OUT)
    desk.page.move_cash(text, "试试")
    assert desk.state.error != ""
    assert (desk.cash(), desk.at.around.kicked) == (50_000, 0)


def test_cash_without_a_reason_is_refused(desk: Desk) -> None:
    desk.page.choose(Task.CASH_OUT)
    desk.page.move_cash("10", "  ")
    assert desk.state.reason_error == "请写原因。"
    assert desk.cash() == 50_000


def test_a_cashier_opens_the_drawer_with_a_manager_s_yes(desk: Desk) -> None:
    desk.page.choose(Task.DRAWER)
    desk.page.open_drawer("查看现金")
    assert [needed.action for needed in desk.at.around.asked] == [Action.OPEN_DRAWER]
    assert desk.at.around.kicked == 1
    assert desk.at.demo.shop.shifts.x_report()[1].drawer_openings == 1


def test_a_drawer_that_nobody_allows_stays_shut_and_the_page_goes_on(desk: Desk) -> None:
    desk.at.around.grants = False
    desk.page.choose(Task.DRAWER)
    desk.page.open_drawer("查看现金")
    assert desk.at.around.kicked == 0
    assert not desk.state.busy


def test_a_cashier_opens_the_drawer_to_count_it_and_that_is_recorded(desk: Desk) -> None:
    desk.page.choose(Task.COUNT)
    desk.page.open_drawer_to_count()
    assert (desk.at.around.asked, desk.at.around.kicked) == ([], 1)
    assert desk.at.demo.shop.shifts.x_report()[1].drawer_openings == 1
    assert desk.state.task is Task.COUNT


def test_x_hides_from_a_cashier_what_the_drawer_should_hold(desk: Desk) -> None:
    desk.page.choose(Task.X)
    assert "应有现金" not in desk.figures()
    desk.page.print_x()
    assert desk.at.around.woken == 0
    desk.at.sign_in(Role.MANAGER)
    desk.page.open()
    desk.page.choose(Task.X)
    assert desk.figures()["应有现金"] == "¥500.00"
    desk.page.print_x()
    assert desk.at.around.woken == 1
    assert desk.at.demo.shop.printing.waiting() == 1


def test_the_count_is_blind_and_only_then_held_against_the_books(desk: Desk) -> None:
    desk.page.choose(Task.COUNT)
    assert desk.state.figures == ()
    assert "500" not in desk.state.note + desk.state.amount
    desk.page.count_total("480")
    assert desk.figures() == {"清点现金": "¥480.00", "应有现金": "¥500.00", "差额": "短款 ¥20.00"}


def test_a_difference_needs_a_reason_before_the_shift_closes(desk: Desk) -> None:
    desk.count("480")
    desk.page.confirm(" ")
    assert desk.state.reason_error == "请写原因。"
    assert desk.at.demo.shop.shifts.current() is not None
    desk.page.confirm("找零差错")
    assert desk.state.task is Task.CLOSED
    assert desk.figures()["原因"] == "找零差错"


def test_closing_shows_the_z_and_its_head_and_waits_for_no_printer(desk: Desk) -> None:
    desk.count("500")
    desk.page.confirm("")
    (z,) = desk.at.demo.shop.shifts.z_reports()
    assert desk.state.title == "已交班 · Z 1"
    assert desk.figures()["账本指纹"] == z.closed.head_hash[:12]
    assert desk.at.demo.shop.printing.waiting() == 1
    assert (desk.at.around.woken, desk.changes) == (1, [None])
    assert [row.number for row in desk.state.zs] == ["Z 1"]


def test_notes_and_coins_add_up(desk: Desk) -> None:
    desk.page.choose(Task.COUNT)
    desk.page.switch_way()
    desk.page.add_up({10_000: "4", 5_000: "2", 10: "3"})
    assert desk.state.sum == "¥500.30"
    desk.page.count_pieces({10_000: "4", 5_000: "2", 10: "3"})
    assert desk.figures()["差额"] == "长款 ¥0.30"


@pytest.mark.parametrize("typed", ["-1", "1.5", "x", "999999", "٣"])
def test_a_number_of_notes_that_is_none_is_refused(desk: Desk, typed: str) -> None:
    desk.page.choose(Task.COUNT)
    desk.page.switch_way()
    desk.page.count_pieces({10_000: typed})
    assert (desk.state.task, desk.state.error) == (Task.COUNT, "张数要填整数。")


def test_counting_nothing_at_all_is_not_an_empty_drawer(desk: Desk) -> None:
    desk.page.choose(Task.COUNT)
    desk.page.switch_way()
    desk.page.count_pieces({10_000: "", 5_000: " "})
    assert desk.state.task.value == "count"
    desk.page.count_pieces({10_000: "0"})
    assert desk.state.task.value == "review"


def test_once_told_a_cashier_counts_again_only_with_a_yes(desk: Desk) -> None:
    desk.count("480")
    desk.page.leave()
    desk.at.around.grants = False
    desk.page.choose(Task.COUNT)
    assert (desk.state.task, [n.action for n in desk.at.around.asked]) == (Task.IDLE, [Action.CLOSE_SHIFT])
    desk.at.around.grants = True
    desk.page.choose(Task.COUNT)
    assert desk.state.task is Task.COUNT


def test_a_sale_between_count_and_close_is_told_before_anything_is_written(desk: Desk) -> None:
    desk.count("500")
    sale = desk.at.sell(MILK)
    desk.page.confirm("")
    assert desk.at.demo.shop.shifts.current() is not None
    assert (desk.state.task, desk.state.needs_reason) == (Task.REVIEW, True)
    assert desk.cash() == 50_000 + sale.total
    assert desk.figures()["差额"].startswith("短款")


def test_a_reason_is_given_for_the_difference_that_was_shown_and_for_no_other(desk: Desk) -> None:
    desk.count("490")
    desk.at.sell(MILK)
    desk.page.confirm("找零差错")
    assert desk.at.demo.shop.shifts.current() is not None
    assert desk.figures()["差额"] == "短款 ¥138.00"
    desk.page.confirm("找零差错")
    assert desk.at.demo.shop.shifts.current() is None


def test_figures_that_were_left_open_are_those_of_now_when_one_comes_back(desk: Desk) -> None:
    desk.at.sign_in(Role.MANAGER)
    desk.page.open()
    desk.page.choose(Task.X)
    before = desk.figures()
    desk.at.sell(MILK)
    desk.page.open()
    assert desk.state.task is Task.X and desk.figures() != before
    desk.count("500")
    desk.at.sell(MILK)
    desk.page.open()
    assert desk.figures()["差额"] == "短款 ¥256.00"


def test_an_unpaid_cart_is_named_and_the_way_to_it_shown(desk: Desk) -> None:
    shop = desk.at.demo.shop
    cart = add_line(shop.carts.new(), desk.at.line(MILK))[0]
    shop.carts.keep(cart)
    desk.page.choose(Task.COUNT)
    assert "还有没结的单" in desk.state.error
    assert desk.state.leads_to_sell


def test_yesterday_s_shift_left_open_says_what_to_do(desk: Desk) -> None:
    desk.at.demo.outside.clock.forward(timedelta(days=1))
    desk.page.open()
    assert desk.state.banner.startswith("2026年11月22日 的班次还没有交班")
    assert "F12" in desk.state.banner


def test_a_clock_set_back_is_told(desk: Desk) -> None:
    desk.at.demo.outside.clock.forward(timedelta(days=-366))
    desk.page.open()
    assert "先校准电脑时间" in desk.state.banner


def test_a_z_prints_again_as_a_copy(desk: Desk) -> None:
    desk.count("500")
    desk.page.confirm("")
    shop = desk.at.demo.shop
    shop.printing.cancel_waiting()
    desk.page.reprint_z(desk.state.zs[0].shift_id)
    with desk.at.demo.store.read() as tx:
        job = tx.print_jobs.next()
    assert job is not None and job.copy_number == 1
    assert desk.at.around.woken == 2


def test_a_clerk_cannot_open_a_shift_and_is_told_who_can(shut: Desk) -> None:
    shut.at.sign_in(Role.CLERK)
    shut.page.open_shift("500")
    assert "店长" in shut.state.error or "岗位" in shut.state.error
    assert shut.at.demo.shop.shifts.current() is None
