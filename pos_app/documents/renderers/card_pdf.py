"""Member cards as PDF: one card a page for a printing house, ten on A4 for the shop's own printer.

Decides pages, boxes and marks; places come from `pos_app.documents.card` and `sheets`, set on a grid of 600 dpi. The
same cards give the same bytes. A single card's page has a TrimBox at the cut and a BleedBox 3 mm outside of it
(PDF 1.7, ISO 32000-1, 14.11.2). Loads reportlab: import this module only when a PDF is wanted.
"""

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.card import CardFace, CardSide, Disc, Painted, Tile, card_back, card_front
from pos_app.documents.fitting import FINE, Setting
from pos_app.documents.glyphs import drawable
from pos_app.documents.renderers.pdf_ink import advance, draw_item
from pos_app.documents.sheets import (
    A4_HEIGHT_UM,
    A4_WIDTH_UM,
    BLEED_UM,
    CARD_HEIGHT_UM,
    CARD_WIDTH_UM,
    CARDS_A_SHEET,
    SHEET_BLEED_Y_UM,
    Area,
    card_places,
    crop_marks,
)

_POINTS_PER_DOT = 72 / 600
_SETTING = Setting(FINE, advance)
_MARK_WIDTH = 2
"""Dots: a quarter of a point, as printers mark their cuts."""

_CardSetter = Callable[[CardFace, Setting], CardSide]


def render_cards(faces: Sequence[CardFace], title: str = "") -> bytes:
    """Draw a front and a back page of each card, with bleed; raise InvalidValueError for a face that cannot be."""
    canvas, out = _canvas(CARD_WIDTH_UM + 2 * BLEED_UM, CARD_HEIGHT_UM + 2 * BLEED_UM, faces, title)
    bleed, width, height = _points(BLEED_UM), _points(CARD_WIDTH_UM), _points(CARD_HEIGHT_UM)
    for face in faces:
        for setter in (card_front, card_back):
            canvas.setTrimBox((bleed, bleed, bleed + width, bleed + height))
            canvas.setBleedBox((0, 0, width + 2 * bleed, height + 2 * bleed))
            _draw_side(
                canvas, setter(face, _SETTING), Area(BLEED_UM, BLEED_UM, 0, 0), CARD_HEIGHT_UM + 2 * BLEED_UM
            )
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def render_card_sheets(faces: Sequence[CardFace], title: str = "") -> bytes:
    """Draw ten cards a sheet of A4 with crop marks: a page of fronts, then its backs for printing on both sides.

    The backs are mirrored: turned over the long edge of the paper, each lies behind its front.
    """
    canvas, out = _canvas(A4_WIDTH_UM, A4_HEIGHT_UM, faces, title)
    for first in range(0, len(faces), CARDS_A_SHEET):
        chunk = faces[first : first + CARDS_A_SHEET]
        _draw_sheet(canvas, chunk, card_front, mirrored=False)
        _draw_sheet(canvas, chunk, card_back, mirrored=True)
    canvas.save()
    return out.getvalue()


def _draw_sheet(canvas: Canvas, faces: Sequence[CardFace], setter: _CardSetter, mirrored: bool) -> None:
    for face, area in zip(faces, card_places(len(faces), mirrored), strict=True):
        canvas.saveState()
        _clip(canvas, area)
        _draw_side(canvas, setter(face, _SETTING), area, A4_HEIGHT_UM)
        canvas.restoreState()
    canvas.saveState()
    canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
    canvas.setLineWidth(_MARK_WIDTH)
    height = FINE.of(A4_HEIGHT_UM)
    for mark in crop_marks():
        x, y = FINE.of(mark.x), height - FINE.of(mark.y)
        canvas.line(x, y, x + FINE.of(mark.width), y - FINE.of(mark.height))
    canvas.restoreState()
    canvas.showPage()


def _clip(canvas: Canvas, area: Area) -> None:
    """Keep a card's bleed out of its neighbours: 3 mm to the sides, what the gap of two rows allows above and below."""
    path = canvas.beginPath()
    path.rect(
        _points(area.x - BLEED_UM),
        _points(A4_HEIGHT_UM - area.y - area.height - SHEET_BLEED_Y_UM),
        _points(area.width + 2 * BLEED_UM),
        _points(area.height + 2 * SHEET_BLEED_Y_UM),
    )
    canvas.clipPath(path, stroke=0, fill=0)


def _draw_side(canvas: Canvas, side: CardSide, area: Area, page_height_um: int) -> None:
    """Draw one side with the corner of its cut at the area's, measured from the page's top left corner."""
    canvas.saveState()
    canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
    canvas.translate(FINE.of(area.x), FINE.of(page_height_um) - FINE.of(area.y))
    for painted in side.painted:
        _draw(canvas, painted)
    canvas.restoreState()


def _draw(canvas: Canvas, painted: Painted) -> None:
    canvas.setFillColor(painted.colour)
    match painted.what:
        case Disc(x, y, radius):
            canvas.circle(x, -y, radius, stroke=0, fill=1)
        case Tile(x, y, width, height, radius):
            canvas.roundRect(x, -y - height, width, height, radius, stroke=0, fill=1)
        case item:
            draw_item(canvas, item)


def _canvas(width_um: int, height_um: int, faces: Sequence[CardFace], title: str) -> tuple[Canvas, BytesIO]:
    out = BytesIO()
    language = faces[0].language if faces else "zh_CN"
    canvas = Canvas(
        out,
        pagesize=(_points(width_um), _points(height_um)),
        pageCompression=1,
        invariant=1,
        lang=language.replace("_", "-"),
    )
    canvas.setTitle(drawable(title))
    canvas.setCreator("Shuke")
    return canvas, out


def _points(um: int) -> float:
    return um / 25_400 * 72
