"""Labels as PDF: sheets of A4 for an office printer, and pages of a label's size for a driver.

Decides pages and properties; the same labels give the same bytes. Places come from `pos_app.documents.sheets` and
`labels`, set on a grid of 600 dpi. Loads reportlab: import this module only when a PDF is wanted.
"""

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


def render_sheets(faces: Sequence[Face], form: SheetFormat, start: int = 1, title: str = "") -> bytes:
    """Draw labels on as many sheets as they need, from position `start` (from 1) of the first one.

    Raises InvalidValueError for a start that is not on the sheet, or a code or price that cannot be on this size.
    """
    items_of = _remembering(lambda face: sheet_items(face, form, _SETTING))
    canvas, out = _canvas(A4_WIDTH_UM, A4_HEIGHT_UM, faces, title)
    current = 0
    height = FINE.of(A4_HEIGHT_UM)
    canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
    for face, (sheet, area) in zip(faces, places(form, len(faces), start), strict=True):
        if sheet != current:
            canvas.showPage()
            canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
            current = sheet
        _draw(canvas, items_of(face), FINE.of(area.x), height - FINE.of(area.y))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def render_roll_pdf(faces: Sequence[Face], form: RollFormat, title: str = "") -> bytes:
    """Draw one page of the label's size for each label; raises as `render_sheets` does."""
    items_of = _remembering(lambda face: roll_items(face, form, _SETTING))
    canvas, out = _canvas(form.width_um, form.height_um, faces, title)
    for face in faces:
        canvas.scale(_POINTS_PER_DOT, _POINTS_PER_DOT)
        _draw(canvas, items_of(face), 0, FINE.of(form.height_um))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(width_um: int, height_um: int, faces: Sequence[Face], title: str) -> tuple[Canvas, BytesIO]:
    out = BytesIO()
    language = faces[0].language if faces else "zh_CN"
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
