"""The label printer in the settings: what it speaks, the gap of its roll as typed, and one label to try it. Qt-free.

Decides which format the test label has: the one chosen last if that is a roll, else the smallest roll.
"""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from pos_app.documents.labels import LabelFace
from pos_app.documents.sheets import ROLLS, RollFormat
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.settings import LABEL_KINDS, Settings
from pos_app.domain.values.barcode import fold
from pos_app.services.ports.devices import LabelPrinter
from pos_app.words import translate
from ui.settings.forms import Choice

_MOST_MM = 30


def kind_choices() -> list[Choice]:
    """Return what a label printer may speak."""
    return [(translate(f"settings.label.kind_{kind}"), kind) for kind in LABEL_KINDS]


def gap_words(gap_um: int) -> str:
    """Write a gap in millimetres; nothing for the format's own."""
    whole, part = divmod(gap_um, 1000)
    return (f"{whole}.{part:03d}".rstrip("0") if part else str(whole)) if gap_um else ""


def gap_of(text: str) -> int:
    """Read a gap typed in millimetres as micrometres, 0 for none; raise InvalidValueError."""
    typed = fold(text).strip()
    if not typed:
        return 0
    try:
        gap = Decimal(typed)
    except InvalidOperation:
        raise InvalidValueError(field="label_gap", text=text) from None
    if not gap.is_finite() or not 0 < gap <= _MOST_MM:
        raise InvalidValueError(field="label_gap", text=text)
    return int(gap * 1000)


def test_form(settings: Settings) -> RollFormat:
    """Return the roll that the test label is for, with the shop's gap."""
    chosen = (settings.labels.goods, settings.labels.pieces)
    key = next((each for each in chosen if each in ROLLS and not ROLLS[each].is_tag), "roll_40x30")
    form = ROLLS[key]
    return replace(form, gap_um=settings.label_gap_um) if settings.label_gap_um else form


def print_test_label(printer: LabelPrinter, settings: Settings) -> None:
    """Print one label that says that it is a test, on the labels' lane; raise a PrinterError."""
    from pos_app.documents.renderers.label_raster import render_label

    form = test_form(settings)
    face = LabelFace(
        name=translate("settings.label.test_name"),
        code="SHUKE-TEST",
        currency=settings.money,
        shop=settings.shop_name,
        language=settings.language,
    )
    printer.print_labels([(render_label(face, form), 1)], form)
