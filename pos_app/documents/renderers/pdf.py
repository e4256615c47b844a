"""A page as a PDF of the roll's width and the content's height, with the bundled font embedded.

Decides margins and document properties; the same page gives the same bytes. Places come from
`pos_app.documents.layout`. Loads reportlab: import this module only when a PDF is wanted.
"""

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.glyphs import drawable
from pos_app.documents.layout import DOTS_PER_MM, lay_out
from pos_app.documents.page import Page, Paper
from pos_app.documents.renderers.pdf_ink import advance, draw_item

_POINTS_PER_DOT = 72 / 25.4 / DOTS_PER_MM
_MARGIN_DOTS = 5 * DOTS_PER_MM


def render_pdf(page: Page, paper: Paper) -> bytes:
    """Draw a page as one PDF page; raise InvalidValueError for an impossible code.

    The first call of a process loads the font (0.1–0.3 s); later ones take some milliseconds.
    """
    layout = lay_out(page, paper.dots, advance)
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
        draw_item(canvas, item)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
