"""A page as a PDF of the roll's width and the content's height, with the bundled font embedded.

Decides margins and document properties; the same page gives the same bytes. Places come from
`pos_app.documents.layout`. Loads reportlab: import this module only when a PDF is wanted.
"""

from functools import cache
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.fonts import font_path
from pos_app.documents.glyphs import drawable
from pos_app.documents.layout import DOTS_PER_MM, Box, Image, Run, Stamp, lay_out
from pos_app.documents.page import Page, Paper
from pos_app.documents.wrap import Advance

_POINTS_PER_DOT = 72 / 25.4 / DOTS_PER_MM
_MARGIN_DOTS = 5 * DOTS_PER_MM


def render_pdf(page: Page, paper: Paper) -> bytes:
    """Draw a page as one PDF page; raise InvalidValueError for an impossible code.

    The first call of a process loads the font (0.1–0.3 s); later ones take some milliseconds.
    """
    layout = lay_out(page, paper.dots, _advance)
    width, height = paper.width_mm * DOTS_PER_MM, layout.height + 2 * _MARGIN_DOTS
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(width * _POINTS_PER_DOT, height * _POINTS_PER_DOT),
        pageCompression=1,
        invariant=1,
        lang=page.language.replace("_", "-"),
    )
    canvas.setTitle(drawable(page.title))
    canvas.setCreator("Shuke")
    canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
    canvas.translate((width - layout.width) / 2, height - _MARGIN_DOTS)
    for item in layout.items:
        match item:
            case Run():
                _draw_run(canvas, item)
            case Box():
                canvas.rect(item.x, -item.y - item.height, item.width, item.height, stroke=0, fill=1)
            case Stamp():
                _draw_stamp(canvas, item)
            case Image():
                reader = ImageReader(BytesIO(item.content))
                canvas.drawImage(reader, item.x, -item.y - item.height, item.width, item.height, mask="auto")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _font_name(bold: bool) -> str:
    """Register one weight with reportlab and return the name it has there."""
    name = "ShukeSansSemiBold" if bold else "ShukeSans"
    pdfmetrics.registerFont(TTFont(name, str(font_path(bold))))
    return name


@cache
def _advance(pixels: int, bold: bool) -> Advance:
    widths = pdfmetrics.getFont(_font_name(bold)).face
    known: dict[int, int] = widths.charWidths
    default: int = widths.defaultWidth
    return lambda char: known.get(ord(char), default) * pixels / 1000


def _draw_run(canvas: Canvas, run: Run) -> None:
    canvas.setFont(_font_name(run.bold), run.pixels)
    canvas.setFillGray(1 if run.inverse else 0)
    canvas.drawString(run.x, -run.baseline, run.text)
    canvas.setFillGray(0)


def _draw_stamp(canvas: Canvas, stamp: Stamp) -> None:
    """Draw each run of dark modules as one rectangle, all in one path, so that no hairline shows between."""
    path = canvas.beginPath()
    for at, row in enumerate(stamp.rows):
        y = -stamp.y - (at + 1) * stamp.row_height
        start = None
        for x, module in enumerate((*row, 0)):
            if module and start is None:
                start = x
            elif not module and start is not None:
                path.rect(stamp.x + start * stamp.module, y, (x - start) * stamp.module, stamp.row_height)
                start = None
    canvas.drawPath(path, stroke=0, fill=1)
