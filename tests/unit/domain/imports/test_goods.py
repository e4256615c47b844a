"""Rows of goods and pieces become drafts, or are refused with everything that is wrong in them."""

from datetime import date

import pytest

from pos_app.domain.imports.drafts import BarcodeDraft, GoodsDraft, Note, PieceDraft
from pos_app.domain.imports.faults import Fault, Reason, Refused
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.table import Row
from pos_app.domain.sales.line import Per
from tests.unit.domain.imports.samples import RULES, read_row, reasons


def _goods(kinds: str = "", **cells: str) -> GoodsDraft | Refused:
    named = {"商品名称": "牧星奶粉", "条码": "6901234567892", **cells}
    found = read_row(Kind.CATALOGUE, {k: v for k, v in named.items() if v is not None}, kinds)
    assert isinstance(found, GoodsDraft | Refused)
    return found


def _piece(**cells: str) -> PieceDraft | Refused:
    named = {"货品编码": "P001", "商品编码": "ZJ01", "金重": "3.260", "成色": "足金999", **cells}
    found = read_row(Kind.PIECES, named)
    assert isinstance(found, PieceDraft | Refused)
    return found


_WHOLE_ROW = {
    "商品编码": "NF0001",
    "款号": "NF",
    "款式名称": "牧星",
    "分类": "奶粉",
    "单位": "罐",
    "零售价": "¥1,299.00",
    "会员价": "1199",
    "进价": "900.5",
    "最低售价": "1000",
    "税率": "13%",
    "颜色": "红",
    "尺码": "M",
    "长度": "45cm",
    "阶段": "1段",
    "品牌": "牧星",
    "规格": "400g",
    "供应商": "某某商贸",
    "是否称重": "否",
    "称编码": "00123",
    "开放价": "否",
    "不打折": "是",
    "停售": "",
    "最低会员等级": "2",
    "开售日期": "2026-12-01",
}
_WHOLE_DRAFT = GoodsDraft(
    row=7,
    code="NF0001",
    name="牧星奶粉",
    style_code="NF",
    style_name="牧星",
    barcodes=(BarcodeDraft(code="6901234567892"),),
    unit="罐",
    category="奶粉",
    retail=129900,
    member_price=119900,
    cost=90050,
    lowest_price=100000,
    tax_code="13",
    by_weight=False,
    open_price=False,
    no_discount=True,
    minimum_level=2,
    sold_from=date(2026, 12, 1),
    scale_item="00123",
    attributes=(
        ("colour", "红"),
        ("size", "M"),
        ("length", "45cm"),
        ("stage", "1段"),
        ("brand", "牧星"),
        ("spec", "400g"),
        ("supplier", "某某商贸"),
    ),
)


def test_a_row_with_everything_is_read_exactly() -> None:
    assert _goods(**_WHOLE_ROW) == _WHOLE_DRAFT


def test_without_a_code_the_first_barcode_is_the_code() -> None:
    found = _goods()
    assert isinstance(found, GoodsDraft) and found.code == "6901234567892"


def test_a_row_without_a_name_or_without_any_code_is_refused() -> None:
    assert reasons(_goods(商品名称=" ")) == [("name", Reason.MISSING)]
    assert reasons(_goods(条码="")) == [("code", Reason.MISSING)]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    found = _goods(条码="6.90123E+12", 零售价="十元", 税率="7%", 停售="也许")
    assert reasons(found) == [
        ("barcode", Reason.DIGITS_LOST),
        ("retail", Reason.NOT_A_NUMBER),
        ("quarantined", Reason.YES_NO),
        ("tax_rate", Reason.TAX_UNKNOWN),
    ]
    assert isinstance(found, Refused) and found.row == 7
    assert found.faults[0] == Fault("barcode", Reason.DIGITS_LOST, "6.90123E+12")


def test_a_formula_without_a_result_an_error_and_a_size_made_a_day_are_refused() -> None:
    cells = {"商品名称": "=A1&B1", "商品编码": "A1", "零售价": "#N/A", "尺码": "05-03"}
    found = read_row(Kind.CATALOGUE, cells, kinds="fted")
    assert reasons(found) == [
        ("name", Reason.FORMULA),
        ("retail", Reason.SHEET_ERROR),
        ("size", Reason.DATE_IN_TEXT),
    ]


def test_an_error_in_a_csv_file_is_one_too() -> None:
    assert reasons(_goods(零售价="#VALUE!")) == [("retail", Reason.SHEET_ERROR)]


def test_a_name_that_looks_like_a_formula_or_like_markup_is_a_name() -> None:
    for name in ("=牧星", "<script>alert(1)</script>", "牧星😀", "#1 奶粉", "'; DROP TABLE goods;--"):
        found = _goods(商品名称=name)
        assert isinstance(found, GoodsDraft) and found.name == name


def test_control_characters_and_hidden_marks_are_taken_out_of_names() -> None:
    found = _goods(商品名称="牧星\x00\u202e奶粉\t \n400g\ufeff")
    assert isinstance(found, GoodsDraft) and found.name == "牧星奶粉 400g"


def test_packs_are_read_from_their_columns_and_from_the_list_of_barcodes() -> None:
    found = _goods(
        更多条码="16901234567899*6箱=59.00；SP2",
        包装条码="26901234567896",
        装箱数="12罐",
        包装单位="件",
        包装价="100",
    )
    assert isinstance(found, GoodsDraft)
    assert found.barcodes == (
        BarcodeDraft(code="6901234567892"),
        BarcodeDraft(code="16901234567899", pack_quantity=6000, unit="箱", price=5900),
        BarcodeDraft(code="SP2"),
        BarcodeDraft(code="26901234567896", pack_quantity=12000, unit="件", price=10000),
    )


def test_upc_a_beside_its_ean_13_in_a_row_is_one_barcode() -> None:
    found = _goods(条码="036000291452", 更多条码="0036000291452")
    assert isinstance(found, GoodsDraft)
    assert found.barcodes == (BarcodeDraft(code="036000291452"),)
    packed = _goods(条码="036000291452", 更多条码="0036000291452*6箱")
    assert reasons(packed) == [("more_barcodes", Reason.TWICE_IN_ROW)]


def test_a_pack_price_without_its_barcode_and_a_barcode_twice_in_a_row_are_refused() -> None:
    assert reasons(_goods(包装价="100")) == [("pack_price", Reason.PACK_WITHOUT_BARCODE)]
    assert reasons(_goods(更多条码="6901234567892")) == [("more_barcodes", Reason.TWICE_IN_ROW)]
    many = "、".join(f"SP{i}" for i in range(20))
    assert reasons(_goods(更多条码=many)) == [("more_barcodes", Reason.BARCODE_COUNT)]


def test_tax_is_known_by_code_or_by_rate_and_both_must_agree() -> None:
    for cells in (
        {"税码": "13"},
        {"税率": "0.13"},
        {"税率": "13"},
        {"税码": "13%"},
        {"税码": "13", "税率": "13%"},
    ):
        found = _goods(**cells)
        assert isinstance(found, GoodsDraft) and found.tax_code == "13"
    assert reasons(_goods(税码="13", 税率="9%")) == [("tax_rate", Reason.TAX_DISAGREES)]
    found = _goods(税码="V1")
    assert isinstance(found, Refused) and found.faults[0].params == {"known": "13, 9"}


def test_a_blank_cell_and_a_dash_are_nothing() -> None:
    found = _goods(零售价="-", 会员价="  ", 税率="/", 颜色="—")
    assert isinstance(found, GoodsDraft)
    assert (found.retail, found.member_price, found.tax_code, found.attributes) == (None, None, None, ())


def test_a_level_beyond_the_shops_is_refused() -> None:
    assert reasons(_goods(最低会员等级="6")) == [("minimum_level", Reason.LEVEL)]


def test_a_piece_is_read_in_milligrams_with_labour_per_gram_or_piece() -> None:
    for cells in (
        {"克工费": "28.00"},
        {"工费": "28", "工费方式": "按克"},
        {"工费": "28元/克"},
        {"工费": "28/g"},
    ):
        found = _piece(总重="3.300g", 证书号="GIA 123", 石价="100", 标签价="5,000", **cells)
        assert found == PieceDraft(
            row=7,
            code="P001",
            variant_code="ZJ01",
            gross_weight_mg=3300,
            net_weight_mg=3260,
            fineness="足金999",
            certificate="GIA 123",
            stone_price=10000,
            labour=2800,
            labour_per=Per.GRAM,
            tag_price=500000,
        ), cells
    found = _piece(件工费="80", 克工费="0")
    assert isinstance(found, PieceDraft) and (found.labour, found.labour_per) == (8000, Per.PIECE)
    assert found.gross_weight_mg == found.net_weight_mg == 3260


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"金重": "0"}, ("net_weight", Reason.ZERO_WEIGHT)),
        ({"金重": "0", "一口价": "500"}, ("net_weight", Reason.ZERO_WEIGHT)),
        ({"总重": "3.25"}, ("gross_weight", Reason.GROSS_BELOW_NET)),
        ({"金重": ""}, ("net_weight", Reason.NO_WEIGHT_NO_PRICE)),
        ({"金重": "", "一口价": "0"}, ("net_weight", Reason.NO_WEIGHT_NO_PRICE)),
        ({"金重": "3.25克拉"}, ("net_weight", Reason.WEIGHT_UNIT)),
        ({"成色": ""}, ("fineness", Reason.MISSING)),
        ({"工费": "28"}, ("labour", Reason.LABOUR_UNIT)),
        ({"工费": "28", "工费方式": "按天"}, ("labour_per", Reason.LABOUR_UNIT)),
        ({"克工费": "28", "件工费": "80"}, ("labour", Reason.LABOUR_TWICE)),
        ({"货品编码": ""}, ("code", Reason.MISSING)),
        ({"商品编码": ""}, ("variant_code", Reason.MISSING)),
    ],
)
def test_a_piece_that_could_not_be_priced_is_refused(
    cells: dict[str, str], fault: tuple[str, Reason]
) -> None:
    assert reasons(_piece(**cells)) == [fault]


def test_a_piece_with_a_fixed_price_needs_no_weight() -> None:
    found = _piece(金重="", 成色="", 一口价="8,800")
    assert isinstance(found, PieceDraft)
    assert (found.fixed_price, found.net_weight_mg, found.fineness) == (880000, None, None)


def test_a_row_shorter_than_the_headings_reads_the_rest_as_blank() -> None:
    from pos_app.domain.imports.goods import read_goods
    from pos_app.domain.imports.headings import match

    mapping = match(Kind.CATALOGUE, ["商品名称", "商品编码", "零售价"])
    found = read_goods(Row(2, ("奶粉", "A1")), mapping, RULES)
    assert isinstance(found, GoodsDraft) and found.retail is None


def test_a_price_of_zero_is_no_price_and_is_told() -> None:
    found = _goods(零售价="0.00", 会员价="0", 更多条码="16901234567899*6箱=0.00", 进价="0")
    assert isinstance(found, GoodsDraft)
    assert (found.retail, found.member_price, [b.price for b in found.barcodes]) == (None, None, [None, None])
    assert found.told == (Note.ZERO_PRICE,)
    assert isinstance(_goods(包装价="0.00"), GoodsDraft), (
        "no pack at all, with the price that programs write then"
    )
    plain = _goods(零售价="10", 会员价="9")
    assert isinstance(plain, GoodsDraft) and plain.told == ()


def test_the_state_of_a_piece_and_the_kind_of_goods_are_read_or_refused() -> None:
    for written, state in (("在库", "in_stock"), ("已售", "sold"), ("停售", "quarantined"), ("Sold", "sold")):
        piece = _piece(状态=written)
        assert isinstance(piece, PieceDraft) and piece.state == state
    assert reasons(_piece(状态="调出")) == [("state", Reason.STATE)]
    for written, kind in (("服务", "service"), ("费用", "fee"), ("goods", "goods")):
        goods = _goods(种类=written)
        assert isinstance(goods, GoodsDraft) and goods.kind == kind
    assert reasons(_goods(种类="奶粉")) == [("kind", Reason.KIND)]


def test_a_fixed_price_with_the_weight_of_the_whole_says_nothing_of_the_metal() -> None:
    piece = _piece(金重="", 总重="5", 一口价="880")
    assert isinstance(piece, PieceDraft) and (piece.gross_weight_mg, piece.net_weight_mg) == (5000, None)
    piece = _piece(金重="", 总重="5")
    assert isinstance(piece, PieceDraft) and piece.net_weight_mg == 5000


def test_what_stands_between_quotes_is_that_code_exactly() -> None:
    goods = _goods(商品编码='"7.0"', 条码='"A,B"；"X*6"*6"箱 大"=9', 更多条码='"03600029145"')
    assert isinstance(goods, GoodsDraft)
    assert goods.code == "7.0"
    assert [(b.code, b.pack_quantity, b.unit, b.exact) for b in goods.barcodes] == [
        ("A,B", 1000, None, False),
        ("X*6", 6000, "箱 大", False),
        ("03600029145", 1000, None, False),
    ]
    plain = _goods(商品编码="7.0", 条码="A,B")
    assert isinstance(plain, GoodsDraft) and plain.code == "7" and len(plain.barcodes) == 2
