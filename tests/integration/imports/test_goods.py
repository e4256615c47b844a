"""Goods and pieces of files: matched by code and barcode, changed only where the file says so, taken back."""

from datetime import date

import pytest

from pos_app.documents.import_report import report_lines
from pos_app.documents.labels import LabelFace
from pos_app.domain.catalogue import GoldPriceEntry, PieceState
from pos_app.domain.catalogue.drafts import BarcodeDraft, VariantDraft
from pos_app.domain.imports.drafts import Note
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.money import Amount
from pos_app.services.imports.values import Progress, Stage, Watcher
from pos_app.services.ports.imports import State
from tests.integration.imports.conftest import Bring
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, RING, DiskShop

HEAD = "商品编码,商品名称,条码,分类,零售价,会员价\n"


def test_known_goods_take_the_fields_of_the_file_and_keep_the_rest(shop: DiskShop, bring: Bring) -> None:
    ended = bring(
        Kind.CATALOGUE, "商品编码,商品名称,零售价\nB002,手工牛轧糖,12.50\nB001,婴儿配方奶粉 1段 800g,328.00\n"
    )
    assert (ended.told.changed, ended.told.same) == (1, 1)
    found = shop.shop.catalogue.find(CANDY)
    assert found is not None
    assert (found.variant.retail, found.variant.category, found.variant.tax_code) == (1250, "母婴", "9")
    with shop.store.read() as tx:
        (label,) = tx.catalogue.price_changes(None, 0, 10)
    assert (label.variant_id, label.before, label.after) == (found.variant.variant_id, 999, 1250)
    shop.shop.imports.withdraw(shop.owner)
    found = shop.shop.catalogue.find(CANDY)
    assert found is not None
    assert found.variant.retail == 999


def open_changes(shop: DiskShop) -> list[tuple[int | None, int | None]]:
    """Return from what to what prices changed whose labels are to be printed."""
    with shop.store.read() as tx:
        return [(each.before, each.after) for each in tx.catalogue.price_changes(None, 0, 10)]


def test_an_import_taken_back_before_labels_were_printed_leaves_none_to_print(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.CATALOGUE, "商品编码,商品名称,零售价\nB002,手工牛轧糖,12.50\n")
    shop.shop.imports.withdraw(shop.owner)
    assert open_changes(shop) == []


def test_labels_printed_for_an_import_are_to_be_printed_again_when_it_is_taken_back(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.CATALOGUE, "商品编码,商品名称,零售价\nB002,手工牛轧糖,12.50\nB001,婴儿配方奶粉 1段 800g,300\n")
    labels = shop.shop.labels.changed().items
    shop.shop.labels.printed(labels)
    found = shop.shop.catalogue.find(FORMULA)
    assert found is not None
    own = VariantDraft(variant_id=found.variant.variant_id, code="B001", name="奶粉", retail=Amount(30000))
    shop.shop.catalogue_edit.save_variant(shop.owner, own)
    assert shop.shop.imports.withdraw(shop.owner).counts.kept == 1
    assert open_changes(shop) == [(1250, 999)]
    (again,) = shop.shop.labels.faces(shop.shop.labels.changed().items)
    assert isinstance(again.face, LabelFace) and again.face.price == 999


def test_new_goods_with_a_member_price_are_found_and_go_again(shop: DiskShop, bring: Bring) -> None:
    ended = bring(Kind.CATALOGUE, HEAD + "N1,银手镯,2000000000015,银饰,399,359\n")
    assert ended.batch is not None
    assert ended.batch.state is State.DONE
    found = shop.shop.catalogue.find("2000000000015")
    assert found is not None
    with shop.store.read() as tx:
        (price,) = tx.catalogue.prices(found.variant.variant_id)
    assert (price.list, price.price) == ("member", 35900)
    assert [hit.variant.code for hit in shop.shop.catalogue.search("yinshou").found] == ["N1"]
    shop.shop.imports.withdraw(shop.owner)
    assert shop.shop.catalogue.find("2000000000015") is None
    with shop.store.read() as tx:
        assert tx.catalogue.prices(found.variant.variant_id) == []
    assert shop.store.check() == []


def test_a_barcode_of_other_goods_is_refused_with_their_name(shop: DiskShop, bring: Bring) -> None:
    ended = bring(Kind.CATALOGUE, HEAD + f"N1,别的奶粉,{FORMULA},母婴,100,\nN2,戒指,{RING},,1,\n")
    assert ended.told.new + ended.told.changed == 0
    fault = ended.told.refused[0].faults[0]
    assert fault.params == {
        "code": "importing.clash.barcode_taken",
        "barcode": FORMULA,
        "name": "婴儿配方奶粉 1段 800g",
    }


UPC_A, EAN_13, ZINC = "036000291452", "0036000291452", "614141000036"
"""One number: the bars of UPC-A, which a scanner may send with the zero of EAN-13."""


@pytest.mark.parametrize(("kept", "told"), [(UPC_A, EAN_13), (EAN_13, UPC_A), (UPC_A, "0" + EAN_13)])
def test_one_number_in_two_forms_is_not_given_to_two_goods(
    shop: DiskShop, bring: Bring, kept: str, told: str
) -> None:
    bring(Kind.CATALOGUE, HEAD + f"N1,进口饼干,{kept},食品,25,\n")
    ended = bring(Kind.CATALOGUE, HEAD + f"N2,进口薯片,{told},食品,30,\n")
    assert ended.told.new + ended.told.changed == 0
    assert ended.told.refused[0].faults[0].params == {
        "code": "importing.clash.barcode_taken",
        "barcode": told,
        "name": "进口饼干",
    }


@pytest.mark.parametrize(
    ("there", "row"),
    [(f"{UPC_A},进口饼干,", f"N2,进口薯片,{EAN_13}"), (f"N1,进口饼干,{UPC_A}", f"{EAN_13},薯片,")],
)
def test_a_code_of_goods_and_a_barcode_of_others_are_not_one_number_in_two_forms(
    shop: DiskShop, bring: Bring, there: str, row: str
) -> None:
    assert bring(Kind.CATALOGUE, HEAD + f"{there},食品,25,\n").told.new == 1
    ended = bring(Kind.CATALOGUE, HEAD + f"{row},食品,30,\n")
    assert ended.told.new + ended.told.changed == 0
    assert ended.told.refused[0].faults[0].params["name"] == "进口饼干"


def test_a_piece_has_no_code_that_is_a_barcode_in_another_form(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.CATALOGUE, HEAD + f"N1,进口饼干,{UPC_A},食品,25,\n")
    ended = bring(Kind.PIECES, f"件号,商品编码,净重,一口价\n{EAN_13},A002,3.25,588\n")
    assert ended.told.refused[0].faults[0].params["code"] == "importing.clash.code_is_goods"
    assert bring(Kind.PIECES, f"件号,商品编码,净重,一口价\n{ZINC},A002,3.25,588\n").told.new == 1
    ended = bring(Kind.CATALOGUE, HEAD + f"N2,进口薯片,0{ZINC},食品,30,\n")
    assert ended.told.refused[0].faults[0].params["code"] == "importing.clash.code_is_piece"


def test_one_number_in_two_forms_stands_once_in_a_file(shop: DiskShop, bring: Bring) -> None:
    ended = bring(Kind.CATALOGUE, HEAD + f"N1,进口饼干,{UPC_A},食品,25,\nN2,进口薯片,{EAN_13},食品,30,\n")
    assert (ended.told.new, ended.told.twice) == (1, 1)


@pytest.mark.parametrize(("kept", "told"), [(UPC_A, EAN_13), (EAN_13, UPC_A)])
@pytest.mark.parametrize("code", ["N1", ""])
def test_a_row_with_the_other_form_of_a_barcode_is_about_the_same_goods(
    shop: DiskShop, bring: Bring, kept: str, told: str, code: str
) -> None:
    bring(Kind.CATALOGUE, HEAD + f"{code},进口饼干,{kept},食品,25,\n")
    ended = bring(Kind.CATALOGUE, HEAD + f"{code},进口饼干,{told},食品,25,\n")
    assert (ended.told.new, ended.told.same, ended.told.refused_count) == (0, 1, 0)
    ended = bring(Kind.CATALOGUE, HEAD + f"{code},进口饼干,{told},食品,26,\n")
    assert (ended.told.new, ended.told.changed, ended.told.refused_count) == (0, 1, 0)
    found = shop.shop.catalogue.find(told)
    assert found is not None
    assert found.variant.retail == 2600
    barcodes, _, _ = shop.shop.catalogue.details(found.variant.variant_id)
    assert [each.code for each in barcodes] == [kept]


def test_a_pack_told_by_the_other_form_changes_the_barcode_that_is_there(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.CATALOGUE, HEAD + f"N1,进口饼干,{UPC_A},食品,25,\n")
    ended = bring(Kind.CATALOGUE, f"商品编码,商品名称,条码\nN1,进口饼干,{EAN_13}*6箱=140\n")
    assert ended.told.changed == 1
    found = shop.shop.catalogue.find(EAN_13)
    assert found is not None
    barcodes, _, _ = shop.shop.catalogue.details(found.variant.variant_id)
    assert [(each.code, each.pack_quantity, each.price) for each in barcodes] == [(UPC_A, 6000, 14000)]


def test_goods_made_by_hand_meanwhile_with_the_other_form_win_over_the_file(
    shop: DiskShop, bring: Bring
) -> None:
    draft = VariantDraft(code="H1", name="手工录入", barcodes=(BarcodeDraft(code=EAN_13),))
    made: list[str] = []

    def by_hand(progress: Progress) -> None:
        if progress.stage is Stage.KEYS and not made:
            made.append(shop.shop.catalogue_edit.save_variant(shop.owner, draft).code)

    ended = bring(Kind.CATALOGUE, HEAD + f"N1,进口饼干,{UPC_A},食品,25,\n", Watcher(progress=by_hand))
    assert made
    assert ended.batch is not None
    assert ended.batch.counts.left_out == 1
    found = shop.shop.catalogue.find(UPC_A)
    assert found is not None
    assert found.variant.code == "H1"


def test_pieces_belong_to_goods_by_code_or_by_a_name_that_is_new(shop: DiskShop, bring: Bring) -> None:
    text = (
        "条码号,款式编码,商品名称,净重,成色,证书号,工费(克)\n"
        "P1,A002,足金戒指,3.260,999,GZ1,28\n"
        "P2,,古法手镯,20.5,999,GZ2,38\n"
        "P3,,古法手镯,21.5,999,GZ20261122001,38\n"
    )
    opened = bring(Kind.PIECES, text, dry=True)
    assert (opened.told.new, opened.told.refused_count) == (2, 1), opened.told.refused
    bring(Kind.PIECES, text)
    with shop.store.read() as tx:
        found = tx.catalogue.find_piece("P1")
        made = tx.catalogue.find_piece("P2")
    assert found is not None
    assert made is not None
    assert found.piece is not None
    assert (found.variant.code, found.piece.net_weight_mg) == ("A002", 3260)
    assert (made.variant.name, made.variant.code) == ("古法手镯", "古法手镯")
    shop.shop.imports.withdraw(shop.owner)
    with shop.store.read() as tx:
        assert tx.catalogue.find_piece("P1") is None
        assert tx.catalogue.find_piece(RING) is not None


def test_a_piece_sold_while_it_comes_in_anew_stays_sold(shop: DiskShop, bring: Bring) -> None:
    text = f"条码号,款式编码,净重,成色,一口价\n{RING},A002,3.260,999,6000\n"
    bring(Kind.PIECES, text)
    shop.sell(RING)
    gone = shop.shop.imports.withdraw(shop.owner)
    assert gone.counts.kept == 1
    with shop.store.read() as tx:
        found = tx.catalogue.find_piece(RING)
    assert found is not None
    assert found.piece is not None
    assert found.piece.state is PieceState.SOLD


def test_an_export_of_goods_and_pieces_brought_in_again_changes_nothing(shop: DiskShop) -> None:
    for kind, count in ((Kind.CATALOGUE, 4), (Kind.PIECES, 1)):
        for name in (f"{kind}.csv", f"{kind}.xlsx"):
            file = shop.folder / name
            assert shop.shop.exports.write(shop.owner, kind, file, "陈老板") == count
            ended = shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, kind))
            assert (ended.told.same, ended.told.refused_count) == (count, 0), (name, ended.told)
    assert shop.shop.catalogue.find(NECKLACE) is not None


def test_a_member_price_of_zero_sells_nothing_for_nothing_and_its_rows_are_told(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.CATALOGUE, HEAD + "B002,手工牛轧糖,,,12.50,11\n")
    ended = bring(Kind.CATALOGUE, HEAD + "B002,手工牛轧糖,,,0.00,0.00\nN1,银手镯,,,399,0\n")
    found, made = shop.shop.catalogue.find(CANDY), shop.shop.catalogue.find("N1")
    assert found is not None and made is not None
    assert (found.variant.retail, made.variant.retail) == (1250, 39900)
    with shop.store.read() as tx:
        assert [price.price for price in tx.catalogue.prices(found.variant.variant_id)] == [1100]
        assert tx.catalogue.prices(made.variant.variant_id) == []
    assert ended.told.notes[Note.ZERO_PRICE].rows == (2, 3)
    told = list(report_lines(ended.told, shop.shop.current.value.money))
    assert "2 行价格是 0，当作没有设价：第 2、3 行。" in told


def test_a_lowest_price_above_the_retail_price_is_refused_and_a_dear_member_price_is_told(
    shop: DiskShop, bring: Bring
) -> None:
    head = "商品编码,商品名称,零售价,最低售价,会员价\n"
    text = "N1,银手镯,399,400,\nN2,银戒指,399,399,499\nB002,手工牛轧糖,,20,\nB001,奶粉,,20,9.99\n"
    ended = bring(Kind.CATALOGUE, head + text)
    assert [(r.row, r.faults[0].field, r.faults[0].params["code"]) for r in ended.told.refused] == [
        (2, "lowest_price", "importing.clash.lowest_above_retail"),
        (4, "lowest_price", "importing.clash.lowest_above_retail"),
    ]
    assert (ended.told.new, ended.told.changed, ended.told.refused[0].faults[0].shown) == (1, 1, "400.00")
    assert ended.told.notes[Note.MEMBER_PRICE_ABOVE].rows == (3,)


def test_finenesses_without_a_gold_price_are_named_in_the_rehearsal(shop: DiskShop, bring: Bring) -> None:
    with shop.store.write() as tx:
        entry = GoldPriceEntry(fineness="足金999", price=Amount(101200), day=date(2026, 11, 1))
        tx.catalogue.set_gold_price(entry)
    text = "条码号,款式编码,净重,成色,一口价\nP1,A002,3.2,足金999,\nP2,A002,3.2,18K,\nP3,A002,3.2,PT950,588\n"
    told = bring(Kind.PIECES, text, dry=True).told
    assert told.unpriced == {"18K": 1}
    lines = list(report_lines(told, shop.shop.current.value.money))
    assert "这些成色从没设过金价，设了金价才能卖：18K（1 件）。" in lines
