"""What a customer's paper says."""

import msgspec
import pytest

from pos_app.documents.page import Banner, Code, Codes, Page, Paper, Row, Text
from pos_app.documents.receipt import Besides, MemberOnReceipt, masked_name, receipt_page
from pos_app.documents.renderers.text import render_text
from pos_app.domain.sales.line import Reduction, ReductionKind
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values.money import Amount
from tests.unit.documents import samples
from tests.unit.documents.golden import FOLDER, rendered


def _rows(page: Page) -> list[tuple[str, str]]:
    return [(block.left, block.right) for block in page.blocks if isinstance(block, Row)]


def test_every_document_reads_as_its_golden_file() -> None:
    """Regenerate with ``python -m tests.unit.documents.golden`` and read the difference before committing."""
    now = rendered()
    assert {path.name for path in FOLDER.iterdir()} == set(now)
    for name, content in now.items():
        assert (FOLDER / name).read_text("utf-8") == content, name


def test_the_golden_piece_shows_metal_labour_and_labour_at_half() -> None:
    rows = _rows(receipt_page(samples.golden_sale(), samples.letterhead()))
    assert ("金料 3.260 g × ¥1,012.00", "¥3,299.12") in rows
    assert ("工费 3.260 g × ¥28.00", "¥91.28") in rows
    assert ("工费 5折", "−¥45.64") in rows
    assert ("应收", "¥3,344.76") in rows
    assert ("找零", "¥55.24") in rows


@pytest.mark.parametrize("sale", [samples.golden_sale(), samples.full_sale(), samples.returned_sale()])
def test_what_stands_above_the_total_adds_up_to_it(sale: Sale) -> None:
    texts = render_text(receipt_page(sale, samples.letterhead()), Paper.MM80).splitlines()
    begin = next(at for at, line in enumerate(texts) if line.startswith("小计"))
    end = next(at for at, line in enumerate(texts) if line.startswith(("应收", "应退")))
    amounts = [line.split()[-1] for line in texts[begin : end + 1]]
    *parts, total = (
        int(a.replace("−", "-").replace("¥", "").replace(",", "").replace(".", "")) for a in amounts
    )
    assert abs(sum(parts)) == total


def test_an_original_has_no_band_and_a_copy_has_one_with_its_count() -> None:
    sale, head = samples.golden_sale(), samples.letterhead()
    assert not [block for block in receipt_page(sale, head).blocks if isinstance(block, Banner)]
    copy = receipt_page(sale, head, copy=3)
    assert copy.blocks[0] == Banner("副本 COPY 3")
    assert copy.blocks[1:] == receipt_page(sale, head).blocks


def test_both_codes_say_the_number_of_the_sale() -> None:
    page = receipt_page(samples.returned_sale(), samples.letterhead())
    (codes,) = [block for block in page.blocks if isinstance(block, Codes)]
    assert [code.payload for code in codes.codes if isinstance(code, Code)] == ["N01-1-2026-000124"] * 2


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        (SaleKind.SALE, "销售单", "RECEIPT"),
        (SaleKind.RETURN, "退货单", "RETURN"),
        (SaleKind.VOID, "撤单", "VOID"),
    ],
)
def test_a_document_says_what_it_is(kind: SaleKind, zh: str, en: str) -> None:
    sale = msgspec.structs.replace(samples.golden_sale(), kind=kind)
    for language, title in (("zh_CN", zh), ("en", en)):
        blocks = receipt_page(sale, samples.letterhead(language)).blocks
        assert [b.text for b in blocks if isinstance(b, Text)][3] == title


def test_a_member_is_printed_masked() -> None:
    text = render_text(receipt_page(samples.golden_sale(), samples.letterhead(), samples.MEMBER), Paper.MM58)
    assert "王** 138****1234" in text
    assert "小满" not in text and "13812341234" not in text


def test_a_member_of_whom_little_is_known_leaves_no_empty_rows() -> None:
    rows = _rows(
        receipt_page(samples.golden_sale(), samples.letterhead(), MemberOnReceipt(phone="+8613812341234"))
    )
    assert ("会员", "138****1234") in rows
    assert not any("积分" in left for left, _ in rows)


def test_a_name_is_masked_to_its_first_character() -> None:
    assert [masked_name(n) for n in ("王小满", "𠮷", "", " Smith-Jones ")] == ["王**", "𠮷", "", "S***"]


def test_a_bill_discount_is_one_row_however_many_lines_bear_it() -> None:
    rows = _rows(receipt_page(samples.full_sale(), samples.letterhead()))
    assert [right for left, right in rows if left == "整单优惠 9.8折"] == ["−¥140.27"]
    assert [right for left, right in rows if left == "抹零"] == ["−¥0.26"]


def test_a_reduction_names_its_rule_or_what_was_asked() -> None:
    sale = samples.golden_sale()
    causes = (
        Reduction(kind=ReductionKind.PROMOTION, amount=Amount(-1), rule="满300减30"),
        Reduction(kind=ReductionKind.LEVEL, amount=Amount(-1), rule="金卡", asked="95折"),
        Reduction(kind=ReductionKind.COUPON, amount=Amount(-1)),
        Reduction(kind=ReductionKind.LINE, amount=Amount(-1), asked="source"),
    )
    line = msgspec.structs.replace(sale.lines[0], reductions=causes)
    lefts = [
        left
        for left, _ in _rows(receipt_page(msgspec.structs.replace(sale, lines=(line,)), samples.letterhead()))
    ]
    assert {"满300减30", "金卡 9.5折", "优惠券", "优惠 source"} <= set(lefts)


def test_a_sale_that_costs_nothing_says_so() -> None:
    free = msgspec.structs.replace(samples.golden_sale(), tenders=(), total=Amount(0))
    assert ("无需付款", "") in _rows(receipt_page(free, samples.letterhead()))


def test_a_note_stands_on_the_receipt() -> None:
    page = receipt_page(samples.golden_sale(), samples.letterhead(), besides=Besides(note="刻字：平安 🐉"))
    assert "备注：刻字：平安 [U+1F409]" in render_text(page, Paper.MM80)


def test_the_shop_s_own_footer_takes_the_place_of_ours() -> None:
    page = receipt_page(samples.golden_sale(), samples.letterhead(receipt_footer="三天包退\n扫码入群"))
    assert page.blocks[-1] == Text("三天包退\n扫码入群", align=page.blocks[-1].align)  # type: ignore[union-attr]


def test_a_cashier_who_is_not_known_any_more_is_named_by_her_number() -> None:
    head = samples.letterhead()
    stranger = type(head)(head.settings, {})
    assert ("收银", "…000001") in _rows(receipt_page(samples.golden_sale(), stranger))


def test_times_are_those_of_the_shop_and_the_date_is_the_business_date() -> None:
    rows = _rows(receipt_page(samples.golden_sale(), samples.letterhead()))
    assert ("时间", "2026-11-22 14:32") in rows and ("营业日", "2026年11月22日") in rows
