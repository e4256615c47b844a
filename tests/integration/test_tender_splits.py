"""Any split of any tenders: what is given is what is due, and no deposit goes below nothing, whatever comes back."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.deposits import DepositSpentError, DepositUsedError
from pos_app.domain.sales.cart import Cart, add_line
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderRole
from pos_app.domain.values.money import Amount
from pos_app.domain.vouchers import VoucherUsedError, worth_on
from pos_app.services.returns import ReturnChangedError
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, shop_on_disk

GOODS = (CANDY, FORMULA, NECKLACE)
KINDS = (
    TenderKind.CASH,
    TenderKind.CARD,
    TenderKind.STATIC_CODE,
    TenderKind.DEPOSIT,
    TenderKind.VOUCHER,
)


@dataclass
class Counter:
    """A cashier with a seed: takes deposits, sells for any split, takes back."""

    shop: DiskShop
    random: Random
    sales: list[Sale] = field(default_factory=list)
    refused: int = 0

    def act(self) -> None:
        """Do something of a counter's day."""
        act = self.random.choice((self.deposit, self.sell, self.sell, self.sell, self.take_back))
        try:
            act()
        except (DepositSpentError, DepositUsedError, VoucherUsedError, ReturnChangedError):
            self.refused += 1

    def deposit(self) -> None:
        """Take a deposit, perhaps for a split too."""
        tenders = self.shop.shop.tenders
        amount = Amount(self.random.randint(1, 60_000))
        cart, _ = add_line(self.shop.shop.carts.new(), tenders.deposit_line(amount, ""))
        self._pay(cart, tuple(k for k in KINDS if k is not TenderKind.DEPOSIT))

    def sell(self) -> None:
        """Sell a few goods."""
        codes = self.random.choices(GOODS, k=self.random.randint(1, 3))
        self._pay(self.shop.cart(*codes), KINDS)

    def _pay(self, cart: Cart, kinds: tuple[TenderKind, ...]) -> None:
        """Give tenders until nothing is open; now and then try more than may be."""
        while (open_ := self.shop.shop.checkout.settlement(cart).open) > 0:
            tender = self._tender(cart, self.random.choice(kinds), open_)
            if tender is None:
                continue
            cart = msgspec.structs.replace(cart, tenders=(*cart.tenders, tender))
        sale = self.shop.shop.checkout.commit(self.shop.cashier, cart).sale
        self._adds_up(sale)
        self.sales.append(sale)

    def _tender(self, cart: Cart, kind: TenderKind, open_: Amount) -> Tender | None:
        part = Amount(self.random.choice((open_, self.random.randint(1, open_))))
        checkout, tenders = self.shop.shop.checkout, self.shop.shop.tenders
        if kind is TenderKind.CASH:
            return checkout.tender(kind, Amount(part + self.random.choice((0, 0, 5_000))))
        if kind is TenderKind.CARD:
            return checkout.tender(kind, part, "0042")
        if kind is TenderKind.STATIC_CODE:
            return tenders.seen(self.shop.cashier, part, "12ab")
        if kind is TenderKind.VOUCHER:
            code = tenders.voucher_code(cart, "douyin", f"{self.random.randint(100_000, 100_400)}")
            worth = worth_on(Amount(self.random.randint(1, 40_000)), open_)
            return tenders.voucher("douyin", code, worth.amount)
        return self._from_deposit(cart, part)

    def _from_deposit(self, cart: Cart, part: Amount) -> Tender | None:
        with self.shop.store.read() as tx:
            there = sorted(tx.deposits.all(), key=lambda d: d.number)
        if not there:
            return None
        deposit = self.random.choice(there)
        left = self.shop.shop.tenders.left_for(cart, deposit)
        return self.shop.shop.tenders.deposit(cart, deposit, Amount(min(part, left)))

    def take_back(self) -> None:
        """Take back a line of an earlier sale, or its void."""
        bought = [sale for sale in self.sales if sale.total > 0]
        if not bought:
            return
        sale = self.random.choice(bought)
        open_ = [item for item in self.shop.shop.returns.open(sale.sale_id).lines if item.left]
        if not open_:
            return
        item = self.random.choice(open_)
        preview = self.shop.shop.returns.preview(sale.sale_id, {item.line.line_id: item.left}, "damaged")
        self._adds_up(self.shop.shop.returns.give_back(self.shop.owner, preview).sale)

    def _adds_up(self, sale: Sale) -> None:
        assert sum(t.amount for t in sale.tenders) == sale.total + sale.cash_rounding
        for tender in sale.tenders:
            fits = tender.amount >= 0 if tender.role is TenderRole.GIVEN else tender.amount <= 0
            assert fits, tender
            assert (tender.kind is TenderKind.DEPOSIT) == (tender.deposit is not None)
            assert (tender.kind is TenderKind.VOUCHER) == (tender.voucher is not None)
        with self.shop.store.read() as tx:
            for deposit in tx.deposits.all():
                assert deposit.left >= 0 and deposit.used >= 0 and deposit.returned >= 0


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), step=st.sampled_from([1, 10, 100]))
def test_any_split_adds_up_and_no_deposit_goes_below_nothing(seed: int, step: int) -> None:
    with TemporaryDirectory() as folder, shop_on_disk(Path(folder) / "home") as shop:
        now = shop.shop.current.value
        shop.shop.settings.change(shop.owner, msgspec.structs.replace(now, cash_step=step))
        counter = Counter(shop, Random(seed))
        for _ in range(25):
            counter.act()
        proof = shop.verify()
        assert proof.passed, proof.findings
