"""Goods made, changed and found by hand on the real store: codes, prices and their labels, many at once, pictures."""

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from pos_app.domain.catalogue import MEMBER, Flags, PieceSoldError, PriceListError, drafts
from pos_app.domain.catalogue.bulk import BulkEdit, PriceMove, Rounding
from pos_app.domain.catalogue.drafts import (
    BarcodeDraft,
    BatchDraft,
    DuplicateCodeError,
    StyleDraft,
)
from pos_app.domain.errors import ForbiddenError, InvalidValueError, NotFoundError
from pos_app.domain.facts.catalogue import GoodsSaved, PieceSaved, PricesSet
from pos_app.domain.values.ids import PieceId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Milligrams, Quantity
from pos_app.services.catalogue_bulk import Selection
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from tests.support.catalogue_shop import TODAY, draft_of, facts_of, goods, piece, wipes
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING, DiskShop
from tests.support.statements import watched


def facts(shop: DiskShop, kind: type) -> list[object]:
    """Return the facts of a kind in order."""
    return [fact for fact in facts_of(shop) if isinstance(fact, kind)]


def names(shop: DiskShop, text: str) -> list[str]:
    """Return the names that a text finds."""
    return [found.variant.name for found in shop.shop.catalogue.search(text).found]


def test_new_goods_are_found_by_all_that_is_said_of_them_and_sold(shop: DiskShop) -> None:
    pack = BarcodeDraft(
        code="16903148091231", pack_quantity=Quantity(12 * ONE), unit="箱", price=Amount(21_000)
    )
    draft = wipes(barcodes=(BarcodeDraft(code="6903148091234"), pack))
    made = shop.shop.catalogue_edit.save_variant(shop.manager, draft)
    assert made.tax_rate == Decimal("0.13")
    for text in (
        "湿巾",
        "yingershijin",
        "shijin",
        "yesj",
        "w001",
        "6903148091234",
        "69031480",
        "aloe",
        "加厚",
        "80抽",
    ):
        assert names(shop, text) == [made.name], text
    assert names(shop, "恒安") == names(shop, "690314809123x") == []
    assert shop.sell("6903148091234", "16903148091231").sale.total == 22_990
    (fact,) = facts(shop, GoodsSaved)
    assert isinstance(fact, GoodsSaved) and fact.new and fact.changes["name"] == '"婴儿湿巾 80抽"'
    assert shop.verify().passed


def test_a_changed_name_is_found_and_the_old_one_no_more(shop: DiskShop) -> None:
    candy = goods(shop, CANDY)
    changed = shop.shop.catalogue_edit.save_variant(shop.manager, draft_of(candy, name="花生酥", code="B777"))
    assert names(shop, "花生") == ["花生酥"] == names(shop, "hss") and names(shop, "牛轧糖") == []
    assert goods(shop, "B777") == changed and goods(shop, CANDY) == changed
    (fact,) = facts(shop, GoodsSaved)
    assert isinstance(fact, GoodsSaved) and set(fact.changes) == {"code", "name"} and not fact.new
    shop.shop.catalogue_edit.save_variant(shop.manager, draft_of(changed))
    assert len(facts(shop, GoodsSaved)) == 1, "nothing changed: nothing is recorded"


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "A001"},
        {"code": NECKLACE},
        {"code": RING},
        {"barcodes": (BarcodeDraft(code=FORMULA_CASE),)},
        {"barcodes": (BarcodeDraft(code="B001"),)},
        {"barcodes": (BarcodeDraft(code=RING),)},
    ],
)
def test_a_code_that_stands_for_other_goods_is_refused_by_their_name(
    shop: DiskShop, changes: dict[str, object]
) -> None:
    with pytest.raises(DuplicateCodeError) as taken:
        shop.shop.catalogue_edit.save_variant(shop.manager, wipes(**changes))
    assert taken.value.params["name"] in {"18K金项链 45cm", "婴儿配方奶粉 1段 800g", RING}
    assert names(shop, "湿巾") == [] and facts(shop, GoodsSaved) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"code": ""}, "code"),
        ({"code": "A 1 "}, "code"),
        ({"retail": Amount(-1)}, "retail"),
        ({"tax_code": "99"}, "tax_code"),
        ({"flags": Flags(minimum_level=6)}, "minimum_level"),
        ({"flags": Flags(lowest_price=Amount(2_000))}, "lowest_price"),
        ({"attributes": (("weight", "1"),)}, "attributes"),
        ({"scale_item": "12a"}, "scale_item"),
        ({"barcodes": (BarcodeDraft(code="69"), BarcodeDraft(code="69"))}, "barcode"),
        ({"barcodes": (BarcodeDraft(code="69", pack_quantity=Quantity(0)),)}, "pack_quantity"),
    ],
)
def test_goods_that_cannot_be_are_refused_with_their_field(
    shop: DiskShop, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidValueError) as wrong:
        shop.shop.catalogue_edit.save_variant(shop.manager, wipes(**changes))
    assert wrong.value.params["field"] == field


def test_a_cashier_changes_no_goods(shop: DiskShop) -> None:
    with pytest.raises(ForbiddenError):
        shop.shop.catalogue_edit.save_variant(shop.cashier, wipes())
    with pytest.raises(ForbiddenError):
        shop.shop.catalogue_prices.set_prices(shop.cashier, PricesAsked(list=MEMBER, changes=[]))
    with pytest.raises(ForbiddenError):
        shop.shop.catalogue_bulk.undo(shop.cashier)


def test_barcodes_and_the_scales_number_go_with_the_goods_that_have_them_last(shop: DiskShop) -> None:
    candy = goods(shop, CANDY)
    shop.shop.catalogue_edit.save_variant(shop.manager, draft_of(candy, scale_item="00123"))
    assert shop.shop.catalogue.scale_item(candy.variant_id) == "00123"
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue_edit.save_variant(shop.manager, wipes(scale_item="00123"))
    shop.shop.catalogue_edit.save_variant(shop.manager, draft_of(candy))
    shop.shop.catalogue_edit.save_variant(shop.manager, wipes(scale_item="00123"))
    shop.shop.catalogue_edit.set_barcodes(shop.manager, candy.variant_id, ())
    assert shop.shop.catalogue.find(CANDY) is None
    with pytest.raises(NotFoundError):
        shop.shop.catalogue_edit.set_barcodes(shop.manager, VariantId(shop.outside.ids.new()), ())


def test_variants_stand_together_in_their_style(shop: DiskShop) -> None:
    style = shop.shop.catalogue_edit.save_style(
        shop.manager, StyleDraft(code="S1", name="湿巾", brand="心相印")
    )
    for code, count in (("W002", "20抽"), ("W001", "80抽")):
        draft = wipes(code=code, name=f"湿巾 {count}", style=style.style_id, barcodes=None)
        shop.shop.catalogue_edit.save_variant(shop.manager, draft)
    told, variants = shop.shop.catalogue.style(style.style_id)
    assert told == style and [v.code for v in variants] == ["W001", "W002"]
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue_edit.save_style(shop.manager, StyleDraft(code="S1", name="别的"))
    assert shop.shop.catalogue.style(goods(shop, CANDY).style_id)[0] is None, "goods that stand alone"


def test_a_piece_is_found_by_its_code_and_certificate_and_none_stands_twice(shop: DiskShop) -> None:
    made = shop.shop.catalogue_edit.save_piece(shop.manager, piece(shop))
    for text in ("J0002", "j0002", "GZ20261122777", "gz20261122777"):
        (found, *_) = shop.shop.catalogue.search(text).found
        assert found.piece == made, text
    hits = shop.shop.catalogue.search("GZ2026")
    assert [f.variant.name for f in hits.found] == ["足金戒指"] and hits.total == 1
    for changes in ({"code": RING}, {"code": "A001"}, {"code": "J3", "certificate": "GZ20261122001"}):
        with pytest.raises(DuplicateCodeError):
            shop.shop.catalogue_edit.save_piece(shop.manager, piece(shop, **{"certificate": None, **changes}))
    assert [f.piece for f in facts(shop, PieceSaved) if isinstance(f, PieceSaved)] == [made.piece_id]
    assert [p.fineness for p in shop.shop.catalogue.gold_prices(TODAY)] == ["足金999"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"net_weight_mg": Milligrams(0)}, "net_weight"),
        ({"gross_weight_mg": Milligrams(1)}, "gross_weight"),
        ({"fineness": ""}, "fineness"),
        ({"fixed_price": Amount(-1)}, "fixed_price"),
    ],
)
def test_a_piece_that_cannot_be_priced_is_refused(
    shop: DiskShop, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidValueError) as wrong:
        shop.shop.catalogue_edit.save_piece(shop.manager, piece(shop, **changes))
    assert wrong.value.params["field"] == field


def test_a_sold_piece_stays_sold_when_its_certificate_is_mended(shop: DiskShop) -> None:
    made = shop.shop.catalogue_edit.save_piece(shop.manager, piece(shop, fixed_price=Amount(100)))
    shop.sell("J0002")
    mended = piece(shop, piece_id=PieceId(made.piece_id), fixed_price=Amount(100), certificate="GZ1")
    assert shop.shop.catalogue_edit.save_piece(shop.manager, mended).state.value == "sold"


def test_prices_hold_in_their_days_and_their_labels_are_listed_until_printed(shop: DiskShop) -> None:
    candy, formula = goods(shop, CANDY).variant_id, goods(shop, FORMULA).variant_id
    sale = PricesAsked(
        list="retail",
        changes=[
            PriceChange(variant=candy, price=Amount(888)),
            PriceChange(variant=formula, price=Amount(30_000)),
        ],
        valid_from=TODAY + timedelta(days=1),
        valid_to=TODAY + timedelta(days=2),
        reason="双十二",
    )
    assert shop.shop.catalogue_prices.set_prices(shop.manager, sale) == 2
    assert shop.shop.catalogue_prices.set_prices(shop.manager, sale) == 0, "set already"
    own = PricesAsked(list="retail", changes=[PriceChange(variant=candy, price=Amount(1_088))])
    shop.shop.catalogue_prices.set_prices(shop.manager, own)
    totals = []
    for _ in range(4):
        totals.append(shop.shop.checkout.price(shop.cart(CANDY)).total)
        shop.clock.forward(timedelta(days=1))
    assert totals == [1_088, 888, 888, 1_088]
    changes = shop.shop.catalogue_prices.price_changes()
    assert [(c.variant_id, c.before, c.after) for c in changes] == [
        (candy, None, 888),
        (formula, None, 30_000),
        (candy, 888, 999),
        (formula, 30_000, 32_800),
        (candy, 999, 1_088),
    ]
    days = [TODAY + timedelta(days=1)] * 2 + [TODAY + timedelta(days=3)] * 2
    assert [c.valid_from for c in changes[:4]] == days, (
        "on the day after the last one the labels are wrong again"
    )
    shop.shop.catalogue_prices.labels_done(shop.manager, [changes[0].no, *(c.no for c in changes[2:])])
    assert [c.no for c in shop.shop.catalogue_prices.price_changes()] == [changes[1].no]
    assert len(shop.shop.catalogue_prices.price_changes(changes[0].changed_at)) == 5
    told = [f for f in facts(shop, PricesSet) if isinstance(f, PricesSet)]
    assert [(f.reason, len(f.prices)) for f in told] == [("双十二", 2), (None, 1)]


def test_a_price_list_or_days_that_cannot_be_are_refused(shop: DiskShop) -> None:
    candy = goods(shop, CANDY).variant_id
    change = [PriceChange(variant=candy, price=Amount(1))]
    prices = shop.shop.catalogue_prices
    with pytest.raises(PriceListError):
        prices.set_prices(shop.manager, PricesAsked(list="vip", changes=change))
    with pytest.raises(InvalidValueError):
        days = {"valid_from": TODAY, "valid_to": TODAY - timedelta(days=1)}
        prices.set_prices(shop.manager, PricesAsked(list=MEMBER, changes=change, **days))
    with pytest.raises(NotFoundError):
        gone = PriceChange(variant=VariantId(shop.outside.ids.new()), price=Amount(1))
        prices.set_prices(shop.manager, PricesAsked(list=MEMBER, changes=[*change, gone]))
    assert shop.shop.catalogue.prices(candy) == (), "all or nothing"


UP = BulkEdit(
    category="棉袜",
    flags=(("no_coupon", True),),
    price=PriceMove(percent=Decimal(-8), rounding=Rounding.NINE),
)


def test_no_question_walks_a_table_of_goods(shop: DiskShop) -> None:
    candy = goods(shop, CANDY)
    with watched() as statements:
        for text in ("糖", "t", "GZ20", CANDY[:6], CANDY, "J0001", "no such"):
            shop.shop.catalogue.search(text)
        shop.shop.catalogue.browse(category="母婴")
        shop.shop.catalogue.browse("B")
        shop.shop.catalogue.categories()
        shop.shop.catalogue.gold_prices(TODAY)
        shop.shop.catalogue.gold_history("999")
        shop.shop.catalogue.style(candy.style_id)
        shop.shop.catalogue.details(candy.variant_id)
        shop.shop.catalogue_prices.price_changes()
        shop.shop.catalogue_prices.price_changes(shop.clock.now())
        for price in (888, None):
            for_a_day = PricesAsked(
                list="retail",
                changes=[PriceChange(variant=candy.variant_id, price=Amount(price) if price else None)],
                valid_to=TODAY,
            )
            shop.shop.catalogue_prices.set_prices(shop.manager, for_a_day)
        shop.shop.catalogue_bulk.preview(shop.manager, Selection(text="糖"), UP)
        shop.sell(CANDY, RING)
    assert statements.walks(shop.database) == []


def test_a_batch_belongs_to_goods_and_has_a_code(shop: DiskShop) -> None:
    candy = goods(shop, CANDY).variant_id
    with pytest.raises(InvalidValueError):
        shop.shop.catalogue_edit.save_batch(shop.manager, BatchDraft(variant=candy, code=""))
    with pytest.raises(NotFoundError):
        gone = BatchDraft(variant=VariantId(shop.outside.ids.new()), code="L1")
        shop.shop.catalogue_edit.save_batch(shop.manager, gone)


def test_what_was_sold_of_a_piece_is_not_changed_afterwards(shop: DiskShop) -> None:
    made = shop.shop.catalogue_edit.save_piece(shop.manager, piece(shop, fixed_price=Amount(100)))
    shop.sell("J0002")
    known = {"piece_id": PieceId(made.piece_id), "fixed_price": Amount(100)}
    for change in ({"net_weight_mg": Milligrams(1)}, {"code": "J0099"}, {"quarantined": True}):
        with pytest.raises(PieceSoldError):
            shop.shop.catalogue_edit.save_piece(shop.manager, piece(shop, **{**known, **change}))
    found = shop.shop.catalogue.find("J0002")
    assert found is not None and found.piece is not None
    assert found.piece.net_weight_mg == made.net_weight_mg


def test_a_form_saved_late_keeps_the_price_that_was_changed_meanwhile(shop: DiskShop) -> None:
    seen = drafts.draft_of(goods(shop, CANDY), None)
    price = PriceChange(variant=goods(shop, CANDY).variant_id, price=Amount(1_250))
    shop.shop.catalogue_prices.set_prices(shop.manager, PricesAsked(list="retail", changes=[price]))
    held = dataclasses.replace(goods(shop, CANDY).flags, quarantined=True)
    shop.shop.catalogue_edit.set_flags(shop.manager, goods(shop, CANDY).variant_id, held)
    late = dataclasses.replace(
        seen, name="花生酥", flags=dataclasses.replace(seen.flags, no_points=True), seen=seen
    )
    shop.shop.catalogue_edit.save_variant(shop.manager, late)
    now = goods(shop, CANDY)
    assert (now.name, now.retail) == ("花生酥", 1_250)
    assert now.flags.quarantined and now.flags.no_points


def test_a_form_saved_late_is_held_to_the_lowest_price_of_now(shop: DiskShop) -> None:
    seen = drafts.draft_of(goods(shop, CANDY), None)
    shop.shop.catalogue_edit.set_flags(
        shop.manager, goods(shop, CANDY).variant_id, Flags(lowest_price=Amount(900))
    )
    with pytest.raises(InvalidValueError) as wrong:
        shop.shop.catalogue_edit.save_variant(
            shop.manager, dataclasses.replace(seen, retail=Amount(100), seen=seen)
        )
    assert wrong.value.params["field"] == "lowest_price"


def test_a_batch_number_stands_once_among_the_batches_of_its_goods(shop: DiskShop) -> None:
    first = BatchDraft(variant=goods(shop, CANDY).variant_id, code="L1")
    made = shop.shop.catalogue_edit.save_batch(shop.manager, first)
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue_edit.save_batch(shop.manager, first)
    mended = dataclasses.replace(first, batch_id=made.batch_id, quarantined=True)
    assert shop.shop.catalogue_edit.save_batch(shop.manager, mended).quarantined
    other = dataclasses.replace(first, variant=goods(shop, FORMULA).variant_id)
    assert shop.shop.catalogue_edit.save_batch(shop.manager, other).code == "L1"
