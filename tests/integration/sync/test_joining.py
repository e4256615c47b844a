"""A shop with goods and people of its own joins a merchant: what is the same becomes one, the rest is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.catalogue import PieceState
from pos_app.domain.catalogue.drafts import BarcodeDraft
from pos_app.domain.errors import ForbiddenError
from pos_app.domain.settings import TaxClass
from pos_app.domain.staff import PinError, Role
from pos_app.domain.values.money import Amount
from pos_app.services.founding import AlreadyFoundedError, can_be_worked, found_shop, found_to_join
from pos_app.services.ports.syncing import EnrolWay
from sync.protocol.documents import SETTINGS_ID, VERSION, Kind, SettingsDocument
from sync.protocol.messages import Document
from tests.support.catalogue_shop import draft_of, facts_of, goods, piece, wipes
from tests.support.goods_post import Post, PostTill, founding_till, new_till, state_of, sync, till_of_its_own
from tests.support.shop_on_disk import CANDY, FORMULA_CASE, MANAGER_PIN, NECKLACE, OWNER_PIN, RING


@pytest.fixture
def post() -> Post:
    """A post that keeps nothing yet."""
    return Post()


@pytest.fixture
def first(tmp_path: Path, post: Post) -> Iterator[PostTill]:
    """The merchant's first till, whose goods stand on the platform."""
    till = founding_till(tmp_path / "first", post)
    till.send()
    till.take()
    yield till
    till.at.store.close()


@pytest.fixture
def own(tmp_path: Path, post: Post, first: PostTill) -> Iterator[PostTill]:
    """A shop that stood alone, with the same goods under other ids; it has not joined yet."""
    till = till_of_its_own(tmp_path / "own", post)
    yield till
    till.at.store.close()


def join(till: PostTill) -> None:
    """Join, send what waits and take in what there is."""
    till.come_in(EnrolWay.JOIN)
    sync(till, rounds=2)


def variants(till: PostTill) -> dict[str, object]:
    """Return the ids of goods by code."""
    found, _ = till.at.shop.catalogue.browse(limit=100)
    return {variant.code: variant.variant_id for variant in found}


# -- goods ---------------------------------------------------------------------------------------------------


def test_goods_of_the_same_code_become_the_merchants(first: PostTill, own: PostTill) -> None:
    assert set(variants(own).values()).isdisjoint(variants(first).values())
    join(own)
    assert variants(own) == variants(first)
    assert state_of(own, Kind.VARIANT, Kind.PIECE) == state_of(first, Kind.VARIANT, Kind.PIECE)
    assert own.at.shop.joining.unmatched().count == 0


def test_goods_of_another_code_and_the_same_barcode_are_the_same(first: PostTill, own: PostTill) -> None:
    edit = own.at.shop.catalogue_edit
    edit.save_variant(own.at.owner, draft_of(goods(own.at, CANDY), code="MY-CANDY", name="牛轧糖 自家"))
    join(own)
    assert goods(own.at, CANDY) == goods(first.at, CANDY)
    assert own.at.shop.catalogue.find("MY-CANDY") is None


def test_a_barcode_that_only_the_own_goods_had_stays_also_after_the_merchant_changes_them(
    first: PostTill, own: PostTill
) -> None:
    candy = goods(own.at, CANDY)
    more = (BarcodeDraft(code=CANDY), BarcodeDraft(code="2000000000015"))
    own.at.shop.catalogue_edit.set_barcodes(own.at.owner, candy.variant_id, more)
    join(own)
    assert goods(own.at, "2000000000015") == goods(first.at, CANDY)
    first.at.shop.catalogue_edit.save_variant(first.at.owner, draft_of(goods(first.at, CANDY), name="新名"))
    sync(first, own)
    assert goods(own.at, "2000000000015").name == "新名"


def test_what_was_sold_before_can_be_returned_and_an_open_cart_paid(first: PostTill, own: PostTill) -> None:
    sold = own.at.sell(CANDY)
    open_cart = own.at.cart(FORMULA_CASE, NECKLACE, RING)
    join(own)
    assert own.at.take_back(sold.sale).sale.total == -sold.sale.total
    paid = own.at.shop.checkout.commit(own.at.cashier, own.at.paid(open_cart))
    assert paid.sale.total == open_cart_total(own, open_cart)
    assert own.at.verify().passed


def open_cart_total(till: PostTill, cart: object) -> int:
    """Return what a cart comes to."""
    return till.at.shop.checkout.price(cart).total  # type: ignore[arg-type]


def test_a_piece_of_its_own_stays_on_the_goods_that_are_now_the_merchants(
    first: PostTill, own: PostTill
) -> None:
    own.at.shop.catalogue_edit.save_piece(own.at.owner, piece(own.at, fixed_price=Amount(99_900)))
    join(own)
    found = own.at.shop.catalogue.find("J0002")
    assert found is not None and found.variant == goods(first.at, "A002")
    assert own.at.sell("J0002").sale.total == 99_900


def test_a_piece_rung_before_joining_is_sold_everywhere_and_one_that_comes_back_is_in_stock(
    first: PostTill, own: PostTill
) -> None:
    cart = own.at.cart(RING)
    join(own)
    sale = own.at.shop.checkout.commit(own.at.cashier, own.at.paid(cart)).sale
    sync(own, first)
    for till, state in ((own, PieceState.SOLD), (first, PieceState.SOLD)):
        found = till.at.shop.catalogue.find(RING)
        assert found is not None and found.piece is not None and found.piece.state is state
    own.at.take_back(sale)
    sync(own, first)
    found = first.at.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None and found.piece.state is PieceState.IN_STOCK


def test_a_piece_that_was_sold_before_joining_stays_sold(first: PostTill, own: PostTill) -> None:
    own.at.sell(RING)
    join(own)
    found = own.at.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None and found.piece.state is PieceState.SOLD


def test_another_price_of_the_merchant_asks_for_a_label(first: PostTill, own: PostTill) -> None:
    candy = goods(own.at, CANDY)
    own.at.shop.catalogue_edit.save_variant(own.at.owner, draft_of(candy, retail=Amount(1_099)))
    before = len(own.at.shop.catalogue_prices.price_changes())
    join(own)
    (change,) = own.at.shop.catalogue_prices.price_changes()[before:]
    assert (change.variant_id, change.before, change.after) == (goods(own.at, CANDY).variant_id, 1_099, 999)


def test_nothing_of_the_own_goods_reaches_the_merchant_by_joining(
    first: PostTill, own: PostTill, post: Post
) -> None:
    own.at.shop.catalogue_edit.save_variant(own.at.owner, wipes())
    own.at.shop.settings.change(
        own.at.owner, msgspec.structs.replace(own.at.shop.settings.value, cash_step=10)
    )
    kept = {key: document.position for key, (_, document) in post.kept.items()}
    join(own)
    assert {key: document.position for key, (_, document) in post.kept.items()} == kept
    assert own.at.shop.settings.value.cash_step == 1, "the merchant's"


def test_goods_that_nobody_else_has_stay_sellable_and_are_brought_along_when_asked(
    first: PostTill, own: PostTill
) -> None:
    made = own.at.shop.catalogue_edit.save_variant(own.at.owner, wipes())
    own.at.shop.catalogue_edit.save_piece(own.at.owner, piece(own.at, variant=made.variant_id))
    join(own)
    unmatched = own.at.shop.joining.unmatched()
    assert (unmatched.count, unmatched.first) == (1, (made,))
    assert own.at.sell("6903148091234").sale.total == 1_990
    with pytest.raises(ForbiddenError):
        own.at.shop.joining.bring_along(own.at.cashier)
    assert own.at.shop.joining.bring_along(own.at.owner) == 1
    sync(own, first)
    assert goods(first.at, "6903148091234") == made
    assert first.at.shop.catalogue.find("J0002") is not None
    assert own.at.shop.joining.unmatched().count == 0


def test_goods_that_nobody_else_has_are_no_longer_sold_when_asked(first: PostTill, own: PostTill) -> None:
    made = own.at.shop.catalogue_edit.save_variant(own.at.owner, wipes())
    join(own)
    assert own.at.shop.joining.stop_selling(own.at.owner) == 1
    assert own.at.shop.joining.unmatched().count == 0
    assert goods(own.at, "6903148091234").flags.quarantined
    assert facts_of(own.at)[-1].variant == made.variant_id  # type: ignore[attr-defined]
    sync(own, first)
    assert first.at.shop.catalogue.find("6903148091234") is None, "it is nobody's but this shop's"
    own.at.shop.catalogue_edit.set_flags(own.at.owner, made.variant_id, made.flags)
    sync(own, first)
    assert goods(first.at, "6903148091234") == made, "whoever sells it again has the merchant sell it"


def test_more_than_fifty_goods_are_counted_and_the_first_shown(first: PostTill, own: PostTill) -> None:
    for number in range(53):
        own.at.shop.catalogue_edit.save_variant(own.at.owner, wipes(code=f"W{number:03d}", barcodes=()))
    join(own)
    unmatched = own.at.shop.joining.unmatched()
    assert unmatched.count == 53 and [v.code for v in unmatched.first] == [f"W{n:03d}" for n in range(50)]


# -- people --------------------------------------------------------------------------------------------------


def test_who_has_the_same_code_signs_in_with_the_merchants_pin(first: PostTill, own: PostTill) -> None:
    boss = first.at.shop.staff.everybody()[0]
    first.at.shop.staff.save(first.at.owner, boss, "55555")
    sync(first)
    join(own)
    with pytest.raises(PinError):
        own.at.shop.staff.sign_in("1", OWNER_PIN)
    actor = own.at.shop.staff.sign_in("1", "55555")
    assert (actor.staff_id, actor.name) == (first.at.owner.staff_id, "陈老板")


def test_who_is_at_the_till_when_it_joins_goes_on_selling(first: PostTill, own: PostTill) -> None:
    assert own.at.manager.staff_id not in {one.staff_id for one in first.at.shop.staff.everybody()}
    join(own)
    assert own.at.sell(CANDY, who=own.at.manager).sale.total == 999
    names = {one.staff_id: one.name for one in own.at.shop.staff.everybody()}
    assert names[own.at.manager.staff_id] == "赵店长", "and her receipts say her name still"


def test_an_own_person_of_another_code_stays(first: PostTill, own: PostTill) -> None:
    boss = next(one for one in own.at.shop.staff.everybody() if one.role is Role.OWNER)
    own.at.shop.staff.save(own.at.owner, replace(boss, code="88"), None)
    join(own)
    assert own.at.shop.staff.sign_in("88", OWNER_PIN).role is Role.OWNER
    assert own.at.shop.staff.sign_in("1", OWNER_PIN).staff_id == first.at.owner.staff_id
    assert own.at.shop.staff.sign_in("2", MANAGER_PIN).staff_id == first.at.manager.staff_id


def test_two_people_who_change_their_codes_are_told_apart_everywhere(first: PostTill, tmp_path: Path) -> None:
    other = new_till(tmp_path / "other", first.post)
    other.take()
    staff = first.at.shop.staff
    _, manager, cashier = staff.everybody()
    for one, code in ((manager, "x"), (cashier, "2"), (manager, "3")):
        staff.save(first.at.owner, replace(one, code=code), None)
    sync(first, other)
    assert state_of(other, Kind.STAFF) == state_of(first, Kind.STAFF)
    assert other.at.shop.staff.sign_in("3", MANAGER_PIN).name == "王店长"
    other.at.store.close()


def test_a_badge_and_who_left_travel_and_wrong_tries_stay_here(first: PostTill, tmp_path: Path) -> None:
    other = new_till(tmp_path / "other", first.post)
    other.take()
    with pytest.raises(PinError):
        other.at.shop.staff.sign_in("2", "0000")
    first.at.shop.staff.give_badge(first.at.owner, first.at.manager.staff_id, "BADGE 7")
    cashier = first.at.shop.staff.everybody()[2]
    first.at.shop.staff.save(first.at.owner, replace(cashier, active=False), None)
    sync(first, other)
    assert other.at.shop.staff.sign_in_by_badge("BADGE 7").name == "王店长"
    with pytest.raises(PinError) as refused:
        other.at.shop.staff.sign_in("3", "1234")
    assert refused.value.params["left"] is None
    with pytest.raises(PinError) as refused:
        other.at.shop.staff.sign_in("2", "0000")
    assert refused.value.params["left"] == 3, "the wrong try before still counts"
    other.at.store.close()


# -- settings ------------------------------------------------------------------------------------------------


def test_the_merchants_settings_are_in_force_at_once_and_the_tills_own_stay(
    first: PostTill, own: PostTill
) -> None:
    join(own)
    mine = msgspec.structs.replace(own.at.shop.settings.value, theme="dark", printer="escpos:usb")
    own.at.shop.settings.change(own.at.owner, mine)
    theirs = msgspec.structs.replace(
        first.at.shop.settings.value,
        day_starts_at=time(4, 30),
        cash_step=10,
        ask_above=5_000,
        printer="none",
        receipt_footer="谢谢惠顾",
        tax_classes=(*first.at.shop.settings.value.tax_classes, TaxClass(code="3", rate=Decimal("0.03"))),
        default_tax_code="3",
    )
    first.at.shop.settings.change(first.at.owner, theirs)
    sync(first, own)
    now = own.at.shop.settings.value
    assert (now.day_starts_at, now.cash_step, now.ask_above) == (time(4, 30), 10, 5_000)
    assert now.default_tax_code == "3" and now.tax_classes[-1].rate == Decimal("0.03")
    assert (now.theme, now.printer, now.receipt_footer) == ("dark", "escpos:usb", None)
    assert now.shop_name != theirs.shop_name and now.till_id == mine.till_id


def test_what_is_changed_on_a_page_that_was_open_meanwhile_undoes_nothing_of_the_merchants(
    first: PostTill, own: PostTill
) -> None:
    join(own)
    seen = own.at.shop.settings.value
    first.at.shop.settings.change(
        first.at.owner, msgspec.structs.replace(first.at.shop.settings.value, cash_step=10)
    )
    first.send()
    own.take()
    own.at.shop.current.value = seen
    own.at.shop.settings.change(own.at.owner, msgspec.structs.replace(seen, theme="dark"))
    assert (own.at.shop.settings.value.cash_step, own.at.shop.settings.value.theme) == (10, "dark")


@pytest.mark.parametrize(
    "values",
    [
        {"currency": '"HKD"', "cash_step": "10"},
        {"cash_step": "7"},
        {"time_zone": '"Mars/Base"'},
        {"cash_step": "x"},
    ],
)
def test_settings_that_a_till_cannot_work_with_stay_out(
    own: PostTill, post: Post, values: dict[str, str]
) -> None:
    join(own)
    before = own.at.shop.settings.value
    post.head += 1
    body = msgspec.json.encode(SettingsDocument(values=values))
    told = Document(Kind.SETTINGS.value, SETTINGS_ID, post.head, False, VERSION, body)
    post.kept[Kind.SETTINGS.value, SETTINGS_ID] = (1 << 63, told)
    own.take()
    assert own.at.shop.settings.value == before


# -- a till that is set up by joining -------------------------------------------------------------------------


def test_a_till_set_up_by_joining_is_worked_as_soon_as_people_and_goods_are_in(
    first: PostTill, tmp_path: Path, post: Post
) -> None:
    other = new_till(tmp_path / "other", post)
    with other.at.store.read() as tx:
        assert not can_be_worked(tx)
    other.take()
    with other.at.store.read() as tx:
        assert can_be_worked(tx)
    shop = other.at.shop
    cashier = shop.staff.sign_in("3", "1234")
    shop.shifts.open(cashier, Amount(0))
    sold = other.at.sell(CANDY, who=cashier).sale
    assert sold.number.startswith("S01-1-")
    assert other.at.verify().passed
    sync(other, first)
    assert state_of(other) == state_of(first), "and it brought nothing of its own along"
    other.at.store.close()


def test_a_founded_till_is_not_set_up_again(own: PostTill) -> None:
    settings = own.at.shop.settings.value
    with pytest.raises(AlreadyFoundedError):
        found_to_join(own.at.store, settings, own.at.outside.tools)
    with pytest.raises(AlreadyFoundedError):
        found_shop(own.at.store, settings, ("1", "x", "1234"), own.at.outside.tools)


def test_later_edits_of_two_hours_apart_settle(first: PostTill, own: PostTill) -> None:
    join(own)
    own.at.clock.forward(timedelta(hours=2))
    edit = own.at.shop.catalogue_edit
    edit.save_variant(own.at.owner, draft_of(goods(own.at, CANDY), name="后来的名字"))
    sync(own, first)
    assert goods(first.at, CANDY).name == "后来的名字"
