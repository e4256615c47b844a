"""Labels as PDF: sheets of A4 for an office printer, and pages of a label's size for a driver.

Decides pages and properties; the same labels give the same bytes. Places come from `pos_app.documents.sheets` and
`labels`, set on a grid of 600 dpi. Loads reportlab: import this module only when a PDF is wanted.
"""

import sys
from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from pos_app.documents.fitting import FINE, Setting
from pos_app.documents.glyphs import drawable
from pos_app.documents.labels import Face, roll_items, sheet_items
from pos_app.documents.layout import Item
from pos_app.documents.renderers.pdf_ink import advance, draw_item
from pos_app.documents.sheets import A4_HEIGHT_UM, A4_WIDTH_UM, RollFormat, SheetFormat, places

_POINTS_PER_DOT = 72 / 600
_SETTING = Setting(FINE, advance)


class SheetPdf:
    """Sheets of labels that grow as labels are added, so that a long run can tell how far it is, and be stopped."""

    def __init__(self, form: SheetFormat, start: int = 1, title: str = "", language: str = "zh_CN") -> None:
        """Begin at position `start` (from 1) of the first sheet; raise SheetStartError for one that is not there."""
        self._places = places(form, sys.maxsize, start)
        self._next = next(self._places)
        self._items_of = _remembering(lambda face: sheet_items(face, form, _SETTING))
        self._canvas, self._out = _canvas(A4_WIDTH_UM, A4_HEIGHT_UM, language, title)
        self._canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
        self._sheet = 0

    def add(self, face: Face) -> None:
        """Draw one label at the next place.

        Raises InvalidValueError for a code or price that cannot be on this size; no place is used then.
        """
        items = self._items_of(face)
        sheet, area = self._next
        if sheet != self._sheet:
            self._canvas.showPage()
            self._canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
            self._sheet = sheet
        _draw(self._canvas, items, FINE.of(area.x), FINE.of(A4_HEIGHT_UM) - FINE.of(area.y))
        self._next = next(self._places)

    def content(self) -> bytes:
        """End the file and return it; nothing can be added any more."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()


class RollPdf:
    """A page of the label's size for each label, growing as `SheetPdf` does."""

    def __init__(self, form: RollFormat, title: str = "", language: str = "zh_CN") -> None:
        self._height = FINE.of(form.height_um)
        self._items_of = _remembering(lambda face: roll_items(face, form, _SETTING))
        self._canvas, self._out = _canvas(form.width_um, form.height_um, language, title)

    def add(self, face: Face) -> None:
        """Draw one label; raise InvalidValueError for a code or price that cannot be on this size."""
        items = self._items_of(face)
        self._canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
        _draw(self._canvas, items, 0, self._height)
        self._canvas.showPage()

    def content(self) -> bytes:
        """End the file and return it; nothing can be added any more."""
        self._canvas.save()
        return self._out.getvalue()


def render_sheets(faces: Sequence[Face], form: SheetFormat, start: int = 1, title: str = "") -> bytes:
    """Draw labels on as many sheets as they need, from position `start` (from 1) of the first one.

    Raises InvalidValueError for a start that is not on the sheet, or a code or price that cannot be on this size.
    """
    made = SheetPdf(form, start, title, _language(faces))
    for face in faces:
        made.add(face)
    return made.content()


def render_roll_pdf(faces: Sequence[Face], form: RollFormat, title: str = "") -> bytes:
    """Draw one page of the label's size for each label; raises as `render_sheets` does."""
    made = RollPdf(form, title, _language(faces))
    for face in faces:
        made.add(face)
    return made.content()


def _language(faces: Sequence[Face]) -> str:
    return faces[0].language if faces else "zh_CN"


def _canvas(width_um: int, height_um: int, language: str, title: str) -> tuple[Canvas, BytesIO]:
    out = BytesIO()
    size = (FINE.of(width_um) * _POINTS_PER_DOT, FINE.of(height_um) * _POINTS_PER_DOT)
    canvas = Canvas(out, pagesize=size, pageCompression=1, invariant=1, lang=language.replace("_", "-"))
    canvas.setTitle(drawable(title))
    canvas.setCreator("Shuke")
    return canvas, out


def _remembering(setter: Callable[[Face], tuple[Item, ...]]) -> Callable[[Face], tuple[Item, ...]]:
    """Set each different face once: a hundred tags of one product are one."""
    known: dict[Face, tuple[Item, ...]] = {}

    def items_of(face: Face) -> tuple[Item, ...]:
        if face not in known:
            known[face] = setter(face)
        return known[face]

    return items_of


def _draw(canvas: Canvas, items: tuple[Item, ...], x: int, y: int) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    for item in items:
        draw_item(canvas, item)
    canvas.restoreState()
