"""Selling at the till, with every tender, and deposits: the part of the acts that makes bills.

Decides amounts and choices by the sequence's own chance; what is sold is noted in the books of the model.
"""

from collections.abc import Callable

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from pos_app.services.acting import Actor
from pos_app.services.carts import PriceAsk
from pos_app.services.checkout import Committed
from tests.day_machine.model import PRICES, Bought, in_coins, same
from tests.day_machine.world import World
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING

PLATFORM, FEE_PERCENT = "meituan", 6
SHELF = (NECKLACE, FORMULA, CANDY, CANDY, FORMULA_CASE)


def refused(kind: type[ExpectedError], act: Callable[[], object]) -> None:
    """Hold that an act is refused for a reason, and by nothing else."""
    try:
        act()
    except kind:
        return
    raise AssertionError(f"was not refused: {kind.__name__}")


# -- selling -------------------------------------------------------------------------------------------------------


def fill(world: World) -> tuple[Cart, list[str]]:
    """Scan goods into a cart; return it with the codes of its lines."""
    chance = world.chance
    codes = [chance.choice(SHELF) for _ in range(chance.randint(1, 4))]
    if world.till.ring_is_here and chance.random() < 0.2:
        codes.append(RING)
    cart = world.at.cart(*codes)
    return cart, [line.barcode or line.product.code for line in cart.lines if line.product is not None]


def worth(cart: Cart, codes: list[str]) -> int:
    """Return what the lines of a cart cost by the prices written down here."""
    found = 0
    for line, code in zip(cart.lines, codes, strict=True):
        each = PRICES[RING if line.piece is not None else code]
        found += each * line.quantity // ONE
    return found


def pay(world: World, cart: Cart, total: int, given: list[Tender]) -> tuple[Cart, int]:
    """Return the cart paid with cash on top of what was given, and the change that is due."""
    rest = total - sum(t.amount for t in given)
    if rest == 0 and given:
        return msgspec.structs.replace(cart, tenders=tuple(given)), 0
    due = in_coins(rest, world.till.step)
    more = world.chance.choice((0, 0, 100, 2_000, 5_050))
    cash = world.at.shop.checkout.tender(TenderKind.CASH, Amount(due + more))
    return msgspec.structs.replace(cart, tenders=(*given, cash)), more


def commit(world: World, who: Actor, cart: Cart, total: int, change: int) -> Committed:
    """Make the sale and note it."""
    done = world.at.shop.checkout.commit(who, cart)
    same("total of the sale", done.sale.total, total)
    same("change", done.change, change)
    note_sale(world, who, cart, total, change)
    same("its number ends", int(done.sale.number[-6:]), world.till.receipts)
    world.till.now.numbers.append(done.sale.number)
    return done


def note_sale(world: World, who: Actor, cart: Cart, total: int, change: int) -> None:
    """Put a sale into the books."""
    shift = world.till.now
    shift.sales_count += 1
    shift.sales += total
    world.till.receipts += 1
    for tender in cart.tenders:
        shift.tenders[tender.kind.value] += tender.amount
        shift.counts[tender.kind.value] += 1
    shift.tenders["cash"] -= change
    shift.rounding += sum(t.amount for t in cart.tenders) - change - total
    world.till.drawer += sum(t.amount for t in cart.tenders if t.kind is TenderKind.CASH) - change
    shift.by_person[str(who.staff_id)] += total
    world.till.days[world.today] += total
    world.till.day_counts[world.today] += 1


def remember(world: World, done: Committed, codes: list[str], *, plain: bool) -> None:
    """Let goods come back of a sale."""
    left: list[int] = [line.quantity for line in done.sale.lines]
    if any(line.piece is not None for line in done.sale.lines):
        world.till.ring_is_here = False
    shift = len(world.till.closed)
    world.till.bought.append(Bought(done.sale, left, done.sale.total, plain=plain, codes=codes, shift=shift))


def sell_for_cash(world: World) -> bool:
    """Sell for cash, with change and the rounding of coins."""
    cart, codes = fill(world)
    total = worth(cart, codes)
    cart, change = pay(world, cart, total, [])
    remember(world, commit(world, world.who, cart, total, change), codes, plain=True)
    return True


def sell_for_several(world: World) -> bool:
    """Sell for a card, the printed code and cash."""
    cart, codes = fill(world)
    total = worth(cart, codes)
    shop, chance = world.at.shop, world.chance
    card = shop.checkout.tender(
        TenderKind.CARD, Amount(chance.randint(1, total)), f"{chance.randint(0, 9999):04}"
    )
    given, left = [card], total - card.amount
    if left and chance.random() < 0.5:
        given.append(shop.tenders.seen(world.who, Amount(chance.randint(1, left)), "8K2X"))
    cart, change = pay(world, cart, total, given)
    remember(world, commit(world, world.who, cart, total, change), codes, plain=True)
    return True


def sell_for_an_agreed_total(world: World) -> bool:
    """Sell at a total that the owner agreed to."""
    cart, codes = fill(world)
    full = worth(cart, codes)
    total = full - world.chance.randint(0, full // 3)
    yuan, fen = divmod(total, 100)
    ask = PriceAsk(parse_discount(f"={yuan}.{fen:02}", 2))
    cart = world.at.shop.carts.change_price(world.at.owner, cart, ask, "regular")
    cart, change = pay(world, cart, total, [])
    world.till.now.off_by_hand -= full - total
    remember(world, commit(world, world.at.owner, cart, total, change), codes, plain=False)
    return True


def sell_for_a_coupon(world: World) -> bool:
    """Take a platform's coupon; the very same one is refused the next time."""
    cart, codes = fill(world)
    total = worth(cart, codes)
    tenders, chance = world.at.shop.tenders, world.chance
    world.till.coupons += 1
    code = tenders.voucher_code(cart, PLATFORM, f"MT{world.till.coupons:08}")
    coupon = tenders.voucher(PLATFORM, code, Amount(chance.randint(1, total)))
    cart, change = pay(world, cart, total, [coupon])
    # Half up, as every fee here.
    world.till.now.fees += (2 * coupon.amount * FEE_PERCENT + 100) // 200
    remember(world, commit(world, world.who, cart, total, change), codes, plain=True)
    refused(ExpectedError, lambda: tenders.voucher_code(world.at.shop.carts.new(), PLATFORM, code))
    return True


# -- deposits ------------------------------------------------------------------------------------------------------


def take_a_deposit(world: World) -> bool:
    """Take money now for goods to come."""
    shop = world.at.shop
    amount = Amount(100 * world.chance.randint(1, 500))
    cart = msgspec.structs.replace(
        shop.carts.new(), lines=(shop.tenders.deposit_line(amount, "ring to be made"),)
    )
    cart, change = pay(world, cart, amount, [])
    done = commit(world, world.who, cart, amount, change)
    world.till.deposits[done.sale.number] = amount
    world.till.now.deposits_taken += amount
    return True


def spend_a_deposit(world: World) -> bool:
    """Pay with a deposit, or with part of it; what is gone pays no more."""
    open_ = [number for number, left in world.till.deposits.items() if left]
    if not open_:
        return False
    number = world.chance.choice(open_)
    cart, codes = fill(world)
    total = worth(cart, codes)
    tenders = world.at.shop.tenders
    (deposit,) = tenders.find_deposits(number)
    same("what is left of the deposit", deposit.left, world.till.deposits[number])
    amount = Amount(min(total, world.chance.choice((deposit.left, world.chance.randint(1, deposit.left)))))
    cart, change = pay(world, cart, total, [tenders.deposit(cart, deposit, amount)])
    remember(world, commit(world, world.who, cart, total, change), codes, plain=True)
    world.till.deposits[number] -= amount
    if not world.till.deposits[number]:
        refused(ExpectedError, lambda: tenders.find_deposits(number))
    return True
