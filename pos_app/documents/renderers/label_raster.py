"""A label as black and white dots of a label printer's head, 203 dpi.

Decides the size of the raster: exactly the label; also a preview of it for the screen. Places
come from `pos_app.documents.labels`.
"""

from pos_app.documents.dots import Raster
from pos_app.documents.fitting import FINE, ROLL, NoRoomError, Setting
from pos_app.documents.labels import Face, roll_items, sheet_items
from pos_app.documents.layout import DOTS_PER_MM, Layout
from pos_app.documents.page import Page, Paper, Picture
from pos_app.documents.renderers.raster import advance, draw_layout
from pos_app.documents.sheets import RollFormat, SheetFormat


def render_label(face: Face, form: RollFormat) -> Raster:
    """Draw one label of a roll; raise InvalidValueError when its code or price cannot be on this size."""
    items = roll_items(face, form, Setting(ROLL, advance))
    return draw_layout(Layout(ROLL.of(form.width_um), ROLL.of(form.height_um), items))


def preview_label(face: Face, form: RollFormat | SheetFormat) -> Raster:
    """Draw one label as it will come out, for eyes: of a sheet on a page printer's grid, of a roll on a head's dots.

    Raises InvalidValueError when its code or price cannot be on this size.
    """
    if isinstance(form, RollFormat):
        return render_label(face, form)
    items = sheet_items(face, form, Setting(FINE, advance))
    return draw_layout(Layout(FINE.of(form.label.width), FINE.of(form.label.height), items))


def label_page(label: Raster, paper: Paper) -> Page:
    """Return a label as a page for a receipt printer, dot by dot, for shops without a label printer.

    Raises NoRoomError when the label is wider than the paper: made smaller, its code would not be read.
    """
    if label.width > paper.dots:
        raise NoRoomError(field="label_width", text=f"{label.width // DOTS_PER_MM} mm")
    return Page((Picture(label.png(), label.width // DOTS_PER_MM),))
