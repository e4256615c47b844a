"""The merchant's limits at work: who may do how much alone, whose yes it takes, and what such a yes is good for."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from pos_app.domain.errors import ForbiddenError, InvalidValueError
from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.shop import ApprovalGiven, DrawerOpened, SettingsChanged
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.shifts import CashDirection
from pos_app.domain.staff import (
    Action,
    ApprovalNotValidError,
    BelowLowestPriceError,
    NeedsApprovalError,
    OwnApprovalError,
    Role,
)
from pos_app.domain.staff_limits import limits_of
from pos_app.domain.values.money import Amount
from pos_app.services.carts import PriceAsk, PriceOverride
from tests.support.shop_on_disk import CANDY, MANAGER_PIN, NECKLACE, DiskShop


def let(shop: DiskShop, role: Role, **changes: object) -> None:
    """Let the owner set the limits of one role."""
    settings = shop.shop.current.value
    limits = tuple(
        msgspec.structs.replace(each, **changes) if each.role is role else each for each in settings.limits
    )
    shop.shop.settings.change(shop.owner, msgspec.structs.replace(settings, limits=limits))


def facts(shop: DiskShop, kind: type[msgspec.Struct]) -> list[msgspec.Struct]:
    """Return the facts of a kind, oldest first."""
    with shop.store.read() as tx:
        bodies = [decode(entry.body) for entry in tx.journal.entries()]
    read = (codec.decode_content(each.kind, each.version, bytes(each.content)) for each in bodies)
    return [fact for fact in read if isinstance(fact, kind)]


def test_a_limit_is_in_force_at_once_is_recorded_and_stays_after_a_restart(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale
    let(shop, Role.CASHIER, returned=Amount(500))
    changed = facts(shop, SettingsChanged)[-1]
    assert isinstance(changed, SettingsChanged)
    assert "limits" in changed.changes
    with pytest.raises(NeedsApprovalError):
        shop.take_back(sale, who=shop.cashier)
    again = shop.reopened()
    assert limits_of(again.shop.current.value.limits, Role.CASHIER).returned == 500


@pytest.mark.parametrize("above", [0, 1])
def test_a_cashier_returns_and_voids_up_to_the_limit_and_asks_above_it(shop: DiskShop, above: int) -> None:
    let(shop, Role.CASHIER, returned=Amount(999 - above), voided=Amount(999 - above))
    returned, voided = shop.sell(CANDY).sale, shop.sell(CANDY).sale
    if above:
        with pytest.raises(NeedsApprovalError):
            shop.take_back(returned, who=shop.cashier)
        with pytest.raises(NeedsApprovalError) as asked:
            shop.shop.returns.void(shop.cashier, voided.sale_id, "mistake")
        yes = shop.approval(asked.value)
        assert shop.shop.returns.void(shop.cashier, voided.sale_id, "mistake", yes).sale.total == -999
        return
    assert shop.take_back(returned, who=shop.cashier).sale.total == -999
    assert shop.shop.returns.void(shop.cashier, voided.sale_id, "mistake").sale.total == -999


def test_the_drawer_opens_so_often_a_shift_and_then_asks(shop: DiskShop) -> None:
    let(shop, Role.CASHIER, drawer_openings=2)
    for _ in range(2):
        shop.shop.shifts.open_drawer(shop.cashier, "change")
    with pytest.raises(NeedsApprovalError) as asked:
        shop.shop.shifts.open_drawer(shop.cashier, "change")
    shop.shop.shifts.open_drawer(shop.cashier, "change", shop.approval(asked.value))
    shop.close_shift()
    shop.shop.shifts.open(shop.cashier, Amount(0))
    shop.shop.shifts.open_drawer(shop.cashier, "change")
    opened = facts(shop, DrawerOpened)
    assert [isinstance(x, DrawerOpened) and x.approver is not None for x in opened] == [
        False,
        False,
        True,
        False,
    ]


def test_without_a_shift_whoever_has_a_limit_of_openings_asks(shop: DiskShop) -> None:
    let(shop, Role.CASHIER, drawer_openings=2)
    shop.close_shift()
    with pytest.raises(NeedsApprovalError):
        shop.shop.shifts.open_drawer(shop.cashier, "change")


def test_who_has_used_her_openings_up_does_not_say_yes_to_herself(shop: DiskShop) -> None:
    let(shop, Role.MANAGER, drawer_openings=1)
    shop.shop.shifts.open_drawer(shop.manager, "change")
    with pytest.raises(NeedsApprovalError) as asked:
        shop.shop.shifts.open_drawer(shop.manager, "change")
    with pytest.raises(OwnApprovalError):
        shop.shop.staff.approve(shop.manager, asked.value, "2", MANAGER_PIN)


def test_cash_moves_carts_and_prices_have_limits_of_their_own(shop: DiskShop) -> None:
    let(shop, Role.CASHIER, cash_moved=Amount(1_000), cancelled=Amount(998), override_rate=Decimal("0.1"))
    shop.shop.shifts.move_cash(shop.cashier, CashDirection.OUT, Amount(1_000), "bank")
    with pytest.raises(NeedsApprovalError):
        shop.shop.shifts.move_cash(shop.cashier, CashDirection.OUT, Amount(1_001), "bank")
    cart = shop.cart(CANDY)
    with pytest.raises(NeedsApprovalError):
        shop.shop.carts.cancel(shop.cashier, cart, "left")
    line = cart.lines[0].line_id
    cart = shop.shop.carts.override_price(shop.cashier, cart, PriceOverride(line, Amount(900), "old"))
    # From the list, however often: ten per cent of 9.99 is where it ends.
    with pytest.raises(NeedsApprovalError):
        shop.shop.carts.override_price(shop.cashier, cart, PriceOverride(line, Amount(890), "old"))
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale.total == 900


def test_a_limit_that_was_lowered_meanwhile_holds_when_the_bill_is_paid(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    ask = PriceAsk(parse_discount("95折", 2), cart.lines[0].line_id)
    cart = shop.shop.carts.change_price(shop.cashier, cart, ask)
    let(shop, Role.CASHIER, off_rate=Decimal("0.04"))
    with pytest.raises(NeedsApprovalError) as asked:
        shop.shop.checkout.commit(shop.cashier, shop.paid(cart))
    cart = shop.shop.carts.approve(shop.cashier, cart, asked.value, shop.approval(asked.value))
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale.total == 123_405


def test_small_change_is_dropped_up_to_the_limit_and_above_it_with_a_yes(shop: DiskShop) -> None:
    let(shop, Role.CASHIER, round_off=Amount(98))
    cart, ask = shop.cart(CANDY), PriceAsk(parse_discount(".", 2))
    with pytest.raises(NeedsApprovalError) as asked:
        shop.shop.carts.change_price(shop.cashier, cart, ask)
    assert (asked.value.action, asked.value.amount) == (Action.ROUND_OFF, 99)
    let(shop, Role.CASHIER, round_off=Amount(99))
    own = shop.shop.carts.change_price(shop.cashier, cart, ask)
    # Lowered before she is paid: the bill itself asks again, and takes what was agreed with a yes.
    let(shop, Role.CASHIER, round_off=Amount(98))
    with pytest.raises(NeedsApprovalError) as again:
        shop.shop.checkout.commit(shop.cashier, shop.paid(own))
    assert (again.value.action, again.value.amount) == (Action.ROUND_OFF, 99)
    yes = shop.approval(asked.value)
    agreed = shop.shop.carts.change_price(shop.cashier, cart, ask, approval=yes)
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(agreed)).sale.total == 900


def test_who_may_not_set_the_gold_price_is_told_so(shop: DiskShop) -> None:
    let(shop, Role.MANAGER, gold_price=False)
    with pytest.raises(ForbiddenError):
        shop.shop.catalogue.set_gold_price(shop.manager, "999", shop.shop.ringing.today(), Amount(80_000))


def test_the_owners_own_limits_cannot_be_taken_from_her(shop: DiskShop) -> None:
    before = shop.shop.current.value.limits
    with pytest.raises(InvalidValueError):
        let(shop, Role.OWNER, off_rate=Decimal("0.5"))
    assert shop.shop.current.value.limits == before


def test_only_the_owner_changes_limits_so_that_nobody_raises_her_own(shop: DiskShop) -> None:
    settings = shop.shop.current.value
    own = msgspec.structs.replace(limits_of(settings.limits, Role.MANAGER), off_rate=None)
    more = msgspec.structs.replace(settings, limits=(*settings.limits[:2], own, settings.limits[3]))
    for who in (shop.cashier, shop.manager):
        with pytest.raises(ForbiddenError):
            shop.shop.settings.change(who, more)
    shop.shop.settings.change(shop.manager, msgspec.structs.replace(settings, shop_name="新店名"))
    shop.shop.settings.change(shop.owner, msgspec.structs.replace(more, shop_name="新店名"))
    assert limits_of(shop.shop.current.value.limits, Role.MANAGER).off_rate is None


# -- what a yes is good for ----------------------------------------------------------------------------------


def test_a_yes_is_for_her_who_asked(shop: DiskShop) -> None:
    yes = shop.approval(NeedsApprovalError(action=Action.OPEN_DRAWER))
    other = shop.shop.staff.new_staff("9", "小张", Role.CASHIER)
    shop.shop.staff.save(shop.owner, other, "2468")
    with pytest.raises(ApprovalNotValidError):
        shop.shop.shifts.open_drawer(shop.shop.staff.sign_in("9", "2468"), "change", yes)
    shop.shop.shifts.open_drawer(shop.cashier, "change", yes)


def test_a_yes_is_for_now(shop: DiskShop) -> None:
    yes = shop.approval(NeedsApprovalError(action=Action.OPEN_DRAWER))
    shop.clock.forward(timedelta(minutes=10, seconds=1))
    with pytest.raises(ApprovalNotValidError):
        shop.shop.shifts.open_drawer(shop.cashier, "change", yes)


def test_a_yes_that_was_not_needed_is_not_spent(shop: DiskShop) -> None:
    yes = shop.approval(NeedsApprovalError(action=Action.CASH_MOVE, amount=Amount(500)))
    shop.shop.shifts.move_cash(shop.cashier, CashDirection.OUT, Amount(500), "bank", yes)
    with shop.store.write() as tx:
        assert tx.staff.use_approval(yes.approval_id, shop.clock.now())


def test_opening_the_drawer_to_count_spends_the_yes_too(shop: DiskShop) -> None:
    clerk = shop.shop.staff.new_staff("9", "小张", Role.CLERK)
    shop.shop.staff.save(shop.owner, clerk, "2468")
    who = shop.shop.staff.sign_in("9", "2468")
    stale = shop.approval(NeedsApprovalError(action=Action.OPEN_DRAWER), who)
    with pytest.raises(ApprovalNotValidError):
        shop.shop.shifts.open_drawer(who, "count", stale, to_count=True)


def test_both_who_asked_and_who_said_yes_stand_in_the_journal(shop: DiskShop) -> None:
    shop.approval(NeedsApprovalError(action=Action.VOID, amount=Amount(700)))
    given = facts(shop, ApprovalGiven)[-1]
    assert isinstance(given, ApprovalGiven)
    assert (given.asked_by, given.approver) == (shop.cashier.staff_id, shop.manager.staff_id)


def test_a_yes_to_a_discount_is_no_yes_to_going_below_the_lowest_price(shop: DiskShop) -> None:
    needed = BelowLowestPriceError(action=Action.OVERRIDE_PRICE, amount=Amount(5_000), price=Amount(10_000))
    # The manager overrides prices without a limit, but takes no more than thirty per cent off.
    with pytest.raises(ForbiddenError):
        shop.approval(needed)
    let(shop, Role.MANAGER, off_rate=Decimal("0.5"))
    assert shop.approval(needed).amount == 5_000
