"""交接班: one step closes a shift and opens the next with the drawer as it is; counts by tender; a leaver's shift."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.errors import ForbiddenError, InvalidValueError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import (
    CartPayingError,
    CashDirection,
    Count,
    CountedTender,
    Denomination,
    HandOverToSelfError,
    NothingToHandOverError,
    ShiftClosedError,
    ShiftOpenError,
    VarianceReasonError,
)
from pos_app.domain.staff import Action, NeedsApprovalError, PinError
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from tests.support.shop_on_disk import CANDY, FLOAT, MANAGER_PIN, NECKLACE, DiskShop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open, ¥500.00 in the drawer."""
    with shop_on_disk(tmp_path) as made:
        yield made


def manager(shop: DiskShop) -> Actor:
    """Let the manager give her PIN."""
    return shop.shop.staff.vouched("2", MANAGER_PIN)


def notes(*pieces: tuple[int, int]) -> tuple[Denomination, ...]:
    """Return (value, count) as notes."""
    return tuple(Denomination(value=Amount(value), count=count) for value, count in pieces)


def by_card(shop: DiskShop, code: str = NECKLACE) -> Cart:
    """Return a cart of one article, paid by card."""
    return shop.paid(shop.cart(code), TenderKind.CARD)


def dismiss(shop: DiskShop) -> None:
    """Let the cashier, who opened the shift, leave the shop."""
    cashier = next(one for one in shop.shop.staff.everybody() if one.staff_id == shop.cashier.staff_id)
    shop.shop.staff.save(shop.owner, replace(cashier, active=False), None)


def test_a_counted_hand_over_gives_the_next_shift_what_was_counted(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    done = shop.shop.shifts.hand_over(shop.cashier, manager(shop), Amount(179_800), "a coin rolled away")
    assert done.report.closed.variance == -100
    assert done.report.closed.handed_to == shop.manager.staff_id
    assert done.report.closed.next_shift == done.opened.shift_id
    assert (done.opened.float_amount, done.opened.opened_by) == (179_800, shop.manager.staff_id)
    assert done.opened.taken_over_from == done.report.shift.shift_id
    assert shop.shop.shifts.current() == done.opened
    assert shop.verify().findings == []


def test_an_uncounted_hand_over_believes_the_books(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    done = shop.shop.shifts.hand_over(shop.cashier, manager(shop), None)
    closed = done.report.closed
    assert (closed.uncounted, closed.variance, closed.counted) == (True, 0, 179_900)
    assert done.opened.float_amount == 179_900
    assert shop.verify().findings == []


def test_a_drawer_that_holds_less_than_nothing_by_the_books_is_counted_first(shop: DiskShop) -> None:
    shop.shop.shifts.move_cash(shop.owner, CashDirection.OUT, Amount(60_000), "bank")
    with pytest.raises(NothingToHandOverError):
        shop.shop.shifts.hand_over(shop.cashier, manager(shop), None)
    done = shop.shop.shifts.hand_over(shop.cashier, manager(shop), Amount(0), "float was more")
    assert done.opened.float_amount == 0


def test_the_open_cart_goes_over_to_who_takes_the_till(shop: DiskShop) -> None:
    cart = shop.cart(CANDY)
    held = shop.cart(NECKLACE)
    shop.shop.carts.hold(shop.cashier, held, "林女士")
    shop.shop.carts.keep(cart)
    done = shop.shop.shifts.hand_over(shop.cashier, manager(shop), None)
    assert shop.shop.carts.reopen().cart_id == cart.cart_id
    assert [each.cart.cart_id for each in shop.shop.carts.held()] == [held.cart_id]
    sale = shop.shop.checkout.commit(shop.manager, shop.paid(cart)).sale
    assert (sale.shift, sale.cashier) == (done.opened.shift_id, shop.manager.staff_id)


def test_a_cart_for_which_money_was_taken_is_finished_before_the_till_goes_over(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    part = shop.shop.checkout.tender(TenderKind.CASH, Amount(10_000))
    shop.shop.carts.keep(msgspec.structs.replace(cart, tenders=(part,)))
    with pytest.raises(CartPayingError):
        shop.shop.shifts.hand_over(shop.cashier, manager(shop), None)
    current = shop.shop.shifts.current()
    assert current is not None and current.opened_by == shop.cashier.staff_id


def test_nobody_hands_over_to_herself_or_to_who_may_open_no_shift(shop: DiskShop) -> None:
    with pytest.raises(HandOverToSelfError):
        shop.shop.shifts.hand_over(shop.manager, manager(shop), None)
    with pytest.raises(PinError):
        shop.shop.staff.vouched("2", "0000")
    assert shop.shop.shifts.z_reports() == ()


def test_the_journal_tells_who_gave_and_who_took(shop: DiskShop) -> None:
    shop.shop.shifts.hand_over(shop.cashier, manager(shop), None)
    with shop.store.read() as tx:
        told = [(entry.kind, entry.staff) for entry in tx.journal.entries()][-4:]
    giver, taker = shop.cashier.staff_id.bytes, shop.manager.staff_id.bytes
    assert told == [
        ("shift.closed", giver),
        ("staff.signed_out", giver),
        ("staff.signed_in", taker),
        ("shift.opened", taker),
    ]


def test_a_hand_over_that_fails_leaves_the_shift_open_and_nothing_written(shop: DiskShop) -> None:
    facts = shop.verify().facts
    with pytest.raises(VarianceReasonError):
        shop.shop.shifts.hand_over(shop.cashier, manager(shop), Amount(1))
    assert shop.verify().facts == facts
    assert shop.shop.printing.waiting() == 0


def test_notes_and_slips_are_counted_and_stand_in_the_z(shop: DiskShop) -> None:
    shop.shop.checkout.commit(shop.cashier, by_card(shop))
    slips = CountedTender(kind=TenderKind.CARD, amount=Amount(129_000), reason="slip lost")
    count = Count(
        cash=Amount(50_000),
        denominations=notes((10_000, 4), (100, 0), (5_000, 2)),
        others=(slips,),
        recounts=1,
    )
    z = shop.shop.shifts.close(shop.cashier, count).closed
    assert z.denominations == notes((10_000, 4), (5_000, 2))
    (card,) = z.counts
    assert (card.expected, card.counted, card.reason) == (129_900, 129_000, "slip lost")
    assert (z.recounts, z.closed_by) == (1, shop.cashier.staff_id)
    assert shop.verify().findings == []


def test_slips_that_differ_need_a_reason_of_their_own(shop: DiskShop) -> None:
    shop.shop.checkout.commit(shop.cashier, by_card(shop))
    slips = CountedTender(kind=TenderKind.CARD, amount=Amount(1))
    with pytest.raises(VarianceReasonError) as refused:
        shop.shop.shifts.close(shop.cashier, Count(cash=FLOAT, reason="x", others=(slips,)))
    assert refused.value.params == {"variance": 1 - 129_900, "tender": "card"}


@pytest.mark.parametrize(
    "count",
    [
        Count(cash=FLOAT, denominations=notes((10_000, -1), (50_000, 1), (10_001, 1))),
        Count(cash=FLOAT, denominations=notes((10_000, 6))),
        Count(cash=FLOAT, denominations=notes((25_000, 1), (25_000, 1))),
        Count(cash=FLOAT, others=(CountedTender(kind=TenderKind.CASH, amount=FLOAT),)),
        Count(cash=Amount(-1), reason="x"),
        Count(cash=None),
    ],
    ids=["negative", "not the sum", "twice", "cash twice", "below nothing", "not counted"],
)
def test_a_count_that_is_none_closes_nothing(shop: DiskShop, count: Count) -> None:
    with pytest.raises(InvalidValueError):
        shop.shop.shifts.close(shop.cashier, count)
    assert shop.shop.shifts.current() is not None


def test_a_second_shift_is_told_whose_is_open_since_when(shop: DiskShop) -> None:
    with pytest.raises(ShiftOpenError) as refused:
        shop.shop.shifts.open(shop.manager, FLOAT)
    current = shop.shop.shifts.current()
    assert current is not None
    assert refused.value.params == {"opened_by": shop.cashier.staff_id, "since": current.opened_at}


def test_the_shift_of_one_who_left_is_closed_by_a_manager_and_it_is_recorded_who(shop: DiskShop) -> None:
    second = shop.shop.staff.new_staff("4", "小王", shop.cashier.role)
    shop.shop.staff.save(shop.owner, second, "4444")
    dismiss(shop)
    assert shop.shop.shifts.leaver() == shop.cashier.staff_id
    other = shop.shop.staff.vouched("4", "4444")
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.shifts.close(other, FLOAT)
    assert needed.value.action is Action.CLOSE_LEAVERS_SHIFT
    yes = shop.approval(needed.value, other)
    z = shop.shop.shifts.close(other, FLOAT, approval=yes)
    assert (z.closed.closed_by, z.closed.approver) == (other.staff_id, shop.manager.staff_id)
    assert z.shift.opened_by == shop.cashier.staff_id
    assert shop.verify().findings == []


def test_a_manager_closes_a_leavers_shift_alone(shop: DiskShop) -> None:
    dismiss(shop)
    z = shop.shop.shifts.close(shop.manager, FLOAT).closed
    assert (z.closed_by, z.approver) == (shop.manager.staff_id, None)


def test_who_left_takes_nothing_over(shop: DiskShop) -> None:
    dismiss(shop)
    with pytest.raises(PinError):
        shop.shop.staff.vouched("3", "1234")


def test_a_clerk_takes_no_till_over(shop: DiskShop) -> None:
    clerk = shop.shop.staff.new_staff("5", "小赵", shop.cashier.role.CLERK)
    shop.shop.staff.save(shop.owner, clerk, "5555")
    with pytest.raises(ForbiddenError):
        shop.shop.shifts.hand_over(shop.cashier, shop.shop.staff.vouched("5", "5555"), None)


def test_a_closed_shift_is_never_written_again(shop: DiskShop) -> None:
    closed = shop.shop.shifts.hand_over(shop.cashier, manager(shop), None).report
    with pytest.raises(ShiftClosedError), shop.store.write() as tx:
        tx.shifts.close(closed.shift.shift_id, shop.clock.now(), 99, b"{}")
    (z,) = shop.shop.shifts.z_reports()
    assert z == closed


def test_a_day_is_summed_over_its_shifts_and_cut_at_five(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    shop.shop.shifts.hand_over(shop.cashier, manager(shop), None)
    shop.clock.forward(timedelta(hours=14))
    shop.sell(CANDY, who=shop.manager)
    shop.clock.forward(timedelta(hours=4))
    morning = shop.sell(CANDY, who=shop.manager).sale
    first = shop.shop.shifts.daily(morning.business_date - timedelta(days=1))
    second = shop.shop.shifts.daily(morning.business_date)
    assert (first.sums.sales, first.sums.sales_count) == (129_900 + 999, 2)
    assert [(hour.hour, hour.count, hour.amount) for hour in first.hours] == [(12, 1, 129_900), (2, 1, 999)]
    assert [each.closed is None for each in first.shifts] == [False, True]
    assert (second.sums.sales, len(second.shifts)) == (999, 1)
    assert shop.shop.shifts.daily(morning.business_date + timedelta(days=1)).is_empty
