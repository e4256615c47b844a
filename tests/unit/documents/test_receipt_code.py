"""The signed code on the paper: a scanner reads it back from every roll and from the PDF, with white around it."""

import pytest
from PIL import Image

from pos_app.documents.codes import encode
from pos_app.documents.layout import Stamp, lay_out
from pos_app.documents.page import Page, Paper, Symbology
from pos_app.documents.receipt import Besides, receipt_page
from pos_app.documents.renderers.pdf import render_pdf
from pos_app.documents.renderers.raster import advance, render_raster
from pos_app.documents.renderers.text import render_text
from pos_app.domain.sales.sale import Sale
from pos_app.services.receipt_codes import receipt_code
from tests.support.bootstrap import OneSigner
from tests.support.scanner_eye import blurred, codes, pdf_pages, picture
from tests.unit.documents import samples

SALES = (samples.golden_sale(), samples.full_sale(), samples.returned_sale(), samples.long_sale(30))
QUIET = 4


def page_of(sale: Sale) -> tuple[Page, str]:
    text = receipt_code(sale, OneSigner())
    return receipt_page(sale, samples.letterhead(), samples.MEMBER, besides=Besides(code=text)), text


@pytest.mark.parametrize("paper", [Paper.MM58, Paper.MM80])
@pytest.mark.parametrize("sale", SALES, ids=lambda sale: f"{sale.kind.value}-{len(sale.lines)}")
def test_the_printed_code_is_read_back_and_the_number_beside_it(sale: Sale, paper: Paper) -> None:
    page, text = page_of(sale)
    seen = codes(blurred(picture(render_raster(page, paper))))
    assert [found for _, found in seen] == sorted((sale.number, text))


@pytest.mark.parametrize("paper", [Paper.MM58, Paper.MM80])
def test_the_code_in_the_pdf_is_read_back(paper: Paper) -> None:
    page, text = page_of(samples.full_sale())
    seen = [found for image in pdf_pages(render_pdf(page, paper)) for _, found in codes(image)]
    assert text in seen and samples.NUMBER in seen


@pytest.mark.parametrize("paper", [Paper.MM58, Paper.MM80])
def test_four_modules_of_white_stand_around_the_code(paper: Paper) -> None:
    page, text = page_of(samples.full_sale())
    modules = encode(Symbology.QR, text)
    layout = lay_out(page, paper.dots, advance)
    stamp = next(s for s in layout.items if isinstance(s, Stamp) and len(s.rows) == len(modules.rows))
    side, white = len(stamp.rows) * stamp.module, QUIET * stamp.module
    assert stamp.module >= 4, "half a millimetre a module"
    dots = picture(render_raster(page, paper))
    around = (stamp.x - white, stamp.y - white, stamp.x + side + white, stamp.y + side + white)
    ink = Image.eval(dots, lambda dot: 255 - dot).crop(around)
    ink.paste(0, (white, white, white + side, white + side))
    assert ink.getbbox() is None


def test_the_text_receipt_holds_the_whole_code() -> None:
    page, text = page_of(samples.full_sale())
    for paper in Paper:
        lines = render_text(page, paper).splitlines()
        start = next(n for n, line in enumerate(lines) if "[QR" in line)
        assert text in "".join(line.strip() for line in lines[start : start + 12])


def test_without_a_code_the_symbol_holds_the_number_as_before() -> None:
    dots = render_raster(receipt_page(samples.full_sale(), samples.letterhead()), Paper.MM80)
    assert {found for _, found in codes(picture(dots))} == {samples.NUMBER}
