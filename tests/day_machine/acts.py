"""What people do at the till, each act one step: it goes through the services and is noted in the books of the model.

Decides amounts and choices by the sequence's own chance. An act that makes no sense now returns False and is no step.
"""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.returns import NotReturnableError, ReturnBeyondBoughtError
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.shifts import CashDirection, NoShiftError, ShiftOpenError, VarianceReasonError
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Quantity
from tests.day_machine.model import PRICES, Bought, ShiftBooks, same
from tests.day_machine.selling import (
    fill,
    refused,
    sell_for_a_coupon,
    sell_for_an_agreed_total,
    sell_for_cash,
    sell_for_several,
    spend_a_deposit,
    take_a_deposit,
)
from tests.day_machine.world import World
from tests.support.shop_on_disk import RING

# -- taking back ---------------------------------------------------------------------------------------------------


def give_back(world: World) -> bool:
    """Take goods back, some or all that are left, of any shift; more than was bought is refused."""
    found = [each for each in world.till.bought if any(each.left)]
    if not found:
        return False
    bought = world.chance.choice(found)
    wanted: dict[int, int] = {}
    for place, left in enumerate(bought.left):
        if left and world.chance.random() < 0.7:
            wanted[place] = world.chance.randint(1, left // ONE) * ONE
    if not wanted:
        place = next(n for n, left in enumerate(bought.left) if left)
        wanted = {place: bought.left[place]}
    returns = world.at.shop.returns
    lines = {bought.sale.lines[place].line_id: Quantity(count) for place, count in wanted.items()}
    preview = returns.preview(bought.sale.sale_id, lines, "does not fit")
    gross = worth_of(bought, wanted)
    if bought.plain:
        same("worth of what came back", -preview.total, gross)
    returns.give_back(world.at.owner, preview)
    off = off_of(bought, wanted)
    if abs(gross + preview.total - off) > len(wanted):
        same("what was taken off what came back", gross + preview.total, off)
    note_back(world, bought, preview.total, preview.tenders, off)
    for place, count in wanted.items():
        bought.left[place] -= count
        if bought.sale.lines[place].piece is not None:
            world.till.ring_is_here = True
    bought.touched = True
    if not any(bought.left):
        same("all that came back of it", bought.back, bought.paid)
        same("the money that was given back", bought.refunded, sum(t.amount for t in bought.sale.tenders))
    too_much = {bought.sale.lines[n].line_id: Quantity(left + ONE) for n, left in enumerate(bought.left)}
    refused(ReturnBeyondBoughtError, lambda: returns.preview(bought.sale.sale_id, too_much, "again"))
    return True


def worth_of(bought: Bought, wanted: dict[int, int]) -> int:
    """Return what so much of each line cost before anything was taken off."""
    lines = bought.sale.lines
    codes = [RING if line.piece is not None else code for line, code in zip(lines, bought.codes, strict=True)]
    return sum(PRICES[codes[place]] * count // ONE for place, count in wanted.items())


def off_of(bought: Bought, wanted: dict[int, int]) -> int:
    """Return what was taken off so much of each line: its share of what the sale says, each line half up."""

    def share(off: int, part: int, whole: int) -> int:
        return (2 * off * part + whole) // (2 * whole)

    found = 0
    for place, count in wanted.items():
        line = bought.sale.lines[place]
        off = -sum(reduction.amount for reduction in line.reductions)
        before = line.quantity - bought.left[place]
        found += share(off, before + count, line.quantity) - share(off, before, line.quantity)
    return found


def note_back(world: World, bought: Bought, total: int, tenders: tuple[Tender, ...], off: int) -> None:
    """Put what was given back into the books."""
    shift = world.till.now
    world.till.receipts += 1
    shift.returns_count += 1
    shift.returns += total
    shift.by_person[str(world.at.owner.staff_id)] += total
    for tender in tenders:
        shift.tenders[tender.kind.value] += tender.amount
        shift.counts[tender.kind.value] += 1
    given = sum(t.amount for t in tenders)
    cash = sum(t.amount for t in tenders if t.kind is TenderKind.CASH)
    shift.rounding += given - total
    world.till.drawer += cash
    shift.fees += sum(t.voucher.fee for t in tenders if t.voucher is not None)
    shift.off_by_hand += off
    for tender in tenders:
        if tender.kind is TenderKind.DEPOSIT:
            world.till.deposits[tender.reference or ""] -= tender.amount
    bought.back -= total
    bought.refunded -= given
    world.till.days[world.today] += total


def void_a_sale(world: World) -> bool:
    """Undo a whole sale of this shift; it can be undone only once."""
    here = len(world.till.closed)
    found = [each for each in world.till.bought if each.shift == here and not each.touched]
    if not found:
        return False
    bought = world.chance.choice(found)
    shop = world.at.shop
    done = shop.returns.void(world.at.owner, bought.sale.sale_id, "mistake")
    same("total of the void", done.sale.total, -bought.paid)
    off = off_of(bought, dict(enumerate(bought.left)))
    note_back(world, bought, done.sale.total, done.sale.tenders, off)
    world.till.now.voids_count += 1
    world.till.now.voids += done.sale.total
    bought.left = [0] * len(bought.left)
    bought.touched = True
    if any(line.piece is not None for line in bought.sale.lines):
        world.till.ring_is_here = True
    refused(NotReturnableError, lambda: shop.returns.void(world.at.owner, bought.sale.sale_id, "again"))
    return True


# -- what is not sold ----------------------------------------------------------------------------------------------


def hold_and_recall(world: World) -> bool:
    """Put a cart aside and take it up again."""
    cart, _ = fill(world)
    carts = world.at.shop.carts
    carts.hold(world.who, cart, "aunt")
    again = carts.recall(world.who, cart.cart_id)
    assert again is not None
    same("the held cart", again.cart.lines, cart.lines)
    carts.keep(carts.new())
    carts.cancel(world.at.owner, again.cart, "went away")
    world.till.now.events["cancelled"] += 1
    return True


def remove_a_line(world: World) -> bool:
    """Take a line off a cart, and give the rest up."""
    cart, _ = fill(world)
    carts = world.at.shop.carts
    left = msgspec.structs.replace(cart, lines=cart.lines[1:])
    carts.line_removed(world.who, left, cart.lines[0])
    carts.cancel(world.at.owner, left, "went away")
    world.till.now.events["removed"] += 1
    world.till.now.events["cancelled"] += 1
    return True


def open_the_drawer(world: World) -> bool:
    """Open the drawer without a sale."""
    world.at.shop.shifts.open_drawer(world.at.owner, "change for the neighbour")
    world.till.now.events["drawer"] += 1
    return True


def move_cash(world: World) -> bool:
    """Put cash in or take some out."""
    way = world.chance.choice(tuple(CashDirection))
    amount = Amount(world.chance.randint(1, 30_000))
    if way is CashDirection.OUT and amount > world.till.drawer:
        return False
    world.at.shop.shifts.move_cash(world.who, way, amount, "bank")
    sign = 1 if way is CashDirection.IN else -1
    world.till.drawer += sign * amount
    if sign > 0:
        world.till.now.cash_in += amount
    else:
        world.till.now.cash_out += amount
    return True


def print_again(world: World) -> bool:
    """Print the last receipt once more."""
    if not world.till.receipts:
        return False
    world.at.shop.printing.reprint_last(world.at.owner)
    world.till.now.events["reprints"] += 1
    return True


# -- shifts --------------------------------------------------------------------------------------------------------


def _miscount(world: World) -> int:
    """Let some cash be lost or found, or none."""
    lost = world.chance.choice((0, 0, -500, 100))
    return lost if world.till.drawer + lost >= 0 else 0


def close_and_open(world: World) -> bool:
    """Count, close, and open the next shift; an unexplained difference is refused first."""
    shifts = world.at.shop.shifts
    if world.till.drawer < 0:
        return False
    lost = _miscount(world)
    world.till.drawer += lost
    counted = Amount(world.till.drawer)
    differs = counted != world.till.now.expected
    if differs:
        refused(VarianceReasonError, lambda: shifts.close(world.who, counted))
    refused(InvalidValueError, lambda: shifts.close(world.who, Amount(-1)))
    report = shifts.close(world.who, counted, "a coin was lost" if differs else None)
    world.note_close(report, counted)
    refused(NoShiftError, lambda: shifts.close(world.who, counted))
    refused(NoShiftError, lambda: world.at.shop.checkout.commit(world.who, world.at.paid(fill(world)[0])))
    world.at.shop.carts.keep(world.at.shop.carts.new())
    world.drop_cart()
    _open(world)
    return True


def _open(world: World) -> None:
    world.change_cashier()
    float_amount = Amount(100 * world.chance.randint(0, 500))
    world.at.shop.shifts.open(world.who, float_amount)
    refused(ShiftOpenError, lambda: world.at.shop.shifts.open(world.at.owner, Amount(1)))
    world.till.drawer = float_amount
    world.till.shift = ShiftBooks(float_amount, str(world.who.staff_id), world.today)


def hand_over(world: World) -> bool:
    """Hand the till over, counted or not: the next float is what is in the drawer, or what the books expect."""
    if world.till.now.expected < 0 or world.till.drawer < 0:
        return False
    giver = world.who
    taker = world.chance.choice([each for each in world.people if each.staff_id != giver.staff_id])
    counts = world.chance.random() < 0.5
    lost = _miscount(world) if counts else 0
    world.till.drawer += lost
    counted = Amount(world.till.drawer) if counts else None
    expected = world.till.now.expected
    reason = "a coin was lost" if counts and counted != expected else None
    done = world.at.shop.shifts.hand_over(giver, taker, counted, reason)
    same("the next float", done.opened.float_amount, counted if counts else expected)
    same("the shift before", done.opened.taken_over_from, done.report.shift.shift_id)
    same("whether it was counted", done.report.closed.uncounted, not counts)
    world.note_close(done.report, counted if counted is not None else expected)
    # What nobody counted is believed, and wrong by what was lost before: the next count finds it.
    world.who = taker
    world.till.shift = ShiftBooks(done.opened.float_amount, str(taker.staff_id), world.today)
    return True


# -- around the till -----------------------------------------------------------------------------------------------


def start_again(world: World) -> bool:
    """The till is closed and opened again."""
    world.at.reopened()
    return True


def let_time_pass(world: World) -> bool:
    """Hours pass; some nights lie between."""
    world.at.clock.forward(timedelta(minutes=world.chance.randint(1, 600)))
    return True


ACTS: dict[Callable[[World], bool], int] = {
    sell_for_cash: 8,
    sell_for_several: 6,
    sell_for_an_agreed_total: 4,
    sell_for_a_coupon: 3,
    take_a_deposit: 3,
    spend_a_deposit: 4,
    give_back: 6,
    void_a_sale: 4,
    hold_and_recall: 2,
    remove_a_line: 2,
    open_the_drawer: 3,
    move_cash: 3,
    print_again: 2,
    close_and_open: 2,
    hand_over: 3,
    start_again: 1,
    let_time_pass: 3,
}
"""How often each is done, beside the others."""
