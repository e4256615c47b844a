"""Asking for a yes: whose counts, what is said, and that a declined or late answer is nobody's."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from pos_app.domain.sales.gold import GoldMove, OldGoldPriceError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, Role
from pos_app.domain.values.ids import CartId, LineId
from pos_app.domain.values.money import Amount
from pos_app.words import has_text, speaking
from tests.support.lanes import SteppedLane
from tests.support.screen_till import CounterTill, counter_till
from ui.staff.approving import ApprovalDoors, ApprovalPresenter

VOID = NeedsApprovalError(action=Action.VOID, amount=Amount(12_800))


class Asked:
    """An approval on the screen."""

    def __init__(self, at: CounterTill, needed: NeedsApprovalError = VOID) -> None:
        self.given: list[Approval] = []
        self.refusals: list[int] = []
        doors = ApprovalDoors(self.given.append, lambda: self.refusals.append(1))
        self.presenter = ApprovalPresenter(at.counter, needed, doors, lambda _state: None)
        self.presenter.open()


@pytest.fixture
def at(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        till.sign_in(Role.CASHIER)
        yield till


def test_it_says_who_asks_for_what_and_how_much(at: CounterTill) -> None:
    state = Asked(at).presenter.state
    assert (state.asked, state.action, state.amount) == ("王晓燕 请求：", "撤单", "¥128.00")


def test_a_manager_s_code_and_pin_give_an_approval_that_names_action_and_amount(at: CounterTill) -> None:
    asked = Asked(at)
    asked.presenter.enter("02", "258014")
    (approval,) = asked.given
    assert (approval.action, approval.amount) == (Action.VOID, 12_800)
    assert approval.asked_by == at.counter.session.who.staff_id


def test_a_manager_s_badge_is_a_yes_too(at: CounterTill) -> None:
    asked = Asked(at)
    asked.presenter.scan("SK-02-A91E")
    assert len(asked.given) == 1


def test_a_cashier_cannot_allow_herself(at: CounterTill) -> None:
    asked = Asked(at)
    asked.presenter.enter("03", "314159")
    assert asked.given == []
    assert "自己不能给自己授权" in asked.presenter.state.error


def test_goods_scanned_now_are_refused(at: CounterTill) -> None:
    asked = Asked(at)
    asked.presenter.scan("6901234567892")
    assert (asked.given, len(asked.refusals)) == ([], 1)


def test_a_wrong_pin_can_be_tried_again(at: CounterTill) -> None:
    asked = Asked(at)
    asked.presenter.enter("02", "111111")
    assert asked.presenter.state.error == "密码不对，还可以试 4 次。"
    asked.presenter.enter("02", "258014")
    assert len(asked.given) == 1


def test_an_answer_that_comes_after_it_was_declined_is_nobody_s(tmp_path: Path) -> None:
    lane = SteppedLane()
    with counter_till(tmp_path, lane) as at:
        at.sign_in(Role.CASHIER)
        asked = Asked(at)
        asked.presenter.enter("02", "258014")
        asked.presenter.close()
        lane.run_all()
        assert asked.given == []


@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
@pytest.mark.parametrize("action", Action)
def test_whatever_is_asked_for_is_said_in_every_language(action: Action, spoken: str) -> None:
    with speaking(spoken):
        assert has_text(f"staff.can.{action.value}")


def test_an_old_gold_price_is_asked_for_with_both_prices(at: CounterTill) -> None:
    move = GoldMove(
        line=LineId(UUID(int=1)),
        fineness="足金999",
        was=Amount(101_200),
        stood=Amount(101_200),
        now=Amount(102_000),
        before=Amount(339_040),
        after=Amount(341_648),
    )
    state = Asked(at, OldGoldPriceError(CartId(UUID(int=2)), [move])).presenter.state
    assert "按打单时的金价" in state.action
    assert "足金999：打单时 ¥1,012.00/克，今天 ¥1,020.00/克" in state.action
    assert state.amount == "¥26.08"
    day = Asked(at, NeedsApprovalError(action=Action.SET_GOLD_PRICE)).presenter.state
    assert day.action == "定今日金价"
