"""Many goods changed at once, shown first and taken back; pictures of goods; how many are found."""

import dataclasses
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from pos_app.documents.pictures import (
    LARGEST_PX,
    THUMBNAIL_PX,
    PictureError,
    PictureTooLargeError,
)
from pos_app.domain.catalogue import Flags
from pos_app.domain.catalogue.bulk import BulkEdit, PriceMove, Rounding
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import Amount
from pos_app.services.catalogue import GoodsToSave
from pos_app.services.catalogue_bulk import NothingToUndoError, Selection
from pos_app.services.ports.goods import COUNTED
from tests.support.catalogue_shop import draft_of, goods
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop


def many(shop: DiskShop, count: int) -> None:
    """Make goods of one name, of one category."""
    made = []
    candy = goods(shop, CANDY)
    for number in range(count):
        own = dataclasses.replace(
            candy,
            variant_id=VariantId(shop.outside.ids.new()),
            code=f"T{number:05d}",
            name=f"棉袜 {number}",
            category="袜子",
            cost=Amount(900),
            flags=Flags(lowest_price=Amount(950) if number < 3 else None),
        )
        made.append(GoodsToSave(own))
    shop.shop.catalogue.take_in(shop.owner, "test", made)


UP = BulkEdit(
    category="棉袜",
    flags=(("no_coupon", True),),
    price=PriceMove(percent=Decimal(-8), rounding=Rounding.NINE),
)


def test_many_goods_are_changed_as_it_was_shown_and_taken_back(shop: DiskShop) -> None:
    many(shop, 250)
    selection, bulk = Selection(text="棉袜"), shop.shop.catalogue_bulk
    shown = bulk.preview(shop.manager, selection, UP)
    assert (shown.selected, shown.changed, len(shown.rows)) == (250, 250, 50)
    assert (shown.below_lowest, shown.below_cost) == (3, 250), "9.99 less 8 % is 9.19, rounded 8.90"
    assert goods(shop, "T00000").category == "袜子", "a preview changes nothing"
    seen: list[tuple[int, int]] = []
    done = bulk.apply(shop.manager, selection, UP, "清仓", lambda n, of: seen.append((n, of)) is None)
    assert done.done == 250 and seen == [(100, 250), (200, 250), (250, 250)]
    changed = goods(shop, "T00123")
    assert (changed.category, changed.retail, changed.flags.no_coupon) == ("棉袜", 890, True)
    assert len(shop.shop.catalogue_prices.price_changes()) == 250
    mended = shop.shop.catalogue_edit.save_variant(shop.manager, draft_of(changed, retail=Amount(777)))
    renamed = draft_of(goods(shop, "T00007"), name="羊毛袜")
    shop.shop.catalogue_edit.save_variant(shop.manager, renamed)
    made = bulk.last()
    assert made is not None and (made.count, made.made_by) == (250, shop.manager.staff_id)
    back = bulk.undo(shop.manager)
    assert (back.done, back.left) == (249, 1)
    assert goods(shop, "T00123") == mended, "changed since: left alone"
    assert (goods(shop, "T00007").name, goods(shop, "T00007").retail) == ("羊毛袜", 999)
    assert goods(shop, "T00249").category == "袜子" and not goods(shop, "T00249").flags.no_coupon
    with pytest.raises(NothingToUndoError):
        bulk.undo(shop.manager)
    assert shop.verify().passed


def test_a_change_of_many_that_was_stopped_can_be_taken_back_too(shop: DiskShop) -> None:
    many(shop, 250)
    stopped = shop.shop.catalogue_bulk.apply(
        shop.manager, Selection(category="袜子"), UP, progress=lambda done, _of: done < 200
    )
    assert stopped.stopped and stopped.done == 200
    assert shop.shop.catalogue.browse(category="棉袜")[1] == 200
    assert shop.shop.catalogue_bulk.undo(shop.manager).done == 200
    assert shop.shop.catalogue.browse(category="袜子")[1] == 250
    assert shop.shop.catalogue.categories() == ("母婴", "袜子", "金饰")


def test_chosen_goods_alone_are_changed(shop: DiskShop) -> None:
    ids = (goods(shop, CANDY).variant_id, goods(shop, NECKLACE).variant_id)
    edit = BulkEdit(tax_code="13")
    shown = shop.shop.catalogue_bulk.preview(shop.manager, Selection(ids=ids), edit)
    assert (shown.selected, shown.changed) == (2, 1), "one has that tax already"
    with pytest.raises(InvalidValueError):
        shop.shop.catalogue_bulk.apply(shop.manager, Selection(ids=ids), BulkEdit(tax_code="99"))
    assert shop.shop.catalogue_bulk.last() is None


def test_found_goods_are_counted_up_to_a_thousand(shop: DiskShop) -> None:
    many(shop, COUNTED + 5)
    for text in ("棉袜", "m", "mw", "t"):
        hits = shop.shop.catalogue.search(text, 20)
        assert len(hits.found) == 20 and hits.capped, text
        assert len({found.variant.variant_id for found in hits.found}) == 20
    narrow = shop.shop.catalogue.search("棉袜 100", 20)
    assert [found.variant.name for found in narrow.found[:2]] == ["棉袜 100", "棉袜 1000"]
    assert (narrow.total, narrow.capped) == (6, False)
    assert shop.shop.catalogue.browse(limit=1)[1] == COUNTED + 9


def picture(kind: str, width: int, height: int) -> bytes:
    """Return a picture file."""
    out = BytesIO()
    Image.new("RGB", (width, height), (180, 30, 40)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_kept_small_and_shown(shop: DiskShop, kind: str) -> None:
    candy = goods(shop, CANDY).variant_id
    sha = shop.shop.catalogue_pictures.set_picture(shop.manager, candy, picture(kind, 2_000, 1_000))
    assert sha is not None and goods(shop, CANDY).picture == sha
    kept = shop.shop.catalogue_pictures.picture(sha)
    assert kept is not None and kept.media_type == f"image/{kind.lower()}"
    assert Image.open(BytesIO(kept.content)).size == (LARGEST_PX, LARGEST_PX // 2)
    assert Image.open(BytesIO(kept.thumbnail)).size == (THUMBNAIL_PX, THUMBNAIL_PX // 2)
    assert shop.shop.catalogue_pictures.thumbnail(sha) == kept.thumbnail
    shop.shop.catalogue_pictures.set_picture(shop.manager, candy, None)
    assert goods(shop, CANDY).picture is None


def test_a_file_that_is_no_picture_or_too_large_is_refused(shop: DiskShop) -> None:
    candy = goods(shop, CANDY).variant_id
    for wrong in (b"", b"<svg/>", picture("GIF", 10, 10), picture("PNG", 50, 50)[:60]):
        with pytest.raises(PictureError):
            shop.shop.catalogue_pictures.set_picture(shop.manager, candy, wrong)
    with pytest.raises(PictureTooLargeError):
        shop.shop.catalogue_pictures.set_picture(shop.manager, candy, picture("PNG", 9_000, 9_000))
    assert goods(shop, CANDY).picture is None
