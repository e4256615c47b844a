"""The codes of goods: none stands for two things, in whatever form a scanner sends it."""

import dataclasses

import pytest

from pos_app.domain.catalogue.drafts import BarcodeDraft, DuplicateCodeError
from pos_app.domain.values.ids import VariantId
from pos_app.services.catalogue import GoodsToSave
from tests.support.catalogue_shop import goods, piece, wipes
from tests.support.shop_on_disk import CANDY, DiskShop


def test_goods_taken_in_with_a_code_that_is_taken_are_refused(shop: DiskShop) -> None:
    other = dataclasses.replace(goods(shop, CANDY), variant_id=VariantId(shop.outside.ids.new()))
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue.take_in(shop.owner, "test", [GoodsToSave(other)])


def test_no_code_that_a_scanner_sends_stands_for_two_things_in_any_of_its_forms(shop: DiskShop) -> None:
    edit, upc = shop.shop.catalogue_edit, "036000291452"
    edit.save_variant(shop.manager, wipes(code=upc))
    other = goods(shop, CANDY)
    with pytest.raises(DuplicateCodeError):
        edit.set_barcodes(shop.manager, other.variant_id, (BarcodeDraft(code="0" + upc),))
    with pytest.raises(DuplicateCodeError):
        edit.save_piece(shop.manager, piece(shop, code="0" + upc))
    fresh = dataclasses.replace(other, variant_id=VariantId(shop.outside.ids.new()), code="0" + upc)
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue.take_in(shop.owner, "test", [GoodsToSave(fresh)])
    two = [
        dataclasses.replace(fresh, variant_id=VariantId(shop.outside.ids.new()), code=code)
        for code in ("614141000036", "0614141000036")
    ]
    with pytest.raises(DuplicateCodeError):
        shop.shop.catalogue.take_in(shop.owner, "test", [GoodsToSave(each) for each in two])


def test_own_numbers_of_eight_digits_stand_side_by_side_though_they_would_read_as_one_upc_e(
    shop: DiskShop,
) -> None:
    for code in ("12171945", "12171095"):
        shop.shop.catalogue_edit.save_variant(shop.manager, wipes(code=code, name=code, barcodes=()))
    for code in ("12171945", "12171095"):
        found = shop.shop.catalogue.find(code)
        assert found is not None and found.variant.name == code
    candy = goods(shop, CANDY)
    brought = [
        GoodsToSave(dataclasses.replace(candy, variant_id=VariantId(shop.outside.ids.new()), code=code))
        for code in ("12301645", "12301065")
    ]
    shop.shop.catalogue.take_in(shop.owner, "test", brought)
