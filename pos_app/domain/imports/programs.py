"""Other programs, known by the set of headings that their exports and templates have.

Decides from which program a table comes, so that the page can say so. Fields are matched by `synonyms`, never by the
program: shops rename columns.
"""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.imports.synonyms import names_of


class Program(StrEnum):
    """A program whose tables are recognised; `imports.program.<program>` is its name."""

    POSPAL = "pospal"
    SISS = "siss"
    GRASP = "grasp"


@dataclass(frozen=True, slots=True)
class _Signs:
    """Headings that stand together in one program only: at least `enough` of `marks`, and all of `always`."""

    program: Program
    always: str
    marks: str
    enough: int


_SIGNS = (
    _Signs(
        Program.POSPAL,
        "名称 条码",
        "主单位 进货价 销售价 供货商 拼音码 库存上限 库存下限 扩展条码 会员折扣 积分商品 商品状态",
        4,
    ),
    _Signs(
        Program.POSPAL,
        "会员号",
        "等级 折扣 积分 余额 开卡日期 到期日期 允许赊账 赊账额度 导购员 会员姓名 欠款",
        4,
    ),
    _Signs(
        Program.SISS,
        "货号 品名",
        "自编码 类别 主供应商 计价方式 配送价 商品状态 最低售价 商品简称 产地 类别编码 进货规格 联营扣率",
        4,
    ),
    _Signs(
        Program.SISS,
        "会员卡号",
        "会员类别 卡类型 发卡日期 发卡门店 累计积分 剩余积分 储值余额 卡状态 会员状态 消费次数 累计消费",
        4,
    ),
    _Signs(
        Program.GRASP,
        "商品编号 商品全名",
        "商品简名 拼音码 规格 型号 产地 基本单位 辅助单位 单位关系 预设售价 最近进价 参考成本 基本条码",
        3,
    ),
    _Signs(
        Program.GRASP,
        "会员卡号",
        "会员卡类别 会员姓名 会员名称 储值金额 剩余储值 联系电话 发卡机构 有效期至 身份证号 使用状态",
        4,
    ),
)


def recognise(names: frozenset[str]) -> Program | None:
    """Return the program that heads a table so, or None; `names` are as `synonyms.names_of` writes them."""
    best: tuple[int, Program] | None = None
    for signs in _SIGNS:
        if not all(names_of(heading)[0] in names for heading in signs.always.split()):
            continue
        found = sum(names_of(heading)[0] in names for heading in signs.marks.split())
        if found >= signs.enough and (best is None or found > best[0]):
            best = (found, signs.program)
    return best[1] if best else None
