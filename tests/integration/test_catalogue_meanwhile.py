"""Two people change the same goods: what one left alone stays as the other made it; one save is one transaction."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pos_app.domain.catalogue import MEMBER, RETAIL, PieceSoldError, PriceRow, drafts
from pos_app.domain.catalogue.drafts import (
    BarcodeChange,
    BarcodeDraft,
    BatchDraft,
    DuplicateCodeError,
    PieceDraft,
    StyleNamed,
    barcode_draft_of,
    batch_draft_of,
    piece_draft_of,
    price_draft_of,
)
from pos_app.domain.errors import InvalidValueError, NotFoundError
from pos_app.domain.facts.catalogue import GoodsSaved, PricesSet
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from tests.support.catalogue_shop import TODAY, facts_of, goods
from tests.support.shop_on_disk import CANDY, FORMULA, RING, DiskShop

SECOND = "6903148091234"


@contextmanager
def one_transaction(shop: DiskShop, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold that what is done meanwhile is written in one transaction."""
    begun: list[None] = []
    write = shop.store.write

    def counted() -> object:
        begun.append(None)
        return write()

    with monkeypatch.context() as patch:
        patch.setattr(shop.store, "write", counted)
        yield
    assert len(begun) == 1


def priced(shop: DiskShop, price: int, list_name: str = MEMBER) -> PriceRow:
    """Set a price of the candy on a list and return its row."""
    candy = goods(shop, CANDY).variant_id
    change = PriceChange(variant=candy, price=Amount(price))
    shop.shop.catalogue_prices.set_prices(shop.manager, PricesAsked(list=list_name, changes=[change]))
    return shop.shop.catalogue.prices(candy)[-1]


def rows(shop: DiskShop) -> list[tuple[str, int]]:
    return [(row.list, row.price) for row in shop.shop.catalogue.prices(goods(shop, CANDY).variant_id)]


def test_a_price_moves_to_another_list_in_one_transaction(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = price_draft_of(priced(shop, 888))
    moved = dataclasses.replace(seen, list="level:3", seen=seen)
    with one_transaction(shop, monkeypatch):
        shop.shop.catalogue_prices.save_price(shop.manager, moved, "升级")
    (row,) = shop.shop.catalogue.prices(seen.variant)
    assert (row.list, row.price, row.price_id) == ("level:3", 888, seen.row)
    told = [f for f in facts_of(shop) if isinstance(f, PricesSet)][1:]
    assert [(f.list, f.prices[0].before, f.prices[0].after, f.reason) for f in told] == [
        (MEMBER, 888, None, "升级"),
        ("level:3", None, 888, "升级"),
    ]
    assert shop.verify().passed


def test_a_price_that_cannot_move_stays_where_it_is(shop: DiskShop) -> None:
    seen = price_draft_of(priced(shop, 888))
    for changes in (
        {"list": RETAIL, "barcode": "no such"},
        {"valid_from": TODAY, "valid_to": TODAY.replace(day=1)},
    ):
        with pytest.raises((NotFoundError, InvalidValueError)):
            wrong = dataclasses.replace(seen, seen=seen, **changes)  # type: ignore[arg-type]
            shop.shop.catalogue_prices.save_price(shop.manager, wrong)
    assert rows(shop) == [(MEMBER, 888)]


def test_a_price_form_saved_late_keeps_the_price_or_the_list_of_meanwhile(shop: DiskShop) -> None:
    seen = price_draft_of(priced(shop, 888))
    priced(shop, 800)
    days = dataclasses.replace(seen, valid_from=TODAY, seen=seen)
    shop.shop.catalogue_prices.save_price(shop.manager, days)
    (row,) = shop.shop.catalogue.prices(seen.variant)
    assert (row.price, row.valid_from) == (800, TODAY)

    first = price_draft_of(row)
    moved = dataclasses.replace(first, list="level:2", seen=first)
    cheaper = dataclasses.replace(first, price=Amount(700), seen=first)
    shop.shop.catalogue_prices.save_price(shop.manager, moved)
    shop.shop.catalogue_prices.save_price(shop.manager, cheaper)
    assert rows(shop) == [("level:2", 700)]


def test_the_last_word_on_a_price_stands_and_one_that_is_gone_is_told(shop: DiskShop) -> None:
    seen = price_draft_of(priced(shop, 888))
    priced(shop, 800)
    shop.shop.catalogue_prices.save_price(
        shop.manager, dataclasses.replace(seen, price=Amount(777), seen=seen)
    )
    assert rows(shop) == [(MEMBER, 777)]
    gone = dataclasses.replace(seen, price=None, seen=seen)
    shop.shop.catalogue_prices.save_price(shop.manager, gone)
    assert rows(shop) == []
    with pytest.raises(NotFoundError):
        shop.shop.catalogue_prices.save_price(
            shop.manager, dataclasses.replace(seen, list="level:1", seen=seen)
        )
    shop.shop.catalogue_prices.save_price(
        shop.manager, dataclasses.replace(seen, price=Amount(666), seen=seen)
    )
    assert rows(shop) == [(MEMBER, 666)]


def test_the_own_retail_price_left_alone_is_the_one_of_meanwhile(shop: DiskShop) -> None:
    candy = goods(shop, CANDY)
    own = drafts.PriceDraft(variant=candy.variant_id, list=RETAIL, price=candy.retail)
    change = PriceChange(variant=candy.variant_id, price=Amount(1_250))
    shop.shop.catalogue_prices.set_prices(shop.manager, PricesAsked(list=RETAIL, changes=[change]))
    shop.shop.catalogue_prices.save_price(shop.manager, dataclasses.replace(own, list=MEMBER, seen=own))
    assert goods(shop, CANDY).retail == 1_250
    assert rows(shop) == [(MEMBER, 1_250)]


def test_a_new_style_is_made_with_its_goods_or_not_at_all(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = drafts.draft_of(goods(shop, CANDY), None)
    named = StyleNamed(code="TANG-1", name="牛轧糖系列")
    taken = dataclasses.replace(seen, code=goods(shop, FORMULA).code, named=named, seen=seen)
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue_edit.save_variant(shop.manager, taken)
    with shop.store.read() as tx:
        assert tx.catalogue.owner_of("style", "TANG-1") is None
    with one_transaction(shop, monkeypatch):
        shop.shop.catalogue_edit.save_variant(shop.manager, dataclasses.replace(seen, named=named, seen=seen))
    style, _ = shop.shop.catalogue.style(goods(shop, CANDY).style_id)
    assert style is not None
    assert (style.code, style.name, style.category) == ("TANG-1", "牛轧糖系列", "母婴")
    told = [f.changes for f in facts_of(shop) if isinstance(f, GoodsSaved)][-2:]
    assert "style" in told[0] and "style_id" in told[1]


def test_a_style_known_by_its_code_keeps_its_name_unless_another_was_typed(shop: DiskShop) -> None:
    for code, name, kept in (
        ("TANG-1", "牛轧糖", "牛轧糖"),
        ("TANG-1", None, "牛轧糖"),
        ("TANG-1", "花生糖", "花生糖"),
    ):
        seen = drafts.draft_of(goods(shop, CANDY), None)
        draft = dataclasses.replace(seen, named=StyleNamed(code=code, name=name), seen=seen)
        shop.shop.catalogue_edit.save_variant(shop.manager, draft)
        style, _ = shop.shop.catalogue.style(goods(shop, CANDY).style_id)
        assert style is not None and style.name == kept


def test_a_piece_form_saved_late_keeps_what_changed_meanwhile(shop: DiskShop) -> None:
    found = shop.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None
    seen = piece_draft_of(found.piece)
    meanwhile = dataclasses.replace(seen, cost=Amount(410_000), tag_price=Amount(1), quarantined=True)
    shop.shop.catalogue_edit.save_piece(shop.manager, meanwhile)
    late = dataclasses.replace(seen, certificate="GZ-NEW", tag_price=Amount(699_900), seen=seen)
    now = shop.shop.catalogue_edit.save_piece(shop.manager, late)
    assert (now.certificate, now.cost) == ("GZ-NEW", 410_000)
    assert now.tag_price == 699_900, "the last word stands"
    assert now.state.value == "quarantined"


def test_a_piece_sold_while_its_form_was_open_keeps_what_its_receipt_says(shop: DiskShop) -> None:
    found = shop.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None
    seen = piece_draft_of(found.piece)
    shop.sell(RING)
    mended: PieceDraft = dataclasses.replace(seen, cost=Amount(1), seen=seen)
    assert shop.shop.catalogue_edit.save_piece(shop.manager, mended).state.value == "sold"
    with pytest.raises(PieceSoldError):
        heavier = dataclasses.replace(seen, gross_weight_mg=seen.gross_weight_mg * 2, seen=seen)
        shop.shop.catalogue_edit.save_piece(shop.manager, heavier)


def test_a_batch_held_back_meanwhile_stays_held_back(shop: DiskShop) -> None:
    edit = shop.shop.catalogue_edit
    made = edit.save_batch(shop.manager, BatchDraft(variant=goods(shop, CANDY).variant_id, code="L1"))
    seen = batch_draft_of(made)
    edit.save_batch(shop.manager, dataclasses.replace(seen, quarantined=True, seen=seen))
    late = edit.save_batch(shop.manager, dataclasses.replace(seen, expires_on=TODAY, seen=seen))
    assert late.quarantined and late.expires_on == TODAY


def barcodes(shop: DiskShop) -> list[BarcodeDraft]:
    found, _, _ = shop.shop.catalogue.details(goods(shop, CANDY).variant_id)
    return [barcode_draft_of(each) for each in found]


def test_barcodes_changed_meanwhile_stay_beside_those_of_a_late_form(shop: DiskShop) -> None:
    candy = goods(shop, CANDY).variant_id
    (own,) = barcodes(shop)
    packed = dataclasses.replace(own, pack_quantity=Quantity(6 * ONE))
    added = BarcodeDraft(code=SECOND, unit="箱")
    changes = [BarcodeChange(was=own, now=packed), BarcodeChange(was=None, now=added)]
    shop.shop.catalogue_edit.change_barcodes(shop.manager, candy, changes)
    late = [BarcodeChange(was=own, now=dataclasses.replace(own, price=Amount(5_000)))]
    shop.shop.catalogue_edit.change_barcodes(shop.manager, candy, late)
    assert sorted(barcodes(shop), key=lambda b: b.code) == sorted(
        [dataclasses.replace(packed, price=Amount(5_000)), added], key=lambda b: b.code
    )


def test_a_barcode_that_is_gone_meanwhile_stays_gone_unless_it_was_changed(shop: DiskShop) -> None:
    candy = goods(shop, CANDY).variant_id
    (own,) = barcodes(shop)
    shop.shop.catalogue_edit.change_barcodes(shop.manager, candy, [BarcodeChange(was=own, now=None)])
    shop.shop.catalogue_edit.change_barcodes(shop.manager, candy, [BarcodeChange(was=own, now=own)])
    with shop.store.read() as tx:
        assert not tx.catalogue.barcodes(candy)
    mine = dataclasses.replace(own, unit="盒")
    shop.shop.catalogue_edit.change_barcodes(shop.manager, candy, [BarcodeChange(was=own, now=mine)])
    assert barcodes(shop) == [mine]


def test_a_barcode_given_to_other_goods_meanwhile_is_refused(shop: DiskShop) -> None:
    taken = BarcodeChange(was=None, now=BarcodeDraft(code=FORMULA))
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue_edit.change_barcodes(shop.manager, goods(shop, CANDY).variant_id, [taken])
    with pytest.raises(InvalidValueError):
        empty = BarcodeChange(was=None, now=BarcodeDraft(code=""))
        shop.shop.catalogue_edit.change_barcodes(shop.manager, goods(shop, CANDY).variant_id, [empty])
