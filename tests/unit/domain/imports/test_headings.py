"""Headings of our own exports, of other programs and of people are matched to fields."""

import pytest

from pos_app.domain.imports import headings
from pos_app.domain.imports.headings import MappingError, chosen, guess_kind, key_of, match
from pos_app.domain.imports.kinds import FIELDS, Kind, title_key
from pos_app.domain.imports.programs import Program
from pos_app.domain.imports.synonyms import field_of, of
from pos_app.words import LANGUAGES, speaking, translate


def _table(text: str) -> list[str]:
    return text.split()


POSPAL_GOODS = _table(
    "名称（必填） 分类（必填） 条码 规格 主单位 库存量 进货价（必填） 销售价（必填） 批发价 会员价 会员折扣 "
    "积分商品 库存上限 库存下限 品牌 供货商"
)
POSPAL_MEMBERS = _table(
    "会员号（必填） 会员姓名 等级 折扣（必填） 积分（必填） 余额（必填） 手机号 生日 开卡日期 到期日期 地址 备注"
)
SISS_GOODS = _table(
    "货号 自编码 品名 类别 单位 规格 产地 进价 零售价 会员价 配送价 主供应商 计价方式 最低售价"
)
SISS_MEMBERS = _table("会员卡号 会员姓名 会员类别 手机 发卡日期 发卡门店 剩余积分 储值余额 卡状态")
GRASP_GOODS = _table(
    "商品编号 商品全名 商品简名 拼音码 规格 型号 产地 基本单位 基本条码 零售价 预设售价1 最近进价"
)
GRASP_MEMBERS = _table("会员卡号 会员名称 会员卡类别 联系电话 储值金额 积分 有效期至 使用状态")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_our_own_exports_are_matched_field_by_field(kind: Kind, lang: str) -> None:
    with speaking(lang):
        titles = [translate(title_key(kind, name)) for name in FIELDS[kind]]
    mapping = match(kind, titles)
    assert mapping.columns == {name: i for i, name in enumerate(FIELDS[kind])}
    assert mapping.is_complete and not mapping.unmatched and not mapping.missing


@pytest.mark.parametrize("kind", Kind)
def test_no_heading_means_two_fields(kind: Kind) -> None:
    assert set(of(kind).values()) == set(FIELDS[kind])


@pytest.mark.parametrize(
    ("kind", "table", "program"),
    [
        (Kind.CATALOGUE, POSPAL_GOODS, Program.POSPAL),
        (Kind.MEMBERS, POSPAL_MEMBERS, Program.POSPAL),
        (Kind.CATALOGUE, SISS_GOODS, Program.SISS),
        (Kind.MEMBERS, SISS_MEMBERS, Program.SISS),
        (Kind.CATALOGUE, GRASP_GOODS, Program.GRASP),
        (Kind.MEMBERS, GRASP_MEMBERS, Program.GRASP),
    ],
)
def test_tables_of_other_programs_are_recognised_and_complete(
    kind: Kind, table: list[str], program: Program
) -> None:
    mapping = match(kind, table)
    assert (mapping.program, mapping.is_complete) == (program, True)
    assert guess_kind(table) is kind


def test_a_table_of_nobody_is_of_no_program() -> None:
    assert match(Kind.MEMBERS, ["姓名", "手机号"]).program is None


def test_prices_and_codes_of_pospal_find_their_fields() -> None:
    columns = match(Kind.CATALOGUE, POSPAL_GOODS).columns
    told = {POSPAL_GOODS[i]: field for field, i in columns.items()}
    assert (
        told["销售价（必填）"] == "retail"
        and told["进货价（必填）"] == "cost"
        and told["供货商"] == "supplier"
    )


def test_points_and_stored_value_in_a_table_of_members_are_told_as_opening_balances() -> None:
    mapping = match(Kind.MEMBERS, POSPAL_MEMBERS)
    told = {(mapping.headings[i], kind, field) for i, kind, field in mapping.elsewhere}
    assert told == {("积分（必填）", Kind.BALANCES, "points"), ("余额（必填）", Kind.BALANCES, "principal")}
    assert match(Kind.BALANCES, POSPAL_MEMBERS).is_complete


def test_a_heading_is_known_in_any_dress() -> None:
    for heading in (
        "零售价",
        " 零 售 价 ",
        "*零售价",
        "零售价(元)",
        "【零售价】",
        "Retail Price",
        "RETAIL_PRICE",
        "零售价：",
    ):
        assert field_of(Kind.CATALOGUE, heading) == "retail", heading
    assert field_of(Kind.CATALOGUE, "库存量") is None


def test_labour_per_gram_and_per_piece_stay_apart_though_only_the_aside_differs() -> None:
    assert field_of(Kind.PIECES, "工费(克)") == "labour_per_gram"
    assert field_of(Kind.PIECES, "工费（件）") == "labour_per_piece"
    assert field_of(Kind.PIECES, "工费") == "labour"


def test_a_missing_column_is_named_and_either_of_phone_and_card_is_enough() -> None:
    assert match(Kind.CATALOGUE, ["条码", "零售价"]).missing == ("name",)
    assert match(Kind.MEMBERS, ["姓名", "生日"]).missing == ("phone", "card")
    assert match(Kind.MEMBERS, ["卡号"]).is_complete
    assert match(Kind.MEMBERS, ["邮箱"]).is_complete and match(Kind.MEMBERS, ["共用手机号"]).is_complete
    assert match(Kind.BALANCES, ["手机号"]).missing == ("points", "principal", "bonus")


def test_the_first_of_two_columns_of_one_field_counts_and_the_other_is_told() -> None:
    mapping = match(Kind.MEMBERS, ["手机号", "手机", "姓名"])
    assert mapping.columns == {"phone": 0, "name": 2} and mapping.unmatched == (1,)


def test_a_mapping_is_remembered_by_the_set_of_headings() -> None:
    assert key_of(["姓名", "手机号"]) == key_of(["手机号 ", "*姓名", ""])
    assert key_of(["姓名", "手机号"]) != key_of(["姓名", "电话"])
    assert len(key_of([])) == 32


def test_a_chosen_mapping_is_checked() -> None:
    mapping = chosen(Kind.MEMBERS, ["甲", "乙"], {"name": 0, "phone": 1})
    assert mapping.columns == {"name": 0, "phone": 1} and mapping.is_complete
    for columns in ({"name": 2}, {"colour": 0}, {"name": 0, "phone": 0}, {"name": -1}):
        with pytest.raises(MappingError):
            chosen(Kind.MEMBERS, ["甲", "乙"], columns)


def test_headings_are_counted_to_find_their_row() -> None:
    assert headings.known_count(Kind.MEMBERS, ["姓名", "手机", "手机号", "随便", ""]) == 2
    assert guess_kind(["随便", "什么"]) is None
