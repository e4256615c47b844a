"""An A4 receipt as a PDF with the bundled font embedded; the same receipt gives the same bytes.

Decides document properties. Places come from `documents.a4_layout`. Loads reportlab: import this module only when a
PDF is wanted.
"""

from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.a4_layout import HEIGHT, WIDTH, lay_out_a4
from pos_app.documents.glyphs import drawable
from pos_app.documents.receipt_a4 import A4Receipt
from pos_app.documents.renderers.pdf_ink import advance, draw_item

_POINTS = 72 / 254
"""A tenth of a millimetre in points."""


def render_a4(receipt: A4Receipt) -> bytes:
    """Draw the pages; raise InvalidValueError for an impossible code."""
    pages = lay_out_a4(receipt, advance)
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(WIDTH * _POINTS, HEIGHT * _POINTS),
        pageCompression=1,
        invariant=1,
        lang=receipt.language.replace("_", "-"),
    )
    canvas.setTitle(drawable(f"{receipt.title} {receipt.number}"))
    canvas.setCreator("Shuke")
    for items in pages:
        canvas.scale(_POINTS, _POINTS)
        canvas.translate(0, HEIGHT)
        for item in items:
            draw_item(canvas, item)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
