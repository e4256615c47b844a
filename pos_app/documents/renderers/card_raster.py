"""The front of a member card as a picture for the screen, in colour, with its corners cut round.

Decides how smooth it is: drawn on the page printer's grid and made smaller. Places come from `pos_app.documents.card`.
"""

from io import BytesIO

from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from pos_app.documents.card import CardFace, Disc, Painted, Tile, card_front
from pos_app.documents.fitting import FINE, Setting
from pos_app.documents.fonts import font_path
from pos_app.documents.layout import Box, Run, Stamp
from pos_app.documents.renderers.raster import advance
from pos_app.documents.sheets import CARD_HEIGHT_UM, CARD_WIDTH_UM

_CORNER_UM = 3_180
"""ISO/IEC 7810, ID-1: corners of 2.88 to 3.48 mm."""
_SETTING = Setting(FINE, advance)


def preview_card(face: CardFace, width: int = 704) -> bytes:
    """Return the front as a PNG `width` pixels wide, what is outside of the cut transparent.

    Raises InvalidValueError as `card_front` does.
    """
    size = FINE.of(CARD_WIDTH_UM), FINE.of(CARD_HEIGHT_UM)
    canvas = Pictures.new("RGB", size, "white")
    pencil = ImageDraw.Draw(canvas)
    for painted in card_front(face, _SETTING).painted:
        _draw(pencil, painted)
    cut = Pictures.new("L", size, 0)
    ImageDraw.Draw(cut).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), FINE.of(_CORNER_UM), fill=255)
    canvas.putalpha(cut)
    out = BytesIO()
    small = canvas.resize((width, width * size[1] // size[0]), Pictures.Resampling.LANCZOS)
    small.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _draw(pencil: ImageDraw.ImageDraw, painted: Painted) -> None:
    colour = painted.colour
    match painted.what:
        case Disc(x, y, radius):
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        case Tile(x, y, width, height, radius):
            pencil.rounded_rectangle((x, y, x + width, y + height), radius, fill=colour)
        case Box(x, y, width, height):
            pencil.rectangle((x, y, x + width - 1, y + height - 1), fill=colour)
        case Run():
            _write(pencil, painted.what, colour)
        case Stamp():
            _stamp(pencil, painted.what, colour)


def _write(pencil: ImageDraw.ImageDraw, run: Run, colour: str) -> None:
    """Write sign by sign at the widths that the line was set with."""
    font = ImageFont.truetype(str(font_path(run.bold)), run.pixels, layout_engine=ImageFont.Layout.BASIC)
    widths, pen = advance(run.pixels, run.bold), run.x
    for char in run.text:
        pencil.text((pen, run.baseline), char, fill=colour, font=font, anchor="ls")
        pen += widths(char)


def _stamp(pencil: ImageDraw.ImageDraw, stamp: Stamp, colour: str) -> None:
    for at, row in enumerate(stamp.rows):
        top = stamp.y + at * stamp.row_height
        for place, module in enumerate(row):
            if module:
                left = stamp.x + place * stamp.module
                box = (left, top, left + stamp.module - 1, top + stamp.row_height - 1)
                pencil.rectangle(box, fill=colour)
