"""One page, three renderings: dots, PDF, plain text."""

import io
from collections.abc import Iterator
from time import process_time

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.layout import Run, lay_out
from pos_app.documents.page import (
    Align,
    Banner,
    Cell,
    Code,
    Grid,
    Page,
    Paper,
    Picture,
    Row,
    Rule,
    Size,
    Space,
    Stroke,
    Symbology,
    Text,
)
from pos_app.documents.receipt import receipt_page
from pos_app.documents.renderers import pdf_ink, raster
from pos_app.documents.renderers.pdf import render_pdf
from pos_app.documents.renderers.raster import render_raster
from pos_app.documents.renderers.text import columns_of, render_text
from tests.unit.documents import samples

RARE = "镕祎赟喆堃婳垚䶮㛃"
PAPERS = list(Paper)


def _dots(page: Page, paper: Paper = Paper.MM58) -> Image.Image:
    return Image.open(io.BytesIO(render_raster(page, paper).png())).convert("L")


def _pdf_pixels(content: bytes, dpi: int = 200) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        return document[0].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


def _pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return str(document[0].get_textpage().get_text_range())
    finally:
        document.close()


def _read(image: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(image)}


@pytest.mark.parametrize("char", RARE)
def test_a_rare_character_is_drawn_on_the_receipt(char: str) -> None:
    box = raster._face(24, False).glyph("\U0010ffff")[0]
    glyph = raster._face(24, False).glyph(char)[0]
    assert glyph is not None and box is not None
    assert glyph.tobytes() != box.tobytes()
    assert _dots(Page((Text(char),))).tobytes() != _dots(Page((Text("一"),))).tobytes()


@pytest.mark.parametrize("char", RARE)
def test_a_rare_character_is_drawn_in_the_pdf(char: str) -> None:
    drawn, box = (_one_glyph_pdf(text) for text in (char, "\U00020bb7"))
    assert _pdf_pixels(drawn).tobytes() != _pdf_pixels(box).tobytes()
    assert char in _pdf_text(render_pdf(Page((Text(char),)), Paper.MM58))


def _one_glyph_pdf(text: str) -> bytes:
    """Draw a text with the product's PDF font but past `drawable`, so that a missing one is the empty box."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(40, 40))
    canvas.setFont(pdf_ink.font_name(False), 24)
    canvas.drawString(5, 10, text)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("paper", PAPERS)
def test_a_character_without_a_glyph_shows_its_code_point_everywhere(paper: Paper) -> None:
    lacking, spelled = Page((Text("𠮷"),)), Page((Text("[U+20BB7]"),))
    assert render_raster(lacking, paper) == render_raster(spelled, paper)
    assert "[U+20BB7]" in _pdf_text(render_pdf(lacking, paper))
    assert render_text(lacking, paper) == "[U+20BB7]\n"


def test_the_right_edge_of_every_amount_is_the_edge_of_the_paper() -> None:
    rows = tuple(Row("小计", amount) for amount in ("¥1.00", "−¥1,299.00", "¥123,456.70"))
    image = _dots(Page(rows))
    edges = [
        Image.eval(image.crop((192, top, 384, top + 31)), lambda dot: 255 - dot).getbbox()
        for top in range(0, 3 * 31, 31)
    ]
    assert {box[2] for box in edges if box} <= {189, 190, 191, 192}
    assert len([box for box in edges if box]) == 3


def test_figures_are_all_as_wide_as_each_other() -> None:
    face = raster._face(24, False)
    assert {face.advance(figure) for figure in "0123456789"} == {face.advance("0")}
    assert face.advance("−") == face.advance("0")


def test_no_line_is_wider_than_the_paper() -> None:
    name = "18K金项链（玫瑰金·扣环加固款）Long Necklace with Adjustable Clasp"
    page = Page((Row(name * 3, "−¥1,234,567.89"), Text(name * 3, Size.TITLE), Banner(name * 3)))
    for paper in PAPERS:
        for run in _runs(page, paper):
            face = raster._face(run.pixels, run.bold)
            assert run.x >= -0.5
            assert run.x + sum(map(face.advance, run.text)) <= paper.dots + 0.5
        assert all(
            sum(map(columns_of, line)) <= paper.columns for line in render_text(page, paper).splitlines()
        )


def _runs(page: Page, paper: Paper) -> Iterator[Run]:
    layout = lay_out(page, paper.dots, raster.advance)
    yield from (item for item in layout.items if isinstance(item, Run))


def test_a_value_too_wide_for_its_row_stands_below_the_label() -> None:
    text = render_text(Page((Row("交易流水", "4200002156202611221234567890"),)), Paper.MM58)
    assert text == "交易流水\n    4200002156202611221234567890\n"


def test_cells_wrap_inside_their_own_columns() -> None:
    grid = Grid(((Cell("面额一百元整", 1), Cell("12", 1, Align.RIGHT), Cell("¥1,200.00", 2, Align.RIGHT)),))
    assert render_text(Page((grid,)), Paper.MM58) == ("面额一       12        ¥1,200.00\n百元整\n")


def test_rules_banner_and_space_in_plain_text() -> None:
    page = Page((Rule(), Rule(Stroke.SOLID), Space(20), Banner("副本 COPY 2")))
    assert render_text(page, Paper.MM58) == f"{'-' * 32}\n{'=' * 32}\n\n######### 副本 COPY 2 ##########\n"


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    "code",
    [
        Code(Symbology.QR, "N01-1-2026-000123"),
        Code(Symbology.QR, "婴儿 https://example.invalid/r?n=1"),
        Code(Symbology.CODE128, "N01-1-2026-000123"),
        Code(Symbology.CODE128, "NANJINGX-TILL0001-2026-AA000123"),
        Code(Symbology.CODE128, "SHUKE-1234567890"),
        Code(Symbology.CODE128, "7"),
        Code(Symbology.EAN13, "6901234567892"),
    ],
    ids=lambda value: getattr(value, "payload", None),
)
def test_a_code_is_read_back_from_the_pdf_at_200_dpi(code: Code, paper: Paper) -> None:
    assert _read(_pdf_pixels(render_pdf(Page((Text("上"), code, Text("下"))), paper))) == {code.payload}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_page_gives_the_same_pdf_of_the_roll_s_width(paper: Paper) -> None:
    page = receipt_page(samples.full_sale(), samples.letterhead(), samples.MEMBER)
    content = render_pdf(page, paper)
    assert content == render_pdf(page, paper)
    document = pypdfium2.PdfDocument(content)
    width_mm = document[0].get_width() / 72 * 25.4
    assert len(document) == 1 and round(width_mm, 1) == paper.width_mm
    assert document.get_metadata_dict()["Title"] == samples.NUMBER
    document.close()


def test_the_pdf_carries_its_fonts_and_a_text_that_can_be_searched() -> None:
    content = render_pdf(receipt_page(samples.full_sale(), samples.letterhead(), copy=2), Paper.MM80)
    assert b"/FontFile2" in content
    text = _pdf_text(content)
    for words in ("副本 COPY 2", "南京路店", "古法传承足金戒指", "¥6,873.00"):
        assert words in text


def _picture(mode: str, colour: tuple[int, ...]) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (80, 40), colour).save(out, "PNG")
    return out.getvalue()


def test_a_logo_is_centred_and_a_clear_one_leaves_no_ink() -> None:
    dark = _dots(Page((Picture(_picture("RGB", (0, 0, 0)), 20),)))
    box = Image.eval(dark, lambda dot: 255 - dot).getbbox()
    assert box == (112, 0, 272, 80)
    clear = _dots(Page((Picture(_picture("RGBA", (0, 0, 0, 0)), 20),)))
    assert set(clear.tobytes()) == {255}
    assert render_pdf(Page((Picture(_picture("RGBA", (0, 0, 0, 120)), 90),)), Paper.MM58).startswith(b"%PDF")


@pytest.mark.parametrize("paper", PAPERS)
def test_the_band_of_a_copy_is_black_from_edge_to_edge_with_its_words_in_white(paper: Paper) -> None:
    second, third = (_dots(Page((Banner(f"副本 COPY {count}"),)), paper) for count in (2, 3))
    white = second.crop((0, 0, paper.dots, 56)).getbbox()
    middle = paper.dots // 2
    assert white is not None and white[0] > 20 and white[2] < paper.dots - 20
    assert white[0] < middle < white[2] and abs(white[0] + white[2] - paper.dots) < 12
    assert second.tobytes() != third.tobytes()
    drawn = _pdf_pixels(render_pdf(Page((Banner("副本 COPY 2"),)), paper))
    middle_row = drawn.crop((drawn.width // 3, 0, drawn.width * 2 // 3, drawn.height)).resize(
        (1, drawn.height)
    )
    greys = [grey for grey in middle_row.tobytes() if grey < 250]
    assert min(greys) < 10 and max(greys) > 40, "words must stand white in the black band"


def test_an_empty_page_is_one_white_row() -> None:
    dots = render_raster(Page(()), Paper.MM58)
    assert (dots.width, dots.height, dots.rows) == (384, 1, bytes(48))


def test_a_receipt_of_twenty_lines_is_drawn_in_forty_milliseconds() -> None:
    """Processor time of this process, best of seven, with the fonts warm: other programs do not count."""
    page = receipt_page(samples.long_sale(20), samples.letterhead(), samples.MEMBER)
    render_raster(page, Paper.MM80)
    spent = []
    for _ in range(7):
        began = process_time()
        render_raster(receipt_page(samples.long_sale(20), samples.letterhead(), samples.MEMBER), Paper.MM80)
        spent.append(process_time() - began)
    assert min(spent) <= 0.040
