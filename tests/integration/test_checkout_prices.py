"""A price beyond the list needs whoever may give it: an approval is spent once, on its cart, up to its amount."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.sales.cart import Cart, set_quantity
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.line import ReductionKind
from pos_app.domain.staff import Approval, ApprovalNotValidError, NeedsApprovalError, PinError
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.services.carts import PriceAsk, PriceOverride
from tests.support.shop_on_disk import (
    MANAGER_PIN,
    NECKLACE,
    DiskShop,
    shop_on_disk,
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


def discounted(shop: DiskShop, text: str, cart: Cart, approval: Approval | None = None) -> Cart:
    """Ask for a discount on the first line, as the cashier."""
    ask = PriceAsk(parse_discount(text, 2), cart.lines[0].line_id)
    return shop.shop.carts.change_price(shop.cashier, cart, ask, "regular", approval)


def needed_for(shop: DiskShop, text: str, cart: Cart) -> NeedsApprovalError:
    """Return the approval that a discount asks for."""
    with pytest.raises(NeedsApprovalError) as needed:
        discounted(shop, text, cart)
    return needed.value


def test_a_cashier_discounts_within_her_limit_alone(shop: DiskShop) -> None:
    cart = discounted(shop, "95折", shop.cart(NECKLACE))
    sale = shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale
    assert sale.total == 123_405 and sale.lines[0].reductions[0].kind is ReductionKind.LINE


def test_an_approval_is_spent_once_and_for_what_it_names(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    approval = shop.approval(needed_for(shop, "80折", cart))
    other = shop.cart(NECKLACE)
    with pytest.raises(ApprovalNotValidError):
        discounted(shop, "80折", other, approval)
    with pytest.raises(ApprovalNotValidError):
        discounted(shop, "79折", cart, approval)
    approved = discounted(shop, "80折", cart, approval)
    with pytest.raises(ApprovalNotValidError):
        discounted(shop, "80折", cart, approval)
    sale = shop.shop.checkout.commit(shop.cashier, shop.paid(approved)).sale
    assert sale.lines[0].reductions[0].approver == shop.manager.staff_id
    assert shop.verify().passed


def test_a_discount_that_grew_after_its_approval_is_refused_at_the_till(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    approved = discounted(shop, "80折", cart, shop.approval(needed_for(shop, "80折", cart)))
    grown = set_quantity(approved, cart.lines[0].line_id, Quantity(3000))
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.checkout.commit(shop.cashier, shop.paid(grown))
    assert needed.value.amount == 77_940
    assert shop.verify().sales == 0


def test_an_approved_price_is_not_carried_into_another_cart(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    approved = discounted(shop, "80折", cart, shop.approval(needed_for(shop, "80折", cart)))
    stolen = msgspec.structs.replace(shop.cart(NECKLACE), lines=approved.lines)
    with pytest.raises(NeedsApprovalError):
        shop.shop.checkout.commit(shop.cashier, shop.paid(stolen))


def test_an_approval_that_nobody_gave_is_worth_nothing(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    line = cart.lines[0]
    forged = msgspec.structs.replace(
        parse_discount("=1", 2),
        approval=shop.outside.ids.new(),
        approver=shop.manager.staff_id,
    )
    cart = msgspec.structs.replace(cart, lines=(msgspec.structs.replace(line, discounts=(forged,)),))
    with pytest.raises(NeedsApprovalError):
        shop.shop.checkout.commit(shop.cashier, shop.paid(cart))


def test_an_override_is_approved_for_the_way_from_the_list(shop: DiskShop) -> None:
    cart = shop.cart(NECKLACE)
    line = cart.lines[0].line_id

    def override(price: int, at: Cart, approval: Approval | None = None) -> Cart:
        asked = PriceOverride(line, Amount(price), "agreed")
        return shop.shop.carts.override_price(shop.cashier, at, asked, approval)

    with pytest.raises(NeedsApprovalError) as needed:
        override(120_000, cart)
    assert needed.value.amount == 9_900
    approved = override(120_000, cart, shop.approval(needed.value))
    with pytest.raises(NeedsApprovalError) as further:
        override(110_000, approved)
    assert further.value.amount == 19_900, "from the list, not from the price before"
    grown = set_quantity(approved, line, Quantity(2000))
    with pytest.raises(NeedsApprovalError):
        shop.shop.checkout.commit(shop.cashier, shop.paid(grown))
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(approved)).sale.total == 120_000


def test_an_approval_needs_another_persons_pin(shop: DiskShop) -> None:
    needed = needed_for(shop, "80折", shop.cart(NECKLACE))
    with pytest.raises(PinError):
        shop.shop.staff.approve(shop.cashier, needed, "2", "0000")
    assert shop.shop.staff.approve(shop.cashier, needed, "2", MANAGER_PIN).approver == shop.manager.staff_id
