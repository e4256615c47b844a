"""Goods that one till changes are so at the others: with prices, barcodes, packs, pieces, gold, batches."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from pos_app.domain.catalogue import PieceState
from pos_app.domain.catalogue.drafts import StyleDraft
from pos_app.domain.imports.kinds import Kind as ImportKind
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import Amount
from pos_app.services.catalogue import GoodsToSave
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from pos_app.services.ports.syncing import EnrolWay
from sync.client.goods_bringing import progress_of
from sync.client.goods_sending import Room
from sync.protocol.documents import Kind
from sync.protocol.messages import Next
from tests.support.catalogue_shop import TODAY, draft_of, goods, piece, wipes
from tests.support.goods_edits import keys_anew, keys_of, some_edit
from tests.support.goods_post import Post, PostTill, founding_till, new_till, state_of, sync
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING
from tests.support.statements import watched

TRAVELLING = (Kind.VARIANT, Kind.PIECE, Kind.GOLD)


@pytest.fixture
def post() -> Post:
    """A post that keeps nothing yet."""
    return Post()


@pytest.fixture
def first(tmp_path: Path, post: Post) -> Iterator[PostTill]:
    """The merchant's first till."""
    till = founding_till(tmp_path / "first", post)
    yield till
    till.at.store.close()


@pytest.fixture
def second(tmp_path: Path, post: Post, first: PostTill) -> Iterator[PostTill]:
    """A till that joined and has all that the first one has."""
    till = new_till(tmp_path / "second", post)
    sync(first, till)
    till.at.owner, till.at.cashier, till.at.manager = first.at.owner, first.at.cashier, first.at.manager
    yield till
    till.at.store.close()


def equal(first: PostTill, second: PostTill) -> bool:
    """Whether both tills have the same goods; raise with what is other where they have not."""
    here, there = state_of(first, *TRAVELLING), state_of(second, *TRAVELLING)
    other = [(here.get(key), there.get(key)) for key in {*here, *there} if here.get(key) != there.get(key)]
    assert not other, other
    return bool(here)


def prices(at: PostTill, code: str, price: int, barcode: str | None = None, **more: object) -> None:
    """Set a price of the goods of a code."""
    change = PriceChange(variant=goods(at.at, code).variant_id, price=Amount(price), barcode=barcode)
    asked = PricesAsked(**{"list": "retail", "changes": [change], **more})  # type: ignore[arg-type]
    at.at.shop.catalogue_prices.set_prices(at.at.owner, asked)


def test_a_new_till_sells_what_the_first_one_has(first: PostTill, second: PostTill) -> None:
    assert equal(first, second)
    assert len(state_of(second, Kind.VARIANT)) == 4 and len(state_of(second, Kind.PIECE)) == 1
    assert second.at.shop.catalogue.search("奶粉", 5).total == 1, "found by its name"
    second.at.shop.shifts.open(second.at.cashier, Amount(0))
    sold = second.at.sell(FORMULA_CASE, CANDY)
    assert sold.sale.total == first.at.shop.checkout.price(first.at.cart(FORMULA_CASE, CANDY)).total


def test_goods_made_at_one_till_are_scanned_at_the_other(first: PostTill, second: PostTill) -> None:
    first.at.shop.catalogue_edit.save_variant(first.at.owner, wipes(scale_item="00123"))
    sync(first, second)
    found = second.at.shop.catalogue.find("6903148091234")
    assert found is not None and found.variant.retail == 1_990
    assert second.at.shop.catalogue.scale_item(found.variant.variant_id) == "00123"
    assert second.at.shop.catalogue.search("Aloe", 5).total == 1
    assert equal(first, second)


def test_a_name_that_changed_is_found_by_its_new_name_only(first: PostTill, second: PostTill) -> None:
    candy = goods(first.at, CANDY)
    first.at.shop.catalogue_edit.save_variant(first.at.owner, draft_of(candy, name="花生酥"))
    sync(first, second)
    search = second.at.shop.catalogue.search
    assert search("花生酥", 5).total == 1 and search("牛轧糖", 5).total == 0


def test_prices_with_their_days_and_packs_hold_at_the_other_till(first: PostTill, second: PostTill) -> None:
    tomorrow = TODAY + timedelta(days=1)
    prices(first, CANDY, 888)
    prices(first, CANDY, 777, list="member", valid_from=TODAY, valid_to=tomorrow)
    prices(first, FORMULA, 180_000, barcode=FORMULA_CASE)
    sync(first, second)
    assert equal(first, second)
    assert goods(second.at, CANDY).retail == 888
    prices(second, CANDY, 666, list="member", valid_from=TODAY, valid_to=tomorrow)
    sync(second, first)
    assert equal(first, second)
    assert [row.price for row in first.at.shop.catalogue.prices(goods(first.at, CANDY).variant_id)] == [666]


def test_a_price_that_moved_asks_for_a_label_at_the_other_till(first: PostTill, second: PostTill) -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert second.at.shop.catalogue_prices.price_changes() == (), "a new till has no labels to print again"
    prices(first, CANDY, 888)
    prices(first, CANDY, 777, list="member", valid_from=TODAY, valid_to=tomorrow)
    prices(first, CANDY, 766, list="member", valid_from=TODAY, valid_to=tomorrow)
    prices(first, FORMULA, 180_000, barcode=FORMULA_CASE)
    sync(first, second)

    def told(at: PostTill) -> set[tuple[object, ...]]:
        changes = at.at.shop.catalogue_prices.price_changes()
        return {(c.variant_id, c.list, c.barcode, c.after, c.valid_from) for c in changes}

    assert told(second) == {each for each in told(first) if each[3] != 777}


def test_a_piece_that_was_sold_is_sold_everywhere(first: PostTill, second: PostTill) -> None:
    first.at.sell(RING)
    sync(first, second)
    found = second.at.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None and found.piece.state is PieceState.SOLD


def test_a_new_piece_and_todays_gold_price_it_at_the_other_till(first: PostTill, second: PostTill) -> None:
    first.at.shop.catalogue_edit.save_piece(first.at.owner, piece(first.at))
    first.at.shop.catalogue.set_gold_price(first.at.owner, "足金999", TODAY, Amount(91_500))
    first.at.shop.catalogue.set_gold_price(first.at.owner, "足金999", TODAY, Amount(91_800))
    sync(first, second)
    assert [each.price for each in second.at.shop.catalogue.gold_prices(TODAY)] == [91_800]
    assert equal(first, second)


def test_a_style_that_got_another_name_is_so_for_all_its_variants(first: PostTill, second: PostTill) -> None:
    edit = first.at.shop.catalogue_edit
    style = edit.save_style(first.at.owner, StyleDraft(code="S1", name="连衣裙"))
    for code in ("S1-1", "S1-2"):
        edit.save_variant(first.at.owner, wipes(code=code, style=style.style_id, barcodes=()))
    sync(first, second)
    edit.save_style(first.at.owner, StyleDraft(code="S1", name="连衣裙 秋", style_id=style.style_id))
    sync(first, second)
    there, variants = second.at.shop.catalogue.style(style.style_id)
    assert there is not None and there.name == "连衣裙 秋" and len(variants) == 2


def test_an_edit_that_was_not_sent_yet_is_not_overwritten(first: PostTill, second: PostTill) -> None:
    prices(first, CANDY, 888)
    second.at.clock.forward(timedelta(minutes=1))
    prices(second, CANDY, 777)
    first.send()
    second.take()
    assert goods(second.at, CANDY).retail == 777
    sync(second, first)
    assert goods(first.at, CANDY).retail == goods(second.at, CANDY).retail == 777


def test_of_two_edits_at_once_the_later_one_holds_at_both(first: PostTill, second: PostTill) -> None:
    first.at.clock.forward(timedelta(hours=1))
    prices(first, CANDY, 888)
    prices(second, CANDY, 777)
    sync(first, second)
    assert goods(first.at, CANDY).retail == goods(second.at, CANDY).retail == 888


def test_who_changed_what_the_other_did_holds_though_her_clock_is_slow(
    first: PostTill, second: PostTill
) -> None:
    first.at.clock.forward(timedelta(minutes=90))
    prices(first, CANDY, 888)
    sync(first, second)
    prices(second, CANDY, 777)
    sync(second, first)
    assert goods(first.at, CANDY).retail == goods(second.at, CANDY).retail == 777


def test_a_change_of_many_goods_travels_in_parts_and_before_its_fact(
    first: PostTill, second: PostTill, post: Post
) -> None:
    post.next = Next(max_facts=500)
    for number in range(30):
        first.at.shop.catalogue_edit.save_variant(
            first.at.owner, wipes(code=f"X{number:03d}", barcodes=(), category="新")
        )
    sync(first, second)
    first.engine._room = Room(facts=500, documents=7)
    asked = PricesAsked(
        list="member",
        changes=[
            PriceChange(variant=goods(first.at, f"X{n:03d}").variant_id, price=Amount(100 + n))
            for n in range(30)
        ],
    )
    first.at.shop.catalogue_prices.set_prices(first.at.owner, asked)
    post.pushes.clear()
    while True:
        first.engine._room = Room(facts=500, documents=7)
        if first.engine.push().waiting == 0:
            break
    assert [len(push.documents) for push in post.pushes] == [7, 7, 7, 7, 2]
    assert [len(push.facts) for push in post.pushes] == [0, 0, 0, 0, 1]
    second.take()
    assert equal(first, second)


def test_too_many_documents_are_halved_until_they_pass(first: PostTill, tmp_path: Path, post: Post) -> None:
    post.most_documents = 1
    first.send()
    assert post.refused and len(post.kept) == len(state_of(first))


def test_what_a_file_brought_arrives_and_can_still_be_taken_back(
    first: PostTill, second: PostTill, tmp_path: Path
) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("商品编码,商品名称,零售价\nB002,手工牛轧糖,12.50\nNEW1,新货,9.90\n", encoding="utf-8-sig")
    imported(first, file)
    prices(second, NECKLACE, 111_100)
    sync(first, second)
    assert goods(second.at, "NEW1").retail == 990 and goods(second.at, CANDY).retail == 1_250
    assert goods(first.at, NECKLACE).retail == 111_100, "and nothing that the file does not name goes along"
    first.at.shop.imports.withdraw(first.at.owner)
    sync(first, second)
    assert second.at.shop.catalogue.find("NEW1") is None
    assert goods(first.at, CANDY).retail == goods(second.at, CANDY).retail == 999
    assert equal(first, second)


def test_an_import_taken_back_undoes_no_edit_that_was_made_elsewhere_and_not_seen_here(
    first: PostTill, second: PostTill, tmp_path: Path
) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("商品编码,商品名称,零售价\nB002,手工牛轧糖,12.50\n", encoding="utf-8-sig")
    imported(first, file)
    sync(first, second)
    prices(second, NECKLACE, 111_100)
    first.at.clock.forward(timedelta(hours=1))
    first.at.shop.imports.withdraw(first.at.owner)
    second.send()
    sync(first, second)
    for till in (first, second):
        assert (goods(till.at, NECKLACE).retail, goods(till.at, CANDY).retail) == (111_100, 999)
    assert equal(first, second)


def imported(till: PostTill, file: Path) -> None:
    """Import a file of goods."""
    shop = till.at.shop
    shop.imports.run(till.at.owner, shop.imports.open(file, ImportKind.CATALOGUE))


def test_no_table_of_goods_is_walked_for_what_travels(first: PostTill, tmp_path: Path, post: Post) -> None:
    other = new_till(tmp_path / "other", post)
    file = tmp_path / "goods.csv"
    file.write_text("商品编码,商品名称,零售价\nNEW1,新货,9.90\n", encoding="utf-8-sig")
    imported(first, file)
    with watched() as statements:
        prices(first, CANDY, 888, list="member")
        first.at.sell(RING)
        sync(first, other)
    first.at.shop.imports.withdraw(first.at.owner)
    with watched() as more:
        sync(first, other)
    statements.seen.update(more.seen)
    for till in (first, other):
        assert statements.walks(till.at.database) == []
    other.at.store.close()


# -- brought along as a whole --------------------------------------------------------------------------------


def many(till: PostTill, count: int) -> None:
    """Make many goods."""
    candy, ids = goods(till.at, CANDY), till.at.outside.ids
    new = [
        GoodsToSave(replace(candy, variant_id=VariantId(ids.new()), code=f"M{n:05d}", name=f"货 {n}"))
        for n in range(count)
    ]
    till.at.shop.catalogue.take_in(till.at.owner, "test", new)


def test_a_till_that_is_killed_while_it_brings_goods_along_goes_on_where_it_was(
    first: PostTill, tmp_path: Path, post: Post
) -> None:
    many(first, 120)
    first.come_in(EnrolWay.FOUND)
    lasts = []
    while True:
        first.restarted()
        first.engine._room = Room(facts=500, documents=20)
        if first.engine.push().waiting == 0:
            break
        walk = progress_of(first.link().uploading).walk
        lasts.append(walk and (walk.stage, walk.last))
    documents = [(d.kind, d.id) for push in post.pushes for d in push.documents]
    assert len(documents) == len(set(documents)) == len(state_of(first)), "each once"
    assert len(set(lasts)) == len(lasts) >= 6
    other = new_till(tmp_path / "other", post)
    other.take()
    assert equal(first, other)
    other.at.store.close()


def test_goods_taken_in_at_once_are_brought_along(first: PostTill, second: PostTill) -> None:
    many(first, 40)
    sync(first, second)
    assert equal(first, second) and len(state_of(second, Kind.VARIANT)) == 44


def test_what_comes_in_of_goods_still_to_be_brought_along_waits(first: PostTill, second: PostTill) -> None:
    many(first, 40)
    first.engine._room = Room(facts=500, documents=3)
    first.engine.push()
    assert first.is_bringing()
    prices(second, CANDY, 777)
    second.send()
    first.take()
    assert goods(first.at, CANDY).retail == 999, "its own state goes out first"
    sync(first, second)
    assert goods(first.at, CANDY).retail == goods(second.at, CANDY).retail
    assert equal(first, second)


# -- any edits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_whatever_two_tills_change_they_end_with_the_same_goods(
    first: PostTill, second: PostTill, seed: int
) -> None:
    random = Random(seed)
    for number in range(40):
        till = random.choice((first, second))
        some_edit(till, random, number)
        till.at.clock.forward(timedelta(seconds=random.randrange(-30, 90)))
        if random.random() < 0.3:
            random.choice((first.send, second.send, first.take, second.take))()
        if random.random() < 0.05:
            till.restarted()
    sync(first, second)
    assert equal(first, second)
    for till in (first, second):
        assert till.at.verify().passed
        assert keys_of(till) == keys_anew(till), "the search keys are those of the goods"
