"""How fields are headed: our own titles in both languages, and those that other programs and people use.

Decides which heading means which field of a kind. `tests/unit/domain/imports` holds that our own titles are all here.
"""

import re
from functools import cache

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.traditional import SIMPLER
from pos_app.domain.values.barcode import fold

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NOISE = re.compile(r"[\s*#:;.,_/\-·、。'\"`()\[\]【】?!%]+")


def names_of(heading: str) -> tuple[str, str]:
    """Return a heading for comparing: folded, lower case, simplified, without blanks and marks; and without asides.

    "零售价（元）*" gives "零售价元" and "零售价": 工费(克) and 工费(件) stay apart, and units do not matter otherwise.
    """
    folded = fold(heading).casefold().translate(SIMPLER)
    whole = _NOISE.sub("", folded)
    return whole, (_NOISE.sub("", _ASIDE.sub("", folded)) if whole != folded else whole)


_CATALOGUE = {
    "code": (
        "商品编码 商品编号 商品代码 商品货号 货号 编码 编号 自编码 产品编码 产品编号 货品编码 货品编号 "
        "物料编码 单品编码 款式编码 商品编码货号 sku sku编码 规格编码|code|item code|product code|item no"
        "|item number|article|article no|variant code|sku code|plu"
    ),
    "name": (
        "商品名称 品名 名称 商品名 产品名称 货品名称 商品全名 全名 单品名称 物料名称|name|product name"
        "|item name|description|title|product|item|variant name"
    ),
    "barcode": (
        "条码 条形码 商品条码 商品条形码 国际条码 主条码 基本条码 基本单位条码 国标码 69码 条码号|barcode"
        "|ean|ean13|ean 13|upc|gtin|bar code|main barcode"
    ),
    "style_code": (
        "款号 款式编号 款式代码 款式号 款码 spu spu编码|style code|style|style no|parent code|parent sku"
    ),
    "style_name": "款式名称 款名 款式 spu名称|style name|parent name",
    "category": (
        "分类 类别 商品分类 商品类别 品类 类别名称 分类名称 商品类型 所属分类 小类 小类名称 类别编码"
        "|category|group|department|product category|product type|type"
    ),
    "unit": "单位 主单位 基本单位 计量单位 销售单位 商品单位 单位名称|unit|uom|selling unit|base unit",
    "retail": (
        "零售价 销售价 售价 售价格 单价 价格 零售价格 销售价格 标准售价 门市价 市场价 吊牌价 标价 "
        "店内零售价 预设售价|retail price|price|retail|selling price|unit price|sale price|list price"
    ),
    "member_price": "会员价 会员价格 vip价 会员价1 店内会员价 会员售价|member price|vip price|members price",
    "cost": (
        "进价 进货价 成本价 成本 采购价 参考进价 最近进价 参考成本 商品进价 进货价格|cost|cost price"
        "|purchase price|buying price|supply price"
    ),
    "lowest_price": "最低售价 最低价 最低零售价 底价 限价|lowest price|minimum price|min price|floor price",
    "tax_code": "税码 税务分类 税类 税种|tax code|tax class|tax group",
    "tax_rate": "税率 销项税率 增值税率 销项税|tax rate|tax|vat|vat rate|gst",
    "colour": "颜色 色号 颜色名称|colour|color",
    "size": "尺码 尺寸 码数 圈口 手寸 规格尺码 号型|size",
    "length": "长度 链长|length",
    "stage": "阶段 段位 适用阶段 适用月龄 段数|stage|age stage",
    "brand": "品牌 品牌名称 商品品牌 牌子|brand|brand name|make",
    "spec": "规格 规格型号 商品规格 型号|spec|specification|model|pack size",
    "supplier": "供应商 供货商 主供应商 供应商名称 厂商 供货商名称 默认供应商|supplier|vendor|supplier name",
    "more_barcodes": (
        "其他条码 扩展条码 更多条码 附加条码 多条码 一品多码 副条码 辅助条码 条码2|more barcodes"
        "|other barcodes|extra barcodes|additional barcodes|alternate barcodes"
    ),
    "pack_barcode": (
        "包装条码 箱码 箱条码 箱装条码 大包装条码 辅助单位条码 整箱条码 外箱条码|pack barcode"
        "|case barcode|carton barcode|outer barcode"
    ),
    "pack_quantity": (
        "装箱数 箱装数 箱规 包装数 包装数量 装箱数量 换算率 箱含量 单位关系 整箱数量 进货规格"
        "|pack quantity|pack qty|case size|units per case|case quantity|case qty"
    ),
    "pack_unit": "包装单位 辅助单位 大单位 箱单位 整箱单位|pack unit|case unit",
    "pack_price": "包装价 箱价 整箱价 包装售价 整箱售价|pack price|case price",
    "by_weight": "称重 是否称重 称重商品 按重量计价 是否称重商品|by weight|weighed|sold by weight",
    "scale_item": "称编码 秤编码 生鲜码 plu码 传秤编码 秤码 电子秤编码|scale item|scale code|scale plu",
    "open_price": "时价 议价 可议价 开放价 允许改价 时价商品 前台议价|open price|ask price|variable price",
    "no_discount": "不打折 不参与折扣 禁止打折 不允许打折|no discount|not discountable",
    "no_points": "不积分 不参与积分|no points",
    "no_coupon": "不可用券 不用券 不参与优惠券|no coupon|no coupons",
    "batch_required": "必填批次 批次管理 需批次 按批次管理|batch required|track batches",
    "quarantined": "停售 暂停销售 禁售 是否停售 隔离|quarantined|held back|blocked",
    "minimum_level": "最低会员等级 会员等级限制 限购等级|minimum level|min level|member level",
    "kind": "种类 销售种类|kind|line kind",
    "sold_from": "开售日期 上市日期 上架日期 起售日期|sold from|on sale from|launch date|release date",
}

_PIECES = {
    "code": (
        "货品编码 件号 单件编码 货号 条码 条码号 商品条码 标签号 吊牌号 一物一码 货品条码 饰品编号 "
        "饰品条码 编号 编码 件码 序列号|code|piece code|piece|tag no|tag number|barcode|serial"
        "|serial number|item no"
    ),
    "variant_code": (
        "商品编码 商品编号 款号 款式编号 商品货号 所属商品编码 商品代码 款式编码 模号|variant code"
        "|product code|style code|sku|style no"
    ),
    "variant_name": (
        "商品名称 品名 名称 货品名称 饰品名称 款式名称 商品名 所属商品|variant name|name|product name"
        "|item name|description"
    ),
    "gross_weight": (
        "总重 毛重 总重量 件重 货重 重量 总件重|gross weight|total weight|gross weight g|gross|weight"
        "|weight g"
    ),
    "net_weight": (
        "净重 金重 净金重 金料重 主石外金重 净重量 含金重 银重 纯金重|net weight|metal weight|gold weight"
        "|net weight g|net"
    ),
    "fineness": (
        "成色 材质 金料 材质成色 金料成色 贵金属成色 含金量|fineness|metal|purity|karat|carat|material"
    ),
    "certificate": (
        "证书号 证书编号 鉴定证书 证书 鉴定证书号 证书号码|certificate|certificate no|certificate number"
        "|cert no"
    ),
    "stones": "石料 宝石 主石 石头 镶嵌 宝石信息 主石信息 镶石|stones|stone|gem|gems|gemstone",
    "stone_price": "石料价 石价 宝石价 主石价 石料金额 石料费 宝石金额|stone price|stones price|gem price",
    "fixed_price": "一口价 固定价 一口价售价 定价|fixed price|piece price",
    "labour": "工费 手工费 加工费 销售工费|labour|labor|making charge|workmanship|making charges",
    "labour_per": (
        "工费方式 工费单位 工费计算方式 工费类型 工费计价方式|labour per|labor per|labour unit|labor unit"
    ),
    "labour_per_gram": (
        "克工费 工费克 每克工费 工费每克 销售克工费 工费元克|labour per gram|labor per gram|labour g"
    ),
    "labour_per_piece": (
        "件工费 工费件 每件工费 工费每件 销售件工费 工费元件|labour per piece|labor per piece"
    ),
    "tag_price": "标签价 吊牌价 标价 零售价 牌价 售价|tag price|list price|retail price|price",
    "cost": "成本 成本价 进价 进货价 成本金额|cost|cost price|purchase price",
    "state": "状态 货品状态 库存状态 单件状态|state|status|piece state",
}

_MEMBERS = {
    "name": (
        "姓名 会员姓名 会员名称 名称 客户姓名 顾客姓名 客户名称 会员名 名字 称呼|name|member name"
        "|customer name|customer|full name"
    ),
    "phone": (
        "手机号 手机 电话 手机号码 联系电话 会员手机 会员手机号 电话号码 移动电话 手机电话 联系方式 "
        "联系手机 会员电话|phone|mobile|phone number|mobile phone|mobile number|telephone|tel|cell phone"
        "|cell"
    ),
    "phones": (
        "其他电话 其他手机号 备用电话 备用手机号 电话2 手机2 家庭电话 固定电话 座机 第二电话 备用联系电话"
        "|other phones|more phones|other phone|second phone|phone 2|alternate phone|home phone"
    ),
    "shared_phones": "共用手机号 共用手机号码 共用电话 合用手机号|shared phones|shared phone",
    "cards": "其他卡号 其他会员卡号 卡号2|other cards|more cards",
    "card": (
        "卡号 会员卡号 会员号 会员编号 会员卡 会员id 会员编码 贵宾卡号 vip卡号 卡面号|card|card number"
        "|card no|member no|member number|member id|membership number|membership no"
    ),
    "gender": "性别 会员性别|gender|sex",
    "birthday": (
        "生日 出生日期 会员生日 出生年月日 生辰 出生年月|birthday|date of birth|birth date|dob|born on"
    ),
    "birthday_kind": (
        "生日类型 历法 农历公历 公历农历 是否农历 阴历 农历 公历农历生日 生日历法|birthday calendar"
        "|birthday kind|birthday type|lunar|calendar"
    ),
    "joined_on": (
        "入会日期 开卡日期 注册日期 发卡日期 办卡日期 入会时间 注册时间 开卡时间 创建时间 加入日期 "
        "建档日期 办卡时间|joined on|joined|join date|joined date|registered|registration date"
        "|member since|created"
    ),
    "level": (
        "等级 会员等级 级别 会员级别 会员类型 卡类型 会员类别 会员卡类别 会员卡类型 会员分类|level"
        "|member level|tier|membership level|member type|card type"
    ),
    "address": "地址 联系地址 家庭地址 住址 会员地址 通讯地址 详细地址|address|home address|street address",
    "occupation": "职业 工作|occupation|job|profession",
    "interests": "爱好 兴趣 兴趣爱好 喜好|interests|hobbies|likes",
    "notes": "备注 会员备注 备注信息 说明 客户备注|notes|note|remark|remarks|comment|comments|memo",
    "origin": "来源 会员来源 渠道 来源渠道 推荐来源 入会渠道 注册来源|origin|source|channel|referral",
    "wechat": "微信 微信号 会员微信|wechat|wechat id",
    "email": "邮箱 电子邮箱 电子邮件 会员邮箱|email|e mail|email address|mail",
    "child_name": (
        "宝宝姓名 孩子姓名 宝宝名字 宝宝小名 宝宝昵称 孩子小名 子女姓名|child name|child|baby name"
        "|child s name"
    ),
    "child_birthday": (
        "宝宝生日 孩子生日 宝宝出生日期 子女生日 宝宝出生年月|child birthday|baby birthday"
        "|child s birthday|child born on|child date of birth"
    ),
    "due_date": "预产期 预产日期|due date|expected date|due on",
    "marketing": (
        "同意营销 同意接收短信 营销同意 接收短信 是否接收短信 接收推送 同意接收促销信息|marketing consent"
        "|marketing|accepts marketing|opt in|newsletter"
    ),
}

_BALANCES = {
    "phone": _MEMBERS["phone"],
    "card": _MEMBERS["card"],
    "name": _MEMBERS["name"],
    "points": (
        "积分 剩余积分 可用积分 当前积分 会员积分 积分余额 现有积分|points|points balance"
        "|available points|current points|reward points"
    ),
    "principal": (
        "储值余额 余额 储值本金 本金 账户余额 卡余额 会员余额 储值 储值金额 剩余金额 现金余额 本金余额 "
        "卡内余额|stored value|balance|principal|stored value principal|store credit|card balance"
        "|account balance"
    ),
    "bonus": (
        "赠送余额 赠金 储值赠金 赠送金额 赠金余额 储值赠送 赠送金余额|bonus|stored value bonus"
        "|bonus balance|gift balance"
    ),
    "as_of": "截至日期 截止日期 余额日期 结余日期 期初日期|as of|as of date|balance date|date",
}

_ALL = {
    Kind.CATALOGUE: _CATALOGUE,
    Kind.PIECES: _PIECES,
    Kind.MEMBERS: _MEMBERS,
    Kind.BALANCES: _BALANCES,
}


@cache
def of(kind: Kind) -> dict[str, str]:
    """Return the field of each known heading, the headings as `names_of` writes them.

    Raises ValueError when one heading is said to mean two fields.
    """
    found: dict[str, str] = {}
    for field, text in _ALL[kind].items():
        chinese, *english = text.split("|")
        for heading in (*chinese.split(), *english):
            name = names_of(heading)[0]
            if found.setdefault(name, field) != field:
                raise ValueError(f"{heading} heads {found[name]} and {field}")
    return found


def field_of(kind: Kind, heading: str) -> str | None:
    """Return the field that a heading means, or None."""
    known = of(kind)
    whole, without_asides = names_of(heading)
    return known.get(whole) or known.get(without_asides)
