"""Faces of labels that tests print: plain ones and those that strain every rule."""

from dataclasses import replace

from pos_app.documents.labels import Face, JewelleryFace, LabelFace
from pos_app.domain.sales.line import Per
from pos_app.domain.values.money import Amount, currency
from pos_app.domain.values.quantity import Milligrams

YUAN = currency("CNY")
shop_name = "舒客母婴 · 南京路店"

GOODS = LabelFace(
    name="启赋蓝钻幼儿配方奶粉 3段 900g 爱尔兰原装进口",
    spec="900g/罐 12–36月",
    code="SP000123",
    barcode="6901234567892",
    price=Amount(39800),
    former_price=Amount(45800),
    unit="罐",
    origin="爱尔兰",
    shop=shop_name,
    currency=YUAN,
)
LATIN = LabelFace(
    name="Organic cotton bodysuit, long sleeves, three in a pack",
    spec="Size 80 · cream",
    code="BW-COT-80-CRM",
    price=Amount(12999),
    unit="pack",
    origin="Portugal",
    shop="Shuke Mother & Baby",
    currency=YUAN,
    language="en",
)
PLAIN = LabelFace(name="婴儿湿巾 80抽×3", code="SP7", currency=YUAN)
EXTREME = LabelFace(
    name="𠮷" * 5 + "超长商品名称" * 6,
    spec="规格很长" * 4,
    code="ABCDEFGHIJ-KLMNOPQRS-0123456789",
    price=Amount(999_999_999),
    former_price=Amount(1_099_999_999),
    unit="千克",
    currency=YUAN,
    shop="一家店",
)
TAG = JewelleryFace(
    piece_code="G18K00012345",
    name="18K金莫桑石项链 45cm",
    fineness="Au750",
    net_weight=Milligrams(3260),
    currency=YUAN,
    labour=Amount(2800),
    certificate="GIC2026112300456",
    price=Amount(129_900),
)
BY_GRAM = JewelleryFace(
    piece_code="P-2026-000123-A",
    name="Heritage gold bangle with phoenix",
    fineness="Au999",
    net_weight=Milligrams(28_450),
    currency=YUAN,
    labour=Amount(88_000),
    labour_per=Per.PIECE,
    certificate="NGTC 11023388",
    language="en",
)
FACES: dict[str, Face] = {
    "goods": GOODS,
    "latin": LATIN,
    "plain": PLAIN,
    "extreme": EXTREME,
    "long_digits": replace(GOODS, barcode="20260000123456789012", former_price=None),
    "one_digit": replace(GOODS, barcode="7", unit="", origin=""),
    "lower_case": replace(LATIN, barcode="bw-cot-80-crm/long/2026", former_price=Amount(15999)),
    "ninety_nine": replace(PLAIN, barcode="9900112233"),
    "tag": TAG,
    "by_gram": BY_GRAM,
    "bare_tag": JewelleryFace(
        piece_code="7", name="戒", fineness="Pt950", net_weight=Milligrams(1), currency=YUAN, price=Amount(1)
    ),
    "no_fineness": replace(TAG, fineness="", net_weight=Milligrams(56_320), price=None, labour=None),
    "only_gross": replace(BY_GRAM, net_weight=Milligrams(0), gross_weight=Milligrams(9_870)),
    "no_weight": replace(TAG, piece_code="JADE-7", fineness="", net_weight=Milligrams(0), name="翡翠平安扣"),
    "full_tag": replace(
        TAG,
        name="古法传承足金龙凤呈祥手镯" * 3,
        piece_code="HQ-GOLD-2026-000123456",
        price=Amount(12_888_800),
        shop=shop_name,
    ),
}
"""Everything that is printed in the tests of labels, by name."""
