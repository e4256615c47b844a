"""The disk fills up, or may not be written, while the till sells: said in words before the drawer opens, nothing half
written, the cart kept, and the same cart is sold once there is room."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pos_app.domain.errors import StorageFullError, StorageReadOnlyError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Amount
from pos_app.persistence.backups import ZipBackups
from pos_app.services.backups import make_backup
from tests.support.full_disk import Disk, page_limit, read_only, read_only_mount, size_limit, tmpfs
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, open_shop, place_shop

MOST_SALES = 4_000
"""More sales than any of the small disks holds."""


@pytest.fixture(params=[tmpfs, size_limit, page_limit], ids=lambda kind: kind.__name__)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be filled."""
    kind: Callable[[Path], AbstractContextManager[Disk]] = request.param
    with kind(tmp_path / "disk") as made:
        yield made


@pytest.fixture(params=[read_only, read_only_mount], ids=lambda kind: kind.__name__)
def locked_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be made read-only."""
    kind: Callable[[Path], AbstractContextManager[Disk]] = request.param
    with kind(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def shop(disk: Disk) -> Iterator[DiskShop]:
    """A shop on the disk that can be filled."""
    place_shop(disk.folder)
    made = open_shop(disk.folder)
    yield made
    made.store.close()


def paid_carts(shop: DiskShop) -> Iterator[Cart]:
    """Yield carts as the sell page makes them: rung and paid in memory, whatever the disk says."""
    from pos_app.domain.sales.cart import add_line
    from pos_app.services.ringing import Goods

    while True:
        cart = shop.shop.carts.new()
        for code in (NECKLACE, FORMULA, CANDY):
            meaning = shop.shop.ringing.meaning(code)
            assert isinstance(meaning, Goods)
            cart, _ = add_line(cart, meaning.line)
        yield shop.paid(cart, more=700)


def sell_until_refused(shop: DiskShop) -> tuple[list[Sale], Cart]:
    """Sell until the disk refuses; return what was sold, and the cart that was not."""
    sold: list[Sale] = []
    for cart in paid_carts(shop):
        try:
            sold.append(shop.shop.checkout.commit(shop.cashier, cart).sale)
        except StorageFullError:
            return sold, cart
        assert len(sold) < MOST_SALES, "the disk never filled up"
    raise AssertionError


def books(shop: DiskShop) -> tuple[int, int, int]:
    """Return how many sales, facts and waiting print jobs there are."""
    proof = shop.verify()
    assert proof.findings == []
    return proof.sales, proof.facts, shop.shop.printing.waiting()


def test_a_full_disk_refuses_the_sale_whole_and_the_same_cart_sells_once_there_is_room(
    disk: Disk, shop: DiskShop
) -> None:
    shop.sell(CANDY)
    before = books(shop)
    disk.fill(shop.store)
    sold, cart = sell_until_refused(shop)
    after = books(shop)
    assert after == tuple(n + len(sold) for n in before), "each sale whole, the refused one not at all"
    with shop.store.read() as tx:
        assert tx.sales.get(SaleId(cart.cart_id)) is None
    for _ in range(3):
        with pytest.raises(StorageFullError):
            shop.shop.checkout.commit(shop.cashier, cart)
    assert books(shop) == after
    disk.free(shop.store)
    done = shop.shop.checkout.commit(shop.cashier, cart)
    assert not done.again and done.change == Amount(700)
    assert done.sale.number == f"N01-1-2026-{len(sold) + 2:06d}", "no number was lost on the way"
    assert shop.shop.checkout.commit(shop.cashier, cart).again
    assert books(shop) == tuple(n + 1 for n in after)


def test_a_till_restarted_on_a_full_disk_reads_its_books_and_sells_once_there_is_room(
    disk: Disk, shop: DiskShop
) -> None:
    disk.fill(shop.store)
    sold, cart = sell_until_refused(shop)
    disk.free(shop.store)
    shop.reopened()
    assert books(shop)[0] == len(sold)
    assert not shop.shop.checkout.commit(shop.cashier, cart).again
    assert books(shop)[0] == len(sold) + 1


def test_other_steps_on_a_full_disk_are_refused_whole_too(disk: Disk, shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE).sale
    disk.fill(shop.store)
    _, cart = sell_until_refused(shop)
    before = books(shop)
    steps: list[Callable[[], object]] = [
        lambda: [shop.sign_up(f"138{n:08d}", "名" * 200) for n in range(MOST_SALES)],
        lambda: [shop.shop.printing.reprint(shop.cashier, sale.sale_id) for _ in range(MOST_SALES)],
        lambda: [shop.sell(CANDY) for _ in range(MOST_SALES)],
        lambda: [shop.take_back(shop.sell(CANDY).sale) for _ in range(MOST_SALES)],
        lambda: [
            shop.shop.carts.hold(shop.cashier, next(paid_carts(shop)), "左" * 300) for _ in range(MOST_SALES)
        ],
    ]
    for step in steps:
        with pytest.raises(StorageFullError):
            step()
    now = books(shop)
    assert all(new >= old for new, old in zip(now, before, strict=True))
    disk.free(shop.store)
    assert not shop.shop.checkout.commit(shop.cashier, cart).again
    while (left := shop.shop.carts.reopen()).lines:
        shop.shop.carts.cancel(shop.owner, left, "not paid")
    shop.close_shift()
    assert shop.verify().passed


def test_a_backup_onto_a_full_disk_is_refused_and_leaves_no_scraps(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "stick", megabytes=1) as stick:
        place_shop(tmp_path / "home")
        shop = open_shop(tmp_path / "home")
        target = stick.folder / "shop.zip"
        make_backup(shop.store, ZipBackups(), shop.clock, target)
        first = target.read_bytes()
        stick.fill(shop.store)
        with pytest.raises(StorageFullError):
            make_backup(shop.store, ZipBackups(), shop.clock, target)
        assert target.read_bytes() == first
        assert sorted(p.name for p in stick.folder.iterdir()) == ["ballast", "shop.zip"]
        shop.store.close()


def test_a_folder_that_may_not_be_written_refuses_the_sale_whole_in_words(locked_disk: Disk) -> None:
    place_shop(locked_disk.folder)
    shop = open_shop(locked_disk.folder)
    shop.sell(CANDY)
    cart = next(paid_carts(shop))
    before = books(shop)
    locked_disk.fill(shop.store)
    for _ in range(2):
        with pytest.raises(StorageReadOnlyError):
            shop.shop.checkout.commit(shop.cashier, cart)
    with pytest.raises(StorageReadOnlyError):
        shop.shop.carts.keep(cart)
    locked_disk.free(shop.store)
    assert books(shop) == before
    done = shop.shop.checkout.commit(shop.cashier, cart)
    assert not done.again and done.sale.number == "N01-1-2026-000002"
    assert books(shop) == tuple(n + 1 for n in before)
    shop.store.close()
