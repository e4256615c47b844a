"""The A4 receipt: what it says, where pages break, how a logo is kept, and receipts of absurd length."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import msgspec
import pypdfium2
import pytest
from PIL import Image

from pos_app.documents.a4_layout import BOTTOM, LEFT, RIGHT, lay_out_a4
from pos_app.documents.layout import Item, Run
from pos_app.documents.letterhead import Letterhead
from pos_app.documents.pictures import PictureError, PictureTooLargeError
from pos_app.documents.receipt import Besides
from pos_app.documents.receipt_a4 import A4Receipt, a4_receipt
from pos_app.documents.receipt_logo import HIGHEST_PX, WIDEST_PX, prepare_logo
from pos_app.documents.renderers.a4_pdf import render_a4
from pos_app.documents.renderers.pdf_ink import advance
from pos_app.domain.receipt_look import MOST_LOGO_BYTES, ReceiptLook
from pos_app.domain.sales.sale import Sale
from tests.unit.documents import samples

CODE = f"SK1.{samples.NUMBER}." + "A7" * 90


def _picture(width: int, height: int, kind: str = "PNG") -> bytes:
    image = Image.new("RGB", (width, height), "white")
    image.paste((14, 124, 102), (width // 4, height // 4, width // 2, height // 2))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _receipt(sale: Sale | None = None, head: Letterhead | None = None, **more: object) -> A4Receipt:
    besides = Besides("送到前台", CODE)
    return a4_receipt(sale or samples.full_sale(), head or samples.letterhead(), besides=besides, **more)  # type: ignore[arg-type]


def _long(lines: int) -> Sale:
    sale = samples.full_sale()
    many = sale.lines * (lines // len(sale.lines) + 1)
    return msgspec.structs.replace(sale, lines=many[:lines])


def _runs(page: tuple[Item, ...]) -> Iterator[Run]:
    return (item for item in page if isinstance(item, Run))


def _text(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_it_says_what_the_roll_says_with_a_table_of_the_tax() -> None:
    (text,) = _text(render_a4(_receipt(member=samples.MEMBER, copy=2)))
    for words in (
        samples.NUMBER,
        "¥6,873.00",
        "王** 138****1234",
        "副本 COPY 2",
        "¥6,082.30",
        "第 1 页 / 共 1 页",
    ):
        assert words in text, words
    assert "王小满" not in text


def test_the_code_on_it_is_read_by_a_scanner() -> None:
    import zxingcpp

    page = pypdfium2.PdfDocument(render_a4(_receipt()))[0]
    assert [found.text for found in zxingcpp.read_barcodes(page.render(scale=3).to_pil())] == [CODE]


def test_every_page_has_the_head_of_the_table_and_its_number() -> None:
    pages = _text(render_a4(_receipt(_long(150))))
    assert len(pages) > 3
    for at, text in enumerate(pages, start=1):
        assert f"第 {at} 页 / 共 {len(pages)} 页" in text and ("序号" in text or at == len(pages))
    assert "¥6,873.00" in pages[-1]
    assert sum(text.count("婴儿湿巾") for text in pages) == 25, "each line is there once"


def test_nothing_stands_beyond_the_margins_of_any_page() -> None:
    for page in lay_out_a4(_receipt(_long(99)), advance):
        for run in _runs(page):
            width = sum(map(advance(run.pixels, run.bold), run.text))
            assert run.x + 1 >= LEFT and run.x + width <= RIGHT + 1, run.text
            assert run.baseline <= BOTTOM + 130


def test_a_receipt_of_ten_thousand_lines_is_set_whole() -> None:
    pages = lay_out_a4(_receipt(_long(10_000)), advance)
    places = [run.text for page in pages for run in _runs(page) if run.text == "10000"]
    assert places == ["10000"] and len(pages) > 300


def test_a_name_longer_than_a_page_goes_on_over_the_next() -> None:
    sale = _long(1)
    line = msgspec.structs.replace(sale.lines[0], name="极长的商品名称" * 800)
    pages = lay_out_a4(_receipt(msgspec.structs.replace(sale, lines=(line,))), advance)
    assert len(pages) > 2
    assert sum("".join(run.text for run in _runs(page)).count("极") for page in pages) == 800


def test_a_return_shows_its_amounts_as_money_that_goes_back() -> None:
    text = "".join(_text(render_a4(_receipt(samples.returned_sale()))))
    assert "退货" in text and "−" in text


def test_the_shop_s_lines_speak_the_reader_s_language() -> None:
    look = ReceiptLook(header="营业执照 9131", footer_en="Thank you!")
    chinese = samples.letterhead(receipt=look, receipt_footer="谢谢")
    english = samples.letterhead("en", receipt=look, receipt_footer="谢谢")
    assert _receipt(head=chinese).footer == ("谢谢",) and _receipt(head=english).footer == ("Thank you!",)
    assert _receipt(head=english).contact[-1] == "营业执照 9131", (
        "what a language lacks is taken from the other"
    )


def test_a_logo_is_kept_small_without_its_empty_edges_and_drawn() -> None:
    logo = prepare_logo(_picture(4000, 2000, "JPEG"))
    with Image.open(BytesIO(logo)) as kept:
        assert kept.width <= WIDEST_PX and kept.height <= HIGHEST_PX
        assert 1.9 < kept.width / kept.height < 2.1, "it keeps its shape, without the white around it"
    head = replace(samples.letterhead(), logo=logo)
    assert len(render_a4(_receipt(head=head))) > len(render_a4(_receipt()))


def test_a_noisy_photograph_still_fits() -> None:
    noise = Image.effect_noise((3000, 3000), 200).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")
    assert len(prepare_logo(out.getvalue())) <= MOST_LOGO_BYTES


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", PictureError),
        (b"<svg/>", PictureError),
        (_picture(20, 20)[:60], PictureError),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), PictureError),
        (bytes(20_000_001), PictureTooLargeError),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        prepare_logo(content)


def test_a_white_picture_and_one_with_too_many_dots_are_refused() -> None:
    blank = BytesIO()
    Image.new("RGB", (50, 50), "white").save(blank, "PNG")
    with pytest.raises(PictureError):
        prepare_logo(blank.getvalue())
    huge = BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")
    with pytest.raises(PictureTooLargeError):
        prepare_logo(huge.getvalue())
