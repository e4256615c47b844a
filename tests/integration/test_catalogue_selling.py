"""What holds for selling goods binds at the line, on a held cart and at the payment; members pay their prices."""

from datetime import date, timedelta

import msgspec
import pytest

from pos_app.domain.catalogue import (
    MEMBER,
    BatchExpiredError,
    BatchQuarantinedError,
    Customer,
    Flags,
    LevelTooLowError,
    NoGoldPriceError,
    NotYetSoldError,
    PieceQuarantinedError,
    QuarantinedError,
    level_list,
)
from pos_app.domain.catalogue.drafts import BarcodeDraft, BatchDraft, PieceDraft
from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.facts.shop import GoldPriceSet
from pos_app.domain.sales.cart import Cart, MemberRef
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.line import Per, PriceBasis
from pos_app.domain.staff import Approval, ApprovalNotValidError, NeedsApprovalError
from pos_app.domain.values.ids import BatchId, MemberId
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.domain.values.quantity import Milligrams
from pos_app.services.carts import PriceAsk, PriceOverride
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from pos_app.services.ringing import Goods
from pos_app.words import translate
from tests.support.catalogue_shop import TODAY, facts_of, goods
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING, DiskShop


def flag(shop: DiskShop, code: str, flags: Flags) -> None:
    """Let the manager change what holds for selling goods."""
    shop.shop.catalogue_edit.set_flags(shop.manager, goods(shop, code).variant_id, flags)


def member(shop: DiskShop, level: int = 0) -> MemberRef:
    """Sign somebody up and return her as she is attached."""
    someone = shop.sign_up("13800138000", "林小满")
    return MemberRef(member=MemberId(someone.member_id), found_by="phone", level=level)


def price_list(shop: DiskShop, name: str, code: str, price: int | None) -> None:
    """Let the manager set a price on a list."""
    change = PriceChange(variant=goods(shop, code).variant_id, price=None if price is None else Amount(price))
    shop.shop.catalogue_prices.set_prices(shop.manager, PricesAsked(list=name, changes=[change]))


def taken_up(shop: DiskShop, cart: Cart, waiting: Cart | None = None) -> Cart:
    """Take a held cart up."""
    recalled = shop.shop.carts.recall(shop.cashier, cart.cart_id, waiting)
    assert recalled is not None
    return recalled.cart


def refused_at_payment(shop: DiskShop, cart: Cart, error: type[ExpectedError]) -> ExpectedError:
    """Pay a cart that may not be sold any more; nothing is written."""
    paid = shop.paid(cart)
    with pytest.raises(error) as raised:
        shop.shop.checkout.commit(shop.cashier, paid)
    assert shop.verify().sales == 0
    return raised.value


def batch(shop: DiskShop, code: str, expires_on: date | None, batch: BatchId | None = None) -> BatchId:
    """Let the manager make a batch of candy, or change it."""
    variant = goods(shop, CANDY).variant_id
    draft = BatchDraft(variant=variant, code=code, expires_on=expires_on, batch_id=batch)
    return shop.shop.catalogue_edit.save_batch(shop.manager, draft).batch_id


@pytest.mark.parametrize(
    ("flags", "error", "says"),
    [
        (Flags(quarantined=True), QuarantinedError, "停售待查"),
        (Flags(sold_from=TODAY + timedelta(days=3)), NotYetSoldError, "起开卖"),
        (Flags(minimum_level=3), LevelTooLowError, "最低会员等级 3 级"),
    ],
)
def test_goods_held_back_bind_at_the_line_on_a_held_cart_and_at_the_payment(
    shop: DiskShop, flags: Flags, error: type[ExpectedError], says: str
) -> None:
    cart = shop.cart(CANDY, NECKLACE)
    shop.shop.carts.hold(shop.cashier, cart)
    flag(shop, CANDY, flags)
    with pytest.raises(error) as raised:
        shop.shop.ringing.meaning(CANDY)
    written = {name: str(value) for name, value in raised.value.params.items()}
    assert says in translate(raised.value.code, **written) and "手工牛轧糖" in translate(
        raised.value.code, **written
    )
    recalled = taken_up(shop, cart)
    assert [type(e) for e in shop.shop.carts.objections(recalled)] == [error]
    refused_at_payment(shop, recalled, error)
    flag(shop, CANDY, Flags())
    assert shop.shop.carts.objections(recalled) == ()
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(recalled)).sale.total == 130_899


def test_early_purchase_is_for_her_level_and_ends_when_she_leaves_the_cart(shop: DiskShop) -> None:
    flag(shop, NECKLACE, Flags(minimum_level=3, sold_from=TODAY + timedelta(days=9)))
    gold = member(shop, level=3)
    with pytest.raises(NotYetSoldError):
        shop.shop.ringing.meaning(NECKLACE, customer=Customer(member=True, level=2))
    rung = shop.shop.ringing.meaning(NECKLACE, customer=Customer(member=True, level=3))
    assert isinstance(rung, Goods)
    cart = msgspec.structs.replace(shop.shop.carts.new(), lines=(rung.line,), member=gold)
    alone, _ = shop.shop.carts.detach(cart)
    refused_at_payment(shop, alone, NotYetSoldError)
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale.member == gold
    shop.clock.forward(timedelta(days=9))
    assert isinstance(shop.shop.ringing.meaning(NECKLACE), Goods)


def test_a_batch_that_is_held_back_or_expired_is_passed_over_and_refused_in_the_cart(shop: DiskShop) -> None:
    flag(shop, CANDY, Flags(batch_required=True))
    first = batch(shop, "L1", TODAY + timedelta(days=1))
    batch(shop, "L2", TODAY + timedelta(days=30))
    cart = shop.cart(CANDY)
    assert cart.lines[0].batch_code == "L1"
    draft = BatchDraft(
        variant=goods(shop, CANDY).variant_id,
        code="L1",
        expires_on=TODAY + timedelta(days=1),
        quarantined=True,
        batch_id=first,
    )
    shop.shop.catalogue_edit.save_batch(shop.manager, draft)
    refused_at_payment(shop, cart, BatchQuarantinedError)
    assert shop.cart(CANDY).lines[0].batch_code == "L2"
    batch(shop, "L1", TODAY + timedelta(days=1), first)
    shop.clock.forward(timedelta(days=2))
    assert [type(e) for e in shop.shop.carts.objections(cart)] == [BatchExpiredError]
    shop.clock.forward(timedelta(days=40))
    with pytest.raises(BatchExpiredError):
        shop.shop.ringing.meaning(CANDY)


def ring(shop: DiskShop, *, fixed: int | None = 588_800, quarantined: bool = False) -> PieceDraft:
    """Return the ring as a manager would type it."""
    found = shop.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None
    return PieceDraft(
        piece_id=found.piece.piece_id,
        variant=found.variant.variant_id,
        code=RING,
        gross_weight_mg=Milligrams(3_260),
        net_weight_mg=Milligrams(3_260),
        fineness="999",
        certificate="GZ20261122001",
        fixed_price=None if fixed is None else Amount(fixed),
        labour=Amount(2_800),
        labour_per=Per.GRAM,
        quarantined=quarantined,
    )


def test_a_piece_held_back_after_it_was_rung_is_not_sold(shop: DiskShop) -> None:
    cart = shop.cart(RING)
    shop.shop.catalogue_edit.save_piece(shop.manager, ring(shop, quarantined=True))
    with pytest.raises(PieceQuarantinedError):
        shop.shop.ringing.meaning(RING)
    assert [type(e) for e in shop.shop.carts.objections(cart)] == [PieceQuarantinedError]
    refused_at_payment(shop, cart, PieceQuarantinedError)
    shop.shop.catalogue_edit.save_piece(shop.manager, ring(shop))
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale.total == 588_800


def test_a_ring_per_gram_needs_the_gold_price_of_the_day_or_a_managers_yes_to_the_last(
    shop: DiskShop,
) -> None:
    shop.shop.catalogue_edit.save_piece(shop.manager, ring(shop, fixed=None))
    with pytest.raises(NoGoldPriceError) as none_ever:
        shop.shop.ringing.meaning(RING)
    assert none_ever.value.params["before"] is None
    with pytest.raises(NoGoldPriceError):
        shop.shop.catalogue.use_yesterdays_gold_price(shop.manager, "999")
    yesterday = TODAY - timedelta(days=1)
    shop.shop.catalogue.set_gold_price(shop.manager, "999", yesterday, Amount(100_000))
    shop.shop.catalogue.set_gold_price(shop.manager, "999", yesterday, Amount(101_200))
    with pytest.raises(NoGoldPriceError) as missing:
        shop.shop.ringing.meaning(RING)
    assert missing.value.params == {"fineness": "999", "before": 101_200, "before_on": yesterday}
    assert "999" in translate(missing.value.code, **missing.value.params)
    with pytest.raises(NeedsApprovalError) as needed:
        shop.shop.catalogue.use_yesterdays_gold_price(shop.cashier, "999")
    approval = shop.approval(needed.value)
    used = shop.shop.catalogue.use_yesterdays_gold_price(shop.cashier, "999", approval)
    assert (used.day, used.price, used.set_by, used.approver) == (
        TODAY,
        101_200,
        shop.cashier.staff_id,
        shop.manager.staff_id,
    )
    line = shop.cart(RING).lines[0]
    assert [part.amount for part in line.components] == [329_912, 9_128], "3.260 g × 1,012.00 and × 28.00"
    again = shop.shop.catalogue.use_yesterdays_gold_price(shop.cashier, "999")
    assert again.price == 101_200, "it is set: nobody is asked twice"
    assert_gold_is_recorded(shop, approval)
    shop.clock.forward(timedelta(days=1))
    with pytest.raises(ApprovalNotValidError):
        shop.shop.catalogue.use_yesterdays_gold_price(shop.cashier, "999", approval)
    assert shop.verify().passed


def assert_gold_is_recorded(shop: DiskShop, approval: Approval) -> None:
    """Check what the history and the books hold of the price that was used again."""
    yesterday = TODAY - timedelta(days=1)
    history = shop.shop.catalogue.gold_history("999")
    assert [(e.day, e.price) for e in history] == [
        (TODAY, 101_200),
        (yesterday, 101_200),
        (yesterday, 100_000),
    ]
    facts = [
        entry
        for entry in facts_of(shop)
        if isinstance(entry, GoldPriceSet) and entry.approver == shop.manager.staff_id
    ]
    assert len(facts) == 1 and facts[0].approval == approval.approval_id


def test_a_member_attached_late_pays_her_price_and_the_difference_is_told(shop: DiskShop) -> None:
    price_list(shop, MEMBER, FORMULA, 30_000)
    price_list(shop, level_list(2), FORMULA, 29_000)
    cart = shop.cart(FORMULA, FORMULA, CANDY)
    attached, difference = shop.shop.carts.attach(cart, member(shop))
    assert difference == -5_600
    line = attached.lines[0]
    assert (line.unit_price, line.basis) == (30_000, PriceBasis.MEMBER)
    assert line.product is not None and line.product.list_price == 32_800
    rung = shop.shop.ringing.meaning(FORMULA, customer=Customer(member=True))
    assert isinstance(rung, Goods) and (rung.line.unit_price, rung.line.basis) == (30_000, PriceBasis.MEMBER)
    off, back = shop.shop.carts.detach(attached)
    assert (off.lines, back) == (cart.lines, 5_600)
    level = msgspec.structs.replace(attached.member or MemberRef(member=MemberId(cart.cart_id)), level=2)
    assert shop.shop.carts.attach(cart, level)[1] == -7_600


def test_a_price_given_by_hand_and_a_piece_stay_when_a_member_comes(shop: DiskShop) -> None:
    for code, price in ((FORMULA, 30_000), (RING, 100), (CANDY, 900)):
        price_list(shop, MEMBER, code, price)
    cart = shop.cart(FORMULA, RING, CANDY)
    formula, _, candy = cart.lines
    asked = PriceOverride(formula.line_id, Amount(31_000), "agreed")
    cart = shop.shop.carts.override_price(shop.manager, cart, asked)
    agreed = PriceAsk(parse_discount("=9.5", 2), candy.line_id)
    cart = shop.shop.carts.change_price(shop.manager, cart, agreed)
    attached, difference = shop.shop.carts.attach(cart, member(shop))
    assert attached.lines == cart.lines and difference == 0, "9.50 was agreed: it would not fit 9.00"


def test_a_pack_costs_a_member_its_own_row(shop: DiskShop) -> None:
    variant = goods(shop, FORMULA).variant_id
    change = PriceChange(variant=variant, price=Amount(180_000), barcode=FORMULA_CASE)
    shop.shop.catalogue_prices.set_prices(shop.manager, PricesAsked(list=MEMBER, changes=[change]))
    cart = shop.cart(FORMULA, FORMULA_CASE)
    attached, difference = shop.shop.carts.attach(cart, member(shop))
    assert [line.unit_price for line in attached.lines] == [32_800, 180_000]
    assert difference == 180_000 - 6 * 32_800


def test_a_line_at_a_members_price_is_sold_and_taken_back_at_it(shop: DiskShop) -> None:
    price_list(shop, MEMBER, FORMULA, 30_000)
    flag(shop, FORMULA, Flags(lowest_price=Amount(31_000)))
    cart, _ = shop.shop.carts.attach(shop.cart(FORMULA), member(shop))
    sale = shop.shop.checkout.commit(shop.cashier, shop.paid(cart)).sale
    assert (sale.total, sale.lines[0].basis, sale.lines[0].list_price) == (30_000, PriceBasis.MEMBER, 32_800)
    price_list(shop, MEMBER, FORMULA, None)
    assert shop.take_back(sale).sale.total == -30_000
    assert shop.verify().passed


def test_the_cart_that_waits_hands_its_member_over_with_her_prices(shop: DiskShop) -> None:
    price_list(shop, MEMBER, CANDY, 888)
    cart = shop.cart(CANDY)
    shop.shop.carts.hold(shop.cashier, cart)
    waiting = msgspec.structs.replace(shop.shop.carts.new(), member=member(shop))
    shop.shop.carts.keep(waiting)
    recalled = taken_up(shop, cart, waiting)
    assert recalled.member == waiting.member
    assert (recalled.lines[0].unit_price, recalled.lines[0].basis) == (888, PriceBasis.MEMBER)


def test_a_pack_whose_barcode_is_gone_keeps_its_price_when_a_member_comes(shop: DiskShop) -> None:
    price_list(shop, MEMBER, FORMULA, 30_000)
    cart = shop.cart(FORMULA_CASE)
    others = tuple(
        BarcodeDraft(code=each.code, pack_quantity=each.pack_quantity)
        for each in shop.shop.catalogue.details(goods(shop, FORMULA).variant_id)[0]
        if each.code != FORMULA_CASE
    )
    shop.shop.catalogue_edit.set_barcodes(shop.manager, goods(shop, FORMULA).variant_id, others)
    attached, difference = shop.shop.carts.attach(cart, member(shop))
    assert (attached.lines, difference) == (cart.lines, 0), "one tin's price is not the case's"


def test_a_held_ring_is_not_sold_the_next_day_at_a_gold_price_that_nobody_set(shop: DiskShop) -> None:
    shop.shop.catalogue_edit.save_piece(shop.manager, ring(shop, fixed=None))
    shop.shop.catalogue.set_gold_price(shop.manager, "999", TODAY, Amount(101_200))
    cart = shop.cart(RING)
    shop.shop.carts.hold(shop.cashier, cart)
    shop.clock.forward(timedelta(days=1))
    recalled = taken_up(shop, cart)
    assert [type(each) for each in shop.shop.carts.objections(recalled)] == [NoGoldPriceError]
    refused_at_payment(shop, recalled, NoGoldPriceError)
    shop.shop.catalogue.use_yesterdays_gold_price(shop.manager, "999")
    assert shop.shop.checkout.commit(shop.cashier, shop.paid(recalled)).sale.total == cart.lines[0].amount


def test_gold_is_not_given_away_by_a_price_of_nothing(shop: DiskShop) -> None:
    for price in (0, -1, LIMIT):
        with pytest.raises(InvalidValueError):
            shop.shop.catalogue.set_gold_price(shop.manager, "999", TODAY, Amount(price))
    assert shop.shop.catalogue.gold_history("999") == ()
