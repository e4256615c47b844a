"""Every code of every label is read back: off the sheet at 200 dpi out of focus, and off the head's own dots."""

from dataclasses import replace

import pytest

from pos_app.documents.codes import encode
from pos_app.documents.fitting import FINE
from pos_app.documents.labels import Face, LabelFace
from pos_app.documents.page import Paper, Symbology
from pos_app.documents.renderers.label_pdf import render_roll_pdf, render_sheets
from pos_app.documents.renderers.label_raster import label_page, render_label
from pos_app.documents.renderers.raster import render_raster
from pos_app.documents.sheets import ROLLS, SHEETS
from pos_app.domain.errors import InvalidValueError
from pos_app.hardware.tspl import TsplSettings, job
from tests.support.scanner_eye import blurred, codes, pdf_pages, picture
from tests.support.tspl_stream import TsplStream
from tests.unit.documents.label_samples import FACES

PAYLOADS = [
    "7",
    "SP7",
    "69012345",
    "6901234567892",
    "2112345012343",
    "9900112233",
    "SP000123",
    "BW-COT-80-CRM",
]
PAYLOADS += ["20260000123456789012", "ABCDEFGHIJ-KLMNOPQRS-0123456789", "bw/cot/80/crm/very/long/code/2026"]


def _payload(face: Face) -> str:
    return (face.barcode or face.code) if isinstance(face, LabelFace) else face.piece_code


def _texts(found: list[tuple[str, str]]) -> list[str]:
    return [text for _, text in found]


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_whole_sheet_is_read_at_200_dpi_out_of_focus(sheet: str) -> None:
    form = SHEETS[sheet]
    faces = [list(FACES.values())[at % len(FACES)] for at in range(form.a_sheet)]
    (page,) = pdf_pages(render_sheets(faces, form))
    assert _texts(sorted(codes(blurred(page)), key=lambda code: code[1])) == sorted(map(_payload, faces))


def _may_have_no_room(face: Face, key: str, drawn: bool) -> bool:
    """Goods on a jewellery tag; and a QR whose modules, as wide as a drawn page keeps them, are more than the tag."""
    form = ROLLS[key]
    if form.is_tag and isinstance(face, LabelFace):
        return True
    modules = encode(Symbology.QR, _payload(face)).width + 8
    return drawn and form.is_tag and modules * FINE.least_square > FINE.of(form.panels[1].height)


def _check_roll(face: Face, key: str) -> None:
    form, wanted = ROLLS[key], [_payload(face)]
    try:
        label = render_label(face, form)
    except InvalidValueError:
        assert _may_have_no_room(face, key, drawn=False)
        return
    assert _texts(codes(picture(label))) == wanted
    (printed,) = TsplStream(job(label, form, 1, TsplSettings())).labels
    assert _texts(codes(printed.picture)) == wanted
    if label.width <= Paper.MM80.dots:
        assert _texts(codes(picture(render_raster(label_page(label, Paper.MM80), Paper.MM80)))) == wanted
    try:
        (page,) = pdf_pages(render_roll_pdf([face], form))
    except InvalidValueError:
        assert _may_have_no_room(face, key, drawn=True)
        return
    assert _texts(codes(blurred(page))) == wanted


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_a_label_of_a_roll_is_read_off_every_way_it_is_printed(face: Face, roll: str) -> None:
    _check_roll(face, roll)


def test_a_code_of_goods_is_an_ean_or_code_128_where_it_fits_and_a_qr_where_not() -> None:
    def family(name: str, roll: str) -> str:
        ((kind, _),) = codes(picture(render_label(FACES[name], ROLLS[roll])))
        return kind

    assert family("goods", "roll_30x20") == "EAN-13"
    assert family("latin", "roll_50x30") == "Code 128" and family("latin", "roll_30x20") == "QR Code"
    assert family("tag", "tag_68x26") == "QR Code"


@pytest.mark.prove
@pytest.mark.parametrize("key", [*SHEETS, *ROLLS])
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", FACES)
def test_every_face_with_every_payload_on_every_format_is_read(name: str, payload: str, key: str) -> None:
    face = FACES[name]
    face = (
        replace(face, barcode=payload) if isinstance(face, LabelFace) else replace(face, piece_code=payload)
    )
    if key in ROLLS:
        _check_roll(face, key)
        return
    (page,) = pdf_pages(render_sheets([face], SHEETS[key]))
    assert _texts(codes(blurred(page))) == [payload]
