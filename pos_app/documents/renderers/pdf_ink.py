"""Items of a layout drawn on a PDF canvas, with the bundled font embedded.

Decides how a run, a box, a code and a picture become PDF operators; one unit of the canvas is one dot of the layout,
and the canvas grows upwards while a layout grows downwards. Does not decide places or the page. Loads reportlab.
"""

from functools import cache
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.fonts import font_path
from pos_app.documents.layout import Box, Image, Item, Run, Stamp
from pos_app.documents.wrap import Advance


def draw_item(canvas: Canvas, item: Item) -> None:
    """Draw one item in the canvas's fill colour; an inverse run is white."""
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


@cache
def font_name(bold: bool) -> str:
    """Register one weight with reportlab and return the name it has there."""
    name = "ShukeSansSemiBold" if bold else "ShukeSans"
    pdfmetrics.registerFont(TTFont(name, str(font_path(bold))))
    return name


@cache
def advance(pixels: int, bold: bool) -> Advance:
    """Return the widths of one weight's characters at a size; the first call of a process loads the font."""
    widths = pdfmetrics.getFont(font_name(bold)).face
    known: dict[int, int] = widths.charWidths
    default: int = widths.defaultWidth
    return lambda char: known.get(ord(char), default) * pixels / 1000


def _draw_run(canvas: Canvas, run: Run) -> None:
    canvas.setFont(font_name(run.bold), run.pixels)
    if run.inverse:
        canvas.setFillGray(1)
    canvas.drawString(run.x, -run.baseline, run.text)
    if run.inverse:
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
