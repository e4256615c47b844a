"""Count by tender, hand-over and the day, as a cashier and the next one work them at the page of shifts."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.sales.cart import add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.settings import CountRules
from pos_app.domain.shifts import Shift
from pos_app.domain.staff import Action, Role
from pos_app.services.acting import Actor
from pos_app.services.demo_shop import demo_staff
from tests.support.screen_till import CounterTill, counter_till
from ui.shifts.presenter import Doors, ShiftsPresenter
from ui.shifts.state import State, Task

MILK = "6931201000176"
"""A tin of milk powder of the demo, ¥128.00."""


@dataclass
class Desk:
    """The page of shifts of a demo till."""

    at: CounterTill
    taken: list[tuple[Actor, Shift, str]] = field(default_factory=list)
    refusals: int = 0

    def __post_init__(self) -> None:
        doors = Doors(lambda _shift: None, self._refuse, lambda: None, self._take)
        self.page = ShiftsPresenter(self.at.counter, doors, lambda _state: None)
        self.page.open()

    def _refuse(self) -> None:
        self.refusals += 1

    def _take(self, who: Actor, shift: Shift, words: str) -> None:
        self.taken.append((who, shift, words))
        self.page.open()

    @property
    def state(self) -> State:
        return self.page.state

    def figures(self) -> list[tuple[str, str]]:
        return [(figure.label, figure.value) for figure in self.state.figures]

    def current(self) -> Shift:
        shift = self.at.demo.shop.shifts.current()
        assert shift is not None
        return shift


def person(role: Role) -> tuple[str, str]:
    """Return the code and PIN of the first person of a role."""
    return next((code, pin) for code, _, of, pin, _ in demo_staff() if of is role)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A shift is open with ¥500.00; ¥200.00 came by card, ¥56.00 in cash; a cashier is signed in."""
    with counter_till(tmp_path) as at:
        at.sell(MILK, MILK, card=20_000)
        at.sign_in(Role.CASHIER)
        yield Desk(at)


def test_only_tenders_that_the_shift_took_and_the_shop_counts_are_asked_for(desk: Desk) -> None:
    desk.page.choose(Task.COUNT)
    assert [field.kind for field in desk.state.tenders] == [TenderKind.CARD]
    shop = desk.at.demo.shop
    rules = CountRules(tenders=(TenderKind.VOUCHER,))
    shop.settings.change(desk.at.demo.owner, msgspec.structs.replace(shop.settings.value, counts=rules))
    desk.page.leave()
    desk.page.choose(Task.COUNT)
    assert desk.state.tenders == ()


def test_what_the_slips_should_come_to_is_told_only_after_the_count(desk: Desk) -> None:
    desk.page.choose(Task.X)
    assert not any("银行卡" in label for label, _ in desk.figures())
    desk.page.choose(Task.COUNT)
    desk.page.count_total("556", {TenderKind.CARD: ""})
    assert (desk.state.task, desk.state.error) == (Task.COUNT, "请填银行卡的合计；没有就填 0。")
    desk.page.count_total("556", {TenderKind.CARD: "1o"})
    assert "金额写法不对" in desk.state.error
    desk.page.count_total("556", {TenderKind.CARD: "190"})
    assert desk.figures()[2:] == [
        ("差额", "相符"),
        ("清点银行卡", "¥190.00"),
        ("应有银行卡", "¥200.00"),
        ("差额", "短款 ¥10.00"),
    ]


def test_each_difference_asks_for_its_own_reason(desk: Desk) -> None:
    desk.page.choose(Task.COUNT)
    desk.page.count_pieces({10_000: "5", 5_000: "1"}, {TenderKind.CARD: "190"})
    assert [field.kind for field in desk.state.reasons] == [TenderKind.CASH, TenderKind.CARD]
    desk.page.confirm("找零差错", {TenderKind.CARD: " "})
    assert desk.state.reason_error == "请写原因。"
    desk.page.confirm("找零差错", {TenderKind.CARD: "单据遗失"})
    (z,) = desk.at.demo.shop.shifts.z_reports()
    assert (z.closed.reason, z.closed.counts[0].reason) == ("找零差错", "单据遗失")
    assert [(piece.value, piece.count) for piece in z.closed.denominations] == [(10_000, 5), (5_000, 1)]
    assert ("¥100.00 × 5", "¥500.00") in desk.figures()


def test_a_recount_is_counted(desk: Desk) -> None:
    for total in ("480", "556"):
        desk.page.choose(Task.COUNT)
        desk.page.count_total(total, {TenderKind.CARD: "200"})
        if total == "480":
            desk.page.leave()
    desk.page.confirm("")
    assert desk.at.demo.shop.shifts.z_reports()[0].closed.recounts == 1
    assert [needed.action for needed in desk.at.around.asked] == [Action.CLOSE_SHIFT]


def test_a_counted_till_goes_over_to_who_gives_her_pin(desk: Desk) -> None:
    giver = desk.at.counter.session.who
    desk.page.choose(Task.TAKER)
    assert (desk.state.task, desk.state.handing) == (Task.COUNT, True)
    desk.page.count_total("556", {TenderKind.CARD: "200"})
    desk.page.confirm("")
    assert desk.state.task is Task.TAKER
    desk.page.take_over(*person(Role.MANAGER))
    ((taker, shift, words),) = desk.taken
    assert (shift.float_amount, shift.opened_by, shift.taken_over_from is not None) == (
        55_600,
        taker.staff_id,
        True,
    )
    assert desk.at.counter.session.who == taker != giver
    assert words == f"已交接给 {taker.name}，Z 1 已排队打印。"
    assert desk.at.around.woken == 1
    assert (desk.state.task, desk.state.handing) == (Task.IDLE, False)


def test_a_till_goes_over_uncounted_by_the_books(desk: Desk) -> None:
    desk.page.choose(Task.TAKER)
    desk.page.skip_count()
    desk.page.take_over(*person(Role.MANAGER))
    assert desk.current().float_amount == 55_600
    assert [row.variance for row in desk.state.zs] == ["未清点"]


@pytest.mark.parametrize(("code", "pin"), [("", ""), ("9", " ")])
def test_who_takes_over_says_who_she_is(desk: Desk, code: str, pin: str) -> None:
    desk.page.choose(Task.TAKER)
    desk.page.skip_count()
    desk.page.take_over(code, pin)
    assert desk.state.code_error == "请输入工号和密码。"
    assert desk.taken == []


def test_a_wrong_pin_leaves_the_shift_with_who_has_it(desk: Desk) -> None:
    before, giver = desk.current(), desk.at.counter.session.who
    desk.page.choose(Task.TAKER)
    desk.page.skip_count()
    desk.page.take_over(person(Role.MANAGER)[0], "0000")
    assert desk.state.task is Task.TAKER
    assert "4" in desk.state.code_error
    assert (desk.current(), desk.at.counter.session.who) == (before, giver)
    desk.page.take_over(*person(Role.CASHIER))
    assert "不能交给自己" in desk.state.code_error


def test_a_sale_between_count_and_hand_over_is_told_before_anything_is_written(desk: Desk) -> None:
    desk.page.choose(Task.TAKER)
    desk.page.count_total("556", {TenderKind.CARD: "200"})
    desk.page.confirm("")
    desk.at.sell(MILK)
    desk.page.take_over(*person(Role.MANAGER))
    assert (desk.state.task, desk.state.needs_reason, desk.taken) == (Task.REVIEW, True, [])


def test_an_unpaid_cart_goes_over_with_the_till(desk: Desk) -> None:
    shop = desk.at.demo.shop
    cart = add_line(shop.carts.new(), desk.at.line(MILK))[0]
    shop.carts.keep(cart)
    desk.page.choose(Task.TAKER)
    desk.page.skip_count()
    desk.page.take_over(*person(Role.MANAGER))
    assert len(desk.taken) == 1
    assert shop.carts.reopen() == cart


def test_a_cart_that_is_half_paid_is_finished_first(desk: Desk) -> None:
    shop = desk.at.demo.shop
    cart = add_line(shop.carts.new(), desk.at.line(MILK))[0]
    part = shop.checkout.tender(TenderKind.CASH, shop.checkout.price(cart).total)
    shop.carts.keep(msgspec.structs.replace(cart, tenders=(part,)))
    desk.page.choose(Task.TAKER)
    desk.page.skip_count()
    desk.page.take_over(*person(Role.MANAGER))
    assert "已收了部分款" in desk.state.error
    assert (desk.state.leads_to_sell, desk.taken) == (True, [])


def test_a_leavers_shift_is_named_and_closed_with_a_managers_yes(desk: Desk) -> None:
    shop, owner = desk.at.demo.shop, desk.at.demo.owner
    opener = next(one for one in shop.staff.everybody() if one.staff_id == desk.current().opened_by)
    second = shop.staff.save(owner, shop.staff.new_staff("88", "新老板", Role.OWNER), "8888")
    shop.staff.save(Actor(second.staff_id, second.name, second.role), replace(opener, active=False), None)
    desk.page.open()
    assert opener.name in desk.state.banner and "店长" in desk.state.banner
    desk.page.choose(Task.COUNT)
    desk.page.count_total("556", {TenderKind.CARD: "200"})
    desk.at.around.grants = False
    desk.page.confirm("")
    assert [needed.action for needed in desk.at.around.asked] == [Action.CLOSE_LEAVERS_SHIFT]
    assert not desk.state.busy and desk.current() is not None


def test_the_day_is_shown_and_those_before_it_and_none_after_today(desk: Desk) -> None:
    desk.at.demo.shop.printing.cancel_waiting()
    desk.page.choose(Task.DAILY)
    assert desk.state.title == "日结 2026年11月22日"
    assert ("12:00 · 1 笔", "¥256.00") in desk.figures()
    desk.page.turn_day(1)
    assert desk.state.title == "日结 2026年11月22日"
    desk.page.turn_day(-1)
    assert (desk.state.title, desk.state.is_empty) == ("日结 2026年11月21日", True)
    desk.page.print_day()
    assert desk.at.around.woken == 0
    desk.page.turn_day(1)
    desk.page.print_day()
    assert (desk.at.around.woken, desk.at.demo.shop.printing.waiting()) == (1, 1)
