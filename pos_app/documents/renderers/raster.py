"""A page as black and white dots for a thermal head, 203 dpi.

Decides which dots of a glyph are black (thresholding Pillow's grey at a level that keeps thin strokes on
thermal paper) and caches glyphs by size and weight, so that a warm receipt costs pastes only. Does not decide
places (`pos_app.documents.layout`) nor the printer's commands.
"""

from functools import cache
from io import BytesIO
from threading import Lock

from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from pos_app.documents.dots import Raster
from pos_app.documents.fonts import font_path
from pos_app.documents.layout import Box, Image, Layout, Run, Stamp, lay_out
from pos_app.documents.page import Page, Paper
from pos_app.documents.wrap import Advance

_INK_LEVEL = 108
"""Grey from which a dot is black: below half, because one-dot strokes of Han characters break otherwise."""

_INK = 255


def render_raster(page: Page, paper: Paper) -> Raster:
    """Draw a page for a paper; safe from any thread; raise InvalidValueError for an impossible code."""
    return draw_layout(lay_out(page, paper.dots, advance))


def draw_layout(layout: Layout) -> Raster:
    """Draw items that are set already; an empty layout is one white row."""
    canvas = Pictures.new("1", (layout.width, max(1, layout.height)), 0)
    for item in layout.items:
        match item:
            case Run():
                _draw_run(canvas, item)
            case Box():
                canvas.paste(_INK, (item.x, item.y, item.x + item.width, item.y + item.height))
            case Stamp():
                _draw_stamp(canvas, item)
            case Image():
                _draw_picture(canvas, item)
    return Raster(canvas.width, canvas.height, canvas.tobytes())


class _Face:
    """One weight at one size, with the glyphs drawn so far."""

    def __init__(self, pixels: int, bold: bool) -> None:
        # The basic layout has no kerning, so that a line is exactly as wide as its characters.
        self._font = ImageFont.truetype(str(font_path(bold)), pixels, layout_engine=ImageFont.Layout.BASIC)
        self._glyphs: dict[str, tuple[Pictures.Image | None, int, int]] = {}
        self._advances: dict[str, float] = {}
        self._lock = Lock()

    def advance(self, char: str) -> float:
        width = self._advances.get(char)
        if width is None:
            width = self._advances[char] = float(round(self._font.getlength(char)))
        return width

    def glyph(self, char: str) -> tuple[Pictures.Image | None, int, int]:
        """Return the ink of a character (None for a blank) and its offset from the pen on the baseline."""
        found = self._glyphs.get(char)
        if found is None:
            with self._lock:
                found = self._glyphs[char] = self._draw(char)
        return found

    def _draw(self, char: str) -> tuple[Pictures.Image | None, int, int]:
        left, top, right, bottom = (round(edge) for edge in self._font.getbbox(char, anchor="ls"))
        if right <= left or bottom <= top:
            return None, 0, 0
        grey = Pictures.new("L", (right - left + 2, bottom - top + 2), 0)
        ImageDraw.Draw(grey).text((1 - left, 1 - top), char, fill=255, font=self._font, anchor="ls")
        return grey.point(lambda level: 255 if level >= _INK_LEVEL else 0, "1"), left - 1, top - 1


@cache
def _face(pixels: int, bold: bool) -> _Face:
    return _Face(pixels, bold)


def advance(pixels: int, bold: bool) -> Advance:
    """Return the widths of one weight's characters at a size, in whole dots."""
    return _face(pixels, bold).advance


def _draw_run(canvas: Pictures.Image, run: Run) -> None:
    face = _face(run.pixels, run.bold)
    ink = 0 if run.inverse else _INK
    pen = round(run.x)
    for char in run.text:
        mask, left, top = face.glyph(char)
        if mask is not None:
            canvas.paste(ink, (pen + left, run.baseline + top), mask)
        pen += int(face.advance(char))


def _draw_stamp(canvas: Pictures.Image, stamp: Stamp) -> None:
    for at, row in enumerate(stamp.rows):
        line = Pictures.frombytes("L", (len(row), 1), bytes(_INK if module else 0 for module in row))
        size = (len(row) * stamp.module, stamp.row_height)
        grown = line.resize(size, Pictures.Resampling.NEAREST).convert("1", dither=Pictures.Dither.NONE)
        canvas.paste(grown, (stamp.x, stamp.y + at * stamp.row_height))


def _draw_picture(canvas: Pictures.Image, item: Image) -> None:
    with Pictures.open(BytesIO(item.content)) as picture:
        flat = Pictures.new("RGBA", picture.size, "white")
        flat.alpha_composite(picture.convert("RGBA"))
    grey = flat.convert("L").resize((item.width, item.height), Pictures.Resampling.LANCZOS)
    # Floyd–Steinberg dots; ink is where the picture is dark.
    canvas.paste(grey.point(lambda level: 255 - level).convert("1"), (item.x, item.y))
