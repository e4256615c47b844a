"""Never more comes back than was bought, each return once, and the money to where it came from."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import msgspec
import pytest

from pos_app.domain.sales.cart import set_quantity
from pos_app.domain.sales.returns import ReturnBeyondBoughtError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import NeedsApprovalError
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.services.returns import ReturnChangedError, VoidTooLateError
from tests.support.shop_on_disk import (
    CANDY,
    NECKLACE,
    DiskShop,
    shop_on_disk,
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def test_never_more_comes_back_than_was_bought_whoever_hurries(shop: DiskShop) -> None:
    cart = shop.cart(CANDY)
    cart = shop.paid(set_quantity(cart, cart.lines[0].line_id, Quantity(3000)))
    sale = shop.shop.checkout.commit(shop.cashier, cart).sale
    wanted = {sale.lines[0].line_id: Quantity(2000)}
    previews = [shop.shop.returns.preview(sale.sale_id, wanted, "damaged") for _ in range(4)]
    together = Barrier(4)

    def give_back(number: int) -> str:
        together.wait()
        try:
            return shop.shop.returns.give_back(shop.owner, previews[number]).sale.number
        except (ReturnBeyondBoughtError, ReturnChangedError) as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(give_back, range(4)))
    assert answers == ["N01-1-2026-000002"] + ["sales.error.return_beyond_bought"] * 3
    assert shop.shop.returns.open(sale.sale_id).lines[0].left == 1000
    assert shop.verify().passed


def test_a_preview_that_is_no_longer_true_must_be_looked_at_again(shop: DiskShop) -> None:
    """Paid by card and cash: what goes back to the card depends on what went back before."""
    cart = shop.cart(NECKLACE, NECKLACE)
    card = shop.shop.checkout.tender(TenderKind.CARD, Amount(100_000))
    cash = shop.shop.checkout.tender(TenderKind.CASH, Amount(159_800))
    sale = shop.shop.checkout.commit(shop.cashier, msgspec.structs.replace(cart, tenders=(card, cash))).sale
    wanted = {sale.lines[0].line_id: Quantity(1000)}
    first, second = (shop.shop.returns.preview(sale.sale_id, wanted, "changed mind") for _ in range(2))
    shop.shop.returns.give_back(shop.owner, first)
    with pytest.raises(ReturnChangedError):
        shop.shop.returns.give_back(shop.owner, second)
    shop.take_back(sale)
    with shop.store.read() as tx:
        assert dict(tx.sales.refunded(sale.sale_id)) == {TenderKind.CARD: 100_000, TenderKind.CASH: 159_800}


def test_giving_back_again_is_one_return_and_keeps_the_approval_of_a_refused_one(shop: DiskShop) -> None:
    sale = shop.sell(NECKLACE).sale
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake")
    approval = shop.approval(needed.value)
    done = shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake", approval)
    assert done.sale.total == -129_900 and done.sale.kind == "void"
    with pytest.raises(VoidTooLateError):
        shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake", approval)
    assert shop.verify().sales == 2 and shop.verify().passed


def test_a_return_that_fails_does_not_spend_its_approval(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pos_app.persistence.sales import SqlSales

    sale = shop.sell(NECKLACE).sale
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake")
    approval = shop.approval(needed.value)

    def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(SqlSales, "add", broken)
        with pytest.raises(RuntimeError):
            shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake", approval)
    assert shop.shop.returns.void(shop.cashier, sale.sale_id, "mistake", approval).sale.total == -129_900
