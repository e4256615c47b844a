"""One run: a customer with a phone, a cashier, a till that may be killed, a wallet with faults; and what is left.

Everything that happens is drawn from seed and number of the run, so that a run can be repeated alone.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec

from pos_app.domain.payments.attempts import (
    PaymentMissingError,
    PaymentOpenError,
    PaymentTakenError,
    Standing,
)
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Amount
from tests.payments.checks import BrokenPromise, check
from tests.payments.till import NOON_MS, RunTill
from tests.support.payments_simulator import SimulatorProcess, providers
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE

WALLETS = (TenderKind.WECHAT_PAY, TenderKind.ALIPAY)
BASKETS = ((CANDY,), (FORMULA,), (CANDY, FORMULA), (NECKLACE,), (FORMULA, FORMULA, CANDY))
KILLS = (
    "before charge",
    "after charge",
    "before heard",
    "after heard",
    "after query",
    "after reverse",
    "before refund",
    "after refund",
    "before sale",
    "after sale",
)
KILLED, SPLIT, CANCELS, CHANGES_MIND, RETURNS, BAD_CODE, DOWN, LETS_GO = 35, 15, 25, 8, 30, 20, 4, 30
"""Per cent of runs, attempts or moments in which each happens."""
ENTERS_MS = (3_000, 15_000, 40_000, 58_000, None)
LATE_MS, LONGEST_MS = 300_000, 7_200_000
QUICK = Path("/dev/shm")
"""Where there is such a folder, tills stand in memory: a killed till here loses its process, not its disk's power."""


@dataclass
class Ran:
    """What happened in runs."""

    runs: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, what: str) -> None:
        """Count something."""
        self.counts[what] += 1


class World:
    """The played wallets for many runs, and a folder for their tills."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.simulator = SimulatorProcess(folder / "wallets", seed)
        self.simulator.start()
        self._tills = QUICK if QUICK.is_dir() else folder
        self._providers = providers(self.simulator)
        self._told = 0
        self.ran = Ran()

    def run(self, number: int) -> None:
        """Run one; raise BrokenPromise with all that happened."""
        self.simulator.move(NOON_MS - self.simulator.now_ms)
        with TemporaryDirectory(dir=self._tills) as folder:
            till = RunTill(self.simulator, self._providers, Path(folder), (number + 2) << 24)
            visit = Visit(till, Random(f"{self.seed}:{number}"), self.ran)
            try:
                visit.happen()
                statement = self.simulator.statement(self._told)
                check(till, statement, visit.sales, visit.codes)
            except BrokenPromise as broken:
                story = "\n  ".join(visit.story)
                raise BrokenPromise(f"seed {self.seed}, run {number}: {broken}\n  {story}") from broken
            finally:
                moves = self.simulator.statement(self._told)
                self._told = moves[-1]["id"] if moves else self._told
                till.close()
        self.ran.runs += 1

    def close(self) -> None:
        """End the wallets."""
        self._providers.close()
        self.simulator.kill()


class Visit:
    """A customer's visit."""

    def __init__(self, till: RunTill, chance: Random, ran: Ran) -> None:
        self.till, self.chance, self._ran = till, chance, ran
        self.sales: list[Sale] = []
        self.codes: list[str] = []
        self.story: list[str] = []
        self.wallet = chance.choice(WALLETS)
        if self._happens(KILLED):
            till.wire.at = chance.choice(KILLS)

    def happen(self) -> None:
        """Shop, pay, perhaps bring back; then let everything settle that is still on its way."""
        till = self.till
        cart = till.shop.cart(*self.chance.choice(BASKETS))
        bill = till.shop.shop.checkout.price(cart).total
        self._tell(f"bill {bill} by {self.wallet}, the till dies {till.wire.at or 'never'}")
        if self._pays(cart, bill):
            self._commit(till.cart(), cart.cart_id)
            if self._happens(RETURNS):
                self._bring_back()
        else:
            self._leave(cart)
        self._settle()
        till.simulator.move(LATE_MS)
        till.tick()
        till.survive(till.runner.wake)
        self._settle()

    # -- paying ----------------------------------------------------------------------------------------------

    def _pays(self, cart: Cart, bill: int) -> bool:
        """Try to pay by wallet, three times at most; return whether it worked."""
        amount = bill // 2 if self._happens(SPLIT) and bill > 1 else bill
        over = amount - 1 if self._happens(30) else amount + 100
        poor = self._happens(8)
        customer = self.till.simulator.customer(
            self.wallet,
            balance=amount - 1 if poor else 10 * amount,
            over=over,
            enters_ms=self.chance.choice(ENTERS_MS),
        )
        for _ in range(3):
            standing = self._charge(cart, amount, customer)
            if standing is not None and standing.is_paid:
                if self._happens(CHANGES_MIND):
                    self._give_back(cart)
                    return False
                return True
        return False

    def _charge(self, cart: Cart, amount: int, customer: int) -> Standing | None:
        till = self.till
        code = self._code(customer)
        begun = till.shop.shop.payments.begin(till.shop.cashier, till.cart(), self.wallet, Amount(amount))
        if self._happens(DOWN):
            self._tell("the wallet is down")
            till.simulator.kill()
            till.survive(lambda: till.runner.charge(begun, code))
            till.simulator.start()
        else:
            till.survive(lambda: till.runner.charge(begun, code))
        gives_up = self.chance.randrange(3_000, 90_000) if self._happens(CANCELS) else None
        return self._await(begun, gives_up, customer)

    def _await(self, begun: Standing, gives_up: int | None, customer: int) -> Standing:
        """Wait as a cashier does until the charge is decided."""
        till, began = self.till, self.till.simulator.now_ms
        while True:
            standing = till.shop.shop.payments.get(begun.attempt)
            passed = till.simulator.now_ms - began
            self._tell(f"{passed} ms: {standing.state} {standing.reason or ''}")
            if not standing.needs_care:
                self._ran.note(f"charge {standing.state}")
                return standing
            if passed > LONGEST_MS:
                raise BrokenPromise(f"a charge is never decided: {standing.state} ({standing.reason})")
            if gives_up is not None and passed >= gives_up:
                gives_up = None
                self._tell("the cashier cancels")
                till.survive(lambda: till.runner.cancel(begun.attempt))
                continue
            if standing.is_open and self._happens(LETS_GO):
                self._try_to_let_go(customer)
            till.wait(5_000 if passed < 200_000 else 600_000)

    def _try_to_let_go(self, customer: int) -> None:
        """Try what must not be while a charge is undecided."""
        till, shop = self.till, self.till.shop.shop
        cart = till.cart()
        what = self.chance.choice(("cancel", "hold", "cash", "charge again"))
        acts: dict[str, Callable[[], object]] = {
            "cancel": lambda: shop.carts.cancel(till.shop.owner, cart, "left"),
            "hold": lambda: shop.carts.hold(till.shop.owner, cart),
            "cash": lambda: self.sales.append(
                shop.checkout.commit(till.shop.cashier, till.shop.paid(cart)).sale
            ),
            "charge again": lambda: self._charge_again(cart, customer),
        }
        try:
            acts[what]()
        except (PaymentOpenError, PaymentTakenError):
            self._ran.note("kept while undecided")
            return
        raise BrokenPromise(f"{what}: the cart was let go while a charge is undecided")

    def _charge_again(self, cart: Cart, customer: int) -> None:
        till = self.till
        amount = till.shop.shop.checkout.settlement(cart).open
        again = till.shop.shop.payments.begin(till.shop.cashier, cart, self.wallet, amount)
        till.survive(lambda: till.runner.charge(again, till.simulator.code(self.wallet, customer)))

    def _code(self, customer: int) -> str:
        """Return the code that the cashier scans, which is not always a good one."""
        till, wallet = self.till, self.wallet
        kind = self.chance.choice(("expired", "used", "foreign")) if self._happens(BAD_CODE) else "fresh"
        if kind == "used" and self.codes:
            code = self.codes[-1]
        elif kind == "foreign":
            code = till.simulator.code(WALLETS[1 - WALLETS.index(wallet)])
        else:
            code = till.simulator.code(wallet, customer)
        if kind == "expired":
            till.simulator.move(61_000)
            till.tick()
        self._tell(f"a {kind} code")
        self._ran.note(f"code {kind}")
        self.codes.append(code)
        return code

    # -- afterwards ------------------------------------------------------------------------------------------

    def _commit(self, cart: Cart, sale_id: object) -> None:
        """Make the sale, the rest in cash; a till killed on the way finishes it, or finds it made."""
        till = self.till

        def commit() -> None:
            till.wire.touch("before sale")
            shop, now = till.shop.shop, till.cart()
            rest = shop.checkout.settlement(now).open
            if rest:
                tender = shop.checkout.tender(TenderKind.CASH, rest)
                now = msgspec.structs.replace(now, tenders=(*now.tenders, tender))
            try:
                shop.checkout.commit(till.shop.cashier, now)
            except (PaymentMissingError, PaymentOpenError) as problem:
                raise BrokenPromise(f"a paid cart cannot be finished: {problem}") from problem
            till.wire.touch("after sale")

        lived = till.survive(commit)
        with till.shop.store.read() as tx:
            sale = tx.sales.get(SaleId(sale_id))  # type: ignore[arg-type]
        if not lived and sale is None:
            self._tell("killed before the sale")
            commit()
            with till.shop.store.read() as tx:
                sale = tx.sales.get(SaleId(sale_id))  # type: ignore[arg-type]
        if sale is None:
            raise BrokenPromise("the sale is gone")
        self._ran.note("sale by wallet")
        self.sales.append(sale)

    def _bring_back(self) -> None:
        """Bring the first line back; its money goes back by the wallet."""
        back = self.till.shop.take_back(self.sales[0])
        self.sales.append(back.sale)
        self._ran.note("return")
        self._tell("goods come back")
        self.till.survive(self.till.runner.wake)

    def _give_back(self, cart: Cart) -> None:
        """The customer changed her mind after she paid: the money goes back before the cart is let go."""
        till = self.till
        self._tell("the customer changes her mind")
        self._ran.note("given back before a sale")
        on_cart = till.shop.shop.payments.give_back(till.shop.owner, till.cart())

        def drive() -> None:
            for standing in on_cart.attempts:
                till.runner.drive(standing)

        till.survive(drive)
        self._settle()

    def _leave(self, cart: Cart) -> None:
        """Pay in cash, or leave without."""
        till, shop = self.till, self.till.shop.shop
        now = till.cart()
        if now.cart_id != cart.cart_id:
            raise BrokenPromise("the cart is gone")
        if self._happens(60):
            self.sales.append(shop.checkout.commit(till.shop.cashier, till.shop.paid(now)).sale)
            self._ran.note("sale in cash")
        else:
            shop.carts.cancel(till.shop.owner, now, "left")
            self._ran.note("cart cancelled")

    def _settle(self) -> None:
        """Let time pass until nothing is undecided or owed."""
        till, began = self.till, self.till.simulator.now_ms
        while till.shop.shop.payments.in_care():
            if till.simulator.now_ms - began > LONGEST_MS:
                raise BrokenPromise("something is never settled")
            till.wait(600_000)

    def _happens(self, per_cent: int) -> bool:
        return self.chance.randrange(100) < per_cent

    def _tell(self, what: str) -> None:
        self.story.append(what)
