"""Two shops that stood alone for a long time become one merchant: every sale and every member of both, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pos_app.domain.values.ids import SubjectId
from sync.platform import tables
from tests.support.many_sales import sell_before
from tests.support.shop_on_disk import CANDY, DiskShop, open_shop, place_shop
from tests.support.tills_together import LinkedTill, Together, link, together

BOTH = "13800138000"
"""Somebody who is a member of both shops."""


@pytest.fixture
def platform(tmp_path: Path, address: str) -> Iterator[Together]:
    with together(tmp_path, address) as made:
        yield made


def _alone(platform: Together, which: int, sales: int) -> DiskShop:
    """Return a shop that sold for a long time without a platform."""
    folder = platform.folder / f"shop{which}"
    place_shop(folder, which)
    shop = open_shop(folder, which=which)
    shop.sign_up(BOTH, "林小满")
    shop.sign_up(f"1390000000{which}", f"客人{which}")
    her = shop.shop.members.find_phone(BOTH)
    sale = shop.sell(CANDY, member=her).sale
    sell_before(shop.shop, shop.cashier, sale, sales - 1, shop.clock)
    return shop


def _counted(platform: Together) -> tuple[int, int]:
    query = select(func.count(), func.sum(tables.sale.c.total)).where(tables.sale.c.counted == 1)
    count, total = platform.service.database.read(lambda c: c.execute(query).one())
    return count, int(total)


def _both(platform: Together, sales: int) -> list[LinkedTill]:
    shops = [_alone(platform, which, sales) for which in (1, 2)]
    platform.tills += [link(platform.service, shop) for shop in shops]
    for till in platform.tills:
        till.push()
    return platform.tills


def _check(platform: Together, tills: list[LinkedTill], sales: int) -> None:
    price = 999
    assert _counted(platform) == (2 * sales, 2 * sales * price)
    living = {m: d for m, d in platform.members().items() if d.alias_of is None}
    assert len(living) == 3, "two of each shop, of whom one is the same person"
    spend = {
        document.member.profile.name: sum(month.spend for month in document.record.months)
        for document in living.values()
        if document.member is not None
    }
    assert spend == {"林小满": 2 * sales * price, "客人1": 0, "客人2": 0}
    assert not platform.desk()
    for till in tills:
        with till.shop.store.read() as tx:
            link = tx.links.load()
            head = tx.journal.head()
        assert link is not None and (link.epoch, link.seq, link.hash) == (head.epoch, head.seq, head.hash)
        assert head.epoch == 1, "no new epoch: the till pushes from the beginning"


def test_sales_and_members_of_both_shops_are_there_once(platform: Together) -> None:
    _check(platform, _both(platform, 400), 400)


@pytest.mark.prove
def test_ten_thousand_sales_of_each_shop_are_there_once(platform: Together) -> None:
    _check(platform, _both(platform, 10_000), 10_000)


def test_a_till_that_takes_its_time_to_push_is_not_waited_for(platform: Together) -> None:
    first, second = (_alone(platform, which, 40) for which in (1, 2))
    platform.tills.append(link(platform.service, first))
    platform.tills[0].push()
    platform.tills.append(link(platform.service, second))
    her = first.shop.members.find_phone(BOTH)
    assert her is not None
    first.sell(CANDY, member=her)
    platform.tills[0].push()
    platform.tills[1].push()
    document = platform.member(her.member_id)
    assert sum(month.spend for month in document.record.months) == 81 * 999
    with second.store.read() as tx:
        assert tx.subject_keys.get(SubjectId(her.member_id)) is None
