"""What every store promises of deposits and taken coupons: the same tests on each configuration."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.deposits import Deposit
from pos_app.domain.values.ids import MemberId
from pos_app.domain.values.money import Amount
from tests.contracts.test_store import IDS, on_awkward_path, on_file, restored
from tests.support.shop_on_disk import CANDY, DiskShop


@pytest.fixture(params=[on_file, on_awkward_path, restored], ids=lambda make: make.__name__)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop on a store of each configuration."""
    made: DiskShop = request.param(tmp_path)
    yield made
    made.store.close()


def keep(shop: DiskShop, amount: int, member: MemberId | None = None) -> Deposit:
    """Write a deposit of a sale that is there."""
    sale = shop.sell(CANDY).sale
    deposit = Deposit(
        sale=sale.sale_id,
        number=sale.number,
        taken_on=sale.business_date,
        member=member,
        amount=Amount(amount),
    )
    with shop.store.write() as tx:
        tx.deposits.save(deposit)
    return deposit


def test_a_deposit_is_what_was_written_last(shop: DiskShop) -> None:
    deposit = keep(shop, 5_000, MemberId(IDS.new()))
    spent = msgspec.structs.replace(deposit, used=Amount(5_000))
    with shop.store.write() as tx:
        assert tx.deposits.get(deposit.sale) == deposit
        tx.deposits.save(spent)
    with shop.store.read() as tx:
        assert tx.deposits.get(deposit.sale) == spent and list(tx.deposits.all()) == [spent]


def test_only_what_can_still_pay_is_listed_oldest_first(shop: DiskShop) -> None:
    member = MemberId(IDS.new())
    first, second, other = keep(shop, 100, member), keep(shop, 200, member), keep(shop, 300)
    with shop.store.write() as tx:
        tx.deposits.save(msgspec.structs.replace(first, used=first.amount))
    with shop.store.read() as tx:
        assert list(tx.deposits.of_member(member)) == [second]
        assert list(tx.deposits.open(9)) == [second, other]
        assert list(tx.deposits.open(1)) == [second]
        assert list(tx.deposits.open(9, other.number[-3:])) == [other]
        assert list(tx.deposits.open(9, "999")) == []


def test_a_deposit_below_nothing_is_never_written(shop: DiskShop) -> None:
    deposit = keep(shop, 5_000)
    for wrong in ({"used": 5_001}, {"used": -1}, {"used": 3_000, "returned": 2_001}):
        with pytest.raises(Exception, match="CHECK"), shop.store.write() as tx:
            tx.deposits.save(msgspec.structs.replace(deposit, **wrong))
    with shop.store.read() as tx:
        assert tx.deposits.get(deposit.sale) == deposit


def test_a_coupon_is_taken_once_a_platform(shop: DiskShop) -> None:
    sale = shop.sell(CANDY).sale.sale_id
    with shop.store.write() as tx:
        tx.vouchers.take("meituan", "123456", sale)
    with shop.store.read() as tx:
        assert tx.vouchers.taken("meituan", "123456") == sale
        assert tx.vouchers.taken("douyin", "123456") is None
        assert list(tx.vouchers.all()) == [("meituan", "123456", sale)]
    with pytest.raises(Exception, match="UNIQUE"), shop.store.write() as tx:
        tx.vouchers.take("meituan", "123456", sale)
